"""IPBench's files, one a task."""

import json

import pytest

from assistant.benchmarks.ipbench import read_ipbench, symbol_accuracy
from assistant.benchmarks.item import MultipleChoice, OpenQuestion
from assistant.benchmarks.reading import BenchmarkError


def lines(path, *rows):
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def test_a_task_with_options(tmp_path):
    file = lines(
        tmp_path / "1-1-CH.json", {"instruction": "什么会飞？\nA. 风筝\nB. 石头", "output": "A"}, {"instruction": "Q？\nA. x\nB. y", "output": ""}
    )
    first, second = read_ipbench(file)
    assert isinstance(first, MultipleChoice)
    assert (first.question, first.options, first.answer) == ("什么会飞？", {"A": "风筝", "B": "石头"}, "A")
    assert (first.subject, first.language, first.id, second.answer) == ("1-1", "zh", "1-1-CH-1", None)


@pytest.mark.parametrize(
    ("name", "answer", "exact", "language"),
    [("1-5-1-EN", "A61B 5/145", True, "en"), ("3-5-EN", "allowed", True, "en"), ("4-1-CH", "本发明公开一种风筝。", False, "zh")],
)
def test_tasks_with_written_answers(tmp_path, name, answer, exact, language):
    (item,) = read_ipbench(lines(tmp_path / f"{name}.jsonl", {"instruction": "A kite of paper.", "output": answer}))
    assert isinstance(item, OpenQuestion)
    assert (item.answer, item.exact, item.language, item.subject) == (answer, exact, language, name.rpartition("-")[0])


def test_the_task_may_be_given(tmp_path):
    file = lines(tmp_path / "data.json", {"instruction": "A kite.", "output": "B64C 31/06"})
    with pytest.raises(BenchmarkError, match="give it as the task"):
        read_ipbench(file)
    assert read_ipbench(file, "1-5-2-EN")[0].subject == "1-5-2"


def test_a_task_with_options_but_without_them_is_an_error(tmp_path):
    with pytest.raises(BenchmarkError, match="line 2: no options A, B"):
        read_ipbench(lines(tmp_path / "1-1-EN.json", {"instruction": "Q?\nA. x\nB. y", "output": "A"}, {"instruction": "Q?", "output": "A"}))
    with pytest.raises(BenchmarkError, match="line 1: no instruction"):
        read_ipbench(lines(tmp_path / "1-1-EN.json", {"question": "Q?"}))
    with pytest.raises(BenchmarkError, match="none of the options"):
        read_ipbench(lines(tmp_path / "1-1-EN.json", {"instruction": "Q?\nA. x\nB. y", "output": "C"}))


def test_symbols_are_right_up_to_a_level():
    items = [
        OpenQuestion(id=str(n), question="q", answer=a, exact=True) for n, a in enumerate(["A61B5/145", "A61B 5/145", "H04L 9/08", "B64C 31/06"])
    ]
    items.append(OpenQuestion(id="x", question="q"))
    predictions = {"0": "A61B 5/145", "1": "A61B 5/00", "2": "The class is H01L 21/00", "3": "none"}
    assert symbol_accuracy(items, predictions) == {"section": 0.75, "class": 0.5, "subclass": 0.5, "exact": 0.25}
