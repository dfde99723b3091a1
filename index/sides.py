"""The search sides of an index directory, tantivy's and FAISS', derived from the catalogue and kept up with it.

lexical/             BM25 of passages
lexical-documents/   BM25 of whole documents
vectors-*            the passages' vectors
"""

import logging
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from index.catalogue import Catalogue
from index.errors import IndexDamagedError
from index.lexical import LexicalIndex, Unit
from index.vector_file import EXACT, lost, update
from index.vectors import VectorIndex

FOLDERS: dict[Unit, str] = {"passage": "lexical", "document": "lexical-documents"}
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Current:
    """The sides as of one generation: BM25 of passages and of documents, and vectors."""

    passages: LexicalIndex
    documents: LexicalIndex
    vectors: VectorIndex


class Sides:
    """Opened when they are first needed; one that is missing or damaged is made again from the catalogue."""

    def __init__(self, directory: Path, catalogue: Catalogue) -> None:
        self._directory = directory
        self._catalogue = catalogue
        self._guard = threading.RLock()
        self._lexical: dict[Unit, LexicalIndex] = {}
        self._vectors: VectorIndex | None = None

    @property
    def behind(self) -> bool:
        """Whether the catalogue holds what the sides do not, because a run was killed between the two, or a side was deleted. A vector file that
        takes long to make is left to `patent repair`."""
        there = all((self._directory / name / "meta.json").exists() for name in FOLDERS.values())
        searchable = self._catalogue.searchable
        quick = self._catalogue.passages_since(0, searchable) <= EXACT
        return not there or self._catalogue.generation != searchable or (quick and lost(self._directory, self._catalogue))

    def close(self) -> None:
        with self._guard:
            for each in self._lexical.values():
                each.close()
            self._lexical = {}
            self._vectors = None

    def publish(self) -> None:
        """Make everything in the catalogue searchable. The caller holds the write lock."""
        catalogue = self._catalogue
        upto = catalogue.generation
        for unit, lexical in self._open_lexical():
            since = int(catalogue.meta(FOLDERS[unit]) or 0)
            if since < upto:
                for identity, _, _ in catalogue.removed_since(since, upto):
                    lexical.remove(identity)
                for identity, document, passages in catalogue.rows_since(since, upto):
                    lexical.add(identity, document, passages)
                lexical.commit()
                catalogue.set_meta(FOLDERS[unit], str(upto))
            lexical.close()
        catalogue.publish(upto)
        try:
            update(self._directory, catalogue)
        except OSError as error:  # what the catalogue has is searched all the same, exactly
            log.warning("%s", error)

    def current(self) -> Current:
        """All sides as of the newest searchable generation."""
        with self._guard:
            catalogue = self._catalogue
            lexical = dict(self._open_lexical())
            if self._vectors is None:
                self._vectors = VectorIndex(self._directory, catalogue)
            before = self._vectors.generation
            self._vectors.refresh()
            if self._vectors.generation != before:
                for each in lexical.values():
                    each.reload()
            return Current(lexical["passage"], lexical["document"], self._vectors)

    def _open_lexical(self) -> Iterator[tuple[Unit, LexicalIndex]]:
        with self._guard:
            for unit, name in FOLDERS.items():
                if unit not in self._lexical:
                    self._lexical[unit] = self._opened(unit, name)
                yield unit, self._lexical[unit]

    def _opened(self, unit: Unit, name: str) -> LexicalIndex:
        folder = self._directory / name
        try:
            if not (folder / "meta.json").exists():
                raise ValueError("missing")
            lexical = LexicalIndex(folder, unit)
            lexical.check()
        except (ValueError, IndexDamagedError):  # missing, truncated or foreign: made again from the catalogue
            lexical = LexicalIndex.fresh(folder, unit)
            self._catalogue.set_meta(name, "0")
            for identity, document, passages in self._catalogue.rows_since(0, self._catalogue.generation):
                lexical.add(identity, document, passages)
            lexical.commit()
            self._catalogue.set_meta(name, str(self._catalogue.generation))
        return lexical
