"""Models of one's own, with prompts and every pooling, against what sentence-transformers makes of them."""

import json
import shutil

import numpy as np
import pytest

from index import EncoderError, load_encoder

PROMPTS = {"query": "query: ", "document": "passage: "}
TEXTS = ("a seal", "a labyrinth seal with a drain chamber " * 20, "pump", "the rotor of claim 1", "一种泵")


@pytest.fixture(scope="module", params=["bert-cls", "bert-mean", "bert-max", "bert-lasttoken", "mpnet-mean", "qwen-lasttoken"])
def folder(request, models, save_model):
    return save_model(models / request.param, *request.param.split("-"), prompts=PROMPTS)


@pytest.fixture(scope="module")
def reference(folder):
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(str(folder), device="cpu", local_files_only=True)


def cosines(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    return (first * second).sum(axis=1) / np.linalg.norm(first, axis=1) / np.linalg.norm(second, axis=1)


@pytest.mark.parametrize("backend", ["openvino", "torch"])
def test_prompts_pooling_and_cutting_are_those_of_sentence_transformers(folder, reference, own_cache, backend):
    encoder = load_encoder(str(folder), backend)
    assert encoder.backend.choice.name == backend
    assert (encoder.info.query_prompt, encoder.info.passage_prompt) == ("query: ", "passage: ")
    assert encoder.info.pooling == folder.name.partition("-")[2]
    passages, queries = encoder.encode(TEXTS), encoder.encode_queries(TEXTS)
    assert cosines(passages, reference.encode(list(TEXTS), prompt_name="document")).min() >= 0.999
    assert cosines(queries, reference.encode(list(TEXTS), prompt_name="query")).min() >= 0.999
    assert np.linalg.norm(passages, axis=1) == pytest.approx(1, abs=1e-3)
    if encoder.info.pooling != "cls":  # of random weights, the first token hardly sees the others
        assert cosines(passages, reference.encode(list(TEXTS), prompt="")).min() < 0.999
        assert cosines(passages, queries)[2] < 0.999


def test_the_vectors_of_tokens_are_of_the_text_alone(folder, reference, own_cache):
    encoder = load_encoder(str(folder))
    prompted = {"passage: ": encoder.encode_tokens(TEXTS[:1]), "query: ": encoder.encode_query_tokens(TEXTS[:1])}
    for prompt, (ours,) in prompted.items():
        whole = reference.encode([TEXTS[0]], output_value="token_embeddings", prompt=prompt)[0].numpy()
        assert ours.shape == (encoder.count_tokens(TEXTS[:1])[0], 32)
        assert cosines(ours, whole[-1 - len(ours) : -1]).min() >= 0.999
    longest = encoder.encode_tokens(TEXTS)[1]
    assert len(longest) == encoder.room - 2  # without [CLS] and [SEP]


def test_room_is_the_window_without_the_prompt(folder, own_cache):
    encoder = load_encoder(str(folder))
    assert (encoder.info.window, encoder.room) == (64, 62)


def test_a_bare_transformer_has_its_tokens_averaged(models, save_model, own_cache):
    from sentence_transformers import SentenceTransformer

    folder = save_model(models / "bare", pooling="")
    assert not (folder / "modules.json").exists()
    encoder = load_encoder(str(folder))
    assert encoder.info.pooling == "mean"
    theirs = SentenceTransformer(str(folder), device="cpu").encode(list(TEXTS[2:]))
    assert cosines(encoder.encode(TEXTS[2:]), theirs).min() >= 0.999


def test_a_bare_transformer_of_a_known_family_is_pooled_as_the_family_is(models, save_model, own_cache):
    encoder = load_encoder(str(save_model(models / "bge-small-zh-v1.5", pooling="")))
    assert (encoder.info.pooling, encoder.info.languages, encoder.info.passage_prompt) == ("cls", ("zh",), "")
    assert encoder.info.query_prompt == "为这个句子生成表示以用于检索相关文章："


def test_a_name_on_the_hub_is_found_in_the_local_cache(models, save_model, own_cache, tmp_path, monkeypatch):
    repository = tmp_path / "hub" / "models--acme--multilingual-e5-tiny"
    snapshot = repository / "snapshots" / ("0" * 40)
    shutil.copytree(save_model(models / "of-the-hub"), snapshot)
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text("0" * 40)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))
    encoder = load_encoder("acme/multilingual-e5-tiny")
    assert encoder.info.name == "acme/multilingual-e5-tiny"
    assert (encoder.info.query_prompt, encoder.info.passage_prompt, encoder.info.languages) == ("query: ", "passage: ", ())
    with pytest.raises(EncoderError, match="hf download acme/other; or give the folder"):
        load_encoder("acme/other")


def test_pooling_that_leaves_the_prompt_out_is_an_error(models, save_model, own_cache):
    folder = save_model(models / "instructor", prompts=PROMPTS)
    path = folder / "1_Pooling" / "config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"include_prompt": False}))
    with pytest.raises(EncoderError, match="leaves the prompt out"):
        load_encoder(str(folder))


def test_a_broken_model_is_named_in_one_line(models, save_model, own_cache):
    folder = save_model(models / "broken")
    (folder / "config.json").write_text("{}")
    with pytest.raises(EncoderError, match="sentence-transformers can't load it") as caught:
        load_encoder(str(folder))
    assert str(folder) in str(caught.value) and "\n" not in str(caught.value)


def test_given_languages_count_and_convert_nothing_again(models, save_model, own_cache):
    folder = save_model(models / "languages")
    assert load_encoder(str(folder)).info.languages == ()
    before = sorted(own_cache.rglob("*.xml"))
    assert load_encoder(str(folder), languages=["en", "zh"]).info.languages == ("en", "zh")
    assert sorted(own_cache.rglob("*.xml")) == before


def test_new_prompts_in_the_models_files_are_noticed(models, save_model, own_cache):
    folder = save_model(models / "changed")
    assert load_encoder(str(folder)).info.signature()["prompts"] == {"query": "", "passage": ""}
    path = folder / "config_sentence_transformers.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"prompts": {"query": "ask: ", "document": ""}}))
    assert load_encoder(str(folder)).info.signature()["prompts"] == {"query": "ask: ", "passage": ""}


def test_the_digest_covers_every_module(models, save_model, own_cache):
    """Weights of a second module count, beside those of the transformer in the older format."""
    from index.encoder.conversion import _weights_digest

    folder = save_model(models / "two")
    shutil.move(folder / "model.safetensors", folder / "pytorch_model.bin")
    first = _weights_digest(folder)
    (folder / "2_Dense").mkdir()
    (folder / "2_Dense" / "model.safetensors").write_bytes(b"1")
    second = _weights_digest(folder)
    (folder / "pytorch_model.bin").write_bytes(b"2")
    assert len({first, second, _weights_digest(folder)}) == 3
