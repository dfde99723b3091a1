from typing import Any

import pytest
from pydantic import ValidationError

from finetune.recipe import read_recipe
from finetune.training.settings import TrainSettings

LEAST = {"kind": "train", "method": "sft", "model": "a/model", "data": ("rows.jsonl",)}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"long": "split"}, "only texts are split"),
        ({"method": "cpt", "curriculum": {"schedule": "ordered", "score": ("depth",)}}, "no labels and no depth"),
        ({"method": "dpo", "curriculum": {"schedule": "ordered", "score": ("loss",), "model": "m"}}, "for cpt and sft"),
        ({"weights": "qlora", "precision": "float32"}, "computes in bf16"),
        ({"steps": 5, "epochs": 2.0}, "exclude each other"),
        ({"weights": "qlora", "distributed": {"processes": 2}}, "goes with ddp"),
        ({"distributed": {"processes": 1}}, "greater than or equal to 2"),
        ({"emphasis": {"[": 2.0}}, "no regular expression"),
        ({"emphasis": {"a": 0.0}}, "more than 0"),
        ({"method": "dpo", "emphasis": {"a": 2.0}}, "weighed as wholes"),
        ({"window": 4}, "greater than or equal to 8"),
        ({"learning_rat": 1e-3}, "Extra inputs"),
    ],
)
def test_what_does_not_go_together_is_refused(changed: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        TrainSettings.model_validate({**LEAST, **changed})


def test_texts_are_split_and_examples_dropped_unless_said() -> None:
    assert TrainSettings.model_validate(LEAST).overlong == "drop"
    assert TrainSettings.model_validate({**LEAST, "method": "cpt"}).overlong == "split"
    assert TrainSettings.model_validate({**LEAST, "long": "error"}).overlong == "error"


def test_settings_are_read_from_a_recipe(tmp_path: Any) -> None:
    path = tmp_path / "recipe.yaml"
    path.write_text(
        "name: x\nout: out\nstages:\n  general:\n    kind: train\n    method: sft\n    model: Qwen/Qwen2.5-7B\n    data: [rows.jsonl]\n"
        "    weights: lora\n"
        "    learning_rate: 1e-4\n    adapter: {rank: 64, alpha: 128}\n    curriculum: {schedule: paced, score: [labels, length]}\n"
        "    distributed: {processes: 8, strategy: deepspeed}\n"
        "  domain:\n    kind: train\n    method: sft\n    model: '@general/adapter'\n    data: [rows.jsonl]\n"
    )
    stage = read_recipe(path).stages["general"]
    assert isinstance(stage, TrainSettings)
    assert stage.learning_rate == 1e-4 and stage.adapter.rank == 64 and stage.distributed is not None and stage.distributed.processes == 8
