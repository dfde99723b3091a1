"""Quotations in a text."""

from collections.abc import Collection
from itertools import pairwise


def pieces(text: str, quotes: Collection[str]) -> tuple[tuple[str, bool], ...]:
    """The text, cut where a quotation in it begins and ends, and of each piece whether it is quoted."""
    marked = bytearray(len(text))
    for quote in quotes:
        start = text.find(quote)
        if quote and start >= 0:
            marked[start : start + len(quote)] = b"\1" * len(quote)
    cuts = [0, *(i for i in range(1, len(text)) if marked[i] != marked[i - 1]), len(text)]
    return tuple((text[a:b], bool(marked[a])) for a, b in pairwise(cuts) if b > a)
