"""Places of a classification scheme as documents: what the readers of `ingest.schemes.ipc`, `ingest.schemes.cpc`, `ingest.schemes.cpc_definitions`
and `ingest.schemes.title_list` yield."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from ingest.document import Classification, Frozen, Paragraph, PatentDocument, Section, Source
from ingest.errors import ReadError
from ingest.language import detect_language
from ingest.schemes.symbol import Symbol

DEFINITION = "definition"
"""The kind of a `SchemeEntry` that says what belongs in a place."""


LONGEST_PATH = 20_000
"""In characters. Each place repeats the titles above it, so that one title without end would grow without bounds."""


def _place_number(scheme: str, symbol: str, language: str) -> str:
    return f"{scheme.upper()}:{symbol.replace(' ', '')}@{language}"


class SchemeEntry(Frozen):
    """One place of a classification: its symbol, its title, and the titles above it, outermost first.

    `kind` is a letter of the IPC's: `s` section, `c` class, `u` subclass, `m` main group, and for subgroups the number of
    their dots, `1` to `9`, `A`, `B`; or `definition` for the text that says what belongs in a place, a document beside that
    of the place. `references` lead to other places, `notes` are those printed at the place, a line for each paragraph.
    """

    symbol: str
    kind: str
    title: str
    path: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    sections: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """For a definition: headings, and the paragraphs under each."""
    language: str = "en"
    scheme: str = "ipc"

    @property
    def number(self) -> str:
        """The key of the entry as a document, such as `IPC:H04L9/08@en`; `CPC:H04L9/08@en-def` for a definition."""
        return _place_number(self.scheme, self.symbol, self.language) + ("-def" if self.kind == DEFINITION else "")

    @property
    def text(self) -> str:
        """The symbol with the full path of titles: `H04L 9/08: ELECTRICITY > … > Key distribution`."""
        return f"{self.symbol}: {' > '.join([*self.path, self.title])}"

    def document(self, source: Source) -> PatentDocument:
        """The entry as a document of its own kind, for the index: a paragraph with the path, one with the references, one for
        each note; then the sections of a definition."""
        first = [self.text, *(["; ".join(self.references)] if self.references else []), *self.notes]
        sections, count = [], 0
        for heading, texts in (("", first), *self.sections):
            paragraphs = tuple(Paragraph(number=str(number), text=text) for number, text in enumerate(texts, start=count + 1))
            sections.append(Section(heading=heading, kind="scheme", paragraphs=paragraphs))
            count += len(paragraphs)
        return PatentDocument(
            number=self.number,
            kind=self.scheme.upper(),
            language=self.language,
            titles={self.language: f"{self.symbol} {self.title}"},
            sections=tuple(sections),
            classifications=(Classification(scheme=self.scheme, symbol=self.symbol, first=True),),
            source=source,
        )


Entries = Iterator[SchemeEntry | ReadError]
"""The entries of a file in its order; a ReadError stands for an entry that can't be read."""

Given = dict[str, SchemeEntry]
"""The sections, classes and subclasses that the files of one archive or folder have given so far, by `SchemeEntry.number`.

Offices publish a scheme in a file for each subclass, with the places above it in others. A reader looks here for the titles
that its file lacks, so the files are read in the order of their names, which puts those of the sections first; where the
upper places are not here, the path begins with what the file has.
"""


class Schemes:
    """For one run of reading: what the files of each archive and of each folder gave."""

    def __init__(self) -> None:
        self._given: dict[str, Given] = {}

    def given(self, path: str) -> Given:
        """For the record at `path` (`archive.zip!member` inside an archive)."""
        archive, inside, _ = path.rpartition("!")
        return self._given.setdefault(archive if inside else path.rpartition("/")[0], {})


def given_title(given: Given, scheme: str, symbol: str, language: str) -> str:
    """The title that was given for a section, class or subclass; "" where none was."""
    entry = given.get(_place_number(scheme, symbol, language))
    return entry.title if entry else ""


def new_entries(entries: Entries, given: Given) -> Entries:
    """The entries without the sections, classes and subclasses of which as much was given before.

    Raises ReadError where there is nothing at all.
    """
    empty = True
    for entry in entries:
        empty = False
        if isinstance(entry, ReadError):
            yield entry
        elif len(entry.title) + sum(map(len, entry.path)) > LONGEST_PATH:
            yield ReadError(f"{entry.symbol}: titles of over {LONGEST_PATH:,} characters in all, from the section down; this is no scheme")
        elif entry.kind not in ("s", "c", "u"):
            yield entry
        elif entry.number not in given or not _tells_as_much(given[entry.number], entry):
            given[entry.number] = entry
            yield entry
    if empty:
        raise ReadError("no place of a classification is in it; see docs/formats.md for the schemes that are read")


def _tells_as_much(before: SchemeEntry, entry: SchemeEntry) -> bool:
    return before.title == entry.title and len(before.path) >= len(entry.path) and (before.notes == entry.notes or not entry.notes)


@dataclass(slots=True)
class Place:
    """A place of a scheme's XML while it is read. Its title, references and notes stand before the places below it."""

    kind: str
    symbol: str
    target: bool
    language: str
    path: tuple[str, ...]
    title: str = ""
    references: tuple[str, ...] = ()
    notes: list[str] = field(default_factory=list)
    given: bool = False

    @property
    def path_below(self) -> tuple[str, ...]:
        return (*self.path, self.title) if self.target and self.title else self.path

    def entry(self, scheme: str) -> Entries:
        """The entry of a place that is a target and has a title, once; a ReadError where its symbol is none."""
        if self.given or not self.target or not self.title:
            return
        self.given = True
        try:
            symbol = str(Symbol(self.symbol))
        except ReadError as error:
            yield error
            return
        yield SchemeEntry(
            symbol=symbol,
            kind=self.kind,
            title=self.title,
            path=self.path,
            references=self.references,
            notes=tuple(self.notes),
            language=self.language or detect_language(self.title) or "en",
            scheme=scheme,
        )
