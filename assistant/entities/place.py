"""Where the entities that a language model named stand in the text."""

from collections.abc import Iterable
from typing import NamedTuple

from assistant.entities.entity import Entity, Pair
from assistant.entities.tokens import normalised


class Placed(NamedTuple):
    """The entities with their places, by place, and the pairs that are not in the text."""

    found: list[Entity]
    missing: list[Pair]


def located(pairs: Iterable[Pair], text: str) -> Placed:
    """Every place of each pair in the text: as it is there, but for width, capitals, kinds of hyphen and white space.

    A word is not found inside a longer one (`head` in `overhead`), and no entity inside a longer one that was named too, except where it
    stands nowhere else. The text of what is found is that of the place: `text[e.start:e.end] == e.text`.
    """
    pairs = list(dict.fromkeys(Pair(*pair) for pair in pairs))
    flat = _Flat(text)
    taken = bytearray(len(text))
    whole: set[tuple[int, int]] = set()
    found: list[Entity] = []
    missing: list[Pair] = []
    for pair in sorted(pairs, key=lambda p: -len(p.text)):
        places = flat.places(pair.text)
        if not places:
            missing.append(pair)
        for start, end in [place for place in places if place in whole or not any(taken[slice(*place)])] or places:
            found.append(Entity(text[start:end], pair.type, start, end))
            taken[start:end] = b"\1" * (end - start)
            whole.add((start, end))
    order = {pair: i for i, pair in enumerate(pairs)}
    return Placed(sorted(found, key=lambda e: (e.start, -e.end, e.type)), sorted(missing, key=lambda p: order[p]))


class _Flat:
    """A text in one width, case and kind of hyphen, runs of white space as one space, with the place of each character in the text."""

    def __init__(self, text: str) -> None:
        characters: list[str] = []
        self._from: list[int] = []
        for i, character in enumerate(text):
            if character.isspace():
                if characters and characters[-1] == " ":
                    continue
                flat = " "
            else:
                flat = normalised(character)
            characters += flat
            self._from += [i] * len(flat)
        self._from.append(len(text))
        self._text = "".join(characters)

    def places(self, wanted: str) -> list[tuple[int, int]]:
        """(start, end) in the text, without overlap."""
        flat = " ".join(normalised(wanted).split())
        spans = []
        at = self._text.find(flat) if flat else -1
        while at >= 0:
            end = at + len(flat)
            if self._bound(at) and self._bound(end):
                spans.append((self._from[at], self._from[end - 1] + 1))
                at = self._text.find(flat, end)
            else:
                at = self._text.find(flat, at + 1)
        return spans

    def _bound(self, at: int) -> bool:
        """Whether no word, and no character that was taken apart, goes on over this place."""
        if at in (0, len(self._text)):
            return True
        return self._from[at - 1] != self._from[at] and not (_in_word(self._text[at - 1]) and _in_word(self._text[at]))


def _in_word(character: str) -> bool:
    return character.isalnum() and character < "\u2e80"
