"""Learning the bilingual dictionary from parallel texts, Chinese and English.

Terms of the lexical index are aligned as they are. For the phrases, words of the running text are aligned, and those pairs of a
Chinese and an English run of words are counted that no link leaves (Koehn, Och and Marcu, "Statistical phrase-based translation",
NAACL 2003); of the English candidates the one with the greatest count, weighted by how common its words are in patents, is kept.
"""

import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

import rjieba

from index.bilingual.alignment import Alignment, Array, align
from index.bilingual.dictionary import Language, Translations
from index.terms import terms
from ingest.language import CJK

MOST_WORDS = 60
MOST_RATIO = 4.0
"""A pair with more words on one side than so many times those of the other is not the same text."""
LEAST_SHARE, LEAST_COUNT, MOST_TERMS = 0.05, 0.5, 5
PRIOR = 0.3
"""The power of an English word's frequency: sensors, and not transducers, though the titles say transducers oftener."""
_ZH = re.compile(f"[{CJK}]+|[a-z0-9α-ω]+(?:[.][0-9]+)?|[、，；。,;:()]")
_EN = re.compile(r"[a-z0-9α-ω]+(?:[-'][a-z0-9]+)*|[,;:()]")
_CHINESE = re.compile(f"[{CJK}]+")
_MARKS = frozenset("、，；。,;:()")
_ZH_STOP = _MARKS | frozenset(
    "的 了 和 与 及 或 在 是 为 于 以 其 所述 该 一种 之 由 对 将 从 到 并 且 而 有 被 把 等 个 也 都 就 又 用 以及 其中 例如".split()
)
_EN_STOP = _MARKS | frozenset("e g i eg etc".split())
Pair = tuple[str, str]
"""The same in Chinese and in English."""


def learn(pairs: Sequence[Pair], frequencies: Mapping[str, int]) -> tuple[dict[str, str], dict[Language, Translations]]:
    """What `index.bilingual.dictionary.write` takes; `frequencies` are counts of the words (a-z) of English patents."""
    return _phrases(pairs, frequencies), _terms(pairs)


def _terms(pairs: Sequence[Pair]) -> dict[Language, Translations]:
    both = [(terms(chinese), terms(english)) for chinese, english in pairs]
    both = [(zh, en) for zh, en in both if _alike(zh, en)]
    found = align([zh for zh, _ in both], [en for _, en in both])
    return {"zh": _likely(found, found.forward, 0), "en": _likely(found, found.backward, 1)}


def _likely(found: Alignment, shares: Array, side: int) -> Translations:
    entries: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for (first, second), share, count in zip(found.pairs.tolist(), shares, found.counts, strict=True):
        chinese, english = found.first[first], found.second[second]
        if share >= LEAST_SHARE and count >= LEAST_COUNT and _CHINESE.fullmatch(chinese) and english[0].isalpha():
            term, other = (english, chinese) if side else (chinese, english)
            entries[term].append((other, float(share)))
    for term, some in entries.items():
        kept = sorted(some, key=lambda each: -each[1])[:MOST_TERMS]
        total = sum(share for _, share in kept)
        entries[term] = [(word, share / total) for word, share in kept]
    return dict(entries)


def _phrases(pairs: Sequence[Pair], frequencies: Mapping[str, int]) -> dict[str, str]:
    candidates, seen = _candidates(pairs)
    found = {}
    for chinese, counts in candidates.items():
        english, count = _best(counts, frequencies)
        share = count / seen[chinese]
        if (count >= 2 and share >= 0.12) or (len(chinese) <= 4 and share >= 0.3):
            found[chinese] = english
    return found


def _best(counts: Counter[str], frequencies: Mapping[str, int]) -> tuple[str, float]:
    """The best English phrase in its best form, and its count in all forms."""
    forms: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for english in counts:
        forms[tuple(_stem(word) for word in re.split("[ -]", english))].append(english)

    def commonness(english: str) -> float:
        words = re.split("[ -]", english)
        return math.exp(PRIOR * sum(math.log(frequencies.get(word, 0) + 3) for word in words) / len(words))

    def weight(some: list[str]) -> float:
        return sum(counts[each] for each in some) * commonness(max(some, key=lambda each: counts[each]))

    best = max(forms.values(), key=weight)
    english = max(best, key=lambda each: counts[each] * commonness(each))
    return english, sum(counts[each] for each in best)


