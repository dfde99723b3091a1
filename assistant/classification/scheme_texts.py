"""How well a text fits the scheme's own words: BM25, the cosine of tf-idf, and the cosine of vectors, against the entries of each place."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix

from assistant.classification.material import Material, Vectors, Wording
from assistant.classification.store import Store, Stored
from assistant.classification.terms import Vocabulary, damped, words

Array = np.ndarray[Any, Any]


class SchemeTexts:
    """Each subclass and each main group as one text a language: the titles of its entries, and those below, and definitions."""

    def __init__(
        self, vocabulary: Vocabulary, bm25: csr_matrix, tf_idf: csr_matrix, owners: Array, vectors: Array, vector_owners: Array, places: int
    ) -> None:
        """`bm25` and `tf_idf` are (terms, texts), `owners` (texts,) the places of the texts; `vectors` (entries, d) float16, `vector_owners`
        (entries,) the places of the entries."""
        self._vocabulary, self._bm25, self._tf_idf, self._owners = vocabulary, bm25, tf_idf, owners
        self._vectors, self._vector_owners, self._places = vectors, vector_owners, places

    @classmethod
    def of(cls, material: Material, places: Sequence[str]) -> "SchemeTexts":
        """`places` are the symbols of all subclasses and main groups, which become columns in this order."""
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
            csr_matrix(vocabulary.tf_idf(counts).T),
            np.array([at[symbol] for symbol, _ in texts], dtype=np.int32),
            material.place_vectors.astype(np.float16),
            np.array([at[symbol] for symbol in material.places], dtype=np.int32),
            len(places),
        )

    def lexical(self, wordings: Sequence[Wording]) -> tuple[Vectors, Vectors]:
        """(texts, places) BM25, and (texts, places) cosines, titles counted twice; of a place with texts in several languages the best."""
        counts = self._vocabulary.counts([f"{w.title}\n{w.whole}" for w in wordings])
        found = damped(counts) @ self._bm25, self._vocabulary.tf_idf(counts) @ self._tf_idf
        bm25, cosines = (_best_of(scores.toarray(), self._owners, self._places) for scores in found)
        return bm25, cosines

    def semantic(self, vectors: Vectors) -> Vectors:
        """(texts, places) the cosine to the place's own entry; 0 where one of them can't be read."""
        return _best_of(vectors @ self._vectors.astype(np.float32).T, self._vector_owners, self._places)

    def save(self, to: Store) -> None:
        to.vocabulary("scheme", self._vocabulary)
        to.rows("scheme_bm25", self._bm25)
        to.rows("scheme_tf_idf", self._tf_idf)
        to.arrays(scheme_owners=self._owners, scheme_vectors=self._vectors, scheme_vector_owners=self._vector_owners)

    @classmethod
    def load(cls, stored: Stored, places: int) -> "SchemeTexts":
        return cls(
            stored.vocabulary("scheme", words),
            stored.rows("scheme_bm25"),
            stored.rows("scheme_tf_idf"),
            stored.array("scheme_owners"),
            stored.array("scheme_vectors"),
            stored.array("scheme_vector_owners"),
            places,
        )


def _best_of(scores: Vectors, owners: Array, places: int) -> Vectors:
    """The columns of the same owner joined by their maximum."""
    best = np.zeros((len(scores), places), dtype=np.float32)
    if len(owners):
        order = np.argsort(owners, kind="stable")
        starts = np.flatnonzero(np.diff(owners[order], prepend=-1))
        best[:, owners[order][starts]] = np.maximum.reduceat(scores[:, order], starts, axis=1)
    return best
