"""The second stage: the passages of the best documents, ranked against each other.

The first stage finds the right document far more often than the right passage in it: what tells documents apart (the
subject) is in all passages of the document alike. So all passages of the ten best documents are scored again by

    document + 2 cosine + 0.2 BM25 + 0.4 BM25 with the term's rarity inside the document + quantity + section

document and BM25 relative to the best of the query. `quantity` is a bonus for a passage that gives the kind of quantity
that is asked for; `section` prefers the description to the background and the lists of drawings. On demand the first ten are then
ordered by late interaction as well: for each token of the question its best cosine to a token of the passage, averaged
(Khattab and Zaharia, "ColBERT", SIGIR 2020, here without training). Where the encoder reads the query by its gloss alone, its
part counts by the share of the query that the gloss holds, and pairs of Chinese characters are added. The weights were chosen on the development
questions; benchmarks/questions.py measures them.
"""

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from index.catalogue import Catalogue
from index.encoder import Encoder
from index.filter import Filter
from index.lexical import LexicalIndex
from index.quantity import asked_quantity, gives_quantity
from index.query import Query
from index.reading import for_encoder
from ingest.language import CJK
from ingest.passages import Passage

_CHINESE = re.compile(f"[{CJK}]+")
PASSAGES = 80
PASSAGES_MOST = 20_000
"""Of the ten documents together, filter or not."""
LATE = 10
_COSINE, _LATE, _QUANTITY = 2.0, 2.0, 0.2
_READ = (0.2, 0.4)
_UNREAD = (0.5, 0.0)
_LONG = (6.0, 0.0)
"""The weights of BM25 and of BM25 inside the document: for a question that the encoder reads, for one that it does not, and for a
query as long as a claim, whose words say more than its one vector can."""
_BIGRAMS = 1.0
_GLOSSED = 0.8
"""How far meaning counts where query or passage is read by its gloss, beside the share of the query that the gloss holds."""
_SECTION = {"description": 0.1, "background": -0.1, "field": -0.15, "cross_reference": -0.3, "drawings": -0.1}


@dataclass
class Scored:
    """A passage with the score that it is ranked by and those that went into it; `late` is the late interaction, -1 to 1."""

    identity: int
    passage: Passage
    title: str
    score: float
    lexical: float
    dense: float
    late: float = 0.0


def rerank(
    query: Query,
    vector: np.ndarray | None,
    encoder: Encoder | None,
    documents: Mapping[str, float],
    where: Filter,
    catalogue: Catalogue,
    lexical: LexicalIndex,
) -> list[Scored]:
    """The passages of `documents` that match the filter, best first; at most one for each anchor. `vector` is the
    query's, None where the encoder does not read it; `encoder` adds late interaction."""
    if not documents:
        return []
    ids = catalogue.matching(where.model_copy(update={"numbers": tuple(documents)}))
    if not len(ids):
        return []
    owners = catalogue.owners(ids)
    numbers = catalogue.numbers(sorted(set(owners)))
    common, rare = _term_scores(query, ids, owners, Filter(numbers=tuple(documents)), lexical)
    most = sum(r.trust * lexical.most(r.weights) for r in query.readings) or 1.0
    cosine = catalogue.vectors(ids) @ vector if vector is not None else np.zeros(len(ids), dtype=np.float32)
    top = max(documents.values()) or 1.0
    trust = query.trust * (1.0 if query.native else _GLOSSED)
    score = np.array([documents.get(numbers.get(o, ""), 0.0) / top for o in owners]) + _COSINE * trust * cosine
    for part, weight in zip((common, rare), _LONG if query.long else _READ if query.native else _UNREAD, strict=True):
        if part.max() > 0:
            score += weight * part / part.max()
    if not query.long:
        score += np.array([_SECTION.get(s, 0.0) for s in catalogue.sections(ids)])
    order = np.argsort(-score, kind="stable")[:PASSAGES]
    texts = catalogue.passages([int(ids[i]) for i in order])
    kind = asked_quantity(query.text)
    scored = []
    for i in order:
        if (found := texts.get(int(ids[i]))) is None:
            continue
        passage, title = found
        bonus = _QUANTITY if kind is not None and gives_quantity(passage.text, kind) else 0.0
        scored.append(Scored(int(ids[i]), passage, title, float(score[i]) + bonus, float(common[i]) / most, float(cosine[i])))
    if not query.native:
        scored = _add_bigrams(query.text, scored)
    scored.sort(key=lambda s: -s.score)
    first_of_anchor: dict[str, Scored] = {}
    for each in scored:
        first_of_anchor.setdefault(each.passage.anchor, each)
    distinct = list(first_of_anchor.values())
    return _late_interaction(query, trust, distinct, encoder) if encoder is not None else distinct


