"""How likely it is that two texts are about the same thing, in English or Chinese or one in each, without a language model.

Two measures of a pair go into a logistic regression: the cosine of their vectors, Chinese read by its English gloss, and the share of the
terms of the text with fewer that stand in the other, or are translated by one that does. `benchmarks/matching.py` fits and tests it: on papers
and the applications of the same inventors, on abstracts and claims, and on abstracts in both languages, against the nearest other patents
and others at random.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from assistant.errors import AssistantError
from index.bilingual import translations
from index.encoder import Encoder
from index.reading import for_encoder, trust
from index.terms import terms
from ingest.language import detect_language
from ingest.sentences import sentence_spans

Vectors = np.ndarray[Any, np.dtype[np.float32]]
SAME = (-9.97, 10.29, 16.79)
ACROSS = (-8.18, 8.79, 10.65)
"""Constant and weights of the cosine and of the shared terms, for texts in one language and in two."""
LIKELY = 0.1
"""A translation counts from this probability on."""
FEW = 3
"""Added to the number of terms, so that one shared word of a text of one word says little."""
PIECE, PIECES = 900, 12
"""Characters of a piece that is encoded (a Chinese character counts for three), and how many pieces of a long text are."""
_WORD = re.compile(r"[A-Za-zÀ-ɏα-ω0-9](?:[\w.\-‐‑'’]*\w)?")


@dataclass(frozen=True)
class Likeness:
    """`probability` that both are about the same thing; `words` of the first text that the second has, too, in their order."""

    probability: float
    cosine: float
    shared: float
    words: tuple[str, ...]


@dataclass(frozen=True)
class Text:
    """A text made ready to be compared."""

    text: str
    language: str
    terms: frozenset[str]
    vector: Vectors


def read(texts: Sequence[str], encoder: Encoder) -> list[Text]:
    """Raises AssistantError where the encoder can't read a text, not even by its gloss."""
    readable = encoder.info.languages
    pieces: list[str] = []
    owners: list[int] = []
    languages = [detect_language(text) for text in texts]
    for number, (text, language) in enumerate(zip(texts, languages, strict=True)):
        if not trust(text, language, readable):
            raise AssistantError(f"“{' '.join(text.split())[:60]}” can't be compared: it has no words in a language that is read (English, Chinese)")
        for piece in _pieces(text, language):
            pieces.append(for_encoder(piece, language, readable))
            owners.append(number)
    vectors = encoder.encode(pieces)
    summed = np.zeros((len(texts), vectors.shape[1]), dtype=np.float32)
    np.add.at(summed, owners, vectors)
    summed /= np.maximum(np.linalg.norm(summed, axis=1, keepdims=True), 1e-9)
    return [Text(text, language, frozenset(terms(text)), vector) for text, language, vector in zip(texts, languages, summed, strict=True)]


def _pieces(text: str, language: str) -> list[str]:
    """Runs of sentences of about `PIECE` characters, the first `PIECES` of them."""
    room = PIECE // 3 if language == "zh" else PIECE
    pieces = [""]
    for start, end in sentence_spans(text):
        if pieces[-1] and len(pieces[-1]) + end - start > room:
            pieces.append("")
        pieces[-1] += text[start:end] + " "
    return pieces[:PIECES]


def likeness(first: Text, second: Text) -> Likeness:
    across = first.language != second.language
    cosine, shared = float(first.vector @ second.vector), shared_terms(first, second)
    constant, by_vectors, by_terms = ACROSS if across else SAME
    probability = 1 / (1 + math.exp(-(constant + by_vectors * cosine + by_terms * shared)))
    return Likeness(probability, cosine, shared, _words(first, second))


def compare(first: str, others: Sequence[str], encoder: Encoder) -> list[Likeness]:
    """How like each of the others is to the first. Raises AssistantError."""
    read_first, *read_others = read([first, *others], encoder)
    return [likeness(read_first, other) for other in read_others]


def shared_terms(first: Text, second: Text) -> float:
    """The share of the terms of the text with fewer that the other has, each at its best translation's probability where the languages differ,
    as if the text had `FEW` terms more."""
    fewer, more = sorted((first, second), key=lambda t: len(t.terms))
    return sum(_held(term, fewer, more) for term in fewer.terms) / (len(fewer.terms) + FEW)


def _held(term: str, of: Text, other: Text) -> float:
    if term in other.terms:
        return 1.0
    if of.language == other.language:
        return 0.0
    return max((p for word, p in translations(term, "zh" if of.language == "zh" else "en") if p >= LIKELY and word in other.terms), default=0.0)


def _words(first: Text, second: Text) -> tuple[str, ...]:
    """The words of the first text, as they are written there, that the second has, too, or has a translation of."""
    found: dict[str, str] = {}
    for word in _words_of(first):
        for term in terms(word):
            if term not in found and _held(term, first, second) > 0:
                found[term] = word
    return tuple(dict.fromkeys(w for w in found.values() if len(w) > 1))


def _words_of(text: Text) -> list[str]:
    if text.language != "zh":
        return [m.group() for m in _WORD.finditer(text.text)]
    import rjieba

    return [w for w in rjieba.cut(text.text) if w.strip()]
