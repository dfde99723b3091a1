"""Candidate places of a text, and their probabilities from what speaks for each: a small network over clues, one score a candidate.

The probability is that of the place being the first code; what remains to 1 is that of a place which is no candidate. The network is
fitted by the likelihood of the first codes of patents left out one at a time. Where there are too few of them, weights that were fitted
on small samples stand in (`benchmarks/classification.py small` fits them).
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from assistant.classification.store import Store, Stored

Array = np.ndarray[Any, Any]
Vectors = np.ndarray[Any, np.dtype[np.float32]]
HIDDEN = 96
NETWORKS = 3
STEPS = 300
"""So many steps of the fit at least; few patents are gone through more often."""
EPOCHS, BATCH, RATE, DECAY, DROPOUT = 15, 512, 5e-3, 1e-2, 0.1


def described(clues: Sequence[Vectors]) -> Vectors:
    """(texts, candidates, features): each clue as it is, against the best candidate's, and by the candidate's rank."""
    features = []
    for clue in clues:
        ranks = np.argsort(np.argsort(-clue, axis=1, kind="stable"), axis=1)
        features += [clue, clue - clue.max(axis=1, keepdims=True), 1 / (1 + ranks)]
    return np.stack(features, axis=-1).astype(np.float32)


class Ranking:
    """Networks with one hidden layer (or none), whose scores are averaged; `none` is the score of there being no such candidate."""

    def __init__(self, mean: Array, deviation: Array, layers: Sequence[tuple[Array, Array, Array, float]]) -> None:
        """Each layer: weights (features, hidden), bias (hidden,), weights of the score (hidden,), and the score of none."""
        self._mean, self._deviation, self._layers = mean, deviation, list(layers)

    def probabilities(self, features: Vectors) -> Vectors:
        """(texts, candidates) from (texts, candidates, features)."""
        scaled = (features - self._mean) / self._deviation
        total = np.zeros(features.shape[:2])
        for weights, bias, out, none in self._layers:
            scores = np.maximum(scaled @ weights + bias, 0) @ out
            most = np.maximum(scores.max(axis=1, keepdims=True), none)
            odds = np.exp(scores - most)
            total += odds / (odds.sum(axis=1, keepdims=True) + np.exp(none - most))
        return np.asarray(total / len(self._layers), dtype=np.float32)

    @classmethod
    def fit(cls, features: Vectors, right: Array, networks: int = NETWORKS) -> "Ranking":
        """`right` (texts,) is the candidate that is right, or -1 where it is none of them."""
        import torch

        threads = torch.get_num_threads()
        torch.set_num_threads(1)  # the products are small: threads cost more than they give
        try:
            return cls._fitted(features, right, networks)
        finally:
            torch.set_num_threads(threads)

    @classmethod
    def _fitted(cls, features: Vectors, right: Array, networks: int) -> "Ranking":
        import torch

        mean, deviation = features.mean(axis=(0, 1)), features.std(axis=(0, 1)) + 1e-6
        scaled = torch.from_numpy(((features - mean) / deviation).astype(np.float32))
        target = torch.from_numpy(np.where(right < 0, features.shape[1], right).astype(np.int64))
        generator = torch.Generator().manual_seed(0)
        epochs = max(EPOCHS, -(-STEPS * BATCH // len(scaled)))
        layers = []
        for _ in range(networks):
            first = torch.empty(features.shape[2], HIDDEN).normal_(0, features.shape[2] ** -0.5, generator=generator).requires_grad_()
            bias = torch.zeros(HIDDEN, requires_grad=True)
            out = torch.empty(HIDDEN).normal_(0, HIDDEN**-0.5, generator=generator).requires_grad_()
            none = torch.zeros(1, requires_grad=True)
            optimizer = torch.optim.AdamW([first, bias, out, none], lr=RATE, weight_decay=DECAY)
            schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, epochs)
            for _ in range(epochs):
                order = torch.randperm(len(scaled), generator=generator)
                for start in range(0, len(order), BATCH):
                    some = order[start : start + BATCH]
                    hidden = torch.relu(scaled[some] @ first + bias)
                    kept = torch.rand(hidden.shape, generator=generator) > DROPOUT
                    scores = (hidden * kept / (1 - DROPOUT)) @ out
                    loss = torch.nn.functional.cross_entropy(torch.cat([scores, none.expand(len(some), 1)], dim=1), target[some])
                    optimizer.zero_grad()
                    torch.autograd.backward(loss)
                    optimizer.step()
                schedule.step()
            layers.append((first.detach().numpy(), bias.detach().numpy(), out.detach().numpy(), none.item()))
        return cls(mean, deviation, layers)

    def save(self, to: Store, name: str) -> None:
        to.arrays(**{f"{name}_mean": self._mean, f"{name}_deviation": self._deviation})
        for i, part in enumerate(("weights", "bias", "out", "none")):
            to.arrays(**{f"{name}_{part}": np.stack([np.asarray(layer[i]) for layer in self._layers])})

    @classmethod
    def load(cls, stored: Stored, name: str) -> "Ranking":
        parts = [stored.array(f"{name}_{part}") for part in ("weights", "bias", "out", "none")]
        return cls(stored.array(f"{name}_mean"), stored.array(f"{name}_deviation"), list(zip(*parts, strict=True)))
