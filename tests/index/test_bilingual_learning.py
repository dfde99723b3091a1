"""Learning translations from parallel texts."""

import random

import numpy as np
import pytest

from index.bilingual.alignment import align
from index.bilingual.learning import learn

WORDS = {"密封": "seal", "阀": "valve", "燃料": "fuel", "泵": "pump", "电机": "motor", "冷却": "cooling", "齿轮": "gear", "轴承": "bearing"}


@pytest.fixture(scope="module")
def pairs():
    """Lists of things, a random three a text, English in another order."""
    chance = random.Random(3)
    found = []
    for _ in range(300):
        some = chance.sample(sorted(WORDS), 3)
        other = chance.sample(some, 3)
        found.append(("，".join(some), ", ".join(WORDS[word] for word in other)))
    return found


def test_words_that_stand_together_are_aligned():
    first, second = [["a", "b"], ["a", "c"], ["b", "c"], []], [["B", "A"], ["C", "A"], ["C", "B"], ["A"]]
    found = align(first, second)
    best = {found.first[a]: found.second[b] for (a, b), share in zip(found.pairs.tolist(), found.forward, strict=True) if share > 0.9}
    assert best == {"a": "A", "b": "B", "c": "C"}
    assert len(found.links) == len(found.posteriors) == 12
    assert np.all((found.posteriors >= 0) & (found.posteriors <= 1))


def test_the_diagonal_decides_where_the_counts_do_not():
    found = align([["a", "b"]], [["A", "B"]], diagonal=5.0)
    likely = {(found.first[a], found.second[b]): share for (a, b), share in zip(found.pairs.tolist(), found.forward, strict=True)}
    assert likely["a", "A"] > 0.9 > 0.1 > likely["a", "B"]


def test_every_word_finds_its_translation(pairs):
    phrases, terms = learn(pairs, {})
    assert {word: phrases[word] for word in WORDS} == WORDS
    assert terms["zh"]["阀"][0][0] == "valv"
    assert terms["en"]["valv"][0][0] == "阀"
    assert terms["en"]["valv"][0][1] > 0.9


def test_a_compound_is_learned_with_its_parts(pairs):
    some = [("燃料泵", "fuel pump"), ("燃料电机", "fuel motor")] * 4
    phrases, _ = learn([*pairs, *some], {})
    assert phrases["燃料泵"] == "fuel pump"
    assert phrases["燃料"] == "fuel"


def test_the_common_word_wins_where_the_texts_have_both(pairs):
    both = [("传感器，阀", "transducer, valve")] * 6 + [("传感器，阀", "sensor, valve")] * 4
    assert learn([*pairs, *both], {})[0]["传感器"] == "transducer"
    assert learn([*pairs, *both], {"sensor": 100_000, "transducer": 10})[0]["传感器"] == "sensor"


def test_texts_of_too_different_a_length_are_left_out(pairs):
    phrases, terms = learn([*pairs, ("轮胎", "a b c d e f g h tyre inflated by compressed air from tanks")], {})
    assert "轮胎" not in phrases
    assert "轮胎" not in terms["zh"]
