import json

import pytest

from assistant.tasks import TASKS, task_named
from finetune.evaluation.baselines import by_overlap, chance, rules
from finetune.evaluation.examples import Asked, _example, blank
from finetune.evaluation.scoring import measure_of, with_intervals
from finetune.evaluation.texts import jieba_scores, text_of, text_scores
from tests.finetune.evaluation.conftest import rows_of

WITH_EXAMPLES = [name for name in TASKS if rows_of(name, 1)]


@pytest.mark.parametrize("name", WITH_EXAMPLES)
def test_the_right_replies_score_better_than_none(name: str) -> None:
    examples = [_example(row) for row in rows_of(name, 6)]
    replies = [e.reply for e in examples]
    right = measure_of(examples, replies, [e.read(r) for e, r in zip(examples, replies, strict=True)])(range(len(examples)))
    nothing = measure_of(examples, [""] * len(examples), [None] * len(examples))(range(len(examples)))
    assert right["readable"] == 1.0 and nothing["readable"] == 0.0
    assert any(value > 0 for value in right.values())
    main = next(iter(right))
    assert right[main] > nothing.get(main, 0.0)


@pytest.mark.parametrize("name", WITH_EXAMPLES)
def test_an_output_that_says_nothing(name: str) -> None:
    example = _example(rows_of(name, 1)[0])
    assert type(blank(example.right)) is type(example.right)


def test_texts_are_compared_by_words_and_by_characters_of_chinese() -> None:
    assert text_of('{"title": "Pump", "parts": ["ring", {"name": "seal"}], "n": 3}') == "Pump\nring\nseal"
    assert text_of("no JSON") == "no JSON"
    same, other = ["一种密封环，由石墨制成。"], ["一种轴承座，由钢制成。"]
    for scores in (text_scores(same, same, "zh"), jieba_scores(same, same)):
        assert all(value == pytest.approx(1.0, abs=0.01) for value in scores.values())
    for scores in (text_scores(other, same, "zh"), jieba_scores(other, same)):
        assert all(value < 0.8 for value in scores.values())
    assert jieba_scores([""], same) == {"rouge_1": 0.0, "rouge_2": 0.0, "rouge_l": 0.0, "bleu_4": 0.0}


def test_intervals_hold_the_value_and_the_gain() -> None:
    good, bad = [True] * 15 + [False] * 5, [True] * 5 + [False] * 15
    measures = {
        "base": lambda places: {"right": sum(bad[p] for p in places) / len(places)},
        "tuned": lambda places: {"right": sum(good[p] for p in places) / len(places), "more": 1.0},
    }
    found = with_intervals(measures, 20, 500, "base", 0)
    row = found["tuned"]["right"]
    assert row["low"] < 0.75 < row["high"] and row["value"] == 0.75
    assert row["gain"] == 0.5 and 0.2 < row["gain_low"] < 0.5 < row["gain_high"] < 0.8
    assert "gain" not in found["base"]["right"] and "gain" not in found["tuned"]["more"]
    assert found == with_intervals(measures, 20, 500, "base", 0)


def test_what_can_be_had_without_a_model() -> None:
    examples = [_example(row) for row in rows_of("grounded_answer", 4)]
    assert rules(examples) is None
    for example in examples:
        (statement,) = json.loads(by_overlap(example.given))["statements"]
        assert example.given.sentences()[statement["sentences"][0] - 1].quote == statement["text"]
        assert chance(example.given) == 1 / len(example.given.sentences())
    assert rules([Asked("a", "dialogue", "en", [("human", "Why?")], "So.")]) is None
    ruled = rules([_example(row) for row in rows_of("key_information", 2)])
    assert ruled is None or all(ruled)
    assert task_named("grounded_answer").offline is None
