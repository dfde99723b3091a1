"""IPEval's arrays."""

import json

import pytest

from assistant.benchmarks.ipeval import read_ipeval
from assistant.benchmarks.reading import BenchmarkError

ROW = {"index": "p-1", "question": "哪些会飞？", "A": "风筝", "B": "石头", "C": "气球", "D": "车", "answer": "A,C", "type": "multi-choice"}


def array(path, *rows):
    path.write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
    return path


def test_chinese_and_english(tmp_path):
    (item, single) = read_ipeval(array(tmp_path / "patent.json", ROW, {**ROW, "answer": "A", "type": "singe-choice"}))
    assert (item.id, item.question, item.answer, item.several) == ("p-1", "哪些会飞？", "AC", True)
    assert (item.subject, item.language, list(item.options)) == ("patent", "zh", ["A", "B", "C", "D"])
    assert (single.id, single.several) == ("p-1-2", False)
    english = {**ROW, "index": 7.0, "question": "Which flies?", "E": "All.", "answer": "E", "analysis": "Kites do.", "type": "single-choice"}
    (item,) = read_ipeval(array(tmp_path / "english.json", english))
    assert (item.id, item.answer, item.language, item.explanation, len(item.options)) == ("7", "E", "en", "Kites do.", 5)


def test_blank_answers(tmp_path):
    assert [i.answer for i in read_ipeval(array(tmp_path / "p.json", {**ROW, "answer": ""}, {**ROW, "answer": None}))] == [None, None]


@pytest.mark.parametrize(
    ("row", "wrong"),
    [
        ({**ROW, "question": None}, "no question"),
        ({**ROW, "answer": "E"}, "none of the options"),
        ({"question": "Q?", "A": "x"}, "no options A and B"),
    ],
)
def test_broken_rows(tmp_path, row, wrong):
    with pytest.raises(BenchmarkError) as error:
        read_ipeval(array(tmp_path / "p.json", row))
    assert wrong in str(error.value)
    assert "p.json, line 1: " in str(error.value)
