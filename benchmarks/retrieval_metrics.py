"""Measures of a ranking, each 0 to 1, and their intervals.

A ranking is a list of ranks, each with the keys that stand there: one document or label, or all paragraphs of a passage. A key that is
relevant counts at the first rank that has it. With G relevant keys and g(r) of them new at rank r, among the first 100 ranks:

hit@1        g(1) > 0
recall@k     (of the depths 1 to 100) the sum of g(1) to g(k), over G
nDCG@10      the sum of g(r) / log2(r + 1) over that of the ideal ranking, one key a rank (Järvelin and Kekäläinen 2002); 1 at most
MAP          the mean over the relevant keys of the share of ranks with something new and relevant down to the key's; 0 for one that is not found
MRR          one over the first rank with something relevant
"""

import math
from collections.abc import Mapping, Sequence, Set

import numpy as np

DEPTH = 100
DEPTHS = (1, 2, 5, 10, 20, 50, 100)
MEASURES = ("hit@1", "recall@10", "recall@100", "nDCG@10", "MAP", "MRR")
"""Those of the table."""
SAMPLES = 10_000
Ranking = Sequence[tuple[str, ...]]


def measures(ranking: Ranking, relevant: Set[str]) -> dict[str, float]:
    """The measures of one query. Raises ValueError where nothing is relevant."""
    if not relevant:
        raise ValueError("a query to which nothing is relevant can't be measured")
    seen: set[str] = set()
    gains = []
    for keys in ranking[:DEPTH]:
        new = (relevant & set(keys)) - seen
        seen |= new
        gains.append(len(new))
    total = len(relevant)
    good = [rank for rank, gain in enumerate(gains, start=1) if gain]
    ideal = sum(1 / math.log2(rank + 1) for rank in range(1, min(total, 10) + 1))
    return {
        "hit@1": float(bool(good) and good[0] == 1),
        **{f"recall@{k}": sum(gains[:k]) / total for k in DEPTHS},
        "nDCG@10": min(1.0, sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains[:10], start=1)) / ideal),
        "MAP": sum(gains[rank - 1] * count / rank for count, rank in enumerate(good, start=1)) / total,
        "MRR": 1 / good[0] if good else 0.0,
    }


def interval(values: Sequence[float], seed: int = 0) -> tuple[float, float]:
    """The 95 % interval of the mean, by bootstrap over the queries."""
    return interval_of_average([values], seed)


def interval_of_average(groups: Sequence[Sequence[float]], seed: int = 0) -> tuple[float, float]:
    """The 95 % interval of the average over groups of the mean in each, by bootstrap inside each group."""
    means = np.mean([bootstrap_means(g, seed + i) for i, g in enumerate(groups)], axis=0)
    low, high = np.percentile(means, [2.5, 97.5])
    return float(low), float(high)


def bootstrap_means(values: Sequence[float], seed: int = 0) -> np.ndarray:
    """(10,000,) means of samples with replacement. Those of two systems with one seed are of the same queries."""
    given = np.asarray(values, dtype=np.float64)
    samples = np.random.default_rng(seed).integers(0, len(given), (SAMPLES, len(given)))
    return np.asarray(given[samples].mean(axis=1))


def wins(ours: Mapping[str, float], other: Mapping[str, float]) -> tuple[int, int, int]:
    """Of how many queries ours is better, as good, worse."""
    differences = [ours[q] - other[q] for q in ours]
    return sum(d > 1e-9 for d in differences), sum(abs(d) <= 1e-9 for d in differences), sum(d < -1e-9 for d in differences)
