from pathlib import Path
from typing import Any

import pytest

from finetune.bases.published import config_of
from finetune.training.memory import adapter_size, shape_of
from finetune.training.settings import TrainSettings
from finetune.training.timing import operations, time_needed

SEVEN = shape_of(config_of(Path("meta-llama/Llama-2-7b-hf")))


def given(**changed: Any) -> TrainSettings:
    return TrainSettings.model_validate({"kind": "train", "method": "cpt", "model": "m", "data": ("x",), "window": 4096, **changed})


def test_operations_are_six_for_a_weight_and_those_of_attention() -> None:
    multiplied = SEVEN.total - SEVEN.table
    attention = 6 * 32 * 4096 * 4096
    assert operations(SEVEN, given(), False) == 6 * multiplied + attention
    assert operations(SEVEN, given(), True) == pytest.approx((6 * multiplied + attention) * 4 / 3)
    lora = given(weights="lora")
    assert operations(SEVEN, lora, False) == 4 * multiplied + 6 * adapter_size(SEVEN, lora) + attention


def test_the_time_of_a_known_training() -> None:
    """Llama 2 7B: 184,320 hours of A100 for 2·10¹² tokens (Touvron et al. 2023, table 2)."""
    found = time_needed(SEVEN, given(), False, 2 * 10**12)
    assert found["hours"] == pytest.approx(184_320, rel=0.25)
    assert time_needed(SEVEN, given(distributed={"processes": 8}), False, 2 * 10**12)["hours"] == pytest.approx(found["hours"] / 8, rel=0.01)
    assert time_needed(SEVEN, given(), False, None) | {"tokens": 0} == time_needed(SEVEN, given(), False, 10**9) | {
        "tokens": 0,
        "tokens_known": False,
    }
