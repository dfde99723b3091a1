"""The greedy cover of a document's terms."""

import numpy as np
import pytest

from assistant.summaries.candidates import Candidate
from assistant.summaries.covering import TermSpace, choose


def candidate(*terms: str) -> Candidate:
    text = " ".join(terms)
    return Candidate(anchor="US1A#p1", text=text, start=0, section=0, kind="description", heading="", order=0, size=len(terms), terms=terms)


FOUND = [candidate("a", "b", "c"), candidate("a", "b", "c"), candidate("d", "e"), candidate("a", "d", "e", "f", "g")]
SPACE = TermSpace.of(FOUND)
NONE = np.zeros(len(FOUND))
ALL = np.ones(len(SPACE.vocabulary))


def test_terms_have_weights_that_add_up_to_one_and_vectors_of_length_one() -> None:
    assert SPACE.weights.sum() == pytest.approx(1)
    assert np.sqrt(np.asarray(SPACE.vectors.multiply(SPACE.vectors).sum(axis=1))).ravel() == pytest.approx(1)
    assert SPACE.spread([0, 1]).tolist() == [2, 2, 2, 0, 0, 0, 0]
    assert SPACE.has(["b", "unknown"]).tolist() == [0, 1, 0, 0, 0, 0, 0]


def test_the_second_choice_is_what_the_first_does_not_say() -> None:
    assert choose(SPACE, FOUND, range(4), ALL, NONE, 0, 0.4, 100, 2) == [0, 3]


def test_of_equals_the_earlier_one() -> None:
    assert choose(SPACE, FOUND, [1, 0], ALL, NONE, 0, 0.4, 100, 1) == [0]


def test_the_budget_holds() -> None:
    assert choose(SPACE, FOUND, range(4), ALL, NONE, 0, 0.4, 4, 10) == [0]
    assert choose(SPACE, FOUND, range(4), ALL, NONE, 0, 0.4, 5, 1) == [3]
    assert choose(SPACE, FOUND, range(4), ALL, NONE, 0, 0.4, 1, 10) == []


def test_a_price_ends_the_choice() -> None:
    assert choose(SPACE, FOUND, range(4), ALL, NONE, 0.7, 0.4, 100, 10) == [0, 3]
    assert choose(SPACE, FOUND, range(4), ALL, NONE, 2, 0.4, 100, 10) == [2]


def test_quality_tells_sentences_of_the_same_terms_apart() -> None:
    assert choose(SPACE, FOUND, [0, 1], ALL, np.array([0.0, 1, 0, 0]), 0, 0.4, 100, 1) == [1]


def test_without_terms_nothing_fails() -> None:
    bare = [candidate(), candidate()]
    space = TermSpace.of(bare)
    assert choose(space, bare, [0, 1], np.zeros(0), np.zeros(2), 0, 0.4, 10, 2) == [0]
