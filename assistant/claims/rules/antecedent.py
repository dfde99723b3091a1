"""Antecedent basis: what a claim calls "the" or "said" (所述, 该) must have been introduced, in the claim before that place or in each path of
claims above it."""

from collections.abc import Callable, Iterator

from assistant.claims import chinese, english
from assistant.claims.claim_set import ClaimSet, Path
from assistant.claims.finding import Finding
from assistant.claims.mention import Introduced, Mention
from assistant.claims.rule import Rule
from assistant.claims.rules.ancestry import Ancestry
from ingest.document import Claim

ANTECEDENT = Rule(
    name="antecedent-basis",
    severity="warning",
    basis={
        "us": "35 U.S.C. 112(b); MPEP 2173.05(e)",
        "ep": "Art. 84 EPC; Guidelines F-IV, 4.1",
        "cn": "专利法第二十六条第四款；审查指南第二部分第二章3.2.2",
    },
    message={
        "en": "“{quoted}” has no antecedent{path}: nothing of that name is introduced before.",
        "zh": "“{quoted}”缺乏引用基础{path}：此前没有出现该名称的特征。",
    },
    remedy={
        "en": "Introduce it first (with “a” or “an”), use the name under which it was introduced, or depend on a claim that introduces it.",
        "zh": "先引入该特征（不用“所述”“该”），或使用引入时的名称，或改为引用已记载该特征的权利要求。",
    },
)
_LANGUAGES: dict[str, tuple[Callable[[str], Iterator[Mention]], Callable[[str], Introduced]]] = {
    "en": (english.mentions, english.Introduced),
    "zh": (chinese.mentions, chinese.Introduced),
}


def check(claims: ClaimSet) -> Iterator[Finding]:
    if not ANTECEDENT.applies(claims) or claims.language not in _LANGUAGES:
        return
    mentions, introduced_by = _LANGUAGES[claims.language]
    introduced = {c.number: introduced_by(c.text) for c in claims.claims}
    ancestry = Ancestry(claims)
    for claim in claims.claims:
        if not ancestry.is_known(claim):
            continue
        reported: set[tuple[str, ...]] = set()
        for mention in mentions(claim.text):
            path = _path_without(ancestry, claim, mention, introduced)
            if path is not None and mention.phrases[0] not in reported:
                reported.add(mention.phrases[0])
                yield ANTECEDENT.finding(claims, claim, mention.start, mention.end, path=_named(claims, path))


def _path_without(ancestry: Ancestry, claim: Claim, mention: Mention, introduced: dict[int, Introduced]) -> Path | None:
    """A path of ancestors on which the thing mentioned is not known, nor in the claim before the mention; None where it always is."""
    own = introduced[claim.number]
    first: Path | None = None
    for phrase in mention.phrases:
        for thing in phrase:
            if own.has(thing, mention.start):
                continue
            path = ancestry.path_without(claim, lambda number, thing=thing: introduced[number].has(thing))  # type: ignore[misc]
            if path is not None:
                first = path if first is None else first
                break
        else:
            return None
    return first


def _named(claims: ClaimSet, path: Path) -> str:
    if not path:
        return ""
    numbers = (", " if claims.report_language == "en" else "、").join(map(str, path))
    if claims.report_language == "zh":
        return f"（沿引用的权利要求{numbers}）"
    return f" by way of claim{'s' if len(path) > 1 else ''} {numbers}"
