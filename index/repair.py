"""What is wrong with an index directory, and making the derived parts right again from the catalogue.

The lexical folders and the vector file are held against the catalogue as of the generation that each of them is of: the entries of a folder by
their number and the sum of their ids, the vectors by their ids. An id is given once, and what it names never changes, so the same
ids are the same content.
"""

import shutil
import sqlite3
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import faiss
import numpy as np

from index.catalogue import Catalogue, Ids
from index.errors import IndexDamagedError
from index.lexical import LexicalIndex, Unit
from index.selection import Selection
from index.sides import FOLDERS
from index.vector_file import due, newest, update
from ingest.document import PatentDocument

_SHOWN = 20
"""So many complaints about the catalogue are counted."""
_ROUNDS = 2


@dataclass(frozen=True)
class Problem:
    """Something that is wrong: `part` is `catalogue`, `lexical`, `lexical-documents`, `vectors`, or `leftover` for a file that has no use.
    What is `behind` is right as far as it goes, and has only to be added to."""

    part: str
    path: str
    reason: str
    behind: bool = False

    def model_dump(self) -> dict[str, str]:
        return {"part": self.part, "path": self.path, "reason": self.reason}


def problems(directory: Path, catalogue: Catalogue) -> list[Problem]:
    """What is wrong in an index directory. Reads all of the catalogue; what is derived is left out while another process is writing."""
    if found := catalogue_problems(directory):
        return found
    before = _state(catalogue)
    if being_written(directory):
        return []
    found = derived_problems(directory, catalogue)
    moved = being_written(directory) or _state(catalogue) != before
    return [] if moved else found


def repair(directory: Path, catalogue: Catalogue, publish: Callable[[], None], tell: Callable[[str], None] | None = None) -> list[Problem]:
    """Make what is derived agree with the catalogue again. Returns what was wrong.

    `publish` makes again the sides that are not there and makes everything searchable; `tell` is told what is being done. The caller holds the
    write lock and has no side open. Raises IndexDamagedError where the catalogue is damaged, which nothing can be derived from.
    """
    tell = tell or (lambda doing: None)
    tell("reading the catalogue")
    if found := catalogue_problems(directory):
        readable = sum(1 for _ in readable_documents(directory))
        raise IndexDamagedError(
            f"{directory}: the catalogue is {found[0].reason}; restore it from a backup, or save the {readable:,} documents that can be read with: "
            "patent repair --save FILE.jsonl, and ingest that file into a new directory"
        )
    tell("comparing what is derived with the catalogue")
    first = found = derived_problems(directory, catalogue)
    for _ in range(_ROUNDS):
        if not found:
            break
        for problem in found:
            tell(f"{Path(problem.path).name}: {problem.reason}")
            if not problem.behind:
                _clear(problem, catalogue)
        publish()
        update(directory, catalogue)
        found = derived_problems(directory, catalogue)  # of what was behind, the rest can be seen only now
    if found:
        raise IndexDamagedError(f"{found[0].path}: {found[0].reason}, after it was made again; check the disk and its room")
    return first


def _clear(problem: Problem, catalogue: Catalogue) -> None:
    if problem.part in FOLDERS.values():
        catalogue.set_meta(problem.part, "0")  # first: a folder that is gone holds nothing
    path = Path(problem.path)
    shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


def catalogue_problems(directory: Path) -> list[Problem]:
    """By SQLite's own check of every page."""
    path = directory / "catalogue.sqlite"
    try:
        with closing(sqlite3.connect(path, timeout=60)) as connection:
            wrong = [row[0] for row in connection.execute(f"PRAGMA quick_check({_SHOWN})")]
    except sqlite3.DatabaseError as error:
        wrong = [str(error)]
    if wrong == ["ok"]:
        return []
    more = f", and {len(wrong) - 1} more" if len(wrong) > 1 else ""
    return [Problem("catalogue", str(path), f"damaged: {' '.join(wrong[0].split())}{more}")]


def derived_problems(directory: Path, catalogue: Catalogue) -> list[Problem]:
    """Where the lexical folders and vectors don't agree with the catalogue, while nothing is being written."""
    found = [p for unit, name in FOLDERS.items() if (p := _lexical(directory / name, unit, catalogue))]
    found += _vectors(directory, catalogue)
    found += [Problem("leftover", str(path), "left by a run that was cut short") for path in sorted(directory.glob(".*.partial"))]
    return found


def being_written(directory: Path) -> bool:
    """Whether another process, or another thread of this one, holds the write lock."""
    from filelock import FileLock, Timeout

    try:
        with FileLock(directory / "write.lock", timeout=0):
            return False
    except Timeout:
        return True
    except OSError:  # a directory that can't be written is not being written
        return False


