"""Which backend runs an encoder, in which precision, and what is said of it."""

import logging
import sys

import numpy as np
import pytest

from index import EncoderError, load_encoder
from index.encoder import backend_here
from index.encoder.backends import _warn, native_bf16
from index.encoder.conversion import cache_folder


@pytest.fixture
def no_openvino(monkeypatch):
    monkeypatch.setitem(sys.modules, "openvino", None)  # as if it were not installed
    _warn.cache_clear()


def test_openvino_where_it_is_and_torch_where_it_is_asked_for():
    import openvino

    bf16 = "BF16" in openvino.Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    assert backend_here() == ("openvino", "bf16" if bf16 else "f32", "")
    assert backend_here("torch") == ("torch", "bf16" if native_bf16() else "f32", "")
    with pytest.raises(EncoderError, match="auto, openvino and torch"):
        backend_here("cuda")


def test_without_openvino_torch_runs_and_says_so_once(no_openvino, models, save_model, own_cache, caplog):
    folder = save_model(models / "alone")
    with caplog.at_level(logging.WARNING, "index.encoder"):
        encoder = load_encoder(str(folder))
        assert encoder.backend.choice.name == "torch"
        assert "OpenVINO can't be used here" in encoder.backend.choice.reason
        assert load_encoder(str(folder)).encode(["a pump"]).shape == (1, 32)
    assert [r.getMessage().partition(" (")[0] for r in caplog.records] == ["OpenVINO can't be used here"]
    assert "slower" in caplog.text
    with pytest.raises(EncoderError, match="choose --encoder-backend torch"):
        load_encoder(str(folder), "openvino").backend  # noqa: B018
    caplog.clear()
    assert load_encoder(str(folder), "torch").backend.choice.reason == ""  # it was asked for
    assert not caplog.records


def test_a_model_that_openvino_cannot_convert_runs_on_torch(models, save_model, own_cache, monkeypatch, caplog):
    import openvino

    def fail(*args, **kwargs):
        raise RuntimeError("no such\noperation")

    folder = save_model(models / "strange")
    with monkeypatch.context() as patch:
        patch.setattr(openvino, "convert_model", fail)
        encoder = load_encoder(str(folder))
    with caplog.at_level(logging.WARNING, "index.encoder"):
        assert encoder.backend.choice.name == "torch"
    assert "can't run" in caplog.text and "no such operation" in caplog.text
    with pytest.raises(EncoderError, match="no such operation"):
        load_encoder(str(folder), "openvino").backend  # noqa: B018


@pytest.mark.parametrize("backend", ["openvino", "torch"])
def test_a_model_that_needs_all_bits_gets_them(models, save_model, own_cache, backend):
    """In bfloat16 the vectors of this model are others; that is measured when it is converted."""
    from sentence_transformers import SentenceTransformer

    folder = models / "wild"
    if not folder.exists():
        save_model(folder, wild=True)
    encoder = load_encoder(str(folder), backend)
    assert encoder.backend.choice.precision == "f32"
    texts = ["a seal", "a labyrinth seal with a drain chamber", "the rotor of claim 1"]
    theirs = SentenceTransformer(str(folder), device="cpu").encode(texts, normalize_embeddings=True)
    assert np.median((encoder.encode(texts) * theirs).sum(axis=1)) >= 0.999


def test_nothing_is_kept_of_a_conversion_that_fails(tmp_path, models, save_model, monkeypatch):
    monkeypatch.setenv("PATENT_CACHE", str(tmp_path))
    folder = save_model(models / "cut-off")
    (folder / "model.safetensors").write_bytes(b"")
    with pytest.raises(EncoderError):
        load_encoder(str(folder))
    assert not list(cache_folder().glob("*"))


def test_a_run_that_is_given_up_leaves_the_encoder_usable(encoder):
    batches = encoder._batches([f"text number {i} about a pump" for i in range(200)], "")
    run = encoder.backend.run(batches)
    next(run)
    run.close()
    assert encoder.encode(["a pump"]).shape == (1, 384)


def test_an_error_while_tokenizing_reaches_the_caller(encoder):
    with pytest.raises(TypeError):
        encoder.encode(["a pump"] * 3 + [None])
    assert encoder.encode(["a pump"]).shape == (1, 384)
