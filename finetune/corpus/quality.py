"""Whether a text is worth learning from: rules after Gopher (arXiv:2112.11446) and C4 (arXiv:1910.10683), with limits for patents."""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator

import numpy as np

from finetune.corpus.cleaning import Cleaned
from finetune.corpus.runs import SCRIPTS, Hashes, runs_of
from finetune.corpus.settings import Quality

_RUN = 10
_WORD = re.compile(r"[^\W\d_]+(?:[0-9]+[^\W\d_]+)?|\ufffd")
_ODD = re.compile(r"\ufffd|[bcdfghjklmnpqrstvwxz]{5,}|[a-z]+[A-Z][a-z]+|[a-z]+[A-Z]{1,2}[a-z]{2,}|[a-z]+[0-9]+[a-z]+|[a-z]*?([a-z])\1\1[a-z]*")
_LONGEST_WORD = 40
_PRIVATE = re.compile("[\ufffd\ue000-\uf8ff]")
_LATIN = re.compile("[A-Za-z]")
_PUNCTUATION = frozenset("PZ")


def fault_of(cleaned: Cleaned, words: Hashes, language: str, quality: Quality) -> tuple[str, str]:
    """The reason why a text is left out, and the figure; ("", "") for one that is kept."""
    return next(_faults(cleaned, words, language, quality), ("", ""))


def _faults(cleaned: Cleaned, words: Hashes, language: str, quality: Quality) -> Iterator[tuple[str, str]]:
    text = cleaned.text
    if not text:
        yield "empty", "nothing is left of it"
    for kind, reason, limit in (("sequence", "sequence listing", quality.sequences), ("boilerplate", "boilerplate", quality.boilerplate)):
        if cleaned.share(kind) > limit:
            yield reason, f"{cleaned.share(kind):.2f} of it"
    least = quality.least_chinese if language in SCRIPTS else quality.least_english
    if len(text) < least:
        yield "too short", f"{len(text)} characters"
    for reason, value, limit in (
        ("symbols", symbols(text), quality.symbols),
        ("digits", digits(text), quality.digits),
        ("repeated lines", repeated_lines(text), quality.repeated_lines),
        ("repeated runs", repeated_runs(words), quality.repeated_runs),
        ("ocr noise", odd_words(text, language), quality.odd_words),
    ):
        if value > limit:
            yield reason, f"{value:.2f}"


def symbols(text: str) -> float:
    """The share of characters that are neither letters, digits, punctuation nor white space."""
    counts = Counter(text)
    found = sum(n for c, n in counts.items() if not (c.isalnum() or c.isspace() or unicodedata.category(c)[0] in _PUNCTUATION))
    return found / max(1, len(text))


def digits(text: str) -> float:
    """The share of digits among letters and digits."""
    counts = Counter(text)
    found = sum(n for c, n in counts.items() if c.isdigit())
    return found / max(1, sum(n for c, n in counts.items() if c.isalnum()))


def repeated_lines(text: str) -> float:
    """The share of characters in lines that stood before."""
    seen, repeated, size = set[int](), 0, 0
    for line in text.split("\n"):
        size += len(line)
        repeated += len(line) if hash(line) in seen else 0
        seen.add(hash(line))
    return repeated / max(1, size)


def repeated_runs(words: Hashes) -> float:
    """The share of words in a run of ten that stood before."""
    if len(words) < 2 * _RUN:
        return 0.0
    runs = runs_of(words, _RUN)
    _, first = np.unique(runs, return_index=True)
    again = np.ones(len(runs), dtype=np.int64)
    again[first] = 0
    covered = np.convolve(again, np.ones(_RUN, dtype=np.int64)) > 0
    return float(covered.mean())


def odd_words(text: str, language: str) -> float:
    """The share of words that no one writes: five consonants and no vowel, capitals inside, a digit inside, a letter thrice; and of characters
    of no script, by their square root, since a few of them spoil a Chinese sentence."""
    private = math.sqrt(len(_PRIVATE.findall(text)) / max(1, len(text)))
    if language in SCRIPTS or not _LATIN.search(text):
        return private
    words = _WORD.findall(text)
    return max(private, sum(1 for w in words if len(w) > _LONGEST_WORD or _ODD.fullmatch(w)) / max(1, len(words)))
