"""The two search sides of an index directory, tantivy's and FAISS', derived from the catalogue and kept up with it."""

import threading
from contextlib import suppress
from pathlib import Path

from index.catalogue import Catalogue
from index.errors import IndexDamagedError
from index.lexical import LexicalIndex
from index.vectors import VectorIndex

_SNAPSHOT_TAIL = 1024
"""So many new vectors are worth a snapshot; it is made when they are first searched, so that adding needs no memory for it."""


class Sides:
    """Opened when they are first needed; one that is missing or damaged is made again from the catalogue."""

    def __init__(self, directory: Path, catalogue: Catalogue) -> None:
        self._directory = directory
        self._catalogue = catalogue
        self._guard = threading.RLock()
        self._lexical: LexicalIndex | None = None
        self._vectors: VectorIndex | None = None

    @property
    def behind(self) -> bool:
        """Whether the catalogue holds what the lexical side does not, because a run was killed between the two."""
        there = (self._directory / "lexical" / "meta.json").exists()
        return not there or self._catalogue.generation != self._catalogue.searchable

    def close(self) -> None:
        with self._guard:
            if self._lexical is not None:
                self._lexical.close()
            self._lexical = self._vectors = None

    def publish(self) -> None:
        """Make everything in the catalogue searchable. The caller holds the write lock."""
        catalogue, lexical = self._catalogue, self._open_lexical()
        upto = catalogue.generation
        since = int(catalogue.meta("lexical") or 0)
        if since < upto:
            for identity, _, _ in catalogue.removed_since(since, upto):
                lexical.remove(identity)
            for identity, document, passages in catalogue.rows_since(since, upto):
                lexical.add(identity, document, passages)
            lexical.commit()
            catalogue.set_meta("lexical", str(upto))
        lexical.close()
        catalogue.publish(upto)

    def current(self) -> tuple[LexicalIndex, VectorIndex]:
        """Both sides as of the newest searchable generation."""
        with self._guard:
            catalogue, lexical = self._catalogue, self._open_lexical()
            searchable = catalogue.searchable
            dimension = int(catalogue.signature()["dimension"])
            if self._vectors is None:
                self._vectors = VectorIndex.load(self._directory, dimension, searchable)
            if self._vectors.generation < searchable:
                since = self._vectors.generation
                self._vectors.remove((first, last) for _, first, last in catalogue.removed_since(since, searchable))
                for ids, vectors in catalogue.vectors_since(since, searchable, dimension):
                    self._vectors.add(ids, vectors)
                self._vectors.generation = searchable
                lexical.reload()
                if self._vectors.unsaved >= _SNAPSHOT_TAIL:
                    with suppress(OSError, RuntimeError):  # a directory that can't be written is searched all the same
                        self._vectors.save(self._directory)
            return lexical, self._vectors

    def _open_lexical(self) -> LexicalIndex:
        with self._guard:
            if self._lexical is None:
                folder = self._directory / "lexical"
                try:
                    if not (folder / "meta.json").exists():
                        raise ValueError("missing")
                    self._lexical = LexicalIndex(folder)
                    self._lexical.check()
                except (ValueError, IndexDamagedError):  # missing, truncated or foreign: made again from the catalogue
                    self._lexical = LexicalIndex.fresh(folder)
                    self._catalogue.set_meta("lexical", "0")
                    for identity, document, passages in self._catalogue.rows_since(0, self._catalogue.generation):
                        self._lexical.add(identity, document, passages)
                    self._lexical.commit()
                    self._catalogue.set_meta("lexical", str(self._catalogue.generation))
            return self._lexical
