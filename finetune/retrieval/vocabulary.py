"""Chinese for an encoder whose vocabulary is English: words and characters as new tokens, each with a vector to start from.

A word is taken as a token as it stands in the text, the longest first, before the tokenizer takes the text apart into characters; so a Chinese
text has two thirds of the tokens that it has characters. A new token starts as the mean of the pieces of its English, from the bilingual
dictionary: the text then reads to the encoder as its gloss does, and training goes on from there.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from ingest.language import CJK

_RUN = re.compile(f"[{CJK}]+")
LONGEST = 6
"""Characters of a word that becomes a token."""


def chinese_tokens(texts: Iterable[str], words: int, least: int, known: Callable[[str], str | None]) -> list[str]:
    """So many words at most that stand `least` times in the texts, phrases of two words with English of their own among them, and the
    characters: those of the texts and the 3,755 of the first level of GB 2312. `known` gives the English of a word or phrase, None where there
    is none."""
    import rjieba

    counts: Counter[str] = Counter()
    characters: Counter[str] = Counter()
    for text in texts:
        for run in _RUN.findall(text):
            characters.update(run)
            cut = rjieba.cut(run)
            counts.update(w for w in cut if 1 < len(w) <= LONGEST)
            counts.update(both for a, b in pairwise(cut) if min(len(a), len(b)) > 1 and len(both := a + b) <= LONGEST and known(both))
    common = [w for w, n in sorted(counts.items(), key=lambda each: (-each[1], each[0])) if n >= least][:words]
    return [*common, *sorted(set(characters) | set(gb2312()))]


def gb2312() -> Iterable[str]:
    for row in range(0xB0, 0xD8):
        for column in range(0xA1, 0xFF):
            try:
                yield bytes((row, column)).decode("gb2312")
            except UnicodeDecodeError:  # the last row has five less
                continue


def starts(tokens: Sequence[str], english: Callable[[str], str], pieces: Callable[[str], list[int]], weight: np.ndarray) -> np.ndarray:
    """(tokens, d) the vectors that new tokens start with: the mean of the English pieces' rows of `weight` (v, d). A token without English is
    the mean of the tokens that share its characters, and where there are none, of all rows."""
    found = np.zeros((len(tokens), weight.shape[1]), dtype=np.float32)
    of_character: dict[str, list[int]] = {}
    empty = []
    for i, token in enumerate(tokens):
        ids = pieces(english(token))
        if ids:
            found[i] = weight[ids].mean(axis=0)
            for character in set(token):
                of_character.setdefault(character, []).append(i)
        else:
            empty.append(i)
    rest = weight.mean(axis=0)
    for i in empty:
        near = [j for character in tokens[i] for j in of_character.get(character, ())]
        found[i] = found[near].mean(axis=0) if near else rest
    return found


def extended(base: Path, tokens: Sequence[str], english: Callable[[str], str]) -> tuple[Any, list[int]]:
    """The sentence-transformers model of a folder with these tokens, and their ids. A token that the vocabulary has keeps its id and gets a new
    start: an English model has hardly seen it."""
    import torch
    from transformers import AddedToken

    from index.encoder.conversion import load_transformer

    model = load_transformer(base, "mean")
    tokenizer = model.tokenizer
    weight = model[0].auto_model.get_input_embeddings().weight.detach().numpy().copy()
    vectors = starts(tokens, english, lambda text: tokenizer.encode(text, add_special_tokens=False), weight)
    own = tokenizer.get_vocab()
    tokenizer.add_tokens([AddedToken(t, normalized=False) for t in tokens if t not in own])  # before the normalizer, which parts the characters
    ids = [tokenizer.convert_tokens_to_ids(t) for t in tokens]
    body = model[0].auto_model
    body.resize_token_embeddings(len(tokenizer), mean_resizing=False)
    with torch.no_grad():
        body.get_input_embeddings().weight[ids] = torch.from_numpy(vectors)
    return model, ids
