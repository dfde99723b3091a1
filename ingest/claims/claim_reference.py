"""Where a text names claims by number: "claims 1 to 3 or 5", "any preceding claim", 权利要求1至3中任一项, "einem der Ansprüche 1 bis
3", "l'une quelconque des revendications 1 à 3", 請求項１〜３のいずれか一項.

A range holds all of its members. Only the numbers are read here; what a reference makes of the claim that it is in, says
`ingest.claims.dependency`.
"""

import re
from typing import NamedTuple

from ingest.claims.category import claim_language

_NUMBER = r"\d{1,4}(?!\d|\.\d|\s{0,3}(?:%|°|mm|cm|nm|ml|mg|kg|Hz|percent|degrees|Prozent|Grad|pour\s+cent))"
_DASH = "[-–—−~]"

_SEPARATOR_EN = (
    rf"\s{{0,4}}(?:,?\s{{0,4}}(?:and\s*/\s*or|and|or|to|through|thru|as\s+well\s+as)|{_DASH}|,|;|/)\s{{0,4}}"
    r"(?:(?:any\s+(?:one\s+)?of|one\s+of|of|with)\s{1,4})?(?:(?:the\s+)?claims?\s{0,4})?"
)
CLAIM_LIST_EN = re.compile(rf"claims?\s{{0,4}}({_NUMBER}(?:{_SEPARATOR_EN}{_NUMBER})*)", re.IGNORECASE)
_ALL_EN = re.compile(
    r"\b(?:any|one|either|each)\b[^.;:]{0,30}?\b(?:preceding|previous|prior|foregoing|above)\s{1,4}claims?\b"
    r"|\bthe\s{1,4}(?:preceding|previous|foregoing)\s{1,4}claims?\b|\bclaims?\s{1,4}(?:above|hereinbefore)\b"
    r"|\b(?:above|afore)-?\s?mentioned\s{1,4}claims?\b",
    re.IGNORECASE,
)
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_ORDINAL = rf"(?:{'|'.join(_ORDINALS)})"
_ORDINAL_EN = re.compile(
    rf"(?:according\s{{1,4}}to|(?:claimed|defined|recited)\s{{1,4}}in)\s{{1,4}}(?:the\s{{1,4}})?({_ORDINAL}(?:\s{{1,4}}or\s{{1,4}}(?:the\s{{1,4}})?{_ORDINAL})?)"
    r"\s{1,4}claims?\b(?!\s{0,4}\d)",
    re.IGNORECASE,
)
_ONE_AS_A_LETTER = re.compile(r"(?<=\bclaim )[Il](?=[\s,.;])")  # "as claimed in claim I": a scanner's reading of 1

_SEPARATOR_DE = (
    rf"\s{{0,4}}(?:,?\s{{0,4}}\b(?:und\s*/\s*oder|und|oder|bis|sowie)\b|{_DASH}|,|;|/)\s{{0,4}}"
    r"(?:(?:nach\s{1,4})?(?:einem\s{1,4})?(?:der|den|dem)\s{1,4})?(?:(?:patent)?anspr(?:uch|üchen?)\s{1,4})?"
)
_LIST_DE = re.compile(rf"\b(?:patent)?anspr(?:uchs?|üchen?)\s{{0,4}}({_NUMBER}(?:{_SEPARATOR_DE}{_NUMBER})*)", re.IGNORECASE)
_ALL_DE = re.compile(
    r"\b(?:(?:vorher|voran|vorr?aus)gehende|vorangegangene|voranstehende|vorstehende|vorherige|vorgenannte|vorige|obige|frühere)[nmr]?\s{1,4}"
    r"(?:genannten\s{1,4})?(?:patent)?anspr(?:uchs?|üchen?)\b",
    re.IGNORECASE,
)

_SEPARATOR_FR = (
    rf"\s{{0,4}}(?:,?\s{{0,4}}\b(?:et\s*/\s*ou|et|ou|à|jusqu['’]à|ainsi\s+que)\b|{_DASH}|,|;|/)\s{{0,4}}"
    r"(?:(?:selon\s{1,4}|à\s{1,4})?(?:l['’]une?\s{1,4})?(?:quelconque\s{1,4})?(?:de\s{1,4})?(?:la|les|des)\s{1,4})?(?:revendications?\s{0,4})?"
)
_LIST_FR = re.compile(rf"\brevendications?\s{{0,4}}({_NUMBER}(?:{_SEPARATOR_FR}{_NUMBER})*)", re.IGNORECASE)
_ALL_FR = re.compile(
    r"\brevendications?\s{1,4}(?:pr[ée]c\w{2,4}entes?|antérieures?|ci-dessus|qui\s+précèdent)\b"
    r"|\b(?:précédentes?|présentes)\s{1,4}revendications?\b(?!\s{0,4}\d)",
    re.IGNORECASE,
)

