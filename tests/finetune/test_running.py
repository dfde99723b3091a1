import json
from pathlib import Path

import pytest
from filelock import FileLock

from finetune.errors import StageError
from finetune.recipe import Recipe, read_recipe
from finetune.running import RECORD, digest, run_recipe
from tests.finetune import counting
from tests.finetune.test_recipe import GOOD, write

pytestmark = pytest.mark.usefixtures("copying")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "a.txt"
    path.write_text("one\ntwo\nthree\n")
    return path


def recipe(tmp_path: Path, source: Path, *overrides: str) -> Recipe:
    return read_recipe(write(tmp_path, GOOD.format(out=tmp_path / "out", source=source)), overrides)


def test_stages_run_in_order_and_keep_what_they_were_made_of(tmp_path: Path, source: Path) -> None:
    told: list[str] = []
    first, second = run_recipe(recipe(tmp_path, source), tell=told.append)
    assert (first.fresh, second.fresh) == (True, True)
    assert (second.folder / "copied.txt").read_text() == source.read_text()
    record = json.loads((first.folder / RECORD).read_text())
    assert record["made_of"]["inputs"] == {str(source): f"sha256:{digest(source)}"}
    assert record["made_of"]["settings"]["lines"] == 10 and record["made_of"]["seed"] == 3
    assert {"python", "torch", "transformers"} <= record["versions"].keys()
    assert told == ["3 lines", "3 lines"]


def test_what_is_done_is_not_done_again(tmp_path: Path, source: Path) -> None:
    list(run_recipe(recipe(tmp_path, source)))
    again = list(run_recipe(recipe(tmp_path, source)))
    assert [r.fresh for r in again] == [False, False]
    assert again[0].report == {"lines": 3, "began": 0, "seed": 3}


def test_an_interrupted_stage_goes_on(tmp_path: Path, source: Path) -> None:
    counting.STOP_AFTER.append(2)
    with pytest.raises(counting.Interrupted):
        list(run_recipe(recipe(tmp_path, source)))
    counting.STOP_AFTER.clear()
    first, _ = run_recipe(recipe(tmp_path, source))
    assert first.report == {"lines": 3, "began": 2, "seed": 3}


def test_other_settings_or_inputs_are_an_error_that_names_them(tmp_path: Path, source: Path) -> None:
    list(run_recipe(recipe(tmp_path, source)))
    with pytest.raises(StageError, match=r"settings\.lines was 10, is 2"):
        list(run_recipe(recipe(tmp_path, source, "first.lines=2")))
    with pytest.raises(StageError, match="seed was 3, is 4"):
        list(run_recipe(recipe(tmp_path, source, "seed=4")))
    source.write_text("four\n")
    with pytest.raises(StageError, match=r"inputs\..*a\.txt was"):
        list(run_recipe(recipe(tmp_path, source)))
    first, second = run_recipe(recipe(tmp_path, source), again=True)
    assert first.fresh and second.fresh
    assert (second.folder / "copied.txt").read_text() == "four\n"


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path, source: Path) -> None:
    precious = tmp_path / "out" / "first" / "precious.txt"
    precious.parent.mkdir(parents=True)
    precious.write_text("keep")
    for again in (False, True):
        with pytest.raises(StageError, match=r"precious\.txt"):
            list(run_recipe(recipe(tmp_path, source), again=again))
    assert precious.read_text() == "keep"


def test_a_stage_needs_those_before_it(tmp_path: Path, source: Path) -> None:
    with pytest.raises(StageError, match="run that stage first"):
        list(run_recipe(recipe(tmp_path, source), only=["second"]))
    with pytest.raises(StageError, match="no stage third"):
        list(run_recipe(recipe(tmp_path, source), only=["third"]))
    with pytest.raises(StageError, match="no stage of kind train"):
        list(run_recipe(recipe(tmp_path, source), kind="train"))


def test_two_processes_do_not_share_a_stage(tmp_path: Path, source: Path) -> None:
    folder = tmp_path / "out" / "first"
    folder.mkdir(parents=True)
    with FileLock(folder / ".lock"), pytest.raises(StageError, match="another process"):
        list(run_recipe(recipe(tmp_path, source)))


def test_a_dry_run_leaves_the_real_one_alone(tmp_path: Path, source: Path) -> None:
    first, _ = run_recipe(recipe(tmp_path, source), dry_run=True)
    assert first.folder == tmp_path / "out" / "dry-run" / "first"
    assert not (tmp_path / "out" / "first").exists()


def test_a_broken_record_is_a_clear_error(tmp_path: Path, source: Path) -> None:
    list(run_recipe(recipe(tmp_path, source)))
    (tmp_path / "out" / "first" / RECORD).write_text("{")
    with pytest.raises(StageError, match="delete the folder"):
        list(run_recipe(recipe(tmp_path, source)))


def test_the_digest_of_a_folder(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    (folder / "checkpoints").mkdir(parents=True)
    (folder / "weights").write_text("a")
    before = digest(folder)
    (folder / "checkpoints" / "1").write_text("b")
    (folder / RECORD).write_text("{}")
    assert digest(folder) == before
    (folder / "weights").rename(folder / "other")
    assert digest(folder) != before
