"""A definite mention: a thing that a claim speaks of as known ("the pump", 所述泵), to be held against what was introduced before."""

from typing import NamedTuple, Protocol


class Mention(NamedTuple):
    """Characters `start` to `end` are the mention with its article.

    `phrases` are the readings of the thing that is mentioned, the shortest first ("controller", "controller sends data"), each as words that must
    all be known; the thing is known when one of its readings is.
    """

    start: int
    end: int
    phrases: tuple[tuple[str, ...], ...]


class Introduced(Protocol):
    """What a claim introduces."""

    def has(self, thing: str, before: int | None = None) -> bool:
        """Whether a word of a mention's phrase is introduced, in the characters before a place."""
        ...
