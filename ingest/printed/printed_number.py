"""Document numbers as they are printed: `US 8,926,509 B2`, `EP 1 667 425 A1`, `CN 104245143 A`, `特開2012-123456`."""

import re
import unicodedata
from typing import NamedTuple

from ingest.number import document_number

_COUNTRIES = "US|EP|CN|WO|JP|KR|DE|FR|GB|TW|CA|AU|RU|ES|IT|CH|AT|NL|SE|BR|IN|EA|DD|SU|BE|DK|FI|NO|PL|CZ|HU|IL|MX|NZ|SG|ZA"
_KIND = r"(?P<kind>[A-CEHPSTUY][1-9]?)"
_DIGITS = r"(?:\d{4}/\d{5,7}|\d{2}/\d{5,6}|\d{2} \d{4} \d{3} \d{3}|\d{1,3}(?:[ ,.]\d{3}){1,4}|\d[\d.-]{3,14}\d)(?!\d)"
_FULL = re.compile(
    rf"(?<![A-Za-z])(?P<country>{_COUNTRIES})\s?-?\s?(?:(?P<front>[A-CEHPSTUY][1-9]?)\s?-\s?)?(?P<number>(?:RE|PP|D|H|T)?\s?{_DIGITS})"
    rf"\s?-?\s?(?:{_KIND}(?![A-Za-z\d]))?"
)
_BARE = re.compile(rf"(?<![\w/,.])(?P<number>(?:RE\.?|PP|DES\.?|D|H|T)?\s?\d[\d,/]{{4,12}}\d)(?:\s?{_KIND}(?![\w.]))?(?![\w/])", re.IGNORECASE)
_JAPANESE = re.compile(r"特(?P<stage>開|表|許第)\s?(?:(?P<year>\d{4})\s?-\s?)?(?P<number>\d{5,7})")


class PrintedNumber(NamedTuple):
    """The number in its standard form, its kind code, and where it ends in the text."""

    number: str
    kind: str
    end: int


def printed_number(text: str, country: str = "") -> PrintedNumber | None:
    """The first document number in a text; one without its country only where `country` says which."""
    text = unicodedata.normalize("NFKC", text)
    if match := _FULL.search(text):
        kind = match["kind"] or match["front"] or ""
        return PrintedNumber(document_number(match["country"], match["number"], kind), kind, match.end())
    if match := _JAPANESE.search(text):
        kind = "B2" if match["stage"] == "許第" else "A"
        return PrintedNumber(document_number("JP", (match["year"] or "") + match["number"], kind), kind, match.end())
    if country and (match := _BARE.search(text)):
        kind = (match["kind"] or "").upper()
        number = re.sub(r"^DES\.?", "D", match["number"].upper())
        return PrintedNumber(document_number(country, number, kind), kind, match.end())
    return None


def cited_numbers(text: str, country: str = "") -> list[str]:
    """The document numbers in a list of citations, each once."""
    text = unicodedata.normalize("NFKC", text)
    found = []
    position = 0
    while match := _FULL.search(text, position):
        kind = match["kind"] or match["front"] or ""
        found.append((match.start(), document_number(match["country"], match["number"], kind)))
        position = match.end()
    if country:
        taken = _FULL.sub(lambda m: " " * len(m[0]), text)
        for match in _BARE.finditer(taken):
            if "," in match["number"] or match["kind"] or re.fullmatch(r"\d{4}/\d{7}", match["number"]):
                found.append((match.start(), document_number(country, match["number"], (match["kind"] or "").upper())))
    return list(dict.fromkeys(number for _, number in sorted(found)))
