"""Examples as tokens, in files that are mapped into memory: a corpus need not fit into it."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from finetune.errors import DataError
from finetune.training.masks import conversation
from finetune.training.rows import Row
from finetune.training.settings import Method

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast

_SCORES = ("labels", "depth")


@dataclass(frozen=True)
class Tokenized:
    """`tokens` int32 and `said` (learned) bool of all examples one after the other; example n is [offsets[n], offsets[n + 1]). `size` is the UTF-8
    bytes of what is learned of each. `labels` and `depth` are of its reply."""

    tokens: np.ndarray[Any, np.dtype[np.int32]]
    said: np.ndarray[Any, np.dtype[np.bool_]]
    offsets: np.ndarray[Any, np.dtype[np.int64]]
    size: np.ndarray[Any, np.dtype[np.int64]]
    labels: np.ndarray[Any, np.dtype[np.int64]]
    depth: np.ndarray[Any, np.dtype[np.int64]]

    def __len__(self) -> int:
        return len(self.size)

    @property
    def lengths(self) -> np.ndarray[Any, np.dtype[np.int64]]:
        return np.diff(self.offsets)


def tokenized(rows: Iterable[Row], method: Method, tokenizer: "PreTrainedTokenizerFast", folder: Path) -> Tokenized:
    """Tokenize rows into a folder, or take what lies there complete. Raises DataError where there is no row."""
    done = folder / "done.json"
    if not done.exists():
        folder.mkdir(parents=True, exist_ok=True)
        offsets, figures = [0], []
        with (folder / "tokens").open("wb") as tokens, (folder / "said").open("wb") as marks:
            for number, row in enumerate(rows, start=1):
                ids, said, size = text(tokenizer, row["text"]) if method == "cpt" else chat(tokenizer, row, f"example {number}")
                np.asarray(ids, np.int32).tofile(tokens)
                np.asarray(said, np.bool_).tofile(marks)
                offsets.append(offsets[-1] + len(ids))
                figures.append((size, *reply_figures(row)))
        if not figures:
            raise DataError("there is no row to train on; look at the data that the stage before has made")
        np.save(folder / "offsets.npy", np.asarray(offsets, np.int64))
        np.save(folder / "figures.npy", np.asarray(figures, np.int64).T)
        done.write_text(json.dumps({"examples": len(figures), "tokens": offsets[-1]}) + "\n")
    size, labels, depth = np.load(folder / "figures.npy")
    mapped = np.memmap(folder / "tokens", np.int32, "r"), np.memmap(folder / "said", np.bool_, "r")
    return Tokenized(*mapped, np.load(folder / "offsets.npy"), size, labels, depth)


def text(tokenizer: "PreTrainedTokenizerFast", written: str) -> tuple[list[int], list[bool], int]:
    """(tokens, which are learned, UTF-8 bytes): the end of the one before (or the beginning), the text, its end. So the first token of a text is
    foretold, too, and losses per byte compare across tokenizers."""
    end = tokenizer.eos_token_id
    begin = tokenizer.bos_token_id if tokenizer.bos_token_id is not None else end
    if end is None:
        raise DataError("the tokenizer has no eos token, so ends of texts can't be marked; give it one")
    ids = tokenizer(written, add_special_tokens=False, verbose=False)["input_ids"]
    return [begin, *ids, end], [False] + [True] * (len(ids) + 1), len(written.encode())


def chat(tokenizer: "PreTrainedTokenizerFast", row: Row, where: str) -> tuple[list[int], list[bool], int]:
    """(tokens, which are learned, UTF-8 bytes of the replies)."""
    ids, said = conversation(tokenizer, row["messages"], where)
    return ids, said, sum(len(m["content"].encode()) for m in row["messages"] if m["role"] == "assistant")


def reply_figures(row: Row) -> tuple[int, int]:
    """(labels, depth): how many values the reply has, and how deep the deepest classification symbol among them is: section 1, class 2,
    subclass 3, main group 4, subgroup 5, none 0."""
    reply = row.get("reply")
    if reply is None:
        messages = row.get("messages") or row.get("chosen") or []
        said = [m["content"] for m in messages if m["role"] == "assistant"]
        try:
            reply = json.loads(said[-1]) if said else None
        except ValueError:
            reply = said[-1]
    values = list(_values(reply))
    return len(values), max((_depth(v) for v in values), default=0)


def _values(reply: Any) -> Iterable[Any]:
    if isinstance(reply, dict):
        for value in reply.values():
            yield from _values(value)
    elif isinstance(reply, list):
        for value in reply:
            yield from _values(value)
    elif reply not in (None, "", False):
        yield reply


def _depth(value: Any) -> int:
    from ingest.errors import ReadError
    from ingest.schemes.symbol import Symbol

    if not isinstance(value, str) or len(value) > 40:
        return 0
    try:
        level = Symbol(value).level
    except ReadError:
        return 0
    return ("section", "class", "subclass", "main group", "subgroup").index(level) + 1
