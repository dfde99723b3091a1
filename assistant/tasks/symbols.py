"""Places of the IPC in tasks: candidates, whether a place is in the scheme of the index, and scores by level."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from assistant.tasks.metrics import mean
from assistant.tasks.task import Output, as_data, one_line
from ingest.errors import ReadError
from ingest.schemes.symbol import Symbol, standard

if TYPE_CHECKING:
    from index.patent_index import PatentIndex

LEVELS = ("section", "class", "subclass", "group")
_LANGUAGES = ("en", "zh", "fr", "de")


class Candidate(Output):
    """A place that may be named: `title` with those above it; `score` is the probability or the score of the search; `like` are the
    anchors of patents that are there and are like the text."""

    symbol: str
    title: str = ""
    score: float | None = None
    like: tuple[str, ...] = ()


def show_candidates(candidates: Sequence[Candidate]) -> str:
    lines = [one_line(as_data(f"{c.symbol}: {c.title}" if c.title else c.symbol)) for c in candidates]
    return "\n".join(["<candidates>", *lines, "</candidates>"])


class Scheme:
    """The classification scheme that an index has; false where it has none."""

    def __init__(self, index: "PatentIndex") -> None:
        from assistant.classification.classifier import Classifier

        self._index = index
        self._titles = Classifier(index)

    def __bool__(self) -> bool:
        return bool(self._index.catalogue.numbers_like("IPC:"))

    def has(self, symbol: str) -> bool:
        """Whether a place in its standard form is in the scheme. A list of titles may end at the main groups: under a main group without any
        subgroup, every subgroup is taken for one."""
        place = Symbol(symbol)
        if self._entry(symbol):
            return True
        if place.level != "subgroup":
            return False
        group = f"IPC:{place.section}{place.cls}{place.subclass}{place.group}/"
        below = self._index.catalogue.numbers_like(group)
        return bool(below) and all(number.partition("@")[0] == f"{group}00" for number in below)

    def title(self, symbol: str, language: str) -> str:
        """The title with those above it, "" where the scheme has none; of a subgroup that is not in it, that of its main group."""
        found = self._titles.title(symbol, language)
        return found or (self._titles.title(str(Symbol(symbol).ancestors()[-1]), language) if Symbol(symbol).level == "subgroup" else "")

    def _entry(self, symbol: str) -> bool:
        key = symbol.replace(" ", "")
        return any(self._index.catalogue.document(f"IPC:{key}@{language}") is not None for language in _LANGUAGES)


def place_problems(places: Sequence[Any], most: int) -> list[str]:
    """What is wrong with the places that were named: none, too many, or one that is not in the scheme of the index."""
    found = [] if places else ["no place is named"]
    if len(places) > most:
        found.append(f"{len(places)} places are named; {most} at most")
    return found + [f"{p.symbol} does not exist in the IPC of the index" for p in places if p.in_scheme is False]


def standard_or_none(written: str) -> str | None:
    """The standard form of a symbol of the IPC, or None where it is none."""
    try:
        symbol = standard(written)
    except ReadError:
        return None
    return symbol if symbol[0] != "Y" else None


def at_level(symbol: str, level: str) -> str:
    """The place above a symbol at a level, or itself; "" where it stands above that level."""
    place = Symbol(symbol)
    parts = {
        "section": place.section,
        "class": place.section + place.cls if place.cls else "",
        "subclass": place.section + place.cls + place.subclass if place.subclass else "",
        "group": f"{place.section}{place.cls}{place.subclass} {place.group}/00" if place.group else "",
    }
    return parts[level]


def place_scores(predicted: Sequence[Sequence[str]], right: Sequence[Sequence[str]]) -> dict[str, float]:
    """By level: how often the first place is the first right one (`first_subclass`), and how often it is any right one (`any_subclass`); of
    those whose first right place is at the level or below."""
    scores = {}
    for level in LEVELS:
        pairs = [([at_level(s, level) for s in p], [at_level(s, level) for s in r]) for p, r in zip(predicted, right, strict=True)]
        known = [(p[0] if p else "", r) for p, r in pairs if r and r[0]]
        scores[f"first_{level}"] = mean(float(said == r[0]) for said, r in known)
        scores[f"any_{level}"] = mean(float(bool(said) and said in r) for said, r in known)
    return scores