_CLAIM_ZH = "(?:权利要求|權利要求|请求项|請求項)"
_DIGITS = r"[0-9０-９]{1,4}"
CLAIM_LIST_ZH = re.compile(
    rf"(?:{_CLAIM_ZH}\s{{0,4}}第?|申[请請][专專]利[范範][围圍]第)\s{{0,4}}({_DIGITS}(?:\s{{0,4}}项?項?(?:中)?(?:的)?(?:任意一项|任一项|任一項|任一|任何一项)?\s{{0,4}}"
    rf"(?:至|到|或者?|和|及|以及|、|，|,|-|~|～|–|—|－)\s{{0,4}}(?:[根依]?[据據]|如|按照)?{_CLAIM_ZH}?\s{{0,4}}第?\s{{0,4}}{_DIGITS})*)"
)
_ALL_ZH = re.compile(rf"(?:前述|以上|上述|前面)(?:的)?(?:任意?一[项項]?|任何一[项項]?|任意)?(?:的)?{_CLAIM_ZH}(?!\s{{0,4}}[0-9０-９])")

_SEPARATOR_JA = (
    r"\s{0,4}(?:の?(?:いずれか|何れか)(?:一項|[1１]項)?)?(?:に記載)?\s{0,4}(?:、|，|,|・|及び|および|並びに|又は|または|もしくは|若しくは|あるいは|或いは|乃至|ないし|から"
    r"|と|至|[-−－‐–—ー~～〜])\s{0,4}(?:又は|または|及び|および|もしくは|若しくは|あるいは|或いは)?\s{0,4}(?:請求項\s{0,4})?"
)
_LIST_JA = re.compile(rf"請求項\s{{0,4}}({_DIGITS}(?:{_SEPARATOR_JA}{_DIGITS})*)")
_ALL_JA = re.compile(r"(?:前記|上記|前述の|先行する|以上の)(?:各|いずれかの|何れかの|いずれか一つの)?請求項(?!\s{0,4}[0-9０-９])")

_PATTERNS = {
    "en": ("claim", CLAIM_LIST_EN, _ALL_EN),
    "de": ("anspr", _LIST_DE, _ALL_DE),
    "fr": ("revendication", _LIST_FR, _ALL_FR),
    "zh": ("", CLAIM_LIST_ZH, _ALL_ZH),
    "ja": ("請求項", _LIST_JA, _ALL_JA),
}
_RANGE = re.compile(r"^[\s,]*(?:to|through|thru|bis|à|jusqu['’]à)\b|[-–—−－‐~～〜ー至到]|ないし|から", re.IGNORECASE)
_JUST_THE_LAST = re.compile(
    r"\b(?:the|dem|des|la)\s{1,4}\w{1,20}\s{1,4}(?:claim|(?:patent)?anspruchs?)$|\bla\s{1,4}revendication\s{1,4}\w{1,20}$", re.IGNORECASE
)
_ANY = re.compile(r"(?:any|one|either|each)\b", re.IGNORECASE)
_LONGEST_RANGE = 500


class Reference(NamedTuple):
    """Characters `start` to `end` name the claims `numbers` (ascending) in a language."""

    start: int
    end: int
    numbers: tuple[int, ...]
    language: str


def find_references(text: str, number: int | None = None) -> list[Reference]:
    """The references in order.

    `number` is the number of the claim that the text is, which is never among them: "any preceding claim" is 1 to `number` - 1,
    and nothing where it is not known. A number above it is another quantity ("claims 1 to 3, 90 parts by weight") where earlier
    claims stand beside it.
    """
    lower = text.lower()
    found = []
    for language, (keyword, listing, every) in _PATTERNS.items():
        if keyword not in lower or (language in ("zh", "ja") and (text.isascii() or claim_language(text) != language)):
            continue
        if language == "en":
            found += [
                Reference(m.start(), m.end(), tuple(1 + _ORDINALS.index(o) for o in re.findall(_ORDINAL, m.group(1).lower())), "en")
                for m in _ORDINAL_EN.finditer(text)
            ]
            text = _ONE_AS_A_LETTER.sub("1", text)
        for match in listing.finditer(text):
            numbers = _expand(match.group(1), number)
            if numbers:
                found.append(Reference(match.start(), match.end(), numbers, language))
        if number is not None and number > 1:
            for match in every.finditer(text):
                first = number - 1 if _singular(text, match) else 1
                found.append(Reference(match.start(), match.end(), tuple(range(first, number)), language))
    return sorted(found)


def _singular(text: str, match: re.Match[str]) -> bool:
    """Whether "the preceding claim" is the one before, and not any."""
    return bool(_JUST_THE_LAST.search(text[max(0, match.start() - 8) : match.end()])) and not _ANY.match(match.group())


def _expand(listing: str, number: int | None) -> tuple[int, ...]:
    """`1 to 3 or 5` to `(1, 2, 3, 5)`."""
    found: set[int] = set()
    last, in_range = 0, False
    for digits, between in re.findall(r"(\d+)(\D*)", listing):
        value = int(digits)
        found.update(range(last + 1, value + 1) if in_range and last < value <= last + _LONGEST_RANGE else (value,))
        last, in_range = value, bool(_RANGE.search(between))
    found -= {0, number}
    earlier = [n for n in found if number is None or n < number]
    return tuple(sorted(earlier or found))
