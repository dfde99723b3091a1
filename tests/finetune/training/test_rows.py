import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from finetune.errors import DataError
from finetune.running import StageContext
from finetune.training.rows import files_for, read_rows, sample_rows
from finetune.training.settings import Method, TrainSettings
from tests.finetune.training.conftest import chats, write

Contexts = Callable[..., StageContext]


def given(**changed: object) -> TrainSettings:
    return TrainSettings.model_validate({"kind": "train", "method": "cpt", "model": "m", "data": ("x",), **changed})


def test_the_files_of_stages_are_found(data: Path, context: Contexts) -> None:
    for method, names in {"cpt": ("train-00000.jsonl.gz", "held_out.jsonl.gz"), "sft": ("train.jsonl", "held_out.jsonl")}.items():
        training, held_out = files_for(given(method=method, data=(data,)), context())
        assert ([p.name for p in training], [p.name for p in held_out]) == ([names[0]], [names[1]])
    training, held_out = files_for(given(method="sft", data=(data / "train.jsonl",), held_out=(data,)), context())
    assert training == [data / "train.jsonl"] and held_out == [data / "held_out.jsonl"]


def test_data_that_is_not_there(data: Path, context: Contexts, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"no train-\*\.jsonl\.gz in it"):
        files_for(given(data=(tmp_path / "none",)), context())
    assert files_for(given(data=(tmp_path / "none",)), context(dry_run=True)) == ([], [])


@pytest.mark.parametrize(
    ("method", "line", "said"),
    [
        ("cpt", "{", "not JSON"),
        ("cpt", '{"words": "a"}', "`text`"),
        ("cpt", '{"text": ""}', "`text`"),
        ("cpt", "[]", "`text`"),
        ("sft", '{"messages": [{"role": "user"}]}', "`role` and `content`"),
        ("sft", '{"messages": [{"role": "user", "content": "a"}]}', "nothing to learn"),
        ("dpo", '{"prompt": [{"role": "user", "content": "a"}], "chosen": []}', "`rejected`"),
    ],
)
def test_a_wrong_line_is_named(method: Method, line: str, said: str, tmp_path: Path) -> None:
    good = {"cpt": '{"text": "a"}', "sft": '{"messages": [{"role": "assistant", "content": "a"}]}'}
    good["dpo"] = '{"prompt": [{"role": "user", "content": "a"}], "chosen": [{"role": "assistant", "content": "b"}], '
    good["dpo"] += '"rejected": [{"role": "assistant", "content": "c"}]}'
    path = tmp_path / "rows.jsonl"
    path.write_text(f"{good[method]}\n{line}\n")
    with pytest.raises(DataError, match=r"rows\.jsonl, line 2: .*" + said):
        list(read_rows([path], method))


def test_a_file_that_was_cut_off(tmp_path: Path) -> None:
    whole = gzip.compress(b'{"text": "a"}\n' * 1000)
    path = tmp_path / "train-00000.jsonl.gz"
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DataError, match="make the file again"):
        list(read_rows([path], "cpt"))


def test_rows_are_read_as_written(tmp_path: Path) -> None:
    rows = chats(5, 0)
    assert list(read_rows([write(tmp_path / "a.jsonl", rows), write(tmp_path / "b.jsonl.gz", rows)], "sft")) == rows + rows


@pytest.mark.parametrize("method", ["cpt", "sft", "dpo"])
def test_rows_of_the_sample_collection_are_rows(method: Method, tmp_path: Path) -> None:
    rows = sample_rows(method)
    assert len(rows) >= 4
    assert list(read_rows([write(tmp_path / "rows.jsonl", rows)], method)) == rows
