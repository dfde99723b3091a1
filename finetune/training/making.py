"""The stage `train`: what is trained on, whether it fits, the training itself, and what came of it."""

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from finetune.bases.published import config_of
from finetune.bases.tiny import base_model
from finetune.errors import StageError
from finetune.export.merging import base_of, is_adapter
from finetune.running import StageContext
from finetune.settings import referred
from finetune.training import checkpoints, losses
from finetune.training.curriculum import Numbers
from finetune.training.distributed import command, launch, write_config, write_job
from finetune.training.loading import load_model, load_tokenizer
from finetune.training.machine import GIB, Machine, begin_peak, peak, this_machine
from finetune.training.memory import Estimate, check, estimate, shape_of
from finetune.training.planning import Seen, see
from finetune.training.rows import files_for
from finetune.training.settings import TrainSettings
from finetune.training.timing import time_needed

if TYPE_CHECKING:
    from transformers import PretrainedConfig, PreTrainedTokenizerFast


@dataclass(frozen=True)
class Prepared:
    """A training that can begin. `folder` is the model or adapter that it begins with."""

    settings: TrainSettings
    context: StageContext
    folder: Path
    tokenizer: "PreTrainedTokenizerFast"
    machine: Machine
    bf16: bool
    checkpointing: bool
    estimate: Estimate
    seen: Seen


def train(settings: TrainSettings, context: StageContext) -> dict[str, Any]:
    """Writes `model/` or `adapter/`, `losses.jsonl`, `losses.svg`, `estimate.json`, `tensorboard/` and `checkpoints/`; goes on from the last whole
    checkpoint. Raises DataError, StageError or MemoryNeeded."""
    prepared = prepare(settings, context)
    if prepared.settings.distributed is None:
        report = run(prepared)
    else:
        config = write_config(context.folder, prepared.settings.distributed, prepared.machine.device, prepared.bf16)
        given = {"name": context.name, "folder": str(context.folder), "out": str(context.out), "seed": context.seed, "dry_run": context.dry_run}
        job = write_job(context.folder, settings, given)
        started = command(config, job, prepared.settings.distributed.processes, prepared.machine.device)
        context.tell(" ".join(started))
        checkpoints.last(context.folder / "checkpoints")  # deletes torn ones, before there are several processes
        report = launch(started, context.folder) | {"command": " ".join(started)}
    lines = losses.read(context.folder)
    losses.plot(lines, context.folder / "losses.svg", f"{context.name}: {settings.method}, {settings.weights}")
    report |= _came_of(lines)
    if context.dry_run:
        report["for_real"] = for_real(settings, context)
        report["needs"] = _in_words(report["for_real"])
    shutil.rmtree(context.folder / "partial", ignore_errors=True)
    return report


def prepare(settings: TrainSettings, context: StageContext) -> Prepared:
    """Read, tokenize and order the data, and see whether the training fits. Raises DataError, StageError or MemoryNeeded."""
    dry = context.dry_run
    now = _first_step(settings) if dry else settings
    folder = base_model(context, now.model)
    machine = this_machine(now.device)
    if now.threads:
        import torch

        torch.set_num_threads(now.threads)
    if now.precision == "bf16" and not machine.bf16:
        context.tell(f"{machine.name} has no instructions for bf16; it is emulated, slowly")
    bf16 = machine.bf16 if now.precision == "auto" else now.precision == "bf16"
    if now.weights == "qlora" and not (machine.device == "cuda" and machine.four_bit):
        if not dry:
            raise StageError("weights: qlora needs a GPU and bitsandbytes (pip install bitsandbytes); take weights: lora here")
        now = now.model_copy(update={"weights": "lora"})
    tokenizer = load_tokenizer(folder, now)
    config = _config(folder)
    files = files_for(now, context)

    def by_model() -> Numbers:
        from finetune.training.difficulty import losses_of
        from finetune.training.rows import read_rows, sample_rows
        from finetune.training.tokenized import tokenized

        assert now.curriculum.model is not None
        judge = base_model(context, now.curriculum.model)
        reader = load_tokenizer(judge, now)
        rows = read_rows(files[0], now.method) if files[0] else iter(sample_rows(now.method))
        judged = tokenized(
            rows if not dry else (r for r, _ in zip(rows, range(200), strict=False)), now.method, reader, context.folder / "partial" / "judged"
        )
        context.tell(f"difficulty of {len(judged):,} examples by {now.curriculum.model}")
        return losses_of(judge, judged, reader, machine.device, now.window)

    seen = see(now, files, tokenizer, context.folder / "partial", context.seed, dry, by_model)
    for line in _told(seen.report):
        context.tell(line)
    shape = shape_of(config)
    available = now.memory * GIB if now.memory else float(machine.memory)
    first = estimate(shape, now, machine.device, bf16, now.checkpointing == "on", seen.scored)
    checkpointing = now.checkpointing == "on" or (now.checkpointing == "auto" and first.total > available)
    needed = estimate(shape, now, machine.device, bf16, checkpointing, seen.scored)
    said = {
        "estimate": needed.report(),
        "available": round(available / GIB, 3),
        "checkpointing": checkpointing,
        "bf16": bf16,
        "machine": machine.name,
    }
    (context.folder / "estimate.json").write_text(json.dumps(said, indent=1) + "\n", encoding="utf-8")
    check(needed, shape, now, machine.device, bf16, available)
    return Prepared(now, context, folder, tokenizer, machine, bf16, checkpointing, needed, seen)


