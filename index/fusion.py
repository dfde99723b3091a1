"""Fusing the two sides: weighted reciprocal ranks.

score = Σ weight / (K + rank), after Cormack, Clarke and Büttcher, "Reciprocal rank fusion outperforms Condorcet and individual
rank learning methods", SIGIR 2009, with K = 60 there. The dense side's weight is 0 where the encoder was not trained to read the
query's language: its noise would take half of the vote (on Chinese titles that costs a third of nDCG@10).
"""

from collections.abc import Sequence

K = 60


def dense_weight(language: str, readable: Sequence[str]) -> float:
    """How far to trust the dense side for a query in this language; an encoder that names no languages reads all."""
    return 1.0 if not readable or not language or language in readable else 0.0


def fuse(lexical: Sequence[tuple[int, float]], dense: Sequence[tuple[int, float]], weight: float) -> list[tuple[int, float]]:
    """(id, fused score), best first; `weight` is the dense side's. Ties go to the lexical order."""
    fused: dict[int, float] = {}
    for rank, (identity, _) in enumerate(lexical, start=1):
        fused[identity] = fused.get(identity, 0.0) + 1 / (K + rank)
    if weight > 0:
        for rank, (identity, _) in enumerate(dense, start=1):
            fused[identity] = fused.get(identity, 0.0) + weight / (K + rank)
    return sorted(fused.items(), key=lambda item: -item[1])
