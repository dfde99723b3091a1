"""Delta weights: what with its base makes a model again to the letter, and is of no use without it.

Where a model's weights may not be shared but what was learned may, the difference is shared (as LLaMA's tuned models were). Differences
are taken of the bit patterns, modulo their width: those of numbers would be rounded, and the model that is made would not be the one that was
measured. Checksums say whether base, delta and result are the right ones.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open
from safetensors.torch import save_file

from finetune.errors import StageError

CHECKSUMS = "delta.json"
_SHARD = 4 << 30
_BITS = {1: torch.uint8, 2: torch.int16, 4: torch.int32, 8: torch.int64}
Tensors = Mapping[str, Path]


def make_delta(model: Path, base: Path, folder: Path) -> dict[str, Any]:
    """Write the delta of a model to its base, and everything else of the model, into a folder.

    A tensor that the base has not, or with fewer rows (a vocabulary that was extended), is taken as it is in the rows that are more. Returns the
    record: {base, files, tensors: {name: {base, delta, model}}} with SHA-256 of each.
    """
    of_model, of_base = tensors_of(model), tensors_of(base)
    shared = of_model.keys() & of_base.keys()
    if not shared:
        raise StageError(f"{model}: no weight has the name of one of {base}: it is not its base")
    folder.mkdir(parents=True, exist_ok=True)
    sums: dict[str, dict[str, str]] = {}

    def made() -> Iterator[tuple[str, torch.Tensor]]:
        for name in sorted(of_model):
            tuned = _load(of_model, name)
            old = _load(of_base, name).to(tuned.dtype) if name in of_base else tuned[:0]
            if old.shape[1:] != tuned.shape[1:] or len(old) > len(tuned):
                raise StageError(f"{model}: {name} is {tuple(tuned.shape)}, in the base {tuple(old.shape)}: it is not its base")
            delta = _bits(tuned).clone()
            delta[: len(old)] -= _bits(old)
            sums[name] = {"base": _sum(old), "delta": _sum(delta), "model": _sum(tuned)}
            yield name, delta

    _save(made(), folder)
    files = _copy(model, folder)
    types = {name: str(_load(of_model, name).dtype).removeprefix("torch.") for name in of_model}
    record = {"base": base.as_posix(), "files": files, "tensors": {n: {**sums[n], "dtype": types[n]} for n in sums}}
    (folder / CHECKSUMS).write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    return record


def apply_delta(delta: Path, base: Path, folder: Path) -> int:
    """Make the model of a delta and its base in a folder; returns how many tensors it has.

    Raises StageError where the base or the delta is not the one that the delta was made of, before anything is written, or the folder is in use.
    """
    try:
        record = json.loads((delta / CHECKSUMS).read_text(encoding="utf-8"))
        wanted: dict[str, dict[str, str]] = record["tensors"]
    except (OSError, ValueError, KeyError) as error:
        raise StageError(f"{delta}: there is no readable {CHECKSUMS}: no delta was written there") from error
    if folder.exists() and any(folder.iterdir()):
        raise StageError(f"{folder}: there are files in it; name a new folder")
    of_delta, of_base = tensors_of(delta), tensors_of(base)
    if missing := sorted(wanted.keys() - of_delta.keys()):
        raise StageError(f"{delta}: {len(missing)} tensors are missing, {missing[0]} first; fetch the delta again")
    for name, sums in wanted.items():
        bits = _load(of_delta, name)
        dtype: torch.dtype = getattr(torch, sums["dtype"])
        old = _load(of_base, name).to(dtype) if name in of_base else bits[:0].view(dtype)
        if _sum(bits) != sums["delta"]:
            raise StageError(f"{delta}: {name} is damaged (its SHA-256 is not the one written down); fetch the delta again")
        if _sum(old) != sums["base"]:
            raise StageError(f"{base}: {name} is not that of the base which the delta was made of ({record['base']})")
    folder.mkdir(parents=True, exist_ok=True)

    def made() -> Iterator[tuple[str, torch.Tensor]]:
        for name, sums in sorted(wanted.items()):
            bits = _load(of_delta, name).clone()
            dtype: torch.dtype = getattr(torch, sums["dtype"])
            if name in of_base:
                old = _bits(_load(of_base, name).to(dtype))
                bits[: len(old)] += old
            tuned = bits.view(dtype)
            if _sum(tuned) != sums["model"]:
                raise StageError(
                    f"{name}: what was made is not the model (its SHA-256 is not the one written down); this should not happen: report it"
                )
            yield name, tuned

    _save(made(), folder)
    for name, checksum in record["files"].items():
        content = (delta / name).read_bytes()
        if hashlib.sha256(content).hexdigest() != checksum:
            raise StageError(f"{delta / name}: it is not the file that was written down; fetch the delta again")
        (folder / name).write_bytes(content)
    return len(wanted)


def tensors_of(model: Path) -> dict[str, Path]:
    """The file of each tensor of a model in safetensors. Raises StageError where there are none."""
    found: dict[str, Path] = {}
    for path in sorted(model.glob("*.safetensors")):
        with safe_open(path, "pt") as file:
            found |= dict.fromkeys(file.keys(), path)
    if not found:
        raise StageError(f"{model}: there are no weights in safetensors; a local copy of the model is needed")
    return found


def _load(tensors: Tensors, name: str) -> torch.Tensor:
    with safe_open(tensors[name], "pt") as file:
        found: torch.Tensor = file.get_tensor(name)
    return found


def _bits(tensor: torch.Tensor) -> torch.Tensor:
    return tensor.contiguous().view(_BITS[tensor.element_size()])


def _sum(tensor: torch.Tensor) -> str:
    return hashlib.sha256(tensor.contiguous().view(torch.uint8).numpy().data if tensor.numel() else b"").hexdigest()


def _save(tensors: Iterator[tuple[str, torch.Tensor]], folder: Path) -> None:
    """In shards, so that no more than one is in memory, with the index that transformers reads."""
    shards: list[Path] = []
    place: dict[str, int] = {}
    total = 0
    waiting: dict[str, torch.Tensor] = {}

    def write() -> None:
        path = folder / f"part-{len(shards)}.partial"
        save_file(waiting, path, metadata={"format": "pt"})
        shards.append(path)
        waiting.clear()

    for name, tensor in tensors:
        waiting[name] = tensor.contiguous()
        place[name] = len(shards)
        total += tensor.numel() * tensor.element_size()
        if sum(t.numel() * t.element_size() for t in waiting.values()) >= _SHARD:
            write()
    if waiting:
        write()
    if len(shards) == 1:
        shards[0].replace(folder / "model.safetensors")
        return
    names = [f"model-{n:05d}-of-{len(shards):05d}.safetensors" for n in range(1, len(shards) + 1)]
    for path, name in zip(shards, names, strict=True):
        path.replace(folder / name)
    index = {"metadata": {"total_size": total}, "weight_map": {name: names[n] for name, n in place.items()}}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index, indent=1), encoding="utf-8")


def _copy(model: Path, folder: Path) -> dict[str, str]:
    """Configuration and tokenizer, with their SHA-256."""
    copied = {}
    for path in sorted(model.iterdir()):
        if path.is_file() and path.suffix not in (".safetensors", ".bin") and path.name != "model.safetensors.index.json":
            content = path.read_bytes()
            (folder / path.name).write_bytes(content)
            copied[path.name] = hashlib.sha256(content).hexdigest()
    return copied
