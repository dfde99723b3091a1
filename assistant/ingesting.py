"""Files and documents into an index: what is new or changed is read, what fails is recorded, the rest goes on."""

import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from index.patent_index import PatentIndex
from index.storage import storage_errors
from index.writing import Added
from ingest.document import PatentDocument
from ingest.outcome import Failed, Skipped
from ingest.reading import find_files, read, shown_path

UNCHANGED_FILE = "file unchanged since it was read"
GONE = "file that failed before and is gone"
KEPT = "printed copy of a document that is there from the office's data"
UNCHANGED_DOCUMENT = "document unchanged"


@dataclass(frozen=True)
class Mended:
    """A document that was read although something was wrong with it, and what."""

    number: str
    path: str
    offset: int
    reason: str


@dataclass
class IngestReport:
    """What `ingest` did. `skipped` counts what is not a patent document, by what it is, and what was there already."""

    documents: int = 0
    passages: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    failed: list[Failed] = field(default_factory=list)
    warnings: list[Mended] = field(default_factory=list)
    seconds: float = 0.0

    def model_dump(self) -> dict[str, Any]:
        """What `--json` prints: {documents, passages, skipped, failed, warnings, seconds}."""
        return {
            "documents": self.documents,
            "passages": self.passages,
            "skipped": dict(self.skipped),
            "failed": [{"path": f.path, "offset": f.offset, "reason": f.reason} for f in self.failed],
            "warnings": [{"number": m.number, "path": m.path, "offset": m.offset, "reason": m.reason} for m in self.warnings],
            "seconds": round(self.seconds, 2),
        }


@dataclass(frozen=True)
class Progress:
    """Where an ingest stands: the file being read, bytes of files done and in all, documents written."""

    path: str
    done: int
    total: int
    documents: int


@dataclass(frozen=True)
class _File:
    """`name` is the path as outcomes and journal have it: readable even where the file system's name is not Unicode."""

    path: Path
    name: str
    size: int
    modified: int

    def holds(self, name: str) -> bool:
        """Whether this is the file, or the archive of the member, of that name."""
        return name == self.name or name.startswith(self.name + "!")


def ingest_into(
    index: PatentIndex,
    sources: Iterable[str | Path | PatentDocument],
    progress: Callable[[Progress], None] | None = None,
    workers: int = 1,
    retry_failed: bool = False,
) -> IngestReport:
    """`PatentAssistant.ingest`."""
    started = time.monotonic()
    run = _Run(index, progress)
    given = list(sources)
    with storage_errors(index.directory):
        again = index.catalogue.journal.files_with_failures() if retry_failed else []
        run.find([*(s for s in given if not isinstance(s, PatentDocument)), *again], again)
        added = index.add(run.documents([s for s in given if isinstance(s, PatentDocument)], workers), run.stored)
        run.note_finished(added.given)
    report = run.report
    report.documents, report.passages = added.documents, added.passages
    if added.unchanged:
        report.skipped[UNCHANGED_DOCUMENT] += added.unchanged
    if added.kept:
        report.skipped[KEPT] += added.kept
    report.seconds = time.monotonic() - started
    return report


class _Run:
    """One ingest: which file is being read, which are read and not yet stored, and what became of the records."""

    def __init__(self, index: PatentIndex, progress: Callable[[Progress], None] | None) -> None:
        self._journal, self._tell = index.catalogue.journal, progress
        self.report = IngestReport()
        self._files: list[_File] = []
        self._total = self._done = 0
        self._at = ""
        self._within = 0
        self._given = 0
        self._finished: list[tuple[_File, int, int]] = []
        """Files read to their end, the documents in each, and how many had been given to the index by then."""

    def find(self, paths: Iterable[str | Path], again: Collection[str] = ()) -> None:
        """The files to be read; those named in `again` although they have not changed."""
        found: dict[str, _File] = {}
        for each in find_files(paths):
            if isinstance(each, Failed):
                self._missing(each, again)
                continue
            stat, path = each.stat(), each.resolve()
            file = _File(path, shown_path(path), stat.st_size, stat.st_mtime_ns)
            if file.name not in again and self._journal.done(file.name, file.size, file.modified):
                self.report.skipped[UNCHANGED_FILE] += 1
            else:
                found.setdefault(file.name, file)
        self._files = list(found.values())
        self._total = sum(file.size for file in self._files)

    def _missing(self, failed: Failed, again: Collection[str]) -> None:
        name = shown_path(Path(failed.path).resolve())
        self._journal.clear_failures(name)
        if name in again:
            self.report.skipped[GONE] += 1
        else:
            self._journal.add_failures([(name, 0, failed.reason)])
            self.report.failed.append(failed)

    def documents(self, given: Iterable[PatentDocument], workers: int) -> Iterator[PatentDocument]:
        """The documents given, then those of the files, in order; what else the files hold is recorded on the way."""
        for each in given:
            self._given += 1
            yield each
        waiting = iter(self._files)
        file: _File | None = None
        count, failed = 0, list[Failed]()
        for outcome in read((f.path for f in self._files), workers):
            name = outcome.source.path if isinstance(outcome, PatentDocument) else outcome.path
            while file is None or not file.holds(name):
                self._finish(file, count, failed)
                file, count, failed = next(waiting), 0, []
                self._journal.clear_failures(file.name)
                self._at, self._within = file.name, 0
            if isinstance(outcome, PatentDocument):
                count += 1
                self._within = outcome.source.offset if name == file.name else 0
                source = outcome.source
                self.report.warnings += [Mended(outcome.number, source.path, source.offset, warning) for warning in outcome.warnings]
                self._given += 1
                yield outcome
            elif isinstance(outcome, Skipped):
                self.report.skipped[outcome.what] += 1
            else:
                failed.append(outcome)
        self._finish(file, count, failed)
        for rest in waiting:
            self._finish(rest, 0, [])

    def _finish(self, file: _File | None, documents: int, failed: list[Failed]) -> None:
        if file is None:
            return
        self.report.failed += failed
        self._journal.add_failures((f.path, f.offset, f.reason) for f in failed)
        self._finished.append((file, documents, self._given))
        self._done += file.size
        self._within = 0

    def stored(self, added: Added) -> None:
        """The documents that the index has dealt with are stored: the files that they end are done."""
        self.note_finished(added.given)
        if self._tell is not None:
            self._tell(Progress(self._at, self._done + self._within, self._total, added.documents + added.unchanged + added.kept))

    def note_finished(self, given: int) -> None:
        """Files whose documents are among the first `given` are done; the index may have read more ahead."""
        done = [f for f in self._finished if f[2] <= given]
        for file, documents, _ in done:
            self._journal.set_done(file.name, file.size, file.modified, documents)
        self._finished = [f for f in self._finished if f[2] > given]
