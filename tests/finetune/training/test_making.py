import json
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from finetune.errors import DataError, MemoryNeeded, StageError
from finetune.running import StageContext
from finetune.training import checkpoints, losses
from finetune.training.making import train
from finetune.training.settings import TrainSettings
from finetune.training.trainers import Recorder
from tests.finetune.training.conftest import write

Settings = Callable[..., TrainSettings]
Contexts = Callable[..., StageContext]
NUMBERS = ("step", "epoch", "loss", "learning_rate", "grad_norm", "tokens", "held_out_loss", "held_out_bits_per_byte", "held_out_margin")


def figures(folder: Path) -> list[list[float]]:
    return [[line[name] for name in NUMBERS if name in line] for line in losses.read(folder)]


def same(one: list[list[float]], other: list[list[float]]) -> bool:
    return len(one) == len(other) and all(a == pytest.approx(b, abs=1e-5) for a, b in zip(one, other, strict=True))


EXPECTED = {
    "cpt": [6.0001, 5.9932, 5.6285, 5.2339, 5.0829, 4.7792, 4.7523, 4.5924],
    "sft": [5.9958, 5.9692, 5.6085, 5.3243, 5.1114, 4.9195, 4.7524, 4.7413],
    "dpo": [0.6931, 0.6931, 0.269, 0.1638, 0.0577, 0.0312, 0.0219, 0.0181],
}
"""Losses of a float32 training on one thread, seed 0; within 2e-3."""


@pytest.mark.parametrize("method", ["cpt", "sft", "dpo"])
def test_losses_are_as_they_were(method: str, settings: Settings, context: Contexts) -> None:
    train(settings(method, steps=8), context())
    found = [line["loss"] for line in losses.read(context().folder) if "loss" in line]
    assert found == pytest.approx(EXPECTED[method], abs=2e-3)


def test_emphasis_weighs_in_what_is_learned_and_not_in_what_is_measured(settings: Settings, context: Contexts) -> None:
    found = {}
    for weight in (1.0, 4.0):
        here = context(f"emphasis-{weight:g}")
        train(settings("sft", steps=4, emphasis={".*": weight}), here)
        found[weight] = losses.read(here.folder)
    plain, heavy = ([line["loss"] for line in found[w] if "loss" in line] for w in (1.0, 4.0))
    assert heavy[0] == pytest.approx(4 * plain[0], rel=1e-3)
    before = [next(line["held_out_loss"] for line in found[w] if "held_out_loss" in line) for w in (1.0, 4.0)]
    assert before[0] == pytest.approx(before[1], abs=1e-5)


INTERRUPTED = """
import json, os, signal, sys
import torch
from pathlib import Path
from finetune.running import StageContext
from finetune.training import checkpoints
from finetune.training.making import train
from finetune.training.settings import TrainSettings
from finetune.training.trainers import Recorder

folder, given, where = sys.argv[1:]
torch.set_num_threads(1)
def die(*_, **__): os.kill(os.getpid(), signal.SIGKILL)
if where == "step":
    before = Recorder.on_step_end
    def on_step_end(self, args, state, control, **more):
        if state.global_step == 8: die()
        before(self, args, state, control, **more)
    Recorder.on_step_end = on_step_end
elif where == "saving":
    before = checkpoints.mark
    checkpoints.mark = lambda path: before(path) if path.name == "checkpoint-5" else die()
train(TrainSettings.model_validate_json(given), StageContext("train", Path(folder), Path(folder).parent, tell=lambda line: None))
"""


@pytest.mark.parametrize(("method", "weights", "where"), [("cpt", "full", "step"), ("sft", "lora", "saving"), ("dpo", "lora", "step")])
def test_after_a_kill_it_goes_on_to_the_same_losses(method: str, weights: str, where: str, settings: Settings, context: Contexts) -> None:
    given = settings(method, weights=weights, adapter={"rank": 4, "dropout": 0.2})
    undisturbed, killed = context("undisturbed"), context("killed")
    train(given, undisturbed)
    done = subprocess.run([sys.executable, "-c", INTERRUPTED, str(killed.folder), given.model_dump_json(), where], check=False, capture_output=True)
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()[-2000:]
    assert not (killed.folder / "model").exists() and not (killed.folder / "adapter").exists()
    report = train(given, killed)
    assert report["went_on_after_step"] == 5
    assert same(figures(killed.folder), figures(undisturbed.folder))
    made = "model/model.safetensors" if weights == "full" else "adapter/adapter_model.safetensors"
    assert (killed.folder / made).read_bytes() == (undisturbed.folder / made).read_bytes()


def test_preferences_that_go_on_with_an_adapter_are_resumed(settings: Settings, context: Contexts) -> None:
    train(settings("sft", weights="lora"), context("domain"))
    given = settings("dpo", weights="lora", model="@domain/adapter")
    train(given, context("undisturbed"))
    killed = context("killed")
    done = subprocess.run([sys.executable, "-c", INTERRUPTED, str(killed.folder), given.model_dump_json(), "step"], check=False, capture_output=True)
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()[-2000:]
    assert train(given, killed)["went_on_after_step"] == 5
    assert same(figures(killed.folder), figures(context("undisturbed").folder))


