"""The report as a Word file: findings are comments at their place in the claims, the comparison is tracked changes."""

import io
from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from math import ceil
from typing import Any

import docx
from docx.shared import Cm

from assistant.claims import arranged
from assistant.claims.chart import ClaimChart
from assistant.claims.comparison import ClaimComparison
from assistant.claims.elements import ClaimElements, Element
from assistant.claims.labels import LABELS, language_of
from assistant.claims.picture import png
from assistant.claims.report import ClaimReport
from assistant.claims.word_parts import Filling, bookmark, comment, link, saved, set_fonts, set_styles, shade_run, table, track, underline, write
from assistant.prior_art.references import Reference
from ingest.document import Citation, PatentDocument

_WIDTH, _HEIGHT = 17.0, 22.0
"""Of the text on a page, in centimetres."""
_REFERENCES = 4
"""Columns of a chart; further references are in a further table."""
_AUTHOR = "patent-assistant"
Words = Mapping[str, str]


def word(report: ClaimReport, document: PatentDocument, report_language: str = "") -> bytes:
    """The report on the claims of `document` as a .docx file. `report_language` (en or zh) is that of the labels, by default that of the findings;
    the same report gives the same bytes. Raises ClaimError for another language."""
    language = language_of(report, report_language)
    words = LABELS[language]
    file = docx.Document()
    set_fonts(file, language)
    set_styles(file)
    quoted = arranged.quoted(report, document)
    places = {each.part: f"quoted{i}" for i, each in enumerate(quoted, start=1)}
    _head(file, report, words)
    _tree(file, report, words)
    _claims(file, report, words)
    _findings(file, report, words)
    if report.support:
        _support(file, report, document, words, places)
    for chart in report.charts:
        _chart(file, chart, words)
    if report.comparison:
        _comparison(file, report.comparison, document, words, places)
    if quoted:
        file.add_heading(words["paragraphs"], 1)
        for i, each in enumerate(quoted):
            _paragraph(file, each, words, places[each.part], i)
    return saved(file, f"{report.document} {words['report']}")


def _head(file: Any, report: ClaimReport, words: Words) -> None:
    write(file.add_heading("", 0), f"{report.document} {report.title}")
    found = ", ".join(f"{number} {words[severity]}" for severity, number in arranged.severities(report))
    rows = [
        (words["practice"], words[report.practice]),
        (words["claims_language"], report.language),
        (words["claims"], f"{len(report.tree)} ({', '.join(f'{number} {words[kind]}' for kind, number in arranged.kinds(report))})"),
        (words["findings"], f"{len(report.findings)}" + (f" ({found})" if found else "")),
        *((words["unchecked_parts"], note) for note in report.unchecked),
    ]
    if report.support:
        rows.append((words["support"], ", ".join(f"{len(each)} {words[verdict]}" for verdict, each in arranged.support_by_verdict(report))))
    table(file, (5, _WIDTH - 5), rows, head=False)


def _tree(file: Any, report: ClaimReport, words: Words) -> None:
    file.add_heading(words["tree"], 1)
    picture = png(report.tree, arranged.worst(report))
    shown = file.add_picture(io.BytesIO(picture))
    scale = min(1.0, Cm(_WIDTH) / shown.width, Cm(_HEIGHT) / shown.height)
    shown.width, shown.height = int(shown.width * scale), int(shown.height * scale)
    shown._inline.docPr.set("descr", words["tree"])
    write(file.add_paragraph(), words["tree_legend"], faint=True)
    rows = [(words["claim"], words["category"], words["subject"], words["dependent"])]
    for node in report.tree:
        if not node.parents:
            below = arranged.numbers([n.number for n in report.tree if n.root == node.number and n is not node])
            rows.append((str(node.number), words.get(node.category, node.category), node.subject, below))
    table(file, (2.2, 2.8, 6, 6), rows)


def _claims(file: Any, report: ClaimReport, words: Words) -> None:
    file.add_heading(words["claims"], 1)
    findings = arranged.by_claim(report)
    for claim in report.elements:
        file.add_heading(f"{words['claim']} {claim.claim}", 2)
        said = file.add_paragraph()
        write(said, arranged.headline(claim, report, words), faint=True)
        said.paragraph_format.keep_with_next = True
        commented: set[int] = set()
        rows = [(_label(row[0], words), _element(file, claim, row, findings.get(claim.claim, ()), words, commented)) for row in arranged.rows(claim)]
        table(file, (2.2, _WIDTH - 2.2), rows, head=False)


def _label(element: Element, words: Words) -> str:
    return element.label if element.kind == "element" else words[element.kind]


