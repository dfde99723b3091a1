"""How many tokens a second are trained, of the same examples on the same small model: this project's trainer, TRL with its defaults, LLaMA-Factory.

    PYTHONPATH=.:benchmarks python benchmarks/training.py [FOLDER] [--llama-factory PATH/TO/llamafactory-cli] [--examples 400] [--threads 2]

The model is a Qwen2 of a few million weights with a tokenizer of the examples' text; the examples are those of the assistant's tasks from the
documents of the shared data, none longer than the window, so that nobody cuts any. All train all weights with bf16 by autocast where the machine has
it, and AdamW, for one epoch, about as many tokens a step. What is counted are the tokens of the examples, the same for all, without padding. Seconds
are of the training loop, without loading and tokenizing. The variants tell what each part of the difference comes from.

LLaMA-Factory 0.9.5 needs an environment of its own: `uv venv lf && uv pip install --python lf llamafactory`, without torchvision, and with an
empty package in the place of torchaudio, where torch is a CPU build.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from collection import documents

WINDOW = 1024
BATCH = 8
RATE = 1e-4


def examples(count: int) -> list[dict[str, Any]]:
    """Conversations of the tasks' examples, several tasks a document, in a fixed order."""
    import random

    from assistant.errors import AssistantError
    from assistant.tasks import TASKS, task_named

    names = [name for name in TASKS if name not in ("entities", "keyphrases")]
    rows: list[dict[str, Any]] = []
    for document in documents():
        for name in names:
            task = task_named(name)
            try:
                example = next(iter(task.examples(document)), None)
            except AssistantError:
                continue
            if example is None:
                continue
            asked = [{"role": "user" if role == "human" else role, "content": text} for role, text in task.messages(example.given)]
            said = json.dumps(example.reply.model_dump(), ensure_ascii=False)
            rows.append({"messages": [*asked, {"role": "assistant", "content": said}]})
        if len(rows) > 12 * count:
            break
    random.Random(0).shuffle(rows)
    return rows


