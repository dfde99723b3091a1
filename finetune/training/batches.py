"""Windows as batches for TRL's trainer."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch.utils.data import Dataset

from finetune.training.packing import Piece
from finetune.training.tokenized import Tokenized

if TYPE_CHECKING:
    from collections.abc import Callable

IGNORED = -100


class Windows(Dataset[dict[str, list[int]]]):
    """Each window as {input_ids, labels, seq_lengths}; labels of what isn't learned, and of the first token of each piece, are -100."""

    def __init__(self, examples: Tokenized, windows: Sequence[Sequence[Piece]]) -> None:
        self.examples, self.windows = examples, windows

    def __len__(self) -> int:
        return len(self.windows)

    def __getitem__(self, n: int) -> dict[str, list[int]]:
        pieces = self.windows[n]
        first = self.examples.offsets
        spans = [slice(first[example] + start, first[example] + end) for example, start, end in pieces]
        ids = np.concatenate([self.examples.tokens[span] for span in spans])
        labels = np.where(np.concatenate([self.examples.said[span] for span in spans]), ids, IGNORED)
        return {"input_ids": ids.tolist(), "labels": labels.tolist(), "seq_lengths": [end - start for _, start, end in pieces]}


def as_dataset(windows: Windows) -> Any:
    """As TRL takes it: a `datasets.Dataset` whose rows are made when they are asked for."""
    from datasets import Dataset as Rows

    def made(batch: dict[str, list[int]]) -> dict[str, list[list[int]]]:
        found = [windows[n] for n in batch["window"]]
        return {name: [row[name] for row in found] for name in ("input_ids", "labels", "seq_lengths")}

    return Rows.from_dict({"window": list(range(len(windows)))}).with_transform(made)


def collator(pad: int) -> "Callable[[list[dict[str, Any]]], dict[str, torch.Tensor]]":
    """TRL's, that lays all windows of a batch into one row [1, tokens], with positions and borders."""
    from trl.trainer.sft_trainer import DataCollatorForLanguageModeling

    made: Callable[[list[dict[str, Any]]], dict[str, torch.Tensor]] = DataCollatorForLanguageModeling(pad_token_id=pad, padding_free=True)
    return made
