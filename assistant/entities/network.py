"""The network of a tagger: vectors of features, dilated convolutions over tokens, a chain of BIOES labels, and the type of a span.

The labels of a sentence are a linear-chain conditional random field (Lafferty, McCallum and Pereira, ICML 2001) that knows only where
entities begin and end; what they are is a second, independent decision from the vectors of the span. So the chain has five states
whatever the number of types.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

OUT, BEGIN, INSIDE, END, SINGLE = range(5)
_BETWEEN, _IN = (OUT, END, SINGLE), (BEGIN, INSIDE)
_ALLOWED = [(a, b) for a in _BETWEEN for b in (OUT, BEGIN, SINGLE)] + [(a, b) for a in _IN for b in (INSIDE, END)]
_NEVER = -1e4


DILATIONS = (1, 2, 4, 1, 2)
"""Of the layers: each token is seen with the ten before it and the ten behind."""


@dataclass(frozen=True)
class Size:
    """Rows of the vocabulary, types, and the lengths of the vectors of features and of tokens."""

    rows: int
    types: int
    embedding: int
    hidden: int


class Network(nn.Module):
    """Scores for the labels of each token, and for the types of each span."""

    forbidden: Tensor
    first: Tensor
    last: Tensor

    def __init__(self, size: Size, dropout: float = 0.0) -> None:
        super().__init__()
        hidden = size.hidden
        self.size = size
        self.table = nn.Embedding(size.rows + 1, size.embedding, padding_idx=0)
        nn.init.normal_(self.table.weight[1:], std=0.1)
        self.dropout = nn.Dropout(dropout)
        self.channels = nn.Dropout1d(dropout)
        self.enter = nn.Linear(size.embedding, hidden)
        self.convolutions = nn.ModuleList(nn.Conv1d(hidden, hidden, 3, padding=d, dilation=d) for d in DILATIONS)
        self.norms = nn.ModuleList(nn.LayerNorm(hidden) for _ in DILATIONS)
        self.labels = nn.Linear(hidden, 5)
        self.steps = nn.Parameter(torch.zeros(5, 5))
        self.span = nn.Linear(3 * hidden, hidden)
        self.kinds = nn.Linear(hidden, size.types)
        forbidden = torch.full((5, 5), _NEVER)
        for a, b in _ALLOWED:
            forbidden[a, b] = 0
        self.register_buffer("forbidden", forbidden, persistent=False)
        self.register_buffer("first", torch.tensor([0, 0, _NEVER, _NEVER, 0]), persistent=False)
        self.register_buffer("last", torch.tensor([0, _NEVER, _NEVER, 0, 0]), persistent=False)

    def forward(self, rows: Tensor, lengths: Tensor) -> tuple[Tensor, Tensor]:
        """(sentences, tokens, WIDTH) rows to (sentences, tokens, hidden) and the scores (sentences, tokens, 5)."""
        mask = (torch.arange(rows.shape[1])[None] < lengths[:, None])[..., None]
        hidden = self.enter(self._dropped(self.table(rows).sum(dim=2))) * mask
        for convolution, norm in zip(self.convolutions, self.norms, strict=True):
            near = self.channels(torch.relu(convolution((norm(hidden) * mask).transpose(1, 2)))).transpose(1, 2)
            hidden = (hidden + near) * mask
        hidden = self._dropped(hidden)
        return hidden, self.labels(hidden)

    def _dropped(self, x: Tensor) -> Tensor:
        """With the same parts of the vectors of all tokens of a sentence dropped: a draw for each token takes longer than the convolutions."""
        dropped: Tensor = self.channels(x.transpose(1, 2)).transpose(1, 2)
        return dropped

    def transitions(self) -> Tensor:
        return self.steps + self.forbidden

    def chain_loss(self, scores: Tensor, gold: Tensor, lengths: Tensor) -> Tensor:
        """Negative log-likelihood of the gold labels (sentences, tokens), a mean over tokens."""
        steps = self.transitions()
        mask = torch.arange(scores.shape[1])[None] < lengths[:, None]
        own = scores.gather(2, gold[..., None])[..., 0]
        moved = steps[gold[:, :-1], gold[:, 1:]]
        total = (own * mask).sum() + (moved * mask[:, 1:]).sum()
        alpha = scores[:, 0] + self.first
        for t in range(1, scores.shape[1]):
            new = torch.logsumexp(alpha[:, :, None] + steps, dim=1) + scores[:, t]
            alpha = torch.where(mask[:, t, None], new, alpha)
        partition = torch.logsumexp(alpha + self.last, dim=1).sum()
        return (partition - total) / mask.sum()

    def type_scores(self, hidden: Tensor, sentence: Tensor, start: Tensor, end: Tensor) -> Tensor:
        """(spans, types) of spans given by sentence, first and last token: from the vectors of both and the mean of all between."""
        summed = nn.functional.pad(hidden.cumsum(dim=1), (0, 0, 1, 0))
        mean = (summed[sentence, end + 1] - summed[sentence, start]) / (end - start + 1)[:, None]
        together = torch.cat([hidden[sentence, start], hidden[sentence, end], mean], dim=1)
        scores: Tensor = self.kinds(self.dropout(torch.relu(self.span(together))))
        return scores


Array = np.ndarray[Any, Any]


def decode(scores: Array, lengths: Array, steps: Array) -> list[list[tuple[int, int, float]]]:
    """For each sentence the spans (first token, last token, probability) of its best labels, from scores (sentences, tokens, 5).

    The probability is that of the span under the chain: that it begins there, ends there and has no other end between.
    """
    n, length, _ = scores.shape
    first = np.array([0, 0, _NEVER, _NEVER, 0])
    last = np.array([0, _NEVER, _NEVER, 0, 0])
    best, alpha = np.empty_like(scores), np.empty_like(scores)
    back = np.zeros(scores.shape, dtype=np.int8)
    best[:, 0] = alpha[:, 0] = scores[:, 0] + first
    for t in range(1, length):
        reached = best[:, t - 1, :, None] + steps
        back[:, t] = reached.argmax(axis=1)
        best[:, t] = reached.max(axis=1) + scores[:, t]
        alpha[:, t] = _logsumexp(alpha[:, t - 1, :, None] + steps, 1) + scores[:, t]
    beta = np.broadcast_to(last, scores.shape).copy()
    for t in range(length - 2, -1, -1):
        new = _logsumexp(steps[None] + (scores[:, t + 1] + beta[:, t + 1])[:, None, :], 2)
        inside = t < lengths - 1
        beta[inside, t] = new[inside]
    found = []
    for i in range(n):
        size = int(lengths[i])
        label = int((best[i, size - 1] + last).argmax())
        labels = [label]
        for t in range(size - 1, 0, -1):
            label = int(back[i, t, label])
            labels.append(label)
        labels.reverse()
        z = float(_logsumexp(alpha[i, size - 1] + last, 0))
        spans = []
        start = 0
        for t, label in enumerate(labels):
            if label == SINGLE:
                spans.append((t, t, min(1.0, float(np.exp(alpha[i, t, SINGLE] + beta[i, t, SINGLE] - z)))))
            elif label == BEGIN:
                start = t
            elif label == END:
                path = alpha[i, start, BEGIN]
                for u in range(start + 1, t + 1):
                    path += steps[labels[u - 1], labels[u]] + scores[i, u, labels[u]]
                spans.append((start, t, min(1.0, float(np.exp(path + beta[i, t, END] - z)))))
        found.append(spans)
    return found


def _logsumexp(x: Array, axis: int) -> Array:
    most = x.max(axis=axis, keepdims=True)
    return np.asarray(np.log(np.exp(x - most).sum(axis=axis)) + most.squeeze(axis))
