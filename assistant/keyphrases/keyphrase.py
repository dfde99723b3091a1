"""A keyphrase, and where it stands."""

import re
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Keyphrase:
    """`spans` are (part, start, end) in characters of the given `title`, `abstract` or `claims`; none where it stands in none of them.

    `probability` is that of being a keyword as KPPatent-ZH gives them, by a fitted model; None of English, whose ranking was not fitted.
    """

    text: str
    probability: float | None
    spans: tuple[tuple[str, int, int], ...]


def places(phrase: str, parts: Mapping[str, str]) -> tuple[tuple[str, int, int], ...]:
    """Every (part, start, end) at which a phrase stands, whatever its case; not inside a word of Latin letters."""
    edge = r"(?<![A-Za-z0-9])", r"(?![A-Za-z0-9])"
    pattern = re.compile(re.escape(phrase) if not phrase.isascii() else re.escape(phrase).replace(r"\ ", r"\s+").join(edge), re.IGNORECASE)
    return tuple((part, found.start(), found.end()) for part, text in parts.items() for found in pattern.finditer(text))
