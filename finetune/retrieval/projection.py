"""A linear map over the vectors of an encoder, learned in seconds from vectors that are there already.

It starts as the identity. A document must be nearer to the texts of its places in the classification than to those of all others, nearer to
documents of the same places than to the rest, and the anchor of a pair nearer to its positive than to those of the other pairs. What was learned
is then taken in part alone (`share`): between the untuned and the tuned weights lies what is better on new kinds of text than either (Wortsman
et al., "Robust fine-tuning of zero-shot models", CVPR 2022).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from finetune.retrieval.settings import Projection

_NEVER = -1e9


@dataclass(frozen=True)
class Places:
    """Vectors (n, d) of documents, (m, d) of the texts of one level's places, and for each document its places, the first one first."""

    documents: np.ndarray
    texts: np.ndarray
    of: Sequence[Sequence[int]]


@dataclass(frozen=True)
class VectorPairs:
    """Vectors (n, d) that belong together; pairs of one family are no negatives of each other."""

    anchors: np.ndarray
    positives: np.ndarray
    families: Sequence[str]


def project(levels: Sequence[Places], pairs: Mapping[str, VectorPairs], settings: Projection) -> np.ndarray:
    """(d, d) the map: a vector times it, made a unit vector again, is the tuned one."""
    import torch

    torch.manual_seed(settings.seed)
    random = np.random.default_rng(settings.seed)
    cross_entropy = torch.nn.functional.cross_entropy
    dimension = (levels[0].texts if levels else next(iter(pairs.values())).anchors).shape[1]
    change = torch.nn.Parameter(torch.zeros(dimension, dimension))
    optimizer = torch.optim.AdamW([change], lr=settings.rate, weight_decay=0.0)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: (1 - step / settings.steps) * min(1, (step + 1) / 30))
    kinds = [name for name in pairs if len(pairs[name].families) > 1]
    shares = np.array([len(pairs[name].families) for name in kinds], dtype=np.float64) ** 0.5

    def mapped(vectors: np.ndarray) -> torch.Tensor:
        x = torch.from_numpy(np.ascontiguousarray(vectors, dtype=np.float32))
        return torch.nn.functional.normalize(x + x @ change, dim=1)

    def of_places(level: Places, rows: np.ndarray) -> torch.Tensor:
        first = np.array([level.of[i][0] for i in rows])
        held = np.unique(np.concatenate([first, random.integers(0, len(level.texts), settings.others)]))
        wrong = np.array([[p in level.of[i] for p in held] for i in rows]) & (held != first[:, None])
        documents = mapped(level.documents[rows])
        logits = documents @ mapped(level.texts[held]).T * settings.sharpness
        loss = cross_entropy(logits.masked_fill(torch.from_numpy(wrong), _NEVER), torch.from_numpy(np.searchsorted(held, first)))
        others = random.choice(len(level.of), min(4 * settings.batch, len(level.of)), replace=False)
        same = torch.from_numpy(first[:, None] == np.array([level.of[j][0] if level.of[j] else -1 for j in others]))
        itself = torch.from_numpy(rows[:, None] == others)
        same &= ~itself
        near = torch.log_softmax((documents @ mapped(level.documents[others]).T * settings.sharpness).masked_fill(itself, _NEVER), dim=1)
        some = same.any(dim=1)
        return loss - 0.5 * torch.logsumexp(near.masked_fill(~same, _NEVER), dim=1)[some].sum() / max(int(some.sum()), 1)

    def of_pairs(found: VectorPairs) -> torch.Tensor:
        rows = random.choice(len(found.families), min(settings.batch, len(found.families)), replace=False)
        logits = mapped(found.anchors[rows]) @ mapped(found.positives[rows]).T * settings.sharpness
        families = np.array(found.families)[rows]
        same = torch.from_numpy((families[:, None] == families) & ~np.eye(len(rows), dtype=bool))
        logits = logits.masked_fill(same, _NEVER)
        own = torch.arange(len(rows))
        return (cross_entropy(logits, own) + cross_entropy(logits.T, own)) / 2

    for _ in range(settings.steps):
        loss = torch.zeros(())
        for level in levels:
            known = np.array([i for i, some in enumerate(level.of) if some])
            loss = loss + of_places(level, random.choice(known, min(settings.batch, len(known)), replace=False))
        if kinds and settings.pairs:
            for name in random.choice(kinds, 3, p=shares / shares.sum()):
                loss = loss + settings.pairs / 3 * of_pairs(pairs[name])
        optimizer.zero_grad()
        torch.autograd.backward(loss)
        optimizer.step()
        schedule.step()
    return np.asarray(np.eye(dimension, dtype=np.float32) + settings.share * change.detach().numpy(), dtype=np.float32)