def run(prepared: Prepared) -> dict[str, Any]:
    """Train in this process (one of several, where accelerate has started it), and save."""
    from datasets import disable_progress_bars
    from transformers import PrinterCallback, set_seed
    from transformers.utils import logging

    from finetune.training.arguments import trainer_for
    from finetune.training.trainers import Recorder, is_first

    logging.disable_progress_bar()
    disable_progress_bars()
    settings, context, seen = prepared.settings, prepared.context, prepared.seen
    checkpoint = checkpoints.last(context.folder / "checkpoints")
    begun = checkpoints.step_of(checkpoint) if checkpoint else 0
    if checkpoint:
        context.tell(f"going on after step {begun} of {seen.steps}")
    before = begin_peak(prepared.machine.device)
    set_seed(context.seed)  # of the new weights of an adapter
    model, adapter = load_model(prepared.folder, settings, prepared.machine, prepared.bf16)
    recorder = Recorder(context.folder, begun, seen.tokens, seen.epochs, settings.evaluate_every, context.tell)
    trainer, recorder.held_out = trainer_for(prepared, model, adapter, recorder)
    expected = settings.distributed.processes if settings.distributed else 1
    if trainer.accelerator.num_processes != expected:
        raise StageError(f"{trainer.accelerator.num_processes} processes were started, not {expected} as distributed.processes says")
    trainer.remove_callback(PrinterCallback)
    if is_first():
        trainer.add_callback(_tensorboard(context.folder / "tensorboard"))
    trainer.train(resume_from_checkpoint=str(checkpoint) if checkpoint else None)
    most = peak(prepared.machine.device, before)
    saved = _save(trainer, prepared)
    report = {
        "method": settings.method,
        "weights": settings.weights,
        "model": saved.name,
        "steps": seen.steps,
        "epochs": seen.epochs,
        **seen.report,
        "trained_parameters": sum(p.numel() for p in trainer.model.parameters() if p.requires_grad),
        "machine": prepared.machine.name,
        "bf16": prepared.bf16,
        "checkpointing": prepared.checkpointing,
        "flash_attention": prepared.machine.flash_attention and settings.method != "dpo",
        "liger": prepared.machine.liger,
        "memory_estimated_gib": round(prepared.estimate.total / GIB, 3),
        "memory_peak_gib": round(most / GIB, 3),
    }
    return report | ({"went_on_after_step": begun} if begun else {})


def for_real(settings: TrainSettings, context: StageContext) -> dict[str, Any]:
    """The memory and the time that a recipe's own training needs on the hardware of its settings, by the architecture of its base."""
    base = _real_base(settings.model, context)
    config = config_of(base)
    shape = shape_of(config)
    available = settings.memory or settings.hardware.memory
    checkpointing = settings.checkpointing == "on" or (
        settings.checkpointing == "auto" and estimate(shape, settings, "cuda", True, False).total > available * GIB
    )
    needed = estimate(shape, settings, "cuda", True, checkpointing)
    processes = settings.distributed.processes if settings.distributed else 1
    tokens = settings.expected_tokens
    if tokens is None and settings.steps:
        tokens = settings.steps * settings.batch * settings.accumulate * processes * settings.window
    return {
        "base": str(base),
        "parameters": shape.total,
        "memory_gib": needed.report(),
        "memory_of_device_gib": available,
        "fits": needed.total <= available * GIB,
        "checkpointing": checkpointing,
        "devices": processes,
        "time": time_needed(shape, settings, checkpointing, tokens),
    }


