"""Annotated texts from JSON lines."""

import gzip
import json
from pathlib import Path

import pytest

from assistant.entities import EntityDataError, read_annotated

GOOD = {"text": "a coil", "entities": [{"start": 2, "end": 6, "type": "Component", "text": "coil", "id": 1}], "note": "kept apart"}


@pytest.mark.parametrize("name", ["texts.jsonl", "texts.jsonl.gz"])
def test_reading(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    with gzip.open(path, "wt") if name.endswith(".gz") else path.open("w") as file:
        file.write(json.dumps(GOOD) + "\n\n" + json.dumps({"text": "", "entities": []}) + "\n")
    first, second = read_annotated(path)
    assert [(e.text, e.type, e.start, e.end) for e in first.entities] == [("coil", "Component", 2, 6)]
    assert second.entities == ()


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "no JSON"),
        ("[" * 100_000, "recursion|no JSON"),
        ("[]", "must be"),
        ('{"text": 1, "entities": []}', "must be"),
        ('{"text": "abc"}', "must be"),
        ('{"text": "abc", "entities": [1]}', "entity 1: must be"),
        ('{"text": "abc", "entities": [{"start": 0, "end": 1.5, "type": "A"}]}', "whole numbers"),
        ('{"text": "abc", "entities": [{"start": false, "end": true, "type": "A"}]}', "whole numbers"),
        ('{"text": "abc", "entities": [{"start": 0, "end": 1, "type": " "}]}', "type"),
        ('{"text": "abc", "entities": [{"start": 0, "end": 1}]}', "type"),
        ('{"text": "abc", "entities": [{"start": 0, "end": 4, "type": "A"}]}', "0 to 4 is no part of a text of 3"),
        ('{"text": "abc", "entities": [{"start": -1, "end": 2, "type": "A"}]}', "no part"),
        ('{"text": "abc", "entities": [{"start": 2, "end": 2, "type": "A"}]}', "no part"),
        ('{"text": "abc", "entities": [{"start": 0, "end": 1, "type": "A", "text": "b"}]}', "'a' stands at 0 to 1"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, line: str, message: str) -> None:
    path = tmp_path / "texts.jsonl"
    path.write_text(json.dumps(GOOD) + "\n" + line + "\n")
    with pytest.raises(EntityDataError, match=message) as caught:
        list(read_annotated(path))
    assert str(caught.value).startswith(f"{path}, line 2: ")
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(EntityDataError, match=r"none\.jsonl: No such file"):
        list(read_annotated(tmp_path / "none.jsonl"))


def test_a_file_in_another_encoding(tmp_path: Path) -> None:
    path = tmp_path / "texts.jsonl"
    path.write_bytes(json.dumps(GOOD).encode() + b"\n" + '{"text": "铝"'.encode("gb18030"))
    with pytest.raises(EntityDataError, match="not UTF-8"):
        list(read_annotated(path))


def test_a_file_that_is_no_gzip(tmp_path: Path) -> None:
    path = tmp_path / "texts.jsonl.gz"
    path.write_text("{}")
    with pytest.raises(EntityDataError, match=r"texts\.jsonl\.gz: "):
        list(read_annotated(path))
