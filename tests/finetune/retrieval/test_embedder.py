"""Training a tiny encoder: each stage does its work, goes on to the same weights, and what it learned can be packed."""

import json

import numpy as np
import pytest

from finetune.retrieval.adapter import write_adapter
from finetune.retrieval.embedder import align, contrast
from finetune.retrieval.pairs import Pair, Placed
from finetune.retrieval.settings import SeededTuning
from finetune.retrieval.vocabulary import extended

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("default")]
THINGS = {
    "燃料电池": "fuel cell",
    "泵": "pump",
    "洗衣机": "washing machine",
    "灯": "lamp",
    "阀": "valve",
    "齿轮": "gear",
    "电机": "motor",
    "钢": "steel",
}


def settings(**more):
    return SeededTuning.model_validate(
        {
            "align": {"epochs": 12, "batch": 4, "rate": 0.02},
            "contrast": {"epochs": 10, "batch": 4, "rate": 5e-3, "row_rate": 1e-3, "rank": 4, "alpha": 8, "tokens": 16},
            "bf16": False,
            "save_steps": 10,
            "log_steps": 2,
            **more,
        }
    )


@pytest.fixture
def model(tiny):
    found, ids = extended(tiny, list(THINGS), lambda t: "")
    return found, ids


def texts(model):
    english = [f"method for {e}" for e in THINGS.values()]
    vectors = model.encode(english)
    return {"words": ([f"方法{z}" for z in THINGS], vectors / np.linalg.norm(vectors, axis=1, keepdims=True))}


def test_rows_learn_what_their_english_says_and_nothing_else_moves(model, tmp_path):
    encoder, ids = model
    wanted = texts(encoder)
    before = {n: p.detach().clone() for n, p in encoder[0].auto_model.named_parameters()}
    english = encoder.encode(["control of a pump"])
    losses = align(encoder, ids, wanted, tmp_path / "steps", settings())
    assert losses[-1] < losses[0]
    found = encoder.encode(wanted["words"][0], normalize_embeddings=True) @ wanted["words"][1].T
    assert (found.argmax(axis=1) == np.arange(len(found))).mean() >= 0.75
    after = dict(encoder[0].auto_model.named_parameters())
    assert after.keys() == before.keys()
    moved = [n for n, p in after.items() if (p.detach() != before[n]).any()]
    assert moved == ["embeddings.word_embeddings.weight"]
    assert np.allclose(encoder.encode(["control of a pump"]), english, atol=1e-6)


def pairs():
    return [Pair("title", f"a {a}", f"the {b} of {a}", a) for a in THINGS.values() for b in ("control", "cooling")] + [
        Pair("hard", f"{a} water", f"{a} heat", a, (f"{b} heat",)) for a, b in zip(THINGS.values(), list(THINGS.values())[::-1], strict=True)
    ]


def placed():
    some = list(THINGS.values())
    return [Placed(f"control of {a}", a, b, f"the {a}", f"the {b}", a) for a, b in zip(some, some[1:] + some[:1], strict=True)]


def test_pairs_and_places_are_learned_and_fit_into_an_adapter(model, tiny, tmp_path):
    from safetensors.numpy import load_file

    encoder, ids = model
    losses = contrast(encoder, ids, pairs(), placed(), tmp_path / "steps", settings())
    assert losses[-1] < 0.7 * losses[0]
    logged = json.loads((tmp_path / "steps" / "losses.json").read_text("utf-8"))
    assert [entry["loss"] for entry in logged] == losses
    encoder.save_pretrained(str(tmp_path / "tuned"), create_model_card=False)
    assert load_file(tmp_path / "tuned" / "model.safetensors").keys() == load_file(tiny / "model.safetensors").keys()
    lost = write_adapter(tiny, tmp_path / "tuned", list(THINGS), ids, 4, tmp_path / "adapter")
    assert lost and max(lost.values()) < 1e-3  # what was learned has no more than the rank of the adapters
    kept = load_file(tmp_path / "adapter" / "adapter.safetensors")
    write_adapter(tiny, tmp_path / "tuned", list(THINGS), ids, 4, tmp_path / "half", share=0.5)
    half = load_file(tmp_path / "half" / "adapter.safetensors")
    layer = next(n.removesuffix(".up") for n in kept if n.endswith(".up"))
    whole, part = (each[f"{layer}.up"].astype(np.float32) @ each[f"{layer}.down"].astype(np.float32) for each in (kept, half))
    assert np.abs(whole).max() > 0 and np.abs(part - whole / 2).max() < np.abs(whole).max() / 100
    assert (half["rows"] == kept["rows"]).all()
    assert kept["rows"].dtype == np.int8 and kept["rows"].shape == (len(ids), 32)
    rows = encoder[0].auto_model.get_input_embeddings().weight.detach().numpy()[ids]
    assert np.abs(kept["rows"] * kept["scales"].astype(np.float32) - rows).max() < np.abs(rows).max() / 100


def test_interrupted_it_goes_on_to_the_same_losses(tiny, tmp_path, monkeypatch):
    from sentence_transformers import SentenceTransformerTrainer

    def run(folder):
        encoder, ids = extended(tiny, list(THINGS), lambda t: "")
        return contrast(encoder, ids, pairs(), placed(), folder, settings()), encoder.encode(["a pump", "灯"])

    whole, vectors = run(tmp_path / "whole")
    logged = []
    log = SentenceTransformerTrainer.log

    def killed(self, *given, **named):
        logged.append(given)
        if len(logged) == 13:
            raise KeyboardInterrupt
        return log(self, *given, **named)

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(SentenceTransformerTrainer, "log", killed)
        run(tmp_path / "killed")
    assert sorted(p.name for p in (tmp_path / "killed").glob("checkpoint-*")) == ["checkpoint-10", "checkpoint-20"]
    losses, same = run(tmp_path / "killed")
    assert losses == pytest.approx(whole, rel=1e-3)
    assert np.allclose(same, vectors, atol=1e-4)


def test_wrong_settings_are_refused():
    with pytest.raises(ValueError, match="ranks"):
        SeededTuning.model_validate({"contrast": {"ranks": 4}})
    with pytest.raises(ValueError, match="greater than 0"):
        SeededTuning.model_validate({"align": {"rate": 0}})
