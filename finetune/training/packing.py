"""Packing examples into windows, in their order, so that no token is lost and none is padding.

Best-fit decreasing (Ding et al. 2024, arXiv:2404.10830) over groups of neighbours in the order: windows are full, and difficulty still
rises from one to the next.
"""

from bisect import bisect_left, insort
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

Piece = tuple[int, int, int]
"""(example, first token, end)."""


def plan(order: Iterable[int], lengths: "np.ndarray[Any, np.dtype[np.int64]]", window: int, split: bool, group: int = 256) -> list[tuple[Piece, ...]]:
    """Windows for the examples in this order. Longer ones are split into windows, or left out. `group` is how many windows' worth of neighbours are
    packed together."""
    pieces: list[Piece] = []
    for example in map(int, order):
        length = int(lengths[example])
        if length <= window or split:
            pieces += [(example, start, min(start + window, length)) for start in range(0, length, window)]
    windows: list[tuple[Piece, ...]] = []
    begin = held = 0
    for end, (_, start, stop) in enumerate(pieces, start=1):
        held += stop - start
        if held >= group * window or end == len(pieces):
            windows += _best_fit(pieces[begin:end], window)
            begin, held = end, 0
    return windows


def _best_fit(pieces: Sequence[Piece], window: int) -> list[tuple[Piece, ...]]:
    """Longest first, each into the fullest window that has room; windows, and pieces inside them, in the order of the pieces given."""
    room: list[tuple[int, int]] = []  # (free tokens, window), sorted
    filled: list[list[int]] = []
    for n in sorted(range(len(pieces)), key=lambda n: pieces[n][1] - pieces[n][2]):
        length = pieces[n][2] - pieces[n][1]
        place = bisect_left(room, (length, -1))
        if place == len(room):
            filled.append([n])
            free, where = window - length, len(filled) - 1
        else:
            free, where = room.pop(place)
            filled[where].append(n)
            free -= length
        if free:
            insort(room, (free, where))
    for numbers in filled:
        numbers.sort()
    return [tuple(pieces[n] for n in numbers) for numbers in sorted(filled, key=lambda numbers: sum(numbers) / len(numbers))]
