"""A published BPE tokenizer with more tokens, learned from a corpus; and the embeddings that its model needs for them."""

import json
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import rjieba
from tokenizers import Tokenizer

from finetune.errors import StageError
from finetune.tokenizer.merges import more_merges
from ingest.language import CJK

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerFast

_CHINESE = re.compile(f"[{CJK}]")
_RUN = re.compile(rf"[{CJK}]+|[^{CJK}]+")
_LETTERS = re.compile(r"^ ?[^\W\d_]+$")


@dataclass(frozen=True)
class Extended:
    """`added` are the new tokens as text, `pieces` what the base cuts each into: (new id, ids)."""

    tokenizer: "PreTrainedTokenizerFast"
    added: tuple[str, ...]
    pieces: tuple[tuple[int, tuple[int, ...]], ...]


def extended(base: "PreTrainedTokenizerFast", texts: Iterable[str], most: int, least: int, longest: int) -> Extended:
    """`base` with up to `most` tokens more: characters that it has not (where it falls back to bytes), then words and pieces of words.

    Raises StageError for a tokenizer that is no BPE.
    """
    state: dict[str, Any] = json.loads(base.backend_tokenizer.to_str())
    model = state["model"]
    if model["type"] != "BPE":
        raise StageError(f"{base.name_or_path}: its tokenizer is {model['type']}; only BPE can be gone on with")
    counts = _words(base.backend_tokenizer, texts)
    vocabulary: dict[str, int] = model["vocab"]
    first = max(len(base), max(vocabulary.values()) + 1)
    new: list[str] = _characters(counts, vocabulary, least)[:most] if model.get("byte_fallback") else []
    vocabulary |= {token: first + n for n, token in enumerate(new)}
    with_characters = Tokenizer.from_str(json.dumps(state)) if new else base.backend_tokenizer
    pieces: Counter[tuple[str, ...]] = Counter()
    for word, count in counts.items():
        pieces[tuple(token.value for token in with_characters.model.tokenize(word))] += count
    merges = more_merges(pieces, most - len(new), least, lambda token: _allowed(token, longest), frozenset(vocabulary))
    joined = [a + b for a, b in merges]
    vocabulary |= {token: first + len(new) + n for n, token in enumerate(joined)}
    as_pairs = not model["merges"] or not isinstance(model["merges"][0], str)
    model["merges"] += [list(pair) if as_pairs else " ".join(pair) for pair in merges]
    tokenizer = _wrapped(base, state)
    added = [*new, *joined]
    ids = [vocabulary[token] for token in added]
    cut = [tuple(base.convert_tokens_to_ids(piece.value) for piece in base.backend_tokenizer.model.tokenize(token)) for token in added]
    return Extended(tokenizer, tuple(readable(token) for token in added), tuple(zip(ids, cut, strict=True)))


def _words(tokenizer: Tokenizer, texts: Iterable[str]) -> Counter[str]:
    """Words as the model of the tokenizer gets them, with how often they stand. Chinese runs are cut into words, so that no token joins the end of
    one with the beginning of the next."""
    runs: Counter[str] = Counter()
    for text in texts:
        for run in _RUN.findall(tokenizer.normalizer.normalize_str(text) if tokenizer.normalizer else text):
            runs.update(rjieba.cut(run) if _CHINESE.match(run) else [run])
    words: Counter[str] = Counter()
    for run, count in runs.items():
        cut = [w for w, _ in tokenizer.pre_tokenizer.pre_tokenize_str(run)] if tokenizer.pre_tokenizer else re.findall("▁?[^▁]+", run)
        if cut and _CHINESE.match(run):
            cut[0] = cut[0].removeprefix("▁")  # that a word begins is said at the beginning of a text alone
        for word in cut:
            words[word] += count
    return words


def _characters(words: Counter[str], vocabulary: dict[str, int], least: int) -> list[str]:
    counts: Counter[str] = Counter()
    for word, count in words.items():
        for character in word:
            counts[character] += count
    return [c for c, n in sorted(counts.items(), key=lambda each: (-each[1], each[0])) if n >= least and c not in vocabulary]


def readable(token: str) -> str:
    """A token as text; of byte-level ones that end within a character the bytes."""
    text = token.replace("▁", " ")
    if all(c in _LEVELS for c in text):
        return bytes(_LEVELS[c] for c in text).decode("utf-8", errors="backslashreplace")
    return text


def _byte_levels() -> dict[str, int]:
    """The bytes that the characters of byte-level BPE stand for: printable ones for themselves, the others for those from 256 on, in order."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [b for b in range(256) if b not in printable]
    return {chr(b): b for b in printable} | {chr(256 + n): b for n, b in enumerate(others)}


_LEVELS = _byte_levels()


def _allowed(token: str, longest: int) -> bool:
    """Letters alone, a blank before them at most, not too long; beginnings of a character in bytes may be joined."""
    text = readable(token)
    return ("\\x" in text and len(text) <= 4 * longest) or (len(text) <= longest and bool(_LETTERS.match(text)))


def _wrapped(base: "PreTrainedTokenizerFast", state: dict[str, Any]) -> "PreTrainedTokenizerFast":
    import copy

    made = copy.deepcopy(base)
    made._tokenizer = Tokenizer.from_str(json.dumps(state))
    return made


def extend_model(model: "PreTrainedModel", tokenizer: Extended) -> int:
    """Give a model rows for the new tokens, each the mean of its pieces'; returns how many rows it has. Tied weights stay tied."""
    import torch

    needed = max((number for number, _ in tokenizer.pieces), default=0) + 1
    rows = model.get_input_embeddings().weight.shape[0]
    if needed > rows:
        model.resize_token_embeddings(needed, pad_to_multiple_of=64, mean_resizing=False)
    tables = [model.get_input_embeddings().weight]
    output = model.get_output_embeddings()
    if output is not None and output.weight is not tables[0]:
        tables.append(output.weight)
    with torch.no_grad():
        for table in tables:
            old = table.detach().clone()
            for number, pieces in tokenizer.pieces:
                table[number] = old[list(pieces)].float().mean(dim=0).to(table.dtype)
    return int(model.get_input_embeddings().weight.shape[0])


def save(tokenizer: "PreTrainedTokenizerFast", folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer.save_pretrained(folder)
