"""Which features of a claim a document discloses, and where: for each feature the best passage, a probability and a verdict.

A passage is compared with a feature by the share of the feature's term weight that stands in it, and by the cosine of their
vectors where the encoder reads both. The probabilities are logistic regressions: the features of claim 1 count as disclosed in the
description of their own document (without the summary), and as not disclosed in four near and four random documents
(`benchmarks/prior_art.py` fits and tests them). A passage that does not have the numbers of a feature discloses it partly at most.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from assistant.grounding.checking import quantities
from assistant.pinpoint import pinpoint
from assistant.prior_art.features import Feature
from index.catalogue import document_digest
from index.patent_index import PatentIndex
from index.reading import for_encoder, glossed
from index.terms import terms
from index.writing import embedded_text
from ingest.claims.dependency import CLAIM_LIST_EN, CLAIM_LIST_ZH
from ingest.document import Citation, Frozen, PatentDocument
from ingest.passages import Passage, cut
from ingest.sentences import sentence_spans

Verdict = Literal["present", "partly", "absent", "unchecked"]
"""`unchecked`: the document is in a language in which the feature can't be looked for."""
BOTH = (-8.23, 8.71, 4.94)
TERMS = (-4.75, 0.0, 7.93)
VECTORS = (-7.65, 12.76, 0.0)
"""Constant and weights of the cosine and of the share of terms: where both can be had, terms alone, vectors alone."""
Matrix = np.ndarray[Any, np.dtype[Any]]
PRESENT, PARTLY = 0.5, 0.2
"""On the test half of the documents, English and Chinese: `present` are 77 and 77 % of the features in their own description, 4 and 4 % of
those in near documents, 0.2 and 0.1 % in random ones; `partly` and better 92 and 86 %, 12 and 10 %, 0.9 and 0.6 %."""
OTHER_NUMBERS = 0.35
"""The probability, at most, of a feature with numbers in a passage that does not have all of them. Of the features with numbers that were
`present` without this, 6 of 93 in their own description lacked them, 11 of 19 in near documents; together 6 of 17 were the own description."""
_BRACKETS = re.compile(r"[(（][^()（）]{0,24}[)）]")
"""Around reference signs and enumerators."""
_QUOTE = 0.1
"""Two sentences are quoted where they hold this share of the feature more than one."""


class Coverage(Frozen):
    """One feature in one document: `score` is the probability that it is disclosed there, `citation` the best place."""

    feature: Feature
    verdict: Verdict
    score: float
    citation: Citation | None = None

    def at_paragraph(self, document: PatentDocument) -> "Coverage":
        """The same with the anchor of the one paragraph that is quoted, where its passage joins several."""
        return self.model_copy(update={"citation": pinpoint(self.citation, document)}) if self.citation else self


@dataclass(frozen=True)
class Wanted:
    """The features of a claim made ready to be compared: their terms, and for each feature (n, terms) the weights of its terms as shares of
    its whole weight; `vectors` (n, d) are None where the encoder does not read them."""

    features: tuple[Feature, ...]
    terms: dict[str, int]
    weights: Matrix
    language: str
    vectors: Matrix | None

    def shares(self, texts: Sequence[str]) -> Matrix:
        """(features, texts): the share of each feature's term weight that stands in each text."""
        shares: Matrix = self.weights @ self.held(texts)
        return shares

    def held(self, texts: Sequence[str]) -> Matrix:
        """(terms, texts): 1 where the term stands in the text."""
        held = np.zeros((len(self.terms), len(texts)), dtype=np.float32)
        for column, text in enumerate(texts):
            held[[self.terms[t] for t in self.terms.keys() & terms(text)], column] = 1.0
        return held


def prepare(features: Sequence[Feature], language: str, index: PatentIndex) -> Wanted:
    """The features of a claim in `language` with their terms, the terms' rarity in the index, and their vectors."""
    each = [set(terms(f.text)) for f in features]
    rarity = index.term_weights(set().union(*each))
    known = {term: column for column, term in enumerate(rarity)}
    weights = np.array([[rarity[t] if t in some else 0.0 for t in known] for some in each], dtype=np.float32).reshape(len(each), len(known))
    weights /= np.maximum(weights.sum(axis=1, keepdims=True), 1e-9)
    readable = index.catalogue.signature()["languages"]
    given = [for_encoder(f.text, _base(language), readable) for f in features]
    vectors = index.encoder.encode_queries(given) if _reads(index, language) or glossed(_base(language), readable) else None
    return Wanted(tuple(features), known, weights, language, vectors)


@dataclass(frozen=True)
class Disclosure:
    """What a document discloses: its passages in reading order, and their vectors (n, d); None where they can't be had."""

    passages: tuple[Passage, ...]
    vectors: Matrix | None


