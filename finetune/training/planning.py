"""What a training will see: its examples in their order, packed, and the steps that it takes."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from finetune.errors import DataError
from finetune.training.curriculum import Numbers, difficulty, order
from finetune.training.packing import Piece, plan
from finetune.training.preferences import Pairs, pairs
from finetune.training.rows import Row, read_rows, sample_rows
from finetune.training.settings import TrainSettings
from finetune.training.tokenized import Tokenized, tokenized

if TYPE_CHECKING:
    from collections.abc import Callable

    from transformers import PreTrainedTokenizerFast

_IN_ORDER, _ANY_ORDER = 32, 256
"""Windows that are packed together (windows are 93 and 98 % full of lengths drawn evenly up to the window)."""
_DRY = 200
"""Rows that a dry run looks at."""


@dataclass(frozen=True)
class Seen:
    """`tokens[n]` are those seen after n steps. For pairs `pairs` and `order`, else `examples` and `windows`, and the held-out ones alike;
    `held_out_bytes` are the UTF-8 bytes that are learned of them."""

    steps: int
    epochs: float
    tokens: Sequence[int]
    report: dict[str, Any]
    scored: float = 1.0
    examples: Tokenized | None = None
    windows: Sequence[Sequence[Piece]] = ()
    held_out: Tokenized | None = None
    held_out_windows: Sequence[Sequence[Piece]] = ()
    held_out_bytes: int = 0
    pairs: Pairs | None = None
    order: Sequence[int] = ()
    held_out_pairs: Pairs | None = field(default=None)


def see(
    settings: TrainSettings, files: tuple[Sequence[Path], Sequence[Path]], tokenizer: "PreTrainedTokenizerFast", folder: Path, seed: int, dry: bool,
    losses: "Callable[[], Numbers] | None" = None,
) -> Seen:  # fmt: skip
    """The plan of a training. `folder` keeps what is tokenized; `losses` computes the score loss of each example. Raises DataError where nothing is
    left to train on."""
    training: Iterable[Row] = read_rows(files[0], settings.method) if files[0] else sample_rows(settings.method) if dry else ()
    held_out: Iterable[Row] = islice(read_rows(files[1], settings.method), settings.held_out_rows)
    if dry:
        training = islice(training, _DRY)
    if settings.method == "dpo":
        return _of_pairs(settings, pairs(training, tokenizer, settings.window), pairs(held_out, tokenizer, settings.window), seed)
    examples = tokenized(training, settings.method, tokenizer, folder / "train")
    kept = tokenized(held_out, settings.method, tokenizer, folder / "held_out") if files[1] else None
    scores = _scores(settings, examples, losses)
    split = settings.overlong == "split"
    lengths = examples.lengths
    over = int((lengths > settings.window).sum())
    if over and settings.overlong == "error":
        raise DataError(f"{over} of {len(lengths)} examples are longer than the window of {settings.window} tokens (the longest: {lengths.max()}); "
                        "enlarge window, or set long: drop")  # fmt: skip
    epochs = settings.epochs
    windows_a_step = settings.batch * settings.accumulate * _processes(settings)

    def planned(epochs: float) -> list[tuple[Piece, ...]]:
        seen = order(settings.curriculum, difficulty(scores), epochs, seed)
        return plan(seen, lengths, settings.window, split, _ANY_ORDER if settings.curriculum.schedule == "shuffle" else _IN_ORDER)

    windows = planned(epochs)
    if not windows:
        raise DataError(f"all {len(lengths)} examples are longer than the window of {settings.window} tokens; enlarge window")
    if settings.steps:
        epochs = settings.steps * windows_a_step / len(windows)
        more = 1.02
        while len(windows) < settings.steps * windows_a_step:
            windows = planned(epochs * more)
            more *= 1.1
        windows = windows[: settings.steps * windows_a_step]
    held = plan(range(len(kept)), kept.lengths, settings.window, split) if kept is not None else []
    counted = np.asarray([sum(end - start for _, start, end in window) for window in windows])
    steps = settings.steps or _steps(settings, len(windows))
    report = {
        "examples": len(lengths),
        "split": over if split else 0,
        "dropped": 0 if split else over,
        "dropped_tokens": 0 if split else int(lengths[lengths > settings.window].sum()),
        "windows": len(windows),
        "window_fill": round(float(counted.mean()) / settings.window, 4),
        "tokens": int(counted.sum()),
    }
    held_out_examples = sorted({example for window in held for example, _, _ in window})
    return Seen(
        steps,
        round(epochs, 4),
        _running(counted, windows_a_step, steps),
        report | ({"held_out_examples": len(held_out_examples), "held_out_dropped": len(kept) - len(held_out_examples)} if kept is not None else {}),
        float(examples.said.mean()),
        examples,
        windows,
        kept,
        held,
        int(kept.size[held_out_examples].sum()) if kept is not None else 0,
    )


def _of_pairs(settings: TrainSettings, training: Pairs, held_out: Pairs, seed: int) -> Seen:
    if training.dropped and settings.overlong == "error":
        raise DataError(f"{training.dropped} pairs are longer than the window of {settings.window} tokens; enlarge window, or set long: drop")
    if not training.rows:
        raise DataError(f"no pair fits into the window of {settings.window} tokens ({training.dropped} are longer); enlarge window")
    a_step = settings.batch * settings.accumulate * _processes(settings)
    epochs = settings.steps * a_step / len(training.rows) if settings.steps else settings.epochs
    hard = difficulty({name: training.scores[name] for name in settings.curriculum.score if name in training.scores} or training.scores)
    seen = order(settings.curriculum, hard, math.ceil(epochs * len(training.rows)) / len(training.rows), seed).tolist()
    counted = training.lengths[seen]
    steps = settings.steps or _steps(settings, len(seen))
    report = {
        "examples": len(training.rows),
        "dropped": training.dropped,
        "tokens": int(counted.sum()),
        "held_out_examples": len(held_out.rows),
        "held_out_dropped": held_out.dropped,
    }
    return Seen(
        steps,
        round(epochs, 4),
        _running(counted, a_step, steps),
        report,
        pairs=training,
        order=seen,
        held_out_pairs=held_out if held_out.rows else None,
    )


def _scores(settings: TrainSettings, examples: Tokenized, losses: "Callable[[], Numbers] | None") -> dict[str, Numbers]:
    known: dict[str, Any] = {"length": examples.lengths, "labels": examples.labels, "depth": examples.depth}
    if settings.curriculum.schedule == "shuffle":
        return {"length": examples.lengths.astype(np.float64)}
    return {name: np.asarray(losses() if name == "loss" and losses else known[name], np.float64) for name in settings.curriculum.score}


def _processes(settings: TrainSettings) -> int:
    return settings.distributed.processes if settings.distributed else 1


def _steps(settings: TrainSettings, rows: int) -> int:
    """As the trainer counts: batches of every process, `accumulate` of them a step, the last step perhaps of fewer."""
    return math.ceil(math.ceil(rows / (settings.batch * _processes(settings))) / settings.accumulate)


def _running(counted: "np.ndarray[Any, Any]", a_step: int, steps: int) -> list[int]:
    sums = np.concatenate([[0], np.cumsum(counted)])
    return [int(sums[min(n * a_step, len(counted))]) for n in range(steps + 1)]