def _add_bigrams(question: str, scored: list[Scored]) -> list[Scored]:
    """Add the share of the question's Chinese character pairs that stand in each passage, the rarer among these passages the
    heavier: what the dictionary cuts in another way, or does not know, still counts."""
    asked = _bigrams(question)
    held = [asked & _bigrams(s.passage.text) for s in scored]
    counts = Counter(pair for pairs in held for pair in pairs)
    weights = {pair: math.log1p(len(scored) / (1 + counts[pair])) for pair in asked}
    total = sum(weights.values()) or 1.0
    return [replace(s, score=s.score + _BIGRAMS * sum(weights[p] for p in pairs) / total) for s, pairs in zip(scored, held, strict=True)]


def _bigrams(text: str) -> set[str]:
    return {run[i : i + 2] for run in _CHINESE.findall(text) for i in range(len(run) - 1)}


def _late_interaction(query: Query, trust: float, scored: list[Scored], encoder: Encoder) -> list[Scored]:
    """The first passages in the order of their score and their late interaction; the others stay behind them."""
    first, rest = scored[:LATE], scored[LATE:]
    (asked,) = encoder.encode_query_tokens([query.encoded])
    tokens = encoder.encode_tokens([for_encoder(s.passage.text, s.passage.language, encoder.info.languages) for s in first])
    late = [float((asked @ t.T).max(axis=1).mean()) if len(t) and len(asked) else 0.0 for t in tokens]
    both = [replace(s, score=s.score + _LATE * trust * each, late=each) for s, each in zip(first, late, strict=True)]
    ordered = sorted(both, key=lambda s: -s.score)
    if not ordered:
        return ordered
    least = ordered[-1].score
    return ordered + [replace(s, score=min(s.score + _LATE * trust * min(late), least)) for s in rest]


def _term_scores(query: Query, ids: np.ndarray, owners: Sequence[int], inside: Filter, lexical: LexicalIndex) -> tuple[np.ndarray, np.ndarray]:
    """BM25 of each passage; and, for a query that is not long, the same of its own terms with each weighted by its rarity in the passage's
    document."""
    position = {int(identity): i for i, identity in enumerate(ids)}
    common = np.zeros(len(ids), dtype=np.float32)
    rare = np.zeros(len(ids), dtype=np.float32)
    weights: dict[str, float] = {}
    for reading in query.readings:
        for term, weight in lexical.heaviest(reading.weights).items():
            weights[term] = max(weights.get(term, 0.0), reading.trust * min(weight, 1.0))
    for identity, score in lexical.search(weights, PASSAGES_MOST, inside, titles=False):
        if identity in position:
            common[position[identity]] = score
    if query.long:
        return common, rare
    sizes = Counter(owners)
    for term, weight in ((t, min(w, 1.0)) for t, w in query.readings[0].weights.items()):
        found = [(position[i], s) for i, s in lexical.search({term: weight}, PASSAGES_MOST, inside, titles=False) if i in position]
        inside_counts = Counter(owners[at] for at, _ in found)
        everywhere = max(lexical.inverse_document_frequency(term), 1e-6)
        for at, score in found:
            n, total = inside_counts[owners[at]], sizes[owners[at]]
            rare[at] += score / everywhere * math.log1p((total - n + 0.5) / (n + 0.5))
    return common, rare
