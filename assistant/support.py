"""Whether quotations support a statement, checked by code and not by the model that wrote it.

Rules: the quotation stands verbatim in the passage it cites; every number of the statement stands in a quotation; a statement
negates where its quotations do, and not elsewhere; and the statement's words are those of the quotations (a share of their weight). Where
the languages differ, the words can't be compared, and the verdict is `unchecked`.
"""

import re
import unicodedata
from collections.abc import Sequence

from assistant.answer import Verdict
from index.terms import terms
from ingest.document import Citation
from ingest.language import CJK, detect_language

_NUMBER = re.compile(r"(?<![\w.])[-−–]?\d+(?:[.,]\d+)*|\d+(?:[.,]\d+)*")
_BLANK = re.compile(f"(?<=[{CJK}，。；：、])\\s+|\\s+(?=[{CJK}，。；：、])")
_NEGATION = re.compile(r"\b(?:not|no|never|without|none|cannot|neither|nor|free\s+of|n't)\b|n't\b|不|没有|無|无(?!线)|未|非(?!常)", re.IGNORECASE)
SUPPORTED, WEAK = 0.6, 0.35
"""Shares of a statement's distinct terms that must stand in its quotations."""


def normalized(text: str) -> str:
    """For comparing quotations: full and half width, hyphenation at line ends and white space made equal; nothing else."""
    folded = unicodedata.normalize("NFKC", text)
    return " ".join(_BLANK.sub("", re.sub(r"(?<=\w)-[^\S\n]*\n\s*(?=\w)", "", folded)).split())


def quoted_verbatim(citation: Citation, passage: str) -> bool:
    """Whether the quotation stands in the passage."""
    quote = normalized(citation.quote)
    return bool(quote) and quote in normalized(passage)


def verdict(statement: str, citations: Sequence[Citation], passages: dict[str, str]) -> Verdict:
    """How well the citations support the statement; `passages` holds the text at each anchor."""
    if not citations or any(not quoted_verbatim(c, passages.get(c.anchor, "")) for c in citations):
        return "unsupported"
    quotes = " ".join(c.quote for c in citations)
    if not _numbers(statement) <= _numbers(quotes):
        return "unsupported"
    if bool(_NEGATION.search(statement)) != bool(_NEGATION.search(quotes)):
        return "weak" if _NEGATION.search(quotes) else "unsupported"
    if detect_language(statement) != detect_language(quotes):
        return "unchecked"
    words = set(terms(statement))
    share = len(words & set(terms(quotes))) / len(words) if words else 0.0
    return "supported" if share >= SUPPORTED else "weak" if share >= WEAK else "unsupported"


def _numbers(text: str) -> set[str]:
    return {re.sub("^[−–]", "-", n.replace(",", "")) for n in _NUMBER.findall(unicodedata.normalize("NFKC", text))}
