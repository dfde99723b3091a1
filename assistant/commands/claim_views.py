"""A claim report as a person reads it on a terminal: tree, elements, findings, support, charts, comparison."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from assistant.commands.terminal import emit, hanging

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from assistant.claims.chart import ClaimChart
    from assistant.claims.comparison import ClaimComparison
    from assistant.claims.report import ClaimReport
    from assistant.claims.support import ElementSupport
    from assistant.prior_art.references import Reference

_STYLE = {
    "error": "bold red", "warning": "yellow", "note": "dim",
    "supported": "green", "weak": "yellow", "unsupported": "bold red", "unchecked": "dim",
    "present": "green", "partly": "yellow", "absent": "bold red",
    "added": "green underline", "removed": "red strike", "same": "",
}  # fmt: skip
_MARKS = {"present": "●", "partly": "◐", "absent": "○", "unchecked": "?"}
Words = Mapping[str, str]


def print_report(report: "ClaimReport", out: "Console", language: str = "", elements: bool = False, support: bool = False) -> None:
    """All parts that the report has; the elements and the whole of the support where they are asked for, else what lacks support."""
    from rich.text import Text

    from assistant.claims.labels import LABELS, language_of

    words = LABELS[language_of(report, language)]
    out.print(Text(f"{report.document}  ", style="bold") + Text(report.title))
    out.print(Text(report.drawing), style="cyan")
    if elements:
        for each in report.elements:
            out.print()
            emit(out, hanging(*((Text(e.label, style="cyan"), Text(" ".join(e.text.split()))) for e in each.elements)))
    _print_findings(report, words, out)
    _print_support(report.support, words, out, support)
    for chart in report.charts:
        _print_chart(chart, words, out)
    if report.comparison:
        _print_comparison(report.comparison, words, out)
    out.print()


def _heading(text: str, out: "Console") -> None:
    from rich.text import Text

    out.print()
    out.print(Text(text, style="bold"))


def _print_findings(report: "ClaimReport", words: Words, out: "Console") -> None:
    from rich.text import Text

    counts = ", ".join(f"{rule} {count}" for rule, count in report.counts.items())
    _heading(f"{words['findings']}: {len(report.findings)}" + (f" ({counts})" if counts else ""), out)
    for note in report.unchecked:
        out.print(Text(note, style="yellow"))
    if not report.findings and not report.unchecked:
        out.print(Text(words["no_findings"], style="green"))
    rows = []
    for finding in report.findings:
        place = f"{finding.claim}" if finding.claim else words["whole_set"]
        rows.append((Text(place, style="cyan"), Text(f"{words[finding.severity]}: ", style=_STYLE[finding.severity]) + Text(finding.message)))
        if finding.remedy:
            rows.append((Text(""), Text(finding.remedy)))
        rows.append((Text(""), Text(f"{finding.rule}; {finding.basis}", style="dim")))
    emit(out, hanging(*rows))


def _print_support(found: "tuple[ElementSupport, ...]", words: Words, out: "Console", whole: bool) -> None:
    from rich.text import Text

    if not found:
        return
    counts = [f"{words[v]} {n}" for v in ("supported", "weak", "unsupported", "unchecked") if (n := sum(s.verdict == v for s in found))]
    _heading(f"{words['support']}: {', '.join(counts)}", out)
    rows = []
    for each in found:
        if whole or each.verdict in ("unsupported", "weak"):
            score = f" {each.score:.2f}" if each.places else ""
            rows.append(
                (
                    Text(each.label, style="cyan"),
                    Text(f"{words[each.verdict]}{score}: ", style=_STYLE[each.verdict]) + Text(" ".join(each.text.split())),
                )
            )
            for place in each.places if whole else each.places[:1]:
                rows.append((Text(""), _quoted(place.citation.anchor, place.citation.quote)))
    emit(out, hanging(*rows))


def _quoted(anchor: str, quote: str) -> "Text":
    from rich.text import Text

    return Text(anchor, style="cyan") + Text(f"  “{' '.join(quote.split())}”", style="dim")


def _print_chart(chart: "ClaimChart", words: Words, out: "Console") -> None:
    """A matrix of features and references, then the passages of the nearest reference and of the one that completes it."""
    from rich.table import Table
    from rich.text import Text

    how = f"{words['references_before']} {chart.before}" if chart.before else words["references_named"]
    _heading(f"{words['chart']}: {words['claim']} {chart.claim} ({how})", out)
    for note in chart.notes:
        out.print(Text(note, style="yellow"))
    if not chart.references:
        return
    table = Table(box=None, padding=(0, 1), show_edge=False)
    table.add_column(words["feature"], style="cyan")
    for number in range(1, len(chart.references) + 1):
        table.add_column(str(number), justify="center")
    table.add_column(words["text"], overflow="fold")
    for row, feature in enumerate(chart.features):
        verdicts = [r.coverages[row].verdict for r in chart.references]
        marks = [Text(_MARKS[v], style=_STYLE[v]) for v in verdicts]
        table.add_row(feature.label, *marks, Text(" ".join(feature.text.split())))
    emit(out, table)
    out.print(Text("  ".join(f"{mark} {words[verdict]}" for verdict, mark in _MARKS.items()), style="dim"))
    emit(out, hanging(*((Text(str(n), style="cyan"), _reference(r, words)) for n, r in enumerate(chart.references, start=1))))
    out.print(Text(f"{words['nearest']}: {chart.nearest or words['none']}"))
    if chart.pair:
        first, second = chart.pair.first.number, chart.pair.second.number
        out.print(Text(f"{words['pair']}: {first} + {second} ({words['pair_adds']} {', '.join(chart.pair.adds)}), {chart.pair.share:.0%}"))
    out.print(Text(f"{words['left_over']}: {', '.join(chart.left_over) or words['none']}"))
    told = {chart.nearest} | ({chart.pair.first.number, chart.pair.second.number} if chart.pair else set())
    for reference in chart.references:
        if reference.number in told or len(chart.references) == 1:
            out.print(Text(f"{words['details']}: {reference.number}", style="bold"))
            emit(out, hanging(*_passages(chart, reference, words)))


def _reference(reference: "Reference", words: Words) -> "Text":
    from rich.text import Text

    day = f", {words[reference.dated]} {reference.day}" if reference.day and reference.dated else ""
    return Text(f"{reference.share:.0%} ") + Text(reference.number, style="bold") + Text(f"  {reference.title}{day}", style="dim")


def _passages(chart: "ClaimChart", reference: "Reference", words: Words) -> "Iterator[tuple[Text, Text]]":
    from rich.text import Text

    reasons = {r.label: r for r in chart.reasons if r.number == reference.number}
    for each in reference.coverages:
        verdict = Text(f"{words[each.verdict]} {each.score:.2f}", style=_STYLE[each.verdict])
        yield Text(each.feature.label, style="cyan"), verdict
        if each.citation:
            yield Text(""), _quoted(each.citation.anchor, each.citation.quote)
        if reason := reasons.get(each.feature.label):
            said = Text(reason.statement.text)
            if reason.statement.verdict != "supported":
                said.append(f"  ({words[reason.statement.verdict]})", style=_STYLE[reason.statement.verdict])
            if reason.agrees is False:
                said.append(f"  {words['disagrees']}", style="yellow")
            yield Text(""), said


def _print_comparison(comparison: "ClaimComparison", words: Words, out: "Console") -> None:
    from rich.text import Text

    _heading(f"{words['comparison']}: {comparison.old} → {comparison.new}", out)
    for note in comparison.unchecked:
        out.print(Text(note, style="yellow"))
    rows = []
    for change in comparison.changes:
        numbers = "→".join(str(n) for n in dict.fromkeys((change.old, change.new)) if n is not None)
        effect = f", {words[change.effect]}" if change.effect else ""
        rows.append((Text(numbers, style="cyan"), Text(f"{words[change.change]}{effect}", style="bold")))
        if change.change not in ("same", "renumbered"):
            redline = Text()
            for piece in change.redline:
                redline.append(" ".join(piece.text.splitlines()), style=_STYLE[piece.kind])
            rows.append((Text(""), redline))
        for matter in change.added_matter:
            rows.append((Text(""), Text(f"{words['added_matter']}: ", style="bold red") + Text(f"{matter.message} ({matter.basis})")))
            if matter.nearest:
                rows.append((Text(""), _quoted(matter.nearest.anchor, matter.nearest.quote)))
    emit(out, hanging(*rows))
