"""Scores to probabilities."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.calibration import DOCUMENTS, PASSAGES, Calibration, measures

SCORES = st.lists(st.floats(-5, 5), min_size=1, max_size=30).map(lambda s: sorted(s, reverse=True))


@pytest.mark.parametrize("calibration", [DOCUMENTS, PASSAGES])
@given(scores=SCORES, terms=st.integers(0, 500))
def test_probabilities_fall_with_the_rank(calibration, scores, terms):
    found = calibration.probabilities(scores, terms)
    assert all(0 <= p <= 1 for p in found)
    assert found == sorted(found, reverse=True)


def test_the_logistic_of_the_measures():
    (first, second) = Calibration(-1.0, 2.0, 3.0, 0.0).probabilities([1.0, 0.5], 4)
    assert first == pytest.approx(1 / (1 + 2.718281828 ** -(-1 + 2 * 1.0 + 3 * 0.5)))
    assert second == pytest.approx(1 / (1 + 2.718281828 ** -(-1 + 2 * 0.5 + 3 * -0.5)))


def test_a_single_hit_stands_above_nothing():
    assert measures([0.7], 0) == [(0.7, 0.0, 0.0)]
    assert measures([], 3) == []


@pytest.mark.parametrize("calibration", [DOCUMENTS, PASSAGES])
def test_a_hit_far_above_the_next_is_likelier(calibration):
    assert calibration.probabilities([1.2, 0.3], 8)[0] > calibration.probabilities([1.2, 1.19], 8)[0]


def test_hits_have_probabilities_and_one_side_alone_has_none(sample_index):
    hits = sample_index.search("labyrinth seal with a drain chamber", 8)
    assert [h.probability for h in hits] == sorted((h.probability for h in hits), reverse=True)
    assert hits[0].model_dump()["probability"] == round(hits[0].probability, 4)
    assert sample_index.search("labyrinth seal", 3, mode="dense")[0].probability is None
    first = sample_index.search_documents("labyrinth seal with a drain chamber", 1)[0]
    assert first.probability == sample_index.search_documents("labyrinth seal with a drain chamber", 5)[0].probability
    assert first.probability > 0.5
