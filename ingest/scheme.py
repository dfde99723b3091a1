"""The International Patent Classification as documents: the scheme's XML and lists of titles.

The scheme's XML (`IPCScheme`, or `ipcEntries` in older editions) nests `ipcEntry` elements; kinds s, c, u, m, 1-9, A, B
are places where a document can be classified, t, i (titles of sub-parts), g (guidance headings) and n (notes) are not.
A list of titles has a symbol and a title a line, separated by a tab. Every place becomes an entry with the titles of
all places above it, which is what helps to find it.
"""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from ingest.document import Classification, Frozen, Paragraph, PatentDocument, Section, Source
from ingest.errors import ReadError
from ingest.language import detect_language
from ingest.symbol import Symbol
from ingest.xml_text import all_text, local_name, tidy

PLACES = frozenset("scum123456789AB")
_REFERENCE = re.compile(r"\s*[（(][^()（）]*?[A-H]\d{2}[A-Z]?[^()（）]*[)）]")
_EDITIONS = re.compile(r"\s*(?:\[\d+(?:,\d+)*\]|〔[\d，,]+〕)")
_FRENCH = re.compile(r"\b(?:de|la|le|les|des|du|ou|pour|avec|par|dans|en)\b", re.IGNORECASE)


class SchemeEntry(Frozen):
    """One place of a classification: its symbol, its title, and the titles above it, outermost first."""

    symbol: str
    kind: str
    title: str
    path: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    language: str = "en"
    scheme: str = "ipc"

    @property
    def number(self) -> str:
        """The key of the entry as a document, such as `IPC:H04L9/08@en`."""
        return f"{self.scheme.upper()}:{self.symbol.replace(' ', '')}@{self.language}"

    @property
    def text(self) -> str:
        """The symbol with the full path of titles: `H04L 9/08: ELECTRICITY > … > Key distribution`."""
        return f"{self.symbol}: {' > '.join([*self.path, self.title])}"

    def document(self, source: Source) -> PatentDocument:
        """The entry as a document of its own kind, for the index."""
        paragraphs = [Paragraph(number="1", text=self.text)]
        if self.references:
            paragraphs.append(Paragraph(number="2", text="; ".join(self.references)))
        return PatentDocument(
            number=self.number,
            kind=self.scheme.upper(),
            language=self.language,
            titles={self.language: f"{self.symbol} {self.title}"},
            sections=(Section(kind="scheme", paragraphs=tuple(paragraphs)),),
            classifications=(Classification(scheme=self.scheme, symbol=self.symbol, first=True),),
            source=source,
        )


@dataclass
class _Open:
    """An `ipcEntry` that is being read."""

    kind: str
    symbol: str
    language: str
    title: str = ""
    references: tuple[str, ...] = ()


def read_scheme_xml(data: bytes) -> Iterator[SchemeEntry | ReadError]:
    """The entries of a scheme file in its order; an entry with a broken symbol is a ReadError in the stream.

    Raises ReadError with the line where the XML breaks off.
    """
    stack: list[_Open] = []
    events = etree.iterparse(io.BytesIO(data), events=("start", "end"), resolve_entities=False, load_dtd=False, no_network=True, huge_tree=True)
    try:
        for event, element in events:
            name = local_name(element)
            if event == "start" and name == "ipcEntry":
                kind = element.get("kind") or ""
                language = (element.get("lang") or (stack[-1].language if stack else "") or "").lower()[:2]
                stack.append(_Open(kind, element.get("symbol") or "", language))
            elif event == "end" and name == "textBody" and stack and not stack[-1].title:
                stack[-1].title, stack[-1].references = _title(element)
                element.clear()
                if stack[-1].kind in PLACES and stack[-1].title:
                    yield _entry(stack)
            elif event == "end" and name == "ipcEntry":
                stack.pop()
                element.clear()
    except etree.XMLSyntaxError as error:
        raise ReadError(f"not well-formed XML at line {error.lineno or 0} of the record: {error.msg}") from error


