"""Dates as they are printed on patents: `Jan. 6, 2015`, `24 December 2014`, `07.06.2006`, `2014.12.24`, `2014年12月24日`."""

import re
from datetime import date

_MONTHS = {
    name: number
    for number, names in enumerate(
        "jan januar january janvier|feb februar february février fevrier|mar mär märz march mars|apr april avril|may mai"
        "|jun juni june juin|jul juli july juillet|aug august août aout|sep sept september septembre|oct okt oktober october octobre"
        "|nov november novembre|dec dez dezember december décembre decembre".split("|"),
        start=1,
    )
    for name in names.split()
}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DATE = re.compile(
    rf"\b(?P<m1>{_MONTH})\b[.,]?\s+(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?\s*[.,]?\s+(?P<y1>\d{{4}})\b"
    rf"|\b(?P<d2>\d{{1,2}})(?:st|nd|rd|th|er)?\.?\s+(?P<m2>{_MONTH})\b[.,]?\s+(?P<y2>\d{{4}})\b"
    r"|(?<![\d.])(?P<y3>[12]\d{3})\s?[.\-/年]\s?(?P<m3>\d{1,2})\s?[.\-/月]\s?(?P<d3>\d{1,2})(?![\d/])"
    r"|(?<![\d.])(?P<d4>\d{1,2})\.(?P<m4>\d{1,2})\.(?P<y4>[12]\d{3})(?!\d)",
    re.IGNORECASE,
)


def printed_dates(text: str) -> list[date]:
    """The dates in a text, in order; what only looks like one is left out."""
    found = []
    for match in _DATE.finditer(text):
        for form in "1234":
            year, month, day = match[f"y{form}"], match[f"m{form}"], match[f"d{form}"]
            if year:
                number = int(month) if month.isdigit() else _MONTHS[month.lower()]
                try:
                    found.append(date(int(year), number, int(day)))
                except ValueError:
                    continue
    return found


def printed_date(text: str) -> date | None:
    """The first date in a text, or None."""
    return next(iter(printed_dates(text)), None)
