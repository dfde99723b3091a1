"""A claims report arranged for reading, as page and Word file both show it: text cut at its findings, support by verdict, paragraphs quoted."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.claims.added_matter import AddedMatter
from assistant.claims.comparison import ClaimChange, ClaimComparison
from assistant.claims.elements import ClaimElements, Element
from assistant.claims.finding import Finding, Severity
from assistant.claims.report import ClaimReport
from assistant.claims.support import ElementSupport
from assistant.pages.quotations import pieces
from assistant.prior_art.coverage import Coverage
from assistant.prior_art.references import Reference
from ingest.anchor import parts_at, split_anchor, text_at
from ingest.document import Citation, PatentDocument
from ingest.errors import AnchorError

SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")
VERDICTS = ("unsupported", "weak", "unchecked", "supported")
Numbered = tuple[int, Finding]
"""A finding with its number in the report, from 1."""


@dataclass(frozen=True)
class Stretch:
    """A piece of an element, and the findings on it, the most severe first; a finding on a place between characters has a stretch without text."""

    text: str
    findings: tuple[Numbered, ...] = ()


@dataclass
class Quoted:
    """A paragraph (or the abstract) of the document that the report quotes: `pieces` are its text, and whether each is quoted; `cited` for which
    elements (`1a`) and claims, and where on the page these are."""

    part: str
    heading: str
    pieces: tuple[tuple[str, bool], ...]
    cited: tuple[tuple[str, str], ...]


def by_claim(report: ClaimReport) -> Mapping[int, list[Numbered]]:
    """The findings of each claim; those on the whole set are under 0."""
    found: dict[int, list[Numbered]] = {}
    for number, finding in enumerate(report.findings, start=1):
        found.setdefault(finding.claim, []).append((number, finding))
    return found


def severities(report: ClaimReport) -> list[tuple[Severity, int]]:
    """How many findings are of each severity, where any are."""
    counted = Counter(f.severity for f in report.findings)
    return [(s, counted[s]) for s in SEVERITIES if counted[s]]


def kinds(report: ClaimReport) -> list[tuple[str, int]]:
    """How many claims are independent, dependent and multiple dependent, where any are."""
    counted = Counter(n.kind for n in report.tree)
    return [(k, counted[k]) for k in ("independent", "dependent", "multiple") if counted[k]]


def worst(report: ClaimReport) -> dict[int, Severity]:
    """The most severe finding of each claim that has any."""
    return {claim: min((f.severity for _, f in findings), key=SEVERITIES.index) for claim, findings in by_claim(report).items() if claim}


def stretches(element: Element, findings: Sequence[Numbered], last: bool = False) -> list[Stretch]:
    """The text of an element cut where findings begin and end. What stands at the very end of a claim is in its `last` element."""
    inside = [(n, f) for n, f in findings if f.start < element.end or (last and f.start >= element.end)]
    points = [(n, f) for n, f in inside if f.start >= element.start and f.start >= min(f.end, element.end)]
    ranges = [(n, f) for n, f in inside if f.start < min(f.end, element.end) and f.end > element.start]
    edges = {element.start, element.end, *(min(f.start, element.end) for _, f in points)}
    edges |= {min(max(at, element.start), element.end) for _, f in ranges for at in (f.start, f.end)}
    found: list[Stretch] = []
    places = sorted(edges)
    for start, end in zip(places, [*places[1:], element.end], strict=True):
        if here := [(n, f) for n, f in points if min(f.start, element.end) == start]:
            found.append(Stretch("", _ordered(here)))
        if start < end:
            text = element.text[start - element.start : end - element.start]
            found.append(Stretch(text, _ordered((n, f) for n, f in ranges if f.start <= start and f.end >= end)))
    return found


def _ordered(findings: Sequence[Numbered] | Iterator[Numbered]) -> tuple[Numbered, ...]:
    return tuple(sorted(findings, key=lambda each: (SEVERITIES.index(each[1].severity), each[0])))


def rows(claim: ClaimElements) -> list[list[Element]]:
    """The elements of a claim, the transition in one row with the preamble before it."""
    found: list[list[Element]] = []
    for element in claim.elements:
        if element.kind == "transition" and found and found[-1][-1].kind == "preamble":
            found[-1].append(element)
        else:
            found.append([element])
    return found


def remarks(element: Element, words: Mapping[str, str]) -> list[str]:
    """What is special in an element, in the words of the report's language."""
    said = [words["means"]] if element.means else []
    if element.markush:
        said.append(f"{words['markush']}{words['colon']}{' | '.join(element.markush)}")
    if element.quantities:
        quoted = (element.text[q.start - element.start : q.end - element.start] for q in element.quantities)
        said.append(f"{words['quantity']}{words['colon']}{' | '.join(quoted)}")
    if element.signs:
        said.append(f"{words['signs']}{words['colon']}{', '.join(element.signs)}")
    return said


