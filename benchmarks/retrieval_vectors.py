"""Vectors of texts, each encoded once and kept in a folder: what makes the second run of a benchmark short.

A vector is found again by the digest of its text without the white space around it, which no tokenizer of an encoder sees. Vectors are kept as
float16, as the index keeps them. Several processes may fill one folder: each writes files of its own, whole.
"""

import hashlib
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from index import Encoder

BLOCK = 2048
"""So many texts are encoded, then written: what a killed run loses."""
FEW = 64
"""So many texts at most, such as a query, are not worth a file."""


class VectorCache:
    """An encoder that encodes no text twice. What it does not know, it asks the encoder for, so it can stand in its place."""

    def __init__(self, folder: Path, encoder: Encoder) -> None:
        self.encoder = encoder
        self.folder = folder / encoder.info.digest[:12]
        self.folder.mkdir(parents=True, exist_ok=True)
        self._rows: dict[bytes, np.ndarray] = {}
        self._read: set[str] = set()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.encoder, name)

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """(n, d) unit vectors in the order of the texts."""
        keys = [_key(t) for t in texts]
        missing = {k: t for k, t in zip(keys, texts, strict=True) if k not in self._rows}
        if missing:
            self._read_new_files()
            self._encode_missing({k: t for k, t in missing.items() if k not in self._rows})
        if not texts:
            return np.zeros((0, self.encoder.info.dimension), dtype=np.float32)
        return np.stack([self._rows[k] for k in keys]).astype(np.float32)

    def _encode_missing(self, missing: dict[bytes, str]) -> None:
        # texts of like length together, the longest first: little is padded, and what is left takes less than it seems
        keys = sorted(missing, key=lambda k: -len(missing[k]))
        started, blocks = time.perf_counter(), range(0, len(keys), BLOCK)
        for first in np.random.default_rng(0).permutation(blocks) if len(blocks) > 1 else blocks:
            some = keys[first : first + BLOCK]
            self.add(some, self.encoder.encode([missing[k] for k in some]))
            if len(keys) > BLOCK:
                done = sum(k in self._rows for k in keys)
                rate = done / (time.perf_counter() - started)
                print(f"  {done:,} of {len(keys):,} texts encoded, {rate:.0f} a second, {(len(keys) - done) / rate:.0f} s left", file=sys.stderr)

    def add(self, keys: Sequence[bytes], vectors: np.ndarray) -> None:
        """Keep these vectors, (n, d); a few of them only as long as the process lives."""
        halved = vectors.astype(np.float16)
        self._rows.update(zip(keys, halved, strict=True))
        if len(keys) <= FEW:
            return
        name = f"{time.time_ns()}-{os.getpid()}.npz"
        temporary = self.folder / f".{name}"
        with temporary.open("wb") as stream:
            np.savez(stream, keys=np.frombuffer(b"".join(keys), dtype=np.uint8).reshape(len(keys), -1), vectors=halved)
        temporary.rename(self.folder / name)
        self._read.add(name)

    def _read_new_files(self) -> None:
        for path in sorted(self.folder.glob("[0-9]*.npz")):
            if path.name not in self._read:
                self._read.add(path.name)
                with np.load(path) as stored:
                    self._rows.update(zip((row.tobytes() for row in stored["keys"]), stored["vectors"], strict=True))


def _key(text: str) -> bytes:
    return hashlib.blake2b(text.strip().encode(), digest_size=16).digest()