def _element(
    file: Any, claim: ClaimElements, row: Sequence[Element], findings: Sequence[arranged.Numbered], words: Words, commented: set[int]
) -> Filling:
    """What writes a row of a claim: its text, a comment for each finding where that begins, and what is special in it."""

    def fill(paragraph: Any) -> None:
        runs: dict[int, list[Any]] = {}
        for element in row:
            for stretch in arranged.stretches(element, findings, last=element is claim.elements[-1]):
                run = write(paragraph, " ".join(stretch.text.split("\n")))
                if stretch.findings:
                    underline(run, stretch.findings[0][1].severity)
                for number, _ in stretch.findings:
                    runs.setdefault(number, []).append(run)
        for number, finding in findings:
            if number in runs and number not in commented:
                commented.add(number)
                said = f"{number}. {words[finding.severity]}{words['colon']}{finding.message}\n{finding.remedy}\n{finding.rule}; {finding.basis}"
                comment(file, runs[number], said, _AUTHOR)
        for element in row:
            for remark in arranged.remarks(element, words):
                write(paragraph, f"  [{remark}]", faint=True)

    return fill


def _findings(file: Any, report: ClaimReport, words: Words) -> None:
    file.add_heading(words["findings"], 1)
    if not report.findings:
        write(file.add_paragraph(), " ".join(report.unchecked) or words["no_findings"])
        return
    rows: list[Sequence[Filling]] = [("#", words["place"], words["severity"], words["message"], words["remedy"], words["basis"])]
    for number, finding in enumerate(report.findings, start=1):
        place = f"{words['claim']} {finding.claim}" if finding.claim else words["whole_set"]
        rows.append((str(number), place, words[finding.severity], finding.message, finding.remedy, f"{finding.rule}\n{finding.basis}"))
    table(file, (0.9, 2.1, 1.7, 4.8, 4.2, 3.3), rows)


def _support(file: Any, report: ClaimReport, document: PatentDocument, words: Words, places: Mapping[str, str]) -> None:
    file.add_heading(words["support"], 1)
    write(file.add_paragraph(), words["support_note"], faint=True)
    rows: list[Sequence[Filling]] = [(words["label"], words["text"], words["verdict"], words["paragraph"], words["quotation"])]
    shades = [[""] * 5]
    for verdict, found in arranged.support_by_verdict(report):
        for each in found:
            cited = [p.citation for p in each.places]
            said = words[verdict] if verdict == "unchecked" else f"{words[verdict]} {each.score:.2f}"
            rows.append((each.label, each.text.strip(), said, _links(cited, document, places), cited[0].quote if cited else ""))
            shades.append(["", "", verdict, "", ""])
    table(file, (1.7, 4.7, 2.4, 2, 6.2), rows, shades=shades)


def _links(citations: Sequence[Citation], document: PatentDocument, places: Mapping[str, str]) -> Filling:
    def fill(paragraph: Any) -> None:
        for i, citation in enumerate(citations):
            if i:
                paragraph.add_run().add_break()
            _link(paragraph, citation, document, places)

    return fill


def _link(paragraph: Any, citation: Citation, document: PatentDocument, places: Mapping[str, str]) -> None:
    shown = arranged.short(citation.anchor, document)
    parts = arranged.parts(citation, document)
    if parts and parts[0] in places:
        link(paragraph, shown, places[parts[0]])
    else:
        write(paragraph, shown)


def _chart(file: Any, chart: ClaimChart, words: Words) -> None:
    file.add_heading(f"{words['chart']}{words['colon']}{words['claim']} {chart.claim}", 1)
    pair = chart.pair
    both = f"{pair.first.number} + {pair.second.number} ({pair.share:.2f}; {words['pair_adds']} {', '.join(pair.adds)})" if pair else words["none"]
    rows = [
        (words["references"], f"{words['references_before']} {chart.before}" if chart.before else words["references_named"]),
        (words["nearest"], chart.nearest or words["none"]),
        (words["pair"], both),
        (words["left_over"], ", ".join(chart.left_over) or words["none"]),
        *((words["remarks"], note) for note in chart.notes),
    ]
    table(file, (5, _WIDTH - 5), rows, head=False)
    tables = ceil(len(chart.references) / _REFERENCES)
    for i in range(tables):
        each = ceil(len(chart.references) / tables)
        _matrix(file, chart, chart.references[i * each : (i + 1) * each], words)
    file.add_heading(words["details"], 2)
    details: list[Sequence[Filling]] = [(words["label"], words["reference"], words["verdict"], words["quotation"])]
    shades = [[""] * 4]
    for label, place, verdict, said, quote in _passages(chart, words):
        details.append((label, place, said, quote))
        shades.append(["", "", verdict, ""])
    table(file, (1.7, 4, 2.4, 8.9), details, shades=shades)


