"""Fits the ranker of Chinese keyphrases to texts with their keywords.

Whatever is learned of words is asked of texts that it was not learned from: in ten parts, each with what the other nine teach. The
same holds for the first probabilities, which the second trees are fitted on.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from assistant.keyphrases.context import context
from assistant.keyphrases.features import features
from assistant.keyphrases.learning import learn
from assistant.keyphrases.lexicon import Lexicon
from assistant.keyphrases.model import KeyphraseModel
from assistant.keyphrases.reading import read_chinese
from assistant.keyphrases.trees import Trees
from assistant.keyphrases.vectors import Vectors

Array = np.ndarray[Any, Any]
Row = tuple[str, Sequence[str]]
"""A text and its keywords."""
FOLDS = 10
ROUNDS = 200


def fold_of(text: str, folds: int = FOLDS) -> int:
    """Equal texts share a fold."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=4).digest(), "big") % folds


def train(
    rows: Sequence[Row],
    rare: Mapping[str, int],
    vectors: Vectors,
    english: Mapping[str, int],
    english_texts: int,
    rounds: int = ROUNDS,
    seed: int = 0,
    progress: Callable[[str], None] = lambda _: None,
) -> KeyphraseModel:
    """A model of at least some dozens of rows; minutes for thousands.

    `rare` counts the titles of the IPC that have a word, `vectors` are of `vectors.company`, `english` counts which of `english_texts`
    texts have a stem. Raises ValueError where there are no two different texts, or no keywords.
    """
    readings = [read_chinese(text) for text, _ in rows]
    keywords = [keys for _, keys in rows]
    folds = np.array([fold_of(text) for text, _ in rows])
    if len(set(folds)) < 2 or not any(keywords):
        raise ValueError("nothing to learn from: give at least some dozens of different texts with keywords")
    words: list[list[str]] = [[] for _ in rows]
    first: list[Array] = [np.zeros(0)] * len(rows)
    lexicons: dict[int, Lexicon] = {}
    for fold in np.unique(folds):
        others = np.flatnonzero(folds != fold)
        lexicons[fold] = learn([readings[i] for i in others], [keywords[i] for i in others], rare, vectors)
        for i in np.flatnonzero(folds == fold):
            words[i], first[i] = features(readings[i], lexicons[fold])
        progress(f"part {fold + 1} of {FOLDS} described")
    right = [np.array([word in set(keys) for word in each], dtype=bool) for each, keys in zip(words, keywords, strict=True)]
    probabilities: list[Array] = [np.zeros(0)] * len(rows)
    halves = folds // 2
    for half in np.unique(halves):
        trees = fit([first[i] for i in np.flatnonzero(halves != half)], [right[i] for i in np.flatnonzero(halves != half)], rounds, seed)
        for i in np.flatnonzero(halves == half):
            probabilities[i] = trees.probabilities(first[i])
        progress(f"part {half + 1} of {FOLDS // 2} judged")
    second = [
        np.hstack([f, context(w, p, reading, lexicons[fold])])
        for f, w, p, reading, fold in zip(first, words, probabilities, readings, folds, strict=True)
    ]
    return KeyphraseModel(
        lexicon=learn(readings, keywords, rare, vectors),
        first=fit(first, right, rounds, seed),
        second=fit(second, right, rounds, seed),
        english=dict(sorted(english.items())),
        english_texts=english_texts,
    )


def fit(described: Sequence[Array], right: Sequence[Array], rounds: int, seed: int) -> Trees:
    from sklearn.ensemble import HistGradientBoostingClassifier

    boosting = HistGradientBoostingClassifier(
        max_iter=rounds, learning_rate=0.06, max_leaf_nodes=15, min_samples_leaf=80, l2_regularization=5, early_stopping=False, random_state=seed
    )
    values = np.concatenate(described)
    values[:, np.isnan(values).all(axis=0)] = 0  # of which scikit-learn can't make bins
    return Trees.of(boosting.fit(values, np.concatenate(right)))