def prepare(folder: Path, count: int) -> None:
    """model/, train.jsonl: examples that fit into the window, so that none is cut by anybody."""
    from transformers import AutoTokenizer

    from finetune.bases.small import new_model
    from finetune.tokenizer.new import new_tokenizer
    from finetune.tokenizer.settings import NewModel

    rows = examples(count)
    tokenizer = new_tokenizer((m["content"] for row in rows for m in row["messages"]), 8000)
    model = new_model(NewModel(hidden=256, layers=6, heads=4, key_value_heads=4, inner=768, context=2 * WINDOW), tokenizer, 0)
    model.save_pretrained(folder / "model")
    tokenizer.save_pretrained(folder / "model")
    loaded = AutoTokenizer.from_pretrained(folder / "model")
    lengths = [len(loaded.apply_chat_template(row["messages"], return_dict=True)["input_ids"]) for row in rows]
    kept = [(row, n) for row, n in zip(rows, lengths, strict=True) if n <= WINDOW - 24][:count]  # LLaMA-Factory's template adds a few
    with (folder / "train.jsonl").open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row, _ in kept)
    sizes = sorted(n for _, n in kept)
    said = {"examples": len(kept), "tokens": sum(sizes), "median": sizes[len(sizes) // 2], "longest": sizes[-1], "parameters": model.num_parameters()}
    (folder / "data.json").write_text(json.dumps(said), encoding="utf-8")


def ours(folder: Path, threads: int, **changed: Any) -> dict[str, Any]:
    from finetune.running import StageContext
    from finetune.training import losses
    from finetune.training.making import train
    from finetune.training.settings import TrainSettings

    given = {
        "kind": "train", "method": "sft", "model": folder / "model", "data": (folder / "train.jsonl",), "window": WINDOW, "batch": 4,
        "learning_rate": RATE, "threads": threads, "save_every": 0, "device": "cpu", **changed,
    }  # fmt: skip
    out = folder / "ours"
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir()
    report = train(TrainSettings.model_validate(given), StageContext("ours", out, folder, tell=lambda line: None))
    lines = losses.read(out)
    return {"tokens": report["tokens"], "seconds": lines[-1]["seconds"], "loss": lines[-1]["loss"], "peak_gib": report["memory_peak_gib"]}


def trl(folder: Path, threads: int, **changed: Any) -> dict[str, Any]:
    """SFTTrainer with its defaults: padding to the longest of a batch, gradient checkpointing, bf16, loss on all tokens."""
    import torch
    from datasets import load_dataset
    from trl import SFTConfig, SFTTrainer

    torch.set_num_threads(threads)
    arguments = {"per_device_train_batch_size": BATCH, "learning_rate": RATE, "num_train_epochs": 1} | changed
    out = folder / "trl"
    config = SFTConfig(output_dir=str(out), use_cpu=True, report_to="none", save_strategy="no", disable_tqdm=True, **arguments)
    data = load_dataset("json", data_files=str(folder / "train.jsonl"), split="train", cache_dir=str(folder / "cache"))
    trainer = SFTTrainer(str(folder / "model"), args=config, train_dataset=data)
    tokens = sum(len(row) for row in trainer.train_dataset["input_ids"])
    started = time.monotonic()
    done = trainer.train()
    return {"tokens": tokens, "seconds": time.monotonic() - started, "loss": done.training_loss}


def llama_factory(folder: Path, threads: int, program: Path, **changed: Any) -> dict[str, Any]:
    """Its own defaults for SFT of all weights: padding, gradient checkpointing, loss on replies, bf16 asked for as the others have it."""
    rows = [json.loads(line) for line in (folder / "train.jsonl").open(encoding="utf-8")]
    (folder / "lf.json").write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
    tags = {"role_tag": "role", "content_tag": "content", "user_tag": "user", "assistant_tag": "assistant", "system_tag": "system"}
    entry = {"file_name": "lf.json", "formatting": "sharegpt", "columns": {"messages": "messages"}, "tags": tags}
    (folder / "dataset_info.json").write_text(json.dumps({"patents": entry}), encoding="utf-8")
    out = folder / "lf"
    shutil.rmtree(out, ignore_errors=True)
    given = {
        "stage": "sft", "do_train": True, "model_name_or_path": str(folder / "model"), "finetuning_type": "full", "dataset": "patents",
        "dataset_dir": str(folder), "template": "qwen", "cutoff_len": WINDOW, "per_device_train_batch_size": BATCH, "gradient_accumulation_steps": 1,
        "learning_rate": RATE, "num_train_epochs": 1, "bf16": True, "use_cpu": True, "output_dir": str(out), "save_strategy": "no",
        "logging_steps": 1, "report_to": "none", "overwrite_cache": True, "include_num_input_tokens_seen": "non_padding", **changed,
    }  # fmt: skip
    (folder / "lf_recipe.yaml").write_text(json.dumps(given), encoding="utf-8")
    environment = {**os.environ, "OMP_NUM_THREADS": str(threads), "HF_HUB_OFFLINE": "1", "DISABLE_VERSION_CHECK": "1", "CUDA_VISIBLE_DEVICES": ""}
    done = subprocess.run([program, "train", folder / "lf_recipe.yaml"], env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"LLaMA-Factory ended with {done.returncode}:\n{done.stdout[-1500:]}\n{done.stderr[-3000:]}")
    told = json.loads((out / "train_results.json").read_text(encoding="utf-8"))
    return {"tokens": told.get("num_input_tokens_seen", 0), "seconds": told["train_runtime"], "loss": told["train_loss"]}


def variants(program: Path | None) -> Iterator[tuple[str, str, dict[str, Any]]]:
    yield "this trainer", "ours", {}
    yield "TRL, defaults", "trl", {}
    if program:
        yield "LLaMA-Factory, defaults", "llama_factory", {}
    yield "this trainer, gradient checkpointing", "ours", {"checkpointing": "on"}
    yield "TRL, no gradient checkpointing", "trl", {"gradient_checkpointing": False}
    yield "TRL, packing (bfd)", "trl", {"packing": True, "per_device_train_batch_size": 4, "gradient_checkpointing": False}
    if program:
        yield "LLaMA-Factory, no gradient checkpointing", "llama_factory", {"disable_gradient_checkpointing": True}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, help="where model and data are kept, by default a folder that is deleted")
    parser.add_argument("--llama-factory", type=Path)
    parser.add_argument("--examples", type=int, default=400)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--one", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:  # each in a process of its own
        name, changed = json.loads(given.one)
        more = {"program": given.llama_factory} if name == "llama_factory" else {}
        print("RESULT", json.dumps(globals()[name](given.folder, given.threads, **more, **changed)))
        return
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        if not (folder / "data.json").exists():
            prepare(folder, given.examples)
        data = json.loads((folder / "data.json").read_text(encoding="utf-8"))
        print(f"{data['examples']} examples, {data['tokens']:,} tokens (median {data['median']}, longest {data['longest']}); "
              f"{data['parameters'] / 1e6:.1f} million weights; {given.threads} threads", flush=True)  # fmt: skip
        first = 0.0
        for title, name, changed in variants(given.llama_factory):
            line = [sys.executable, __file__, str(folder), "--threads", str(given.threads), "--one", json.dumps([name, changed])]
            line += ["--llama-factory", str(given.llama_factory)] if given.llama_factory else []
            done = subprocess.run(line, capture_output=True, text=True, check=False)
            found = next((json.loads(x[7:]) for x in done.stdout.splitlines() if x.startswith("RESULT ")), None)
            if found is None:
                print(f"{title}: failed: {done.stderr[-2000:]}", flush=True)
                continue
            rate = data["tokens"] / found["seconds"]
            first = first or rate
            print(f"{title:42} {rate:9,.0f} tokens/s   {rate / first:5.2f}   {found}", flush=True)


if __name__ == "__main__":
    main()
