"""A reranker: a cross-encoder that reads a query and a hit together, trained on the hits that a first stage gave.

It starts from the weights of the tuned encoder, so it reads Chinese as well, and learns from lists: for each query the right hits and wrong ones
of high rank (a softmax over the list: Cao et al., "Learning to rank", ICML 2007). Over fifty hits it costs as much as encoding fifty passages
with the query before each, so it is for where a person waits, and not for bulk.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from finetune.retrieval.embedder import still
from finetune.retrieval.settings import SeededRanking

LOSSES = "losses.json"
FIRST = 50
"""Hits that are ranked again."""


@dataclass(frozen=True)
class Ranked:
    """A query, a right hit, and wrong ones."""

    query: str
    right: str
    wrong: tuple[str, ...]


def lists(queries: Sequence[str], hits: Sequence[Sequence[str]], is_right: Callable[[int, str], bool], settings: SeededRanking) -> list[Ranked]:
    """For each query and each right hit among its first ones, a list: the wrong ones are drawn from all that are there, with a seed."""
    random = np.random.default_rng(settings.seed)
    found = []
    for i, (query, some) in enumerate(zip(queries, hits, strict=True)):
        right = [text for text in some[:FIRST] if is_right(i, text)]
        wrong = [text for text in some[:FIRST] if not is_right(i, text)]
        if right and len(wrong) >= settings.wrong:
            for text in right:
                chosen = random.choice(len(wrong), settings.wrong, replace=False)
                found.append(Ranked(query, text, tuple(wrong[j] for j in sorted(chosen))))
    return found


def train(base: Path, ranked: Sequence[Ranked], out: Path, settings: SeededRanking, tell: Callable[[str], None] = print) -> Any:
    """The sentence-transformers CrossEncoder that has learned from the lists, from the weights of an encoder's folder. Goes on from the last
    checkpoint in `out`/checkpoints; what was logged of losses is beside it; the model is saved to `out`/model."""
    from datasets import Dataset
    from sentence_transformers import CrossEncoder
    from sentence_transformers.cross_encoder import CrossEncoderTrainer, CrossEncoderTrainingArguments
    from sentence_transformers.cross_encoder.losses import ListNetLoss
    from transformers import set_seed

    from finetune.retrieval import arguments

    set_seed(settings.seed)  # the head begins with random numbers
    model = CrossEncoder(str(base), num_labels=1, max_length=settings.tokens, device="cpu", local_files_only=True)
    still(model)
    size = 1 + settings.wrong
    data = Dataset.from_dict(
        {
            "query": [r.query for r in ranked],
            "hits": [[r.right, *r.wrong] for r in ranked],
            "labels": [[1.0] + [0.0] * (size - 1)] * len(ranked),
        }
    )
    steps = out / "checkpoints"
    given = CrossEncoderTrainingArguments(
        **arguments.common(steps, settings, settings.epochs, settings.batch), learning_rate=settings.rate, warmup_steps=settings.warmup
    )
    logged = arguments.train(CrossEncoderTrainer(model=model, args=given, train_dataset=data, loss=ListNetLoss(model)), steps, tell)
    (steps / LOSSES).write_text(json.dumps(logged) + "\n", encoding="utf-8")
    model.save_pretrained(str(out / "model"), create_model_card=False)
    return model


def rerank(model: Any, query: str, hits: Sequence[str], weight: float = 1.0, scores: Sequence[float] = ()) -> list[int]:
    """The positions of the hits, best first: the first fifty by the model's score and `weight` times the first stage's, where there are
    `scores`; the rest as they were."""
    first = min(FIRST, len(hits))
    if not first:
        return []
    found = np.asarray(model.predict([(query, text) for text in hits[:first]], show_progress_bar=False), dtype=np.float64)
    return [*ordered(found, weight, scores[:first]), *range(first, len(hits))]


def ordered(found: np.ndarray, weight: float, scores: Sequence[float]) -> list[int]:
    """The positions of hits by the model's scores (n,) and `weight` times the first stage's, where there are any; best first."""
    total = found + weight * np.asarray(scores, dtype=np.float64) if len(scores) else found
    order: list[int] = np.argsort(-total, kind="stable").tolist()
    return order
