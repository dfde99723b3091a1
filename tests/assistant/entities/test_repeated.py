"""Entities found in some places of their words, and taken for ones in all."""

from assistant.entities import Entity
from assistant.entities.repeated import repeated
from assistant.entities.tokens import pieces


def places(text: str, *entities: Entity) -> list[tuple[str, int, str]]:
    return [(e.text, e.start, e.type) for e in repeated(sorted(entities, key=lambda e: e.start), text, pieces(text))]


def test_found_twice_it_is_found_everywhere() -> None:
    text = "coil, coil and a coil. The coiled coil"
    assert places(text, Entity("coil", "A", 0, 4), Entity("coil", "A", 6, 10)) == [("coil", at, "A") for at in (0, 6, 17, 34)]


def test_found_once_it_stays_so() -> None:
    assert places("coil, coil", Entity("coil", "A", 0, 4)) == [("coil", 0, "A")]


def test_found_seldom_it_stays_so() -> None:
    text = "碳" * 2 + "，碳" * 8
    assert len(places(text, Entity("碳", "A", 0, 1), Entity("碳", "A", 1, 2))) == 2
    text = "碳" * 2 + "，碳" * 4
    assert len(places(text, Entity("碳", "A", 0, 1), Entity("碳", "A", 1, 2))) == 6


def test_not_inside_another_nor_over_sentences_nor_over_itself() -> None:
    text = "铝铝，铝铝，氧化铝铝，铝铝铝。铝。铝"
    assert places(text, Entity("铝铝", "A", 0, 2), Entity("铝铝", "A", 3, 5), Entity("氧化铝铝", "B", 6, 10)) == [
        ("铝铝", 0, "A"),
        ("铝铝", 3, "A"),
        ("氧化铝铝", 6, "B"),
        ("铝铝", 11, "A"),
    ]


def test_of_the_type_that_is_likelier_with_the_share_as_probability() -> None:
    text = "coil coil coil coil"
    some = [Entity("coil", "A", 0, 4, 0.9), Entity("coil", "B", 5, 9, 0.5)]
    found = repeated(some, text, pieces(text))
    assert found[:2] == some
    assert [(e.type, e.probability) for e in found[2:]] == [("A", 0.225)] * 2
