"""What the other candidates say of each: a second look at a text, after each candidate has a first probability."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from assistant.keyphrases.lexicon import Lexicon
from assistant.keyphrases.reading import Reading

Array = np.ndarray[Any, Any]
LIKELY = 25
"""So many of the likeliest candidates are heard."""
NAMES = (
    *("probability", "rank", "sum", "share_of_best", "mean_of_ten", "company_of_keys", "company_of_one"),
    *("before", "after", "inside_likely", "likely_inside", "shared_characters", "alike_mean", "alike_one"),
)


def context(words: Sequence[str], first: Array, reading: Reading, lexicon: Lexicon) -> Array:
    """(candidates, NAMES) float32 from the candidates and their first probabilities."""
    count = len(words)
    likely = np.argsort(-first, kind="stable")[:LIKELY]
    rank = np.empty(count)
    rank[np.argsort(-first, kind="stable")] = np.arange(count)
    known = dict(zip(words, first.tolist(), strict=True))
    together = lexicon.together([words[i] for i in likely], words) * first[likely, None]
    rows = np.array([lexicon.index.get(word, -1) for word in words], dtype=np.intp)
    directions = np.where(rows[:, None] >= 0, lexicon.directions[rows], 0)
    alike = directions[likely] @ directions.T
    alike[np.arange(len(likely)), likely] = 0
    beside = np.full((count, 2), np.nan)
    relations = np.zeros((count, 3))
    heard = [(words[i], float(first[i]), set(words[i])) for i in likely]
    for row, word in enumerate(words):
        for column, neighbours in enumerate((reading.before, reading.after)):
            if word in neighbours:
                beside[row, column] = max(known.get(each, 0) for each in neighbours[word])
        characters = set(word)
        for other, probability, others in heard:
            if other == word or not characters & others:
                continue
            relations[row, 0] = max(relations[row, 0], probability * (word in other))
            relations[row, 1] = max(relations[row, 1], probability * (other in word))
            relations[row, 2] = max(relations[row, 2], probability * len(characters & others) / len(characters | others))
    columns = (
        first,
        rank,
        np.full(count, first.sum()),
        first / max(float(first.max(initial=0)), 1e-9),
        np.full(count, np.sort(first)[-10:].mean() if count else 0),
        together.sum(axis=0),
        together.max(axis=0, initial=0),
        beside,
        relations,
        first[likely] @ alike / max(float(first[likely].sum()), 1e-9),
        (first[likely, None] * np.maximum(alike, 0)).max(axis=0, initial=0),
    )
    return np.column_stack(columns).astype(np.float32)
