"""Which texts are right for which query, and how an encoder ranks them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from finetune.retrieval.gathering import Gathered
from finetune.retrieval.negatives import Encode
from finetune.retrieval.pairs import Pair, hash_of

_DEPTH = 10


class Known:
    """What is right, by all pairs of both sides, and for documents by their places."""

    def __init__(self, found: Gathered) -> None:
        self._right: dict[tuple[str, str], set[str]] = {}
        self._own: dict[str, set[str]] = {}
        for pair in (*found.train, *found.held_out):
            self._right.setdefault((pair.kind, pair.anchor), set()).add(pair.positive)
            self._own.setdefault(pair.family, set()).update((pair.anchor, pair.positive))
        self._places = found.places
        self._entries = _turned(found.names)
        self._at = _turned(found.places)
        self._barred = lru_cache(maxsize=64)(lambda kind, anchor, family: self.right(kind, anchor) | self.neither(kind, anchor, family))

    def right(self, kind: str, anchor: str) -> set[str]:
        """The texts that are right for a query; of a document all entries that it stands at, and all documents of its main groups."""
        found = self._right.get((kind, anchor), set())
        if kind.startswith("document-"):
            return found.union(*(self._entries.get(name, ()) for name in self._places.get(anchor, ())))
        if kind == "same-place":
            return found.union(*(self._at[name] for name in self._places.get(anchor, ()) if " " in name)) - {anchor}
        return found

    def neither(self, kind: str, anchor: str, family: str) -> set[str]:
        """The texts that are not known to be right and can't be held against one of this family: the query itself, and the family's own."""
        own = set() if kind.startswith("document-") else self._own.get(family, set())
        return (own | {anchor}) - self.right(kind, anchor)

    def wrong(self, pair: Pair, text: str) -> bool:
        """Whether a text may be a negative of a pair."""
        return text not in self._barred(pair.kind, pair.anchor, pair.family)


def _turned(found: Mapping[str, Sequence[str]]) -> dict[str, set[str]]:
    turned: dict[str, set[str]] = {}
    for text, names in found.items():
        for name in names:
            turned.setdefault(name, set()).add(text)
    return turned


@dataclass(frozen=True)
class Asked:
    """Queries of a kind with their families, texts, and for each query the numbers of the right texts and of those that count neither way."""

    kind: str
    queries: list[str]
    families: list[str]
    texts: list[str]
    right: list[frozenset[int]]
    neither: list[frozenset[int]]


def asked(pairs: Iterable[Pair], pool: Iterable[Pair], known: Known, queries: int, texts: int, seed: int) -> list[Asked]:
    """Of each kind of `pairs` so many queries at most, each among so many texts at most: its own and those of `pool`, of the same kind."""
    by_kind: dict[str, dict[str, str]] = {}
    own: dict[str, dict[str, None]] = {}
    for pair in pairs:
        by_kind.setdefault(pair.kind, {})[pair.anchor] = pair.family
    chosen = {kind: dict(sorted(some.items(), key=lambda each: hash_of(f"{seed} {each[0]}"))[:queries]) for kind, some in by_kind.items()}
    for pair in pairs:
        if pair.anchor in chosen[pair.kind]:
            own.setdefault(pair.kind, {})[pair.positive] = None
    others: dict[str, dict[str, None]] = {}
    for pair in pool:
        others.setdefault(pair.kind, {})[pair.positive] = None
    found = []
    for kind, some in chosen.items():
        more = sorted((t for t in others.get(kind, {}) if t not in own[kind]), key=lambda t: hash_of(f"{seed} {t}"))
        held = [*own[kind], *more[: max(0, texts - len(own[kind]))]]
        at = {text: i for i, text in enumerate(held)}
        right = [frozenset(at[t] for t in known.right(kind, query) if t in at) for query in some]
        neither = [frozenset(at[t] for t in known.neither(kind, query, family) if t in at) for query, family in some.items()]
        found.append(Asked(kind, list(some), list(some.values()), held, right, neither))
    return found


def first(each: Asked, encode: Encode, depth: int) -> list[list[tuple[int, float]]]:
    """For each query the numbers and cosines of its first texts, best first; of equal ones the one that stands before."""
    scores = encode(each.queries) @ encode(each.texts).T
    for row, neither in enumerate(each.neither):
        scores[row, sorted(neither)] = -np.inf
    found = []
    for row in scores:
        order = np.argsort(-row, kind="stable")[:depth]
        found.append([(int(i), float(row[i])) for i in order if row[i] > -np.inf])
    return found


def ndcg(order: Sequence[int], right: frozenset[int]) -> float:
    """nDCG@10 of one query, each right text worth the same (Järvelin and Kekäläinen 2002)."""
    gains = [1 / np.log2(rank + 2) for rank, i in enumerate(order[:_DEPTH]) if i in right]
    ideal = sum(1 / np.log2(rank + 2) for rank in range(min(len(right), _DEPTH)))
    return float(sum(gains) / ideal)


def measured(every: Iterable[Asked], encode: Encode) -> dict[str, dict[str, float]]:
    """Of each kind {queries, texts, nDCG@10, hit@1}."""
    found = {}
    for each in every:
        orders = [[i for i, _ in some] for some in first(each, encode, _DEPTH)]
        values = [ndcg(order, right) for order, right in zip(orders, each.right, strict=True)]
        hits = [bool(order) and order[0] in right for order, right in zip(orders, each.right, strict=True)]
        found[each.kind] = {
            "queries": len(each.queries), "texts": len(each.texts),
            "nDCG@10": round(float(np.mean(values)), 4), "hit@1": round(float(np.mean(hits)), 4),
        }  # fmt: skip
    return found


def mean(found: Mapping[str, Mapping[str, float]], measure: str) -> float:
    """Over the kinds."""
    return round(float(np.mean([row[measure] for row in found.values()])), 4)
