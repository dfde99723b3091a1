import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finetune.errors import DataError
from finetune.lines import json_lines


@given(texts=st.lists(st.text(), max_size=6), compressed=st.booleans())
def test_every_text_comes_back_on_its_line(texts: list[str], compressed: bool, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Also one with line separators of Unicode in it, which JSON need not escape."""
    path = tmp_path_factory.mktemp("lines") / ("a.jsonl.gz" if compressed else "a.jsonl")
    written = "".join(json.dumps({"text": text}, ensure_ascii=False) + "\n" for text in [*texts, "a\u2028b\x85c"])
    data = written.encode()
    path.write_bytes(gzip.compress(data) if compressed else data)
    found = list(json_lines(path))
    assert [row["text"] for _, row in found] == [*texts, "a\u2028b\x85c"]
    assert [where for where, _ in found] == [f"{path}, line {n}" for n in range(1, len(texts) + 2)]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.jsonl", b'{"a": 1}\n{"a"\n', "line 2: not JSON"),
        ("a.jsonl", b'{"a": 1}\n\n', "line 2: not JSON"),
        ("a.jsonl", b"\xff\xfe", "can't be read"),
        ("a.jsonl.gz", b"no gzip", "can't be read"),
        ("a.jsonl.gz", gzip.compress(b'{"a": 1}\n' * 9, mtime=0)[:-4], "can't be read"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(name: str, content: bytes, says: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError, match=says):
        list(json_lines(tmp_path / name))
    with pytest.raises(DataError, match="can't be read"):
        list(json_lines(tmp_path / "none.jsonl"))
