"""The International Patent Classification in the XML of WIPO's master files: `IPCScheme`, or `ipcEntries` in older editions.

`ipcEntry` elements nest. Kinds s, c, u, m, 1-9, A, B are places where a document can be classified; t and i (titles of parts
of a section, and an index) reuse the symbols of classes and subclasses and are not, nor are g (guidance headings) and d
(deleted places). A note (n) stands in the place that it is about, or before it where it is about a range of places.
"""

import re

from lxml import etree

from ingest.errors import ReadError
from ingest.schemes.scheme import Entries, Given, Place, new_entries
from ingest.schemes.symbol import standard
from ingest.schemes.xml_events import xml_events
from ingest.xml_text import local_name, readable

PLACES = frozenset("scum123456789AB")
_SECTION = re.compile(r"^SECTION [A-H]\b[\s—–-]*")
_CHARACTERS = {
    "emdash": "—", "nbsp": " ", "ge": "≥", "le": "≤", "degree": "°", "larrow": "←", "rarrow": "→", "tbond": "≡",
    "llinkt": ">", "rlinkt": "<",  # two bonds: >N—CO—N<
}  # fmt: skip
_SYMBOL_FONT = str.maketrans("abcdefghiklmnopqrstuwxyz", "αβχδεφγηικλμνοπθρστυωξψζ")


def read_ipc_scheme(data: bytes, given: Given | None = None) -> Entries:
    """The entries of a scheme file in its order; an entry with a broken symbol is a ReadError in the stream.

    `given` is shared by the files of one archive or folder. Raises ReadError with the line where the XML breaks off, after
    the entries before it.
    """
    yield from new_entries(_entries(data), {} if given is None else given)


def _entries(data: bytes) -> Entries:
    stack: list[Place] = []
    waiting: dict[str, list[str]] = {}  # notes that stand before the place that they are about
    for event, element in xml_events(data, ("{*}ipcEntry", "{*}textBody"), ("start", "end")):
        if local_name(element) == "textBody":
            if event == "end" and stack:
                _read_body(element, stack, waiting)
                element.clear()
        elif event == "start":
            place = _opened(element, stack[-1] if stack else None)
            if stack and place.target:
                yield from _entry(stack[-1], waiting)
            stack.append(place)
        else:
            yield from _entry(stack.pop(), waiting)
            element.clear()


def _opened(element: etree._Element, above: Place | None) -> Place:
    kind = element.get("kind") or ""
    language = (element.get("lang") or (above.language if above else "")).lower()[:2]
    return Place(kind, element.get("symbol") or "", kind in PLACES, language, above.path_below if above else ())


def _read_body(body: etree._Element, stack: list[Place], waiting: dict[str, list[str]]) -> None:
    """The title of the innermost place; where that is a note, the note of the place around it or of the one that follows."""
    _write_out_empty_elements(body)
    place = stack[-1]
    if place.target and not place.title:
        place.title, place.references = _title(body)
    elif place.kind == "n" and (note := _note(body)):
        about = stack[-2] if len(stack) > 1 else None
        if about is not None and about.symbol == place.symbol and not about.given:
            about.notes.append(note)
        else:
            waiting.setdefault(place.symbol, []).append(note)


def _entry(place: Place, waiting: dict[str, list[str]]) -> Entries:
    """The entry of a place once all that stands before the places below it has been read."""
    if place.target and place.title and not place.given:
        place.notes = [*waiting.pop(place.symbol, ()), *place.notes]
    return place.entry("ipc")


def _title(body: etree._Element) -> tuple[str, tuple[str, ...]]:
    """The title without the references to other places, and those."""
    parts, references = [], []
    for part in body.iter("{*}titlePart"):
        for child in part:
            name = local_name(child)
            if name == "text":
                parts.append(readable(child))
            elif name == "entryReference":
                references.append(readable(child))
    return _SECTION.sub("", "; ".join(filter(None, parts))), tuple(filter(None, references))


def _note(body: etree._Element) -> str:
    for paragraph in body.iter("{*}noteParagraph"):
        paragraph.tag = "p"
    return "\n".join(filter(None, (readable(note) for note in body.iter("{*}note"))))


def _write_out_empty_elements(body: etree._Element) -> None:
    """References to places and characters are elements without text."""
    for element in body.iter("{*}sref", "{*}mref"):
        element.text = "-".join(_standard(symbol) for symbol in (element.get("ref"), element.get("endRef")) if symbol) or element.text
    for element in body.iter("{*}symbol", *(f"{{*}}{name}" for name in _CHARACTERS)):
        element.text = _CHARACTERS.get(local_name(element)) or (element.get("character") or "").translate(_SYMBOL_FONT)


def _standard(symbol: str) -> str:
    try:
        return standard(symbol)
    except ReadError:
        return symbol
