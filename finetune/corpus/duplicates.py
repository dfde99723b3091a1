"""Texts that are there already: the same words (a digest), nearly the same (MinHash, Broder 1997, by datasketch).

A signature's bands find candidates, the whole signature tells whether they are similar enough.
"""

import hashlib
from typing import Any

import numpy as np
from datasketch import MinHash, MinHashLSH

from finetune.corpus.runs import SCRIPTS, Hashes, runs_of
from finetune.corpus.settings import Duplicates

Signature = np.ndarray[Any, np.dtype[np.uint32]]
_AT_ONCE = 8192
"""Runs that are permuted at once: memory is 4 bytes for each and each permutation, however long a text is."""
_MISSES_COUNT = (0.1, 0.9)
"""A pair that the bands miss is lost, one that they propose wrongly costs a comparison."""


def digest_of(words: Hashes) -> bytes:
    """The same for texts of the same words, whatever stands between them."""
    return hashlib.blake2b(words.tobytes(), digest_size=16).digest()


def signature_of(words: Hashes, language: str, settings: Duplicates) -> Signature:
    """(permutations,)"""
    runs = np.unique(runs_of(words, settings.characters if language in SCRIPTS else settings.words)) & np.uint64(0xFFFFFFFF)
    made = MinHash(num_perm=settings.permutations, seed=1, hashfunc=int, scheme="affine32")
    for start in range(0, len(runs), _AT_ONCE):
        made.update_batch(runs[start : start + _AT_ONCE].tolist())
    signature: Signature = np.asarray(made.hashvalues, dtype=np.uint32)
    return signature


class Bands:
    """How a signature is cut into bands, so that similar texts share one."""

    def __init__(self, settings: Duplicates) -> None:
        cut = MinHashLSH(threshold=settings.jaccard, num_perm=settings.permutations, weights=_MISSES_COUNT)
        self.number, self.rows = cut.b, cut.r

    def of(self, signature: Signature) -> list[int]:
        """A signed 64-bit number for each band."""
        digests = (
            hashlib.blake2b(signature[n * self.rows : (n + 1) * self.rows].tobytes(), digest_size=8, salt=n.to_bytes(4, "big")).digest()
            for n in range(self.number)
        )
        return [int.from_bytes(d, "big", signed=True) for d in digests]


def similarity(one: Signature, other: Signature) -> float:
    """The estimate of the Jaccard similarity; its standard error is at most 0.045 with 128 permutations."""
    return float(np.mean(one == other))
