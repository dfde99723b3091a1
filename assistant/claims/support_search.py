"""How much of an element of a claim stands in each paragraph of a description, and in which one or two of its sentences: terms alone, no encoder.

A term weighs by its rarity among the sentences. One that the description does not use is looked for in a word that begins like it ("elasticity",
"elastically"), in two words that make it up ("workpiece", "work piece"), and in what an acronym stands for, which the description says in brackets.
A reference sign stands for all that it is called by: where "fastener 30" and "retention member 30" are the same, a sentence on one is on the other.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from index.terms import terms
from ingest.claims.claim_reference import find_references
from ingest.language import CJK
from ingest.sentences import sentence_spans

Numbers = np.ndarray[Any, np.dtype[np.float64]]
Places = np.ndarray[Any, np.dtype[np.intp]]
_WORDS_OF_CLAIMS = frozenset(
    terms(
        """
        claim claims claimed wherein whereby thereof therein comprise comprises comprising comprised include including includes consist consisting
        have having plurality respective respectively characterized characterised characterizing preceding aforesaid aforementioned recited defined
        group selected configured adapted arranged operable substantially whether element step steps corresponding
        """
    )
) | set(
    "特征 权利 要求 权利要求 特征在于 其特征 至少 任一项 任意 分别 还 其 所 述 地 得 着 可以 用来 相应 对应 进一步 为 是 具备 含有 设有 有".split()
)
_BRACKETED = re.compile(
    r"[(（\[]\s*(?:[a-z]|[ivx]{1,4}|\d{1,4}[a-zA-Z]{0,2}['’′]{0,2}|[A-Z]{1,2}\d{0,3}|S\d{1,4})"
    r"(?:\s*[,;，、；~～–-]\s*(?:\d{1,4}[a-zA-Z]{0,2}|[A-Z]{1,2}\d{0,3}))*\s*[)）\]]"
)
_DEGREES = re.compile("[°˚º]\\s?[CF](?![a-z])|[℃℉]")
_ANY_OF_THEM = re.compile("(?:中的?)?任[意何]?一[项個个条]")
_ENUMERATOR = re.compile(r"^\s*(?:[a-z]|[ivx]{1,4}|\d{1,2})[).、]\s", re.IGNORECASE)
_ACRONYM = re.compile(r"[(（][\"“]?([A-Z][A-Za-z]{1,6}?)s?[\"”]?[)）]")
_BEFORE = 100
_SIGN = re.compile(
    r"(?<![A-Za-z])(?P<en>(?:[A-Za-z]+[\s/-]+){1,3})(?P<sign>\d{1,4}[A-Za-z]?)(?![\w%°℃]|[.,]\d)"
    r"(?!\s?(?:[mcknµμ]?m|[km]?g|m?l|°|percent|degrees?|wt|Hz|hours?|min)\b)"
    rf"|(?P<zh>[{CJK}]{{1,6}})(?P<sign_zh>\d{{1,4}}[A-Za-z]?)(?![\w.%°℃～~]|\.\d)"
)
_SIGN_ZH = re.compile(rf"(?<=[{CJK}])\d{{1,4}}[A-Za-z]?(?=\s?[{CJK}])")
_SIGN_IN_CLAIM = re.compile(
    rf"(?:(?<![A-Za-z])(?P<en>(?:[A-Za-z]+[\s/-]+){{1,3}})|(?P<zh>[{CJK}]{{1,6}}))[(（](?P<sign>\d{{1,4}}[a-zA-Z]?)(?=[),，;）])"
)
_NO_NAME = frozenset(
    terms(
        """
        fig figs figure figures step steps claim claims no nos example examples table tables formula equation eq page pages patent patents embodiment
        ser appl pat paragraph section item about approximately over under least than day days reference numeral numerals sign number numbers year
        january february march april may june july august september october november december only between up within after seq id
        """
    )
) | set("图 实施例 权利要求 步骤 公式 式 第 表 例 专利 约 大于 小于 至 附图标记 标记 为 的 到".split())
_NAMED = 2
_GENERAL = frozenset(
    terms(
        """
        first second third fourth fifth between about within onto via through over under upon during when before after along toward around near
        provide cause receive form base use determine dispose position locate mount connect couple associate contain relate respond response
        correspond allow enable make perform execute obtain set predetermined portion member part unit means system apparatus
        assembly mechanism device method process
        """
    )
) | set("第一 第二 第三 第四 第五 之间 时 时候 位于 设置 处于 形成 进行 执行 得到 获得 提供 使得 连接 单元 部 部分 装置 设备 系统 方法 步骤".split())
_OF_A_GENERAL_TERM = 0.5
"""What ordinals, prepositions, and words for any part or act weigh, beside their rarity: they say little of what an element is."""
_WIDE = re.compile(f"[{CJK}]+")
_FUNCTION = re.compile("所述的?|上述的?|前述的?|该|的|了|其中|和|与|及|或者?|以及|并且?|在|于|中")
_ENDING = re.compile(r"([a-z]{5,}?)(?:ion|ation|ator)$|([a-z]{3,}?)(?:e?ment|at?abl|abl|ibl|[aeo]r|anc|enc|iv|al|iti|ness|ant|ent|at|e|i)$")
_NUMBER_TERM = re.compile(r"\d")
_SPELT = dict(zip("two three four five six seven eight nine ten".split(), "2 3 4 5 6 7 8 9 10".split(), strict=True))
_SPELT |= {number: word for word, number in _SPELT.items()}
_SHORTEST_PREFIX = 4


class Measures(NamedTuple):
    """Of an element and each paragraph, from 0 to 1.

    `quoted` is the share of the weight of the element's terms that stands in the best one or two sentences, `ordered` the share of its pairs of
    neighbouring terms there, `near` the share of the terms in the paragraph and `around` that of the terms of the whole claim; `lacking` is the
    weight of the heaviest term that the paragraph lacks, over that of a term that occurs once, and `numbers` the share of the element's numbers
    that it lacks.
    """

    quoted: Numbers
    ordered: Numbers
    near: Numbers
    around: Numbers
    lacking: Numbers
    numbers: Numbers


@dataclass(frozen=True)
class Found:
    """An element in a description: its measures, a value for each paragraph, the weights of its terms (n,) as shares, which of them each paragraph
    holds (n, paragraphs), and the first and last sentence of the best place in each."""

    measures: Measures
    weights: Numbers
    held: np.ndarray[Any, np.dtype[np.bool_]]
    first: Places
    last: Places


class _Posting(NamedTuple):
    """Where something stands: in which sentences, in which together with the next one, and in which paragraphs."""

    single: Places
    double: Places
    paragraphs: Places


class Description:
    """The paragraphs of a description, as an index of the sentences in which each term and each pair of neighbouring terms stands."""

    def __init__(self, paragraphs: Sequence[str], claims: Sequence[str] = ()) -> None:
        """The texts of the claims say what else the things with their reference signs are called."""
        self.paragraphs = paragraphs
        self.sentences = [(row, start, end) for row, text in enumerate(paragraphs) for start, end in sentence_spans(text)]
        self._of = np.array([row for row, _, _ in self.sentences], dtype=np.intp)
        self._next = np.append(self._of[1:] == self._of[:-1], False) if len(self._of) else np.zeros(0, dtype=bool)
        self._starts = np.searchsorted(self._of, np.arange(len(paragraphs) + 1))
        self._filled = np.flatnonzero(np.diff(self._starts))
        self._acronyms = acronyms(paragraphs)
        signs = sign_names(paragraphs, claims)
        at: dict[str, list[int]] = {}
        pairs: dict[tuple[str, str], list[int]] = {}
        for number, (row, start, end) in enumerate(self.sentences):
            text = paragraphs[row][start:end]
            listed = content(text)
            meant = [word for term in listed for names in (self._acronyms, signs) if term in names for word in names[term]]
            for term in {*listed, *meant}:
                at.setdefault(term, []).append(number)
            for pair in neighbours([t for t in listed if t not in signs], _SIGN_ZH.sub(lambda m: "" if m[0] in signs else m[0], text)):
                pairs.setdefault(pair, []).append(number)
        self._at = {term: np.array(each, dtype=np.intp) for term, each in at.items()}
        self._pairs = pairs
        self._beginnings: dict[str, list[str]] = {}
        for term in at:
            if term.isascii() and len(term) >= _SHORTEST_PREFIX:
                self._beginnings.setdefault(term[:_SHORTEST_PREFIX], []).append(term)
        self._related: dict[str, list[str]] = {}
        for term in at:
            self._related.setdefault(_root(term), []).append(term)
        self._known: dict[str, _Posting] = {}
        self._known_pairs: dict[tuple[str, str], _Posting] = {}

    def find(self, element: str, around: Numbers) -> Found | None:
        """Where an element stands, `around` being `shares` of its whole claim; None where it has no terms to look for."""
        element = bare(element)
        listed = content(element)
        weights = self.weights(listed)
        total = sum(weights.values())
        if not total or not len(self._filled):
            return None
        pairs = set(neighbours(listed, element))
        single, double = self._sums((self._places(term), weight / total) for term, weight in weights.items())
        ordered, ordered_double = self._sums((self._pair(pair), 1 / len(pairs)) for pair in pairs)
        first, last, quoted, runs = self._best(single, double, ordered, ordered_double)
        held = np.zeros((len(weights), len(self.paragraphs)), dtype=bool)
        for row, term in enumerate(weights):
            held[row, self._places(term).paragraphs] = True
        heavy = np.array(list(weights.values()))
        figures = np.array([bool(_NUMBER_TERM.search(term)) for term in weights])
        measures = Measures(
            quoted=quoted,
            ordered=runs if pairs else quoted,
            near=heavy / total @ held,
            around=around,
            lacking=(heavy[:, None] * ~held).max(axis=0) / np.log1p(len(self.sentences)),
            numbers=1 - held[figures].mean(axis=0) if figures.any() else np.zeros(len(self.paragraphs)),
        )
        return Found(measures, heavy / total, held, first, last)

    def shares(self, text: str) -> Numbers:
        """For each paragraph, the share of the weight of a text's terms that stands in it."""
        weights = self.weights(content(bare(text)))
        near = np.zeros(len(self.paragraphs))
        for term, weight in weights.items():
            near[self._places(term).paragraphs] += weight
        return near / (sum(weights.values()) or 1.0)

    def weights(self, listed: Iterable[str]) -> dict[str, float]:
        """The different terms with their weights."""
        rarity = {term: float(np.log1p(len(self.sentences) / max(1, len(self._places(term).single)))) for term in dict.fromkeys(listed)}
        return {term: weight * (_OF_A_GENERAL_TERM if term in _GENERAL else 1.0) for term, weight in rarity.items()}

    def _sums(self, weighted: Iterable[tuple[_Posting, float]]) -> tuple[Numbers, Numbers]:
        """For each sentence the weights of what stands in it, and of what stands in it or in the next of its paragraph."""
        single, double = np.zeros(len(self.sentences)), np.zeros(len(self.sentences))
        for posting, weight in weighted:
            single[posting.single] += weight
            double[posting.double] += weight
        return single, double

    def _posting(self, places: Sequence[int] | Places) -> _Posting:
        single = np.asarray(places, dtype=np.intp)
        before = single[single > 0] - 1
        double = np.union1d(single, before[self._next[before]])
        return _Posting(single, double, np.unique(self._of[single]))

    def _best(self, single: Numbers, double: Numbers, ordered: Numbers, ordered_double: Numbers) -> tuple[Places, Places, Numbers, Numbers]:
        """For each paragraph the first and last sentence of its best place and their shares of terms and pairs; without sentences, none."""
        alone, both = single + _ORDER * ordered, double + _ORDER * ordered_double - _SECOND
        both[~self._next] = -1.0
        second = both > alone
        value = np.maximum(both, alone)
        first = np.zeros(len(self.paragraphs), dtype=np.intp)
        most = np.zeros(len(self.paragraphs))
        most[self._filled] = np.maximum.reduceat(value, self._starts[self._filled])
        at = np.flatnonzero(value == most[self._of])[::-1]
        first[self._of[at]] = at  # of equal ones the first, which is assigned last
        last = first + second[first]
        quoted = np.where(second, double, single)[first]
        runs = np.where(second, ordered_double, ordered)[first]
        empty = np.diff(self._starts) == 0
        quoted[empty] = runs[empty] = 0.0
        return first, last, quoted, runs

    def _places(self, term: str) -> _Posting:
        """The sentences in which a term is, or one that stands for it."""
        if term not in self._known:
            related = [self._at[t] for t in self._related.get(_root(term), ())]
            places = np.unique(np.concatenate(related)) if related else _NONE
            if not len(places):
                others = [self._at[t] for t in self._variants(term)]
                places = np.unique(np.concatenate(others)) if others else self._compound(term)
            if term in self._acronyms:
                spelt_out = [set(self._at.get(t, _NONE).tolist()) for t in self._acronyms[term]]
                places = np.union1d(places, np.array(sorted(set.intersection(*spelt_out)), dtype=np.intp))
            self._known[term] = self._posting(places)
        return self._known[term]

    def _pair(self, pair: tuple[str, str]) -> _Posting:
        if pair not in self._known_pairs:
            self._known_pairs[pair] = self._posting(sorted(set(self._pairs.get(pair, ()))))
        return self._known_pairs[pair]

    def _variants(self, term: str) -> Collection[str]:
        if term in _SPELT:
            return [_SPELT[term]] if _SPELT[term] in self._at else []
        if not term.isascii() or not term.isalpha() or len(term) < _SHORTEST_PREFIX:
            return []
        length = max(_SHORTEST_PREFIX, min(len(term) - 3, 9))
        return [t for t in self._beginnings.get(term[:_SHORTEST_PREFIX], ()) if t[:length] == term[:length]]

    def _compound(self, term: str) -> Places:
        if term.isascii():
            for i in range(3, len(term) - 2):
                if term[:i] in self._at and term[i:] in self._at:
                    return np.intersect1d(self._at[term[:i]], self._at[term[i:]])
        return _NONE