def _in_words(needed: Mapping[str, Any]) -> str:
    memory, time = needed["memory_gib"]["total"], needed["time"]
    fits = f"{memory:.1f} GiB of {needed['memory_of_device_gib']:g} on each device" if needed["fits"] else f"{memory:.1f} GiB, which does not fit"
    checkpointing = ", with checkpointing" if needed["checkpointing"] else ""
    tokens = f"{time['tokens']:,} tokens" if time["tokens_known"] else "a thousand million tokens"
    return f"{fits}{checkpointing}; {time['hours']:,.1f} hours for {tokens} ({time['estimated']})"


def _first_step(settings: TrainSettings) -> TrainSettings:
    """A dry run's settings."""
    small = {"steps": 1, "epochs": 1.0, "window": min(settings.window, 1024), "batch": min(settings.batch, 2), "accumulate": 1, "evaluate_every": 0}
    return settings.model_copy(update={**small, "held_out_rows": 8, "save_every": 0, "fit": "ignore", "distributed": None})


def _real_base(model: Path, context: StageContext) -> Path:
    """The model that a training begins with in the end: through the stages before it, to the one that is not made by a stage."""
    reference = referred(model)
    while reference is not None:
        stage = context.stages.get(reference[0])
        given = next((v for name in ("base", "model") if isinstance(v := getattr(stage, name, None), Path)), None)
        if given is None:
            return context.path(model)
        model, reference = given, referred(given)
    return model


def _config(folder: Path) -> "PretrainedConfig":
    return config_of(base_of(folder) if is_adapter(folder) else folder)


def _tensorboard(folder: Path) -> Any:
    from torch.utils.tensorboard import SummaryWriter
    from transformers.integrations import TensorBoardCallback

    return TensorBoardCallback(SummaryWriter(str(folder)))


def _save(trainer: Any, prepared: Prepared) -> Path:
    """The model or adapter with its tokenizer, whole or not at all."""
    target = prepared.context.folder / ("model" if prepared.settings.weights == "full" else "adapter")
    partial = prepared.context.folder / "partial" / target.name
    trainer.model.config.use_cache = True
    trainer.save_model(str(partial))
    if trainer.is_world_process_zero():
        prepared.tokenizer.save_pretrained(partial)
        for name in ("training_args.bin", "README.md"):
            (partial / name).unlink(missing_ok=True)
        shutil.rmtree(partial / "ref", ignore_errors=True)  # the reference of DPO, where it is an adapter, too
        shutil.rmtree(target, ignore_errors=True)
        partial.rename(target)
    return target


def _told(report: Mapping[str, Any]) -> list[str]:
    lines = [f"{report['examples']:,} examples, {report['tokens']:,} tokens"]
    if report.get("split"):
        lines.append(f"{report['split']:,} examples are longer than the window and were split; no token is lost")
    if report["dropped"]:
        lines.append(f"{report['dropped']:,} examples are longer than the window and were left out")
    return lines


def _came_of(lines: list[dict[str, Any]]) -> dict[str, Any]:
    """Of the losses: the first and the last, and what was held out before and after."""
    trained = [line for line in lines if "loss" in line]
    measured = [line for line in lines if "held_out_loss" in line]
    found: dict[str, Any] = {"first_loss": trained[0]["loss"], "last_loss": trained[-1]["loss"]} if trained else {}
    if measured:
        for name in measured[-1]:
            if name.startswith("held_out"):
                found[f"{name}_before"], found[f"{name}_after"] = measured[0].get(name), measured[-1][name]
    if trained and trained[-1]["seconds"] > 0:
        found["tokens_per_second"] = round(trained[-1]["tokens"] / trained[-1]["seconds"], 1)
    return found
