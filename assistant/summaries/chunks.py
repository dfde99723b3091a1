"""A text as chunks that fill a language model's window: cut between its sections where one ends near the end of the window, else between
paragraphs and claims, and inside one only where it alone is longer than the window."""

from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate

from assistant.errors import TooLongError
from assistant.summaries.candidates import sections_of
from assistant.tasks.grounded_answer import WITHHELD
from assistant.tasks.orders import orders
from assistant.tasks.parts import Part
from ingest.document import PatentDocument
from ingest.sentences import sentence_spans

FILLED = 0.75
"""The share of what fits from which on a chunk ends with its section."""
_SHORTEST = 16
"""Characters of a piece that is not cut further."""
_TITLES = {"abstract": "Abstract", "claims": "Claims"}


def parts_of(document: PatentDocument) -> list[Part]:
    """Every paragraph and claim with text, in the order of `sections_of`."""
    return [
        Part(id=anchor, text=text, kind=section.kind, heading=section.heading or _TITLES.get(section.kind, ""))
        for section, texts in sections_of(document)
        for anchor, text, _ in texts
    ]


def chunks(parts: Sequence[Part], room: Callable[[Sequence[Part]], int], size: Callable[[Part], int]) -> Iterator[tuple[Part, ...]]:
    """Chunks that together hold all parts in their order. `room` says how many tokens are left beside a chunk, below zero where it does not fit;
    `size` about how many tokens a part takes.

    Raises TooLongError where not even a few characters fit.
    """
    parts, sizes, start = list(parts), [size(part) for part in parts], 0
    while start < len(parts):
        end = _filled(parts, sizes, start, room)
        if end == start:
            pieces = halves(parts[start])
            if not pieces:
                lacking = -room(parts[start : start + 1])
                raise TooLongError(f"the window has no room for text beside the instructions: {lacking} tokens are lacking; take more context")
            parts[start : start + 1] = pieces
            sizes[start : start + 1] = [size(piece) for piece in pieces]
            continue
        end = _border(parts, sizes, start, end)
        yield tuple(parts[start:end])
        start = end


def _filled(parts: Sequence[Part], sizes: Sequence[int], start: int, room: Callable[[Sequence[Part]], int]) -> int:
    """The most parts from `start` on that fit; the sizes tell where to begin to look."""
    free, end = room(()), start
    for total in accumulate(sizes[start:]):
        if total > free:
            break
        end += 1
    while end > start and room(parts[start:end]) < 0:
        end -= 1
    while end < len(parts) and room(parts[start : end + 1]) >= 0:
        end += 1
    return end


def _border(parts: Sequence[Part], sizes: Sequence[int], start: int, end: int) -> int:
    """The last end of a section that leaves the chunk nearly full, else `end`."""
    if end == len(parts):
        return end
    whole = total = sum(sizes[start:end])
    for place in range(end, start, -1):
        if total < FILLED * whole:
            break
        if (parts[place].kind, parts[place].heading) != (parts[place - 1].kind, parts[place - 1].heading):
            return place
        total -= sizes[place - 1]
    return end


def halves(part: Part) -> list[Part]:
    """A part cut in two, verbatim, where a sentence ends, else between words, as near the middle as may be; [] where it is too short for that.
    A sentence that gives orders is withheld whole, since its pieces might not be known for what they are."""
    text, middle = part.text, len(part.text) // 2
    if len(text.strip()) < _SHORTEST:
        return []
    ends = [end for _, end in sentence_spans(text)][:-1]
    if not ends and orders(text):
        return [part.model_copy(update={"text": WITHHELD})]
    ends = ends or [i for i, c in enumerate(text) if c.isspace() and text[:i].strip() and text[i:].strip()]
    cut = min(ends, key=lambda end: abs(end - middle), default=middle)
    return [part.model_copy(update={"text": piece}) for piece in (text[:cut], text[cut:])]
