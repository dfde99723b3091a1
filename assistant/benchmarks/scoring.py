"""Accuracy of predictions, all together and by subject, with Wilson score intervals at 95 % (Wilson, JASA 1927)."""

import unicodedata
from collections.abc import Mapping, Sequence

from pydantic import BaseModel, ConfigDict

from assistant.benchmarks.item import Item, MultipleChoice, letters
from assistant.benchmarks.reading import BenchmarkError


class Score(BaseModel):
    """`right` of `of` questions; the share lies between `low` and `high` with 95 % confidence. `unanswered` of them had no prediction and count
    as wrong."""

    model_config = ConfigDict(frozen=True)

    right: int
    of: int
    unanswered: int
    accuracy: float
    low: float
    high: float


class Scores(BaseModel):
    """`without_answer` questions have no published answer and are not counted."""

    model_config = ConfigDict(frozen=True)

    overall: Score
    subjects: dict[str, Score]
    languages: dict[str, Score]
    without_answer: int


def scores(items: Sequence[Item], predictions: Mapping[str, str]) -> Scores:
    """How many predictions, by the ids of the items, are right: of several letters exactly the right ones, in any order and way of writing.

    Raises BenchmarkError where a prediction is of no item, no item has an answer, two items have one id, or an item's answer is a text that is
    not right or wrong.
    """
    ids = {item.id for item in items}
    if len(ids) != len(items):
        raise BenchmarkError("two questions have the same id; score each file on its own")
    if unknown := [identity for identity in predictions if identity not in ids]:
        raise BenchmarkError(
            f"{len(unknown)} predictions are of no question here, such as {unknown[0]!r}; score them with the file they were made from"
        )
    vague = next((item for item in items if not isinstance(item, MultipleChoice) and not item.exact), None)
    if vague is not None:
        raise BenchmarkError(f"{vague.id}: an answer to an open question is not right or wrong; score it by its words")
    known = [item for item in items if item.answer is not None]
    if not known:
        raise BenchmarkError("no question has a published answer; send the predictions to the benchmark's own site")
    return Scores(
        overall=_score(known, predictions),
        subjects={name: _score([i for i in known if i.subject == name], predictions) for name in dict.fromkeys(i.subject for i in known)},
        languages={name: _score([i for i in known if i.language == name], predictions) for name in dict.fromkeys(i.language for i in known)},
        without_answer=len(items) - len(known),
    )


def _score(items: Sequence[Item], predictions: Mapping[str, str]) -> Score:
    right = sum(_is_right(item, predictions.get(item.id, "")) for item in items)
    low, high = wilson(right, len(items))
    unanswered = sum(not predictions.get(item.id, "").strip() for item in items)
    return Score(right=right, of=len(items), unanswered=unanswered, accuracy=right / len(items), low=low, high=high)


def _is_right(item: Item, prediction: str) -> bool:
    if isinstance(item, MultipleChoice):
        return letters(prediction) == item.answer
    return _plain(prediction) == _plain(item.answer or "")


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def wilson(right: int, of: int) -> tuple[float, float]:
    """The interval of a share. Raises ValueError where there are none, or more right than there are."""
    from scipy.stats import binomtest

    interval = binomtest(right, of).proportion_ci(0.95, method="wilson")
    return float(interval.low), float(interval.high)