def _entry(stack: list[_Open]) -> SchemeEntry | ReadError:
    entry = stack[-1]
    try:
        symbol = str(Symbol(entry.symbol))
    except ReadError as error:
        return error
    return SchemeEntry(
        symbol=symbol,
        kind=entry.kind,
        title=entry.title,
        path=tuple(above.title for above in stack[:-1] if above.title and above.kind in PLACES),
        references=entry.references,
        language=entry.language or detect_language(entry.title) or "en",
    )


def _title(body: etree._Element) -> tuple[str, tuple[str, ...]]:
    """The title without the references to other places, and those."""
    parts, references = [], []
    for part in body.iter("{*}titlePart", "titlePart"):
        for child in part:
            if local_name(child) == "text":
                parts.append(_EDITIONS.sub("", _reference(child)).strip())
            elif local_name(child) == "entryReference":
                references.append(_reference(child))
    title = "; ".join(p for p in parts if p)
    title = re.sub(r"^SECTION [A-H]\b[\s—–-]*", "", title)
    return title, tuple(r for r in references if r)


def _reference(element: etree._Element) -> str:
    pieces = [element.text or ""]
    for child in element:
        symbols = [child.get("ref") or "", child.get("endRef") or ""]
        if any(symbols):
            pieces.append("-".join(_standard(s) for s in symbols if s))
        else:
            pieces.append(all_text(child))
        pieces.append(child.tail or "")
    return tidy("".join(pieces).replace("\n", " "))


def _standard(symbol: str) -> str:
    try:
        return str(Symbol(symbol))
    except ReadError:
        return symbol


def looks_like_title_list(head: str) -> bool:
    """Whether the first lines of a file are symbols and titles separated by tabs."""
    lines = [line for line in head.splitlines()[:6] if line.strip()]
    return bool(lines) and any(_list_line(line) is not None for line in lines[:2]) and all("\t" in line for line in lines[:-1])


def _list_line(line: str) -> tuple[Symbol, str] | None:
    symbol, tab, title = line.partition("\t")
    if not tab or not title.strip():
        return None
    try:
        return Symbol(re.sub(r"^([A-H]\d{2}[A-Z]) (\d+)$", r"\1 \2/00", symbol.strip())), title.strip()
    except ReadError:
        return None


def read_title_list(data: bytes) -> Iterator[SchemeEntry | ReadError]:
    """The entries of a list of titles. The path is made of the places above that the same list names."""
    titles: dict[Symbol, str] = {}
    rows: list[tuple[Symbol, str, tuple[str, ...]]] = []
    for count, line in enumerate(data.decode("utf-8-sig", "replace").splitlines(), start=1):
        if not line.strip() or (count == 1 and line.lower().startswith("id\t")):
            continue
        read = _list_line(line)
        if read is None:
            yield ReadError(f"line {count}: not a symbol and a title separated by a tab: {line[:60]!r}")
            continue
        symbol, text = read
        references = tuple(r.strip(" ()（）") for r in _REFERENCE.findall(text))
        title = _EDITIONS.sub("", tidy(_REFERENCE.sub("", text))).strip() or text
        titles[symbol] = title
        rows.append((symbol, title, references))
    sample = " ".join(title for _, title, _ in rows[:400])
    language = detect_language(sample)
    if language == "en" and len(_FRENCH.findall(sample)) > len(sample.split()) / 12:
        language = "fr"
    kinds = {"section": "s", "class": "c", "subclass": "u", "main group": "m", "subgroup": "1"}
    for symbol, title, references in rows:
        yield SchemeEntry(
            symbol=str(symbol),
            kind=kinds[symbol.level],
            title=title,
            path=tuple(titles[a] for a in symbol.ancestors() if a in titles),
            references=references,
            language=language or "en",
        )
