"""The model that comes with the program, on texts of every kind; and training, saving and loading of a model of the test's own."""

import gzip
import json
import re
import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.errors import AssistantError
from assistant.keyphrases import Keyphrase, KeyphraseModel
from assistant.keyphrases.model import SHIPPED, views, worthwhile
from assistant.keyphrases.training import Row, fold_of, train

TITLE = "一种锂离子电池隔膜及其制备方法"
ABSTRACT = "本发明公开了一种锂离子电池隔膜，包括聚乙烯多孔基膜和涂覆在基膜表面的氧化铝陶瓷涂层，该隔膜耐热性好，提高了电池的安全性。"
CLAIMS = "1.一种锂离子电池隔膜，其特征在于，包括聚乙烯基膜和陶瓷涂层。\n2.根据权利要求1所述的隔膜，其特征在于，所述陶瓷涂层含有氧化铝和粘结剂。"


@pytest.fixture(scope="module")
def model() -> KeyphraseModel:
    return KeyphraseModel.load()


def texts(found: Sequence[Keyphrase]) -> list[str]:
    return [phrase.text for phrase in found]


def test_names_what_the_patent_is_about(model: KeyphraseModel) -> None:
    found = model.extract(TITLE, ABSTRACT, CLAIMS)
    assert {"隔膜", "电池"} <= set(texts(found))
    assert not {"一种", "包括", "本发明", "所述"} & set(texts(found))
    assert len(found) <= 10


def test_probabilities_fall_and_lie_between_0_and_1(model: KeyphraseModel) -> None:
    probabilities = [phrase.probability for phrase in model.extract(TITLE, ABSTRACT, CLAIMS)]
    assert all(p is not None and 0 < p < 1 for p in probabilities)
    assert probabilities == sorted(probabilities, reverse=True)


def test_spans_are_where_the_phrase_stands(model: KeyphraseModel) -> None:
    parts = {"title": TITLE, "abstract": ABSTRACT, "claims": CLAIMS}
    for phrase in model.extract(**parts):
        assert all(parts[part][start:end] == phrase.text for part, start, end in phrase.spans)
        assert len(phrase.spans) == sum(text.count(phrase.text) for text in parts.values())


def test_gives_words_that_do_not_stand_in_the_text(model: KeyphraseModel) -> None:
    ranked = [word for word, _ in model.rank(TITLE, ABSTRACT, CLAIMS)]
    absent = [word for word in ranked if word not in TITLE + ABSTRACT + CLAIMS]
    assert "正极" in absent or "负极" in absent


@pytest.mark.parametrize("k", [0, -1])
def test_none_asked_for_none_given(model: KeyphraseModel, k: int) -> None:
    assert model.extract(TITLE, ABSTRACT, CLAIMS, k=k) == []


@pytest.mark.parametrize("text", ["", " \n\t", "。，；", "123 45.6", "%", "a", "the of"])
@pytest.mark.parametrize("language", ["", "zh", "en"])
def test_a_text_without_words_has_few_keyphrases_or_none(model: KeyphraseModel, text: str, language: str) -> None:
    for phrase in model.extract("", text, "", language=language):
        assert phrase.text


def test_blank_texts_have_none(model: KeyphraseModel) -> None:
    assert model.extract("", "  ", "\n", language="zh") == []


@pytest.mark.parametrize("k", [1, 3])
def test_at_most_k(model: KeyphraseModel, k: int) -> None:
    assert 1 <= len(model.extract(TITLE, ABSTRACT, CLAIMS, k=k)) <= k


def test_one_part_alone_is_enough(model: KeyphraseModel) -> None:
    for parts in ((TITLE, "", ""), ("", ABSTRACT, ""), ("", "", CLAIMS)):
        assert "隔膜" in texts(model.extract(*parts))


def test_the_same_twice(model: KeyphraseModel) -> None:
    assert model.extract(TITLE, ABSTRACT, CLAIMS) == model.extract(TITLE, ABSTRACT, CLAIMS)


def test_a_megabyte_of_claims(model: KeyphraseModel) -> None:
    found = model.extract(TITLE, ABSTRACT, "2.根据权利要求1所述的电池隔膜，其特征在于，还包括陶瓷涂层。\n" * 12_000)
    assert "隔膜" in texts(found)
    assert next(phrase for phrase in found if phrase.text == "隔膜").spans[-1][1] > 300_000


def test_a_megabyte_without_a_sentence_end(model: KeyphraseModel) -> None:
    assert texts(model.extract("隔膜" * 200_000, "隔膜" * 200_000, "隔膜" * 200_000)) != []


def test_a_megabyte_of_english(model: KeyphraseModel) -> None:
    found = texts(model.extract("Heat pump", "", "A heat pump having a scroll compressor and a condenser; " * 20_000))
    assert {"heat pump", "scroll compressor", "condenser"} <= set(found)


