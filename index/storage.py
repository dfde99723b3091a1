"""What the disk does to an index, in errors that say what to do.

SQLite, tantivy, FAISS and Python each report a full disk, or a full quota, in their own way.
"""

import errno
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from index.errors import DiskFullError, IndexDamagedError

_WORDS = re.compile(r"os error (28|122)\b|no space left|disk quota exceeded|disk is full", re.IGNORECASE)
_ERRNOS = (errno.ENOSPC, errno.EDQUOT)
_LEAST = 1 << 20
"""Where fewer bytes than this are free, a failure to write or to open a database is laid to it."""


@contextmanager
def storage_errors(directory: Path) -> Iterator[None]:
    """What goes wrong inside with the disk is raised as DiskFullError, and what is wrong with the catalogue as IndexDamagedError."""
    try:
        yield
    except BaseException as error:  # a panic of tantivy is no Exception
        if disk_is_full(error, directory):
            raise DiskFullError(
                f"{directory}: the disk is full, {room(directory)}; what was reported as done is there; make room, and run it again"
            ) from error
        if isinstance(error, sqlite3.DatabaseError):
            raise IndexDamagedError(
                f"{directory}: the catalogue can't be read or written ({error}); see what is wrong with: patent status; "
                "check the disk; restore it from a backup, or ingest into a new directory"
            ) from error
        raise


def disk_is_full(error: BaseException, directory: Path) -> bool:
    """Whether an error, or the one that it came from, is that there was no room in a directory."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, OSError) and seen.errno in _ERRNOS:
            return True
        code = getattr(seen, "sqlite_errorcode", 0) & 0xFF
        if code in (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN) and free(directory) < _LEAST:
            return True
        if _WORDS.search(str(seen)):
            return True
        seen = seen.__cause__ or seen.__context__
    return False


def free(directory: Path) -> int:
    """Bytes free for what is written in a directory, or in the nearest one above that is there."""
    while not directory.exists():
        directory = directory.parent
    return shutil.disk_usage(directory).free


def room(directory: Path) -> str:
    """How much is free, in words."""
    while not directory.exists():
        directory = directory.parent
    usage = shutil.disk_usage(directory)
    return f"{usage.free / 1e6:,.1f} of {usage.total / 1e6:,.1f} MB free"
