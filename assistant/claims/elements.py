"""The elements of a claim: preamble, transition and the features after it, numbered 1a, 1b, …, and what is special in each.

Recognised are means-plus-function language (35 U.S.C. 112(f), MPEP 2181), alternatives of a group (Markush claims, MPEP 2117; 审查指南,
part II, chapter 10, 8.1), quantities and reference signs in brackets.
"""

import re
from collections.abc import Iterator
from typing import Literal

from assistant.claims.quantities import quantities
from assistant.prior_art.features import features
from ingest.claims.claim_parts import Form, Openness, claim_parts
from ingest.document import Claim, Frozen

_MEANS = re.compile(
    r"\b(?:means|steps?)\s+(?:for\s+(?:[a-z]+ly\s+)?\w+ing\b|configured\s+to\b|adapted\s+to\b|to\s+(?!claim)\w+)"
    r"|\b(?:mechanism|module|device|unit|component|element|member|apparatus|machine|system)\s+for\s+(?:[a-z]+ly\s+)?\w+ing\b"
    r"|用于[^，。；,;]{1,40}的(?:装置|模块|单元|机构|部件|器件|设备)|用以[^，。；,;]{1,40}的(?:装置|模块"
    r"|单元|机构|部件)|[\u4e00-\u9fff]{2,10}(?:装置|单元|模块)[，,]?用于",
    re.IGNORECASE,
)
_STEP = re.compile(r"^steps?\s", re.IGNORECASE)
_MARKUSH = re.compile(
    r"\b(?:selected\s+from\s+(?:(?:the|a)\s+)?(?:group|list|set)?|(?:is|being|are)\s+(?:one|any)\s+of"
    r"|(?:the\s+)?group)\s*(?:consisting\s+(?:essentially\s+)?of|consisting\s+in"
    r"|comprising|comprised\s+of|including|composed\s+of|made\s+up\s+of|of)\s*:?\s*(?P<en>[^;.]{3,})"
    r"|(?:选自(?:由|于|下组|以下|下列)?|选择自)[:：]?(?P<zh>[^；。，]{3,}?)(?:(?:所?组成|构成)的(?:组"
    r"|群组?|集合)|中的?(?:一种|至少一种|任一|任意一|一个|至少一个|一者)|之一|[，；。]|$)",
    re.IGNORECASE,
)
_ALTERNATIVE = re.compile(r"\s*(?:,\s*(?:and/or|and|or)\s|,|\s(?:and|or)\s|、|，|或者?|和|及)\s*")
_MARKUSH_END = re.compile(r",?\s+(?:wherein|whereby|which|where|that|in\s+which|said|and\s+(?:the|said|wherein|a|an)\b|having|with)\b", re.IGNORECASE)
_SIGN = r"(?:\d{1,4}[a-zA-Z]{0,2}['’′]{0,2}|[A-Z]{1,2}\d{1,3}[a-z]?|S\d{1,4}|[A-Z])"
_SIGNS = re.compile(rf"[(（]\s*({_SIGN}(?:\s*(?:[,;，、；~～–-]|to|and|or|至|和|或)\s*{_SIGN})*)\s*[)）]")
_BEFORE_A_NUMBERED_THING = re.compile(r"(?:formula|formulae|equation|eq\.?|step|式|公式|步骤|条件|No\.?:?)\s*$", re.IGNORECASE)
_ENUMERATOR = re.compile(r"(?:^|[\n:;：；,，]|\band)\s*$")
_LETTER = re.compile(r"[A-Z]|\d{1,2}")


class Quantified(Frozen):
    """A quantity, or a range of it: characters `start` to `end` of the claim; `low` and `high` are None where it has no bound."""

    start: int
    end: int
    low: float | None
    high: float | None
    unit: str


class Element(Frozen):
    """Characters `start` to `end` of a claim; those of all elements together are the claim.

    `label` is the claim's number and `pre`, `tr` or a letter. `means` says that the element is put as means (or a step) for a function,
    `markush` has the alternatives of a group, `signs` the reference signs in brackets.
    """

    label: str
    kind: Literal["preamble", "transition", "element"]
    start: int
    end: int
    text: str
    means: bool = False
    markush: tuple[str, ...] = ()
    quantities: tuple[Quantified, ...] = ()
    signs: tuple[str, ...] = ()


class ClaimElements(Frozen):
    """A claim in its elements. `openness` is what the transition says (`open`, `closed`, `partly` for "consisting essentially of", or ""),
    `form` is `two-part` with a characterising portion, `jepson` with a named improvement, or ""."""

    claim: int
    openness: Openness
    form: Form
    elements: tuple[Element, ...]


