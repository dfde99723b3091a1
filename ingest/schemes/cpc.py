"""The Cooperative Patent Classification in the scheme XML of the EPO and the USPTO (root `class-scheme`).

`classification-item` elements nest. Their level is 2 for a section, 4 for a class, 5 for a subclass, 7 for a main group, and 8
or more for a subgroup with a dot for each level above 7; items of levels 3 and 6 are headings, which reuse the symbol of what
follows. A file holds a subclass; the files of the sections hold the levels above.

What the CPC adds to the words of the IPC stands in braces, as in print.
"""

from contextlib import suppress

from lxml import etree

from ingest.errors import ReadError
from ingest.schemes.cross_reference import tidy_title
from ingest.schemes.scheme import Entries, Given, Place, given_title, new_entries
from ingest.schemes.symbol import Symbol, standard
from ingest.schemes.xml_events import xml_events
from ingest.xml_text import plain, readable

_ELEMENTS = ("classification-item", "classification-symbol", "class-title", "notes-and-warnings")
_HEADINGS = ("t", "g")
_KINDS = {str(level): kind for level, kind in enumerate("stcugm123456789ABCDEFGH", start=2)}


def read_cpc_scheme(data: bytes, given: Given | None = None) -> Entries:
    """The entries of a scheme file in its order; an item with a broken symbol is a ReadError in the stream.

    `given` is shared by the files of one archive or folder. Raises ReadError with the line where the XML breaks off, after
    the entries before it.
    """
    given = {} if given is None else given
    yield from new_entries(_entries(data, given), given)


def _entries(data: bytes, given: Given) -> Entries:
    stack: list[Place] = []
    for event, element in xml_events(data, _ELEMENTS, ("start", "end")):
        name = element.tag
        if name == "classification-item":
            if event == "start":
                if stack:
                    yield from stack[-1].entry("cpc")
                stack.append(_opened(element, stack[-1] if stack else None))
            else:
                yield from stack.pop().entry("cpc")
                element.clear()
        elif event == "end" and stack:
            place = stack[-1]
            if name == "classification-symbol":
                place.symbol = plain(element)
                if len(stack) == 1:
                    place.path = _path_above(place.symbol, given)
            elif name == "class-title":
                place.title, place.references = _title(element)
            else:
                place.notes.extend(_notes(element))


def _opened(element: etree._Element, above: Place | None) -> Place:
    kind = _KINDS.get(element.get("level") or "", "")
    return Place(kind, "", kind not in _HEADINGS, "en", above.path_below if above else ())


def _path_above(written: str, given: Given) -> tuple[str, ...]:
    """The titles that the files of the sections gave for the places above that of the file."""
    try:
        above = Symbol(written).ancestors()
    except ReadError:
        return ()
    titles = (given_title(given, "cpc", str(symbol), "en") for symbol in above)
    return tuple(filter(None, titles))


def _title(element: etree._Element) -> tuple[str, tuple[str, ...]]:
    """The title without the references to other places, and those."""
    references: list[str] = []
    write_symbols(element)
    parts = [tidy_title(_words(part, references)) for part in element.iter("title-part")]
    title = "; ".join(filter(None, parts)) or "; ".join(references)  # "(not used)"
    return title, tuple(references)


def _words(part: etree._Element, references: list[str]) -> str:
    words = []
    for child in part:
        if child.tag == "reference":
            references.append(readable(child).strip(" ;"))
        elif child.tag == "CPC-specific-text":
            words.append(f"{{{_words(child, references)}}}")
        else:
            words.append(readable(child))
    return " ".join(filter(None, words))


def write_symbols(element: etree._Element) -> None:
    """Put the symbols that an element names into their standard form, `A01C5/00` as `A01C 5/00`."""
    for reference in element.iter("class-ref"):
        if reference.text and reference.get("scheme") != "not-mapped":
            with suppress(ReadError):
                reference.text = standard(reference.text)


def _notes(element: etree._Element) -> list[str]:
    write_symbols(element)
    for paragraph in element.iter("note-paragraph"):
        paragraph.tag = "p"
    return [text for note in element.iter("note") if (text := readable(note))]
