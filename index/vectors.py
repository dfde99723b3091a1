"""The dense side: the nearest passages by the cosine of their vectors, from the main file and a small exact tail beside it.

The main file (`index/vector_file.py`) is mapped into memory, so that all processes that search share it. What was added since it was
written is in a flat index in memory, and what was removed since is masked out. A search works on a state of both that
never changes, so any number of threads search at once, while another makes the next state.
"""

import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import faiss
import numpy as np

from index.catalogue import Catalogue
from index.selection import Selection
from index.vector_file import flat, newest

Scores = np.ndarray[Any, np.dtype[np.float32]]
Found = tuple[np.ndarray, np.ndarray]

_PROBES = 2.0
"""Times the square root of the number of clusters: so many of them are searched where there is no filter, 128 of 4,096."""
_NARROWER = 1.5
"""A filter that leaves the share s of the passages has 1/s to this power times as many clusters searched, from a tenth down all of them:
the nearest passages that match may be of another subject than the query and far from it, in any cluster."""
_PASSED = 300
"""Reading a vector from the catalogue takes as long as passing over so many in the file."""
_SPARE = 40
"""So many more candidates than asked for are taken from the compressed vectors, and ordered by the vectors themselves."""


@dataclass(frozen=True)
class _State:
    """As of `generation`: the file of that or an earlier one, and what has changed since it was written. `seen` is when the directory had changed
    last as the file was looked for, in nanoseconds."""

    generation: int
    seen: int
    file_generation: int
    file: Any
    removed: np.ndarray | None
    tail: Any


class VectorIndex:
    """The vectors of an index directory, as of the last `refresh`. Safe to use from many threads."""

    def __init__(self, folder: Path, catalogue: Catalogue) -> None:
        self._folder, self._catalogue = folder, catalogue
        self._dimension = int(catalogue.signature()["dimension"])
        self._lock = threading.Lock()  # one thread makes the next state
        self._state = _State(0, 0, 0, None, None, flat(self._dimension))

    @property
    def generation(self) -> int:
        return self._state.generation

    @property
    def size(self) -> int:
        """The vectors held, with those in the file that were removed since it was written."""
        state = self._state
        return (state.file.ntotal if state.file is not None else 0) + int(state.tail.ntotal)

    @property
    def exact(self) -> bool:
        """Whether a query is compared with all vectors, as they are."""
        return not _clustered(self._state.file)

    @property
    def beside(self) -> int:
        """The vectors that are not in the file yet."""
        return int(self._state.tail.ntotal)

    # -- keeping up with the catalogue

    def refresh(self) -> bool:
        """Move to the newest searchable generation, and to a newer file. Returns whether there was any change."""
        if self._current(self._state):
            return False
        with self._lock:
            if self._current(self._state):
                return False
            self._state = self._next(self._state)
            return True

    def _current(self, state: _State) -> bool:
        return state.generation == self._catalogue.searchable and state.seen == self._folder.stat().st_mtime_ns

    def _next(self, state: _State) -> _State:
        seen, file, since, removed, tail = self._folder.stat().st_mtime_ns, state.file, state.file_generation, state.removed, state.tail
        held = state.generation
        if seen != state.seen and (found := newest(self._folder, self._dimension)) is not None and found[0] > since:
            (since, file), removed, tail = found, None, flat(self._dimension)
            held = since
        with self._catalogue.snapshot():  # taken after the file was found, and so never older
            searchable = self._catalogue.searchable
            gone = self._catalogue.removed_since(held, searchable)
            tail = faiss.clone_index(tail) if searchable > held else tail
            if gone:
                spans = np.array(sorted((first, last) for _, first, last in gone if last >= first), dtype=np.int64).reshape(-1, 2)
                lost = Selection(spans[:, 0], spans[:, 1])
                removed = _either(removed, lost.bits())
                tail.remove_ids(faiss.IDSelectorBatch(lost.ids()))
            for ids, vectors in self._catalogue.vectors_since(held, searchable, self._dimension):
                tail.add_with_ids(vectors, ids)
        return _State(searchable, seen, since, file, removed, tail)

    # -- searching

    def search(self, query: Scores, k: int, only: Selection | None = None) -> list[tuple[int, float]]:
        """(passage id, cosine) of the k nearest, best first; `only` is what to search among. Fewer come back only where there are fewer."""
        faiss.omp_set_num_threads(1)  # of this thread: one query is done before others have woken up
        state, row = self._state, query.reshape(1, -1)
        count = None if only is None else only.count
        if k <= 0 or count == 0:
            return []
        if only is not None and _clustered(state.file) and only.count <= state.file.ntotal // _PASSED:
            return self._nearest(query, only.ids(), k)
        selector = faiss.IDSelectorBitmap(only.bits()) if only is not None else None  # type: ignore[call-arg,arg-type] # keeps the bits
        scores, ids = _search(state.tail, row, k, faiss.SearchParameters(sel=selector))  # type: ignore[call-arg]
        if state.file is not None:
            if selector is None and state.removed is not None:
                selector = faiss.IDSelectorNot(faiss.IDSelectorBitmap(state.removed))  # type: ignore[call-arg,arg-type,assignment]
            if _clustered(state.file):
                return self._nearest(query, np.concatenate([ids, _candidates(state.file, row, k + _SPARE, selector, count)]), k)
            found = _search(state.file, row, k, faiss.SearchParameters(sel=selector))  # type: ignore[call-arg]
            scores, ids = np.concatenate([scores, found[0]]), np.concatenate([ids, found[1]])
        return _best(scores, ids, k)

    def _nearest(self, query: Scores, ids: np.ndarray, k: int) -> list[tuple[int, float]]:
        """The k of some passages whose vectors, as the catalogue has them, are nearest."""
        held, vectors = self._catalogue.vectors_held(np.sort(ids))
        return _best(vectors @ query, held, k)


def _clustered(file: Any) -> bool:
    return hasattr(file, "nlist")


def _candidates(file: Any, row: np.ndarray, k: int, selector: Any, count: int | None) -> np.ndarray:
    """The ids of about the k nearest; `count` is the number of passages that the selector lets through, None without a filter."""
    probes = round(_PROBES * file.nlist**0.5 * max(1.0, file.ntotal / (count or file.ntotal)) ** _NARROWER)
    expected = min(k, file.ntotal if count is None else count)
    while True:
        probes = min(probes, file.nlist)
        _, ids = _search(file, row, k, faiss.SearchParametersIVF(sel=selector, nprobe=probes))  # type: ignore[call-arg]
        if len(ids) >= expected or probes == file.nlist:
            return ids
        probes *= 8


def _best(scores: np.ndarray, ids: np.ndarray, k: int) -> list[tuple[int, float]]:
    order = np.argsort(-scores, kind="stable")[:k]
    return [(int(i), float(s)) for i, s in zip(ids[order], scores[order], strict=True)]


def _search(index: Any, row: np.ndarray, k: int, parameters: Any) -> Found:
    if not index.ntotal:
        return np.zeros(0, dtype=np.float32), np.zeros(0, dtype=np.int64)
    scores, ids = index.search(row, min(k, index.ntotal), params=parameters)
    return scores[0][ids[0] >= 0], ids[0][ids[0] >= 0]


def _either(some: np.ndarray | None, others: np.ndarray) -> np.ndarray:
    if some is None:
        return others
    both = np.zeros(max(len(some), len(others)), dtype=np.uint8)
    both[: len(some)] = some
    both[: len(others)] |= others
    return both
