"""The encoder that a stage begins with: loaded, checked, used as the assistant uses it; and the difference to it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from finetune.errors import StageError
from finetune.retrieval.adapter import write_adapter
from finetune.retrieval.chinese import Rows
from finetune.retrieval.negatives import Encode
from finetune.running import StageContext
from index.encoder import DEFAULT_ENCODER, load_encoder
from index.encoder.conversion import load_transformer
from index.reading import for_encoder
from ingest.language import detect_language

_LAYERS = ("query", "key", "value", "dense")
"""Linear layers of a BERT, which the adapters are put on."""
_ENGLISH = ("en",)


def trainable(base: Path, context: StageContext) -> Any:
    """The sentence-transformers model of a folder. Raises StageError for one that can't be tuned, EncoderError for one that can't be loaded."""
    model = load_transformer(base, "mean")
    body = getattr(model[0], "auto_model", None)
    layers = {name.rpartition(".")[2] for name, _ in body.named_modules()} if body is not None else set()
    if not set(_LAYERS) <= layers:
        raise StageError(f"stage {context.name}: {base}: it has no layers named {', '.join(_LAYERS)}; give a base of the BERT or XLM-RoBERTa kind")
    if not (base / "model.safetensors").is_file():
        raise StageError(f"stage {context.name}: {base}: no model.safetensors is in it; save the model again with sentence-transformers")
    return model


def encode_by(folder: Path, english_only: bool) -> Encode:
    """Texts to vectors by the encoder of a folder, as an index does it: Chinese by its English gloss, where the encoder reads English alone."""
    encoder = load_encoder(str(folder))
    readable = _ENGLISH if english_only else encoder.info.languages

    def encode(texts: Sequence[str]) -> np.ndarray:
        if not texts:
            return np.zeros((0, encoder.info.dimension), dtype=np.float32)
        return encoder.encode([for_encoder(text, detect_language(text), readable) for text in texts])

    return encode


def languages_of(folder: Path, english_only: bool) -> tuple[str, ...]:
    """Those that the encoder reads; none means all."""
    return load_encoder(str(folder)).info.languages or (_ENGLISH if english_only else ())


def name_of(given: Path | None, base: Path) -> str:
    """As the recipe names it."""
    return str(given) if given else DEFAULT_ENCODER if base.parent.name != "tiny" else "a tiny one, in place of the default"


def adapter_of(base: Path, folder: Path, rows: Rows, rank: int) -> dict[str, Any]:
    """Write `adapter/`, where the base is one that an adapter can be put into: its size in MB, and the share of the change of a layer that it leaves
    out, at most. `index.encoder.adapted` puts it into the base again."""
    if (base / "2_Dense").is_dir():
        return {"adapter": "none: the base has a projection after its pooling, which adapters don't keep"}
    lost = write_adapter(base, folder / "model", *rows, rank, folder / "adapter")
    size = sum(f.stat().st_size for f in (folder / "adapter").iterdir())
    return {"adapter_mb": round(size / 1e6, 2), "adapter_loses": round(max(lost.values(), default=0.0), 6)}
