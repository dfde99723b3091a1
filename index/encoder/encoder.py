"""`Encoder`: texts to unit vectors, tokenized while earlier ones are encoded."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from index.encoder.backends import Backend, Batch, Vectors, check_backend, make_backend
from index.encoder.conversion import Converted, EncoderInfo, converted
from index.encoder.registry import settings_of
from index.encoder.source import DEFAULT_ENCODER, encoder_name, model_folder

if TYPE_CHECKING:
    from tokenizers import Encoding, Tokenizer

BATCH = 16
"""Texts a batch in bulk."""
FEW = 64
"""So many texts at most go in batches of 2: little is padded, and every thread has something to do."""
_BLOCK = 512
"""Texts that are tokenized at a time, while those before them are encoded."""


class Encoder:
    """Texts to unit vectors of `info.dimension`; a text longer than the window is cut there. Safe to use from many threads."""

    def __init__(self, model: Converted, backend: str = "auto") -> None:
        self.info: EncoderInfo = model.info
        self._model = model
        self._wanted = backend

    @cached_property
    def _tokenizer(self) -> "Tokenizer":
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(self._model.folder / "tokenizer.json"))
        tokenizer.no_padding()
        tokenizer.no_truncation()
        return tokenizer

    @cached_property
    def backend(self) -> Backend:
        """What runs it; `backend.choice` says so. Raises EncoderError."""
        return make_backend(self._wanted, self._model)

    @cached_property
    def room(self) -> int:
        """The tokens that a passage may have, special ones included: the window without the passages' prompt."""
        return self.info.window - len(self._tokenizer.encode(self.info.passage_prompt, add_special_tokens=False).ids)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """The number of tokens of each text, special tokens and prompts left out."""
        return [len(e.ids) for e in self._tokenizer.encode_batch_fast([_plain(t) for t in texts], add_special_tokens=False)]

    def encode(self, passages: Sequence[str]) -> Vectors:
        """(n, d) unit vectors of passages, in their order. Texts of like length share a batch, so that little is padded, and the
        same text is encoded once."""
        return self._encode(passages, self.info.passage_prompt)

    def encode_queries(self, queries: Sequence[str]) -> Vectors:
        """(n, d) unit vectors of what is searched for, with the prompt that the encoder wants before it."""
        return self._encode(queries, self.info.query_prompt)

    def encode_tokens(self, passages: Sequence[str]) -> list[Vectors]:
        """For each passage the unit vectors (tokens, d) of its tokens, special tokens and prompt left out, as the transformer sees
        them in context."""
        return self._encode_tokens(passages, self.info.passage_prompt)

    def encode_query_tokens(self, queries: Sequence[str]) -> list[Vectors]:
        """The same of queries."""
        return self._encode_tokens(queries, self.info.query_prompt)

    def _encode(self, texts: Sequence[str], prompt: str) -> Vectors:
        different = list(dict.fromkeys(texts))
        found = np.empty((len(different), self.info.dimension), dtype=np.float32)
        for batch, vectors in self.backend.run(self._batches(different, prompt)):
            found[batch.rows] = vectors
        if len(different) == len(texts):
            return found
        place = {text: i for i, text in enumerate(different)}
        return found[[place[t] for t in texts]]

    def _encode_tokens(self, texts: Sequence[str], prompt: str) -> list[Vectors]:
        found: list[Vectors] = [np.zeros((0, self.info.dimension), dtype=np.float32)] * len(texts)
        first = self._first_tokens(texts, prompt)
        for batch, tokens in self.backend.run(self._batches(texts, prompt), tokens=True):
            for row, i in enumerate(batch.rows):
                inner = tokens[row, first[i] : int(batch.mask[row].sum()) - self._special[1]]
                found[i] = inner / np.maximum(np.linalg.norm(inner, axis=1, keepdims=True), 1e-9)
        return found

    @cached_property
    def _special(self) -> tuple[int, int]:
        """The special tokens before and after every text."""
        mask = self._tokenizer.encode("a").special_tokens_mask
        return mask.index(0), mask[::-1].index(0)

    def _first_tokens(self, texts: Sequence[str], prompt: str) -> list[int]:
        """Where each text begins after special tokens and prompt; a token of both is the text's."""
        if not prompt:
            return [self._special[0]] * len(texts)
        encodings = self._tokenizer.encode_batch([prompt + _plain(t) for t in texts])
        return [next((k for k, (_, end) in enumerate(e.offsets) if end > len(prompt)), len(e.ids)) for e in encodings]

    def _batches(self, texts: Sequence[str], prompt: str) -> Iterator[Batch]:
        """The texts' tokens in batches, longest texts first, and within a block those with most tokens first."""
        order = sorted(range(len(texts)), key=lambda i: -len(texts[i]))
        size = BATCH if len(texts) > FEW else 2
        for start in range(0, len(order), _BLOCK):
            block = order[start : start + _BLOCK]
            encodings = self._tokenizer.encode_batch_fast([prompt + _plain(texts[i]) for i in block])
            ids = {i: self._cut(e) for i, e in zip(block, encodings, strict=True)}
            block.sort(key=lambda i: -len(ids[i]))
            for first in range(0, len(block), size):
                yield self._batch(block[first : first + size], ids)

    def _cut(self, encoding: "Encoding") -> list[int]:
        """The ids of a text's tokens, at most a window of them, the special ones at the end kept."""
        ids: list[int] = encoding.ids
        if len(ids) <= self.info.window:
            return ids
        after = self._special[1]
        return ids[: self.info.window - after] + ids[len(ids) - after :]

    def _batch(self, rows: list[int], ids: dict[int, list[int]]) -> Batch:
        tokens = np.full((len(rows), len(ids[rows[0]])), self._model.pad, dtype=np.int64)
        mask = np.zeros_like(tokens)
        for row, i in enumerate(rows):
            tokens[row, : len(ids[i])] = ids[i]
            mask[row, : len(ids[i])] = 1
        return Batch(rows, tokens, mask)


def _plain(text: str) -> str:
    """What is encoded: compatibility forms folded (H₂O as H2O, full width as half), so that the vocabulary has them."""
    import unicodedata

    return text if text.isascii() else unicodedata.normalize("NFKC", text)


def load_encoder(name: str = DEFAULT_ENCODER, backend: str = "auto", languages: Sequence[str] | None = None) -> Encoder:
    """The encoder of this name: `all-MiniLM-L6-v2`, `patent-minilm`, the folder of a sentence-transformers model, or a name on the Hugging Face
    hub that is in the cache of this machine.

    `backend` is `auto`, `openvino` or `torch`; `languages` are those that it reads, where its files and the registry do not say so.
    Raises EncoderError.
    """
    check_backend(backend)
    name = encoder_name(name)
    folder = model_folder(name)
    settings = settings_of(name, folder)
    if languages is not None:
        settings = replace(settings, languages=tuple(languages))
    return Encoder(converted(name, folder, settings), backend)
