"""How well a text fits the scheme's own words: BM25 and cosine against the entries of each place."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, vstack

from assistant.classification.material import Material, Vectors, Wording
from assistant.classification.store import Store, Stored
from assistant.classification.terms import Vocabulary, damped, words

Array = np.ndarray[Any, Any]
PROFILE, PROFILE_POWER = 100, 4
"""A profile holds so many main groups, each with this power of its share of the best score."""
_BLOCK = 256


class SchemeTexts:
    """Each subclass and each main group as one text a language: the titles of its entries, and those below, and definitions."""

    def __init__(
        self, vocabulary: Vocabulary, bm25: csr_matrix, owners: Array, vectors: Array, vector_owners: Array, subclasses: int, groups: int
    ) -> None:
        """`bm25` (terms, texts) with the places that `owners` (texts,) gives; `vectors` (entries, d) float16 with `vector_owners` (entries,).
        The places are all `subclasses`, then all main `groups`."""
        self._vocabulary, self._bm25, self._owners = vocabulary, bm25, owners
        self._vectors, self._vector_owners = vectors, vector_owners
        self._subclasses, self._places = subclasses, subclasses + groups

    @classmethod
    def of(cls, material: Material, subclasses: Sequence[str], groups: Sequence[str]) -> "SchemeTexts":
        at = {symbol: i for i, symbol in enumerate([*subclasses, *groups])}
        texts: dict[tuple[str, str], list[str]] = {}
        for (symbol, language), some in material.entries.items():
            texts.setdefault((symbol, language), []).extend(some)
            if len(symbol) > 4:
                texts.setdefault((symbol[:4], language), []).extend(some)
        above = {key: " ".join(some) for key, some in material.entries.items() if len(key[0]) == 4}
        written = [f"{above.get((s[:4], language), '')} {' '.join(some)}" if len(s) > 4 else " ".join(some) for (s, language), some in texts.items()]
        vocabulary, counts = Vocabulary.of(written, words)
        return cls(
            vocabulary,
            csr_matrix(vocabulary.bm25(counts).T),
            np.array([at[symbol] for symbol, _ in texts], dtype=np.int32),
            material.place_vectors.astype(np.float16),
            np.array([at[symbol] for symbol in material.places], dtype=np.int32),
            len(subclasses),
            len(groups),
        )

    def lexical(self, wordings: Sequence[Wording]) -> Vectors:
        """(texts, places) BM25, where titles count twice; of a place with texts in several languages the best."""
        counts = self._vocabulary.counts([f"{w.title}\n{w.whole}" for w in wordings])
        return _best_of((damped(counts) @ self._bm25).toarray(), self._owners, self._places)

    def profiles(self, wordings: Sequence[Wording]) -> csr_matrix:
        """(texts, main groups) the profiles of any number of texts."""
        blocks = [self.profile(self.lexical(wordings[start : start + _BLOCK])) for start in range(0, len(wordings), _BLOCK)]
        return csr_matrix(vstack(blocks)) if blocks else csr_matrix((0, self._places - self._subclasses), dtype=np.float32)

    def profile(self, lexical: Vectors) -> csr_matrix:
        """(texts, main groups) unit rows of a power of the best scores of texts, given their (texts, places) `lexical`."""
        lexical = lexical[:, self._subclasses :]
        count = min(PROFILE, lexical.shape[1])
        if not count:
            return csr_matrix((len(lexical), 0), dtype=np.float32)
        best = np.argpartition(-lexical, count - 1, axis=1)[:, :count]
        scores = np.take_along_axis(lexical, best, axis=1)
        scores = (scores / np.maximum(scores.max(axis=1, keepdims=True), 1e-9)) ** PROFILE_POWER
        scores /= np.maximum(np.linalg.norm(scores, axis=1, keepdims=True), 1e-9)
        return csr_matrix((scores.ravel(), best.ravel(), np.arange(0, best.size + 1, count)), shape=lexical.shape, dtype=np.float32)

    def semantic(self, vectors: Vectors) -> Vectors:
        """(texts, places) the cosine to the place's own entry; 0 where one of them can't be read."""
        return _best_of(vectors @ self._vectors.astype(np.float32).T, self._vector_owners, self._places)

    def save(self, to: Store) -> None:
        to.vocabulary("scheme", self._vocabulary)
        to.rows("scheme_bm25", self._bm25)
        to.arrays(scheme_owners=self._owners, scheme_vectors=self._vectors, scheme_vector_owners=self._vector_owners)

    @classmethod
    def load(cls, stored: Stored, subclasses: int, groups: int) -> "SchemeTexts":
        return cls(
            stored.vocabulary("scheme", words),
            stored.rows("scheme_bm25"),
            stored.array("scheme_owners"),
            stored.array("scheme_vectors"),
            stored.array("scheme_vector_owners"),
            subclasses,
            groups,
        )


def _best_of(scores: Vectors, owners: Array, places: int) -> Vectors:
    """The columns of the same owner joined by their maximum."""
    best = np.zeros((len(scores), places), dtype=np.float32)
    if len(owners):
        order = np.argsort(owners, kind="stable")
        starts = np.flatnonzero(np.diff(owners[order], prepend=-1))
        best[:, owners[order][starts]] = np.maximum.reduceat(scores[:, order], starts, axis=1)
    return best
