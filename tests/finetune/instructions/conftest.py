import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from finetune.instructions.making import make
from finetune.instructions.settings import InstructionsSettings
from finetune.running import StageContext

Making = Callable[..., tuple[Path, dict[str, Any]]]


def settings_of(**given: Any) -> InstructionsSettings:
    return InstructionsSettings.model_validate_json(json.dumps({"kind": "instructions", **given}, default=str))


def rows_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def context_in(folder: Path, seed: int = 0, dry_run: bool = False, tell: Callable[[str], None] = lambda line: None) -> StageContext:
    (folder / "instructions").mkdir(parents=True, exist_ok=True)
    return StageContext("instructions", folder / "instructions", folder, seed=seed, dry_run=dry_run, tell=tell)


@pytest.fixture
def making(tmp_path: Path) -> Making:
    """Make a stage from settings; gives its folder and its report."""

    def made(seed: int = 0, name: str = "out", dry_run: bool = False, **given: Any) -> tuple[Path, dict[str, Any]]:
        context = context_in(tmp_path / name, seed, dry_run)
        return context.folder, make(settings_of(**given), context)

    return made


@pytest.fixture(scope="session")
def of_sample(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any], dict[str, Any]]:
    """The stage of the sample collection: its folder, its report, and what it was given."""
    given = {
        "documents": [{"name": "sample", "paths": [str(sample / "en"), str(sample / "zh")], "licence": "Apache-2.0"}],
        "held_out": 0.25,
        "questions": {"unanswerable": 0.4},
    }
    context = context_in(tmp_path_factory.mktemp("instructions"))
    return context.folder, make(settings_of(**given), context), given
