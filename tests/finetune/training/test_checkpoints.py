from pathlib import Path

from finetune.training.checkpoints import is_whole, last, mark


def checkpoint(folder: Path, step: int, whole: bool = True) -> Path:
    made = folder / f"checkpoint-{step}"
    (made / "ref").mkdir(parents=True)
    (made / "model.safetensors").write_bytes(b"x" * 100)
    (made / "ref" / "adapter.safetensors").write_bytes(b"y" * 10)
    if whole:
        mark(made)
    return made


def test_the_last_whole_one_is_taken(tmp_path: Path) -> None:
    assert last(tmp_path) is None
    for step in (90, 100, 1000):
        checkpoint(tmp_path, step)
    assert last(tmp_path) == tmp_path / "checkpoint-1000"


def test_those_cut_off_while_they_were_written_are_deleted(tmp_path: Path) -> None:
    good = checkpoint(tmp_path, 10)
    unmarked = checkpoint(tmp_path, 20, whole=False)
    short = checkpoint(tmp_path, 30)
    (short / "model.safetensors").write_bytes(b"x" * 99)
    lacking = checkpoint(tmp_path, 40)
    (lacking / "ref" / "adapter.safetensors").unlink()
    torn = checkpoint(tmp_path, 50)
    (torn / "complete.json").write_text('{"model.safe')
    assert not any(map(is_whole, (unmarked, short, lacking, torn)))
    assert last(tmp_path) == good
    assert sorted(p.name for p in tmp_path.iterdir()) == ["checkpoint-10"]
