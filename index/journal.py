"""What was read: the files that were read to their end, and what failed in them, kept in the catalogue's database."""

import sqlite3
import time
from collections.abc import Callable, Iterable

SCHEMA = """
CREATE TABLE IF NOT EXISTS files (path TEXT PRIMARY KEY, size INTEGER, modified INTEGER, documents INTEGER);
CREATE TABLE IF NOT EXISTS failures (
    path TEXT NOT NULL, offset INTEGER NOT NULL, reason TEXT NOT NULL, at REAL NOT NULL, PRIMARY KEY (path, offset, reason));
"""


class Journal:
    """Paths are absolute; a member of an archive is `archive.zip!member`."""

    def __init__(self, connect: Callable[[], sqlite3.Connection]) -> None:
        self._connect = connect

    def done(self, path: str, size: int, modified: int) -> bool:
        """Whether this file, unchanged, was read to its end before."""
        row = self._connect().execute("SELECT size, modified FROM files WHERE path = ?", (path,)).fetchone()
        return row is not None and tuple(row) == (size, modified)

    def set_done(self, path: str, size: int, modified: int, documents: int) -> None:
        with self._connect() as connection:
            connection.execute("INSERT OR REPLACE INTO files VALUES (?,?,?,?)", (path, size, modified, documents))

    def forget(self, sources: Iterable[str]) -> None:
        """Files that must be read again when they are ingested again, since documents of theirs were removed. A source is a file or
        a member of one."""
        with self._connect() as connection:
            connection.executemany("DELETE FROM files WHERE path = ?1 OR path || '!' = substr(?1, 1, length(path) + 1)", [(s,) for s in set(sources)])

    def clear_failures(self, path: str) -> None:
        """Forget the failures of a file, and of members of it, because it is read again."""
        with self._connect() as connection:
            connection.execute("DELETE FROM failures WHERE path = ? OR substr(path, 1, ?) = ?", (path, len(path) + 1, path + "!"))

    def add_failures(self, failures: Iterable[tuple[str, int, str]]) -> None:
        with self._connect() as connection:
            connection.executemany("INSERT OR REPLACE INTO failures VALUES (?,?,?,?)", [(*f, time.time()) for f in failures])

    def failures(self) -> list[tuple[str, int, str]]:
        """(path, offset, reason) of what failed when it was last read."""
        return self._connect().execute("SELECT path, offset, reason FROM failures ORDER BY path, offset").fetchall()

    def files_with_failures(self) -> list[str]:
        """The files that hold them: known files whose own path or a member's has failed, and paths that are no known file."""
        rows = self._connect().execute(
            "SELECT DISTINCT coalesce((SELECT f.path FROM files f WHERE f.path = x.path OR f.path || '!' = substr(x.path, 1, length(f.path) + 1)),"
            " x.path) FROM failures x ORDER BY 1"
        )
        return [row[0] for row in rows]
