"""What the sources hold, in batches of raw records: always cut at the same places, so that a batch that is done need not be read again."""

import gzip
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from finetune.corpus.settings import CorpusSource
from finetune.errors import StageError
from finetune.running import StageContext
from ingest.document import PatentDocument
from ingest.forms import ALONE
from ingest.outcome import Failed
from ingest.reading import find_files, pieces, shown_path
from ingest.records import Piece, Record

RECORDS, BYTES = 256, 8 << 20
"""A batch ends with one of these."""
_CATALOGUE = "catalogue.sqlite"
_END = "<|endoftext|>"
_LONG = 100_000
_LONGEST = 64 << 20


@dataclass(frozen=True)
class Row:
    """A line of JSON, or a plain text, of a general corpus."""

    path: str
    number: int
    data: str
    json: bool


Item = Piece | PatentDocument | Row
"""A record that is not parsed yet, a document of an index, a row of a general corpus, or a failure."""


@dataclass(frozen=True)
class Batch:
    """`source` is its place among the sources. Records of classification schemes come `alone`: the files of a scheme need the titles of others."""

    number: int
    source: int
    items: tuple[Item, ...]
    alone: bool = False


def present(source: CorpusSource, context: StageContext) -> list[Path]:
    """The paths of a source. Raises StageError for one that isn't there; in a dry run it is left out."""
    paths = [context.path(p) for p in source.paths]
    missing = [p for p in paths if not p.exists()]
    if missing and not context.dry_run:
        raise StageError(f"source {source.name}: {missing[0]}: no such file or folder; mend its paths, or take it out of the sources")
    return [p for p in paths if p not in missing]


def batches(sources: Iterable[tuple[CorpusSource, Iterable[Item]]]) -> Iterator[Batch]:
    """All sources one after another."""
    number = 0
    for place, (source, items) in enumerate(sources):
        for some, alone in _cut(islice(items, source.limit)):
            yield Batch(number, place, some, alone)
            number += 1


def items_of(source: CorpusSource, paths: Iterable[Path]) -> Iterator[Item]:
    for path in paths:
        if source.kind == "general":
            yield from _general(path)
        elif (path / _CATALOGUE).is_file():
            yield from _index(path)
        else:
            yield from pieces([path])


def _cut(items: Iterable[Item]) -> Iterator[tuple[tuple[Item, ...], bool]]:
    some: list[Item] = []
    size = 0
    for item in items:
        alone = isinstance(item, Record) and item.form in ALONE
        weight = _weight(item)
        if some and (alone or len(some) >= RECORDS or size + weight > BYTES):
            yield tuple(some), False
            some, size = [], 0
        if alone:
            yield (item,), True
        else:
            some.append(item)
            size += weight
    if some:
        yield tuple(some), False


def _weight(item: Item) -> int:
    if isinstance(item, Record | Row):
        return len(item.data)
    if isinstance(item, PatentDocument):
        return sum(len(c.text) for c in item.claims) + sum(len(p.text) for s in item.sections for p in s.paragraphs)
    return 0


def _index(folder: Path) -> Iterator[PatentDocument]:
    from index.catalogue import Catalogue

    catalogue = Catalogue(folder / _CATALOGUE)
    try:
        yield from catalogue.documents()
    finally:
        catalogue.close()


def _general(path: Path) -> Iterator[Row | Failed]:
    for found in find_files([path]):
        if isinstance(found, Failed):
            yield found
            continue
        name = found.name.removesuffix(".gz")
        try:
            with gzip.open(found, "rb") if found.suffix == ".gz" else found.open("rb") as stream:
                lines = io.TextIOWrapper(stream, encoding="utf-8-sig", errors="replace", newline="\n")
                yield from _json_lines(lines, shown_path(found)) if name.endswith((".jsonl", ".json")) else _plain(lines, shown_path(found))
        except (OSError, EOFError) as error:
            yield Failed(shown_path(found), 0, f"can't be read: {error}")


def _json_lines(lines: io.TextIOWrapper, path: str) -> Iterator[Row | Failed]:
    number = 0
    while line := lines.readline(_LONGEST):
        number += 1
        if len(line) == _LONGEST:
            while (rest := lines.readline(_LONGEST)) and len(rest) == _LONGEST:
                pass
            yield Failed(path, number, f"a line of over {_LONGEST >> 20} Mi characters; general corpora are JSON lines, a text a line")
        elif line.strip():
            yield Row(path, number, line, True)


def _plain(lines: io.TextIOWrapper, path: str) -> Iterator[Row]:
    """A text ends with `<|endoftext|>`, with the file, or, when it is long, with an empty line."""
    some: list[str] = []
    size = number = 0
    while line := lines.readline(_LONG):
        ends = line.strip() == _END
        if not ends:
            some.append(line)
            size += len(line)
        if some and (ends or (size >= _LONG and not line.strip()) or size >= 10 * _LONG):
            number += 1
            yield Row(path, number, "".join(some), False)
            some, size = [], 0
    if "".join(some).strip():
        yield Row(path, number + 1, "".join(some), False)
