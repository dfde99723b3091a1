import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from finetune.errors import DataError
from finetune.instructions.published import messages_of, rows_in

U, A = "user", "assistant"


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"instruction": "Do it.", "input": "", "output": "Done."}, [(U, "Do it."), (A, "Done.")]),
        ({"instruction": "Do it.", "input": "This.", "answer": "Done."}, [(U, "Do it.\n\nThis."), (A, "Done.")]),
        ({"input": "Do it.", "output": "Done."}, [(U, "Do it."), (A, "Done.")]),
        ({"instruction": "Do it.", "output": "Done.", "system": "Be kind."}, [("system", "Be kind."), (U, "Do it."), (A, "Done.")]),
        ({"conversations": [{"from": "human", "value": "Hi"}, {"from": "gpt", "value": "Hello"}]}, [(U, "Hi"), (A, "Hello")]),
        (
            {
                "conversations": [
                    {"from": "gpt", "value": "Welcome"},
                    {"from": "human", "value": "Hi"},
                    {"from": "gpt", "value": "Hello"},
                    {"from": "human", "value": "?"},
                ]
            },
            [(U, "Hi"), (A, "Hello")],
        ),
        (
            {"messages": [{"role": "system", "content": "S"}, {"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]},
            [("system", "S"), (U, "Hi"), (A, "Hello")],
        ),
    ],
)
def test_the_published_forms_become_messages(row: Any, expected: list[tuple[str, str]]) -> None:
    assert [(m["role"], m["content"]) for m in messages_of(row, {}, "here")] == expected


def test_fields_may_be_called_otherwise() -> None:
    fields = {"instruction": "question", "output": "reply"}
    assert messages_of({"question": "Q", "reply": "R", "output": "no"}, fields, "here")[-1] == {"role": A, "content": "R"}


@pytest.mark.parametrize(
    "row",
    [
        "text",
        {"instruction": "Do it."},
        {"instruction": "", "output": "Done."},
        {"instruction": "Do it.", "output": 3},
        {"conversations": "Hi"},
        {"conversations": [{"from": "robot", "value": "Hi"}]},
        {"conversations": [{"from": "human", "value": "Hi"}]},
        {"messages": [{"role": "user", "content": "a"}, {"role": "user", "content": "b"}, {"role": "assistant", "content": "c"}]},
        {"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": " "}]},
    ],
)
def test_what_is_no_example_is_named_with_its_place(row: Any) -> None:
    with pytest.raises(DataError, match="file, line 3: "):
        messages_of(row, {}, "file, line 3")


def test_lines_and_lists_are_read_packed_or_not(tmp_path: Path) -> None:
    rows = [{"n": 1}, {"n": 2}]
    lines = "".join(json.dumps(r) + "\n" for r in rows)
    (tmp_path / "a.jsonl").write_text("\n" + lines, encoding="utf-8")
    (tmp_path / "b.json").write_text(json.dumps(rows, indent=1), encoding="utf-8")
    with gzip.open(tmp_path / "c.jsonl.gz", "wt", encoding="utf-8") as file:
        file.write(lines)
    assert list(rows_in(tmp_path / "a.jsonl")) == [(2, {"n": 1}), (3, {"n": 2})]
    assert list(rows_in(tmp_path / "b.json")) == list(rows_in(tmp_path / "c.jsonl.gz")) == [(1, {"n": 1}), (2, {"n": 2})]


def test_what_is_no_json_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"n": 1}\n{"n": \n', encoding="utf-8")
    with pytest.raises(DataError, match=r"a\.jsonl, line 2: not JSON"):
        list(rows_in(tmp_path / "a.jsonl"))
    (tmp_path / "b.json").write_text("[1, 2", encoding="utf-8")
    with pytest.raises(DataError, match=r"b\.json: not a JSON list"):
        list(rows_in(tmp_path / "b.json"))
    (tmp_path / "c.jsonl").write_bytes(b'{"n": "\xff"}\n')
    with pytest.raises(DataError, match=r"c\.jsonl.*not UTF-8"):
        list(rows_in(tmp_path / "c.jsonl"))
    (tmp_path / "d.jsonl.gz").write_bytes(b"no gzip")
    with pytest.raises(DataError, match=r"d\.jsonl\.gz: can't be read"):
        list(rows_in(tmp_path / "d.jsonl.gz"))
