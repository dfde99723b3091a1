"""An entity in a text, and a text with its entities."""

from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True)
class Entity:
    """A part of a text, `text[start:end]`, that is of a type; the probability is that of its place and its type together."""

    text: str
    type: str
    start: int
    end: int
    probability: float = 1.0


class Pair(NamedTuple):
    """A type and an entity without a place, as language models name them."""

    type: str
    text: str


@dataclass(frozen=True)
class AnnotatedText:
    """A text with the entities that people found in it."""

    text: str
    entities: tuple[Entity, ...]
