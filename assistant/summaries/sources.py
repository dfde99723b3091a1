"""The documents that a job names: those of files, folders and archives, and of the index by number, which is opened once."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import NoIndexError
from ingest.document import PatentDocument
from ingest.errors import PatentAssistantError, ReadError

if TYPE_CHECKING:
    from index.patent_index import PatentIndex

Source = str | Path | PatentDocument


def open_index(directory: str | Path) -> "Callable[[], PatentIndex]":
    """How the index of a directory is opened, when it is needed. Raises NoIndexError then."""

    def opened() -> "PatentIndex":
        from index.patent_index import PatentIndex

        return PatentIndex(directory, create=False, mend=False)

    return opened


class Sources:
    """Can be gone through more than once. `index` is one that is open, or opens one when a number is named; `close` closes only that."""

    def __init__(self, given: Iterable[Source], index: "PatentIndex | Callable[[], PatentIndex]") -> None:
        self.given: Sequence[Source] = list(given)
        self._index = index
        self._opened = ExitStack()

    def names(self) -> tuple[str, ...]:
        """Paths in full and numbers, as a manifest has them; not documents."""
        return tuple(str(Path(s).absolute()) if Path(s).exists() else str(s) for s in self.given if not isinstance(s, PatentDocument))

    def __iter__(self) -> Iterator[PatentDocument | PatentAssistantError]:
        """Each document, or why it is not there."""
        from assistant.documents import documents_in

        for source in self.given:
            try:
                if isinstance(source, PatentDocument):
                    yield source
                elif Path(source).exists():
                    yield from documents_in(source)
                elif isinstance(source, Path):
                    yield ReadError(f"{source}: no such file or folder; check the path")
                else:
                    yield self._of_index().document(source)
            except NoIndexError as error:
                yield ReadError(f"{source}: no such file or folder, and no index to find a number in ({error})")
            except PatentAssistantError as error:
                yield error

    def _of_index(self) -> "PatentIndex":
        if callable(self._index):
            self._index = self._opened.enter_context(self._index())
        return self._index

    def close(self) -> None:
        self._opened.close()
