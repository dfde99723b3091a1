"""The first hits of an encoder, with the reranker's scores of them: lists to learn from, the weight of the encoder's score, before and after."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from finetune.retrieval.negatives import Encode
from finetune.retrieval.ranked import Asked, first, ndcg
from finetune.retrieval.reranker import FIRST, Ranked, lists, ordered
from finetune.retrieval.settings import SeededRanking

_WEIGHTS = (1.0, 0.0, 2.0, 4.0, 8.0, 16.0, 32.0)
"""Of the encoder's cosine beside the reranker's score; of equally good ones the first is taken."""
_SHOWN = 1500
"""Characters of a text that the reranker is given; more than its window has."""


@dataclass(frozen=True)
class Scored:
    """For each query its hits, best first, with their cosines, and the reranker's scores of them; `seconds` for the scores of all."""

    asked: Asked
    hits: list[list[tuple[int, float]]]
    scores: list[np.ndarray]
    seconds: float


def lists_of(each: Asked, encode: Encode, settings: SeededRanking) -> list[Ranked]:
    """Lists of the first hits of its queries, with right ones and wrong ones."""
    hits = [[each.texts[i] for i, _ in some] for some in first(each, encode, FIRST)]
    right = [{each.texts[i] for i in some} for some in each.right]
    return [
        Ranked(row.query[:_SHOWN], row.right[:_SHOWN], tuple(t[:_SHOWN] for t in row.wrong))
        for row in lists(each.queries, hits, lambda i, text: text in right[i], settings)
    ]


def scored(model: Any, each: Asked, encode: Encode) -> Scored:
    hits = first(each, encode, FIRST)
    started = time.perf_counter()
    scores = [
        np.asarray(model.predict([(query[:_SHOWN], each.texts[i][:_SHOWN]) for i, _ in some], show_progress_bar=False), dtype=np.float64)
        for query, some in zip(each.queries, hits, strict=True)
    ]
    return Scored(each, hits, scores, time.perf_counter() - started)


def best_weight(some: Sequence[Scored]) -> float:
    """The weight of the encoder's cosine with which the mean nDCG@10 over the kinds is highest."""
    return max(_WEIGHTS, key=lambda weight: sum(reranked(each, weight) for each in some))


def reranked(some: Scored, weight: float) -> float:
    """The mean nDCG@10 of the hits in their new order."""
    values = []
    for hits, scores, right in zip(some.hits, some.scores, some.asked.right, strict=True):
        order = ordered(scores, weight, [cosine for _, cosine in hits])
        values.append(ndcg([hits[i][0] for i in order], right))
    return float(np.mean(values))


def compared(some: Sequence[Scored], weight: float) -> tuple[dict[str, dict[str, dict[str, float]]], float]:
    """By kind the figures of the encoder and of the hits ranked again, and the seconds that the scores took."""
    found = {}
    for each in some:
        sizes = {"queries": len(each.asked.queries), "texts": len(each.asked.texts)}
        before = np.mean([ndcg([i for i, _ in hits], right) for hits, right in zip(each.hits, each.asked.right, strict=True)])
        found[each.asked.kind] = {
            "encoder": {**sizes, "nDCG@10": round(float(before), 4)},
            "reranked": {**sizes, "nDCG@10": round(reranked(each, weight), 4)},
        }
    return found, sum(each.seconds for each in some)
