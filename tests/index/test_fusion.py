"""Reciprocal rank fusion, against its formula in exact fractions."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.fusion import dense_weight, fuse


def test_the_scores_of_a_small_example():
    fused = fuse([(7, 9.0), (8, 5.0)], [(8, 0.9), (9, 0.8)], 1.0)
    assert fused == [(8, pytest.approx(1 / 62 + 1 / 61)), (7, pytest.approx(1 / 61)), (9, pytest.approx(1 / 62))]


def test_ties_go_to_the_lexical_order():
    assert [i for i, _ in fuse([(1, 3.0), (2, 2.0)], [(3, 0.9), (4, 0.8)], 1.0)] == [1, 3, 2, 4]


def test_without_weight_the_dense_side_has_no_say():
    lexical = [(5, 2.0), (3, 1.0)]
    assert fuse(lexical, [(3, 0.9), (4, 0.8)], 0.0) == [(5, pytest.approx(1 / 61)), (3, pytest.approx(1 / 62))]


def test_a_tiny_weight_only_fills_up():
    lexical = [(i, float(-i)) for i in range(20)]
    assert [i for i, _ in fuse(lexical, [(99, 0.9), (98, 0.8)], 1e-3)] == [*range(20), 99, 98]


IDS = st.lists(st.integers(0, 30), unique=True, max_size=20)


@settings(max_examples=100, deadline=None)
@given(IDS, IDS, st.sampled_from([0.0, 0.001, 0.5, 1.0]))
def test_the_formula(lexical, dense, weight):
    exact = {i: Fraction(0) for i in (*lexical, *(dense if weight else ()))}
    for rank, identity in enumerate(lexical, 1):
        exact[identity] += Fraction(1, 60 + rank)
    for rank, identity in enumerate(dense, 1):
        if weight:
            exact[identity] += Fraction(weight) / (60 + rank)
    fused = fuse([(i, 0.0) for i in lexical], [(i, 0.0) for i in dense], weight)
    assert dict(fused) == {i: pytest.approx(float(s)) for i, s in exact.items()}
    assert [s for _, s in fused] == sorted((s for _, s in fused), reverse=True)


@pytest.mark.parametrize(
    ("language", "readable", "weight"),
    [("en", ("en",), 1.0), ("zh", ("en",), 0.0), ("zh", (), 1.0), ("", ("en",), 1.0), ("zh", ("en", "zh"), 1.0), ("ja", ("en", "zh"), 0.0)],
)
def test_an_encoder_has_a_say_in_the_languages_it_reads(language, readable, weight):
    assert dense_weight(language, readable) == weight
