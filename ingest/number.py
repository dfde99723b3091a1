"""Document numbers: country, number without padding or spaces, kind code (WIPO ST.3, ST.16)."""

import re

_PADDED = re.compile(r"^([A-Z]{0,2})0+(?=\d)")
_YEAR_FIRST = ("WO", "JP")
MENTION = re.compile(
    r"(?<![A-Za-z0-9])(US|EP|CN|WO|JP|KR|DE|FR|GB|TW|CA|AU|RU)[\s-]?(?:Patent\s+)?((?:RE|PP|D|H)?\d[\d,./\s]{3,14}\d|\d{6,13})[\s-]?([A-Z]\d?)?(?![A-Za-z0-9])",
    re.IGNORECASE,
)
"""A document number in running text: country, number, kind code."""


def document_number(country: str, number: str, kind: str = "") -> str:
    """`("US", "08926509", "B2")` to `US8926509B2`; `("US", "D0651432", "S1")` to `USD651432S1`. A zero at the beginning is of a
    number that begins with a year (`WO0244858A2`, `JPH0456789A`), and padding elsewhere."""
    country, number = country.strip().upper(), re.sub(r"[\s,./-]", "", number.strip().upper())
    if country not in _YEAR_FIRST:
        number = _PADDED.sub(r"\1", number)
    return f"{country}{number}{kind.strip().upper()}"


def mentioned_numbers(text: str) -> list[str]:
    """The document numbers that a question names, `US 8,926,509 B2` as `US8926509B2`."""
    found = []
    for country, number, kind in MENTION.findall(text.replace("　", " ")):
        found.append(document_number(country, number, kind))
    return list(dict.fromkeys(found))
