"""What the trainings of the encoder and of the reranker have in common: the trainer's arguments, and going on from the last whole checkpoint."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from finetune.retrieval.settings import SeededRanking, SeededTuning
from finetune.training import checkpoints


def common(out: Path, settings: SeededTuning | SeededRanking, epochs: float, batch: int) -> dict[str, Any]:
    """The arguments of a sentence-transformers trainer."""
    return {
        "output_dir": str(out),
        "num_train_epochs": epochs,
        "per_device_train_batch_size": batch,
        "lr_scheduler_type": "linear",
        "weight_decay": 0.0,
        "max_grad_norm": 1.0,
        "bf16": settings.bf16,
        "use_cpu": True,
        "seed": settings.seed,
        "data_seed": settings.seed,
        "logging_steps": settings.log_steps,
        "save_steps": settings.save_steps,
        "save_total_limit": 2,  # the one before is there while the last is written
        "report_to": "none",
        "disable_tqdm": True,
    }


def train(trainer: Any, out: Path, tell: Callable[[str], None]) -> list[dict[str, Any]]:
    """Train from the last whole checkpoint in `out`, or from the beginning; what was logged of losses, which is told as well."""
    from transformers import PrinterCallback, TrainerCallback

    class Watching(TrainerCallback):  # type: ignore[misc]
        def on_save(self, args: Any, state: Any, control: Any, **more: Any) -> None:
            checkpoints.mark(Path(args.output_dir) / f"checkpoint-{state.global_step}")

        def on_log(self, args: Any, state: Any, control: Any, logs: dict[str, Any], **more: Any) -> None:
            if "loss" in logs:
                tell(f"step {state.global_step:,} of {state.max_steps:,}: loss {float(logs['loss']):.4f}")

    trainer.remove_callback(PrinterCallback)
    trainer.add_callback(Watching())
    last = checkpoints.last(out)
    trainer.train(resume_from_checkpoint=str(last) if last else None)
    return [entry for entry in trainer.state.log_history if "loss" in entry]
