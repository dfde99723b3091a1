"""Dependency: references to claims that are not there, that come later or are the claim itself, circles, multiple dependent claims that
depend on such, and references that are not in the alternative."""

import re
from collections.abc import Iterator

from assistant.claims.claim_set import ClaimSet
from assistant.claims.finding import Finding
from assistant.claims.rule import Rule
from ingest.claims.claim_reference import Reference, find_references
from ingest.document import Claim

UNKNOWN = Rule(
    name="unknown-claim",
    severity="error",
    basis={
        "us": "35 U.S.C. 112(d); MPEP 608.01(n)",
        "ep": "Rule 43(4) EPC; Art. 84 EPC",
        "cn": "专利法第二十六条第四款；实施细则第二十五条第一款第（一）项",
    },
    message={"en": "Claim {claim} refers to claim {other}, which is not there.", "zh": "权利要求{claim}引用的权利要求{other}不存在。"},
    remedy={"en": "Correct the number of the claim that is referred to.", "zh": "更正所引用的权利要求的编号。"},
)
FORWARD = Rule(
    name="forward-dependency",
    severity="error",
    basis={"us": "35 U.S.C. 112(d); 37 CFR 1.75(c)", "ep": "Rule 43(4) EPC; Guidelines F-IV, 3.4", "cn": "实施细则第二十五条第二款"},
    message={
        "en": "Claim {claim} refers to claim {other}, which does not come before it.",
        "zh": "权利要求{claim}引用了在后的权利要求{other}，从属权利要求只能引用在前的权利要求。",
    },
    remedy={"en": "Refer to an earlier claim, or put the claims in another order.", "zh": "改为引用在前的权利要求，或调整权利要求的顺序。"},
)
SELF = Rule(
    name="self-dependency",
    severity="error",
    basis={"us": "35 U.S.C. 112(d); 37 CFR 1.75(c)", "ep": "Rule 43(4) EPC; Art. 84 EPC", "cn": "实施细则第二十五条第二款；专利法第二十六条第四款"},
    message={"en": "Claim {claim} refers to itself.", "zh": "权利要求{claim}引用了其自身。"},
    remedy={"en": "Refer to an earlier claim.", "zh": "改为引用在前的权利要求。"},
)
CIRCULAR = Rule(
    name="circular-dependency",
    severity="error",
    basis={"us": "35 U.S.C. 112(d)", "ep": "Rule 43(4) EPC; Art. 84 EPC", "cn": "实施细则第二十五条第二款；专利法第二十六条第四款"},
    message={"en": "Claim {claim} depends on itself by way of claims {others}.", "zh": "权利要求{claim}经由权利要求{others}引用了其自身。"},
    remedy={"en": "Break the circle: one of these claims has to depend on none of the others.", "zh": "消除循环引用：其中一项不得引用其余各项。"},
)
MULTIPLE_ON_MULTIPLE = Rule(
    name="multiple-on-multiple",
    severity="error",
    basis={"us": "35 U.S.C. 112(e); 37 CFR 1.75(c); MPEP 608.01(n)", "cn": "实施细则第二十五条第二款"},
    message={
        "en": "Claim {claim} depends on several claims, and so does claim {other}, on which it depends.",
        "zh": "多项从属权利要求{claim}引用了多项从属权利要求{other}。",
    },
    remedy={"en": "Let it depend on single dependent or independent claims only.", "zh": "改为仅引用独立权利要求或单项从属权利要求。"},
)
ALTERNATIVE = Rule(
    name="not-in-the-alternative",
    severity="error",
    basis={"us": "35 U.S.C. 112(e); MPEP 608.01(n)", "cn": "实施细则第二十五条第二款"},
    message={"en": "“{quoted}” refers to several claims together, not in the alternative only.", "zh": "“{quoted}”没有以择一方式引用多项权利要求。"},
    remedy={"en": "Write “or” or “any one of”.", "zh": "改为“或”“任一项”等择一表述。"},
)
_TOGETHER_EN = re.compile(r"\d\s*(?:,\s*)?(?:and|&)\s*(?:the\s+)?(?:claims?\s*)?\d", re.IGNORECASE)
_ALTERNATIVE_EN = re.compile(r"\b(?:any|either|one|each|or)\b", re.IGNORECASE)
_TOGETHER_ZH = re.compile(r"[\d项]\s*(?:和|与|及|以及)\s*(?:权利要求)?\s*\d")
_ALTERNATIVE_ZH = re.compile(r"任意?一|任何一|之一|其中一|或|任意|一项")


