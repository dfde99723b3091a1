"""The second stage: the passages of the best documents, ranked against each other.

The first stage finds the right document far more often than the right passage in it: what tells documents apart (the
subject) is in all passages of the document alike. So all passages of the ten best documents are scored again by

    document + cosine + 0.3 BM25 + 0.3 BM25 with the term's rarity inside the document + quantity + section

each but the cosine relative to the best of the query. `quantity` is a bonus for a passage that gives the kind of quantity that
is asked for; `section` prefers the description to the background and the lists of drawings. On the development
questions this lifts the gold passage among five from 0.64 to 0.75 (English) and 0.82 to 0.91 (Chinese);
benchmarks/questions.py measures it.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from index.catalogue import Catalogue
from index.filter import Filter
from index.lexical import LexicalIndex
from index.quantity import asked_quantity, gives_quantity
from ingest.passages import Passage

DOCUMENTS = 10
PASSAGES = 80
_GLOBAL, _LOCAL, _QUANTITY = 0.3, 0.3, 0.2
_SECTION = {"description": 0.1, "background": -0.1, "field": -0.15, "cross_reference": -0.3, "drawings": -0.1}


@dataclass
class Scored:
    """A passage with its scores of both sides and the one it is ranked by."""

    identity: int
    passage: Passage
    title: str
    score: float
    lexical: float
    dense: float


def best_documents(fused: Sequence[tuple[int, float]], passages: Mapping[int, tuple[Passage, str]]) -> dict[str, float]:
    """The ten best documents and their scores: each its best passage's, with ever smaller shares of its next four's."""
    grouped: dict[str, list[float]] = {}
    for identity, score in fused:
        if identity in passages:
            grouped.setdefault(passages[identity][0].number, []).append(score)
    scored = {number: sum(s / 2**i for i, s in enumerate(scores[:5])) for number, scores in grouped.items()}
    return dict(sorted(scored.items(), key=lambda item: -item[1])[:DOCUMENTS])


def rerank(
    question: str,
    query: Sequence[str],
    vector: np.ndarray | None,
    documents: Mapping[str, float],
    where: Filter,
    catalogue: Catalogue,
    lexical: LexicalIndex,
) -> list[Scored]:
    """The passages of `documents` that match the filter, best first; at most one for each anchor. `vector` is the query's,
    or None where the encoder does not read it."""
    inside = where.model_copy(update={"numbers": tuple(documents)})
    ids = catalogue.matching(inside)
    if not len(ids) or not documents:
        return []
    owners = catalogue.owners(ids)
    common, rare = _term_scores(query, ids, owners, inside, lexical)
    cosine = catalogue.vectors(ids) @ vector if vector is not None else np.zeros(len(ids), dtype=np.float32)
    top = max(documents.values()) or 1.0
    score = np.array([documents[o] / top for o in owners]) + cosine
    for part, weight in ((common, _GLOBAL), (rare, _LOCAL)):
        if part.max() > 0:
            score += weight * part / part.max()
    sections = catalogue.sections(ids)
    score += np.array([_SECTION.get(s, 0.0) for s in sections])
    order = np.argsort(-score, kind="stable")[:PASSAGES]
    texts = catalogue.passages([int(ids[i]) for i in order])
    kind = asked_quantity(question)
    scored = []
    for i in order:
        if (found := texts.get(int(ids[i]))) is None:
            continue
        passage, title = found
        bonus = _QUANTITY if kind is not None and gives_quantity(passage.text, kind) else 0.0
        scored.append(Scored(int(ids[i]), passage, title, float(score[i]) + bonus, float(common[i]), float(cosine[i])))
    scored.sort(key=lambda s: -s.score)
    first_of_anchor: dict[str, Scored] = {}
    for each in scored:
        first_of_anchor.setdefault(each.passage.anchor, each)
    return list(first_of_anchor.values())


def _term_scores(
    query: Sequence[str], ids: np.ndarray, owners: Sequence[str], inside: Filter, lexical: LexicalIndex
) -> tuple[np.ndarray, np.ndarray]:
    """BM25 of each passage, and the same with each term weighted by its rarity in the passage's own document."""
    position = {int(identity): i for i, identity in enumerate(ids)}
    sizes = Counter(owners)
    common = np.zeros(len(ids), dtype=np.float32)
    rare = np.zeros(len(ids), dtype=np.float32)
    for term in set(query):
        found = [(position[i], s) for i, s in lexical.search([term], len(ids), inside, titles=False) if i in position]
        inside_counts = Counter(owners[at] for at, _ in found)
        everywhere = max(lexical.inverse_document_frequency(term), 1e-6)
        for at, score in found:
            n, total = inside_counts[owners[at]], sizes[owners[at]]
            common[at] += score
            rare[at] += score / everywhere * math.log1p((total - n + 0.5) / (n + 0.5))
    return common, rare