def _candidates(pairs: Sequence[Pair]) -> tuple[dict[str, Counter[str]], Counter[str]]:
    """English candidates of each Chinese phrase with their counts, and how often the phrase stands in the texts."""
    both = [(_words(chinese), _EN.findall(_folded(english))) for chinese, english in pairs]
    places = [([i for i, word in enumerate(zh) if word not in _ZH_STOP], [i for i, word in enumerate(en) if _content(word)]) for zh, en in both]
    kept = [k for k, (zh, en) in enumerate(places) if _alike(zh, en)]
    aligned = align(
        [[both[k][0][i] for i in places[k][0]] for k in kept],
        [[_stem(both[k][1][i]) for i in places[k][1]] for k in kept],
        diagonal=1.0,
    )
    high, low = aligned.posteriors.max(axis=1), aligned.posteriors.min(axis=1)
    links: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for text, first, second in aligned.links[(high > 0.4) & (low > 0.03)].tolist():
        k = kept[text]
        links[k].append((places[k][0][first], places[k][1][second]))
    candidates: dict[str, Counter[str]] = defaultdict(Counter)
    seen: Counter[str] = Counter()
    for k in kept:
        for chinese, english, weight in _spans(*both[k], links[k]):
            if english:
                candidates[chinese][english] += weight  # type: ignore[assignment]
            else:
                seen[chinese] += 1
    return candidates, seen


def _spans(zh: list[str], en: list[str], links: list[tuple[int, int]]) -> Iterator[tuple[str, str, float]]:
    """Each run of up to four Chinese words: once with "", then with its English where it has some, which counts less where a word
    beside it has no link, for then that word may belong to it, as a Chinese word is linked to one of its English words oftener than to
    both: 密封环 to sealing in sealing rings."""
    there: dict[int, list[int]] = defaultdict(list)
    back: dict[int, list[int]] = defaultdict(list)
    for first, second in links:
        there[first].append(second)
        back[second].append(first)
    for start in range(len(zh)):
        for end in range(start, min(len(zh), start + 4)):
            if zh[end] in _MARKS or zh[start] in _ZH_STOP:
                break
            chinese = "".join(zh[start : end + 1])
            if zh[end] in _ZH_STOP:
                continue
            if len(chinese) > 10:
                break
            if not _CHINESE.fullmatch(chinese):
                continue
            yield chinese, "", 1
            if start not in there or end not in there:
                continue
            linked = [second for first in range(start, end + 1) for second in there.get(first, ())]
            low, high = min(linked), max(linked)
            inside = range(low, high + 1)
            if high - low > 5 or any(en[i] in _MARKS for i in inside):
                continue
            if any(not start <= first <= end for i in inside for first in back.get(i, ())):
                continue
            left = low > 0 and _content(en[low - 1]) and low - 1 not in back
            right = high + 1 < len(en) and _content(en[high + 1]) and high + 1 not in back
            yield chinese, " ".join(en[low : high + 1]), 0.5 if (left or right) and len(chinese) > 1 else 1
            wider = 0.9 if left != right and len(chinese) > 1 else 0.5
            if left:
                yield chinese, " ".join(en[low - 1 : high + 1]), wider
            if right:
                yield chinese, " ".join(en[low : high + 2]), wider


def _alike(zh: Sequence[object], en: Sequence[object]) -> bool:
    return 0 < len(zh) <= MOST_WORDS and 0 < len(en) <= MOST_WORDS and 1 / MOST_RATIO < len(zh) / len(en) < MOST_RATIO


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower()


def _words(chinese: str) -> list[str]:
    """The words of a Chinese text, long ones cut into the words that they consist of, so that each has its own translation."""
    words: list[str] = []
    for piece in _ZH.findall(_folded(chinese)):
        for word in rjieba.cut(piece) if _CHINESE.match(piece) else (piece,):
            words.extend(_short(word))
    return words


@lru_cache(maxsize=100_000)
def _short(word: str) -> tuple[str, ...]:
    ways = []
    for cut in (2, 3):
        if cut <= len(word) - 2 and rjieba.has_word(word[:cut]):
            rest = _short(word[cut:])
            if all(map(rjieba.has_word, rest)):
                ways.append((word[:cut], *rest))
    return min(ways, key=len, default=(word,))


@lru_cache(maxsize=100_000)
def _content(word: str) -> bool:
    return word not in _EN_STOP and bool(terms(word))


@lru_cache(maxsize=100_000)
def _stem(word: str) -> str:
    return " ".join(terms(word)) or word