class Stopped(Exception):
    pass


@pytest.mark.parametrize("step", [3, 12])
def test_after_an_error_at_any_step_it_goes_on(step: int, settings: Settings, context: Contexts, monkeypatch: pytest.MonkeyPatch) -> None:
    train(settings(), context("undisturbed"))

    def on_step_end(self: Recorder, args: Any, state: Any, control: Any, **_: Any) -> None:
        if state.global_step == step:
            raise Stopped

    with monkeypatch.context() as patched, pytest.raises(Stopped):
        patched.setattr(Recorder, "on_step_end", on_step_end)
        train(settings(evaluate_every=0), context("stopped"))
    monkeypatch.undo()
    report = train(settings(evaluate_every=0), context("stopped"))
    assert report.get("went_on_after_step", 0) == (10 if step == 12 else 0)
    held_out = [line["loss"] for line in losses.read(context("stopped").folder) if "loss" in line]
    assert held_out == pytest.approx([line["loss"] for line in losses.read(context("undisturbed").folder) if "loss" in line], abs=1e-5)


def test_a_training_that_had_ended_is_saved(settings: Settings, context: Contexts, monkeypatch: pytest.MonkeyPatch) -> None:
    given = settings(save_every=12)
    train(given, context("undisturbed"))
    monkeypatch.setattr("finetune.training.making._save", lambda *_: (_ for _ in ()).throw(Stopped))
    with pytest.raises(Stopped):
        train(given, context("stopped"))
    monkeypatch.undo()
    train(given, context("stopped"))
    one, other = (context(name).folder / "model" / "model.safetensors" for name in ("undisturbed", "stopped"))
    assert one.read_bytes() == other.read_bytes()
    assert same(figures(context("stopped").folder), figures(context("undisturbed").folder))


@pytest.mark.parametrize("weights", ["lora", "dora", "rslora"])
def test_adapters_are_trained_and_the_base_is_not(weights: str, model: Path, settings: Settings, context: Contexts) -> None:
    from peft import PeftModel

    report = train(settings("sft", weights=weights, adapter={"rank": 4, "save": ["embed_tokens"]}), context())
    assert report["model"] == "adapter" and not (context().folder / "model").exists()
    assert report["held_out_loss_after"] < 0.8 * report["held_out_loss_before"]
    base = AutoModelForCausalLM.from_pretrained(model)
    before = {name: value.clone() for name, value in base.state_dict().items()}
    adapted = PeftModel.from_pretrained(base, context().folder / "adapter")
    assert adapted.peft_config["default"].use_dora == (weights == "dora")
    assert adapted.peft_config["default"].use_rslora == (weights == "rslora")
    kept = {name.replace("base_model.model.", "").replace("base_layer.", ""): value for name, value in adapted.state_dict().items()}
    assert all(torch.equal(kept[name], value) for name, value in before.items() if "proj" in name)
    assert AutoTokenizer.from_pretrained(context().folder / "adapter").chat_template


def test_two_stages_and_preferences_with_one_adapter(settings: Settings, context: Contexts) -> None:
    """General, then domain examples, then preferences: the second stage goes on with the adapter of the first, DPO holds it to what it was."""
    train(settings("sft", weights="lora"), context("general"))
    second = train(settings("sft", weights="lora", model="@general/adapter"), context("domain"))
    first = losses.read(context("general").folder)[-1]
    assert losses.read(context("domain").folder)[0]["held_out_loss"] == pytest.approx(first["held_out_loss"], abs=1e-5)
    assert second["held_out_loss_after"] < second["held_out_loss_before"]
    report = train(settings("dpo", weights="lora", model="@domain/adapter"), context("preferences"))
    assert report["held_out_margin_before"] == pytest.approx(0, abs=1e-4)
    assert report["held_out_margin_after"] > 0.5 and report["held_out_accuracy_after"] == 1
    assert report["held_out_chosen_over_rejected_after"] > report["held_out_chosen_over_rejected_before"]
    assert {p.name for p in (context("preferences").folder / "adapter").iterdir() if p.is_dir()} == set()
    merged = train(settings("sft", weights="full", model="@domain/adapter", steps=1, save_every=0), context("merged"))
    assert merged["held_out_loss_before"] == pytest.approx(second["held_out_loss_after"], abs=1e-4)


def test_what_a_training_leaves(settings: Settings, context: Contexts, model: Path) -> None:
    said: list[str] = []
    report = train(settings("cpt", curriculum={"schedule": "paced"}), context(tell=said.append))
    folder = context().folder
    assert {p.name for p in folder.iterdir()} == {"model", "losses.jsonl", "losses.svg", "estimate.json", "checkpoints", "tensorboard"}
    assert {p.name for p in (folder / "checkpoints").glob("checkpoint-*")} == {"checkpoint-10", "checkpoint-12"}
    assert all(checkpoints.is_whole(p) for p in (folder / "checkpoints").glob("checkpoint-*"))
    assert list((folder / "tensorboard").glob("events*"))
    assert (folder / "losses.svg").read_text().startswith("<?xml")
    lines = losses.read(folder)
    assert [line["step"] for line in lines] == list(range(13))
    assert [line["step"] for line in lines if "held_out_bits_per_byte" in line] == [0, 6, 12]
    assert lines[-1]["tokens"] == report["tokens"]
    assert report["held_out_bits_per_byte_after"] < 0.8 * report["held_out_bits_per_byte_before"]
    trained = AutoModelForCausalLM.from_pretrained(folder / "model")
    assert trained.config.use_cache
    assert not torch.equal(trained.get_input_embeddings().weight, AutoModelForCausalLM.from_pretrained(model).get_input_embeddings().weight)
    assert not list((folder / "model").glob("*.bin"))
    assert any("split; no token is lost" in line for line in said)
    assert any("step 12 of 12" in line for line in said)