def check(claims: ClaimSet) -> Iterator[Finding]:
    circles = _circles(claims)
    multiple = {c.number for c in claims.claims if len(_heads(claims, c)) > 1}
    for claim in claims.claims:
        references = [reference for reference, _ in claims.references(claim)]
        for rule, reference, number in _wrong_numbers(claims, claim, references):
            if rule.applies(claims):
                yield rule.finding(claims, claim, reference.start, reference.end, other=number)
        start, end = _first(references, len(claim.text))
        if claim.number in circles and CIRCULAR.applies(claims):
            yield CIRCULAR.finding(claims, claim, start, end, others=", ".join(map(str, circles[claim.number])))
        bad = next((n for n in _heads(claims, claim) if n in multiple and n != claim.number), None)
        if claim.number in multiple and bad and MULTIPLE_ON_MULTIPLE.applies(claims):
            yield MULTIPLE_ON_MULTIPLE.finding(claims, claim, start, end, other=bad)
        yield from _together(claims, claim)


def _heads(claims: ClaimSet, claim: Claim) -> tuple[int, ...]:
    """The claims that it depends on, and that its subject refers to: a system that has the parts of two claims is no multiple dependent claim."""
    numbers = {n for reference, relation in claims.references(claim) if relation == "head" for n in reference.numbers}
    return tuple(n for n in claim.depends_on if n in numbers)


def _wrong_numbers(claims: ClaimSet, claim: Claim, references: list[Reference]) -> Iterator[tuple[Rule, Reference, int]]:
    for reference in find_references(claim.text):  # without its own number, a claim's reference to itself is read
        if claim.number in reference.numbers:
            yield SELF, reference, claim.number
    named = {*claim.depends_on, *claim.mentions}
    for reference in references:
        for number in reference.numbers:
            if number in named and number not in claims.by_number:
                yield UNKNOWN, reference, number
            elif number in named and number > claim.number:
                yield FORWARD, reference, number


def _circles(claims: ClaimSet) -> dict[int, tuple[int, ...]]:
    """For each claim in a circle the claims that lead from it back to itself, the first such way."""
    found: dict[int, tuple[int, ...]] = {}
    for claim in claims.claims:
        if not any(n > claim.number for n in claim.depends_on):
            continue  # every circle has a claim that depends on a later one
        came_from: dict[int, int] = {}
        waiting = [claim.number]
        while waiting and claim.number not in came_from:
            number = waiting.pop(0)
            for parent in claims.by_number[number].depends_on:
                if parent in claims.by_number and parent not in came_from:
                    came_from[parent] = number
                    waiting.append(parent)
        if claim.number in came_from:
            way = [came_from[claim.number]]
            while way[0] != claim.number:
                way.insert(0, came_from[way[0]])
            found.setdefault(claim.number, tuple(way[1:]))
    return found


def _first(references: list[Reference], end: int) -> tuple[int, int]:
    return (references[0].start, references[0].end) if references else (0, end)


def _together(claims: ClaimSet, claim: Claim) -> Iterator[Finding]:
    if not ALTERNATIVE.applies(claims) or claims.language not in ("en", "zh"):
        return
    together, alternative = (_TOGETHER_EN, _ALTERNATIVE_EN) if claims.language == "en" else (_TOGETHER_ZH, _ALTERNATIVE_ZH)
    for reference, relation in claims.references(claim)[:1]:
        if relation != "head" or len(reference.numbers) < 2:
            continue
        around = claim.text[max(0, reference.start - 40) : reference.end + 40]
        if together.search(claim.text, reference.start, reference.end) and not alternative.search(around):
            yield ALTERNATIVE.finding(claims, claim, reference.start, reference.end)
