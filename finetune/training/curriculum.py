"""The order in which examples are seen: shuffled, by difficulty, in stages, or paced by competence. The same for the same seed."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from finetune.training.settings import Curriculum

Numbers = np.ndarray[Any, np.dtype[np.float64]]
Order = np.ndarray[Any, np.dtype[np.int64]]


def difficulty(scores: Mapping[str, Numbers]) -> Numbers:
    """One figure for each example, 0 (easiest) to 1: the mean of its ranks by each score; equal scores have equal ranks."""
    from scipy.stats import rankdata

    ranks = [(rankdata(s) - 1) / max(1, len(s) - 1) for s in scores.values()]
    return np.asarray(np.mean(ranks, axis=0), np.float64)


def order(curriculum: Curriculum, difficult: Numbers, epochs: float, seed: int) -> Order:
    """Numbers of examples in the order in which they are seen, round(epochs · examples) of them. In each epoch every example is seen once, but
    where pacing has more than one: then easy ones are seen more often, since hard ones come later."""
    random = np.random.default_rng(seed)
    total = max(1, round(epochs * len(difficult)))
    if curriculum.schedule == "paced":
        return _paced(curriculum, difficult, total, random)
    rounds = []
    for _ in range(-(-total // len(difficult))):
        shuffled = random.permutation(len(difficult))
        if curriculum.schedule == "ordered":
            shuffled = shuffled[np.argsort(difficult[shuffled], kind="stable")]
        elif curriculum.schedule == "staged":
            easy_first = shuffled[np.argsort(difficult[shuffled], kind="stable")]
            shuffled = np.concatenate([random.permutation(bucket) for bucket in np.array_split(easy_first, curriculum.buckets)])
        rounds.append(shuffled)
    return np.concatenate(rounds)[:total].astype(np.int64)


def competence(curriculum: Curriculum, done: float) -> float:
    """The share of the examples, easiest first, that may be seen when this share of the training is done."""
    squared = curriculum.start**2
    return float(min(1.0, (done * (1 - squared) / curriculum.horizon + squared) ** 0.5))


def _paced(curriculum: Curriculum, difficult: Numbers, total: int, random: np.random.Generator) -> Order:
    """Drawn without replacement from those within competence; when all of them are used up, they may be drawn again."""
    ranked = random.permutation(len(difficult))
    ranked = ranked[np.argsort(difficult[ranked], kind="stable")]
    pool: list[int] = []
    within = 0
    seen = np.empty(total, np.int64)
    for n in range(total):
        now = math.ceil(competence(curriculum, n / total) * len(ranked))
        pool += ranked[within:now].tolist()
        within = max(within, now)
        if not pool:
            pool = ranked[:within].tolist()
        drawn = int(random.integers(len(pool)))
        seen[n] = pool[drawn]
        pool[drawn] = pool[-1]
        pool.pop()
    return seen
