"""C-Eval's CSV files."""

import pytest

from assistant.benchmarks.ceval import read_ceval, submission
from assistant.benchmarks.reading import BenchmarkError

VAL = 'id,question,A,B,C,D,answer\n0,"风筝,____。",飞,沉,跑,跳,A\n1,石头____。,飞,沉,跑,跳,B\n'
TEST = "id,question,A,B,C,D\n0,车____。,飞,沉,跑,跳\n"


@pytest.fixture
def folder(tmp_path):
    for split, name, text in (("val", "law", VAL), ("val", "logic", VAL), ("test", "law", TEST)):
        (tmp_path / split).mkdir(exist_ok=True)
        (tmp_path / split / f"{name}_{split}.csv").write_text(text, encoding="utf-8")
    return tmp_path


def test_a_split_of_all_subjects_or_some(folder):
    items = read_ceval(folder)
    assert [(i.id, i.subject, i.answer) for i in items] == [
        ("law/0", "law", "A"), ("law/1", "law", "B"), ("logic/0", "logic", "A"), ("logic/1", "logic", "B"),
    ]  # fmt: skip
    assert items[0].question == "风筝,____。"
    assert items[0].options == {"A": "飞", "B": "沉", "C": "跑", "D": "跳"}
    assert len(read_ceval(folder, subjects=["logic"])) == 2
    assert read_ceval(folder / "val" / "law_val.csv") == items[:2]


def test_the_test_split_has_no_answers_and_is_sent_in(folder):
    items = read_ceval(folder, "test")
    assert [i.answer for i in items] == [None]
    assert submission(items, {"law/0": "c"}) == {"law": {"0": "C"}}
    assert submission(items, {}) == {"law": {"0": ""}}


def test_explanations_of_the_dev_split(tmp_path):
    (tmp_path / "law_dev.csv").write_text(
        VAL.replace("answer", "answer,explanation").replace(",A\n", ",A,轻\n").replace(",B\n", ",B,重\n"), encoding="utf-8"
    )
    assert [i.explanation for i in read_ceval(tmp_path, "dev")] == ["轻", "重"]


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        (("id,question", "question"), "line 1: no column id"),
        (("1,石头", "0,石头"), "line 3: the id 0 stands twice"),
        ((",B\n", ",E\n"), "line 3: "),
        (("1,石头____。", "1,"), "line 3: no question"),
    ],
)
def test_broken_files(tmp_path, change, wrong):
    (tmp_path / "law_val.csv").write_text(VAL.replace(*change), encoding="utf-8")
    with pytest.raises(BenchmarkError) as error:
        read_ceval(tmp_path)
    assert wrong in str(error.value)


def test_what_is_not_there(folder, tmp_path):
    with pytest.raises(BenchmarkError, match="no file of physics"):
        read_ceval(folder, subjects=["physics"])
    with pytest.raises(BenchmarkError, match="no file of any subject for dev"):
        read_ceval(folder, "dev")
    with pytest.raises(BenchmarkError, match="the splits"):
        read_ceval(folder, "train")
