"""Precision, recall and F1 of entities."""

import pytest

from assistant.entities import Entity, entity_scores, span_scores


def test_pairs_are_counted_together_as_sets() -> None:
    scores = entity_scores([[("A", "x"), ("A", "x"), ("B", "y")], []], [[("A", "x"), ("B", "z")], [("A", "x")]])
    assert (scores.right, scores.predicted, scores.gold) == (1, 2, 3)
    assert (scores.precision, scores.recall, scores.f1) == (0.5, pytest.approx(1 / 3), 0.4)


def test_a_right_entity_in_another_text_is_wrong() -> None:
    assert entity_scores([[("A", "x")], []], [[], [("A", "x")]]).f1 == 0


def test_place_and_type_both_count() -> None:
    gold = [Entity("x", "A", 0, 1), Entity("x", "A", 5, 6)]
    assert span_scores([[Entity("x", "A", 0, 1, 0.2), Entity("x", "B", 5, 6)]], [gold]).right == 1


def test_nothing_to_find_and_nothing_found_is_right() -> None:
    assert entity_scores([[]], [[]]).f1 == 1
    assert entity_scores([[]], [[("A", "x")]]).precision == 1
    assert entity_scores([[]], [[("A", "x")]]).f1 == 0


def test_texts_must_be_as_many() -> None:
    with pytest.raises(ValueError, match=r"shorter|longer"):
        entity_scores([[]], [])
