"""The words that may be keywords of a text, and what speaks for each."""

from collections.abc import Sequence
from itertools import islice
from typing import Any

import numpy as np

from assistant.keyphrases.lexicon import Lexicon
from assistant.keyphrases.reading import LONGEST, Reading

Array = np.ndarray[Any, Any]
ABSENT = 80
"""So many words that do not stand in a text may be its keywords: those that its words call for most."""
DRAWN = 10
"""A word's own rate is drawn to the mean as if the mean had been seen so often."""
NAMES = (
    *("length", "keys", "present", "present_rate", "absent_keys", "absent_rate"),
    *("places", "as_word", "as_piece", "per_100_characters", "first", "first_share", "last_share", "spread", "clauses"),
    *("characters", "candidates", "rarity", "ipc_titles", "frequency_by_rarity", "frequency_rank", "in_dictionary", "kind"),
    *("called", "called_rank", "company", "before", "after", "inside_mean", "inside_least"),
    *("longer", "longer_rate", "longer_places", "characters_there"),
)


def candidates(reading: Reading, lexicon: Lexicon, called: Array) -> list[str]:
    """Words of the text, known keywords inside its words, and the labels called for most that do not stand in it; without repeats."""
    inside = {word for word in reading.places if word in lexicon.label}
    there = sorted({word for word in reading.pieces.keys() | reading.words.keys() if len(word) <= LONGEST} | inside)
    absent = (word for label in _order(called) if (word := lexicon.label_words[label]) not in reading.places)
    return there + list(islice(absent, ABSENT))


def features(reading: Reading, lexicon: Lexicon) -> tuple[list[str], Array]:
    """The candidates and their (candidates, NAMES) float32; not-a-number where a thing is not known or does not apply."""
    import rjieba

    direction = lexicon.direction(reading)
    called = lexicon.calls(reading)
    words = candidates(reading, lexicon, called)
    there = [word for word in words if word in reading.places]
    ranks = np.argsort(_order(called))
    length = max(1, len(reading.text))
    mass = {word: len(reading.places[word]) * float(lexicon.rarity[lexicon.index.get(word, -1)]) for word in there}
    mass_rank = {word: rank for rank, word in enumerate(sorted(there, key=lambda w: (-mass[w], w)))}
    longer = _longer(reading)
    nan = float("nan")
    rows = []
    for word in words:
        i = lexicon.index.get(word, -1)
        keys, present, present_keys = (int(counts[i]) if i >= 0 else 0 for counts in (lexicon.keys, lexicon.present, lexicon.present_keys))
        places = reading.places.get(word, ())
        label = lexicon.label.get(word)
        around = longer.get(word, ())
        inside = [_known(lexicon.inside, lexicon, character, lexicon.rate) for character in word]
        rows.append(
            (
                len(word),
                keys,
                present,
                _rate(lexicon, word) if places else nan,
                keys - present_keys,
                (keys - present_keys + 0.3) / (lexicon.texts - present + 100),
                len(places),
                reading.words.get(word, 0),
                reading.pieces.get(word, 0),
                100 * len(places) / length,
                places[0] if places else nan,
                places[0] / length if places else nan,
                places[-1] / length if places else nan,
                (places[-1] - places[0]) / length if places else nan,
                len({reading.text.rfind("，", 0, place) for place in places}),
                length,
                len(there),
                lexicon.rarity[i],
                np.log1p(lexicon.rare[i]) if i >= 0 else 0,
                mass.get(word, nan),
                mass_rank.get(word, nan),
                rjieba.has_word(word),
                lexicon.kinds.get(reading.kinds.get(word, ""), nan),
                called[label] if label is not None else nan,
                ranks[label] if label is not None else nan,
                lexicon.directions[i] @ direction if i >= 0 and lexicon.vectors[i].any() else nan,
                _mean(reading.after.get(word, ()), lexicon.before, lexicon),
                _mean(reading.before.get(word, ()), lexicon.after, lexicon),
                sum(inside) / len(inside),
                min(inside),
                len(around),
                max((_rate(lexicon, w) for w in around), default=nan),
                max((reading.words[w] for w in around), default=0),
                sum(character in reading.places for character in word) / len(word),
            )
        )
    return words, np.array(rows, dtype=np.float32).reshape(len(words), len(NAMES))


def _order(scores: Array) -> Array:
    """The labels, best first."""
    order: Array = np.argsort(-scores, kind="stable")
    return order


def _rate(lexicon: Lexicon, word: str) -> float:
    """How often the word is a keyword where it stands."""
    i = lexicon.index.get(word, -1)
    keys, present = (int(lexicon.present_keys[i]), int(lexicon.present[i])) if i >= 0 else (0, 0)
    return (keys + DRAWN * lexicon.rate) / (present + DRAWN)


def _known(rates: Array, lexicon: Lexicon, word: str, other: float) -> float:
    i = lexicon.index.get(word, -1)
    rate = float(rates[i]) if i >= 0 else other
    return other if rate != rate else rate


def _mean(words: Sequence[str], rates: Array, lexicon: Lexicon) -> float:
    return sum(_known(rates, lexicon, word, lexicon.rate) for word in words) / len(words) if words else float("nan")


def _longer(reading: Reading) -> dict[str, list[str]]:
    """The words of the text that have a run of characters inside."""
    found: dict[str, list[str]] = {}
    for word in reading.words:
        for start in range(len(word)):
            for end in range(start + 1, len(word) + 1):
                if end - start < len(word):
                    found.setdefault(word[start:end], []).append(word)
    return found
