"""A fitted classifier as one file of arrays (npz, without pickle), written whole or not at all."""

import contextlib
import os
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix

from assistant.classification.terms import Vocabulary

Array = np.ndarray[Any, Any]
VERSION = 1
"""Changes with what is stored, and with how it is fitted."""


class Store:
    """Collects arrays, and writes them."""

    def __init__(self) -> None:
        self._arrays: dict[str, Array] = {}

    def arrays(self, **named: Array) -> None:
        self._arrays.update(named)

    def strings(self, name: str, texts: Sequence[str]) -> None:
        self._arrays[name] = np.frombuffer("\n".join(texts).encode(), dtype=np.uint8)

    def vocabulary(self, name: str, vocabulary: Vocabulary) -> None:
        self.strings(f"{name}_terms", vocabulary.listed)
        self.arrays(**{f"{name}_frequencies": vocabulary.frequencies, f"{name}_texts": np.array(vocabulary.texts)})

    def rows(self, name: str, rows: csr_matrix) -> None:
        self.arrays(
            **{
                f"{name}_data": rows.data.astype(np.float32),
                f"{name}_columns": rows.indices.astype(np.int32),
                f"{name}_ends": rows.indptr.astype(np.int64),
                f"{name}_shape": np.array(rows.shape),
            }
        )

    def write(self, path: Path, key: str) -> None:
        self.strings("key", [f"{VERSION} {key}"])
        partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
        try:
            with partial.open("wb") as stream:
                np.savez(stream, allow_pickle=False, **self._arrays)
                stream.flush()
                os.fsync(stream.fileno())
            partial.rename(path)
        finally:
            with contextlib.suppress(FileNotFoundError):
                partial.unlink()


class Stored:
    """The arrays of a file, each read when it is asked for."""

    def __init__(self, path: Path) -> None:
        self._file = np.load(path, allow_pickle=False)

    @classmethod
    def open(cls, path: Path, key: str) -> "Stored | None":
        """None where there is no file, where it is damaged, and where it was written with another key or version."""
        if not zipfile.is_zipfile(path):
            return None
        try:
            stored = cls(path)
            if stored.strings("key") == [f"{VERSION} {key}"]:
                return stored
            stored._file.close()
            return None
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
            return None

    def array(self, name: str) -> Array:
        found: Array = self._file[name]
        return found

    def strings(self, name: str) -> list[str]:
        text = self.array(name).tobytes().decode()
        return text.split("\n") if text else []

    def vocabulary(self, name: str, analyse: Callable[[str], list[str]]) -> Vocabulary:
        return Vocabulary(self.strings(f"{name}_terms"), self.array(f"{name}_frequencies"), int(self.array(f"{name}_texts")), analyse)

    def rows(self, name: str) -> csr_matrix:
        parts = tuple(self.array(f"{name}_{part}") for part in ("data", "columns", "ends"))
        return csr_matrix(parts, shape=tuple(int(n) for n in self.array(f"{name}_shape")), copy=False)
