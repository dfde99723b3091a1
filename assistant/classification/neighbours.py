"""How well a text fits the patents of each place: kernel ridge regression and a vote of the nearest patents, over one similarity.

The similarity of two patents is a sum of the cosines of their abstracts and of their titles (tf-idf of terms and of pairs of
terms) and of a power of the cosine of their vectors. Kernel ridge regression gives, without fitting again, what would be predicted for
each patent had it not been there (Rifkin and Lippert, "Notes on regularized least squares", 2007, section 4.2); these predictions are
what the ranking is learned from, and what is answered about a patent of the index.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import numpy as np
from scipy.linalg import blas, lapack
from scipy.sparse import csr_matrix

from assistant.classification.material import Material, Vectors, Wording
from assistant.classification.store import Store, Stored
from assistant.classification.terms import Vocabulary, phrases

Array = np.ndarray[Any, Any]
BODY, TITLE, MEANING = 0.35, 0.15, 0.5
POWER = 4
RIDGE = 0.3
NEAREST = 20
VOTE_POWER = 3
"""A neighbour's vote is this power of its similarity."""
LATER = 0.5
"""What a vote for a later code counts, against one for the first."""
LEARNED = 10_000
"""The regression learns from so many patents at most, since its cost grows with their cube; all of them vote."""
_BLOCK = 512


@dataclass(frozen=True)
class Labels:
    """Of n patents at one level: `first` (n,) is the column of the first code, -1 where there is none; `codes` (n, places) has 1 for each."""

    first: Array
    codes: csr_matrix

    @classmethod
    def of(cls, symbols: Sequence[Sequence[str]], places: Sequence[str]) -> "Labels":
        at = {symbol: i for i, symbol in enumerate(places)}
        found = [list(dict.fromkeys(at[s] for s in some if s in at)) for some in symbols]
        ends = np.cumsum([0, *(len(f) for f in found)])
        columns = np.array([c for f in found for c in f], dtype=np.int32)
        codes = csr_matrix((np.ones(len(columns), dtype=np.float32), columns, ends), shape=(len(found), len(places)))
        return cls(np.array([f[0] if f else -1 for f in found], dtype=np.int32), codes)

    @property
    def firsts(self) -> csr_matrix:
        """(n, places) with a 1 for the first code."""
        there = np.flatnonzero(self.first >= 0)
        return csr_matrix((np.ones(len(there), dtype=np.float32), (there, self.first[there])), shape=self.codes.shape)

    @property
    def votes(self) -> csr_matrix:
        return csr_matrix((1 - LATER) * self.firsts + LATER * self.codes)


class Neighbours:
    """The classified patents, their wording and vectors."""

    def __init__(self, numbers: Sequence[str], vocabulary: Vocabulary, body: csr_matrix, title: csr_matrix, vectors: Array) -> None:
        """`body` and `title` are (terms, n), `vectors` (n, d) float16."""
        self.numbers = list(numbers)
        self.row = {number: i for i, number in enumerate(self.numbers)}
        self._vocabulary, self._body, self._title, self._vectors = vocabulary, body, title, vectors
        self._has_vector = vectors.any(axis=1).astype(np.float32)

    @classmethod
    def of(cls, material: Material) -> "Neighbours":
        vocabulary, _ = Vocabulary.of((w.whole for w in material.wordings), phrases, least=2)
        body, title = (csr_matrix(vocabulary.tf_idf(vocabulary.counts(texts)).T) for texts in _columns(material.wordings))
        return cls(material.numbers, vocabulary, body, title, material.vectors.astype(np.float16))

    def similarity(self, wordings: Sequence[Wording], vectors: Vectors) -> Vectors:
        """(texts, n) the similarity of texts to the patents, at most 1."""
        body, title = (self._vocabulary.tf_idf(self._vocabulary.counts(texts)) for texts in _columns(wordings))
        return self._similarity(body, title, vectors)

    def similarity_of(self, rows: Array) -> Vectors:
        """(rows, n) the similarity of some of the patents to all of them."""
        return self._similarity(csr_matrix(self._body.T)[rows], csr_matrix(self._title.T)[rows], self._vectors[rows].astype(np.float32))

    def _similarity(self, body: csr_matrix, title: csr_matrix, vectors: Vectors) -> Vectors:
        similar: Vectors = vectors @ self._vectors.T.astype(np.float32)
        similar = np.asarray(MEANING * ((1 + similar) / 2) ** POWER * self._has_vector * vectors.any(axis=1, keepdims=True), dtype=np.float32)
        similar += BODY * (body @ self._body).toarray()
        similar += TITLE * (title @ self._title).toarray()
        return np.asarray(similar, dtype=np.float32)

    def save(self, to: Store) -> None:
        to.strings("numbers", self.numbers)
        to.vocabulary("patents", self._vocabulary)
        to.rows("body", self._body)
        to.rows("title", self._title)
        to.arrays(vectors=self._vectors)

    @classmethod
    def load(cls, stored: Stored) -> "Neighbours":
        return cls(
            stored.strings("numbers"), stored.vocabulary("patents", phrases), stored.rows("body"), stored.rows("title"), stored.array("vectors")
        )


