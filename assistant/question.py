"""What a question says about where to look: its language, the documents and claims that it names."""

import re
from dataclasses import dataclass

from ingest.language import detect_language
from ingest.number import mentioned_numbers

_CLAIM = re.compile(r"\bclaims?\s+(\d{1,3})\b|(?:权利要求|权项)\s*第?\s*(\d{1,3})", re.IGNORECASE)


@dataclass(frozen=True)
class Question:
    """`numbers` are document numbers as written, perhaps without a kind code; `claims` are claim numbers."""

    text: str
    language: str
    numbers: tuple[str, ...]
    claims: tuple[int, ...]


def understand(text: str) -> Question:
    """Read off a question what needs no search."""
    numbers = tuple(mentioned_numbers(text))
    claims = tuple(int(a or b) for a, b in _CLAIM.findall(text)) if numbers else ()
    return Question(text=text, language=detect_language(text), numbers=numbers, claims=claims)
