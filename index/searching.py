"""One search: candidates of both sides, fused, and the passages of the best documents ranked again."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from index.catalogue import Catalogue
from index.encoder import Encoder
from index.filter import Filter
from index.fusion import dense_weight, fuse
from index.hit import Hit
from index.lexical import LexicalIndex
from index.rerank import Scored, best_documents, rerank
from index.terms import terms
from index.vectors import VectorIndex
from ingest.language import detect_language
from ingest.passages import Passage

CANDIDATES = 200
Mode = Literal["hybrid", "lexical", "dense"]


@dataclass
class Search:
    """What a search works on; `encoder` gives the encoder of the index, which is loaded when it is first needed."""

    catalogue: Catalogue
    lexical: LexicalIndex
    vectors: VectorIndex
    encoder: Callable[[], Encoder]

    def reads(self, text: str) -> bool:
        """Whether the encoder was trained to read the language of a text."""
        return dense_weight(detect_language(text), self.catalogue.signature()["languages"]) > 0

    def passages(self, query: str, k: int, where: Filter, mode: Mode) -> list[Hit]:
        """The k best passages, best first. The caller holds a snapshot of the catalogue."""
        depth = max(CANDIDATES, k)
        weight = {"hybrid": 1.0 if self.reads(query) else 0.0, "lexical": 0.0, "dense": 1.0}[mode]
        words = terms(query)
        by_terms = self.lexical.search(words, depth, where) if mode != "dense" else []
        if weight == 0.0 and mode == "hybrid" and len(by_terms) < k:
            weight = 1e-3  # nothing better is known: the dense side fills up what the terms leave open
        by_vectors: list[tuple[int, float]] = []
        vector = None
        if weight > 0:
            vector = self.encoder().encode([query])[0]
            by_vectors = self.vectors.search(vector, depth, None if where.empty else self.catalogue.matching(where))
        fused = fuse(by_terms, by_vectors, weight)
        found = self.catalogue.passages([i for i, _ in fused])
        ranked: list[Scored] = []
        if mode == "hybrid" and fused:
            documents = best_documents(fused, found)
            reader = self.encoder() if weight == 1.0 else None
            ranked = rerank(query, words, vector if reader else None, reader, documents, where, self.catalogue, self.lexical)
        return _hits(ranked, fused, found, dict(by_terms), dict(by_vectors), k)


def _hits(
    ranked: list[Scored],
    fused: list[tuple[int, float]],
    found: dict[int, tuple[Passage, str]],
    lexical: dict[int, float],
    dense: dict[int, float],
    k: int,
) -> list[Hit]:
    """The reranked passages, then what else was found, in the order of the fused scores."""
    hits = [
        Hit(
            rank=rank, passage=s.passage, score=s.score, title=s.title,
            scores={name: value for name, value in (("lexical", s.lexical), ("dense", s.dense), ("late", s.late)) if value},
        )
        for rank, s in enumerate(ranked[:k], start=1)
    ]  # fmt: skip
    if len(hits) == k:
        return hits
    known = {s.passage.anchor for s in ranked}
    least = min((h.score for h in hits), default=1.0)
    for identity, score in fused:
        if len(hits) == k:
            break
        if identity not in found or found[identity][0].anchor in known:
            continue
        passage, title = found[identity]
        known.add(passage.anchor)
        scores = {name: side[identity] for name, side in (("lexical", lexical), ("dense", dense)) if identity in side}
        hits.append(Hit(rank=len(hits) + 1, passage=passage, score=least * score, scores=scores, title=title))
    return hits
