"""The stage `export`: the merged model, proved equal to what was trained; a delta, GGUF, a card, checksums, and how to serve it."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from finetune.bases.tiny import base_model
from finetune.errors import StageError
from finetune.export.card import card, serving
from finetune.export.delta import make_delta
from finetune.export.merging import base_of, is_adapter, load, merge, parity, tokenizer
from finetune.export.settings import ExportSettings
from finetune.running import StageContext, digest

_PROMPTS, _TOKENS = 8, 256
CONVERTER = "convert_hf_to_gguf.py"


def export(settings: ExportSettings, context: StageContext) -> dict[str, Any]:
    """Writes `model/`, `parity.json`, `checksums.json`, `MODEL_CARD.md`, `serve.md`, and `delta/` and `gguf/` where they are asked for.

    Raises StageError where the merged model says something else than base and adapter.
    """
    trained = context.path(settings.trained)
    folder, model = context.folder, context.folder / "model"
    shutil.rmtree(model, ignore_errors=True)
    adapter = trained if is_adapter(trained) else None
    base = base_model(context, settings.base or (base_of(trained) if adapter else trained))
    if adapter:
        context.tell(f"merging {trained} into {base}")
        merge(base, adapter, model, settings.dtype)
    else:
        load(trained, settings.dtype).save_pretrained(model)
        tokenizer(trained).save_pretrained(model)
    report: dict[str, Any] = {"model": str(model), "merged": adapter is not None}
    report |= _parity(settings, base if adapter else trained, adapter, folder)
    if settings.delta:
        record = make_delta(model, base, folder / "delta")
        report["delta_tensors"] = len(record["tensors"])
    report["gguf"] = _gguf(settings, context)
    sums = {path.name: digest(path) for path in sorted(model.iterdir())}
    _write(folder / "checksums.json", sums)
    (folder / "MODEL_CARD.md").write_text(card(settings, context, base, adapter is not None, report, sums), encoding="utf-8")
    (folder / "serve.md").write_text(serving(settings.card.title, model), encoding="utf-8")
    shutil.copy(folder / "MODEL_CARD.md", model / "README.md")
    return report


def _parity(settings: ExportSettings, base: Path, adapter: Path | None, folder: Path) -> dict[str, Any]:
    """Read back what was written, and hold it against what was trained, both in float32."""
    merged, trained = load(folder / "model", "float32"), load(base, "float32", adapter)
    found = parity(merged, trained, list(_prompts(folder / "model")))
    _write(folder / "parity.json", {**found, "allowed": settings.parity, "dtype": settings.dtype})
    if not found["largest"] <= settings.parity:  # also where it is not a number
        raise StageError(
            f"the merged model is not the trained one: logits differ by {found['largest']:.3g}, more than {settings.parity:g} (parity.json); "
            "merge in float32 (dtype: float32), or look whether base and adapter belong together"
        )
    return {f"parity_{name}": round(value, 6) for name, value in found.items()}


def _prompts(folder: Path) -> Iterator[Any]:
    """Prompts of tasks in both languages, from the sample collection."""
    import torch

    from assistant.tasks import task_named
    from finetune.bases.tiny import sample_documents

    read, task = tokenizer(folder), task_named("abstract")
    for document in islice(sample_documents(), _PROMPTS):
        assert task.from_document is not None
        said = [{"role": "user" if role == "human" else role, "content": text} for role, text in task.messages(task.from_document(document))]
        ids = (
            read.apply_chat_template(said, add_generation_prompt=True, return_dict=False) if read.chat_template else read.encode(said[-1]["content"])
        )
        yield torch.tensor([ids[-_TOKENS:]])


def _gguf(settings: ExportSettings, context: StageContext) -> str:
    """Convert by llama.cpp's own script; returns the file, or the command where the script is not installed."""
    if not settings.gguf:
        return ""
    target = context.folder / "gguf" / f"model-{settings.gguf}.gguf"
    target.parent.mkdir(exist_ok=True)
    script = _converter(settings)
    arguments = [str(context.folder / "model"), "--outfile", str(target), "--outtype", settings.gguf]
    if script is None:
        command = f"python {CONVERTER} {' '.join(arguments)}"
        context.tell(f"llama.cpp's converter is not installed; with a checkout of llama.cpp: {command}")
        return f"not made: {command}"
    done = subprocess.run([sys.executable, str(script), *arguments], capture_output=True, text=True, check=False)
    if done.returncode or not target.is_file():
        raise StageError(f"{script}: llama.cpp's converter failed (exit code {done.returncode}): {done.stderr.strip()[-500:]}")
    return str(target)


def _converter(settings: ExportSettings) -> Path | None:
    """The one named, the one in $LLAMA_CPP, or the one on the PATH. Raises StageError where the one named is not there."""
    if settings.converter is not None:
        if not settings.converter.is_file():
            raise StageError(f"{settings.converter}: llama.cpp's {CONVERTER} is not there")
        return settings.converter
    checkout = os.environ.get("LLAMA_CPP")
    if checkout and (Path(checkout) / CONVERTER).is_file():
        return Path(checkout) / CONVERTER
    on_path = shutil.which(CONVERTER)
    return Path(on_path) if on_path else None


def _write(path: Path, content: dict[str, Any]) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
