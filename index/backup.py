"""A copy of an index directory as of one moment, made while others read and write.

SQLite copies the catalogue from one snapshot, however much is written meanwhile. The derived parts are copied as they are found, and those that
don't agree with the copied catalogue are left out: the first opening makes them again. The copy is made beside
its place and moved there when it is whole, checked and on the disk; it is an index directory like any other.
"""

import os
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from index.catalogue import Catalogue
from index.errors import BackupError, DiskFullError
from index.repair import catalogue_problems, derived_problems
from index.sides import FOLDERS
from index.storage import disk_is_full, free, room

Progress = Callable[[int, int], None]
_PAGES = 2048
"""Copied at a time: 8 MiB, between two of which progress is told."""


@dataclass(frozen=True)
class Backup:
    """What was copied: documents and passages of the catalogue, and which derived parts were being written, so that the first opening of
    the copy makes them again."""

    directory: str
    documents: int
    passages: int
    left_out: list[str]
    bytes: int
    seconds: float

    def model_dump(self) -> dict[str, Any]:
        return asdict(self)


def backup(directory: Path, target: Path, progress: Progress | None = None) -> Backup:
    """Copy an index to a directory that is not there yet, or is empty. `progress(done, total)` is told bytes of the catalogue.

    Raises BackupError where the target is in the way or the copy is not sound, DiskFullError where there is no room; nothing is left then.
    """
    started = time.monotonic()
    if target.exists() and not (target.is_dir() and not any(target.iterdir())):
        raise BackupError(f"{target}: there is something here already; give the name of a new directory")
    if directory.resolve() in (target.resolve(), *target.resolve().parents):
        raise BackupError(f"{target}: this is inside of the index; give a place outside of {directory}")
    needed = sum(p.stat().st_size for p in _files(directory))
    if free(target.parent) < needed:
        raise DiskFullError(f"{target}: the backup takes {needed / 1e6:.1f} MB, with {room(target.parent)}; make room, or choose another disk")
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = Path(tempfile.mkdtemp(prefix=f".{target.name}.", suffix=".partial", dir=target.parent))
    try:
        counts = _copy_catalogue(directory, partial, progress)
        _copy_derived(directory, partial)
        left_out = _check(partial, counts, target)
        size = sum(p.stat().st_size for p in _files(partial))
        _to_disk(partial)
        partial.chmod(directory.stat().st_mode & 0o777)
        try:
            partial.rename(target)
        except OSError as error:
            raise BackupError(f"{target}: something was put here while the backup was made; give the name of a new directory") from error
        _sync(target.parent)
    except BaseException as error:
        shutil.rmtree(partial, ignore_errors=True)
        if disk_is_full(error, target.parent):
            raise DiskFullError(f"{target}: no backup was made, as the disk is full, {room(target.parent)}; make room, or choose another") from error
        if isinstance(error, sqlite3.DatabaseError):
            raise BackupError(f"{directory}: the catalogue can't be copied ({error}); see what is wrong with: patent status") from error
        raise
    return Backup(str(target), *counts, left_out, size, round(time.monotonic() - started, 2))


def _copy_catalogue(directory: Path, partial: Path, progress: Progress | None) -> tuple[int, int]:
    """Returns the numbers of documents and of passages in the snapshot that was copied."""
    uri = f"{(directory / 'catalogue.sqlite').resolve().as_uri()}?mode=rw"
    with closing(sqlite3.connect(uri, uri=True, timeout=60)) as source, closing(sqlite3.connect(partial / "catalogue.sqlite")) as copy:
        copy.execute("PRAGMA synchronous=OFF")  # it is brought to the disk at the end
        page = source.execute("PRAGMA page_size").fetchone()[0]
        source.execute("BEGIN")  # what is written from here on is not seen, and doesn't make the copy begin again
        counts = _counts(source)
        source.backup(copy, pages=_PAGES, progress=lambda status, left, total: progress((total - left) * page, total * page) if progress else None)
        source.rollback()
    return counts


def _counts(connection: sqlite3.Connection) -> tuple[int, int]:
    query = "SELECT count(*), coalesce(sum(last_passage - first_passage + 1), 0) FROM documents WHERE until IS NULL"
    documents, passages = connection.execute(query).fetchone()
    return documents, passages


def _copy_derived(directory: Path, partial: Path) -> None:
    """What can be copied while it may be changing; whether it is sound is seen afterwards."""
    for path in [directory / name for name in FOLDERS.values()] + sorted(directory.glob("vectors-*.faiss")):
        try:
            if path.is_dir():
                shutil.copytree(path, partial / path.name, ignore=shutil.ignore_patterns("*.lock"))
            else:
                shutil.copyfile(path, partial / path.name)
        except (FileNotFoundError, shutil.Error):  # replaced meanwhile
            _discard(partial / path.name)


def _check(partial: Path, counts: tuple[int, int], target: Path) -> list[str]:
    """Hold the copy against itself and the source. Returns the derived parts that are not sound, which are deleted."""
    if found := catalogue_problems(partial):
        raise BackupError(f"{target}: no backup was made, since the catalogue that was copied is {found[0].reason}; see: patent status")
    with closing(Catalogue(partial / "catalogue.sqlite")) as catalogue:
        left_out = []
        for problem in derived_problems(partial, catalogue):
            if problem.part in FOLDERS.values():  # one that is behind may hold what is newer than the copy, too
                catalogue.set_meta(problem.part, "0")
            elif problem.behind:
                continue
            _discard(Path(problem.path))
            left_out.append(problem.part)
    with closing(sqlite3.connect(partial / "catalogue.sqlite")) as copy:
        copied = _counts(copy)
        copy.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    if copied != counts:
        raise BackupError(f"{target}: no backup was made, since the copy has {copied[0]:,} documents of {counts[0]:,}; run it again")
    (partial / "write.lock").unlink(missing_ok=True)
    return sorted(set(left_out))


def _discard(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _files(directory: Path) -> Iterator[Path]:
    with suppress(FileNotFoundError):  # of a run beside this one
        yield from (p for p in directory.rglob("*") if p.is_file())


def _to_disk(directory: Path) -> None:
    for path in [*directory.rglob("*"), directory]:
        _sync(path)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