def test_a_training_is_the_same_twice(settings: Settings, context: Contexts) -> None:
    for name in ("one", "two"):
        train(settings("sft", weights="lora", adapter={"rank": 2, "dropout": 0.1}), context(name))
    one, two = (context(name).folder / "adapter" / "adapter_model.safetensors" for name in ("one", "two"))
    assert one.read_bytes() == two.read_bytes()


def test_gradient_checkpointing_and_accumulation_change_nothing(settings: Settings, context: Contexts) -> None:
    train(settings(batch=4), context("plain"))
    train(settings(batch=4, checkpointing="on"), context("checkpointing"))
    train(settings(batch=1, accumulate=4), context("accumulating"))
    plain, again, small = (figures(context(name).folder) for name in ("plain", "checkpointing", "accumulating"))
    assert same(plain, again)
    assert [line[2] for line in plain[1:]] == pytest.approx([line[2] for line in small[1:]], abs=1e-3)


def test_bf16_is_close_to_float32(settings: Settings, context: Contexts) -> None:
    exact = train(settings(), context("float32"))
    close = train(settings(precision="bf16"), context("bf16"))
    assert close["held_out_loss_after"] == pytest.approx(exact["held_out_loss_after"], abs=0.05)
    assert AutoModelForCausalLM.from_pretrained(context("bf16").folder / "model").dtype == torch.float32


def test_curricula_of_every_score(settings: Settings, context: Contexts, model: Path) -> None:
    for score in (["length"], ["labels", "depth"], ["loss", "length"]):
        given = {"schedule": "ordered", "score": score, "model": model if "loss" in score else None}
        report = train(settings("sft", curriculum=given, steps=4), context("-".join(score)))
        assert report["last_loss"] < report["first_loss"]


@pytest.mark.parametrize(
    ("method", "weights", "base"),
    [("cpt", "full", "Qwen/Qwen2.5-7B"), ("sft", "qlora", "meta-llama/Llama-2-7b-hf"), ("dpo", "lora", "Qwen/Qwen2.5-7B")],
)
def test_a_dry_run_takes_a_step_and_tells_what_the_real_one_needs(
    method: str, weights: str, base: str, settings: Settings, context: Contexts
) -> None:
    given = settings(
        method, weights=weights, model=base, data=("not/here",), window=2048, batch=8, steps=None, precision="auto", expected_tokens=10**9, epochs=2.0
    )
    report = train(given, context(dry_run=True))
    assert report["steps"] == 1 and report["last_loss"] > 0
    real = report["for_real"]
    assert real["base"] == base and 6.5e9 < real["parameters"] < 8e9
    assert real["time"]["hours"] > 1 and real["time"]["tokens"] == 10**9
    assert real["fits"] == (weights != "full")  # 7 thousand million weights with AdamW's state are 112 GiB at least
    if weights == "full":
        assert real["memory_gib"]["total"] > 100


def test_what_will_not_fit_is_refused_with_what_would(settings: Settings, context: Contexts) -> None:
    with pytest.raises(MemoryNeeded, match=r"needs about .* GiB and 0\.4 GiB are free; it would fit with checkpointing: on"):
        train(settings(batch=32, window=1024, memory=0.4, checkpointing="off"), context())
    assert json.loads((context().folder / "estimate.json").read_text())["estimate"]["total"] > 0.4
    assert train(settings(batch=32, window=1024, memory=0.4, steps=1, fit="ignore"), context())["steps"] == 1


def test_what_is_wrong_is_said(settings: Settings, context: Contexts, tmp_path: Path) -> None:
    with pytest.raises(StageError, match="qlora needs a GPU"):
        train(settings(weights="qlora", precision="auto"), context())
    with pytest.raises(StageError, match="no module nothing"):
        train(settings("sft", weights="lora", adapter={"targets": ["nothing"]}), context())
    with pytest.raises(DataError, match="longer than the window of 16 tokens"):
        train(settings("sft", window=16), context("short"))
    with pytest.raises(DataError, match="set long: drop"):
        train(settings("sft", window=64, long="error"), context("long"))
    with pytest.raises(StageError, match=r"no model|no tokenizer"):
        train(settings(model=tmp_path), context("none"))
    empty = write(tmp_path / "empty.jsonl", [])
    with pytest.raises(DataError, match="no row to train on"):
        train(settings(data=(empty,)), context("empty"))
