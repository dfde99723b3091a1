"""What is an entity in one place of a text is mostly one in the others too."""

from collections import defaultdict
from collections.abc import Sequence

from assistant.entities.entity import Entity
from assistant.entities.tokens import Piece

SHARE = 0.3
LEAST = 2
"""An entity found so often, in so great a share of the places of its words, is taken for one in all of them."""


def repeated(entities: Sequence[Entity], text: str, pieces: Sequence[Piece]) -> list[Entity]:
    """The entities, and those places of their words where none was found; of the type that most have, with the share as probability."""
    begins = {start: (i, end) for i, piece in enumerate(pieces) for start, end in piece}
    ends = {end: i for i, piece in enumerate(pieces) for _, end in piece}
    starting: dict[str, list[int]] = defaultdict(list)
    for start, (_, end) in begins.items():
        starting[text[start:end]].append(start)
    taken = bytearray(len(text))
    found: dict[str, list[Entity]] = defaultdict(list)
    for entity in entities:
        taken[entity.start : entity.end] = b"\1" * (entity.end - entity.start)
        found[entity.text].append(entity)
    more: list[Entity] = []
    often = [words for words, there in found.items() if len(there) >= LEAST]
    for words in sorted(often, key=len, reverse=True):
        there = found[words]
        first = text[there[0].start : begins[there[0].start][1]]
        free: list[tuple[int, int]] = []
        for start in starting[first]:
            end = start + len(words)
            apart = not free or free[-1][1] <= start
            if apart and text.startswith(words, start) and ends.get(end) == begins[start][0] and not any(taken[start:end]):
                free.append((start, end))
        share = len(there) / (len(there) + len(free))
        if share >= SHARE:
            weight: dict[str, float] = defaultdict(float)
            for entity in there:
                weight[entity.type] += entity.probability
            kind = max(weight, key=lambda k: weight[k])
            for start, end in free:
                taken[start:end] = b"\1" * (end - start)
                more.append(Entity(words, kind, start, end, share * weight[kind] / len(there)))
    return sorted([*entities, *more], key=lambda e: e.start)
