"""How well a text fits the scheme's own words: BM25 and cosine against the entries of each place."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix

from assistant.classification.material import Material, Vectors
from assistant.classification.store import Store, Stored
from assistant.classification.terms import Vocabulary, damped, words

Array = np.ndarray[Any, Any]


class SchemeTexts:
    """Each subclass and each main group as one text a language: the titles of its entries, and those below, and definitions."""

    def __init__(self, vocabulary: Vocabulary, bm25: csr_matrix, owners: Array, vectors: Array, vector_owners: Array) -> None:
        """`bm25` (terms, texts) with the places that `owners` (texts,) gives; `vectors` (entries, d) float16 with `vector_owners` (entries,)."""
        self.vocabulary, self._bm25, self._owners = vocabulary, bm25, owners
        self._vectors, self._vector_owners = vectors, vector_owners

    @classmethod
    def of(cls, material: Material, places: Sequence[str]) -> "SchemeTexts":
        """`places` are all symbols, sorted, of both levels."""
        at = {symbol: i for i, symbol in enumerate(places)}
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
        )

    def lexical(self, texts: Sequence[str], places: int) -> Vectors:
        """(texts, places) BM25, as a share of the best place's; of a place with texts in several languages the best."""
        scores = (damped(self.vocabulary.counts(texts)) @ self._bm25).toarray()
        return _best_of(scores, self._owners, places)

    def semantic(self, vectors: Vectors, places: int) -> Vectors:
        """(texts, places) the cosine to the place's own entry; 0 where one of them can't be read."""
        return _best_of(vectors @ self._vectors.astype(np.float32).T, self._vector_owners, places)

    def save(self, to: Store) -> None:
        to.vocabulary("scheme", self.vocabulary)
        to.rows("scheme_bm25", self._bm25)
        to.arrays(scheme_owners=self._owners, scheme_vectors=self._vectors, scheme_vector_owners=self._vector_owners)

    @classmethod
    def load(cls, stored: Stored) -> "SchemeTexts":
        return cls(
            stored.vocabulary("scheme", words),
            stored.rows("scheme_bm25"),
            stored.array("scheme_owners"),
            stored.array("scheme_vectors"),
            stored.array("scheme_vector_owners"),
        )


def _best_of(scores: Vectors, owners: Array, places: int) -> Vectors:
    """The columns of the same owner joined by their maximum."""
    best = np.zeros((len(scores), places), dtype=np.float32)
    if len(owners):
        order = np.argsort(owners, kind="stable")
        starts = np.flatnonzero(np.diff(owners[order], prepend=-1))
        best[:, owners[order][starts]] = np.maximum.reduceat(scores[:, order], starts, axis=1)
    return best
