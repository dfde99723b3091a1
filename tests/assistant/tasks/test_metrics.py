import pytest

from assistant.tasks.metrics import accuracy, bleu, f1_at, mean, overlap_scores, rouge_l, set_scores


def test_means_and_shares():
    assert mean([]) == 0 and mean([1, 2]) == 1.5
    assert accuracy(["a", "b"], ["a", "c"]) == 0.5
    assert set_scores([{1, 2}, {3}], [{1}, {4}]) == {"precision": pytest.approx(1 / 3), "recall": 0.5, "f1": pytest.approx(0.4)}
    assert set_scores([set()], [set()]) == {"precision": 0.0, "recall": 0.0, "f1": 0.0}


def test_words_count_as_often_as_they_occur():
    scores = overlap_scores([["the ring", "The seal"]], [["the ring"]])
    assert scores == {"precision": 0.5, "recall": 1.0, "f1": pytest.approx(2 / 3)}
    assert overlap_scores([["密封环"]], [["密封圈"]])["f1"] == pytest.approx(2 / 3)
    assert overlap_scores([[]], [["a"]])["f1"] == 0.0


def test_f1_of_the_first_ones_is_a_mean_over_lists():
    assert f1_at([["a", "b"], ["x"]], [["a"], ["y"]], 10) == pytest.approx((2 / 3) / 2)
    assert f1_at([["b", "a"]], [["a"]], 1) == 0.0


def test_the_longest_common_subsequence():
    assert rouge_l("the cat sat", "the cat sat") == 1.0
    assert rouge_l("the big cat", "the cat") == pytest.approx(0.8)
    assert rouge_l("密封环", "密封圈") == pytest.approx(2 / 3)
    assert rouge_l("", "the cat") == 0.0


def test_bleu_cuts_chinese_into_characters():
    assert bleu(["一种密封环浮动的泵"], ["一种密封环浮动的泵"], "zh") == pytest.approx(1.0)
    assert bleu(["a pump with a ring"], ["a seal for the shaft"], "en") < 0.3
