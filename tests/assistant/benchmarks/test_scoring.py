"""Accuracy and its intervals."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.benchmarks.item import MultipleChoice, OpenQuestion
from assistant.benchmarks.reading import BenchmarkError
from assistant.benchmarks.scoring import scores, wilson


def choice(identity, answer, subject="law", language="zh"):
    return MultipleChoice(id=identity, question="q", options={c: c for c in "ABCD"}, answer=answer, subject=subject, language=language)


ITEMS = [choice("1", "A"), choice("2", "AC"), choice("3", "B", "rules", "en"), choice("4", "D"), choice("5", None)]


def test_all_together_by_subject_and_by_language():
    found = scores(ITEMS, {"1": "a", "2": "C, A", "3": "C", "5": "A"})
    assert (found.overall.right, found.overall.of, found.overall.unanswered, found.without_answer) == (2, 4, 1, 1)
    assert found.overall.accuracy == 0.5
    assert (found.subjects["law"].right, found.subjects["law"].of) == (2, 3)
    assert (found.subjects["rules"].accuracy, found.languages["en"].of) == (0.0, 1)
    assert found.overall.low < 0.5 < found.overall.high


def test_several_letters_must_all_be_right():
    assert scores(ITEMS[1:2], {"2": "A"}).overall.right == 0
    assert scores(ITEMS[1:2], {"2": "ACD"}).overall.right == 0


def test_exact_answers_in_words():
    items = [OpenQuestion(id="1", question="q", answer="A61B 5/145", exact=True), OpenQuestion(id="2", question="q", answer="allowed", exact=True)]
    assert scores(items, {"1": "a61b5/145", "2": "rejected"}).overall.right == 1


@pytest.mark.parametrize(
    ("items", "predictions", "wrong"),
    [
        (ITEMS, {"9": "A"}, "of no question here, such as '9'"),
        (ITEMS[4:], {}, "no question has a published answer"),
        ([ITEMS[0], ITEMS[0]], {}, "the same id"),
        ([OpenQuestion(id="1", question="q", answer="Because.")], {}, "not right or wrong"),
    ],
)
def test_what_can_not_be_scored(items, predictions, wrong):
    with pytest.raises(BenchmarkError) as error:
        scores(items, predictions)
    assert wrong in str(error.value)


@pytest.mark.parametrize(
    ("right", "of", "low", "high"),
    [(0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634), (10, 10, 0.7225, 1.0), (82, 100, 0.7333, 0.8830)],
)
def test_wilson_as_published(right, of, low, high):
    """Computed from the formula of the score interval by hand."""
    assert wilson(right, of) == pytest.approx((low, high), abs=1e-4)


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_holds_the_share(counts):
    right, of = counts
    low, high = wilson(right, of)
    assert 0 <= low <= right / of <= high <= 1


def test_an_answer_must_be_an_option():
    with pytest.raises(ValueError, match="none of the options"):
        MultipleChoice(id="1", question="q", options={"A": "x", "B": "y"}, answer="C")
