"""English keyphrases by a ranking that nothing was fitted to.

Candidates are runs of one to four words between stop words and punctuation. A phrase scores the rarity of its words in US patents, as
shipped in the model, times the logarithm of its count; phrases of the title, of the beginning of the abstract and of the first claim
count more. Of phrases inside one another the better one is kept.
"""

import math
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

LONGEST = 4
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[-/][A-Za-z0-9]+)*|[^\sA-Za-z]+")
_VERB, _ADVERB = re.compile("..(?:ing|(?<!e)ed|(?<![bpi])ly)$"), re.compile("..(?:(?<!e)ed|(?<![bpi])ly)$")
"""Endings that a word alone, and the last word of a phrase, seldom has that names a thing."""
_STOP = frozenset(
    """
    a about above according accordingly across adapted after again against all along also although among an and and/or another any apparatus are
    around arranged as associated at based be because been before being below between both but by can capable certain claim claimed claims
    comprise comprised comprises comprising configured consisting contain containing contains corresponding could depending described
    device devices different disclosed disclosure disposed does do due during each either embodiment embodiments enable enables end etc example
    examples first for formed forming four from further furthermore general generally given greater had has have having herein high higher how
    however if improve improved in include included includes including into invention is it item its least less like located low lower made
    make makes maybe making may means method methods more most multiple must near new no nor not novel number of off on one ones only onto operable
    or order other others over part particular particularly per performed performing placed plurality portion positioned preferably present process
    produce produced produces producing provide provided provides providing receive received receives receiving relate related relates
    relating respective respectively result resulting said same second selected set several shall should side single so some step steps such
    substantially suitable system systems that the their them then there thereby therefor therefore therefrom therein thereof thereon thereto these
    primarily than they third this those three through thus to together toward towards two type under until up upon use used user uses using utilizing
    various via wherein was well were when where whereby which while who whose will with within without would you your
    """.split()
)


@lru_cache(maxsize=1)
def _stemmer() -> Any:
    import Stemmer

    return Stemmer.Stemmer("english")


@dataclass
class _Phrase:
    shown: Counter[str] = field(default_factory=Counter)
    parts: Counter[str] = field(default_factory=Counter)
    early: bool = False


def rank_english(parts: Mapping[str, str], rarity: Mapping[str, float], unknown: float, k: int) -> list[str]:
    """Up to `k` phrases of the parts, best first, as most of their places write them; `rarity` is by stem."""
    found: dict[tuple[str, ...], _Phrase] = {}
    for part, text in parts.items():
        early = len(text) // 5 if part == "abstract" else 300
        for start, words in _runs(text):
            stems = _stemmer().stemWords([word.lower() for word in words])
            for first in range(len(words)):
                for last in range(first + 1, min(first + LONGEST, len(words)) + 1):
                    if _VERB.search(words[last - 1]) if last - first == 1 else _ADVERB.search(words[last - 1]):
                        continue
                    phrase = found.setdefault(tuple(stems[first:last]), _Phrase())
                    phrase.shown[" ".join(words[first:last])] += 1
                    phrase.parts[part] += 1
                    phrase.early |= start < early
    scored = {stems: _score(stems, phrase, rarity, unknown) for stems, phrase in found.items()}
    ranked: list[tuple[str, ...]] = []
    for stems in sorted(scored, key=lambda s: (-scored[s], s)):
        if len(ranked) == k:
            break
        if not any(_inside(stems, better) or _inside(better, stems) for better in ranked):
            ranked.append(stems)
    return [_shown(found[stems].shown) for stems in ranked]


def _runs(text: str) -> list[tuple[int, list[str]]]:
    """Words in a row without a stop word or a mark between them, and where each row starts; a word of one letter also ends it."""
    runs: list[tuple[int, list[str]]] = []
    row: list[str] = []
    for token in _WORD.finditer(text):
        word = token.group()
        if len(word) < 2 or not word[0].isalpha() or word.lower() in _STOP:
            row = []
            continue
        if not row:
            runs.append((token.start(), row))
        row.append(word)
    return runs


def _score(stems: tuple[str, ...], phrase: _Phrase, rarity: Mapping[str, float], unknown: float) -> float:
    rare = sum(rarity.get(stem, unknown) for stem in stems) / math.sqrt(len(stems))
    count = 1 + math.log(sum(phrase.parts.values()))
    return rare * count * (2 if phrase.parts["title"] else 1) * (1.3 if phrase.early else 1) * (1.3 if len(phrase.parts) > 1 else 1)


def _inside(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    return any(long[i : i + len(short)] == short for i in range(len(long) - len(short) + 1))


def _shown(written: Counter[str]) -> str:
    """The commonest way of writing, a capital only where the word always has more than one."""
    (text, _), *_ = sorted(written.items(), key=lambda each: (-each[1], each[0]))
    return " ".join(word if sum(c.isupper() for c in word) > 1 else word.lower() for word in text.split())