_NONE: Places = np.zeros(0, dtype=np.intp)
_ORDER, _SECOND = 0.4, 0.08
"""In choosing the sentences: what the pairs weigh beside the terms, and what a second sentence has to bring."""


@lru_cache(maxsize=100_000)
def _root(stem: str) -> str:
    """What is left of an English stem without an ending that makes another kind of word of it: `mov` for `movabl`, `movement` and `move`."""
    return match[1] or match[2] if stem.isascii() and (match := _ENDING.match(stem)) else stem


def bare(text: str) -> str:
    """The text without the claims that it names, its reference signs in brackets and the enumerator before it."""
    for reference in reversed(find_references(text)):
        text = f"{text[: reference.start]} {text[reference.end :]}"
    text = _ANY_OF_THEM.sub(" ", text)
    return _ENUMERATOR.sub(" ", _BRACKETED.sub(" ", text))


@lru_cache(maxsize=50_000)
def content(text: str) -> tuple[str, ...]:
    """The terms of a text without the words of the art of writing claims."""
    return tuple(t for t in terms(_DEGREES.sub(" ", text)) if t not in _WORDS_OF_CLAIMS)


def neighbours(listed: Sequence[str], text: str) -> Iterable[tuple[str, str]]:
    """The pairs of neighbouring terms; in Chinese of characters, since words may be cut differently."""
    runs = [_FUNCTION.sub("", run) for run in _WIDE.findall(text)]
    if runs:
        yield from (pair for run in runs for pair in pairwise(run))
    yield from ((a, b) for a, b in pairwise(listed) if a.isascii() and b.isascii())


