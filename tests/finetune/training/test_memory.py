from pathlib import Path
from typing import Any

import pytest

from finetune.bases.published import config_of
from finetune.errors import MemoryNeeded
from finetune.training.machine import GIB, begin_peak, free_memory, peak
from finetune.training.memory import adapter_size, check, estimate, shape_of
from finetune.training.settings import TrainSettings

SEVEN = shape_of(config_of(Path("Qwen/Qwen2.5-7B")))


def given(**changed: Any) -> TrainSettings:
    return TrainSettings.model_validate({"kind": "train", "method": "sft", "model": "m", "data": ("x",), "batch": 1, "window": 2048, **changed})


def test_the_shape_of_a_published_model() -> None:
    assert SEVEN.total == pytest.approx(7.6e9, rel=0.01)
    norms_and_biases = SEVEN.total - SEVEN.linear - 2 * SEVEN.table
    assert 0 < norms_and_biases < 1e-4 * SEVEN.total


def test_the_size_of_an_adapter_is_that_of_peft(model: Path) -> None:
    from peft import LoraConfig, get_peft_model
    from transformers import AutoModelForCausalLM

    for kind in ("lora", "dora"):
        settings = given(weights=kind, adapter={"rank": 8, "save": ["embed_tokens"]})
        loaded = AutoModelForCausalLM.from_pretrained(model)
        config = LoraConfig(r=8, target_modules="all-linear", use_dora=kind == "dora", modules_to_save=["embed_tokens"], ensure_weight_tying=True)
        trained = sum(p.numel() for p in get_peft_model(loaded, config).parameters() if p.requires_grad)
        assert adapter_size(shape_of(loaded.config), settings) == trained


def test_what_is_known_of_seven_thousand_million_weights() -> None:
    full = estimate(SEVEN, given(), "cuda", True, True)
    assert (full.weights + full.gradients + full.optimizer) / SEVEN.total == pytest.approx(18, rel=0.03)  # 4 + 2 of autocast, 4, 8 bytes
    lora = estimate(SEVEN, given(weights="lora"), "cuda", True, True)
    qlora = estimate(SEVEN, given(weights="qlora"), "cuda", True, True)
    assert 15 < lora.total / GIB < 20 and 6 < qlora.total / GIB < 10


def test_what_makes_it_more_or_less() -> None:
    plain = estimate(SEVEN, given(weights="lora"), "cuda", True, False).total
    assert estimate(SEVEN, given(weights="lora"), "cuda", True, True).total < plain
    assert estimate(SEVEN, given(weights="lora", window=4096), "cuda", True, False).total > plain
    assert estimate(SEVEN, given(weights="lora", batch=2), "cuda", True, False).total > plain
    assert estimate(SEVEN, given(weights="lora", method="dpo"), "cuda", True, False).total > plain
    cut = given(distributed={"processes": 8, "strategy": "fsdp"})
    alike = given(distributed={"processes": 8, "strategy": "ddp"})
    assert estimate(SEVEN, cut, "cuda", True, True).weights == estimate(SEVEN, alike, "cuda", True, True).weights // 8


def test_the_remedies_fit() -> None:
    needed = estimate(SEVEN, given(batch=8), "cuda", True, False)
    with pytest.raises(MemoryNeeded, match=r"80\.0 GiB are free; it would fit with weights: lora, batch: 1 and checkpointing: on"):
        check(needed, SEVEN, given(batch=8), "cuda", True, 80 * GIB)
    with pytest.raises(MemoryNeeded, match="take a smaller model"):
        check(needed, SEVEN, given(batch=8), "cuda", True, 2 * GIB)
    check(needed, SEVEN, given(batch=8, fit="ignore"), "cuda", True, 2 * GIB)
    check(needed, SEVEN, given(batch=8), "cuda", True, 1000 * GIB)


def test_peaks_are_measured() -> None:
    before = begin_peak("cpu")
    held = bytearray(200 * 2**20)
    held[::4096] = b"x" * len(held[::4096])
    assert 190 * 2**20 < peak("cpu", before) < 260 * 2**20
    assert free_memory() > 2**28
