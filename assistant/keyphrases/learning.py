"""Learns a lexicon from texts with their keywords."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix

from assistant.keyphrases.lexicon import Lexicon
from assistant.keyphrases.reading import Reading

Array = np.ndarray[Any, Any]
LEAST = 2
"""A word is known that stands in so many texts, and a keyword of so many texts is a label."""
LINKS, COMPANIONS = 60, 40
PENALTY, DOUBT = 1.0, 3
SEEN, WEIGHT = 5, 20
"""A rate is kept that was seen so often; it is drawn to the mean as if the mean had been seen WEIGHT times."""


class _Rates:
    """How often a word is a keyword, by something about it."""

    def __init__(self) -> None:
        self._seen: Counter[str] = Counter()
        self._keys: Counter[str] = Counter()

    def add(self, these: Iterable[str], key: bool) -> None:
        for each in these:
            self._seen[each] += 1
            self._keys[each] += key

    def mean(self) -> float:
        return sum(self._keys.values()) / max(1, sum(self._seen.values()))

    def of(self, mean: float) -> dict[str, float]:
        return {each: (self._keys[each] + WEIGHT * mean) / (seen + WEIGHT) for each, seen in self._seen.items() if seen >= SEEN}


def learn(
    readings: Sequence[Reading], keywords: Sequence[Sequence[str]], rare: Mapping[str, int], vectors: tuple[Mapping[str, int], Array]
) -> Lexicon:
    """`rare` counts the titles of the IPC that have a word; `vectors` are rows, and the row of each word that has one."""
    keys = Counter(word for each in keywords for word in set(each))
    present: Counter[str] = Counter()
    present_keys: Counter[str] = Counter()
    before, after, inside, kinds = _Rates(), _Rates(), _Rates(), _Rates()
    for reading, each in zip(readings, map(set, keywords), strict=True):
        present.update(reading.pieces.keys() | (keys.keys() & reading.places.keys()))
        present_keys.update(each & reading.places.keys())
        for word in reading.words:
            before.add(set(reading.after[word]), word in each)
            after.add(set(reading.before[word]), word in each)
            kinds.add([reading.kinds[word]], word in each)
        for word in reading.pieces:
            inside.add(set(word), word in each)
    rate = kinds.mean()
    contexts = [rates.of(rate) for rates in (before, after, inside)]
    words = sorted({w for w, n in present.items() if n >= LEAST} | keys.keys() | set().union(*contexts))
    labels = np.array([i for i, word in enumerate(words) if keys[word] >= LEAST], dtype=np.uint16)
    rows, known = vectors
    learned = np.zeros((len(words), known.shape[1]), dtype=np.float32)
    for i, word in enumerate(words):
        if (row := rows.get(word)) is not None:
            learned[i] = known[row]
    wanted = _wanted(keywords, {words[word]: i for i, word in enumerate(labels)})
    companions, shares = _companions(wanted)
    blank = np.zeros((len(labels), 0))
    lexicon = Lexicon(
        words=words,
        present=_counts(present, words),
        keys=_counts(keys, words),
        present_keys=_counts(present_keys, words),
        rare=_counts(rare, words),
        before=_rates(contexts[0], words),
        after=_rates(contexts[1], words),
        inside=_rates(contexts[2], words),
        vectors=_bytes(learned),
        kinds=kinds.of(rate),
        labels=labels,
        links=blank,
        strength=blank,
        scale=blank,
        companions=companions,
        shares=shares,
        texts=len(readings),
        rate=rate,
    )
    links, strength, scale = _links([lexicon.weights(reading) for reading in readings], wanted, len(words))
    return replace(lexicon, links=links, strength=strength, scale=scale)


def _counts(counted: Mapping[str, int], words: Sequence[str]) -> Array:
    return np.minimum([counted.get(word, 0) for word in words], 65535).astype(np.uint16)


def _rates(rates: Mapping[str, float], words: Sequence[str]) -> Array:
    return np.array([rates.get(word, np.nan) for word in words], dtype=np.float16)


def _bytes(rows: Array) -> Array:
    """Rows of equal greatest values, which is enough where only their directions are asked for."""
    small: Array = np.round(127 * rows / np.maximum(np.abs(rows).max(axis=1, keepdims=True), 1e-9)).astype(np.int8)
    return small


def _wanted(keywords: Sequence[Sequence[str]], label: Mapping[str, int]) -> csr_matrix:
    """(texts, labels), 1 where the label is a keyword of the text."""
    pairs = [(row, label[word]) for row, each in enumerate(keywords) for word in set(each) if word in label]
    rows, columns = np.array(pairs, dtype=np.intp).reshape(-1, 2).T
    return csr_matrix((np.ones(len(pairs), dtype=np.float32), (rows, columns)), shape=(len(keywords), len(label)))


def _companions(wanted: csr_matrix) -> tuple[Array, Array]:
    """(labels, COMPANIONS) labels, and the shares of the texts of a label that have them, in 255ths."""
    counts = np.asarray(wanted.sum(axis=0)).ravel()
    both = (wanted.T @ wanted).toarray()
    np.fill_diagonal(both, 0)
    most = min(COMPANIONS, len(counts))
    found = np.argsort(-both, axis=1, kind="stable")[:, :most]
    shares = np.take_along_axis(both, found, axis=1) / (counts[:, None] + DOUBT)
    return found.astype(np.uint16), np.round(255 * shares).astype(np.uint8)


def _links(weighted: Sequence[tuple[Array, Array]], wanted: csr_matrix, words: int) -> tuple[Array, Array, Array]:
    """The strongest weights of a ridge regression of the labels on the words of the texts; (labels, LINKS) words and weights, scales."""
    ends = np.cumsum([0, *(len(known) for known, _ in weighted)])
    known = np.concatenate([known for known, _ in weighted])
    texts = csr_matrix((np.concatenate([w for _, w in weighted]), known, ends), shape=(len(weighted), words))
    near = (texts @ texts.T).toarray()
    dual = np.linalg.solve(near + PENALTY * np.eye(len(near), dtype=np.float32), wanted.toarray())
    weights = np.ascontiguousarray((texts.T @ dual).T, dtype=np.float32)  # (labels, words)
    common = np.sqrt(np.asarray(texts.multiply(texts).sum(axis=0), dtype=np.float32)).ravel()
    most = min(LINKS, words)
    links = np.argpartition(-np.abs(weights) * common, most - 1, axis=1)[:, :most]
    kept = np.take_along_axis(weights, links, axis=1)
    scale = np.maximum(np.abs(kept).max(axis=1), 1e-9)
    return links.astype(np.uint16), np.round(127 * kept / scale[:, None]).astype(np.int8), scale.astype(np.float32)
