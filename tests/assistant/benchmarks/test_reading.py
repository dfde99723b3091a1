"""Rows with their lines, and options in a text."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.benchmarks.item import letters
from assistant.benchmarks.reading import BenchmarkError, Names, answer_letters, csv_rows, json_rows, split_options

ROWS = [{"a": 1, "text": "[{“"}, {"a": 2}, {"a": 3}]


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("\n".join(map(json.dumps, ROWS)), [1, 2, 3]),
        ("\ufeff" + "\r\n\r\n".join(map(json.dumps, ROWS)) + "\n", [1, 3, 5]),
        (json.dumps(ROWS), [1, 1, 1]),
        ("[\n" + ",\n".join(map(json.dumps, ROWS)) + "\n]\n", [2, 3, 4]),
        ("\n".join(json.dumps(r, indent=1) for r in ROWS), [1, 5, 8]),
    ],
)
def test_lines_arrays_and_objects(tmp_path, text, at):
    (tmp_path / "f.json").write_text(text, encoding="utf-8")
    rows = list(json_rows(tmp_path / "f.json"))
    assert [row for _, row in rows] == ROWS
    assert [line for line, _ in rows] == at


@pytest.mark.parametrize(
    ("data", "wrong"),
    [
        (b"", "no questions"),
        (b"[]", "no questions"),
        (b'{"a": 1}\n{"a": 2', "line 2: not JSON"),
        (b'{"a": 1}\n\n<html>', "line 3: not JSON"),
        (b'[{"a": 1},\n{"a": 2}', "line 2: the file breaks off"),
        (b'{"a": 1}\n[1]', "line 2: list in place"),
        (b'{"a": "\n\xff"}', "line 2: not UTF-8"),
        (b"[" * 100_000, "line 1"),
    ],
)
def test_a_broken_file_is_one_line_that_names_it(tmp_path, data, wrong):
    (tmp_path / "f.json").write_bytes(data)
    with pytest.raises(BenchmarkError) as error:
        list(json_rows(tmp_path / "f.json"))
    assert wrong in str(error.value)
    assert "f.json" in str(error.value)
    assert "\n" not in str(error.value)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(BenchmarkError, match="give the path"):
        list(json_rows(tmp_path / "none.json"))


@given(st.lists(st.dictionaries(st.text(max_size=5), st.text(max_size=20), max_size=3), min_size=1, max_size=5), st.booleans())
def test_any_rows_come_back(tmp_path_factory, rows, array):
    path = tmp_path_factory.mktemp("rows") / "f.json"
    path.write_text(json.dumps(rows, indent=1) if array else "\n".join(map(json.dumps, rows)), encoding="utf-8")
    assert [row for _, row in json_rows(path)] == rows


def test_csv_with_quoted_line_breaks(tmp_path):
    (tmp_path / "f.csv").write_text('id,q\r\n0,"one\ntwo"\r\n1,three\r\n', encoding="utf-8-sig")
    assert list(csv_rows(tmp_path / "f.csv", ("id", "q"))) == [(2, {"id": "0", "q": "one\ntwo"}), (4, {"id": "1", "q": "three"})]


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("id,q\n", "no questions"),
        ("", "line 1: no column"),
        ("id,x\n1,2\n", "line 1: no column q"),
        ("id,q\n1,2\n3\n", "line 3: fewer"),
        ("id,q\n1,2,3\n", "line 2: more"),
        ('id,q\n1,"2', "not CSV"),
    ],
)
def test_broken_csv(tmp_path, text, wrong):
    (tmp_path / "f.csv").write_text(text, encoding="utf-8")
    with pytest.raises(BenchmarkError) as error:
        list(csv_rows(tmp_path / "f.csv", ("id", "q")))
    assert wrong in str(error.value)


@pytest.mark.parametrize(
    ("text", "question", "options"),
    [
        ("Which?\nA. one\nB. two", "Which?", ["one", "two"]),
        ("哪个？\nA、一\nB、二\nC、三\nD、四", "哪个？", ["一", "二", "三", "四"]),
        ("哪个？A．一 B．二 C．三", "哪个？", ["一", "二", "三"]),
        ("Which? (A) one (B) two (C) three (D) four", "Which?", ["one", "two", "three", "four"]),
        ("Which?\nA: one\nmore of one\nB: two", "Which?", ["one\nmore of one", "two"]),
        ("Company A. owns B. Which?\nA: one\nB: two\nC: three", "Company A. owns B. Which?", ["one", "two", "three"]),
        ("No options here, Mr. A.", "No options here, Mr. A.", []),
    ],
)
def test_options_in_a_text(text, question, options):
    found, several = split_options(text)
    assert (found, list(several.values())) == (question, options)
    assert "".join(several) == "ABCDEFG"[: len(options)]


@given(st.text("AB.:（(C) \n甲？1", max_size=60))
def test_any_text_is_taken_apart(text):
    _, options = split_options(text)
    assert not options or list(options)[:2] == ["A", "B"]


@pytest.mark.parametrize(("written", "found"), [("A", "A"), ("c,a", "AC"), ("ＡＤ", "AD"), ("(B)", "B"), ("A、B、B", "AB"), ("", ""), ("无", "")])
def test_letters(written, found):
    assert letters(written) == found


def test_answers_are_letters_or_blank(tmp_path):
    assert answer_letters("f", 1, "A,C") == "AC"
    assert answer_letters("f", 1, "") is None
    for written in ("答案", "the first", "Alpha"):
        with pytest.raises(BenchmarkError, match="f, line 1: the answer"):
            answer_letters("f", 1, written)


def test_names_are_used_once():
    name = Names()
    assert [name(n) for n in ("1", "1", "1-2", "1")] == ["1", "1-2", "1-2-2", "1-3"]
