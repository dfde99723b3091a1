"""Runs of words as numbers: a text as the array of 64-bit hashes of its n-grams, in the same order in every process.

A word is Latin, Greek or Cyrillic letters and digits, great or small, or one character of Chinese, Japanese or Korean. White space and punctuation
don't count.
"""

import re
from typing import Any
from zlib import crc32

import numpy as np

_WORDS = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff]|[0-9a-z\u00df-\u024f\u0370-\u052f]+")
Hashes = np.ndarray[Any, np.dtype[np.uint64]]
SCRIPTS = frozenset({"zh", "ja", "ko"})
"""Languages whose runs are of characters."""
_FACTOR = np.uint64(0x9E3779B97F4A7C15)


def words_of(text: str) -> Hashes:
    """A number for each word, in order."""
    return _mixed(np.fromiter((crc32(w.encode()) for w in _WORDS.findall(text.lower())), dtype=np.uint64))


def runs_of(words: Hashes, length: int) -> Hashes:
    """A number for each run of so many words, in order; of all words where there are fewer. (n - length + 1,)"""
    length = min(length, len(words))
    if not length:
        return words
    runs = np.zeros(len(words) - length + 1, dtype=np.uint64)
    for start in range(length):
        runs *= _FACTOR
        runs += words[start : start + len(runs)]
    return _mixed(runs)


def _mixed(values: Hashes) -> Hashes:
    """SplitMix64 (Steele, Lea, Flood 2014): all bits of a value depend on all of its bits."""
    values = values + _FACTOR
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))
