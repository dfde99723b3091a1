"""The documents of a file, and what of it can't be read."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.document import PatentDocument
from ingest.errors import ReadError
from ingest.outcome import Failed, Skipped
from ingest.reading import read

if TYPE_CHECKING:
    from assistant.patents import PatentAssistant

Named = str | Path | PatentDocument
"""A document, its number in the index, or a file with one document."""


def documents_in(path: str | Path) -> Iterator[PatentDocument | ReadError]:
    """Each document, or why it can't be read; what is no patent by its kind is passed over. Raises ReadError where there is none at all."""
    found = False
    for outcome in read(path):
        if not isinstance(outcome, Skipped):
            found = True
            yield ReadError(f"{outcome.path}: {outcome.reason}") if isinstance(outcome, Failed) else outcome
    if not found:
        raise ReadError(f"{path}: it holds no patent document")


def one_document(path: str | Path) -> PatentDocument:
    """The document of a file with one alone. Raises ReadError."""
    found = list(documents_in(path))
    if len(found) > 1:
        numbers = ", ".join(d.number for d in found if isinstance(d, PatentDocument))
        raise ReadError(f"{path}: it holds {len(found)} documents ({numbers}); one is needed: ingest the file and name the number")
    if isinstance(found[0], ReadError):
        raise found[0]
    return found[0]


def named_document(named: Named, patents: "PatentAssistant | None" = None) -> PatentDocument:
    """A file is read; anything else is a number in the index. Raises NotInIndexError and ReadError."""
    if isinstance(named, PatentDocument):
        return named
    if patents is None or isinstance(named, Path) or Path(named).is_file():
        return one_document(named)
    return patents.index.document(named)
