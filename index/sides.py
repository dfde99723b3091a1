"""The search sides of an index directory, tantivy's and FAISS', derived from the catalogue and kept up with it.

lexical/             BM25 of passages
lexical-documents/   BM25 of whole documents
vectors-*            the passages' vectors
"""

import copy
import logging
import shutil
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from pathlib import Path

from index.catalogue import Catalogue
from index.errors import IndexDamagedError
from index.lexical import LexicalIndex, Unit
from index.vector_file import EXACT, lost, update
from index.vectors import VectorIndex

FOLDERS: dict[Unit, str] = {"passage": "lexical", "document": "lexical-documents"}
_SETTLING, _PAUSE = 2.0, 0.002
"""Seconds."""
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Current:
    """The sides as of one generation: BM25 of passages and of documents, and vectors. What is written later doesn't change them."""

    generation: int
    passages: LexicalIndex
    documents: LexicalIndex
    vectors: VectorIndex


class Sides:
    """Opened when they are first needed; one that is missing or damaged is made again from the catalogue."""

    def __init__(self, directory: Path, catalogue: Catalogue, lock: Callable[[], AbstractContextManager[None]]) -> None:
        """`lock` is the write lock, which is waited for; the thread that holds it may take it again."""
        self._directory = directory
        self._catalogue = catalogue
        self._lock = lock
        self._guard = threading.RLock()
        self._lexical: dict[Unit, LexicalIndex] = {}
        self._vectors: VectorIndex | None = None
        self._current: Current | None = None

    @property
    def behind(self) -> bool:
        """Whether the catalogue holds what the sides do not, because a run was killed between the two, or a side was deleted. A vector file that
        takes long to make is left to `patent repair`."""
        there = all((self._directory / name / "meta.json").exists() for name in FOLDERS.values())
        catalogue = self._catalogue
        held = [catalogue.searchable, *(int(catalogue.meta(name) or 0) for name in FOLDERS.values())]
        quick = catalogue.passages_since(0, catalogue.searchable) <= EXACT
        return not there or min(held) < catalogue.generation or (quick and lost(self._directory, catalogue))

    def close(self) -> None:
        with self._guard:
            for each in self._lexical.values():
                each.close()
            self._lexical = {}
            self._vectors = self._current = None

    def publish(self) -> None:
        """Make everything in the catalogue searchable. The caller holds the write lock."""
        catalogue = self._catalogue
        upto = catalogue.generation
        lexical = self._sound()
        if upto > catalogue.searchable:
            catalogue.set_meta("publishing", str(upto))
        try:
            for unit, side in lexical.items():
                since = int(catalogue.meta(FOLDERS[unit]) or 0)
                if since < upto:
                    for identity, _, _ in catalogue.removed_since(since, upto):
                        side.remove(identity)
                    for identity, document, passages in catalogue.rows_since(since, upto):
                        side.add(identity, document, passages)
                    side.commit()
                    catalogue.set_meta(FOLDERS[unit], str(upto))
                side.close()
        except BaseException:  # a writer of tantivy that has failed once fails for ever
            self.close()
            raise
        catalogue.publish(upto)
        try:
            update(self._directory, catalogue)
        except OSError as error:  # what the catalogue has is searched all the same, exactly
            log.warning("%s", error)

    def current(self) -> Current:
        """All sides as of the newest searchable generation."""
        lexical = self._sound()
        with self._guard:
            catalogue = self._catalogue
            if self._vectors is None:
                self._vectors = VectorIndex(self._directory, catalogue)
            if self._vectors.refresh() or self._current is None:
                self._current = self._settled(lexical, self._vectors)
            return self._current

    def _settled(self, lexical: dict[Unit, LexicalIndex], vectors: VectorIndex) -> Current:
        """All as of one generation. tantivy commits a little before the generation is searchable, and what is there at that time lacks what
        is being replaced: it is waited for, but not for a process that died meanwhile."""
        until = time.monotonic() + _SETTLING
        while True:
            vectors.refresh()
            for each in lexical.values():
                each.reload()
            found = Current(vectors.generation, lexical["passage"].fixed(), lexical["document"].fixed(), copy.copy(vectors))
            with self._catalogue.snapshot():
                newest = max(self._catalogue.searchable, int(self._catalogue.meta("publishing") or 0))
            if newest == found.generation or time.monotonic() > until:
                return found
            time.sleep(_PAUSE)

    def _sound(self) -> dict[Unit, LexicalIndex]:
        """The lexical sides; one that is missing, cut short or foreign is made again, by one process and thread while the others wait."""
        with self._guard:
            if self._opened():
                return dict(self._lexical)
        with self._lock(), self._guard:  # in this order, as whoever writes
            for unit, name in FOLDERS.items():
                if not self._opened() and unit not in self._lexical:
                    self._rebuild(unit, name)
            self._opened()
            return dict(self._lexical)

    def _opened(self) -> bool:
        """Whether all are open; those that can be are opened."""
        for unit, name in FOLDERS.items():
            folder = self._directory / name
            if unit not in self._lexical and (folder / "meta.json").exists():
                with suppress(ValueError, IndexDamagedError):
                    lexical = LexicalIndex(folder, unit)
                    lexical.check()
                    self._lexical[unit] = lexical
        return len(self._lexical) == len(FOLDERS)

    def _rebuild(self, unit: Unit, name: str) -> None:
        """Made aside and moved into place, so that a folder is whole or not there."""
        folder, partial = self._directory / name, self._directory / f".{name}.partial"
        generation = self._catalogue.generation
        try:
            lexical = LexicalIndex.fresh(partial, unit)
            for identity, document, passages in self._catalogue.rows_since(0, generation):
                lexical.add(identity, document, passages)
            lexical.commit()
            lexical.close()
            self._catalogue.set_meta(name, "0")  # while there is none
            shutil.rmtree(folder, ignore_errors=True)
            partial.rename(folder)
        finally:
            shutil.rmtree(partial, ignore_errors=True)
        self._catalogue.set_meta(name, str(generation))
