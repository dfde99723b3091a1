"""The definitions of the CPC (root `definitions`): for each place a statement of what it covers, its relations to other places,
references, special rules, a glossary, and synonyms. Each becomes a document beside that of the place.

The files tell no hierarchy: the path of an entry is made of the subclass and the main group that its file defines, and of the
places above them where files of the scheme were read before it.
"""

import re
from collections.abc import Iterator

from lxml import etree

from ingest.errors import ReadError
from ingest.schemes.cpc import write_symbols
from ingest.schemes.cross_reference import split_references
from ingest.schemes.scheme import DEFINITION, Entries, Given, SchemeEntry, given_title, new_entries
from ingest.schemes.symbol import Symbol
from ingest.schemes.xml_events import xml_events
from ingest.xml_text import plain, readable

_MARK = "\ufdd0"  # no character of any text
_MARKED = re.compile(_MARK)
_Sections = list[tuple[str, list[str]]]


def read_cpc_definitions(data: bytes, given: Given | None = None) -> Entries:
    """A definition for each item of the file in its order; an item with a broken symbol is a ReadError in the stream.

    `given` is shared by the files of one archive or folder. Raises ReadError with the line where the XML breaks off, after
    the definitions before it.
    """
    given = {} if given is None else given
    yield from new_entries(_entries(data, given), given)


def _entries(data: bytes, given: Given) -> Entries:
    titles: dict[Symbol, str] = {}
    for _, item in xml_events(data, ("definition-item",)):
        yield from _entry(item, titles, given)
        item.clear()


def _entry(item: etree._Element, titles: dict[Symbol, str], given: Given) -> Iterator[SchemeEntry | ReadError]:
    try:
        symbol = Symbol(plain(item, "classification-symbol"))
    except ReadError as error:
        yield error
        return
    write_symbols(item)
    title, references = _title(item.find("definition-title"))
    path = (titles.get(above) or given_title(given, "cpc", str(above), "en") for above in symbol.ancestors())
    titles[symbol] = title
    sections: _Sections = []
    for part in item:
        if part.tag not in ("classification-symbol", "definition-title"):
            _Writer(part, sections).write(part)
    yield SchemeEntry(
        symbol=str(symbol),
        kind=DEFINITION,
        title=title,
        path=tuple(filter(None, path)),
        references=references,
        sections=tuple((heading, tuple(paragraphs)) for heading, paragraphs in sections if paragraphs),
        scheme="cpc",
    )


def _title(element: etree._Element | None) -> tuple[str, tuple[str, ...]]:
    """The title without the references to other places, and those."""
    if element is None:
        return "", ()
    for reference in element.iter("class-ref"):
        reference.text = _MARK + (reference.text or "")
    written = readable(element).replace("\n", " ")
    title, references = split_references(written, _MARKED)
    return (title or written).replace(_MARK, ""), tuple(reference.replace(_MARK, "") for reference in references)


class _Writer:
    """Writes a part of a definition out as paragraphs under headings. A list or a table is one paragraph, and an introduction
    ("This place covers:") or a subheading stands in one with what follows it."""

    def __init__(self, part: etree._Element, sections: _Sections, heading: str = "") -> None:
        self._sections = sections
        own = plain(part, "section-title")
        self._heading = f"{heading} / {own}" if heading and own else own or heading
        self._paragraphs: list[str] = []
        self._cells = ": " if str(part.tag).endswith("references") else " | "
        self._open = False  # the last paragraph goes on
        sections.append((self._heading, self._paragraphs))

    def write(self, part: etree._Element) -> None:
        for child in part:
            if child.tag == "paragraph-text":
                self._add(readable(child), child.get("type") in ("preamble", "subheading"))
            elif child.tag == "list":
                self._add("\n".join(filter(None, (readable(entry) for entry in child))))
            elif child.tag == "table":
                self._add("\n".join(filter(None, (self._row(row) for row in child))))
            elif child.tag == "section-title":
                continue
            elif child.find("section-title") is not None:
                _Writer(child, self._sections, self._heading).write(child)
            elif len(child):
                self.write(child)
            else:
                self._add(readable(child))

    def _row(self, row: etree._Element) -> str:
        cells = (" ".join(filter(None, (readable(paragraph) for paragraph in column))) or plain(column) for column in row)
        return self._cells.join(filter(None, (" ".join(cell.split()) for cell in cells)))

    def _add(self, text: str, goes_on: bool = False) -> None:
        if not text:
            return
        if self._open:
            self._paragraphs[-1] += f"\n{text}"
        else:
            self._paragraphs.append(text)
        self._open = goes_on
