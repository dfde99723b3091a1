"""Preference pairs: which fit into the window, and in which order they are seen."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from finetune.training.curriculum import Numbers
from finetune.training.rows import Row
from finetune.training.tokenized import reply_figures

if TYPE_CHECKING:
    from datasets import Dataset
    from transformers import PreTrainedTokenizerFast


@dataclass(frozen=True)
class Pairs:
    """`lengths` are tokens of each pair, of both replies with their prompts. `dropped` were longer than the window."""

    rows: tuple[Row, ...]
    lengths: "np.ndarray[Any, np.dtype[np.int64]]"
    dropped: int
    scores: dict[str, Numbers]

    def dataset(self, order: Sequence[int] | None = None) -> "Dataset":
        """TRL's conversational form."""
        from datasets import Dataset

        chosen = [self.rows[n] for n in (range(len(self.rows)) if order is None else order)]
        return Dataset.from_list([{name: _messages(row[name]) for name in ("prompt", "chosen", "rejected")} for row in chosen])


def pairs(rows: Iterable[Row], tokenizer: "PreTrainedTokenizerFast", window: int) -> Pairs:
    """Pairs both of whose conversations fit into the window."""
    kept: list[Row] = []
    lengths: list[int] = []
    dropped = 0
    for row in rows:
        sizes = [_length(tokenizer, [*row["prompt"], *row[name]]) for name in ("chosen", "rejected")]
        if max(sizes) > window:
            dropped += 1
            continue
        kept.append(row)
        lengths.append(sum(sizes))
    figures = np.asarray([reply_figures(row) for row in kept], np.float64).reshape(-1, 2)
    counted = np.asarray(lengths, np.int64)
    return Pairs(tuple(kept), counted, dropped, {"length": counted.astype(np.float64), "labels": figures[:, 0], "depth": figures[:, 1]})


def _length(tokenizer: "PreTrainedTokenizerFast", messages: Sequence[dict[str, str]]) -> int:
    return len(tokenizer.apply_chat_template(list(messages), return_dict=True)["input_ids"])


def _messages(given: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    return [{"role": m["role"], "content": m["content"]} for m in given]
