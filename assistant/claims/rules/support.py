"""Terms of the claims that the description does not use."""

import re
import unicodedata
from collections.abc import Iterator

from assistant.claims.claim_set import ClaimSet
from assistant.claims.english import nouns
from assistant.claims.finding import Finding
from assistant.claims.rule import Rule
from index.terms import terms

TERM = Rule(
    name="term-not-in-description",
    severity="warning",
    basis={
        "us": "37 CFR 1.75(d)(1); MPEP 608.01(o)",
        "ep": "Art. 84 EPC; Guidelines F-IV, 4.3",
        "cn": "实施细则第二十二条第三款；专利法第二十六条第四款",
    },
    message={"en": "“{quoted}” is not used in the description.", "zh": "说明书中没有使用“{quoted}”一词。"},
    remedy={
        "en": "Use the description's term, or show where the description supports it.",
        "zh": "使权利要求的用语与说明书一致，或指出说明书中的依据。",
    },
)
_ENGLISH_OF_CLAIMS = frozenset(
    """
        claim claims claimed wherein whereby thereof therein thereto therefrom therewith thereon thereby therebetween thereunder thereupon
    therefor whereof comprising     comprises comprised comprise consisting consists according characterized characterised plurality said
    respectively preceding foregoing improvement improvements     aforesaid aforementioned recited defined further each having following
    selected group least between among first second third fourth fifth sixth seventh eighth     ninth tenth being plural latter former
    herein hereinafter hereinbefore including includes include does corresponding prior subsequent subsequently whether     either neither
    both only same other another such when while where which that this these those with from into onto upon through means step steps method
    apparatus     system device unit responsive last final initial away predetermined operable operative operatively adapted configured
    arranged substantially further furthermore additionally
    """.split()
)
_CHINESE_OF_CLAIMS = re.compile(r"权利|要求|特征|所述|任一|其中|根据|包括|用途|方法|步骤|一种|分别|以及|至少|所$|任|该")
_SAYS_LITTLE = frozenset(
    "fashion comparison integer element factor deviation source share choice version arrangement person interruption shorter longer".split()
)
_SHORTEST = 4
_NOUNS_ZH = ("n", "nz")


def check(claims: ClaimSet) -> Iterator[Finding]:
    """Nothing where there is no description in the language of the claims."""
    if not TERM.applies(claims) or not claims.passages or claims.language not in ("en", "zh"):
        return
    yield from (_english if claims.language == "en" else _chinese)(claims)


def _english(claims: ClaimSet) -> Iterator[Finding]:
    """Words by their stems. A compound is used where its parts are, and a word where another begins like it ("rotation", "rotating")."""
    used = set(terms(claims.description))
    beginnings = {stem[:length] for stem in used for length in range(4, min(len(stem), 9) + 1)}
    reported: set[str] = set()
    for claim in claims.claims:
        for match in nouns(claim.text):
            word = match.group().lower()
            if word in reported or not _is_term(word):
                continue
            stems = [s for s in terms(word) if s not in _ENGLISH_OF_CLAIMS]
            missing = [s for s in stems if s not in used and s[: max(4, min(len(s) - 3, 9))] not in beginnings]
            before = re.search(r"[A-Za-z]+$", claim.text[: match.start()].rstrip())
            if (
                not missing
                or (before and used.intersection(terms(before.group() + word)))
                or used.intersection(terms(word.replace("-", "")))
                or _is_made_of(missing[0], used)
            ):
                continue
            reported.add(word)
            yield TERM.finding(claims, claim, match.start(), match.end())


def _is_term(word: str) -> bool:
    """Whether a word names something: a word of claims, a sign or an adverb does not."""
    return (
        len(word) >= _SHORTEST
        and word.isascii()
        and not (word in _ENGLISH_OF_CLAIMS or word in _SAYS_LITTLE or word.endswith("ly"))
        and not any(c.isdigit() for c in word)
    )


def _is_made_of(stem: str, used: set[str]) -> bool:
    """Whether a word is written in the description as two ("workpiece", "work piece"), or with a prefix."""
    return (
        any(stem[:i] in used and stem[i:] in used for i in range(3, len(stem) - 2))
        or re.sub(r"^(?:non|un|re|pre|de|dis|in|im|sub|inter|multi|co)", "", stem) in used
    )


def _chinese(claims: ClaimSet) -> Iterator[Finding]:
    import rjieba

    description = re.sub(r"\s", "", unicodedata.normalize("NFKC", claims.description))
    reported: set[str] = set()
    for claim in claims.claims:
        at = 0
        for word, tag in rjieba.tag(claim.text):
            start, at = at, at + len(word)
            if tag not in _NOUNS_ZH or len(word) < 2 or word in reported or _CHINESE_OF_CLAIMS.search(word):
                continue
            plain = unicodedata.normalize("NFKC", word)
            if plain not in description and not (len(plain) > 2 and (plain[:2] in description or plain[-2:] in description)):
                reported.add(word)
                yield TERM.finding(claims, claim, start, at)