def claim_elements(claim: Claim, language: str = "") -> ClaimElements:
    """The elements of one claim, by itself: what it takes over from others is not in them."""
    parts = claim_parts(claim.text, language)
    cuts = _cuts(claim, len(parts.preamble), len(parts.transition), parts.subject_last)
    ends = [start for start, _, _ in cuts[1:]] + [len(claim.text)]
    elements = tuple(
        _element(claim.text, f"{claim.number}{label}", kind, start, end) for (start, label, kind), end in zip(cuts, ends, strict=True) if start < end
    )
    return ClaimElements(claim=claim.number, openness=parts.openness, form=parts.form, elements=elements)


_Kind = Literal["preamble", "transition", "element"]


def _cuts(claim: Claim, preamble: int, transition: int, subject_last: bool) -> list[tuple[int, str, _Kind]]:
    """Where the parts of a claim begin, their labels and kinds. A known part before "characterised in that" has elements, too."""
    cuts: dict[int, tuple[str, _Kind]] = {}
    body = preamble + transition
    body += len(claim.text[body:]) - len(claim.text[body:].lstrip())
    for label, start, end in _features(claim):
        kind: _Kind = "preamble" if label == "pre" else "element"
        if kind == "preamble" and transition and not subject_last:
            continue
        if subject_last or not transition or start >= body:
            cuts[start] = (label, kind)
        else:
            if start < preamble:
                cuts[start] = (label, kind)
            if end > body:
                cuts[body] = (label, "element")
    if transition and not subject_last:
        cuts[preamble] = ("tr", "transition")
    first = min(cuts, default=0)
    if subject_last or not transition:
        cuts[0] = cuts.pop(first)
    elif preamble:
        cuts[0] = ("pre", "preamble")
    return list(_lettered(sorted((start, *kind) for start, kind in cuts.items())))


def _features(claim: Claim) -> Iterator[tuple[str, int, int]]:
    at = 0
    for feature in features([claim], claim.number):
        found = claim.text.find(feature.text, at)
        at = found + len(feature.text)
        yield feature.label.removeprefix(str(claim.number)), found, at


def _lettered(cuts: list[tuple[int, str, _Kind]]) -> Iterator[tuple[int, str, _Kind]]:
    number = 0
    for start, label, kind in cuts:
        if kind == "element":
            yield start, _letters(number), kind
            number += 1
        else:
            yield start, label, kind


def _letters(index: int) -> str:
    """a to z, then aa, ab and so on."""
    return (_letters(index // 26 - 1) if index >= 26 else "") + chr(ord("a") + index % 26)


def _element(text: str, label: str, kind: _Kind, start: int, end: int) -> Element:
    piece = text[start:end]
    return Element(
        label=label,
        kind=kind,
        start=start,
        end=end,
        text=piece,
        means=kind == "element" and bool(_MEANS.search(piece)),
        markush=_alternatives(piece),
        quantities=tuple(
            Quantified(start=start + q.start, end=start + q.end, low=_finite(q.low), high=_finite(q.high), unit=q.unit) for q in quantities(piece)
        ),
        signs=_signs(piece),
    )


def _finite(bound: float) -> float | None:
    return bound if abs(bound) != float("inf") else None


def _alternatives(piece: str) -> tuple[str, ...]:
    """The members of the first closed group, from "selected from the group consisting of" or 选自."""
    match = _MARKUSH.search(piece)
    if match is None:
        return ()
    listed = match["en"] or match["zh"]
    if match["en"]:
        listed = _MARKUSH_END.split(listed, maxsplit=1)[0]
    members = tuple(m for m in (_member(m) for m in _outside_brackets(listed)) if m)
    return members if len(members) > 1 else ()


def _outside_brackets(listed: str) -> list[str]:
    pieces, depth, start = [], 0, 0
    for match in re.finditer(r"[(（\[]|[)）\]]|" + _ALTERNATIVE.pattern, listed):
        mark = match.group().strip()
        if mark in ("(", "（", "["):
            depth += 1
        elif mark in (")", "）", "]"):
            depth = max(0, depth - 1)
        elif depth == 0 and match.end() > match.start():
            pieces.append(listed[start : match.start()])
            start = match.end()
    return [*pieces, listed[start:]]


def _member(piece: str) -> str:
    return re.sub(r"^(?:(?:and|or)\s|以及|及其)\s*", "", piece.strip(" ,;:，、：\n")).strip()


def _signs(piece: str) -> tuple[str, ...]:
    """Reference signs in brackets; `(a)` at the start of a step and the number of a formula are none."""
    found: dict[str, None] = {}
    for match in _SIGNS.finditer(piece):
        before = piece[: match.start()]
        if _BEFORE_A_NUMBERED_THING.search(before) or (_ENUMERATOR.search(before) and _LETTER.fullmatch(match.group(1))):
            continue
        for sign in re.findall(_SIGN, match.group(1)):
            found[sign] = None
    return tuple(found)
