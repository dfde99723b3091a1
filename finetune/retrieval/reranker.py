"""A reranker: a cross-encoder that reads a query and a hit together, trained on the hits that a first stage gave.

It starts from the weights of the tuned encoder, so it reads Chinese as well, and learns from lists: for each query the right hits and wrong ones
of high rank (a softmax over the list: Cao et al., "Learning to rank", ICML 2007). Over fifty hits it costs as much as encoding fifty passages
with the query before each, so it is for where a person waits, and not for bulk.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import Field

from finetune.retrieval.embedder import still
from finetune.settings import Settings

FIRST = 50
"""Hits that are ranked again."""


class RerankerSettings(Settings):
    """`wrong` hits stand in a list beside a right one; `tokens` are those of query and hit together."""

    epochs: float = Field(default=1, gt=0)
    batch: int = Field(default=16, ge=1)
    rate: float = Field(default=5e-5, gt=0)
    warmup: float = Field(default=0.1, ge=0, lt=1)
    wrong: int = Field(default=7, ge=1)
    tokens: int = Field(default=192, ge=16, le=512)
    bf16: bool = True
    seed: int = Field(default=0, ge=0)
    save_steps: int = Field(default=200, ge=1)
    log_steps: int = Field(default=20, ge=1)


@dataclass(frozen=True)
class Ranked:
    """A query, a right hit, and wrong ones."""

    query: str
    right: str
    wrong: tuple[str, ...]


def lists(queries: Sequence[str], hits: Sequence[Sequence[str]], is_right: Callable[[int, str], bool], settings: RerankerSettings) -> list[Ranked]:
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


def train(base: Path, ranked: Sequence[Ranked], out: Path, settings: RerankerSettings) -> Any:
    """The sentence-transformers CrossEncoder that has learned from the lists, from the weights of an encoder's folder. Goes on from the last
    checkpoint in `out`; the model is saved to `out`/model."""
    from datasets import Dataset
    from sentence_transformers import CrossEncoder
    from sentence_transformers.cross_encoder import CrossEncoderTrainer, CrossEncoderTrainingArguments
    from sentence_transformers.cross_encoder.losses import ListNetLoss
    from transformers.trainer_utils import get_last_checkpoint

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
    arguments = CrossEncoderTrainingArguments(
        output_dir=str(out),
        num_train_epochs=settings.epochs,
        per_device_train_batch_size=settings.batch,
        learning_rate=settings.rate,
        warmup_steps=settings.warmup,
        lr_scheduler_type="linear",
        weight_decay=0.0,
        bf16=settings.bf16,
        use_cpu=True,
        seed=settings.seed,
        data_seed=settings.seed,
        logging_steps=settings.log_steps,
        save_steps=settings.save_steps,
        save_total_limit=1,
        report_to="none",
        disable_tqdm=True,
    )
    trainer = CrossEncoderTrainer(model=model, args=arguments, train_dataset=data, loss=ListNetLoss(model))
    trainer.train(resume_from_checkpoint=get_last_checkpoint(str(out)) if out.is_dir() else None)
    model.save_pretrained(str(out / "model"))
    return model


def rerank(model: Any, query: str, hits: Sequence[str], weight: float = 1.0, scores: Sequence[float] = ()) -> list[int]:
    """The positions of the hits, best first: the first fifty by the model's score and `weight` times the first stage's, where there are
    `scores`; the rest as they were."""
    first = min(FIRST, len(hits))
    if not first:
        return []
    found = np.asarray(model.predict([(query, text) for text in hits[:first]], show_progress_bar=False), dtype=np.float64)
    if len(scores):
        found = found + weight * np.asarray(scores[:first], dtype=np.float64)
    return [*np.argsort(-found, kind="stable").tolist(), *range(first, len(hits))]
