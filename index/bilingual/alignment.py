"""Which words of parallel texts translate each other: IBM model 1 in both directions, trained to agree.

Brown et al., "The mathematics of statistical machine translation", Computational Linguistics 1993 (model 1 with a null word);
Liang, Taskar and Klein, "Alignment by agreement", NAACL 2006 (the product of both directions' posteriors as the expected counts);
Dyer, Chahuneau and Smith, "A simple, fast, and effective reparameterization of IBM model 2", NAACL 2013 (the prior for the diagonal).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
ITERATIONS = 8
NULL = 0.1
"""The weight of the null word, which stands for what has no translation, against each word of the other side."""


@dataclass(frozen=True)
class Alignment:
    """Parallel arrays of all pairs of words that stand in a pair of texts together, and of all links between two places."""

    first: list[str]
    second: list[str]
    pairs: Array
    """(n, 2): the numbers of a word of the first side and of one of the second."""
    counts: Array
    """(n,): how often they are expected to translate each other."""
    forward: Array
    """(n,): probability of the second word given the first."""
    backward: Array
    """(n,): probability of the first word given the second."""
    links: Array
    """(m, 3): text, place in the first side, place in the second."""
    posteriors: Array
    """(m, 2): probability that the word at the second place comes from that at the first, and the other way round."""


def align(first: Sequence[Sequence[str]], second: Sequence[Sequence[str]], diagonal: float = 0.0) -> Alignment:
    """Align texts with texts of the same number; `diagonal` favours words at the same relative place. Empty texts are allowed."""
    (words, ids), (others, other_ids) = _numbered(first), _numbered(second)
    sizes = np.array([(len(a), len(b)) for a, b in zip(ids, other_ids, strict=True)])
    links = np.concatenate([_grid(k, n, m) for k, (n, m) in enumerate(sizes)])
    text, place, other_place = links.T
    offsets = np.concatenate([np.zeros((1, 2), dtype=np.int64), np.cumsum(sizes, axis=0)])
    token, other_token = offsets[text, 0] + place, offsets[text, 1] + other_place
    flat, other_flat = np.concatenate(ids), np.concatenate(other_ids)
    codes, link_pair = np.unique(flat[token] * len(others) + other_flat[other_token], return_inverse=True)
    pairs = np.stack([codes // len(others), codes % len(others)], axis=1)
    prior = np.exp(-diagonal * np.abs((place + 0.5) / sizes[text, 0] - (other_place + 0.5) / sizes[text, 1]))
    null = NULL * sizes[text, 0] * (np.bincount(other_flat) / len(other_flat))[other_flat[other_token]]
    other_null = NULL * sizes[text, 1] * (np.bincount(flat) / len(flat))[flat[token]]
    counts = np.bincount(link_pair).astype(float)
    for _ in range(ITERATIONS):
        forward = counts / np.maximum(np.bincount(pairs[:, 0], counts), 1e-12)[pairs[:, 0]]
        backward = counts / np.maximum(np.bincount(pairs[:, 1], counts), 1e-12)[pairs[:, 1]]
        share, other_share = forward[link_pair] * prior, backward[link_pair] * prior
        share /= np.bincount(other_token, share)[other_token] + null
        other_share /= np.bincount(token, other_share)[token] + other_null
        counts = np.bincount(link_pair, share * other_share, len(codes))
    forward = counts / np.maximum(np.bincount(pairs[:, 0], counts), 1e-12)[pairs[:, 0]]
    backward = counts / np.maximum(np.bincount(pairs[:, 1], counts), 1e-12)[pairs[:, 1]]
    return Alignment(words, others, pairs, counts, forward, backward, links, np.stack([share, other_share], axis=1))


def _numbered(texts: Sequence[Sequence[str]]) -> tuple[list[str], list[Array]]:
    numbers: dict[str, int] = {}
    ids = [np.array([numbers.setdefault(word, len(numbers)) for word in text], dtype=np.int64) for text in texts]
    return list(numbers), ids


def _grid(text: int, size: int, other: int) -> Array:
    places = np.indices((size, other)).reshape(2, -1)
    return np.vstack([np.full(size * other, text), places]).T
