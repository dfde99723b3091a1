"""The features of a claim: the pieces that a reference has to disclose, each a verbatim slice of the claim.

A claim is read as preamble, transition and body (`ingest.claims.claim_parts`); the body falls into features at its lines, semicolons
and enumerators, a long one also at "wherein" and at the commas before a further element. A dependent claim has the features of
the claims that it depends on, too.
"""

import re
from collections.abc import Sequence
from string import ascii_lowercase

from assistant.errors import ClaimError
from ingest.claims.claim_parts import claim_parts
from ingest.document import Claim, Frozen
from ingest.language import CJK

MOST = 24
"""More features than these are joined, the shortest first: a list of forty radicals is no forty things to look for."""
_WIDE = re.compile(f"[{CJK}\u3040-\u30ff]")
_LONG, _SHORT, _LEAST = 160, 24, 6
"""Widths: from the first on a feature is cut at its commas; below the second what was cut so, or ends in a colon, is joined to what follows,
below the third whatever it is. A Chinese character is 3 wide."""
_LINES = re.compile(r"\n+|[;；]|(?<=[,，:：。])\s*(?:and\s+)?(?=[（(](?:[a-z]|[ivx]{1,4}|\d{1,2})[)）])", re.IGNORECASE)
_WHEREIN = re.compile(
    r",\s*(?=(?:and\s+)?(?:wherein|whereby|in\swhich|wobei|dans\slequel|dans\slaquelle)\b)|[,，。](?=其中|以及|并且|並且|且所述)", re.IGNORECASE
)
_ELEMENTS = re.compile(
    r",\s*(?=(?:and\s+)?(?:(?:an?|one|two|at\sleast|one\sor\smore|a\splurality\sof|means|said|the|each|eine?[nmr]?|die|der|das|une?|les?|la)\s|[a-z]+ing\s))"
    r"|，(?![0-9０-９])|。(?=.)|(?<=と)、|(?<=、)(?=前記)",
    re.IGNORECASE,
)
_EDGE_BEFORE = re.compile(
    r"^(?:[\s;；,，:：、。.]+|(?:and|or|und|oder|et|ou)\b\s*|(?:以及|并且|並且|および|及び)|(?:和|且)(?=[，,\s]|$))+", re.IGNORECASE
)
_EDGE_AFTER = re.compile(r"(?:[\s;；,，:：、。.]+|(?<=[\s;,])(?:and|or|und|oder|et|ou)|(?<=[；，])(?:以及|并且|和|及))+$", re.IGNORECASE)
_CLAUSE = re.compile(r"(?:and\s+)?(?:wherein|whereby|wobei)\b|其中", re.IGNORECASE)
_ALTERNATIVES = re.compile(r"\bgroup\s(?:consisting|comprising)\b|\bselected\sfrom\b|ausgewählt\saus|choisie?s?\sparmi|选自|選自|から選択")
Span = tuple[int, int]


class Feature(Frozen):
    """One feature: `label` is the number of its claim with `pre` for the preamble or a letter (`1pre`, `1a`, `4b`), `text` verbatim."""

    label: str
    text: str


def features(claims: Sequence[Claim], number: int | None = None, of: str = "the claims") -> list[Feature]:
    """The features of a claim, by default the first independent one; for a dependent claim those of its parents first.

    Of several claims that it depends on in the alternative, the first counts. Raises ClaimError where there is no such claim; `of` names
    what they are the claims of.
    """
    return [feature for claim in claim_chain(claims, number, of) for feature in _own_features(claim)]


def claim_chain(claims: Sequence[Claim], number: int | None = None, of: str = "the claims") -> list[Claim]:
    """The claim, after those that it depends on, the independent one first. Raises ClaimError."""
    by_number = {c.number: c for c in claims}
    if not claims:
        raise ClaimError(f"{of}: there are no claims")
    if number is None:
        number = next((c.number for c in claims if c.independent), claims[0].number)
    if number not in by_number:
        raise ClaimError(f"{of}: there is no claim {number}; the claims are {', '.join(map(str, by_number))}")
    chain = [by_number[number]]
    while (parents := [p for p in chain[0].depends_on if p in by_number and by_number[p] not in chain]) and not chain[0].independent:
        chain.insert(0, by_number[parents[0]])
    return chain


