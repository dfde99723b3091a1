"""Elements put as means, or a step, for a function (35 U.S.C. 112(f)): they are read as what the description discloses for that function.

"Means" with a function and no structure raises the presumption that 112(f) applies; the words that stand in for it are those of MPEP 2181, I.A.
Only where an element is introduced is it noted, once in a claim and function.
"""

import re
from collections.abc import Iterator

from assistant.claims.claim_set import ClaimSet
from assistant.claims.finding import Finding
from assistant.claims.rule import Rule

MEANS = Rule(
    name="means-plus-function",
    severity="note",
    basis={"us": "35 U.S.C. 112(f) and (b); MPEP 2181"},
    message={
        "en": "“{quoted}” names a function and no structure: it covers what the description discloses for it, and equivalents.",
        "zh": "“{quoted}”以功能限定而未写明结构，其保护范围为说明书公开的相应结构及其等同物。",
    },
    remedy={
        "en": "Make sure that the description links a structure, material or act (in software, an algorithm) to it, or recite the structure.",
        "zh": "确认说明书针对该功能明确记载了相应的结构、材料或动作（软件须记载算法），或在权利要求中写明结构。",
    },
)
_MEANS = re.compile(
    r"(?<!\bby\s)(?<!\bby\sthe\s)\b(?:means(?:\s*\([^()]{1,20}\))?\s*,?\s+(?:for\s+(?:[a-z]+ly\s+)?[a-z]+ing\b|(?:configured|adapted|operable|arranged)\s+"
    r"(?:to|for)\s+\w+|to\s+(?!be\b|claim)[a-z]+\b)|step\s+for\s+(?:[a-z]+ly\s+)?[a-z]+ing\b|(?:an?|one)\s+(?:mechanism|module|unit)\s+for\s+(?:[a-z]+ly\s+)?[a-z]+ing\b)",
    re.IGNORECASE,
)
_KNOWN = re.compile(r"\b(?:the|said)\s+(?:[\w-]+\s+){0,4}$|\bby\s+$|\b(?:circuit|circuitry|table|spring|lens|processor)\s+$", re.IGNORECASE)


def check(claims: ClaimSet) -> Iterator[Finding]:
    if not MEANS.applies(claims) or claims.language != "en":
        return
    for claim in claims.claims:
        seen: set[str] = set()
        for match in _MEANS.finditer(claim.text):
            words = match.group().lower()
            if words not in seen and not _KNOWN.search(claim.text[max(0, match.start() - 60) : match.start()]):
                seen.add(words)
                yield MEANS.finding(claims, claim, match.start(), match.end())
