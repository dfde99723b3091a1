"""MoZIP's three files."""

import json

import pytest

from assistant.benchmarks.mozip import read_ipqa, read_ipquiz, read_patent_match
from assistant.benchmarks.reading import BenchmarkError

QUIZ = {"language": "en", "problem": "Which flies?", "candidates": {"A": "A kite", "B": "A stone"}, "answer": "A"}
MATCH = "请从A、B、C、D四个专利中选出最相似的一个，该序号是?一种风筝，它很轻。\nA: 一种石头。\n沉的。\nB: 一种纸鸢。\nC: 一种船。\nD: 一种车。"


def lines(path, *rows):
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "candidates",
    [
        {"A": "A kite", "B": "A stone"},
        {"B": "A stone", "(A)": " A kite "},
        "{'A': 'A kite', 'B': 'A stone'}",
        {"options": ["A", "B"], "texts": ["A kite", "A stone"]},
    ],
)
def test_ipquiz(tmp_path, candidates):
    file = lines(tmp_path / "en.json", {**QUIZ, "candidates": candidates}, {**QUIZ, "answer": ""})
    first, second = read_ipquiz(file)
    assert (first.question, first.answer, first.language, first.subject) == ("Which flies?", "A", "en", "IPQuiz")
    assert first.options == {"A": "A kite", "B": "A stone"}
    assert list(first.options) == ["A", "B"]
    assert (first.id, second.id, second.answer) == ("en-1", "en-2", None)


@pytest.mark.parametrize(
    ("row", "wrong"),
    [
        ({**QUIZ, "candidates": {}}, "`candidates`"),
        ({**QUIZ, "candidates": "A kite"}, "`candidates`"),
        ({**QUIZ, "candidates": {"A": "one"}}, "`candidates`"),
        ({**QUIZ, "candidates": {"A": "one", "a": "two"}}, "`candidates`"),
        ({**QUIZ, "problem": " "}, "no problem or question"),
        ({**QUIZ, "answer": "C"}, "none of the options"),
        ({**QUIZ, "answer": "the first"}, "the answer"),
    ],
)
def test_a_broken_row_of_ipquiz_is_named_with_its_line(tmp_path, row, wrong):
    file = lines(tmp_path / "zh.json", QUIZ, row)
    with pytest.raises(BenchmarkError, match=r"zh\.json, line 2: ") as error:
        read_ipquiz(file)
    assert wrong in str(error.value)
    assert "\n" not in str(error.value)


def test_patent_match(tmp_path):
    english = (
        "Please select the number of the most similar patent. Which number is?\nA kite.\nA: A stone.\nB: A dragon of paper.\nC: A boat.\nD: A car."
    )
    file = lines(tmp_path / "PatentMatch_zh.json", {"instruction": MATCH, "input": "", "output": "B"}, {"instruction": english, "output": ""})
    first, second = read_patent_match(file)
    assert (first.question, first.answer, first.language) == ("一种风筝，它很轻。", "B", "zh")
    assert first.instruction.endswith("该序号是?")
    assert first.options == {"A": "一种石头。\n沉的。", "B": "一种纸鸢。", "C": "一种船。", "D": "一种车。"}
    assert (second.question, second.answer, second.language, len(second.options)) == ("A kite.", None, "en", 4)


def test_patent_match_without_options_is_an_error(tmp_path):
    with pytest.raises(BenchmarkError, match="line 1: no lines `A: …`"):
        read_patent_match(lines(tmp_path / "m.json", {"instruction": "Please select one?", "output": "A"}))
    with pytest.raises(BenchmarkError, match="line 1: no instruction"):
        read_patent_match(lines(tmp_path / "m.json", QUIZ))


def test_ipqa(tmp_path):
    rows = ({"question": "什么是风筝？", "answer": "会飞的纸。"}, {"instruction": "What is a kite?", "input": "Say it shortly.", "output": ""})
    first, second = read_ipqa(lines(tmp_path / "IPQA.json", *rows))
    assert (first.question, first.answer, first.language, first.exact) == ("什么是风筝？", "会飞的纸。", "zh", False)
    assert (second.question, second.answer, second.language) == ("What is a kite?\nSay it shortly.", None, "en")
