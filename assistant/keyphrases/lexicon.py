"""What was learned of words from texts with their keywords: how often each is a keyword where it stands, and which words call for it.

Nothing in it names a text or says which words stood together in one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix

from assistant.keyphrases.reading import Reading

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Lexicon:
    """Arrays over the `words`, and over the `labels`: those words that may be given where they do not stand.

    `present`, `keys` and `present_keys` count texts: with the word, with it as a keyword, and both. `rare` is the number of titles of
    the IPC with the word. `before`, `after` and `inside` say how often a word is a keyword that stands before this one, stands after it,
    and has it inside (single characters); not-a-number where it was seldom seen. `kinds` is the same for parts of speech. `links` and
    `strength` (labels, links) hold a ridge regression of the labels on the words of a text: words and their weights in 127ths of `scale`.
    `companions` (labels, some) are the labels that are most often keywords of the same texts as a label, `shares` how often, in 255ths.
    `vectors` (words, dimensions) are alike where words stand in like company; zeros where that is not known.
    """

    words: Sequence[str]
    present: Array
    keys: Array
    present_keys: Array
    rare: Array
    before: Array
    after: Array
    inside: Array
    vectors: Array
    kinds: Mapping[str, float]
    labels: Array
    links: Array
    strength: Array
    scale: Array
    companions: Array
    shares: Array
    texts: int
    rate: float
    """How often a word of a text is a keyword of it."""

    @cached_property
    def index(self) -> dict[str, int]:
        return {word: i for i, word in enumerate(self.words)}

    @cached_property
    def label(self) -> dict[str, int]:
        """The place of each label among the labels."""
        return {self.words[word]: i for i, word in enumerate(self.labels)}

    @cached_property
    def label_words(self) -> list[str]:
        return [self.words[word] for word in self.labels]

    @cached_property
    def rarity(self) -> Array:
        """(words + 1,) float32: ln of texts / texts with the word; the last is that of an unknown word."""
        return np.log((self.texts + 1) / (np.append(self.present, 0) + 1)).astype(np.float32)

    @cached_property
    def directions(self) -> Array:
        vectors = self.vectors.astype(np.float32)
        unit: Array = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
        return unit

    @cached_property
    def _calls(self) -> csr_matrix:
        weights = self.strength.astype(np.float32) * (self.scale.astype(np.float32) / 127)[:, None]
        ends = np.arange(len(self.labels) + 1) * self.links.shape[1]
        return csr_matrix((weights.ravel(), self.links.astype(np.int32).ravel(), ends), shape=(len(self.labels), len(self.words)))

    def weights(self, reading: Reading) -> tuple[Array, Array]:
        """The known words of a text, and the weights that they have as its content: a unit vector."""
        found = [(i, count) for word, count in reading.pieces.items() if (i := self.index.get(word)) is not None]
        known = np.array([i for i, _ in found], dtype=np.intp)
        weighted = (1 + np.log([count for _, count in found])) * (1 + self.rarity[known])
        return known, (weighted / max(1e-9, float(np.linalg.norm(weighted)))).astype(np.float32)

    def calls(self, reading: Reading) -> Array:
        """(labels,) float32: about how likely the words of the text make each label a keyword of it."""
        known, weighted = self.weights(reading)
        text = np.zeros(len(self.words), dtype=np.float32)
        text[known] = weighted
        called: Array = self._calls @ text
        return called

    def direction(self, reading: Reading) -> Array:
        """The unit vector of the company that the text keeps."""
        known, weighted = self.weights(reading)
        mean = weighted @ self.directions[known]
        unit: Array = mean / max(1e-9, float(np.linalg.norm(mean)))
        return unit

    def together(self, these: Sequence[str], words: Sequence[str]) -> Array:
        """(these, words) float32: the share of the texts with one keyword that have the other too; 0 where that is not known, or small."""
        labels = np.array([self.label.get(word, len(self.labels)) for word in words], dtype=np.intp)
        share = np.zeros((len(these), len(self.labels) + 1), dtype=np.float32)
        for row, word in enumerate(these):
            if (label := self.label.get(word)) is not None:
                share[row, self.companions[label]] = self.shares[label] / np.float32(255)
        share[:, -1] = 0
        found: Array = share[:, labels]
        return found
