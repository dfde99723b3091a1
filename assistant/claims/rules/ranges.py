"""Ranges: a dependent claim narrows the range of its parent, and a range goes from the smaller number to the larger."""

import math
import re
from collections.abc import Iterator

from assistant.claims.claim_set import ClaimSet
from assistant.claims.finding import Finding
from assistant.claims.quantities import Quantity, quantities
from assistant.claims.rule import Rule
from index.terms import terms
from ingest.document import Claim

WIDER = Rule(
    name="range-wider-than-parent",
    severity="warning",
    basis={
        "us": "35 U.S.C. 112(d); MPEP 2173.05(c)",
        "ep": "Rule 43(4) EPC; Art. 84 EPC",
        "cn": "专利法第二十六条第四款；实施细则第二十三条第三款",
    },
    message={"en": "“{quoted}” is not within “{theirs}” of claim {other}.", "zh": "“{quoted}”超出了所引用的权利要求{other}中“{theirs}”的范围。"},
    remedy={
        "en": "Keep within the range of the claim that it depends on, or depend on none.",
        "zh": "使范围落入所引用的权利要求的范围之内，或改写为独立权利要求。",
    },
)
REVERSED = Rule(
    name="range-reversed",
    severity="error",
    basis={"us": "35 U.S.C. 112(b)", "ep": "Art. 84 EPC", "cn": "专利法第二十六条第四款"},
    message={"en": "“{quoted}” goes from the larger number to the smaller.", "zh": "“{quoted}”的下限大于上限。"},
    remedy={"en": "Correct the bounds of the range.", "zh": "更正范围的上下限。"},
)
Subject = tuple[tuple[str, ...], tuple[str, ...], str]
_WORDS_BEFORE = 60
_WORDS_AFTER = 20
_SHARES = ("%", "wt%", "vol%", "mol%", "weight%", "份", "重量份", "ppm", "g", "ml", "mg")
"""Of a share, what it is a share of may follow: 20～40份碳酸钙."""
_PARTS_FOLLOW = re.compile(
    r"\b(?:compris(?:es|ing|e)|contain(?:s|ing)?|includ(?:es|ing|e)|adding|with)\s+(?:about\s+|approximately\s+)?$", re.IGNORECASE
)
_WHOLE = re.compile(
    r"(?P<zh>[\u4e00-\u9fff]{2})(?:\s*[\d()（）A-Za-z]*\s*)(?:[,，]?按[^，。；]{1,8}计[,，:：]?|由[^，。；]{0,6})?(?:包括|包含|含有|组成|制成|由)"
    r"|(?P<en>[a-z]+)\s+(?:further\s+)?(?:comprises|comprising|contains|containing|includes|including|consists|consisting)\b",
    re.IGNORECASE,
)
"""What shares are shares of: the word before "comprises" or 包括."""
_CLAUSE = re.compile(r"[,;:，；：。、\n(（]|\band\b|\bor\b|\bwherein\b|或|和|且")
_DOWNWARD = re.compile(r"(?:[×x*·^]|\bfrom|\bless than|由|从|<|≤)\s*$|cool|decreas|reduc|降", re.IGNORECASE)
_PER = re.compile(r"^\s*/\s*\w+")
_LEADING = re.compile(
    r"\b(?:is|are|of|from|in|the|range|at|least|about|between|about|preferably|a|an|has|having|being)\b|[为在是约大于小不低高超过至少到]",
    re.IGNORECASE,
)


def check(claims: ClaimSet) -> Iterator[Finding]:
    if claims.language not in ("en", "zh"):
        return
    found = {c.number: [(q, _subject(c.text, q)) for q in quantities(c.text)] for c in claims.claims}
    for claim in claims.claims:
        for quantity, subject in found[claim.number]:
            if quantity.low > quantity.high:
                if REVERSED.applies(claims) and quantity.unit and _descends(claim.text, quantity):
                    yield REVERSED.finding(claims, claim, quantity.start, quantity.end)
            elif WIDER.applies(claims) and subject[0] and quantity.unit:
                yield from _wider(claims, claim, quantity, subject, found)


def _descends(text: str, quantity: Quantity) -> bool:
    """Not where a value goes down ("cooled from 60 to 20 °C"), nor where the numbers are powers or codes ("1×10−6 m", "038L-037L")."""
    before, quoted = text[max(0, quantity.start - 40) : quantity.start], text[quantity.start : quantity.end]
    return quantity.low > 0 and quantity.high > 0 and quoted[0] in "123456789" and not _DOWNWARD.search(before)


def _subject(text: str, quantity: Quantity) -> Subject:
    """The words before a quantity in its clause: what it is a quantity of; for a share or an amount the words after it, too, and the whole that it is
    a share of."""
    before = text[max(0, quantity.start - _WORDS_BEFORE) : quantity.start]
    share = quantity.unit in _SHARES or _PARTS_FOLLOW.search(before)
    after = _CLAUSE.split(_PER.sub("", text[quantity.end : quantity.end + _WORDS_AFTER]))[0] if share else ""
    whole = ""
    if share:
        *_, match = [None, *_WHOLE.finditer(text, 0, quantity.start)]
        whole = (match["zh"] or match["en"]).lower() if match else ""
    return tuple(terms(_LEADING.sub(" ", _CLAUSE.split(before)[-1]))), tuple(terms(after)), whole


def _wider(
    claims: ClaimSet, claim: Claim, quantity: Quantity, subject: Subject, found: dict[int, list[tuple[Quantity, Subject]]]
) -> Iterator[Finding]:
    for number in claim.depends_on:
        parent = claims.by_number.get(number)
        if parent is None or number >= claim.number:
            continue
        same = [q for q, other in found[number] if q.unit == quantity.unit and _same(subject, other)]
        if len(same) == 1 and same[0].is_range and same[0].low < same[0].high and not _within(quantity, same[0]):
            other = same[0]
            yield WIDER.finding(claims, claim, quantity.start, quantity.end, other=number, theirs=parent.text[other.start : other.end])
            return


def _same(subject: Subject, other: Subject) -> bool:
    """Whether two quantities are of the same thing: the nearest word is the same, and no more is said of the one than of the other that differs."""
    (before, after, whole), (others_before, others_after, others_whole) = subject, other
    words, others = set(before), set(others_before)
    return (
        (not whole or whole == others_whole) and before[-1:] == others_before[-1:] and after == others_after and (words <= others or others <= words)
    )


def _within(inner: Quantity, outer: Quantity) -> bool:
    """Whether the bounds that the inner range states lie in the outer one: "at most 168 h" narrows "at least 24 h"."""
    return all(outer.low <= bound <= outer.high for bound in (inner.low, inner.high) if abs(bound) != math.inf)
