"""Learning a tagger from annotated texts."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch.nn.functional import cross_entropy

from assistant.entities.entity import AnnotatedText, Entity
from assistant.entities.errors import EntityDataError
from assistant.entities.network import BEGIN, END, INSIDE, SINGLE, Network, Size
from assistant.entities.tokens import pieces
from assistant.entities.vocabulary import Rows, Vocabulary, padded

_MANY = 5000
"""So many sentences are learned in large batches, and gone through less often."""
_NEAR = 50
"""Batches whose sentences are put in order of length together, so that those of a batch are alike in length."""


@dataclass(frozen=True)
class Settings:
    """How to learn: `most` features that are there `least` times, so many times through all sentences, in batches, at the highest rate."""

    epochs: int
    batch: int
    rate: float = 4e-3
    decay: float = 0.01
    dropout: float = 0.4
    forgotten: float = 0.1
    """Share of the features of a token that are hidden from the network, at random: so it learns to do without."""
    most: int = 16000
    least: int = 2
    embedding: int = 64
    hidden: int = 128
    seed: int = 0

    @classmethod
    def suited(cls, sentences: int) -> "Settings":
        """By the number of sentences; few ones are gone through until the network has made 600 steps."""
        if sentences >= _MANY:
            return cls(epochs=5, batch=64, rate=3e-3, dropout=0.25)
        return cls(epochs=max(15, 600 // -(-sentences // 16)), batch=16)


@dataclass(frozen=True)
class Sentence:
    """Tokens, their labels, and (first token, last token, type) of the entities."""

    tokens: list[str]
    labels: np.ndarray[tuple[int], np.dtype[np.int64]]
    entities: list[tuple[int, int, str]]


def labelled(text: AnnotatedText, left_out: Counter[str]) -> Iterator[Sentence]:
    """The sentences of a text; counts the entities that can't be learned, by the reason."""
    split = pieces(text.text)
    begins = {span[0]: (i, j) for i, piece in enumerate(split) for j, span in enumerate(piece)}
    ends = {span[1]: (i, j) for i, piece in enumerate(split) for j, span in enumerate(piece)}
    labels = [np.zeros(len(piece), dtype=np.int64) for piece in split]
    entities: list[list[tuple[int, int, str]]] = [[] for _ in split]
    for entity in _flat(text.entities, left_out):
        if entity.start not in begins or entity.end not in ends:
            left_out["begins or ends inside a word"] += 1
            continue
        (sentence, first), (same, last) = begins[entity.start], ends[entity.end]
        if sentence != same:
            left_out["goes over the end of a sentence"] += 1
            continue
        labels[sentence][first : last + 1] = INSIDE
        labels[sentence][first], labels[sentence][last] = (SINGLE, SINGLE) if first == last else (BEGIN, END)
        entities[sentence].append((first, last, entity.type))
    for piece, each, found in zip(split, labels, entities, strict=True):
        yield Sentence([text.text[a:b] for a, b in piece], each, found)


def _flat(entities: Sequence[Entity], left_out: Counter[str]) -> list[Entity]:
    """Without repetitions, and without those that overlap one that is longer, or as long and earlier."""
    once = {(e.start, e.end): e for e in entities}
    if len(once) < len(entities):
        left_out["stands where another does"] += len(entities) - len(once)
    kept: dict[int, Entity] = {}
    taken: set[int] = set()
    for entity in sorted(once.values(), key=lambda e: (e.start - e.end, e.start)):
        places = range(entity.start, entity.end)
        if taken.isdisjoint(places):
            kept[entity.start] = entity
            taken.update(places)
        else:
            left_out["overlaps a longer one"] += 1
    return list(kept.values())


def learn(
    documents: Sequence[AnnotatedText], settings: Settings | None, progress: Callable[[int, int], object] | None
) -> tuple[Network, Vocabulary, list[str], Counter[str]]:
    """The network, its vocabulary, the types, and what was left out. Raises EntityDataError where there is nothing to learn."""
    left_out: Counter[str] = Counter()
    sentences = [sentence for document in documents for sentence in labelled(document, left_out)]
    types = sorted({kind for sentence in sentences for *_, kind in sentence.entities})
    if not types:
        raise EntityDataError(f"{len(documents)} texts without an entity that can be learned: {dict(left_out) or 'none is annotated'}")
    settings = settings or Settings.suited(len(sentences))
    vocabulary = Vocabulary.learn([sentence.tokens for sentence in sentences], settings.most, settings.least)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(settings.seed)
        network = Network(Size(len(vocabulary.keys), len(types), settings.embedding, settings.hidden), settings.dropout)
        _fit(network, sentences, [vocabulary.rows(s.tokens) for s in sentences], {kind: i for i, kind in enumerate(types)}, settings, progress)
    return network, vocabulary, types, left_out


def _fit(
    network: Network,
    sentences: Sequence[Sentence],
    rows: Sequence[Rows],
    types: dict[str, int],
    settings: Settings,
    progress: Callable[[int, int], object] | None,
) -> None:
    """By the likelihood of the labels and, for each entity, of its type."""
    order = np.random.default_rng(settings.seed)
    steps = settings.epochs * -(-len(sentences) // settings.batch)
    optimizer = torch.optim.AdamW(network.parameters(), lr=settings.rate, weight_decay=settings.decay)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, settings.rate, total_steps=steps, pct_start=0.1)
    network.train()
    for step, batch in enumerate((b for _ in range(settings.epochs) for b in _batches(sentences, settings.batch, order)), 1):
        table, lengths = (torch.from_numpy(array) for array in padded([rows[i] for i in batch]))
        hidden, scores = network(table * (torch.rand(table.shape) > settings.forgotten), lengths)
        labels = torch.zeros(table.shape[:2], dtype=torch.int64)
        for row, i in enumerate(batch):
            labels[row, : len(sentences[i].labels)] = torch.from_numpy(sentences[i].labels)
        loss = network.chain_loss(scores, labels, lengths)
        spans = [(row, first, last, types[kind]) for row, i in enumerate(batch) for first, last, kind in sentences[i].entities]
        if spans:
            *places, kinds = torch.tensor(spans).T
            loss = loss + cross_entropy(network.type_scores(hidden, *places), kinds, reduction="sum") / lengths.sum()
        optimizer.zero_grad()
        torch.autograd.backward(loss)
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        if progress:
            progress(step, steps)


def _batches(sentences: Sequence[Sentence], size: int, order: np.random.Generator) -> list[list[int]]:
    """Numbers of sentences, in a new order each time."""
    numbers = order.permutation(len(sentences)).tolist()
    batches = []
    for start in range(0, len(numbers), size * _NEAR):
        near = sorted(numbers[start : start + size * _NEAR], key=lambda i: len(sentences[i].tokens))
        batches += [near[i : i + size] for i in range(0, len(near), size)]
    return [batches[i] for i in order.permutation(len(batches))]
