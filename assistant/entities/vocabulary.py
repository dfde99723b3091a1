"""The features of tokens that a tagger knows, as rows of its table of vectors."""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from zlib import crc32

import numpy as np

from assistant.entities.tokens import normalised, shape

Rows = np.ndarray[tuple[int, int], np.dtype[np.int64]]
UNIGRAM = 10
"""Rows of a token by itself; with the pairs with its neighbours, `WIDTH` rows."""
WIDTH = UNIGRAM + 2
NONE = 0
_REMEMBERED = 1_000_000
"""Tokens and pairs whose rows are kept in mind."""


class Vocabulary:
    """Features that were seen often enough, each known by its CRC-32, with rows from 1; row 0 is that of no feature."""

    def __init__(self, keys: Sequence[int], cased: bool) -> None:
        self.keys = list(keys)
        self.cased = cased
        self._rows = {key: row for row, key in enumerate(self.keys, 1)}
        self._unigrams: dict[str, list[int]] = {}
        self._pairs: dict[tuple[str, str], int] = {}

    @classmethod
    def learn(cls, sentences: Iterable[Sequence[str]], most: int, least: int) -> "Vocabulary":
        """The `most` most frequent of the features that are there `least` times; capitals count only where the texts have some."""
        sentences = list(sentences)
        cased = any(token.lower() != token for tokens in sentences for token in tokens)
        counts: Counter[str] = Counter()
        for tokens in sentences:
            for token in tokens:
                counts.update(_unigram(token, cased))
            counts.update(_pair(a, b) for a, b in pairwise(tokens))
        frequent = sorted((f for f, n in counts.items() if n >= least), key=lambda f: (-counts[f], f))
        return cls(list(dict.fromkeys(_key(f) for f in frequent))[:most], cased)

    def rows(self, tokens: Sequence[str]) -> Rows:
        """(tokens, WIDTH) rows: of each token by itself, and of its pairs with the one before and the one behind."""
        if len(self._unigrams) + len(self._pairs) > _REMEMBERED:
            self._unigrams, self._pairs = {}, {}
        table = np.zeros((len(tokens), WIDTH), dtype=np.int64)
        for i, token in enumerate(tokens):
            table[i, :UNIGRAM] = self._unigram_rows(token)
        for i in range(1, len(tokens)):
            table[i, UNIGRAM] = table[i - 1, UNIGRAM + 1] = self._pair_row(tokens[i - 1], tokens[i])
        return table

    def _unigram_rows(self, token: str) -> list[int]:
        found = self._unigrams.get(token)
        if found is None:
            rows = [self._row(feature) for feature in _unigram(token, self.cased)]
            found = self._unigrams[token] = rows + [NONE] * (UNIGRAM - len(rows))
        return found

    def _pair_row(self, first: str, second: str) -> int:
        found = self._pairs.get((first, second))
        if found is None:
            found = self._pairs[first, second] = self._row(_pair(first, second))
        return found

    def _row(self, feature: str) -> int:
        return self._rows.get(_key(feature), NONE)


def padded(rows: Sequence[Rows]) -> tuple[np.ndarray[tuple[int, int, int], np.dtype[np.int64]], np.ndarray[tuple[int], np.dtype[np.int64]]]:
    """(sentences, tokens, WIDTH) rows, filled up with row 0, and the number of tokens of each sentence."""
    lengths = np.array([len(each) for each in rows], dtype=np.int64)
    table = np.zeros((len(rows), int(lengths.max()), WIDTH), dtype=np.int64)
    for i, each in enumerate(rows):
        table[i, : len(each)] = each
    return table, lengths


def _key(feature: str) -> int:
    return crc32(feature.encode("utf-8", "surrogatepass"))


def _unigram(token: str, cased: bool) -> list[str]:
    word = normalised(token)
    if not cased:
        token = token.lower()
    features = ["w" + ("0" * len(word) if word.isdigit() else word), "s" + shape(token)]
    if len(word) > 2 and word.isalpha():
        features += [f"<{word[:n]}" for n in (2, 3, 4) if n < len(word)]
        features += [f"{word[-n:]}>" for n in (1, 2, 3, 4) if n < len(word)]
    return features


def _pair(first: str, second: str) -> str:
    return f"p{normalised(first)} {normalised(second)}"