def disclosure(reference: str | PatentDocument, index: PatentIndex) -> Disclosure:
    """That of a document of the index by its number, or of any document: one that is not in the index as it stands is cut and encoded here.

    Raises NotInIndexError.
    """
    if isinstance(reference, PatentDocument):
        if index.catalogue.digests([reference.number]).get(reference.number) != document_digest(reference):
            passages = tuple(cut(reference, index.encoder.count_tokens, index.encoder.room))
            texts = [embedded_text(p, reference, index.encoder.info.languages) for p in passages]
            return Disclosure(passages, index.encoder.encode(texts) if texts else None)
        reference = reference.number
    held = tuple(index.passages(reference))
    ids = index.catalogue.passage_ids(index.resolve(reference))
    return Disclosure(held, index.catalogue.vectors(ids) if len(ids) == len(held) else None)


def cover(wanted: Wanted, reference: str | PatentDocument, index: PatentIndex) -> tuple[Coverage, ...]:
    """Each feature's best passage in a reference, as `disclosure` takes it. Raises NotInIndexError."""
    said = disclosure(reference, index)
    probability = _probabilities(wanted, said, index)
    if probability is None:
        return tuple(Coverage(feature=f, verdict="unchecked", score=0.0) for f in wanted.features)
    _cap(probability, wanted.features, said.passages)
    best = probability.argmax(axis=1)
    return tuple(_coverage(wanted, row, said.passages[best[row]], float(probability[row, best[row]])) for row in range(len(wanted.features)))


def _probabilities(wanted: Wanted, said: Disclosure, index: PatentIndex) -> Matrix | None:
    """(features, passages); None where no passage can be compared."""
    passages = said.passages
    same = np.array([_base(p.language) == _base(wanted.language) for p in passages], dtype=bool)
    shares = wanted.shares([p.text if is_same else "" for p, is_same in zip(passages, same, strict=True)])
    if wanted.vectors is None or said.vectors is None:
        return np.where(same, _logistic(TERMS, np.zeros_like(shares), shares), 0.0) if same.any() else None
    encoded = index.catalogue.signature()["languages"]
    readable = {language for language in {p.language for p in passages} if _reads(index, language) or glossed(_base(language), encoded)}
    read = np.array([p.language in readable for p in passages])
    if not (same | read).any():
        return None
    cosine = wanted.vectors @ said.vectors.T
    alone = np.where(read, _logistic(VECTORS, cosine, shares), 0.0)
    return np.where(same, _logistic(BOTH if _reads(index, wanted.language) else TERMS, cosine, shares), alone)


def _cap(probability: Matrix, wanted: Sequence[Feature], passages: Sequence[Passage]) -> None:
    """What has other numbers than the feature is `partly` at most, and gives way to a passage that has them."""
    held: dict[int, set[str]] = {}
    for row, feature in enumerate(wanted):
        numbers = {value for value, _ in quantities(CLAIM_LIST_EN.sub(" ", CLAIM_LIST_ZH.sub(" ", _BRACKETS.sub(" ", feature.text))))}
        for column in np.flatnonzero(probability[row] > OTHER_NUMBERS) if numbers else ():
            if column not in held:
                held[column] = {value for value, _ in quantities(passages[column].text)}
            if not numbers <= held[column]:
                score = probability[row, column]
                probability[row, column] = min(score, OTHER_NUMBERS + 0.01 * score)  # the order among them stays


def _base(language: str) -> str:
    return language.partition("-")[0]


def _reads(index: PatentIndex, language: str) -> bool:
    """Whether the encoder was trained to read a language; one that names none reads all."""
    languages = index.catalogue.signature()["languages"]
    return not languages or _base(language) in languages


def _logistic(weights: tuple[float, float, float], cosine: Matrix, shares: Matrix) -> Matrix:
    constant, by_vectors, by_terms = weights
    probability: Matrix = 1 / (1 + np.exp(-(constant + by_vectors * cosine + by_terms * shares)))
    return probability


def _coverage(wanted: Wanted, row: int, passage: Passage, score: float) -> Coverage:
    verdict: Verdict = "present" if score >= PRESENT else "partly" if score >= PARTLY else "absent"
    quote = Citation(anchor=passage.anchor, quote=_quote(wanted, row, passage.text))
    return Coverage(feature=wanted.features[row], verdict=verdict, score=score, citation=quote if verdict != "absent" else None)


def _quote(wanted: Wanted, row: int, text: str) -> str:
    """The sentence that holds most of the feature, or two in a row where they hold more by `_QUOTE`; verbatim."""
    spans = sentence_spans(text)
    if not spans:
        return text
    held = wanted.held([text[start:end] for start, end in spans])
    alone = wanted.weights[row] @ held
    pairs = wanted.weights[row] @ np.maximum(held[:, :-1], held[:, 1:])
    if len(pairs) and pairs.max() >= alone.max() + _QUOTE:
        first = int(pairs.argmax())
        return text[spans[first][0] : spans[first + 1][1]]
    return text[slice(*spans[int(alone.argmax())])]


def expected_share(coverages: Sequence[Coverage]) -> float:
    """The share of the features that is disclosed, in expectation: the mean of the probabilities."""
    return math.fsum(c.score for c in coverages) / len(coverages) if coverages else 0.0
