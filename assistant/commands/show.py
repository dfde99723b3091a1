"""`patent show`: a document, or the passage at an anchor in its context."""

from typing import TYPE_CHECKING

import click

from assistant.commands.terminal import console, emit, hanging, index_option, json_option, one_line_errors, print_json

if TYPE_CHECKING:
    from ingest.document import PatentDocument


@click.command(short_help="Print a document, or the passage at an anchor.")
@click.argument("anchor", metavar="NUMBER[#ANCHOR]")
@index_option
@json_option
@one_line_errors
def show(anchor: str, directory: str, as_json: bool) -> None:
    """Print the document NUMBER (US8926509B2, or an unambiguous beginning of it), or what stands at an anchor: #c7 (claim 7),
    #p0042, #p0042-0045, #abs, #title."""
    from assistant.patents import PatentAssistant
    from ingest.anchor import split_anchor
    from ingest.document import PatentDocument

    with PatentAssistant.open(directory, create=False) as assistant:
        found = assistant.show(anchor)
        document = found if isinstance(found, PatentDocument) else assistant.index.document(split_anchor(anchor)[0])
    if isinstance(found, str):
        if as_json:
            print_json({"anchor": f"{document.number}#{split_anchor(anchor)[1]}", "number": document.number, "title": document.title, "text": found})
        else:
            _print_passage(document, split_anchor(anchor)[1], found)
    elif as_json:
        print_json(found.model_dump(mode="json"))
    else:
        _print_document(document)


def _print_passage(document: "PatentDocument", part: str, text: str) -> None:
    from rich.text import Text

    from ingest.anchor import parts_at

    out = console()
    out.print(Text(f"{document.number}#{part}", style="cyan") + Text(f"  {document.title}", style="bold"))
    parts = set(parts_at(document, f"{document.number}#{part}"))
    for section in document.sections:
        inside = [i for i, p in enumerate(section.paragraphs) if f"p{p.number}" in parts]
        if inside:
            if section.heading:
                out.print(Text(section.heading, style="bold"))
            for i in range(max(0, inside[0] - 1), min(len(section.paragraphs), inside[-1] + 2)):
                paragraph = section.paragraphs[i]
                style = "" if i in inside else "dim"
                emit(out, hanging((f"[{paragraph.number}]", Text(paragraph.text, style=style))))
            return
    out.print(Text(text))


def _print_document(document: "PatentDocument") -> None:
    from rich.text import Text

    from ingest.anchor import split_anchor

    out = console()
    out.print(Text(document.number, style="bold cyan") + Text(f"  {document.title}", style="bold"))
    dates = document.dates
    facts = {
        "priority": dates.priority, "filed": dates.filing, "published": dates.publication,
        "IPC": ", ".join(c.symbol for c in document.classifications if c.scheme == "ipc"),
        "CPC": ", ".join(c.symbol for c in document.classifications if c.scheme == "cpc"),
        "parties": "; ".join(f"{p.name} ({p.role})" for p in document.parties),
        "cites": ", ".join(document.citations),
        "mentions": ", ".join(f"{number} ({split_anchor(anchors[0])[1]})" for number, anchors in document.cited_in_description().items()),
        "also in": ", ".join(document.translated_claims),
        "warnings": "; ".join(document.warnings),
        "source": f"{document.source.path} at byte {document.source.offset}",
    }  # fmt: skip
    for name, value in facts.items():
        if value:
            emit(out, hanging((Text(f"{name + ':':<10}", style="dim"), Text(str(value)))))
    for language, abstract in document.abstracts.items():
        out.print(Text(f"\nAbstract ({language})", style="bold"))
        out.print(Text(abstract))
    if document.claims:
        out.print(Text("\nClaims", style="bold"))
    for claim in document.claims:
        depends = f"  (depends on {', '.join(map(str, claim.depends_on))})" if claim.depends_on else ""
        depends += f"  (names {', '.join(map(str, claim.mentions))})" if claim.mentions else ""
        emit(out, hanging((Text(f"{claim.number:>3}.", style="bold"), Text(claim.text) + Text(depends, style="dim"))))
    for section in document.sections:
        out.print(Text(f"\n{section.heading or section.kind}", style="bold"))
        for paragraph in section.paragraphs:
            emit(out, hanging((Text(f"[{paragraph.number}]", style="dim"), Text(paragraph.text))))
