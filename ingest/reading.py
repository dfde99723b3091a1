"""From paths to documents: files, folders and archives of any supported format, told by content, record by record.

Whatever becomes of a record is yielded: a `PatentDocument`, a `Skipped` (not a patent, and what it is), or a `Failed`
(what is wrong, and where). A bad record never ends the stream.
"""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from ingest.archives import open_stream
from ingest.forms import parsed
from ingest.outcome import Failed, Outcome, Skipped
from ingest.records import Piece
from ingest.schemes.scheme import Schemes


def find_files(paths: Iterable[str | Path]) -> Iterator[Path | Failed]:
    """Files as they are, folders with everything below them, in sorted order, hidden files left out."""
    for given in paths:
        path = Path(given)
        if path.is_dir():
            for folder, folders, names in os.walk(path):
                folders[:] = sorted(f for f in folders if not f.startswith("."))
                yield from (Path(folder) / name for name in sorted(names) if not name.startswith("."))
        elif path.exists():
            yield path
        else:
            yield Failed(str(path), 0, "no such file or folder; check the path")


def read(paths: Iterable[str | Path] | str | Path, workers: int = 1) -> Iterator[Outcome]:
    """Everything that the files hold, in order, one outcome for each record.

    With more than one of `workers`, that many processes parse while this one reads the files; a script that asks for them
    needs the usual `if __name__ == "__main__":`.
    """
    given = [paths] if isinstance(paths, str | Path) else paths
    if workers <= 1:
        yield from parsed(pieces(given), Schemes())
        return
    from ingest.workers import parse_in_processes

    yield from parse_in_processes(pieces(given), workers)


def pieces(paths: Iterable[str | Path]) -> Iterator[Piece]:
    """The records of the files before any reader has seen them."""
    for found in find_files(paths):
        yield from [found] if isinstance(found, Failed) else pieces_of_file(found)


def shown_path(path: Path) -> str:
    """The path as text that can be stored and printed, whatever bytes the file system has in it."""
    return os.fsencode(path).decode("utf-8", "replace")


def pieces_of_file(path: Path) -> Iterator[Piece]:
    """The records of one file, of an archive with all of its members."""
    try:
        with path.open("rb") as stream:
            yield from open_stream(stream, shown_path(path))
    except OSError as error:
        yield Failed(str(path), 0, f"can't be read: {error.strerror or error}")


__all__ = ["Failed", "Outcome", "Skipped", "find_files", "pieces", "pieces_of_file", "read", "shown_path"]
