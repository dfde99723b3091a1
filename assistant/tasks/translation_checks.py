"""What is lost or added in a translation, as far as code can tell: the claims that a claim refers to (by the claim parser), numbers with their
units, reference signs in brackets, and the translations that a list of terms demands.
"""

import re
import unicodedata
from collections.abc import Iterator

from assistant.grounding.checking import quantities
from assistant.tasks.task import language_of
from index.terms import terms
from ingest.claims.claim_reference import find_references
from ingest.language import CJK

_ONE_SIGN = r"(?:\d{1,4}[a-zA-Z]{0,2}['’]{0,2}|[A-Z]{1,2}\d{0,3})"
_SIGN = re.compile(rf"[(（]\s*({_ONE_SIGN}(?:\s*[,，、;；]\s*{_ONE_SIGN})*)\s*[)）]")
_LISTED = re.compile(r"(?<=\d),(?!\d{3}(?!\d))")  # 7,22 are two numbers, 7,220 is one
_WORDS = (
    *("zero", "one|first|single|once", "two|second|both|double|twice|dual|pair", "three|third|triple", "four|quarter", "five|fifth", "six", "seven"),
    *("eight", "nine|ninth", "ten", "eleven", "twelve|twelfth"),
)
_WORDS_ZH = ("零", "一单", "二两双", "三", "四", "五", "六", "七", "八", "九", "十", "十", "十")
"""The words that stand for small numbers, or begin those that do."""
_HAN = re.compile(f"[{CJK}]")
_LATIN = re.compile(r"[A-Za-z]{2,}")


def wrong_translation(source: str, target: str, language: str, name: str, demanded: dict[str, str]) -> Iterator[str]:
    """What is lost or added between a text and its translation into `language`; `name` is the claim's number or another name."""
    if not target:
        yield "the translation is empty"
        return
    if language_of(target) != language and (_HAN.search(source) or _LATIN.search(source)):
        yield f"the translation is not in {'Chinese' if language == 'zh' else 'English'}"
    number = int(name) if name.isdigit() else None
    before, after = _referred(source, number), _referred(target, number)
    if before != after:
        yield f"the source refers to {_claims(before)} and the translation to {_claims(after)}"
    yield from _wrong_quantities(source, target)
    lost = sorted(signs_of(source) - signs_of(target))
    if lost:
        yield f"the reference signs {', '.join(lost)} are missing"
    yield from _wrong_terms(source, target, demanded)


def _referred(text: str, number: int | None) -> set[int]:
    return {each for reference in find_references(text, number) for each in reference.numbers}


def _claims(numbers: set[int]) -> str:
    return f"claim {', '.join(map(str, sorted(numbers)))}" if numbers else "no claim"


def signs_of(text: str) -> set[str]:
    """The reference signs in brackets: `(12)`, `（12a，13）`."""
    return {sign for group in _SIGN.findall(text) for sign in re.split(r"\s*[,，、;；]\s*", group.replace("’", "'"))}


def _wrong_quantities(source: str, target: str) -> Iterator[str]:
    """Numbers that only one side has, or that have different units. Small whole numbers may be words on either side."""
    before, after = _quantities(source), _quantities(target)
    lost = [value for value in before if value not in after and not _spelt(value, target)]
    added = [value for value in after if value not in before and not _spelt(value, source)]
    if lost:
        yield f"the numbers {', '.join(lost)} are missing"
    if added:
        yield f"the numbers {', '.join(added)} are not in the source"
    for value, units in before.items():
        others = after.get(value, set())
        if units and others and "" not in units | others and not units & others:
            yield f"{value} has the unit {', '.join(sorted(units))} in the source and {', '.join(sorted(others))} in the translation"


def _quantities(text: str) -> dict[str, set[str]]:
    """The numbers of a text, each with its units ("" for none known), without those of claims."""
    for reference in reversed(find_references(text)):
        text = f"{text[: reference.start]} {text[reference.end :]}"
    text = _LISTED.sub(", ", unicodedata.normalize("NFKC", text))
    found: dict[str, set[str]] = {}
    for value, unit in quantities(text):
        found.setdefault(value.lstrip("-"), set()).add(unit)
    return found


def _spelt(value: str, text: str) -> bool:
    """Whether a small whole number stands there as a word, or as a part of one (`单`, `双`, `first`)."""
    if not value.isdigit() or int(value) >= len(_WORDS):
        return False
    return bool(
        re.search(rf"\b(?:{_WORDS[int(value)]})|[{_WORDS_ZH[int(value)]}]{'(?![种般定起体致样旦])' if value == '1' else ''}", text, re.IGNORECASE)
    )


def _wrong_terms(source: str, target: str, demanded: dict[str, str]) -> Iterator[str]:
    """Longer terms first; what they cover is no place of a shorter one."""
    for term in sorted(demanded, key=lambda t: -len(t)):
        if occurs(term, source):
            source = _without(term, source)
            if not occurs(demanded[term], target):
                yield f'"{term}" is to be translated as "{demanded[term]}"'


def occurs(term: str, text: str) -> bool:
    """Whether a term stands in a text: Chinese as it is written, English by the stems of its words, one after another."""
    if _HAN.search(term):
        return _plain(term) in _plain(text)
    wanted, found = _stems(term), _stems(text)
    return any(found[i : i + len(wanted)] == wanted for i in range(len(found) - len(wanted) + 1)) if wanted else term.lower() in text.lower()


def _without(term: str, text: str) -> str:
    if _HAN.search(term):
        return _plain(text).replace(_plain(term), " | ")
    words = r"[\s-]+".join(re.escape(word[: max(3, len(word) - 2)]) + r"\w{0,4}" for word in re.split(r"[\s-]+", term.strip()))
    return re.sub(rf"\b{words}\b", " | ", text, flags=re.IGNORECASE)


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split()).lower()


def _stems(text: str) -> list[str]:
    return list(terms(text))