def readable_documents(directory: Path) -> Iterator[PatentDocument]:
    """Those documents of a damaged catalogue that can be read, the newest of each number."""
    with closing(sqlite3.connect(directory / "catalogue.sqlite", timeout=60)) as connection:
        for identity in range(_last_document(connection), 0, -1):
            try:
                row = connection.execute("SELECT body FROM documents WHERE id = ? AND until IS NULL", (identity,)).fetchone()
                if row is not None:
                    yield PatentDocument.model_validate_json(zlib.decompress(row[0]))
            except (sqlite3.DatabaseError, zlib.error, ValueError):
                continue


def _last_document(connection: sqlite3.Connection) -> int:
    for query in ("SELECT seq FROM sqlite_sequence WHERE name = 'documents'", "SELECT max(id) FROM documents"):
        try:
            row = connection.execute(query).fetchone()
            if row and row[0]:
                return int(row[0])
        except sqlite3.DatabaseError:
            continue
    return 0


def _state(catalogue: Catalogue) -> tuple[Any, ...]:
    with catalogue.snapshot():
        return (catalogue.generation, catalogue.searchable, *(catalogue.meta(name) for name in FOLDERS.values()))


def _lexical(folder: Path, unit: Unit, catalogue: Catalogue) -> Problem | None:
    """What is wrong with a folder."""
    if not (folder / "meta.json").is_file():
        return Problem(folder.name, str(folder), "missing")
    try:
        lexical = LexicalIndex(folder, unit)
        lexical.check()
        count, total = lexical.totals()
    except (ValueError, IndexDamagedError):
        return Problem(folder.name, str(folder), "damaged: a file in it is missing, cut short, or something else")
    upto, generation = int(catalogue.meta(folder.name) or 0), catalogue.generation
    if upto < generation:
        return Problem(folder.name, str(folder), f"behind: of generation {upto}, the catalogue of {generation}, since a run was cut short", True)
    documents, passages = _held(catalogue, upto)
    ids = passages.ids() if unit == "passage" else documents
    if (count, total) == (len(ids), int(ids.sum())):
        return None
    return Problem(folder.name, str(folder), f"differs from the catalogue: {count:,} {unit}s, and {len(ids):,} there")


def _vectors(directory: Path, catalogue: Catalogue) -> Iterator[Problem]:
    """What is wrong with the files of vectors."""

    def problem(path: Path, reason: str, behind: bool = False) -> Problem:
        return Problem("vectors", str(path), reason, behind)

    found = newest(directory, int(catalogue.signature()["dimension"]))
    since, index = found or (0, None)
    current = directory / f"vectors-{since}.faiss"
    useless = [path for path in sorted(directory.glob("vectors-*.faiss")) if path != current]
    for path in useless:
        yield problem(path, "cut short, older than another, or no file of vectors")
    generation = catalogue.generation
    added, removed = catalogue.passages_since(since, generation), _spans(catalogue.removed_since(since, generation))
    if index is None:
        if due(0, added) and not useless:
            yield problem(current, f"missing, for {added:,} passages: searching takes more memory and time", True)
        return
    if since > generation:
        yield problem(current, f"of generation {since}, and the catalogue of {generation}: from another time")
        return
    _, passages = _held(catalogue, since)
    held = np.setdiff1d(_ids(index), removed.ids())
    if not np.array_equal(held, passages.ids()):
        yield problem(current, f"differs from the catalogue: {len(held):,} vectors, and {passages.count:,} there")
    elif due(index.ntotal, added + removed.count):
        yield problem(current, f"behind: {added:,} passages were added since, and {removed.count:,} removed", True)


def _held(catalogue: Catalogue, upto: int) -> tuple[Ids, Selection]:
    """The ids of the documents of generations up to one that have not been removed, and their passages."""
    rows = catalogue.spans(upto)
    return np.array([row[0] for row in rows], dtype=np.int64), _spans(rows)


def _spans(rows: list[tuple[int, int, int]]) -> Selection:
    """The passages of (document, first passage, last passage)."""
    pairs = np.array(sorted((first, last) for _, first, last in rows if last >= first), dtype=np.int64).reshape(-1, 2)
    return Selection(pairs[:, 0], pairs[:, 1])


def _ids(index: Any) -> Ids:
    """The passages whose vectors are in a FAISS index."""
    if hasattr(index, "id_map"):
        return np.asarray(faiss.vector_to_array(index.id_map), dtype=np.int64)
    lists = index.invlists
    parts = [faiss.rev_swig_ptr(lists.get_ids(i), lists.list_size(i)).copy() for i in range(index.nlist) if lists.list_size(i)]
    return np.concatenate(parts).astype(np.int64) if parts else np.zeros(0, dtype=np.int64)
