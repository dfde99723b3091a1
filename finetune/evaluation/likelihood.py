"""How well a model foretells held-out texts: bits per byte, which can be compared between models of different vocabularies."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from finetune.errors import DataError
from finetune.export.merging import base_of, is_adapter, load, tokenizer
from finetune.lines import json_lines

if TYPE_CHECKING:
    from finetune.running import StageContext

_MOST, _WINDOW = 200_000, 1024
"""Bytes of a language, and tokens that are read at a time."""


def bits_per_byte(model: Path, files: Iterable[Path], context: "StageContext") -> dict[str, float]:
    """{language: bits}; each text is read in windows, the first token of each being given."""
    import torch

    adapter = model if is_adapter(model) else None
    base = base_of(model) if adapter else model
    loaded, read = load(base, "float32", adapter), tokenizer(model, base)
    window = min(_WINDOW, loaded.config.max_position_embeddings)
    bits: Counter[str] = Counter()
    size: Counter[str] = Counter()
    most = 2000 if context.dry_run else _MOST
    for text, language in _rows(files):
        if size[language] >= most:
            continue
        ids: Sequence[int] = read(text, add_special_tokens=False)["input_ids"]
        for start in range(0, len(ids) - 1, window - 1):
            some = torch.tensor([ids[start : start + window]])
            with torch.no_grad():
                logits: Any = loaded(input_ids=some).logits.float()
            loss = torch.nn.functional.cross_entropy(logits[0, :-1], some[0, 1:], reduction="sum").item()
            bits[language] += loss / math.log(2)  # type: ignore[assignment]
        size[language] += len(text.encode())
    return {language: round(bits[language] / size[language], 4) for language in sorted(size)}


def _rows(files: Iterable[Path]) -> Iterable[tuple[str, str]]:
    for path in files:
        for where, row in json_lines(path):
            try:
                yield row["text"], row["language"]
            except (KeyError, TypeError) as error:
                raise DataError(f"{where}: no text of a corpus stage; make the file again") from error
