"""A Chinese text as the ranker sees it: the words that rjieba cuts, with their kind, and every short run of characters with its places."""

import re
from collections import Counter
from dataclasses import dataclass

from ingest.language import CJK

LONGEST = 6
"""So many characters has a keyphrase at most."""
_RUN = re.compile(f"[{CJK}]+")


@dataclass(frozen=True)
class Reading:
    """`words` and `pieces` count Chinese words as they stand in a sentence, and with the shorter words inside them."""

    text: str
    words: Counter[str]
    pieces: Counter[str]
    places: dict[str, list[int]]
    """Every run of up to LONGEST Chinese characters, and where it starts."""
    kinds: dict[str, str]
    """The part of speech at the first place of a word."""
    before: dict[str, list[str]]
    after: dict[str, list[str]]
    """The words next to each place of a word; ^ before the first, $ after the last."""


def read_chinese(text: str) -> Reading:
    import rjieba

    tagged = rjieba.tag(text)
    places: dict[str, list[int]] = {}
    for run in _RUN.finditer(text):
        for start in range(run.start(), run.end()):
            for end in range(start + 1, min(start + LONGEST, run.end()) + 1):
                places.setdefault(text[start:end], []).append(start)
    kinds: dict[str, str] = {}
    before: dict[str, list[str]] = {}
    after: dict[str, list[str]] = {}
    for i, (word, kind) in enumerate(tagged):
        if _RUN.fullmatch(word):
            kinds.setdefault(word, kind)
            before.setdefault(word, []).append(tagged[i - 1][0] if i else "^")
            after.setdefault(word, []).append(tagged[i + 1][0] if i + 1 < len(tagged) else "$")
    words = Counter(word for word, _ in tagged if _RUN.fullmatch(word))
    pieces = Counter(word for word in rjieba.cut_for_search(text) if _RUN.fullmatch(word))
    return Reading(text, words, pieces, places, kinds, before, after)
