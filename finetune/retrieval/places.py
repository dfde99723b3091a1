"""The subclasses and main groups that documents stand at."""

from ingest.document import Classification, PatentDocument
from ingest.errors import ReadError
from ingest.schemes.symbol import Symbol

LEVELS = ("subclass", "main group")


def places_of(document: PatentDocument) -> list[str]:
    """The subclasses and main groups that a document stands at."""
    return sorted({p for c in document.classifications for level in LEVELS if (p := _place(c, level))})


def place(symbol: str, level: str) -> str:
    """The subclass (`H04L`) or main group (`H04L 9/00`) that a symbol stands in; "" for one that stands above."""
    found = Symbol(symbol)
    if level == "subclass":
        return f"{found.section}{found.cls}{found.subclass}" if found.subclass else ""
    return f"{found.section}{found.cls}{found.subclass} {found.group}/00" if found.group else ""


def _place(classification: Classification, level: str) -> str:
    try:
        return place(classification.symbol, level)
    except ReadError:  # a symbol of another scheme
        return ""


def first_place(document: PatentDocument, level: str) -> str:
    """That of its first classification; "" where there is none."""
    return _place(document.classifications[0], level) if document.classifications else ""


def level_of(symbol: str) -> str:
    """As `Symbol.level`; "" for a symbol of another scheme."""
    try:
        return Symbol(symbol).level
    except ReadError:
        return ""
