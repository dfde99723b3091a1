"""The documents of a set as the compared systems see them: passages with their vectors and BM25, and whole texts."""

import re
from collections.abc import Sequence
from functools import cached_property
from itertools import accumulate

import bm25s
import numpy as np
import rjieba
import Stemmer
from bm25s.stopwords import STOPWORDS_EN
from retrieval_sets import RetrievalSet
from retrieval_vectors import VectorCache

from ingest import PatentDocument
from ingest.anchor import split_anchor
from ingest.language import CJK
from ingest.passages import Passage, cut

Keys = tuple[str, ...]
Parts = list[tuple[str, str]]
_STEMMER = Stemmer.Stemmer("english")
_STOP = frozenset(STOPWORDS_EN)
_CHINESE = re.compile(f"([{CJK}]+)")
_WORD = re.compile(r"\b\w\w+\b")


class Collection:
    """Documents cut into passages as the index cuts them, in their order.

    In `texts` a title stands before the first passage of its document, but for the places of a scheme, whose text has it. `keys` are of each passage
    the anchors of the single claims, paragraphs and abstracts in it.
    """

    def __init__(self, documents: Sequence[PatentDocument], encoder: VectorCache) -> None:
        self.documents = documents
        self.encoder = encoder
        self.passages: list[Passage] = []
        self.texts: list[str] = []
        self.keys: list[Keys] = []
        self._positions: dict[str, dict[str, int]] = {}
        for document in documents:
            some = cut(document, encoder.count_tokens, encoder.room)
            titled = document.title and some and some[0].section not in ("title", "scheme")
            self.passages += some
            self.texts += [f"{document.title}\n{p.text}" if titled and not i else p.text for i, p in enumerate(some)]
            paragraphs = [p.number for s in document.sections for p in s.paragraphs]
            self._positions[document.number] = {name: i for i, name in enumerate(paragraphs)}
            self.keys += [self.keys_at(p.anchor) for p in some]
        self._items: dict[str, tuple[list[Keys], np.ndarray]] = {}
        self._allowed: dict[tuple[str, ...], np.ndarray] = {}

    def allowed(self, retrieval_set: RetrievalSet) -> np.ndarray:
        """(passages,) whether the filter of the set lets a passage through; it may only be about sections."""
        sections = retrieval_set.where.sections
        if sections not in self._allowed:
            self._allowed[sections] = np.array([not sections or p.section in sections for p in self.passages])
        return self._allowed[sections]

    def items(self, retrieval_set: RetrievalSet) -> tuple[list[Keys], np.ndarray]:
        """What is ranked, by its keys, and where the passages of each begin: documents, or places that an anchor names."""
        unit = retrieval_set.unit
        if unit not in self._items:
            names = [p.number if unit == "document" else p.anchor for p in self.passages]
            starts = [i for i, name in enumerate(names) if not i or name != names[i - 1]]
            self._items[unit] = [(names[i],) if unit == "document" else self.keys[i] for i in starts], np.array(starts)
        return self._items[unit]

    def keys_at(self, anchor: str) -> Keys:
        """The single claims, paragraphs and abstracts of an anchor: `ingest.anchor.parts_at`, for many anchors of a document."""
        number, part = split_anchor(anchor)
        first, dash, last = part[1:].partition("-")
        if part[0] != "p" or not dash:
            return (anchor,)
        positions = self._positions[number]
        return tuple(f"{number}#p{name}" for name in list(positions)[positions[first] : positions[last] + 1])

    @cached_property
    def vectors(self) -> np.ndarray:
        """(passages, d)"""
        return self.encoder.encode(self.texts)

    @cached_property
    def bm25(self) -> "Bm25":
        return Bm25(self.texts)

    @cached_property
    def bm25_whole(self) -> "Bm25":
        """Of each document's text as one; documents without any passage are left out, as they are among the items."""
        there = {p.number for p in self.passages}
        return Bm25(["\n".join(text for body in bodies(d).values() for _, text in body) for d in self.documents if d.number in there])


class Bm25:
    def __init__(self, texts: Sequence[str]) -> None:
        self._count = len(texts)
        self._bm25 = bm25s.BM25()
        self._bm25.index([words(t) or [""] for t in texts], show_progress=False)

    def scores(self, query: str) -> np.ndarray:
        """(texts,)"""
        known = [w for w in words(query) if w in self._bm25.vocab_dict]
        return self._bm25.get_scores(known) if known else np.zeros(self._count, dtype=np.float32)


def words(text: str) -> list[str]:
    """English words stemmed, without stop words; Chinese words as rjieba cuts them."""
    found: list[str] = []
    for piece in _CHINESE.split(text.lower()):
        found += rjieba.cut(piece) if _CHINESE.match(piece) else _STEMMER.stemWords([w for w in _WORD.findall(piece) if w not in _STOP])
    return found


def bodies(document: PatentDocument) -> dict[str, Parts]:
    """The texts of a document by kind, each with its key: title and abstract, claims, description."""
    number = document.number
    translated = [(f"{number}#c{c.number}-{each}", c.text) for each, claims in document.translated_claims.items() for c in claims]
    found = {
        "abstract": [(f"{number}#{name}", t) for name, some in (("title", document.titles), ("abs", document.abstracts)) for t in some.values()],
        "claims": [(f"{number}#c{c.number}", c.text) for c in document.claims] + translated,
        "description": [(f"{number}#p{p.number}", p.text) for s in document.sections for p in s.paragraphs],
    }
    return {name: parts for name, parts in found.items() if any(text.strip() for _, text in parts)}


def overlapped(parts: Parts, start: int, end: int, gap: int) -> Keys:
    """The keys of those parts of a text of which a slice has half, or which have half of the slice. The text is the parts with `gap` characters
    between them."""
    found = []
    ends = accumulate(len(text) + gap for _, text in parts)
    for (key, text), after in zip(parts, ends, strict=True):
        last = after - gap
        first = last - len(text)
        shared = min(end, last) - max(start, first)
        if shared > 0 and shared >= min(end - start, len(text)) / 2:
            found.append(key)
    return tuple(found)
