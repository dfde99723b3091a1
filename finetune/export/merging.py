"""Merging an adapter into its base, and the proof that the merged model says what both said together."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from finetune.errors import StageError


def is_adapter(folder: Path) -> bool:
    return (folder / "adapter_config.json").is_file()


def base_of(adapter: Path) -> Path:
    """The base that an adapter names."""
    named = json.loads((adapter / "adapter_config.json").read_text(encoding="utf-8")).get("base_model_name_or_path")
    if not named:
        raise StageError(f"{adapter}: the adapter names no base; name it with base")
    return Path(named)


def load(folder: Path, dtype: str, adapter: Path | None = None) -> Any:
    """A model, with an adapter where one is given. Raises StageError where either can't be loaded."""
    try:
        model = AutoModelForCausalLM.from_pretrained(folder, dtype=getattr(torch, dtype), local_files_only=folder.is_dir())
        if adapter is not None:
            from peft import PeftModel

            rows = _rows(adapter)
            if rows > model.get_input_embeddings().weight.shape[0]:
                model.resize_token_embeddings(rows, mean_resizing=False)
            model = PeftModel.from_pretrained(model, adapter)
    except (OSError, ValueError, RuntimeError, KeyError) as error:
        raise StageError(f"{adapter or folder}: can't be loaded{f' on {folder}' if adapter else ''}: {' '.join(str(error).split())[:300]}") from error
    return model.eval()


def _rows(adapter: Path) -> int:
    """Rows of embeddings that an adapter brings itself, 0 where it has none."""
    from safetensors import safe_open

    rows = 0
    for path in adapter.glob("*.safetensors"):
        with safe_open(path, "pt") as file:
            tables = [name for name in file.keys() if name.endswith(("embed_tokens.weight", "lm_head.weight"))]  # noqa: SIM118
            rows = max([rows, *(file.get_slice(name).get_shape()[0] for name in tables)])
    return rows


def merge(base: Path, adapter: Path, folder: Path, dtype: str) -> None:
    """Write the merged model and its tokenizer into a folder. Merged in float32, so that rounding happens once."""
    merged = load(base, "float32", adapter).merge_and_unload(safe_merge=True)
    merged.to(getattr(torch, dtype)).save_pretrained(folder)
    tokenizer(adapter, base).save_pretrained(folder)


def tokenizer(*folders: Path) -> Any:
    """The tokenizer of the first folder that has one."""
    for folder in folders:
        if (folder / "tokenizer.json").is_file() or (folder / "tokenizer_config.json").is_file() or not folder.exists():
            return AutoTokenizer.from_pretrained(folder, local_files_only=folder.is_dir())
    raise StageError(f"{folders[0]}: there is no tokenizer beside the model")


@torch.no_grad()
def parity(merged: Any, adapted: Any, prompts: Sequence[torch.Tensor]) -> dict[str, float]:
    """How far the logits of two models are from one another: {largest, mean, same_choice: share of places where both choose the same token}."""
    largest, total, places, same = 0.0, 0.0, 0, 0
    for prompt in prompts:
        a, b = (model(input_ids=prompt).logits.float() for model in (merged, adapted))
        difference = (a - b).abs()
        largest = max(largest, difference.max().item())
        total += difference.mean(dim=-1).sum().item()
        same += int((a.argmax(-1) == b.argmax(-1)).sum())
        places += prompt.shape[1]
    return {"largest": largest, "mean": total / max(1, places), "same_choice": same / max(1, places)}