def acronyms(paragraphs: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The terms of what an acronym stands for, where a paragraph says so: "radio frequency (RF)"."""
    found: dict[str, tuple[str, ...]] = {}
    for text in paragraphs:
        for match in _ACRONYM.finditer(text):
            letters = list(match[1].lower())
            words = re.findall(r"[A-Za-z]+", text[max(0, match.start() - _BEFORE) : match.start()])[-len(letters) :]
            key = terms(match[1])
            if [w[0].lower() for w in words] == letters and len(key) == 1:
                found.setdefault(key[0], tuple(t for t in terms(" ".join(words)) if t not in _WORDS_OF_CLAIMS))
    return {key: spelt_out for key, spelt_out in found.items() if spelt_out and key not in spelt_out}


def sign_names(paragraphs: Sequence[str], claims: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The terms that things with a reference sign are called by: `fastener` and `retention member` for 30, where both have that sign.

    A name counts that the description gives to a sign twice, and one of the claims that has a term in common with it.
    """
    counted: dict[str, Counter[str]] = {}
    for text in paragraphs:
        for match in _SIGN.finditer(text):
            sign = (match["sign"] or match["sign_zh"]).lower()
            counted.setdefault(sign, Counter()).update(set(_name(match["en"] or match["zh"])))
    found = {sign: {term for term, count in names.items() if count >= _NAMED} for sign, names in counted.items()}
    for text in claims:
        for match in _SIGN_IN_CLAIM.finditer(text):
            name, known = _name(match["en"] or match["zh"]), found.get(match["sign"].lower(), set())
            if known & set(name):
                known.update(name)
    return {sign: tuple(sorted(names)) for sign, names in found.items() if names}


def _name(words: str) -> list[str]:
    """The last two terms of the words before a sign; none where it is no name (FIG. 3, about 30)."""
    words = re.split(
        r"\b(?:the|an?|of|in|to|and|or|by|with|from|at|on|said|each|is|are|into|through|for|as|that|which)\b|[的与和及在由将向从该对]", words
    )[-1]
    listed = terms(words)
    return [] if not listed or listed[-1] in _NO_NAME else [t for t in listed[-2:] if t not in _WORDS_OF_CLAIMS and t not in _NO_NAME]
