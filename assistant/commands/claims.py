"""`patent claims`: the tree of a claim set, its elements, and what checks find in it."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from assistant.commands.terminal import SOME_FAILED, console, emit, hanging, index_option, json_option, one_line_errors, plural, print_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console

    from assistant.claims.report import ClaimReport
    from ingest.document import PatentDocument
    from ingest.errors import PatentAssistantError

_STYLE = {"error": "bold red", "warning": "yellow", "note": "dim"}
_WORDS = {
    "en": {"error": "error", "warning": "warning", "note": "note", "none": "The checks found nothing.", "set": "claims"},
    "zh": {"error": "错误", "warning": "警告", "note": "提示", "none": "检查未发现问题。", "set": "权利要求书"},
}


@click.command(short_help="Analyse claims: tree, elements, checks.")
@click.argument("sources", nargs=-1, required=True, metavar="NUMBER|FILE...")
@click.option("--elements", "with_elements", is_flag=True, help="Print each claim cut into its elements, too.")
@click.option("--claims-language", default="", metavar="LANGUAGE", help="Claims in another of the document's languages, such as de.")
@click.option("--report-language", default="", type=click.Choice(["", "en", "zh"]), help="Of messages; by default that of the claims.")
@index_option
@json_option
@one_line_errors
def claims(sources: tuple[str, ...], with_elements: bool, claims_language: str, report_language: str, directory: str, as_json: bool) -> None:
    """Analyse the claims of documents of the index (NUMBER) or of files in any format that is ingested.

    Each finding names its rule, the statute or guideline, the place, and what to do. Exit code 3 where some inputs failed.
    """
    from assistant.claims.report import claim_report
    from ingest.document import PatentDocument
    from ingest.errors import PatentAssistantError

    out = console()
    done, failed = 0, 0
    for source in sources:
        for found in documents_of(source, directory):
            try:
                if not isinstance(found, PatentDocument):
                    raise found
                report = claim_report(found, claims_language, report_language)
            except PatentAssistantError as error:
                click.echo(f"Error: {error}", err=True)
                failed += 1
                continue
            done += 1
            if as_json:
                print_json(report.model_dump(mode="json"))
            else:
                _print(report, found, with_elements, report_language, out)
    if failed:
        sys.exit(SOME_FAILED if done else 1)


def documents_of(source: str, directory: str) -> "Iterator[PatentDocument | PatentAssistantError]":
    """The documents of a file, or the one of the index with this number; and what can't be read."""
    from assistant.documents import documents_in
    from index.patent_index import PatentIndex
    from ingest.errors import PatentAssistantError

    try:
        if Path(source).exists():
            yield from documents_in(source)
        else:
            with PatentIndex(directory, mend=False) as index:
                yield index.document(source)
    except PatentAssistantError as error:
        yield error


def _print(report: "ClaimReport", document: "PatentDocument", with_elements: bool, language: str, out: "Console") -> None:
    from rich.text import Text

    words = _WORDS["zh" if (language or report.language) == "zh" else "en"]
    out.print(Text(f"{report.document}  ", style="bold") + Text(report.title))
    out.print(Text(report.drawing), style="cyan")
    if with_elements:
        for each in report.elements:
            out.print()
            emit(out, hanging(*((Text(e.label, style="cyan"), Text(" ".join(e.text.split()))) for e in each.elements)))
    out.print()
    for note in report.unchecked:
        out.print(Text(note, style="yellow"))
    if not report.findings and not report.unchecked:
        out.print(Text(words["none"], style="green"))
    rows = []
    for finding in report.findings:
        place = f"{finding.claim}" if finding.claim else words["set"]
        rows.append((Text(place, style="cyan"), Text(f"{words[finding.severity]}: ", style=_STYLE[finding.severity]) + Text(finding.message)))
        if finding.remedy:
            rows.append((Text(""), Text(finding.remedy)))
        rows.append((Text(""), Text(f"{finding.rule}; {finding.basis}", style="dim")))
    emit(out, hanging(*rows))
    if report.findings:
        counts = ", ".join(f"{rule} {count}" for rule, count in report.counts.items())
        out.print(Text(f"{plural(len(report.findings), 'finding')}: {counts}", style="dim"))
    out.print()
