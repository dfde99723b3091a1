"""What was learned, small enough to ship: the difference between a tuned encoder and its base, in a few megabytes.

Of each linear layer the best approximation of a rank (by singular values), in float16; of each new or retrained token its row, in eight bits
with a scale of its own. `index.encoder.adapted` puts it back into the base.
"""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from index.encoder.adapted import TOKENS, WEIGHTS

_EMBEDDINGS = "embeddings.word_embeddings.weight"


def write_adapter(
    base: Path, tuned: Path, tokens: Sequence[str], ids: Sequence[int], rank: int, out: Path, projection: np.ndarray | None = None, share: float = 1
) -> dict[str, float]:
    """Write the adapter of a tuned model's folder; returns for each linear layer the share of the difference's energy that the rank leaves out.
    `tokens` with their `ids` are those whose rows were trained, new ones in the order of their ids. `share`: so much of the way from the base's
    layers to the tuned ones (Wortsman et al., 2022)."""
    from safetensors.numpy import load_file, save_file

    before, after = load_file(base / "model.safetensors"), load_file(tuned / "model.safetensors")
    rows = after[_EMBEDDINGS][list(ids)].astype(np.float32)
    scales = (np.abs(rows).max(axis=1, keepdims=True) / 127).astype(np.float16)
    tensors = {"rows": np.rint(rows / np.maximum(scales.astype(np.float32), 1e-8)).clip(-127, 127).astype(np.int8), "scales": scales}
    lost = {}
    for name, weight in before.items():
        if name == _EMBEDDINGS or name not in after:
            continue
        difference = share * (after[name].astype(np.float32) - weight.astype(np.float32))
        if not np.abs(difference).max() > 1e-7:
            continue
        if difference.ndim != 2:
            tensors[f"{name}.difference"] = difference.astype(np.float16)
            continue
        left, values, right = np.linalg.svd(difference, full_matrices=False)
        root = np.sqrt(values[:rank])
        tensors[f"{name}.up"] = (left[:, :rank] * root).astype(np.float16)
        tensors[f"{name}.down"] = (root[:, None] * right[:rank]).astype(np.float16)
        lost[name] = float((values[rank:] ** 2).sum() / (values**2).sum())
    out.mkdir(parents=True, exist_ok=True)
    if projection is not None:
        tensors["projection"] = projection.astype(np.float16)
    digest = hashlib.sha256((base / "model.safetensors").read_bytes()).hexdigest()
    save_file({name: np.ascontiguousarray(tensor) for name, tensor in tensors.items()}, out / WEIGHTS, metadata={"base": digest})
    (out / TOKENS).write_text(json.dumps(list(tokens), ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    return lost