def headline(claim: ClaimElements, report: ClaimReport, words: Mapping[str, str]) -> str:
    """What a claim is: its kind, what it depends on and mentions, its category and form."""
    node = next((n for n in report.tree if n.number == claim.claim), None)
    said = []
    if node is not None:
        said.append(words[node.kind] if not node.parents else f"{words[node.kind]}, {words['depends_on']} {numbers(node.parents)}")
        said += [f"{words['mentions']} {numbers(node.mentions)}"] if node.mentions else []
        said += [words.get(node.category, node.category)] if node.category else []
    said += [words["partly_open" if claim.openness == "partly" else claim.openness]] if claim.openness else []
    said += [words[claim.form]] if claim.form else []
    return " · ".join(said)


def numbers(some: Sequence[int]) -> str:
    """1, 3–5, 8."""
    runs: list[list[int]] = []
    for number in sorted(some):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(str(a) if a == b else f"{a}, {b}" if b == a + 1 else f"{a}–{b}" for a, b in runs)


def support_by_verdict(report: ClaimReport) -> list[tuple[str, list[ElementSupport]]]:
    """The unsupported elements first, the supported last."""
    return [(verdict, found) for verdict in VERDICTS if (found := [s for s in report.support if s.verdict == verdict])]


def parts(citation: Citation, document: PatentDocument) -> list[str]:
    """The parts of the document that a citation names (`p0042`); none where it is of another document."""
    try:
        return parts_at(document, citation.anchor)
    except AnchorError:
        return []


def quoted(report: ClaimReport, document: PatentDocument) -> list[Quoted]:
    """The places of the document that the report quotes, in the order of the document; its claims are in the report anyway."""
    citations = [(s.label, f"s{s.label}", p.citation) for s in report.support for p in s.places]
    if report.comparison:
        citations += [(str(a.claim), f"c{a.claim}", a.nearest) for c in report.comparison.changes for a in c.added_matter if a.nearest]
    cited: dict[str, dict[tuple[str, str], None]] = {}
    quotes: dict[str, set[str]] = {}
    for label, target, citation in citations:
        for part in parts(citation, document):
            cited.setdefault(part, {})[label, target] = None
            quotes.setdefault(part, set()).add(citation.quote)
    headings = {s.part(p.number): s.heading for s in document.sections for p in s.paragraphs}
    order = {part: i for i, part in enumerate(headings)}
    return [
        Quoted(part, headings.get(part, ""), pieces(text_at(document, f"{document.number}#{part}"), quotes[part]), tuple(cited[part]))
        for part in sorted(cited, key=lambda p: (order.get(p, -1), p))
        if not re.match(r"c\d", part)
    ]


def short(anchor: str, document: PatentDocument) -> str:
    """An anchor as it is read: without the number of the document itself."""
    number, part = split_anchor(anchor)
    return part if number == document.number and part else anchor


def covered(reference: Reference, label: str) -> Coverage | None:
    """What a reference has of the feature with this label."""
    return next((c for c in reference.coverages if c.feature.label == label), None)


def unaltered(comparison: ClaimComparison) -> list[tuple[str, str]]:
    """(`same`, the claims that are), (`renumbered`, old and new numbers), where there are any."""
    same = [c.new for c in comparison.changes if c.change == "same" and c.new is not None]
    moved = [" → ".join(dict.fromkeys((str(c.old), str(c.new)))) for c in comparison.changes if c.change == "renumbered"]
    return [(change, said) for change, said in (("same", numbers(same)), ("renumbered", ", ".join(moved))) if said]


def altered(comparison: ClaimComparison) -> list[ClaimChange]:
    """The changes that have a redline to show."""
    return [c for c in comparison.changes if c.change in ("amended", "added", "removed")]


def change_headline(change: ClaimChange, words: Mapping[str, str]) -> str:
    """Claim 3 → 4 · amended · narrowed."""
    where = " → ".join(dict.fromkeys(str(n) for n in (change.old, change.new) if n is not None))
    return " · ".join([f"{words['claim']} {where}", words[change.change], *([words[change.effect]] if change.effect else [])])


def added(change: ClaimChange) -> list[tuple[AddedMatter, int]]:
    """The added matter of a claim, what is said more than once only the first time, and how often it is."""
    said: dict[str, list[AddedMatter]] = {}
    for matter in change.added_matter:
        said.setdefault(matter.message, []).append(matter)
    return [(found[0], len(found)) for found in said.values()]


def distinct(some: Sequence[str]) -> str:
    """Words, each once."""
    return " | ".join(dict.fromkeys(some))
