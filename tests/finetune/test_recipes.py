"""The shipped recipes: each goes dry to the first step of every stage, and its trainings begin with the losses that are written down here."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from finetune.bases.published import config_of
from finetune.bases.tiny import base_model
from finetune.errors import StageError
from finetune.recipe import Recipe, read_recipe, shipped
from finetune.running import StageContext, run_recipe
from finetune.training.making import train
from finetune.training.settings import TrainSettings

FAST = "llama-chinese-ner"
OWN = ("demo", "nightly")
"""They begin without a base."""
PUBLISHED = [name for name in shipped() if name not in OWN]
LOSSES = {
    "coretech-llm": {"cpt": [7.11235, 7.11655, 7.10194, 7.10576], "sft": [7.09336, 7.09489, 7.10632, 7.1044]},
    "demo": {
        "cpt": [9.25745, 9.18367, 8.9416, 9.30411],
        "sft-made-up": [11.79778, 12.02671, 9.09748, 9.39853],
        "sft": [11.11138, 10.77319, 9.91465, 8.29393],
        "dpo": [0.69315, 0.69315, 0.69376, 0.6935],
    },
    "llama-chinese-ner": {"lora": [7.04915, 7.08692, 7.06029, 7.10234]},
    "nightly": {
        "cpt": [9.82932, 10.08324, 9.82949, 9.65643],
        "sft-made-up": [12.28472, 12.40101, 10.35537, 9.78583],
        "sft": [14.28529, 12.86128, 10.6233, 10.15938],
        "sft-longer": [11.79095, 12.68758, 10.54665, 9.39692],
        "dpo": [0.69315, 0.69315, 0.65816, 0.75646],
    },
    "patent-llama": {
        "cpt": [7.10013, 7.08255, 7.09258, 7.0946],
        "general-sft": [7.08948, 7.09952, 7.10883, 7.10231],
        "patent-sft": [7.09137, 7.07251, 7.10435, 7.10409],
    },
    "patentgpt": {
        "cpt": [7.37963, 7.36914, 7.3758, 7.36491],
        "sft": [7.3725, 7.34615, 7.37219, 7.38524],
        "dpo": [0.69315, 0.69315, 0.69312, 0.69314],
    },
    "taibao": {"lora": [7.14845, 7.08264, 7.12881, 7.09778]},
}
"""Of the first steps of each training of a recipe, with a tiny model of the base's architecture, in float32 and one thread."""
STEPS = 4


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def dry(name: str, out: Path) -> Recipe:
    """The recipe after its dry run."""
    recipe = read_recipe(name, [f"out={out}"])
    done = list(run_recipe(recipe, dry_run=True))
    assert [r.name for r in done] == list(recipe.stages)
    assert all(r.fresh for r in done)
    return recipe


def losses(recipe: Recipe, stage: str) -> list[float]:
    """Of a training's first steps with the recipe's own settings, but for the size, on what the dry run has made."""
    given = recipe.stages[stage]
    assert isinstance(given, TrainSettings)
    out = recipe.head.out / "dry-run"
    context = StageContext(stage, out / stage, out, recipe.head.seed, True, lambda line: None)
    judge = given.curriculum.model and base_model(context, given.curriculum.model)
    curriculum = given.curriculum.model_copy(update={"model": judge})
    small = {
        "model": base_model(context, given.model), "curriculum": curriculum, "steps": STEPS, "epochs": 1.0, "window": 1024, "batch": 1,
        "log_every": 1, "accumulate": 1, "evaluate_every": 0, "held_out_rows": 4, "distributed": None, "precision": "float32", "threads": 1,
        "fit": "ignore",
    }  # fmt: skip
    folder = recipe.head.out / "losses" / stage
    folder.mkdir(parents=True)
    train(given.model_copy(update=small), StageContext(stage, folder, out, recipe.head.seed, False, lambda line: None))
    lines = [json.loads(line) for line in (folder / "losses.jsonl").read_text().splitlines()]
    return [line["loss"] for line in lines if "loss" in line]


@pytest.mark.parametrize("name", [n if n == FAST else pytest.param(n, marks=pytest.mark.slow) for n in [*PUBLISHED, *OWN]])
def test_goes_dry_through_every_stage_and_learns_as_before(name: str, tmp_path: Path) -> None:
    recipe = dry(name, tmp_path)
    found = {}
    for stage, settings in recipe.stages.items():
        if not isinstance(settings, TrainSettings):
            continue
        record = json.loads((tmp_path / "dry-run" / stage / "stage.json").read_text())
        real = record["report"]["for_real"]
        assert name in OWN or real["parameters"] > 5e9
        assert real["fits"], f"{stage}: {record['report']['needs']}"
        assert real["time"]["tokens_known"] and real["time"]["tokens_per_second"] > 0
        found[stage] = losses(recipe, stage)
    assert found.keys() == LOSSES[name].keys()
    for stage, expected in LOSSES[name].items():
        assert found[stage] == pytest.approx(expected, rel=5e-4), stage


@pytest.mark.parametrize("name", PUBLISHED)
def test_bases_are_known_architectures(name: str) -> None:
    for settings in read_recipe(name).stages.values():
        model = getattr(settings, "model", None) or getattr(settings, "base", None)
        if isinstance(model, Path) and not str(model).startswith("@"):
            assert config_of(model).num_hidden_layers >= 24


@pytest.mark.parametrize("name", PUBLISHED)
def test_without_its_data_a_recipe_says_what_is_missing(name: str, tmp_path: Path) -> None:
    with pytest.raises(StageError, match="data/"):
        list(run_recipe(read_recipe(name, [f"out={tmp_path}"])))
