"""The excerpts that a language model is shown: as much of what was found as its window holds.

By rank, each hit is taken whole or not at all; a claim comes in full and with all claims that it depends on. What does not fit is
left out and named, and smaller pieces after it may still be taken. A passage that says the same as one already taken from another
document (a family member's) is folded into that. What was taken is shown in reading order, documents in the order of their best hit.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.tasks.grounded_answer import Source
from index.hit import Hit
from index.terms import terms
from ingest.anchor import split_anchor
from ingest.document import PatentDocument

ALIKE = 0.9
"""Share of common terms from which on two passages say the same; their numbers must be the same, too."""
_CLAIM = re.compile(r"c(\d+)(?:-(.+))?")
_DIGITS = re.compile(r"\d+(?:[.,]\d+)*")


@dataclass(frozen=True)
class Context:
    """`left_out` are the anchors that did not fit; `folded` those that say the same as another one, by that."""

    sources: tuple[Source, ...]
    left_out: tuple[str, ...] = ()
    folded: dict[str, str] | None = None


def build_context(hits: Sequence[Hit], document: Callable[[str], PatentDocument], count: Callable[[str], int], room: int) -> Context:
    """`document` gives a document by its number, `count` the tokens of a text; `room` is how many the excerpts may take."""
    taken: list[Source] = []
    left_out: list[str] = []
    folded: dict[str, str] = {}
    known: list[tuple[Source, set[str], list[str]]] = []
    for hit in hits:
        unit = [s for s in _unit(hit, document) if s not in taken]
        if not unit:
            continue
        last = unit[-1]
        words, digits = set(terms(last.text)), sorted(_DIGITS.findall(last.text))
        same = next((s for s, w, d in known if split_anchor(s.anchor)[0] != hit.number and d == digits and _alike(w, words)), None)
        if same is not None:
            folded[hit.anchor] = same.anchor
            continue
        size = sum(count(_shown(s)) for s in unit)
        if size > room:
            left_out.append(hit.anchor)
            continue
        room -= size
        taken.extend(unit)
        known.append((last, words, digits))
    order = {number: i for i, number in enumerate(dict.fromkeys(split_anchor(s.anchor)[0] for s in taken))}
    sources = sorted(taken, key=lambda s: (order[split_anchor(s.anchor)[0]], reading_order(s.anchor)))
    return Context(tuple(sources), tuple(dict.fromkeys(left_out)), folded)


def _unit(hit: Hit, document: Callable[[str], PatentDocument]) -> list[Source]:
    """What is shown for a hit: the passage; for a claim, its ancestors before it."""
    number, part = split_anchor(hit.anchor)
    match = _CLAIM.fullmatch(part)
    if hit.passage.section != "claims" or match is None:
        return [Source(anchor=hit.anchor, title=hit.title, text=hit.passage.text)]
    held = document(number)
    language = match[2] or ""
    wanted, found = [int(match[1])], set[int]()
    while wanted:
        if (each := wanted.pop()) not in found and (claim := held.claim(each, language)) is not None:
            found.add(each)
            wanted.extend(claim.depends_on)
    suffix = f"-{language}" if language else ""
    unit = []
    for each in [*sorted(found - {int(match[1])}), int(match[1])]:
        claim = held.claim(each, language)
        if claim is not None:
            unit.append(Source(anchor=f"{number}#c{each}{suffix}", title=hit.title, text=claim.text))
    return unit


def _shown(source: Source) -> str:
    """About what the source takes in a prompt: its sentences are numbered, and its anchor and perhaps its title stand before it."""
    return f"## {source.anchor}: {source.title}\n" + "".join(f"[100] {line}\n" for line in re.split(r"(?<=[.;。；\n])\s*", source.text))


def _alike(a: set[str], b: set[str]) -> bool:
    return bool(a) and len(a & b) >= ALIKE * len(a | b)


def reading_order(anchor: str) -> tuple[int, int]:
    """Title and abstract, claims, paragraphs."""
    part = anchor.partition("#")[2]
    digits = re.search(r"\d+", part)
    return ({"a": 0, "t": 0, "c": 1}.get(part[:1], 2), int(digits.group()) if digits else 0)
