"""A dependent claim is about the same subject as the claim that its subject refers to: a method stays a method, a pump a pump."""

import re
from collections.abc import Iterator

from assistant.claims.claim_set import ClaimSet
from assistant.claims.finding import Finding
from assistant.claims.rule import Rule
from ingest.claims.category import claim_category, claim_head
from ingest.claims.claim_parts import claim_parts

CATEGORY = Rule(
    name="category-mismatch",
    severity="warning",
    basis={
        "us": "35 U.S.C. 112(d); MPEP 608.01(n)",
        "ep": "Rule 43(4) EPC; Guidelines F-IV, 3.4",
        "cn": "实施细则第二十五条第一款第（一）项；审查指南第二部分第二章3.3.2",
    },
    message={
        "en": "Claim {claim} is about a {own} (“{quoted}”), and claim {other}, to which it refers, about a {theirs}.",
        "zh": "权利要求{claim}的主题“{quoted}”为{own}，而其引用的权利要求{other}为{theirs}，主题名称不一致。",
    },
    remedy={
        "en": "Use the subject of the claim referred to, or make it an independent claim of its own category.",
        "zh": "使主题名称与所引用的权利要求一致，或改写为独立权利要求。",
    },
)
_NAMES = {
    "en": {"method": "method", "use": "use", "composition": "composition", "apparatus": "product"},
    "zh": {"method": "方法", "use": "用途", "composition": "产品", "apparatus": "产品"},
}


_METHOD = re.compile(r"\b(?:methods?|process(?:es)?|procedures?)\b", re.IGNORECASE)
_DEPENDENT = re.compile(
    r"an?\s+[\w-]+,?\s+(?:according\s+to|as\s+(?:claimed|recited|defined|set\s+forth|described|in)(?:\s+in)?)\s+(?:any\s+(?:one\s+)?of\s+)?claims?\b",
    re.IGNORECASE,
)
_HEAD_ZH = re.compile(r"[权權]利要求[^，。；]{1,30}?[所]述的?(?:一种)?(?P<head>[\u4e00-\u9fff]{2,30}?)(?=[，,。；:：]|其特征|其中)")
_BRACKETS = re.compile(r"[(（][^()（）]*[)）]")
_NO_SUBJECT = re.compile(r"权利要求|權利要求|步骤|\b(?:invention|improvement|subject[- ]matter|or|and(?:/or)?)\b", re.IGNORECASE)
"""What does not say what is claimed, or names two things."""
_WHOLE = re.compile(r"[.。;；]|.{30}", re.DOTALL)
"""A claim of which an extraction left more than a few words."""


def check(claims: ClaimSet) -> Iterator[Finding]:
    if not CATEGORY.applies(claims) or claims.language not in ("en", "zh"):
        return
    names = _NAMES[claims.report_language]
    for claim in claims.claims:
        for reference, relation in claims.references(claim)[:1]:
            start, head = _subject(claim.text, claims.language)
            if relation != "head" or not head or not _refers(claim.text, reference.start, claims.language):
                continue
            own = _category(head, claim.text, claims.language)
            for number in (n for n in reference.numbers if n in claims.by_number and n < claim.number and _WHOLE.search(claims.texts[n])):
                theirs = _category(_subject(claims.texts[number], claims.language)[1], claims.texts[number], claims.language)
                if _differ(own, theirs) and not _names_it(head, claims.texts[number], claims.language):
                    yield CATEGORY.finding(claims, claim, start, start + len(head), own=names[own], theirs=names[theirs], other=number)
                    break


def _subject(text: str, language: str) -> tuple[int, str]:
    head = claim_head(text, language)
    if language == "zh" and not head and (named := _HEAD_ZH.search(text, 0, 120)):
        return named.start("head"), named["head"]
    start = text.find(head) if head and not _NO_SUBJECT.search(head) else -1
    return (start, head) if start >= 0 else (0, "")


def _category(head: str, text: str, language: str) -> str:
    if language == "zh":  # the category is read off the subject, up to the first comma, and a sign or a semicolon may stand there
        return claim_category(_BRACKETS.sub("", text.partition("；")[0]), language)
    return "method" if _METHOD.search(head) else claim_category(text, language)


def _names_it(head: str, other: str, language: str) -> bool:
    """Whether the other claim's preamble names the same thing after another: "A computer-implemented system and method", "In a pump, a method"."""
    preamble = claim_parts(other, language).preamble or other[:200]
    if language == "zh":
        return False
    return bool(_METHOD.search(preamble)) if _METHOD.search(head) else bool(re.search(rf"\b{re.escape(head.split()[-1])}\b", preamble, re.IGNORECASE))


def _differ(own: str, other: str) -> bool:
    """Products of all kinds are alike here: what a noun is, the rules of language know better than what it is made of."""
    products = ("apparatus", "composition")
    return own != other and not (own in products and other in products)


def _refers(text: str, start: int, language: str) -> bool:
    """Whether the claim begins with its subject as known: "The method of claim 1", 根据权利要求1所述的方法."""
    return language == "zh" or (start < 120 and (not text[:3].lower().startswith(("a ", "an ")) or bool(_DEPENDENT.match(text))))
