"""Texts as sparse rows of weighted terms, the same for what is learned from and for what is asked."""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, diags

from index.bilingual import gloss
from index.terms import terms
from ingest.language import detect_language

K1, B = 1.2, 0.75


def words(text: str) -> list[str]:
    """The terms of a text, with those of its English gloss where it is Chinese, so that texts of both languages can meet."""
    return terms(text) + (terms(gloss(text)) if detect_language(text) == "zh" else [])


def phrases(text: str) -> list[str]:
    """The terms, and each with the one after it."""
    single = words(text)
    return single + [f"{a} {b}" for a, b in pairwise(single)]


class Vocabulary:
    """The terms that some texts have, and in how many of them each stands."""

    def __init__(self, listed: Sequence[str], frequencies: "np.ndarray[Any, Any]", texts: int, analyse: Callable[[str], list[str]]) -> None:
        self.listed, self.frequencies, self.texts = listed, frequencies, texts
        self._column = {term: i for i, term in enumerate(listed)}
        self._analyse = analyse

    @classmethod
    def of(cls, texts: Iterable[str], analyse: Callable[[str], list[str]], least: int = 1) -> "tuple[Vocabulary, csr_matrix]":
        """The vocabulary of the terms that stand in `least` texts or more, and the counts of the texts."""
        counted = [Counter(analyse(text)) for text in texts]
        frequency: Counter[str] = Counter()
        for each in counted:
            frequency.update(each.keys())
        listed = [term for term, count in frequency.items() if count >= least]
        vocabulary = cls(listed, np.array([frequency[t] for t in listed], dtype=np.float32), len(counted), analyse)
        return vocabulary, vocabulary._rows(counted)

    def counts(self, texts: Sequence[str]) -> csr_matrix:
        """(texts, terms) float32: how often each known term stands in each text."""
        return self._rows([Counter(self._analyse(text)) for text in texts])

    def _rows(self, counted: "Sequence[Counter[str]]") -> csr_matrix:
        data: list[int] = []
        columns: list[int] = []
        ends = [0]
        for each in counted:
            for term, count in each.items():
                if (column := self._column.get(term)) is not None:
                    columns.append(column)
                    data.append(count)
            ends.append(len(columns))
        shape = (len(counted), max(1, len(self.listed)))
        return csr_matrix((np.array(data, dtype=np.float32), np.array(columns, dtype=np.int32), np.array(ends, dtype=np.int32)), shape=shape)

    def tf_idf(self, counts: csr_matrix) -> csr_matrix:
        """Unit rows of (1 + ln count) · (1 + ln((1 + n) / (1 + document frequency)))."""
        weighted = counts.copy()
        idf = 1 + np.log((1 + self.texts) / (1 + self.frequencies))
        weighted.data = (1 + np.log(counts.data)) * idf[counts.indices]
        lengths = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
        return csr_matrix(diags((1 / np.maximum(lengths, 1e-9)).astype(np.float32)) @ weighted)

    def bm25(self, counts: csr_matrix) -> csr_matrix:
        """What each term of a text adds to the BM25 score of a query that has it once (Robertson and Zaragoza, 2009)."""
        weighted = counts.copy()
        idf = np.log1p((self.texts - self.frequencies + 0.5) / (self.frequencies + 0.5))
        lengths = np.asarray(counts.sum(axis=1)).ravel()
        relative = np.repeat(1 - B + B * lengths / max(1e-9, float(lengths.sum()) / max(1, len(lengths))), np.diff(counts.indptr))
        weighted.data = (idf[counts.indices] * counts.data * (K1 + 1) / (counts.data + K1 * relative)).astype(np.float32)
        return weighted


def damped(counts: csr_matrix) -> csr_matrix:
    """A query's counts, a term that is repeated counting ever less: ln(1 + count) / ln 2."""
    weighted = counts.copy()
    weighted.data = (np.log1p(counts.data) / math.log(2)).astype(np.float32)
    return weighted
