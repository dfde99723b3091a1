"""Which documents and rows belong together, so that a family is held out whole: by numbers, priority, the same words, or nearly the same words."""

import hashlib
import sqlite3
from array import array
from collections.abc import Sequence

import numpy as np

from finetune.corpus.duplicates import Bands, digest_of, signature_of, similarity
from finetune.corpus.runs import words_of
from finetune.corpus.settings import Duplicates

_FEW = 12
"""Words of a text that is too short to tell a family."""
_LONG = 6000


class Families:
    """Members are numbered as they come. What they are recognised by lies on disk; in memory is one number for each."""

    def __init__(self, store: sqlite3.Connection, settings: Duplicates) -> None:
        self.store, self.settings, self.bands = store, settings, Bands(settings)
        self._first = array("q")
        store.execute("CREATE TABLE IF NOT EXISTS keys (key TEXT PRIMARY KEY, member INTEGER) WITHOUT ROWID")
        store.execute("CREATE TABLE IF NOT EXISTS signatures (member INTEGER PRIMARY KEY, signature BLOB)")
        store.execute("CREATE TABLE IF NOT EXISTS bands (band INTEGER, member INTEGER)")
        store.execute("CREATE INDEX IF NOT EXISTS by_band ON bands (band)")

    def add(self, keys: Sequence[str], texts: Sequence[tuple[str, str]]) -> int:
        """The number of a new member; `texts` are (language, text) that tell it apart."""
        member = len(self._first)
        self._first.append(member)
        signed = []
        for language, text in texts:
            words = words_of(text[:_LONG])
            if len(words) >= _FEW:
                keys = [*keys, f"text {digest_of(words).hex()}"]
                signed.append(signature_of(words, language, self.settings))
        for key in keys:
            found = self.store.execute("SELECT member FROM keys WHERE key = ?", (key,)).fetchone()
            if found:
                self._join(member, found[0])
            else:
                self.store.execute("INSERT INTO keys VALUES (?, ?)", (key, member))
        for n, signature in enumerate(signed):
            row = member * 16 + n % 16
            for band in self.bands.of(signature):
                for (other,) in self.store.execute("SELECT member FROM bands WHERE band = ?", (band,)).fetchall():
                    if self.of(other // 16) != self.of(member):
                        blob = self.store.execute("SELECT signature FROM signatures WHERE member = ?", (other,)).fetchone()[0]
                        if similarity(signature, np.frombuffer(blob, dtype=np.uint32)) >= self.settings.jaccard:
                            self._join(member, other // 16)
                self.store.execute("INSERT INTO bands VALUES (?, ?)", (band, row))
            self.store.execute("INSERT OR IGNORE INTO signatures VALUES (?, ?)", (row, signature.tobytes()))
        return member

    def of(self, member: int) -> int:
        """The family: its first member."""
        while self._first[member] != member:
            self._first[member] = self._first[self._first[member]]
            member = self._first[member]
        return member

    def _join(self, one: int, other: int) -> None:
        a, b = sorted((self.of(one), self.of(other)))
        self._first[b] = a


def is_held_out(family: str, share: float, seed: int) -> bool:
    """The same for a family in every run with the seed."""
    return fraction(f"{seed} held out {family}") < share


def fraction(text: str) -> float:
    """A number in [0, 1), the same for a text in every process."""
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=7).digest()) / (1 << 56)