def _own_features(claim: Claim) -> list[Feature]:
    text = claim.text
    opening, body = _regions(text, claim.independent)
    spans = _trimmed(text, [opening]) if claim.independent else []
    labels = ["pre"] * len(spans)
    found = _trimmed(text, _joined(text, [piece for region in body for piece in _cut(text, region)]))
    spans += found
    labels += [_letters(i) for i in range(len(found))]
    if not spans:  # nothing but a reference, or marks
        spans, labels = [(0, len(text))], ["a"]
    return [Feature(label=f"{claim.number}{label}", text=text[start:end]) for label, (start, end) in zip(labels, spans, strict=True)]


def _regions(text: str, independent: bool) -> tuple[Span, list[Span]]:
    """Where the preamble stands, and where the features; a known part before "characterised in that" has features, too."""
    parts = claim_parts(text)
    if parts.subject_last:
        end = len(parts.body)
        return (end + len(parts.transition), len(text)), [(0, end)]
    start = len(parts.preamble)
    if not parts.transition:
        return ((0, start), []) if independent else ((0, 0), [(0, start)])
    body = (start + len(parts.transition) if independent else start, len(text))
    if parts.form:
        known = claim_parts(parts.preamble)
        if known.body.strip() and not known.subject_last:
            first = len(known.preamble)
            return (0, first), [(first + len(known.transition) if independent else first, start), body]
    return (0, start), [body]


def _cut(text: str, region: Span) -> list[Span]:
    lines = _at(text, region, _LINES)
    long = _LONG if len(lines) > 1 else _LONG // 3  # without lines and semicolons, commas separate the elements
    clauses = [p for line in lines for p in (_at(text, line, _WHEREIN) if _width(text, line) > long // 2 else [line])]
    return [p for clause in clauses for p in (_at(text, clause, _ELEMENTS) if _width(text, clause) > long else [clause])]


def _at(text: str, piece: Span, pattern: re.Pattern[str]) -> list[Span]:
    """The piece cut where the pattern stands outside of brackets; what is cut away is in neither."""
    start, end = piece
    spans, depth, at = [], 0, start
    if pattern is _ELEMENTS and _ALTERNATIVES.search(text, start, end):
        return [piece]  # its commas separate alternatives
    for match in pattern.finditer(text, start, end):
        between = text[at : match.start()]
        depth = max(0, depth + sum(between.count(b) for b in "([（【{") - sum(between.count(b) for b in ")]）】}"))
        at = match.start()
        if depth == 0 or "\n" in match.group():
            spans.append((start, match.start()))
            start, depth = match.end(), 0
    return [*spans, (start, end)]


def _joined(text: str, pieces: list[Span]) -> list[Span]:
    """Short pieces joined to what follows them (a lead such as "the steps of:") or, at the end, to what stands before; `MOST` at most."""
    pieces = [p for p in pieces if _width(text, p)]
    joined: list[Span] = []
    for start, end in pieces:
        if joined and _incomplete(text, joined[-1]) and not _CLAUSE.match(text, start):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    if len(joined) > 1 and _incomplete(text, joined[-1]):
        last = joined.pop()
        joined[-1] = (joined[-1][0], last[1])
    while len(joined) > MOST:
        i = min(range(len(joined) - 1), key=lambda i: _width(text, joined[i]) + _width(text, joined[i + 1]))
        joined[i : i + 2] = [(joined[i][0], joined[i + 1][1])]
    return joined


def _incomplete(text: str, span: Span) -> bool:
    width = _width(text, span)
    return width < _LEAST or (width < _SHORT and any(mark in ",，、:：。" for mark in text[slice(*span)].rstrip()[-1:] + text[span[1] : span[1] + 1]))


def _width(text: str, span: Span) -> int:
    piece = text[slice(*span)]
    return sum(c.isalnum() for c in piece) + 2 * len(_WIDE.findall(piece))


def _trimmed(text: str, spans: list[Span]) -> list[Span]:
    """Without the marks and conjunctions at the edges; a span of nothing else is left out."""
    found = []
    for start, end in spans:
        piece = text[start:end]
        if before := _EDGE_BEFORE.match(piece):
            start += before.end()
        if after := _EDGE_AFTER.search(text[start:end]):
            end = start + after.start()
        if start < end:
            found.append((start, end))
    return found


def _letters(index: int) -> str:
    """a to z, then aa, ab and so on."""
    return (_letters(index // 26 - 1) if index >= 26 else "") + ascii_lowercase[index % 26]
