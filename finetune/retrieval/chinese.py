"""Chinese for an encoder that lacks it: new tokens from the documents and the scheme, drawn to what their English says."""

import json
import re
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from finetune.retrieval.embedder import Tell, align
from finetune.retrieval.gathering import Gathered
from finetune.retrieval.negatives import Encode
from finetune.retrieval.pairs import hash_of
from finetune.retrieval.settings import SeededTuning
from finetune.retrieval.vocabulary import chinese_tokens, extended, gb2312
from index.bilingual import gloss
from index.bilingual.dictionary import phrases

_UNKNOWN = 0.05
_TOKENS = "tokens.json"
_WHOLE = 80
"""Characters from which on a text is one of its own and not a sentence."""
Rows = tuple[list[str], list[int]]
"""New tokens and their ids."""


def lacks_chinese(tokenizer: Any) -> bool:
    """Whether more than a few of the common characters are unknown to it."""
    if tokenizer.unk_token_id is None:
        return False
    characters = list(gb2312())
    unknown = sum(tokenizer.unk_token_id in ids for ids in tokenizer(characters, add_special_tokens=False)["input_ids"])
    return bool(unknown > _UNKNOWN * len(characters))


def with_chinese(base: Path, found: Gathered, english: Encode, work: Path, steps: Path, settings: SeededTuning, tell: Tell) -> tuple[Any, Rows]:
    """The model of a folder with Chinese tokens that are aligned; made once, and kept in the folder `work`. `english` encodes English by the
    untuned encoder."""
    from index.encoder.conversion import load_transformer

    if not work.is_dir():
        tokens = chinese_tokens([*found.chinese * 2, *found.titles], settings.words, settings.least, phrases().get)
        model, ids = extended(base, tokens, gloss)
        align(model, ids, _texts(tokens, found, english, settings), steps, settings, tell)
        partial = work.with_name(f"{work.name}.partial")
        shutil.rmtree(partial, ignore_errors=True)
        model.save_pretrained(str(partial), create_model_card=False)
        (partial / _TOKENS).write_text(json.dumps([tokens, ids], ensure_ascii=False) + "\n", encoding="utf-8")
        partial.rename(work)
    tokens, ids = json.loads((work / _TOKENS).read_text(encoding="utf-8"))
    return load_transformer(work, "mean"), (tokens, ids)


def _texts(tokens: Sequence[str], found: Gathered, english: Encode, settings: SeededTuning) -> dict[str, tuple[list[str], np.ndarray]]:
    """By kind the Chinese texts, and the vectors of their English: the gloss, or the translation where there is one."""
    sentences = [s for text in found.chinese for s in re.split("[。；]", text) if 10 < len(s) < _WHOLE]
    translations = [p for p in found.train if p.kind in ("titles en-zh", "abstracts en-zh", "entries en-zh")]
    kinds = {
        "words": [(token, gloss(token)) for token in tokens],
        "titles": [(title, gloss(title)) for title in _some(found.titles, settings) if 4 <= len(title) <= 160],
        "sentences": [(text, gloss(text)) for text in _some(sentences, settings)],
        "texts": [(text, gloss(text)) for text in _some([t for t in found.chinese if len(t) >= _WHOLE], settings)],
        **{kind: [(p.positive, p.anchor) for p in translations if p.kind == kind] for kind in dict.fromkeys(p.kind for p in translations)},
    }
    made = {kind: {chinese: meant for chinese, meant in both if meant} for kind, both in kinds.items()}
    return {kind: (list(both), english(list(both.values()))) for kind, both in made.items() if len(both) >= settings.align.batch}


def _some(texts: Sequence[str], settings: SeededTuning) -> list[str]:
    return sorted(dict.fromkeys(texts), key=hash_of)[: settings.align.texts]
