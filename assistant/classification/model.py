"""A fitted classifier: what speaks for each place, and the rankings that weigh it, at the levels of subclasses and main groups."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import numpy as np

from assistant.classification.material import Material, Vectors, Wording
from assistant.classification.neighbours import Labels, Neighbours, Regression, votes
from assistant.classification.ranking import Ranking, described
from assistant.classification.scheme_texts import SchemeTexts
from assistant.classification.store import Store, Stored

Level = Literal["subclass", "group"]
LEVELS: tuple[Level, Level] = ("subclass", "group")
Array = np.ndarray[Any, Any]
CANDIDATES = {"subclass": 30, "group": 30}
FEW = 1500
"""With fewer classified patents than that, the ranking that comes with the program is used; with more, one is fitted to them."""
_SHIPPED = Path(__file__).with_name("ranking.npz")
_BLOCK = 256


@dataclass(frozen=True)
class Asked:
    """Some texts: (texts, n) similarities to the patents, and what the regression predicts, (texts, 2 · subclasses)."""

    wordings: Sequence[Wording]
    vectors: Vectors
    similar: Vectors
    predicted: Vectors
    known: Array | None = None
    """Of patents that the counts of places were made with: their rows."""


@dataclass
class Model:
    subclasses: list[str]
    groups: list[str]
    scheme: SchemeTexts
    neighbours: Neighbours
    labels: dict[Level, Labels]
    regression: Regression
    rankings: dict[Level, Ranking]

    # -- fitting

    @classmethod
    def fit(cls, material: Material, tick: Callable[[str, float], None] = lambda what, share: None, few: int = FEW) -> "Model":
        """Learn from the material. `tick` is told what is being done, and which share of that is done."""
        symbols = {s for some in material.symbols for s in some} | {s for s, _ in material.entries}
        subclasses, groups = sorted({s[:4] for s in symbols}), sorted({s for s in symbols if len(s) > 4})
        tick("scheme", 0.0)
        scheme = SchemeTexts.of(material, [*subclasses, *groups])
        tick("patents", 0.0)
        neighbours = Neighbours.of(material)
        labels: dict[Level, Labels] = {
            "subclass": Labels.of([[s[:4] for s in some] for some in material.symbols], subclasses),
            "group": Labels.of(material.symbols, groups),
        }
        regression = Regression.of(neighbours, labels["subclass"], lambda share: tick("regression", share))
        model = cls(subclasses, groups, scheme, neighbours, labels, regression, {})
        if len(regression.learned) < few:
            model.rankings = shipped()
        else:
            samples: dict[Level, list[tuple[Vectors, Array]]] = {"subclass": [], "group": []}
            for share, asked in model.left_out(material):
                tick("ranking", 0.8 * share)
                for level, sample in model.samples(asked).items():
                    samples[level].append(sample)
            model.rankings = {level: Ranking.fit(*joined(some)) for level, some in samples.items()}
        return model

    def left_out(self, material: Material) -> Iterator[tuple[float, Asked]]:
        """The patents that were learned from, block by block, each as if it alone had not been; and the share that is done."""
        learned = self.regression.learned
        for start in range(0, len(learned), _BLOCK):
            rows = learned[start : start + _BLOCK]
            similar = self.neighbours.similarity_of(rows)
            similar[np.arange(len(rows)), rows] = 0
            predicted = self.regression.left_out[start : start + _BLOCK].astype(np.float32)
            yield start / len(learned), Asked([material.wordings[r] for r in rows], material.vectors[rows], similar, predicted, rows)

    def samples(self, asked: Asked) -> dict[Level, tuple[Vectors, Array]]:
        """What the rankings are fitted to: the features of the candidates, and which of them is the first code, or -1."""
        assert asked.known is not None
        found: dict[Level, tuple[Vectors, Array]] = {}
        for level, (candidates, features) in self.candidates(asked, LEVELS).items():
            first = self.labels[level].first[asked.known]
            right = candidates == first[:, None]
            coded = first >= 0
            found[level] = features[coded], np.where(right.any(axis=1), right.argmax(axis=1), -1)[coded]
        return found

    # -- asking

    def asked(self, wordings: Sequence[Wording], vectors: Vectors, numbers: Sequence[str] = ()) -> Asked:
        """Texts to classify. Those that are patents of the index, by their numbers, are taken as if they were not in it."""
        similar = self.neighbours.similarity(wordings, vectors)
        predicted = self.regression.predict(similar)
        for i, number in enumerate(numbers):
            if (row := self.neighbours.row.get(number)) is not None:
                similar[i, row] = 0
                if (without := self.regression.without(row)) is not None:
                    predicted[i] = without
        return Asked(wordings, vectors, similar, predicted)

    def probabilities(self, asked: Asked, level: Level) -> list[list[tuple[str, float]]]:
        """For each text its candidate places, the most probable first. Probabilities are those of being the first code."""
        names = self.subclasses if level == "subclass" else self.groups
        candidates, features = self.candidates(asked, (level,))[level]
        chances = self.rankings[level].probabilities(features)
        order = np.argsort(-chances, axis=1, kind="stable")
        return [[(names[candidates[i, j]], float(chances[i, j])) for j in some] for i, some in enumerate(order)]

    def candidates(self, asked: Asked, levels: Sequence[Level]) -> dict[Level, tuple[Array, Vectors]]:
        """(texts, candidates) columns of places, and (texts, candidates, features)."""
        subclasses, groups = self._clues(asked)
        found: dict[Level, tuple[Array, Vectors]] = {}
        promise = 4 * (subclasses["first"] + subclasses["any"]) + subclasses["text"] + subclasses["texts"]
        if "subclass" in levels:
            chosen = _best(promise, CANDIDATES["subclass"])
            found["subclass"] = chosen, described([np.take_along_axis(clue, chosen, axis=1) for clue in subclasses.values()])
        if "group" in levels:
            chosen = _best(promise[:, self._parents] + 8 * groups["votes"] + 2 * groups["text"], CANDIDATES["group"])
            clues = [np.take_along_axis(clue, self._parents[chosen], axis=1) for clue in subclasses.values()]
            found["group"] = chosen, described(clues + [np.take_along_axis(clue, chosen, axis=1) for clue in groups.values()])
        return found

    def _clues(self, asked: Asked) -> tuple[dict[str, Vectors], dict[str, Vectors]]:
        """What speaks for each subclass (texts, subclasses) and main group (texts, groups)."""
        middle = len(self.subclasses)
        bm25, cosines = self.scheme.lexical(asked.wordings)
        semantic = self.scheme.semantic(asked.vectors)
        subclasses = {
            "first": asked.predicted[:, :middle],
            "any": asked.predicted[:, middle:],
            "votes": votes(asked.similar, self.labels["subclass"].votes),
            "text": _share(bm25[:, :middle]),
            "texts": _share(self._best_below(bm25[:, middle:])),
            "words": _share(cosines[:, :middle]),
            "wordings": _share(self._best_below(cosines[:, middle:])),
            "meaning": np.maximum(self._best_below(semantic[:, middle:]), semantic[:, :middle]),
            **self._counted("subclass", asked),
        }
        groups = {
            "votes": votes(asked.similar, self.labels["group"].votes),
            "text": _share(bm25[:, middle:]),
            "words": _share(cosines[:, middle:]),
            "meaning": semantic[:, middle:],
            **self._counted("group", asked),
        }
        return subclasses, groups

    def _counted(self, level: Level, asked: Asked) -> dict[str, Vectors]:
        """How frequent each place is as a first code (the logarithm of its share), and how many of its patents have it as the first."""
        labels = self.labels[level]
        repeated = (len(asked.wordings), 1)
        firsts, codes = (np.tile(np.asarray(counted.sum(axis=0), dtype=np.float32), repeated) for counted in (labels.firsts, labels.codes))
        if asked.known is not None:
            firsts -= labels.firsts[asked.known].toarray()
            codes -= labels.codes[asked.known].toarray()
        total = len(self.neighbours.numbers) + 0.5 * max(1, firsts.shape[1])
        return {"frequency": np.log((firsts + 0.5) / total), "share": (firsts + 1) / (codes + 2)}

    @cached_property
    def _parents(self) -> Array:
        """(groups,) the column of the subclass of each main group; ascending."""
        at = {symbol: i for i, symbol in enumerate(self.subclasses)}
        return np.array([at[group[:4]] for group in self.groups], dtype=np.int64)

    def _best_below(self, clue: Vectors) -> Vectors:
        """(texts, groups) to (texts, subclasses): the best of the main groups of each."""
        best = np.zeros((len(clue), len(self.subclasses)), dtype=np.float32)
        if len(self.groups):
            starts = np.flatnonzero(np.diff(self._parents, prepend=-1))
            best[:, self._parents[starts]] = np.maximum.reduceat(clue, starts, axis=1)
        return best

    # -- keeping

    def save(self, path: Path, key: str) -> None:
        to = Store()
        to.strings("subclasses", self.subclasses)
        to.strings("groups", self.groups)
        self.scheme.save(to)
        self.neighbours.save(to)
        self.regression.save(to)
        for level in LEVELS:
            to.arrays(**{f"{level}_first": self.labels[level].first})
            to.rows(f"{level}_codes", self.labels[level].codes)
            self.rankings[level].save(to, level)
        to.write(path, key)

    @classmethod
    def load(cls, path: Path, key: str) -> "Model | None":
        """None where there is none at the path, or one of another key."""
        stored = Stored.open(path, key)
        if stored is None:
            return None
        return cls(
            stored.strings("subclasses"),
            stored.strings("groups"),
            SchemeTexts.load(stored, len(stored.strings("subclasses")) + len(stored.strings("groups"))),
            Neighbours.load(stored),
            {level: Labels(stored.array(f"{level}_first"), stored.rows(f"{level}_codes")) for level in LEVELS},
            Regression.load(stored),
            {level: Ranking.load(stored, level) for level in LEVELS},
        )


def shipped() -> dict[Level, Ranking]:
    """The rankings that come with the program, fitted on small samples (`benchmarks/classification.py small`)."""
    stored = Stored(_SHIPPED)
    return {level: Ranking.load(stored, level) for level in LEVELS}


def joined(samples: Sequence[tuple[Vectors, Array]]) -> tuple[Vectors, Array]:
    return np.concatenate([s[0] for s in samples]), np.concatenate([s[1] for s in samples])


def _best(promise: Vectors, count: int) -> Array:
    """(texts, count) the columns of the greatest values."""
    count = min(count, promise.shape[1])
    return np.argpartition(-promise, count - 1, axis=1)[:, :count] if count else np.zeros((len(promise), 0), dtype=np.int64)


def _share(scores: Vectors) -> Vectors:
    """Of the best one's score."""
    if not scores.shape[1]:
        return scores
    return np.asarray(scores / np.maximum(scores.max(axis=1, keepdims=True), 1e-9), dtype=np.float32)