def _matrix(file: Any, chart: ClaimChart, shown: Sequence[Reference], words: Words) -> None:
    heads = [_reference_head(r, words) for r in shown]
    rows: list[Sequence[Filling]] = [(words["label"], words["feature"], *heads)]
    shades = [[""] * len(rows[0])]
    for feature in chart.features:
        has = [arranged.covered(r, feature.label) for r in shown]
        said = ["" if c is None else words[c.verdict] if c.verdict == "unchecked" else f"{words[c.verdict]} {c.score:.2f}" for c in has]
        rows.append((feature.label, feature.text, *said))
        shades.append(["", "", *(c.verdict if c else "" for c in has)])
    rows.append(("", words["share"], *(f"{r.share:.2f}" for r in shown)))
    shades.append([""] * len(rows[0]))
    table(file, (1.7, _WIDTH - 1.7 - 2.7 * len(shown), *[2.7] * len(shown)), rows, shades=shades)


def _reference_head(reference: Reference, words: Words) -> Filling:
    def fill(paragraph: Any) -> None:
        write(paragraph, reference.number, bold=True)
        if reference.day:
            write(paragraph, f"\n{reference.day} {words.get(reference.dated, reference.dated)}", faint=True)

    return fill


def _passages(chart: ClaimChart, words: Words) -> Iterator[tuple[str, str, str, str, str]]:
    """Label, place, verdict, verdict in words, and quotation or reason, feature by feature."""
    for feature in chart.features:
        for reference in chart.references:
            has = arranged.covered(reference, feature.label)
            if has and has.citation:
                yield feature.label, has.citation.anchor, has.verdict, f"{words[has.verdict]} {has.score:.2f}", has.citation.quote
        for reason in chart.reasons:
            if reason.label == feature.label:
                statement = reason.statement
                said = [statement.text, *([words["disagrees"]] if reason.agrees is False else []), statement.reason]
                yield feature.label, reason.number, statement.verdict, words[statement.verdict], "\n".join(filter(None, said))


def _comparison(file: Any, comparison: ClaimComparison, document: PatentDocument, words: Words, places: Mapping[str, str]) -> None:
    file.add_heading(words["comparison"], 1)
    rows = [(words["compared"], f"{comparison.old} → {comparison.new}")]
    rows += [(words["as_filed"], comparison.filed)] if comparison.filed else []
    rows += [(words[change], said) for change, said in arranged.unaltered(comparison)]
    rows += [(words["unchecked_parts"], note) for note in comparison.unchecked]
    table(file, (5, _WIDTH - 5), rows, head=False)
    day = document.dates.publication if comparison.new == document.number else None
    identifiers = count(10_000)  # bookmarks have those below
    for change in arranged.altered(comparison):
        file.add_heading(arranged.change_headline(change, words), 2)
        paragraph = file.add_paragraph()
        for piece in change.redline:
            track(paragraph, piece.kind, piece.text, next(identifiers), comparison.new, day)
        for name, said in (("narrowing", change.narrowing), ("broadening", change.broadening)):
            if said:
                write(file.add_paragraph(), words[name] + words["colon"] + arranged.distinct(said))
        if change.taken_from:
            write(file.add_paragraph(), f"{words['taken_from']} {arranged.numbers(change.taken_from)}")
        for added, times in arranged.added(change):
            paragraph = file.add_paragraph()
            underline(write(paragraph, added.message), "error")
            write(paragraph, f" ({times}×)" if times > 1 else "")
            write(paragraph, f" {added.basis} ", faint=True)
            if added.nearest:
                write(paragraph, words["nearest_place"] + words["colon"], faint=True)
                _link(paragraph, added.nearest, document, places)
                write(paragraph, f" {added.nearest.quote}")


def _paragraph(file: Any, each: arranged.Quoted, words: Words, name: str, identifier: int) -> None:
    paragraph = file.add_paragraph()
    write(paragraph, f"{each.part} ", bold=True)
    bookmark(paragraph, name, identifier)
    write(paragraph, f"{each.heading} {words['cited_by']} {', '.join(label for label, _ in each.cited)}".lstrip(), faint=True)
    paragraph = file.add_paragraph()
    for text, is_quoted in each.pieces:
        run = write(paragraph, text)
        if is_quoted:
            shade_run(run)
