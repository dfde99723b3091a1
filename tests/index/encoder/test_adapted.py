"""The encoder with an adapter: near the base's vectors for English, its own for Chinese; and what is wrong with an adapter is said."""

import json
import shutil

import numpy as np
import pytest
from tokenizers import Tokenizer

from index import EncoderError, load_encoder
from index.encoder import DEFAULT_ENCODER, PATENT_ENCODER
from index.encoder.adapted import MADE_FROM, PATENT, TOKENS, WEIGHTS, adapted, made_from
from index.encoder.source import model_folder

ENGLISH = ["A method of controlling a fuel cell, comprising measuring a voltage", "A washing machine with a drum"]
CHINESE = ["一种燃料电池的控制方法，包括测量电压", "一种带滚筒的洗衣机"]


@pytest.fixture(scope="module")
def tuned():
    return load_encoder(PATENT_ENCODER)


def test_it_says_that_it_reads_chinese(tuned):
    info = tuned.info
    assert (info.name, info.dimension, info.window, info.languages) == (PATENT_ENCODER, 384, 256, ("en", "zh"))
    assert info.digest == made_from(model_folder(PATENT_ENCODER)) != load_encoder(DEFAULT_ENCODER).info.digest


def test_english_is_tuned_and_not_another(tuned):
    moved = (tuned.encode(ENGLISH) * load_encoder(DEFAULT_ENCODER).encode(ENGLISH)).sum(axis=1)
    assert (moved > 0.7).all() and (moved < 0.999).all()


def test_a_place_of_the_classification_is_nearer_than_before(tuned):
    places = [
        "Washing machines; laundry drums, rinsing, spin drying of textiles",
        "Processes or means, e.g. batteries, for the direct conversion of chemical energy into electrical energy",
    ]

    def margins(encoder):
        likeness = encoder.encode(ENGLISH[::-1]) @ encoder.encode(places).T
        return likeness[[0, 1], [0, 1]] - likeness[[0, 1], [1, 0]]

    assert (margins(tuned) > margins(load_encoder(DEFAULT_ENCODER))).all()


def test_chinese_says_what_its_english_says(tuned):
    likeness = tuned.encode(CHINESE) @ tuned.encode(ENGLISH).T
    assert likeness.argmax(axis=1).tolist() == [0, 1]
    assert np.diag(likeness).min() > 0.6 > likeness[[0, 1], [1, 0]].max()
    before = load_encoder(DEFAULT_ENCODER)
    assert np.diag(before.encode(CHINESE) @ before.encode(ENGLISH).T).max() < 0.4


def test_words_are_tokens_and_nothing_is_unknown(tuned):
    tokenizer = Tokenizer.from_file(str(model_folder(PATENT_ENCODER) / "tokenizer.json"))
    tokenizer.no_padding()
    found = tokenizer.encode(CHINESE[0], add_special_tokens=False).tokens
    assert "燃料电池" in found and "[UNK]" not in found
    assert tuned.count_tokens(CHINESE)[0] == len(found) < len(CHINESE[0])


def test_it_is_small_enough_to_ship():
    assert sum(f.stat().st_size for f in PATENT.iterdir()) < 10_000_000


def test_it_is_put_together_once(tmp_path):
    base = model_folder(DEFAULT_ENCODER)
    first = adapted(base, tmp_path)
    stamp = (first / "model.safetensors").stat().st_mtime_ns
    assert adapted(base, tmp_path) == first
    assert (first / "model.safetensors").stat().st_mtime_ns == stamp
    assert [p.name for p in tmp_path.iterdir()] == [first.name]


def test_low_rank_matrices_are_added(tmp_path):
    from safetensors.numpy import load_file, save_file

    base, adapter = model_folder(DEFAULT_ENCODER), tmp_path / "adapter"
    shutil.copytree(PATENT, adapter)
    name = "encoder.layer.0.output.dense.weight"
    learned = load_file(adapter / WEIGHTS)
    learned[f"{name}.up"], learned[f"{name}.down"] = np.ones((384, 1), dtype=np.float16), np.full((1, 1536), 0.5, dtype=np.float16)
    save_file(learned, adapter / WEIGHTS, metadata=_metadata(adapter))
    before, after = load_file(base / "model.safetensors")[name], load_file(adapted(base, tmp_path / "cache", adapter) / "model.safetensors")[name]
    assert np.allclose(after - before, 0.5, atol=1e-5)


def test_a_projection_is_applied_to_the_averaged_vector(tmp_path):
    from safetensors.numpy import load_file, save_file
    from sentence_transformers import SentenceTransformer

    base, adapter = model_folder(DEFAULT_ENCODER), tmp_path / "adapter"
    shutil.copytree(PATENT, adapter)
    projection = np.random.default_rng(0).normal(size=(384, 384)).astype(np.float16)
    save_file({**load_file(adapter / WEIGHTS), "projection": projection}, adapter / WEIGHTS, metadata=_metadata(adapter))
    found = SentenceTransformer(str(adapted(base, tmp_path / "cache", adapter)), device="cpu", local_files_only=True).encode(ENGLISH)
    expected = SentenceTransformer(str(adapted(base, tmp_path / "plain", PATENT)), device="cpu", local_files_only=True).encode(ENGLISH) @ projection
    assert np.allclose(found, expected / np.linalg.norm(expected, axis=1, keepdims=True), atol=1e-4)


def test_another_adapter_is_another_encoder(tmp_path):
    base, adapter = model_folder(DEFAULT_ENCODER), tmp_path / "adapter"
    shutil.copytree(PATENT, adapter)
    tokens = json.loads((adapter / TOKENS).read_text("utf-8"))
    (adapter / TOKENS).write_text(json.dumps([*tokens[:-1], "龘"]), "utf-8")
    other = adapted(base, tmp_path / "cache", adapter)
    assert made_from(other) != made_from(adapted(base, tmp_path / "cache"))
    assert made_from(base) == ""


@pytest.mark.parametrize("spoilt", ["base", WEIGHTS, TOKENS, "missing"])
def test_what_is_wrong_is_said(tmp_path, spoilt):
    base, adapter = tmp_path / "base", tmp_path / "adapter"
    shutil.copytree(model_folder(DEFAULT_ENCODER), base)
    shutil.copytree(PATENT, adapter)
    if spoilt == "base":
        with (base / "model.safetensors").open("r+b") as stream:
            stream.seek(-4, 2)
            stream.write(b"\0\1\2\3")
    elif spoilt == "missing":
        (adapter / WEIGHTS).unlink()
    else:
        (adapter / spoilt).write_bytes(b"{")
    with pytest.raises(EncoderError, match="SHA-256" if spoilt == "base" else "install patent-assistant again"):
        adapted(base, tmp_path / "cache", adapter)
    assert not list((tmp_path / "cache").glob(f"*/{MADE_FROM}"))


def _metadata(adapter):
    from safetensors import safe_open

    with safe_open(adapter / WEIGHTS, "np") as opened:
        return opened.metadata()
