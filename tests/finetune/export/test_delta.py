import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from safetensors.torch import load_file, save_file

from finetune.errors import StageError
from finetune.export.delta import CHECKSUMS, _bits, apply_delta, make_delta


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return written(tmp_path / "base", {"a": torch.randn(4, 3), "b": torch.randn(5)})


@pytest.fixture
def tuned(tmp_path: Path, base: Path) -> Path:
    old = load_file(base / "model.safetensors")
    return written(tmp_path / "tuned", {"a": torch.cat([old["a"] + 0.1, torch.randn(2, 3)]), "b": old["b"] * 1.5, "new": torch.randn(2)})


def written(folder: Path, tensors: dict[str, torch.Tensor]) -> Path:
    folder.mkdir()
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    (folder / "config.json").write_text('{"model_type": "qwen2"}')
    return folder


def test_delta_and_base_make_the_model_to_the_letter(tmp_path: Path, base: Path, tuned: Path) -> None:
    record = make_delta(tuned, base, tmp_path / "delta")
    assert record["tensors"].keys() == {"a", "b", "new"}
    assert apply_delta(tmp_path / "delta", base, tmp_path / "made") == 3
    made, wanted = load_file(tmp_path / "made" / "model.safetensors"), load_file(tuned / "model.safetensors")
    assert all(torch.equal(made[name], wanted[name]) for name in wanted)
    assert (tmp_path / "made" / "config.json").read_bytes() == (tuned / "config.json").read_bytes()


def test_a_delta_alone_does_not_hold_the_model(tmp_path: Path, base: Path, tuned: Path) -> None:
    make_delta(tuned, base, tmp_path / "delta")
    bits = load_file(tmp_path / "delta" / "model.safetensors")["b"]
    assert not torch.equal(bits, _bits(load_file(tuned / "model.safetensors")["b"]))


def test_another_base_is_refused_before_anything_is_written(tmp_path: Path, base: Path, tuned: Path) -> None:
    make_delta(tuned, base, tmp_path / "delta")
    other = written(tmp_path / "other", {"a": torch.randn(4, 3), "b": torch.randn(5)})
    with pytest.raises(StageError, match="not that of the base"):
        apply_delta(tmp_path / "delta", other, tmp_path / "made")
    assert not (tmp_path / "made").exists()


def test_a_damaged_delta_is_refused(tmp_path: Path, base: Path, tuned: Path) -> None:
    delta = tmp_path / "delta"
    make_delta(tuned, base, delta)
    tensors = load_file(delta / "model.safetensors")
    tensors["a"][0, 0] += 1
    save_file(tensors, delta / "model.safetensors")
    with pytest.raises(StageError, match="damaged"):
        apply_delta(delta, base, tmp_path / "made")
    del tensors["a"]
    save_file(tensors, delta / "model.safetensors")
    with pytest.raises(StageError, match="missing"):
        apply_delta(delta, base, tmp_path / "made")
    (delta / CHECKSUMS).write_text("{")
    with pytest.raises(StageError, match="no delta"):
        apply_delta(delta, base, tmp_path / "made")


def test_a_changed_file_beside_the_weights_is_refused(tmp_path: Path, base: Path, tuned: Path) -> None:
    make_delta(tuned, base, tmp_path / "delta")
    (tmp_path / "delta" / "config.json").write_text("{}")
    with pytest.raises(StageError, match=r"config\.json"):
        apply_delta(tmp_path / "delta", base, tmp_path / "made")


def test_what_is_no_base_is_refused(tmp_path: Path, tuned: Path) -> None:
    strange = written(tmp_path / "strange", {"x": torch.randn(2)})
    with pytest.raises(StageError, match="not its base"):
        make_delta(tuned, strange, tmp_path / "delta")
    larger = written(tmp_path / "larger", {"a": torch.randn(40, 3)})
    with pytest.raises(StageError, match="not its base"):
        make_delta(tuned, larger, tmp_path / "delta")
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(StageError, match="no weights"):
        make_delta(tuned, empty, tmp_path / "delta")


def test_a_folder_in_use_is_left_alone(tmp_path: Path, base: Path, tuned: Path) -> None:
    make_delta(tuned, base, tmp_path / "delta")
    with pytest.raises(StageError, match="new folder"):
        apply_delta(tmp_path / "delta", base, base)


def test_large_models_are_written_in_shards(tmp_path: Path, base: Path, tuned: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("finetune.export.delta._SHARD", 16)
    make_delta(tuned, base, tmp_path / "delta")
    apply_delta(tmp_path / "delta", base, tmp_path / "made")
    index = json.loads((tmp_path / "made" / "model.safetensors.index.json").read_text())
    wanted = load_file(tuned / "model.safetensors")
    assert len(set(index["weight_map"].values())) == 3
    for name, file in index["weight_map"].items():
        assert torch.equal(load_file(tmp_path / "made" / file)[name], wanted[name])
    assert not list((tmp_path / "made").glob("*.partial"))


@settings(max_examples=40)
@given(data=st.data(), dtype=st.sampled_from(["float32", "bfloat16", "float16"]))
def test_every_pattern_of_bits_comes_back(data: st.DataObject, dtype: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Infinities and what is not a number, too."""
    folder = tmp_path_factory.mktemp("bits")
    kind = getattr(torch, dtype)
    width = {"float32": np.int32, "bfloat16": np.int16, "float16": np.int16}[dtype]
    old, new = (torch.from_numpy(data.draw(arrays(width, (2, 3)))).view(kind) for _ in range(2))
    base, tuned = written(folder / "base", {"a": old}), written(folder / "tuned", {"a": new})
    make_delta(tuned, base, folder / "delta")
    apply_delta(folder / "delta", base, folder / "made")
    assert (folder / "made" / "model.safetensors").read_bytes() == (tuned / "model.safetensors").read_bytes()
    shutil.rmtree(folder)
