"""`patent-minilm`: all-MiniLM-L6-v2 with what it has learned of Chinese and of patents, put together from the adapter in `patent/`.

The adapter has the rows of its tokens, in eight bits with a scale each, and, where layers were trained, for each of them two matrices of a low
rank whose product is added to the layer's weights. A matrix that the averaged vector is multiplied
with may stand beside them. `patent/MODEL_CARD.md` says what it was learned from. Both together are written once into the
user's cache as a sentence-transformers model, in a second and without torch. `finetune.retrieval.adapter` makes adapters.
"""

import hashlib
import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from index.errors import EncoderError

PATENT = Path(__file__).parent / "patent"
WEIGHTS, TOKENS, MADE_FROM = "adapter.safetensors", "tokens.json", "made_from.json"
Array = np.ndarray[Any, np.dtype[np.float32]]
_EMBEDDINGS = "embeddings.word_embeddings.weight"


def adapted(base: Path, cache: Path, adapter: Path = PATENT) -> Path:
    """The folder of the base with the adapter, written now where it was not before. Raises EncoderError."""
    from safetensors import SafetensorError

    try:
        digest = hashlib.sha256(b"".join((adapter / name).read_bytes() for name in (WEIGHTS, TOKENS))).hexdigest()
        target = cache / f"adapted-{digest[:24]}"
        if not (target / MADE_FROM).exists():
            _write(base, adapter, target, digest)
    except (OSError, KeyError, ValueError, SafetensorError) as error:
        raise EncoderError(f"{adapter}: the encoder's adapter can't be put into {base} ({error}); install patent-assistant again") from error
    return target


def made_from(folder: Path) -> str:
    """The digest of what such a folder was made from, which stands for its weights; "" for any other folder. Sums may differ in their last bit
    from one processor to another, and an index must not care."""
    path = folder / MADE_FROM
    return str(json.loads(path.read_text("utf-8"))["digest"]) if path.exists() else ""


def _write(base: Path, adapter: Path, target: Path, digest: str) -> None:
    from safetensors import safe_open
    from safetensors.numpy import load_file, save_file

    with safe_open(adapter / WEIGHTS, "np") as opened:
        made_for = opened.metadata()["base"]
    if (found := hashlib.sha256((base / "model.safetensors").read_bytes()).hexdigest()) != made_for:
        raise EncoderError(
            f"the weights in {base} are not those that the adapter is for (SHA-256 {found[:12]}…, expected {made_for[:12]}…); install them again"
        )
    tokens = json.loads((adapter / TOKENS).read_text("utf-8"))
    weights, learned = load_file(base / "model.safetensors"), load_file(adapter / WEIGHTS)
    tokenizer = json.loads((base / "tokenizer.json").read_text("utf-8"))
    ids = _add(tokenizer, tokens)
    rows = np.zeros((max(len(weights[_EMBEDDINGS]), max(ids, default=-1) + 1), weights[_EMBEDDINGS].shape[1]), dtype=np.float32)
    rows[: len(weights[_EMBEDDINGS])] = weights[_EMBEDDINGS]
    rows[ids] = learned["rows"] * learned["scales"].astype(np.float32)
    weights[_EMBEDDINGS] = rows
    for name in [n.removesuffix(".up") for n in learned if n.endswith(".up")]:
        weights[name] = weights[name] + learned[f"{name}.up"].astype(np.float32) @ learned[f"{name}.down"].astype(np.float32)
    projection = learned.get("projection")
    target.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(dir=target.parent))
    try:
        for name in ("modules.json", "sentence_bert_config.json", "special_tokens_map.json", "tokenizer_config.json", "1_Pooling/config.json"):
            if name == "special_tokens_map.json" and not (base / name).exists():  # newer versions keep it in tokenizer_config.json
                continue
            (made / name).parent.mkdir(exist_ok=True)
            shutil.copyfile(base / name, made / name)
        if projection is not None:
            _project(made, projection.astype(np.float32))
        config = json.loads((base / "config.json").read_text("utf-8"))
        (made / "config.json").write_text(json.dumps({**config, "vocab_size": len(rows)}), "utf-8")
        (made / "tokenizer.json").write_text(json.dumps(tokenizer, ensure_ascii=False), "utf-8")
        save_file(weights, made / "model.safetensors", metadata={"format": "pt"})
        (made / MADE_FROM).write_text(json.dumps({"digest": digest}), "utf-8")
        try:
            made.rename(target)
        except OSError:  # another process was faster
            if not (target / MADE_FROM).exists():
                raise
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _project(folder: Path, projection: Array) -> None:
    """Let the averaged vector be multiplied with (d, d) before it is made a unit vector."""
    from safetensors.numpy import save_file

    modules = json.loads((folder / "modules.json").read_text("utf-8"))
    dense = {"name": "2", "path": "2_Dense", "type": "sentence_transformers.models.Dense"}
    modules = [{**module, "idx": i, "name": str(i)} for i, module in enumerate([*modules[:2], dense, *modules[2:]])]
    (folder / "modules.json").write_text(json.dumps(modules), "utf-8")
    (folder / "2_Dense").mkdir()
    size = {"in_features": len(projection), "out_features": projection.shape[1]}
    settings = {**size, "bias": False, "activation_function": "torch.nn.modules.linear.Identity"}
    (folder / "2_Dense" / "config.json").write_text(json.dumps(settings), "utf-8")
    save_file({"linear.weight": np.ascontiguousarray(projection.T)}, folder / "2_Dense" / "model.safetensors", metadata={"format": "pt"})


def _add(tokenizer: dict[str, Any], tokens: list[str]) -> list[int]:
    """Put the tokens into the tokenizer's file, and return their ids; those that its vocabulary has keep theirs."""
    own = tokenizer["model"]["vocab"]
    after = max(max(own.values()), *(t["id"] for t in tokenizer["added_tokens"])) + 1
    ids = []
    for token in tokens:
        if token in own:
            ids.append(own[token])
            continue
        ids.append(after)
        # not normalized: taken from the text before the normalizer puts blanks around every character
        flags = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": False}
        tokenizer["added_tokens"].append({"id": after, "content": token, **flags})
        after += 1
    return ids
