"""A collection of any size out of the real one: real documents first, then documents made from them.

A made document has the claims, paragraphs, classification and dates of a real one (publication moved by up to ten years), and for each passage:

text    each sentence is replaced, one time in two, by one of another document of the same language, so that words keep their frequencies and stand
        together as they do in two real documents at once; there are no new words.
vector  the real passage's plus Gaussian noise whose covariance is that of the differences between passages and their eight nearest
        neighbours, made a unit vector again: as far from the real one, and in such directions, as real neighbours are from one another
        (cosine 0.87). Noise that is alike in all directions would fill dimensions that real vectors hardly use.

One document in twelve (by a hash of its number) is held out: its passages and claims are the queries.
"""

import hashlib
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import faiss
import numpy as np

from index.catalogue import Catalogue, Stored, document_digest, text_digest
from ingest import Passage, PatentDocument
from ingest.sentences import sentence_spans

NEIGHBOURS = 8
NOISE = 65_536
"""So many noise vectors are drawn once; a made passage takes one of them at random."""
Vectors = np.ndarray[Any, np.dtype[np.float32]]


@dataclass(frozen=True)
class Real:
    """A document of the real collection with its passages and their vectors (n, d)."""

    document: PatentDocument
    passages: Sequence[Passage]
    vectors: Vectors


def held_out(number: str) -> bool:
    return hashlib.blake2b(number.encode(), digest_size=2).digest()[0] % 12 == 0


def real(catalogue: Catalogue) -> list[Real]:
    """All documents of an index, in the order of their ids."""
    found = []
    for _, document, passages in catalogue.rows_since(0, catalogue.searchable):
        if passages:
            found.append(Real(document, [p for _, p in passages], catalogue.vectors([i for i, _ in passages])))
    return found


def neighbour_noise(vectors: Vectors, seed: int = 0) -> Vectors:
    """(NOISE, d): noise as the module's docstring has it."""
    rng = np.random.default_rng(seed)
    some = vectors[rng.choice(len(vectors), min(len(vectors), 20_000), replace=False)]
    _, near = faiss.knn(some, vectors, NEIGHBOURS + 1, metric=faiss.METRIC_INNER_PRODUCT)
    differences = (vectors[near[:, 1:]] - some[:, None, :]).reshape(-1, vectors.shape[1])
    covariance = np.cov(differences[rng.choice(len(differences), min(len(differences), 60_000), replace=False)].T)
    factor = np.linalg.cholesky(covariance + 1e-9 * np.eye(len(covariance))).astype(np.float32)
    return rng.standard_normal((NOISE, len(factor)), dtype=np.float32) @ factor.T


class Extension:
    """Documents for an index of any size; the same for the same base."""

    def __init__(self, base: Sequence[Real], texts: bool = True) -> None:
        """With `texts` false, passages are a word each: for measuring the vectors alone."""
        self._base, self._texts = base, texts
        self._noise = neighbour_noise(np.concatenate([r.vectors for r in base]))
        self._sentences: dict[str, list[list[str]]] = {}
        if texts:
            for each in base:
                sentences = [p.text[a:b] for p in each.passages for a, b in sentence_spans(p.text)]
                self._sentences.setdefault(each.document.language, []).append(sentences)

    def documents(self, passages: int, first: int = 0) -> Iterator[Stored]:
        """Documents until they have so many passages; the real ones first, unless it begins at the made document number `first`."""
        made = 0
        if not first:
            for each in self._base:
                if made >= passages:
                    return
                made += len(each.passages)
                yield self._stored(each.document, each.passages, each.vectors)
        serial = first
        while made < passages:
            stored = self._made(serial)
            made += len(stored.passages)
            serial += 1
            yield stored

    def _made(self, serial: int) -> Stored:
        rng, chance = np.random.default_rng(serial + 1), random.Random(serial)
        origin = self._base[serial % len(self._base)]
        document = origin.document
        number = f"{document.country or 'XX'}{77_000_000 + serial}A1"
        moved = {}
        if document.dates.publication:
            moved["publication"] = document.dates.publication - timedelta(days=chance.randrange(3650))
        if not self._texts:  # nothing of it is read: as little as there can be
            document = PatentDocument(number=number, language=document.language, abstracts={document.language: "text"})
        else:
            document = document.model_copy(update={"number": number, "dates": document.dates.model_copy(update=moved)})
        texts = self._mixed(origin, chance) if self._texts else [f"{number} {i}" for i in range(len(origin.passages))]
        passages = [
            Passage.model_construct(
                anchor=f"{number}#{p.anchor.partition('#')[2]}", text=text, section=p.section, language=p.language, tokens=p.tokens, heading=p.heading
            )
            for p, text in zip(origin.passages, texts, strict=True)
        ]
        vectors = origin.vectors + self._noise[rng.integers(NOISE, size=len(origin.vectors))]
        return self._stored(document, passages, vectors / np.linalg.norm(vectors, axis=1, keepdims=True))

    def _mixed(self, origin: Real, chance: random.Random) -> list[str]:
        others = chance.choice(self._sentences[origin.document.language]) or [""]
        texts = []
        for passage in origin.passages:
            sentences = [passage.text[a:b] for a, b in sentence_spans(passage.text)]
            texts.append(" ".join(chance.choice(others) if chance.random() < 0.5 else s for s in sentences) or passage.text)
        return texts

    @staticmethod
    def _stored(document: PatentDocument, passages: Sequence[Passage], vectors: Vectors) -> Stored:
        return Stored(document, document_digest(document), passages, [text_digest(p.text) for p in passages], vectors)


def exact_nearest(catalogue: Catalogue, queries: Vectors, masks: Sequence[np.ndarray | None], k: int) -> list[np.ndarray]:
    """For each mask (by passage id, None for all), the ids (q, k) of the passages whose vectors are nearest to each query, -1 where there are
    fewer: brute force over the catalogue's vectors."""
    best = [(np.full((len(queries), k), -2, dtype=np.float32), np.full((len(queries), k), -1, dtype=np.int64)) for _ in masks]
    for ids, vectors in catalogue.vectors_since(0, catalogue.searchable, queries.shape[1]):
        scores = queries @ vectors.T
        for at, mask in enumerate(masks):
            kept = slice(None) if mask is None else np.flatnonzero(mask[ids])
            if mask is not None and not len(kept):  # type: ignore[arg-type]
                continue
            both = np.concatenate([best[at][0], scores[:, kept]], axis=1)
            names = np.concatenate([best[at][1], np.broadcast_to(ids[kept], (len(queries), len(ids[kept])))], axis=1)
            order = np.argpartition(-both, k - 1, axis=1)[:, :k]
            best[at] = np.take_along_axis(both, order, axis=1), np.take_along_axis(names, order, axis=1)
    return [ids for _, ids in best]
