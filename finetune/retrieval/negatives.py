"""Hard negatives: texts that an encoder takes for the answer and that are none.

For each pair the texts of its kind that are nearest to the anchor are looked through, the nearest first. Left out are the positive itself, texts
that are known to be right as well (`allowed`), copies of the positive, and, where nothing is known of the texts, those nearer to the anchor than
a share of what the positive is: they are as likely to be right answers that nobody marked (Moreira et al., "NV-Retriever", 2024).
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from finetune.retrieval.pairs import Pair

Encode = Callable[[Sequence[str]], np.ndarray]
"""(n, d) unit vectors of texts."""
COPY = 0.98
"""The cosine to the positive from which on a text says the same."""
LOOKED = 50
"""Texts looked through for an anchor."""
_BLOCK = 512


def with_negatives(
    pairs: Sequence[Pair],
    encode: Encode,
    count: int,
    allowed: Callable[[Pair, str], bool],
    texts: Sequence[str] = (),
    share: float = 0.95,
    skip: int = 0,
) -> list[Pair]:
    """The pairs with `count` negatives each, of `texts` or, without any, of the positives of all pairs; a pair for which there are not so many
    keeps none. `allowed` says whether a text may be a negative of a pair; the first `skip` that may are passed over."""
    pool = list(dict.fromkeys(texts or [p.positive for p in pairs]))
    there = encode(pool)
    anchors, positives = encode([p.anchor for p in pairs]), encode([p.positive for p in pairs])
    found = []
    for start in range(0, len(pairs), _BLOCK):
        block = pairs[start : start + _BLOCK]
        near = anchors[start : start + _BLOCK] @ there.T
        own = (anchors[start : start + _BLOCK] * positives[start : start + _BLOCK]).sum(axis=1)
        looked = min(LOOKED, len(pool) - 1)
        first = np.argpartition(-near, looked, axis=1)[:, : looked + 1]
        for row, pair in enumerate(block):
            some = []
            for i in sorted(first[row], key=lambda i: -near[row, i]):
                text = pool[i]
                if text != pair.positive and near[row, i] < share * own[row] and there[i] @ positives[start + row] < COPY and allowed(pair, text):
                    some.append(text)
                if len(some) == skip + count:
                    break
            found.append(replace(pair, negatives=tuple(some[skip:])) if len(some) == skip + count else pair)
    return found
