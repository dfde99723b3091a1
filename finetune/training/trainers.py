"""TRL's trainers as they are used here, and the record that is kept of a training."""

import os
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from peft import PeftModel
from torch.utils.data import DataLoader, SequentialSampler
from transformers import TrainerCallback
from trl import DPOTrainer, SFTTrainer

from finetune.training import checkpoints
from finetune.training.batches import IGNORED, Windows
from finetune.training.losses import Losses

_LARGEST = 2**28
"""Numbers that the logits of a batch may have to be computed at once; above, TRL computes them in tiles, in more time and less memory."""
HeldOut = Callable[[], dict[str, float]]


def is_first() -> bool:
    """Of the processes that accelerate or torch has started, or the only one."""
    return int(os.environ.get("RANK", "0")) == 0


class PackedTrainer(SFTTrainer):  # type: ignore[misc]
    """TRL's trainer on windows, in their order. Without a GPU it scores every token of the batch; here only those that are learned."""

    def _get_train_sampler(self, train_dataset: Any = None) -> SequentialSampler:
        return SequentialSampler(train_dataset if train_dataset is not None else self.train_dataset)

    emphasis: torch.Tensor | None = None
    """What each token of the vocabulary weighs in the loss that is learned from; the losses that are measured have no weights."""

    def compute_loss(self, model: Any, inputs: dict[str, Any], return_outputs: bool = False, num_items_in_batch: Any = None) -> Any:
        labels = inputs["labels"]
        places = (labels[0] != IGNORED).nonzero().squeeze(1) - 1
        vocabulary = self.model.config.get_text_config().vocab_size
        weighed = self.emphasis is not None and self.model.training
        if not len(places) or return_outputs or (not weighed and (labels.device.type != "cpu" or len(places) * vocabulary > _LARGEST)):
            return super().compute_loss(model, inputs, return_outputs, num_items_in_batch)
        given = {name: value for name, value in inputs.items() if name != "labels"}
        logits = model(**given, logits_to_keep=places, use_cache=False).logits[0]
        right = labels[0, places + 1]
        each = torch.nn.functional.cross_entropy(logits.float(), right, reduction="none")
        total = (each * self.emphasis.to(each.device)[right]).sum() if self.emphasis is not None and weighed else each.sum()
        if num_items_in_batch is None:
            return total / len(places)
        return total / num_items_in_batch * (self.accelerator.num_processes if self.args.average_tokens_across_devices else 1)

    def held_out(self, windows: Windows, size: int) -> dict[str, float]:
        """Over all tokens of the windows, whatever the batches: {loss: nats per token, bits_per_byte}; `size` is their UTF-8 bytes. Every process
        does the whole of it."""
        nats, tokens = 0.0, 0
        self.model.eval()
        for batch in DataLoader(windows, self.args.per_device_eval_batch_size, collate_fn=self.data_collator):
            inputs = self._prepare_inputs(batch)
            learned = int((inputs["labels"] != IGNORED).sum())
            with torch.no_grad(), self.compute_loss_context_manager():
                nats += float(self.compute_loss(self.model_wrapped, inputs)) * learned
            tokens += learned
        self.model.train()
        self._metrics["eval"].clear()
        return {"held_out_loss": nats / tokens, "held_out_bits_per_byte": nats / size / 0.6931471805599453}


class PairTrainer(DPOTrainer):  # type: ignore[misc]
    """TRL's trainer on preference pairs, in their order."""

    def _get_train_sampler(self, train_dataset: Any = None) -> SequentialSampler:
        return SequentialSampler(train_dataset if train_dataset is not None else self.train_dataset)

    def _load_from_checkpoint(self, resume_from_checkpoint: str, model: Any = None) -> None:
        """Where the reference is an adapter, too, its subfolder hides the trained one from transformers."""
        if isinstance(self.model, PeftModel):
            self.model.load_adapter(resume_from_checkpoint, "default", is_trainable=True)
        else:
            super()._load_from_checkpoint(resume_from_checkpoint, model)

    def held_out(self) -> dict[str, float]:
        """On the held-out pairs: the loss; the margin, by how much more the model prefers the chosen reply than the reference does (times beta);
        the share of pairs where it does; and by how many nats the chosen reply is likelier than the rejected one."""
        told = {name.removeprefix("eval_"): value for name, value in self.evaluate().items()}
        return {
            "held_out_loss": told["loss"],
            "held_out_margin": told["rewards/margins"],
            "held_out_accuracy": told["rewards/accuracies"],
            "held_out_chosen_over_rejected": told["logps/chosen"] - told["logps/rejected"],
        }


class Recorder(TrainerCallback):  # type: ignore[misc]
    """Writes the losses, has the held-out loss taken before the first step, every `every` steps and at the end, and marks whole checkpoints."""

    def __init__(self, folder: Path, begun: int, tokens: Sequence[int], epochs: float, every: int, tell: Callable[[str], None]) -> None:
        self.losses = Losses(folder, begun, is_first())
        self.tokens, self.epochs, self.every, self.tell = tokens, epochs, every, tell
        self.held_out: HeldOut | None = None
        self.measured: tuple[int, dict[str, float]] = (-1, {})
        self.started = time.monotonic()
        self.told = self.started

    def on_train_begin(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        self.started = time.monotonic()
        if state.global_step == 0:
            self._measure(0)
            self._write(state, {})

    def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        step = state.global_step
        if step == state.max_steps or (self.every and step % self.every == 0):
            self._measure(step)
            control.should_log = True

    def on_log(self, args: Any, state: Any, control: Any, logs: Mapping[str, Any] | None = None, **_: Any) -> None:
        if not logs or "loss" not in logs:
            return
        names = {"loss": "loss", "learning_rate": "learning_rate", "grad_norm": "grad_norm", "rewards/margins": "margin"}
        self._write(state, {new: float(logs[name]) for name, new in names.items() if name in logs})

    def on_save(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        if state.is_world_process_zero:
            checkpoints.mark(Path(args.output_dir) / f"checkpoint-{state.global_step}")

    def _measure(self, step: int) -> None:
        if self.held_out is not None and self.measured[0] != step:
            self.measured = step, self.held_out()

    def _write(self, state: Any, figures: Mapping[str, float]) -> None:
        step = state.global_step
        now = time.monotonic()
        line = {"step": step, "epoch": round(self.epochs * step / max(1, state.max_steps), 6), **figures}
        line |= {"tokens": self.tokens[min(step, len(self.tokens) - 1)], "seconds": round(self.losses.seconds + now - self.started, 3)}
        if self.measured[0] == step:
            line |= self.measured[1]
        if not state.is_world_process_zero:
            return
        self.losses.write(line)
        if "held_out_loss" in line or now - self.told > 20:
            self.told = now
            parts = [f"{name.replace('_', ' ')} {line[name]:.4g}" for name in line if name == "loss" or name.startswith("held_out")]
            self.tell(f"step {step} of {state.max_steps}: {', '.join(parts)}")