def votes(similar: Vectors, labels: csr_matrix) -> Vectors:
    """(texts, places) the shares that places have among the nearest patents of texts, nearer ones counting more."""
    count = min(NEAREST, similar.shape[1])
    shares = np.zeros((len(similar), labels.shape[1]), dtype=np.float32)
    if not count:
        return shares
    nearest = np.argpartition(-similar, count - 1, axis=1)[:, :count]
    weights = np.maximum(np.take_along_axis(similar, nearest, axis=1), 0) ** VOTE_POWER
    weights /= np.maximum(weights.sum(axis=1, keepdims=True), 1e-9)
    for start in range(count):
        shares += csr_matrix(labels[nearest[:, start]].multiply(weights[:, start : start + 1])).toarray()
    return shares


class Regression:
    """Kernel ridge regression of the first codes and of all codes, one after the other: (texts, 2 · places)."""

    def __init__(self, learned: Array, coefficients: Array, left_out: Array) -> None:
        """`learned` (m,) are rows of the neighbours, `coefficients` (m, 2 · places) float16, `left_out` (m, 2 · places) float16 the
        predictions for each of them without itself."""
        self.learned, self._coefficients, self.left_out = learned, coefficients, left_out

    @classmethod
    def of(cls, neighbours: Neighbours, labels: Labels, tick: Callable[[float], None]) -> "Regression":
        order = sorted(range(len(neighbours.numbers)), key=lambda i: blake2b(neighbours.numbers[i].encode(), digest_size=8).digest())
        learned = np.sort(np.array(order[:LEARNED], dtype=np.int32))
        if not len(learned):
            none = np.zeros((0, 2 * labels.codes.shape[1]), dtype=np.float16)
            return cls(learned, none, none)
        kernel = np.empty((len(learned), len(learned)), dtype=np.float32)
        for start in range(0, len(learned), _BLOCK):
            kernel[start : start + _BLOCK] = neighbours.similarity_of(learned[start : start + _BLOCK])[:, learned]
            tick(0.3 * start / len(learned))
        kernel[np.diag_indices(len(learned))] += RIDGE
        factor, failed = lapack.spotrf(kernel.T, lower=True, overwrite_a=True)  # the transpose is in the order of Fortran: no copy
        tick(0.6)
        inverse, _ = lapack.spotri(factor, lower=True, overwrite_c=True)
        tick(0.9)
        assert not failed, "a sum of kernels with a ridge is positive definite"
        targets = np.concatenate([labels.firsts[learned].toarray(), labels.codes[learned].toarray()], axis=1)
        coefficients = blas.ssymm(1.0, inverse, targets, lower=True)
        left_out = targets - coefficients / np.diag(inverse)[:, None]
        return cls(learned, coefficients.astype(np.float16), left_out.astype(np.float16))

    def predict(self, similar: Vectors) -> Vectors:
        """For texts with these similarities (texts, n) to the patents."""
        return np.asarray(similar[:, self.learned] @ self._coefficients.astype(np.float32))

    def without(self, row: int) -> Vectors | None:
        """(1, 2 · places) the prediction for a patent that was learned from, as if it had not been."""
        found = np.searchsorted(self.learned, row)
        if found < len(self.learned) and self.learned[found] == row:
            return self.left_out[found : found + 1].astype(np.float32)
        return None

    def save(self, to: Store) -> None:
        to.arrays(learned=self.learned, coefficients=self._coefficients, left_out=self.left_out)

    @classmethod
    def load(cls, stored: Stored) -> "Regression":
        return cls(stored.array("learned"), stored.array("coefficients"), stored.array("left_out"))


def _columns(wordings: Sequence[Wording]) -> tuple[list[str], list[str]]:
    return [w.whole for w in wordings], [w.title for w in wordings]
