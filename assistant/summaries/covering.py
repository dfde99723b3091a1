"""Sentences that together cover what a document says: greedy weighted coverage of its terms.

The worth of some sentences is that of the terms that they mention, the second mention counting less than the first: a monotone submodular
function, so that the greedy choice is near the best one (Lin and Bilmes, 2011, "A Class of Submodular Functions for Document
Summarization").
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from assistant.summaries.candidates import Candidate

Vector = NDArray[np.float64]


@dataclass(frozen=True)
class TermSpace:
    """The terms of a document: `rows` says which terms each candidate has (0 or 1), `weights` are tf x idf over the whole document, adding up
    to 1, and `vectors` the candidates' tf x idf vectors, of length 1. A candidate is a row, a term a column."""

    rows: csr_matrix
    weights: Vector
    vectors: csr_matrix
    vocabulary: dict[str, int]

    @classmethod
    def of(cls, found: Sequence[Candidate]) -> "TermSpace":
        vocabulary: dict[str, int] = {}
        pointers, columns = [0], []
        for candidate in found:
            columns += [vocabulary.setdefault(term, len(vocabulary)) for term in candidate.terms]
            pointers.append(len(columns))
        counts = csr_matrix((np.ones(len(columns)), np.array(columns, dtype=np.int64), np.array(pointers)), shape=(len(found), len(vocabulary)))
        counts.sum_duplicates()
        rows = counts.copy()
        rows.data = np.ones_like(rows.data)
        spread = np.bincount(rows.indices, minlength=len(vocabulary))
        idf = np.log((1 + len(found)) / (1 + spread)) + 1
        vectors = counts.copy()
        vectors.data *= idf[vectors.indices]
        lengths = np.sqrt(np.asarray(vectors.multiply(vectors).sum(axis=1)).ravel())
        vectors.data /= np.repeat(np.where(lengths > 0, lengths, 1), np.diff(vectors.indptr))
        weights = np.log1p(np.asarray(counts.sum(axis=0)).ravel()) * idf
        return cls(rows, weights / max(float(weights.sum()), 1e-12), vectors, vocabulary)

    def spread(self, which: Sequence[int] | NDArray[np.int64]) -> Vector:
        """In how many of some candidates each term is."""
        return np.asarray(self.rows[np.asarray(which, dtype=np.int64)].sum(axis=0), dtype=np.float64).ravel()

    def has(self, terms: Sequence[str]) -> Vector:
        """1 for each term of the document that is among these, else 0."""
        vector = np.zeros(len(self.vocabulary))
        vector[[self.vocabulary[term] for term in terms if term in self.vocabulary]] = 1
        return vector


def choose(
    space: TermSpace,
    found: Sequence[Candidate],
    allowed: Sequence[int],
    worth: Vector,
    quality: Vector,
    price: float,
    again: float,
    budget: int,
    most: int,
) -> list[int]:
    """Positions of the chosen of `allowed`, in reading order: at most `most`, together of at most `budget` words (characters).

    Each is the one that gains most: the worth of its terms as far as they are not yet mentioned, and of its quality the same share, less
    `price` for each word. A term that has been mentioned is worth `again` of what it was. From the second on a sentence that gains nothing
    is not taken. Of equals the earlier one is.
    """
    whole = space.rows @ worth
    worth = worth.copy()
    left = np.array(sorted(allowed), dtype=np.int64)
    size = np.array([candidate.size for candidate in found], dtype=np.float64)
    chosen: list[int] = []
    while len(chosen) < most:
        left = left[size[left] <= budget]
        if not len(left):
            break
        fresh = space.rows[left] @ worth
        gain = np.round(fresh + quality[left] * fresh / np.maximum(whole[left], 1e-12) - price * size[left], 9)
        best = int(left[int(np.argmax(gain))])
        if chosen and gain.max() <= 0:
            break
        chosen.append(best)
        budget -= found[best].size
        worth[space.rows.indices[space.rows.indptr[best] : space.rows.indptr[best + 1]]] *= again
        left = left[left != best]
    return sorted(chosen)