def test_traditional_characters_and_latin_words(model: KeyphraseModel) -> None:
    abstract = "本發明公開了一種LED背光模組，包括OLED面板、導光板與TFT-LCD驅動電路，採用5G NR通信。"
    found = model.extract("一種LED背光模組", abstract, "", language="zh")
    assert found
    assert all(re.fullmatch("[㐀-鿿]+", phrase.text) for phrase in found)


def test_the_shipped_model_is_arrays_without_pickle() -> None:
    assert SHIPPED.stat().st_size <= 3_000_000
    with np.load(SHIPPED, allow_pickle=False) as file:
        assert all(file[name].dtype.kind in "iufb" for name in file.files)


def test_english_is_ranked_without_a_probability(model: KeyphraseModel) -> None:
    found = model.extract(
        "Separator for a lithium-ion battery",
        "A separator comprises a porous polyethylene film and a ceramic coating. The ceramic coating contains alumina and a binder.",
        "1. A separator for a lithium-ion battery, comprising a porous polyethylene film and a ceramic coating on the film.",
    )
    assert {"ceramic coating", "porous polyethylene film"} <= set(texts(found))
    assert all(phrase.probability is None and phrase.spans for phrase in found)


def test_english_phrases_are_not_inside_one_another(model: KeyphraseModel) -> None:
    found = texts(model.extract("", "A heat pump. The heat pump has a heat pump compressor. A compressor is cooled by the heat pump.", ""))
    assert not [(a, b) for a in found for b in found if a != b and f" {a} " in f" {b} "]


def test_no_model_there(tmp_path: Path) -> None:
    with pytest.raises(AssistantError, match=r"nothing\.npz"):
        KeyphraseModel.load(tmp_path / "nothing.npz")


@pytest.mark.parametrize("content", [b"", b"not a model", b"PK\x03\x04 cut short"])
def test_a_damaged_model(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "damaged.npz"
    path.write_bytes(content)
    with pytest.raises(AssistantError, match=r"damaged\.npz"):
        KeyphraseModel.load(path)


def test_arrays_of_something_else(tmp_path: Path) -> None:
    path = tmp_path / "other.npz"
    np.savez(path, other=np.zeros(3))
    with pytest.raises(AssistantError, match=r"other\.npz"):
        KeyphraseModel.load(path)


def test_a_saved_model_is_the_same(model: KeyphraseModel, tmp_path: Path) -> None:
    model.save(tmp_path / "copy.npz")
    assert zipfile.is_zipfile(tmp_path / "copy.npz")
    assert KeyphraseModel.load(tmp_path / "copy.npz").extract(TITLE, ABSTRACT, CLAIMS) == model.extract(TITLE, ABSTRACT, CLAIMS)


def test_nothing_to_learn_from() -> None:
    with pytest.raises(ValueError, match="nothing to learn from"):
        train([], {}, ({}, np.zeros((0, 64), np.float32)), {}, 0)


@given(st.lists(st.floats(0, 1), max_size=30), st.integers(1, 15))
def test_how_many_to_give(probabilities: list[float], k: int) -> None:
    given = worthwhile(sorted(probabilities, reverse=True), k)
    assert given == 0 if not probabilities else 1 <= given <= min(k, len(probabilities))


@given(st.text("电池隔膜。；\n，1.", max_size=3000), st.sampled_from(["", "隔膜"]))
def test_views_share_out_the_whole(claims: str, title: str) -> None:
    seen = views(title, "", claims)
    assert all(text.strip() for text, _ in seen)
    assert not seen or sum(share for _, share in seen) == pytest.approx(1)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(codec="utf-8"), max_size=200), st.text("电池的一种隔膜，。ab \n", max_size=200), st.sampled_from(["", "zh", "en", "ja"]))
def test_any_text(model: KeyphraseModel, title: str, abstract: str, language: str) -> None:
    parts = {"title": title, "abstract": abstract, "claims": ""}
    for phrase in model.extract(**parts, language=language):
        assert all(parts[part][start:end].casefold().split() == phrase.text.casefold().split() for part, start, end in phrase.spans)


def training_rows(data: Path) -> list[Row]:
    with gzip.open(data / "kppatent_zh" / "train.jsonl.gz", "rt", encoding="utf-8") as stream:
        rows = [json.loads(line) for line in stream]
    return [(re.sub("^摘要：", "", row["input"].strip()), row["output"].split(",")) for row in rows]


def test_learns_keywords_of_texts_that_it_was_not_trained_on(data: Path) -> None:
    rows = training_rows(data)
    held = [row for row in rows if fold_of(row[0]) == 0][:80]
    small = train([row for row in rows if fold_of(row[0]) != 0][:300], {}, ({}, np.zeros((0, 64), np.float32)), {}, 0, rounds=20)
    total = 0.0
    for text, keys in held:
        given = texts(small.extract("", text, "", language="zh"))
        total += 2 * len(set(given) & set(keys)) / (len(given) + len(set(keys)))
    assert total / len(held) > 0.19
