"""The dense side: FAISS over the passages' vectors, exact. Derived from the catalogue; a snapshot file saves the start.

Vectors are kept as float16 and compared by inner product, which for unit vectors is the cosine. A filter is an id
selector that FAISS applies while it searches.
"""

import contextlib
import os
import re
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import faiss
import numpy as np

_SNAPSHOT = re.compile(r"vectors-(\d+)\.faiss")
Ids = np.ndarray[Any, np.dtype[np.int64]]
Scores = np.ndarray[Any, np.dtype[np.float32]]


class VectorIndex:
    """An exact index of passage vectors in memory, and its snapshots on disk."""

    def __init__(self, dimension: int) -> None:
        self._lock = threading.Lock()  # FAISS must not change while it searches
        self._index = _empty(dimension)
        self.generation = 0
        self.unsaved = 0

    @property
    def size(self) -> int:
        return int(self._index.ntotal)

    def add(self, ids: Ids, vectors: Scores) -> None:
        with self._lock:
            self._index.add_with_ids(vectors, ids)
        self.unsaved += len(ids)

    def remove(self, spans: Iterable[tuple[int, int]]) -> None:
        """Take out the passages `first` to `last` of each span."""
        ids = [np.arange(first, last + 1, dtype=np.int64) for first, last in spans]
        if ids and self.size:
            with self._lock:
                self.unsaved += int(self._index.remove_ids(faiss.IDSelectorBatch(np.concatenate(ids))))

    def search(self, query: Scores, k: int, only: Ids | None = None) -> list[tuple[int, float]]:
        """(passage id, cosine) of the k nearest, best first; `only` are the ids to search among."""
        k = min(k, self.size if only is None else len(only))
        if k <= 0 or not self.size:
            return []
        parameters = None
        if only is not None:
            bits = np.zeros((int(only.max()) >> 3) + 1, dtype=np.uint8)
            np.bitwise_or.at(bits, only >> 3, np.left_shift(1, only & 7).astype(np.uint8))
            selector = faiss.IDSelectorBitmap(bits)  # type: ignore[call-arg,arg-type] # keeps a reference to the bits
            parameters = faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]
        with self._lock:
            scores, ids = self._index.search(query.reshape(1, -1), k, params=parameters)
        return [(int(i), float(s)) for i, s in zip(ids[0], scores[0], strict=True) if i >= 0]

    # -- snapshots

    def save(self, folder: Path) -> None:
        """Write the snapshot of this generation, whole or not at all, and delete older ones."""
        target = folder / f"vectors-{self.generation}.faiss"
        partial = folder / f".{target.name}.{os.getpid()}.partial"
        faiss.write_index(self._index, str(partial))
        with partial.open("rb") as stream:
            os.fsync(stream.fileno())
        partial.rename(target)
        self.unsaved = 0
        for other in folder.glob("*vectors-*.faiss*"):
            if other != target:
                with contextlib.suppress(OSError):
                    other.unlink()

    @classmethod
    def load(cls, folder: Path, dimension: int, upto: int) -> "VectorIndex":
        """The newest readable snapshot that is not newer than the generation `upto`, or an empty index."""
        loaded = cls(dimension)
        found = [(int(m.group(1)), p) for p in folder.glob("vectors-*.faiss") if (m := _SNAPSHOT.fullmatch(p.name))]
        for generation, path in sorted(found, reverse=True):
            if generation > upto:
                continue
            try:
                index = faiss.read_index(str(path))
            except RuntimeError:  # a truncated or foreign file: the catalogue has the vectors
                continue
            if index.d == dimension:
                loaded._index, loaded.generation = index, generation
                break
        return loaded


def _empty(dimension: int) -> Any:
    flat = faiss.IndexScalarQuantizer(dimension, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)
    return faiss.IndexIDMap2(flat)
