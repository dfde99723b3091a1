"""Precision, recall and F1 of entities."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.entities.entity import Entity


@dataclass(frozen=True)
class Scores:
    """How many entities are right, were predicted, and are in the gold standard."""

    right: int
    predicted: int
    gold: int

    @property
    def precision(self) -> float:
        return _share(self.right, self.predicted)

    @property
    def recall(self) -> float:
        return _share(self.right, self.gold)

    @property
    def f1(self) -> float:
        return _share(2 * self.right, self.predicted + self.gold)

    def __add__(self, other: "Scores") -> "Scores":
        return Scores(self.right + other.right, self.predicted + other.predicted, self.gold + other.gold)


def entity_scores(predicted: Sequence[Iterable[tuple[str, str]]], gold: Sequence[Iterable[tuple[str, str]]]) -> Scores:
    """Of the sets of (type, text) of each text, counted together (micro)."""
    return _counted([set(map(tuple, each)) for each in predicted], [set(map(tuple, each)) for each in gold])


def span_scores(predicted: Sequence[Iterable[Entity]], gold: Sequence[Iterable[Entity]]) -> Scores:
    """Of the sets of (start, end, type) of each text, counted together (micro)."""
    return _counted(*([{(e.start, e.end, e.type) for e in each} for each in entities] for entities in (predicted, gold)))


def _counted(predicted: Sequence[set[Any]], gold: Sequence[set[Any]]) -> Scores:
    counts = [Scores(len(p & g), len(p), len(g)) for p, g in zip(predicted, gold, strict=True)]
    return sum(counts, Scores(0, 0, 0))


def _share(part: int, whole: int) -> float:
    """1 where there was nothing to find and nothing was found."""
    return part / whole if whole else 1.0
