"""From scores to probabilities: how likely a hit is what is looked for.

A logistic regression on the hit's score, on how far it stands above the next hit or below the first, and on the length of the query, fitted on
searches of which the right answer is known; `benchmarks/calibration.py` fits it on one half of them and draws the reliability on the other.
Most of these searches have one right answer, so the probability is that of being that one, and where several hits are
about as good, each gets a share. It falls with the rank.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Calibration:
    constant: float
    score: float
    gap: float
    length: float

    def probabilities(self, scores: Sequence[float], terms: int) -> list[float]:
        """Of hits with these scores, best first, for a query of so many different terms."""
        return [self._logistic(m) for m in measures(scores, terms)]

    def _logistic(self, measured: tuple[float, float, float]) -> float:
        score, gap, length = measured
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, self.constant + self.score * score + self.gap * gap + self.length * length))))


def measures(scores: Sequence[float], terms: int) -> list[tuple[float, float, float]]:
    """For each hit its score, how far it is above the second (the first hit) or below the first (the others), and the query's length."""
    length = math.log1p(terms)
    first = scores[0] - scores[1] if len(scores) > 1 else 0.0
    return [(s, first if i == 0 else s - scores[0], length) for i, s in enumerate(scores)]


# As benchmarks/calibration.py prints them.
DOCUMENTS = Calibration(-2.71, 1.18, 18.74, 0.35)
PASSAGES = Calibration(-5.24, 0.83, 1.67, 0.41)
