"""The trainer for a training, with TRL's arguments for its settings."""

import math
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import torch
from trl import DPOConfig, SFTConfig

from finetune.training.batches import Windows, as_dataset, collator
from finetune.training.trainers import HeldOut, PackedTrainer, PairTrainer, Recorder

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast

    from finetune.training.making import Prepared


def trainer_for(prepared: "Prepared", model: Any, adapter: Any, recorder: Recorder) -> tuple[Any, HeldOut | None]:
    """`adapter` is the configuration of a new one, or None. Returns (trainer, what measures it on what was held out, where there is any)."""
    return _for_pairs(prepared, model, adapter, recorder) if prepared.settings.method == "dpo" else _for_windows(prepared, model, adapter, recorder)


def _for_windows(prepared: "Prepared", model: Any, adapter: Any, recorder: Recorder) -> tuple[Any, HeldOut | None]:
    seen = prepared.seen
    assert seen.examples is not None
    trainer = PackedTrainer(
        model=model,
        # windows are tokenized and packed already, and the collator has the borders
        args=SFTConfig(**_common(prepared), max_length=None, dataset_kwargs={"skip_prepare_dataset": True}),
        train_dataset=as_dataset(Windows(seen.examples, seen.windows)),
        data_collator=collator(prepared.tokenizer.pad_token_id),
        processing_class=prepared.tokenizer,
        peft_config=adapter,
        callbacks=[recorder],
    )
    if prepared.settings.emphasis:
        trainer.emphasis = _emphasis(prepared.settings.emphasis, prepared.tokenizer, model.config.get_text_config().vocab_size)
    if seen.held_out is None or not seen.held_out_windows:
        return trainer, None
    held_out = Windows(seen.held_out, seen.held_out_windows)
    return trainer, lambda: trainer.held_out(held_out, seen.held_out_bytes)


def _emphasis(patterns: Mapping[str, float], tokenizer: "PreTrainedTokenizerFast", vocabulary: int) -> torch.Tensor:
    """[vocabulary]: the largest weight of the patterns that match a token's text, else 1."""
    texts = [tokenizer.decode([n]).strip() for n in range(len(tokenizer))]
    weights = torch.ones(max(vocabulary, len(texts)))
    for n, text in enumerate(texts):
        if found := [weight for pattern, weight in patterns.items() if re.fullmatch(pattern, text)]:
            weights[n] = max(found)
    return weights


def _for_pairs(prepared: "Prepared", model: Any, adapter: Any, recorder: Recorder) -> tuple[Any, HeldOut | None]:
    seen, preferences = prepared.seen, prepared.settings.preferences
    assert seen.pairs is not None
    arguments = DPOConfig(
        **_common(prepared),
        max_length=None,  # those that are too long are gone already
        beta=preferences.beta,
        loss_type=[preferences.loss],
        label_smoothing=preferences.label_smoothing,
    )
    trainer = PairTrainer(
        model=model,
        args=arguments,
        train_dataset=seen.pairs.dataset(seen.order),
        eval_dataset=seen.held_out_pairs.dataset() if seen.held_out_pairs else None,
        processing_class=prepared.tokenizer,
        peft_config=adapter,
        callbacks=[recorder],
    )
    return trainer, trainer.held_out if seen.held_out_pairs else None


def _common(prepared: "Prepared") -> dict[str, Any]:
    settings, steps = prepared.settings, prepared.seen.steps
    return {
        "output_dir": str(prepared.context.folder / "checkpoints"),
        "per_device_train_batch_size": settings.batch,
        "per_device_eval_batch_size": settings.batch,
        "gradient_accumulation_steps": settings.accumulate,
        "max_steps": steps,
        "learning_rate": settings.learning_rate,
        "lr_scheduler_type": {"cosine": "cosine", "linear": "linear", "constant": "constant_with_warmup"}[settings.decay],
        "warmup_steps": math.ceil(settings.warmup * steps),
        "weight_decay": settings.weight_decay,
        "adam_beta2": settings.beta2,
        "max_grad_norm": settings.clip,
        "bf16": prepared.bf16,
        "use_cpu": prepared.machine.device == "cpu",
        "gradient_checkpointing": prepared.checkpointing,
        "seed": prepared.context.seed,
        "save_strategy": "steps",
        "save_steps": settings.save_every or steps,
        "save_total_limit": 2,
        "logging_steps": settings.log_every,
        "logging_nan_inf_filter": False,
        "report_to": "none",
        "disable_tqdm": True,
        "remove_unused_columns": False,
    }
