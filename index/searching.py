"""One search: candidates of all sides, the documents ranked by them, and the passages of the best documents ranked against each other.

A document scores

    trust · best cosine of its passages + DOCUMENT · BM25 of the whole document + PASSAGE · best BM25 of its passages

with each BM25 as a share of the most that a text can reach for the query, all of its terms at their greatest weight: so the
scores of different queries can be compared, and a query whose words are not in the collection leaves the word to the encoder. Fusing
by such scores is better than by ranks (Bruch, Gai and Ingber, "An analysis of fusion functions for hybrid retrieval", TOIS 2023).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeVar

import numpy as np

from index.calibration import DOCUMENTS, PASSAGES, Calibration
from index.catalogue import Catalogue, Ids
from index.encoder import Encoder
from index.filter import Filter
from index.hit import DocumentHit, Hit
from index.lexical import LexicalIndex
from index.query import Query, understand
from index.rerank import Scored, rerank
from index.sides import Current
from ingest.passages import Passage

CANDIDATES = 200
RERANKED = 10
"""So many documents have all of their passages ranked."""
COMPLETED = 10
"""Of so many documents the best cosine is looked up where the search for vectors did not give it."""
SHOWN = 5
"""A document is shown with so many of its passages at most."""
DOCUMENT, PASSAGE = 1.0, 0.25
Mode = Literal["hybrid", "lexical", "dense"]
H = TypeVar("H", Hit, DocumentHit)


@dataclass
class _Candidates:
    """Passages with their share of BM25 and their cosine, and documents with their share of BM25."""

    query: Query
    vector: np.ndarray | None
    lexical: dict[int, float]
    dense: dict[int, float]
    documents: dict[int, float]


@dataclass
class Search:
    """What a search works on; `encoder` gives the encoder of the index, which is loaded when it is first needed."""

    catalogue: Catalogue
    sides: Current
    encoder: Callable[[], Encoder]

    def query(self, text: str) -> Query:
        return understand(text, self.catalogue.signature()["languages"], self.catalogue.languages())

    def passages(self, query: Query, k: int, where: Filter, mode: Mode, late: bool = False) -> list[Hit]:
        """The k best passages, best first. The caller holds a snapshot of the catalogue."""
        found = self._candidates(query, max(CANDIDATES, k), where, mode)
        owners = self._owners(found, where)
        documents = self._documents(found, owners)
        ranked: list[Scored] = []
        if mode == "hybrid":
            ranked = self._ranked(found, documents, where, late)
        if len(ranked) < k:
            ranked += self._others(found, owners, documents, ranked)
        hits = [_hit(rank, each) for rank, each in enumerate(ranked[:k], start=1)]
        return _calibrated(PASSAGES, query, hits, [each.score for each in ranked]) if mode == "hybrid" else hits

    def _others(self, found: _Candidates, owners: dict[int, int], documents: dict[int, float], ranked: list[Scored]) -> list[Scored]:
        """The other candidates, best first, below those that are ranked."""
        known = {s.passage.anchor for s in ranked}
        least = min((s.score for s in ranked), default=0.0)
        others = {i: documents.get(owners[i], 0.0) + _passage_score(found, i) for i in owners}
        top = max(others.values(), default=0.0)
        texts = self.catalogue.passages(list(owners))
        below = []
        for identity in sorted(texts, key=lambda i: -others[i]):
            if texts[identity][0].anchor not in known:
                known.add(texts[identity][0].anchor)
                below.append(_scored(found, identity, texts[identity], least - top + others[identity]))
        return below

    def documents(self, query: Query, k: int, where: Filter) -> list[DocumentHit]:
        """The k best documents, each with its best passages. The caller holds a snapshot of the catalogue."""
        depth = max(CANDIDATES, 10 * k)
        while True:
            found = self._candidates(query, depth, where, "hybrid")
            owners = self._owners(found, where)
            every = self._documents(found, owners)
            if len(every) >= k or depth >= self.sides.vectors.size:
                break
            depth *= 8  # a few documents held all candidates
        documents = dict(list(every.items())[:k])
        best: dict[int, list[int]] = {d: [] for d in documents}
        for identity in sorted(owners, key=lambda i: -_passage_score(found, i)):
            if owners[identity] in best and len(best[owners[identity]]) < SHOWN:
                best[owners[identity]].append(identity)
        texts = self.catalogue.passages([i for some in best.values() for i in some])
        hits: list[DocumentHit] = []
        for document, some in best.items():
            scored = [_scored(found, i, texts[i], _passage_score(found, i)) for i in some if i in texts]
            if scored:
                passages = tuple(_hit(rank, each) for rank, each in enumerate(scored, start=1))
                first = passages[0]
                hits.append(DocumentHit(rank=len(hits) + 1, number=first.number, title=first.title, score=documents[document], passages=passages))
        return _calibrated(DOCUMENTS, query, hits, list(every.values()))

    def _candidates(self, query: Query, depth: int, where: Filter, mode: Mode) -> _Candidates:
        lexical: dict[int, float] = {}
        documents: dict[int, float] = {}
        if mode != "dense":
            lexical = _shares(self.sides.passages, query, depth, where)
        if mode == "hybrid":
            documents = _shares(self.sides.documents, query, depth, where)
        dense: dict[int, float] = {}
        vector = None
        if mode == "dense" or (mode == "hybrid" and (query.trust > 0 or len(lexical) < depth)):
            vector = self.encoder().encode_queries([query.encoded])[0]
            dense = dict(self.sides.vectors.search(vector, depth, None if where.empty else self.catalogue.selected(where)))
        return _Candidates(query, vector, lexical, dense, documents)

    def _owners(self, found: _Candidates, where: Filter) -> dict[int, int]:
        """The document of each candidate passage. Documents that were found as a whole get their best passages by cosine, and the
        passages that were found by their terms get their cosine."""
        ids = list(dict.fromkeys([*found.lexical, *found.dense]))
        owners = dict(zip(ids, self.catalogue.owners(ids), strict=True))
        if found.vector is None:
            return owners
        if missing := [i for i in found.lexical if i not in found.dense]:
            self._add_cosines(found, np.array(missing, dtype=np.int64))
        known = set(owners.values())
        if whole := [d for d in list(found.documents)[:COMPLETED] if d not in known]:
            inside = self.catalogue.matching(where.model_copy(update={"numbers": tuple(self.catalogue.numbers(whole).values())}))
            self._add_cosines(found, inside)
            owners.update(zip(inside.tolist(), self.catalogue.owners(inside), strict=True))
        return owners

    def _add_cosines(self, found: _Candidates, ids: Ids) -> None:
        assert found.vector is not None
        cosines = self.catalogue.vectors(ids) @ found.vector
        found.dense.update(zip(ids.tolist(), cosines.tolist(), strict=True))

    def _documents(self, found: _Candidates, owners: dict[int, int]) -> dict[int, float]:
        """All documents that have a candidate, with their scores, best first."""
        cosine: dict[int, float] = {}
        share: dict[int, float] = {}
        for identity, document in owners.items():
            cosine[document] = max(cosine.get(document, -1.0), found.dense.get(identity, -1.0))
            share[document] = max(share.get(document, 0.0), found.lexical.get(identity, 0.0))
        trust = _trust(found)
        scores = {
            d: (trust * max(cosine[d], 0.0) if found.dense else 0.0) + DOCUMENT * found.documents.get(d, 0.0) + PASSAGE * share[d] for d in cosine
        }
        return dict(sorted(scores.items(), key=lambda item: -item[1]))

    def _ranked(self, found: _Candidates, documents: dict[int, float], where: Filter, late: bool) -> list[Scored]:
        best = dict(list(documents.items())[:RERANKED])
        numbers = self.catalogue.numbers(list(best))
        scores = {numbers[d]: s for d, s in best.items() if d in numbers}
        vector = found.vector if found.query.trust > 0 else None
        reader = self.encoder() if late and vector is not None else None
        return rerank(found.query, vector, reader, scores, where, self.catalogue, self.sides.passages)


def _shares(lexical: LexicalIndex, query: Query, depth: int, where: Filter) -> dict[int, float]:
    """What is found by the terms of any reading, with its BM25 as a share of the most that the reading allows; best first."""
    shares: dict[int, float] = {}
    for reading in query.readings:
        weights = lexical.heaviest(reading.weights)
        most = lexical.most(weights) or 1.0
        for identity, score in lexical.search(weights, depth, where):
            shares[identity] = shares.get(identity, 0.0) + reading.trust * score / most
    return dict(sorted(shares.items(), key=lambda item: -item[1]))


def _scored(found: _Candidates, identity: int, text: tuple[Passage, str], score: float) -> Scored:
    return Scored(identity, *text, score, found.lexical.get(identity, 0.0), found.dense.get(identity, 0.0))


def _trust(found: _Candidates) -> float:
    """A little where the encoder reads nothing of the query, so that cosines part what is else alike."""
    return found.query.trust or 1e-3


def _passage_score(found: _Candidates, identity: int) -> float:
    return _trust(found) * found.dense.get(identity, 0.0) + found.lexical.get(identity, 0.0)


def _calibrated(calibration: Calibration, query: Query, hits: list[H], scores: list[float]) -> list[H]:
    """`scores` are those of all that was found, of which the hits are the first."""
    probabilities = calibration.probabilities(scores, len(query.readings[0].weights))
    return [h.model_copy(update={"probability": p}) for h, p in zip(hits, probabilities, strict=False)]


def _hit(rank: int, each: Scored) -> Hit:
    scores = {name: value for name, value in (("lexical", each.lexical), ("dense", each.dense), ("late", each.late)) if value}
    return Hit(rank=rank, passage=each.passage, score=each.score, title=each.title, scores=scores)
