"""Articles that a search found, ranked against each other by their words.

Articles are short and all of one subject, so a word less or more decides. A Chinese question is compared with each by its characters and pairs of
characters (BM25, the rarity among these articles), the words that laws use for what it says (`legal_words`) counting less than its own, and the
search's own score a little. The weights were chosen on the development questions; `benchmarks/law.py` measures them.
"""

import math
import re
from collections import Counter
from collections.abc import Mapping

from assistant.legal_words import with_legal_words
from ingest.language import CJK

_RUN = re.compile(f"[{CJK}]+")
_STOP = frozenset("的了和与及或在是为于以其该中上下之由对将从到并且而有被把等个这那也都就又用使什么怎如何哪些多少样否吗呢请问要能不一谁会才还给最")
_SINGLE = 0.3
"""The weight of a character beside a pair."""
_ADDED, _SEARCH = 0.5, 0.25
_K1, _B = 1.2, 0.5


def ranked(question: str, texts: Mapping[str, str], scores: Mapping[str, float]) -> list[str]:
    """The anchors of some articles, best first, by their texts and by the scores that the search gave them."""
    own, added = question, with_legal_words(question)[len(question) :]
    counts = {anchor: _grams(text) for anchor, text in texts.items()}
    words = _bm25(_grams(own), counts)
    laws = _bm25(_grams(added), counts)
    both = _from_zero_to_one({anchor: words[anchor] + _ADDED * laws[anchor] for anchor in texts})
    found = _from_zero_to_one(scores)
    return sorted(texts, key=lambda anchor: -(both[anchor] + _SEARCH * found[anchor]))


def _grams(text: str) -> Counter[str]:
    grams: Counter[str] = Counter()
    for run in _RUN.findall(text):
        grams.update(run[i : i + 2] for i in range(len(run) - 1))
        grams.update(c for c in run if c not in _STOP)
    return grams


def _bm25(asked: Counter[str], counts: Mapping[str, Counter[str]]) -> dict[str, float]:
    among = Counter(gram for grams in counts.values() for gram in grams)
    lengths = {anchor: grams.total() for anchor, grams in counts.items()}
    mean = sum(lengths.values()) / len(lengths) or 1.0
    rarity = {gram: math.log1p((len(counts) - among[gram] + 0.5) / (among[gram] + 0.5)) * (_SINGLE if len(gram) == 1 else 1.0) for gram in asked}
    found = {}
    for anchor, grams in counts.items():
        norm = _K1 * (1 - _B + _B * lengths[anchor] / mean)
        found[anchor] = sum(rarity[gram] * grams[gram] * (_K1 + 1) / (grams[gram] + norm) for gram in asked if gram in grams)
    return found


def _from_zero_to_one(scores: Mapping[str, float]) -> dict[str, float]:
    least, most = min(scores.values()), max(scores.values())
    return {anchor: (score - least) / ((most - least) or 1.0) for anchor, score in scores.items()}
