"""`patent search`: ranked passages or documents, and references held against a claim."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Literal

import click

from assistant.commands.terminal import (
    backend_option,
    console,
    emit,
    hanging,
    index_option,
    json_option,
    one_line_errors,
    parse_where,
    print_json,
    where_option,
)

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from assistant.prior_art.coverage import Coverage
    from assistant.prior_art.references import Pair, Reference
    from index.hit import DocumentHit, Hit

HITS, REFERENCES = 10, 5
_SNIPPET, _QUOTE = 240, 200
_WORDS = {
    "en": {
        "claim": "Claim {} of {}", "given": "The claim", "features": "{} features",
        "present": "present", "partly": "partly", "absent": "absent", "unchecked": "unchecked",
        "of": "{} of {} features", "published": "published", "filed": "filed", "before": ", published before {}", "adds": "adds",
    },
    "zh": {
        "claim": "{1} 的权利要求 {0}", "given": "该权利要求", "features": "{} 个特征",
        "present": "公开", "partly": "部分", "absent": "未公开", "unchecked": "未核对",
        "of": "公开 {}/{} 个特征", "published": "公开日", "filed": "申请日", "before": "，公开日早于 {}", "adds": "补充",
    },
}  # fmt: skip
_NOTHING = {
    None: "Nothing found. Try other words, or a wider --where.",
    "novelty": "No document discloses any feature of the claim. Try a wider --where.",
    "obviousness": "No second document adds a feature to another one; see --view novelty.",
}
_STYLE = {"present": "green", "partly": "yellow"}


@click.command(short_help="Find passages or documents, and prior art for a claim.")
@click.argument("query", required=False, default="")
@click.option("--like", metavar="NUMBER[#ANCHOR]", help="Search by a document of the index, or by a claim or paragraph of it (#c7, #p0042).")
@click.option("--claims", metavar="FILE", help="Search by a file with claims or a draft, in any format that ingest reads; - is standard input.")
@click.option("--claim", type=click.IntRange(1), metavar="N", help="Search by this claim of it, and by those that it depends on.")
@click.option("--prior-art", is_flag=True, help="Leave out what was published on or after the priority date of the document asked about.")
@click.option("--before", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="The same with this date.")
@click.option(
    "--view",
    type=click.Choice(["novelty", "obviousness"]),
    help="Hold references against the features of the claim: each alone, or in pairs that cover it together.",
)
@index_option
@click.option("-k", type=click.IntRange(1, 1000), help=f"How many.  [default: {HITS}; {REFERENCES} in a view]")
@click.option("--unit", default="passage", show_default=True, type=click.Choice(["passage", "document"]))
@where_option
@backend_option
@json_option
@one_line_errors
def search(
    query: str,
    like: str | None,
    claims: str | None,
    claim: int | None,
    prior_art: bool,
    before: datetime | None,
    view: Literal["novelty", "obviousness"] | None,
    directory: str,
    k: int | None,
    unit: Literal["passage", "document"],
    where: tuple[str, ...],
    backend: str,
    as_json: bool,
) -> None:
    """Rank the passages (or documents) of the index for QUERY (words, a question, a claim), for a document (--like) or for a file with
    claims (--claims). With --view, the references that disclose most of a claim, feature by feature."""
    if bool(query.strip()) + (like is not None) + (claims is not None) != 1:
        raise click.UsageError("give one of: a QUERY that is not empty, --like NUMBER, --claims FILE")
    if claim is not None and query.strip():
        raise click.UsageError("--claim goes with --like or --claims; a QUERY is one claim itself")

    chosen = parse_where(where)
    from assistant.patents import PatentAssistant
    from assistant.prior_art.asked import asked_for
    from assistant.prior_art.searching import find

    with PatentAssistant.open(directory, create=False, backend=backend) as assistant:
        asked = asked_for(assistant.index, query, like, claims, claim, before.date() if before else prior_art)
        found: Sequence[Any] = find(assistant.index, asked, k or (REFERENCES if view else HITS), chosen, unit, view)
    if as_json:
        for each in found:
            print_json(each.model_dump(mode="json"))
        return
    out = console()
    if not found:
        out.print(_NOTHING[view])
    elif view:
        print_view(found, asked.name if asked.document else "", asked.limit, out)
    else:
        for hit in found:
            print_hit(hit, out)


def print_hit(hit: "Hit | DocumentHit", out: "Console") -> None:
    """A hit with the beginning of its text; a document with those of its best passages."""
    from rich.text import Text

    from index.hit import DocumentHit

    if isinstance(hit, DocumentHit):
        rows = [
            ("", Text(f"#{h.anchor.partition('#')[2]}  ", style="cyan") + Text(_cut(h.passage.text, _SNIPPET), style="dim")) for h in hit.passages[:3]
        ]
        head = Text(hit.number, style="cyan") + _probability(hit.probability) + Text(f"  {hit.title}", style="bold")
        emit(out, hanging((f"{hit.rank:>3}", head), *rows))
    else:
        head = Text(hit.anchor, style="cyan") + _probability(hit.probability) + Text(f"  {hit.title}", style="bold")
        emit(out, hanging((f"{hit.rank:>3}", head), ("", Text(_cut(hit.passage.text, _SNIPPET), style="dim"))))


def _probability(probability: float | None) -> "Text":
    from rich.text import Text

    return Text("" if probability is None else f"  {probability:.0%}", style="green" if (probability or 0) >= 0.5 else "dim")


def print_view(found: "Sequence[Reference] | Sequence[Pair]", name: str, before: date | None, out: "Console") -> None:
    """The features once, and under each reference or pair where they stand in it. `name` says what the claim is of, "" where it was typed."""
    from rich.text import Text

    from assistant.prior_art.references import Reference
    from ingest.language import detect_language

    features = [c.feature for c in found[0].coverages]
    words = _WORDS.get(detect_language(" ".join(f.text for f in features)), _WORDS["en"])
    claim = features[-1].label.rstrip("abcdefghijklmnopqrstuvwxyz")
    head = Text(words["claim"].format(claim, _cut(name, 60)) if name else words["given"], style="bold")
    limit = words["before"].format(before) if before else ""
    out.print(head + Text(f"  {words['features'].format(len(features))}{limit}", style="not bold dim"))
    emit(out, hanging(*((Text(f"{f.label:>6}", style="cyan"), Text(" ".join(f.text.split()))) for f in features)))
    for each in found:
        both = [each] if isinstance(each, Reference) else [each.first, each.second]
        rows = [(f"{each.rank:>3}" if i == 0 else "  +", _reference(r, words)) for i, r in enumerate(both)]
        out.print()
        emit(out, hanging(*rows, ("", _summary(each.coverages, each.share, words))))
        emit(out, _chart(each.coverages, words, pair=len(both) > 1))


def _reference(reference: "Reference", words: dict[str, str]) -> "Text":
    from rich.text import Text

    dated = f"  {words[reference.dated]} {reference.day}" if reference.day else ""
    return Text(reference.number, style="cyan") + Text(f"  {reference.title}", style="bold") + Text(dated, style="not bold dim")


def _summary(coverages: "Sequence[Coverage]", share: float, words: dict[str, str]) -> "Text":
    """7 of 9 features (81 %); partly 1d; absent 1f."""
    from rich.text import Text

    by_verdict = {v: [c.feature.label for c in coverages if c.verdict == v] for v in ("present", "partly", "absent", "unchecked")}
    text = Text(words["of"].format(len(by_verdict["present"]), len(coverages)), style="green" if by_verdict["present"] else "")
    text.append(f" ({share:.0%})", style="default")
    for verdict in ("partly", "absent", "unchecked"):
        if labels := by_verdict[verdict]:
            text.append(f"; {words[verdict]} {' '.join(labels)}", style=_STYLE.get(verdict, "dim"))
    return text


def _chart(coverages: "Sequence[Coverage]", words: dict[str, str], pair: bool) -> Any:
    """A row for each feature that is there: its label, the verdict, the place and the quotation."""
    from rich.table import Table
    from rich.text import Text

    grid = Table.grid(padding=(0, 1))
    grid.add_column(justify="right", no_wrap=True)
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for each in coverages:
        if each.citation:
            place = each.citation.anchor if pair else f"#{each.citation.anchor.partition('#')[2]}"
            quote = Text(f"{place}  ", style="cyan") + Text(_cut(each.citation.quote, _QUOTE), style="not dim default")
            grid.add_row(Text(f"{each.feature.label:>6}", style="cyan"), Text(words[each.verdict], style=_STYLE[each.verdict]), quote)
    return grid


def _cut(text: str, length: int) -> str:
    text = " ".join(text.split())
    return text if len(text) <= length else f"{text[:length].rstrip()} …"
