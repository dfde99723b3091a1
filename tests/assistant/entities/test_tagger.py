"""Taggers: learned from a few texts, saved and loaded, and the two that come with the project."""

import json
import random
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.torch import load, save_file

from assistant.entities import AnnotatedText, Entity, EntityDataError, EntityTagger, TaggerError, span_scores
from assistant.entities.learning import Settings

QUICK = Settings(epochs=12, batch=8)
METALS = ["copper", "nickel", "tin", "zinc", "silver"]
PARTS = ["ring", "plate", "pump housing", "shaft", "inner bearing"]


def sentence(metal: str, part: str) -> AnnotatedText:
    text = f"The {part} is made of {metal}. "
    return AnnotatedText(text, (Entity(part, "Part", 4, 4 + len(part)), Entity(metal, "Metal", len(text) - 2 - len(metal), len(text) - 2)))


@pytest.fixture(scope="module")
def texts() -> list[AnnotatedText]:
    drawn = random.Random(0)
    return [sentence(drawn.choice(METALS), drawn.choice(PARTS)) for _ in range(60)]


@pytest.fixture(scope="module")
def tagger(texts: list[AnnotatedText]) -> EntityTagger:
    return EntityTagger.train(texts, QUICK)


def places(entities: list[Entity]) -> list[tuple[str, str]]:
    return [(e.type, e.text) for e in entities]


def test_it_learns_types_and_places(tagger: EntityTagger) -> None:
    assert tagger.types == ("Metal", "Part")
    for metal in METALS:
        for part in PARTS:
            each = sentence(metal, part)
            assert span_scores([tagger.tag(each.text)], [each.entities]).f1 == 1


def test_words_that_were_never_seen_are_found_by_what_stands_around(tagger: EntityTagger) -> None:
    assert places(tagger.tag("The crank is made of iridium."))[-1] == ("Metal", "iridium")


def test_the_same_texts_give_the_same_tagger(tagger: EntityTagger, texts: list[AnnotatedText], tmp_path: Path) -> None:
    before = torch.random.get_rng_state()
    EntityTagger.train(texts, QUICK).save(tmp_path / "again")
    assert torch.equal(before, torch.random.get_rng_state())
    tagger.save(tmp_path / "first")
    assert (tmp_path / "again").read_bytes() == (tmp_path / "first").read_bytes()


def test_saved_and_loaded_it_tags_alike(tagger: EntityTagger, tmp_path: Path) -> None:
    tagger.save(tmp_path / "tagger.safetensors")
    loaded = EntityTagger.load_from(tmp_path / "tagger.safetensors")
    assert (loaded.types, loaded.left_out) == (tagger.types, tagger.left_out)
    text = " ".join(sentence(metal, part).text for metal, part in zip(METALS, PARTS, strict=True))
    assert places(loaded.tag(text)) == places(tagger.tag(text))
    assert [e.probability for e in loaded.tag(text)] == pytest.approx([e.probability for e in tagger.tag(text)], abs=0.02)


def test_progress_is_told(texts: list[AnnotatedText]) -> None:
    told: list[tuple[int, int]] = []
    EntityTagger.train(texts[:8], Settings(epochs=2, batch=4), lambda *step: told.append(step))
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_what_can_not_be_learned_is_counted() -> None:
    text = "The pump housing.\nThe overhead crane."
    spans = [(4, 16, "A"), (4, 8, "B"), (4, 16, "B"), (0, 27, "C"), (26, 30, "D"), (31, 36, "A")]
    tagger = EntityTagger.train([AnnotatedText(text, tuple(Entity(text[a:b], kind, a, b) for a, b, kind in spans))], QUICK)
    assert sum(tagger.left_out.values()) == 5
    text = "The head. The pump housing."
    for spans, reason in (
        ([(10, 26, "A"), (14, 18, "B")], "overlaps a longer one"),
        ([(10, 26, "A"), (10, 26, "B")], "stands where another does"),
        ([(10, 26, "A"), (5, 8, "B")], "begins or ends inside a word"),
        ([(10, 26, "A"), (4, 13, "B")], "overlaps a longer one"),
        ([(14, 26, "A"), (4, 13, "B")], "goes over the end of a sentence"),
    ):
        tagger = EntityTagger.train([AnnotatedText(text, tuple(Entity(text[a:b], kind, a, b) for a, b, kind in spans))], Settings(1, 8))
        assert dict(tagger.left_out) == {reason: 1}
        assert len(tagger.types) == 1


@pytest.mark.parametrize("texts", [[], [AnnotatedText("nothing here", ())], [AnnotatedText("overhead", (Entity("head", "A", 4, 8),))]])
def test_nothing_to_learn_is_an_error(texts: list[AnnotatedText]) -> None:
    with pytest.raises(EntityDataError, match="without an entity"):
        EntityTagger.train(texts)


@pytest.mark.parametrize("language", ["en", "zh"])
class TestShipped:
    def test_it_finds_entities(self, language: str) -> None:
        text, expected = {
            "en": ("A thin film magnetic head comprises a coil and an insulating layer.", ("Component", "coil")),
            "zh": ("将10g氯化钠溶于乙醇中，通入氮气，过滤后得到产物。", ("无机盐", "氯化钠")),
        }[language]
        found = EntityTagger.load(language).tag(text)
        assert expected in places(found)
        assert all(0 < e.probability <= 1 for e in found)

    def test_width_and_capitals_make_no_difference_in_chinese(self, language: str) -> None:
        one, other = "加入N,N-二甲基甲酰胺，搅拌。", "加入ｎ，ｎ－二甲基甲酰胺,搅拌。"
        tagger = EntityTagger.load("zh")
        assert [(e.start, e.end) for e in tagger.tag(one)] == [(e.start, e.end) for e in tagger.tag(other)] != []

    @settings(max_examples=40, deadline=None)
    @given(text=st.text(st.one_of(st.sampled_from("。.;\n 层coil铝酸-,(1"), st.characters()), max_size=300))
    def test_offsets_are_exact_on_any_text(self, language: str, text: str) -> None:
        found = EntityTagger.load(language).tag(text)
        assert all(text[e.start : e.end] == e.text and e.start < e.end for e in found)
        assert all(a.end <= b.start for a, b in pairwise(found))

    def test_half_characters_and_controls_are_no_obstacle(self, language: str) -> None:
        text = "\ud800coil\x00 氧化铝\udfff\u200b"
        assert all(text[e.start : e.end] == e.text for e in EntityTagger.load(language).tag(text))

    @pytest.mark.parametrize("text", ["", " \n\t", "。"])
    def test_empty_texts_have_none(self, language: str, text: str) -> None:
        assert EntityTagger.load(language).tag(text) == []

    def test_a_text_alone_and_among_others_is_tagged_alike(self, language: str) -> None:
        text = "A slider has a coil of copper.\n氧化铝和乙醇。\n"
        alone = EntityTagger.load(language).tag(text)
        long = EntityTagger.load(language).tag(text + "x " * 200)
        assert [(e.start, e.end, e.type) for e in alone] == [(e.start, e.end, e.type) for e in long if e.end <= len(text)]

    def test_weights_are_small_and_loaded_once(self, language: str) -> None:
        import assistant.entities.tagger as module

        assert Path(module.__file__).with_name(f"{language}.safetensors").stat().st_size <= 3 * 2**20
        assert EntityTagger.load(language) is EntityTagger.load(language)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("language", "line"), [("en", "A slider of number {} has a coil and a thin film. "), ("zh", "取{}克氯化钠，溶于乙醇，得到溶液。")]
)
def test_a_megabyte_takes_seconds(language: str, line: str) -> None:
    text, i = "", 0
    lines = []
    while len(text) < 2**20:
        lines += [line.format(i + n) for n in range(1000)]
        text, i = "".join(lines), i + 1000
    text = text.encode()[: 2**20].decode(errors="ignore")
    tagger = EntityTagger.load(language)
    started = time.process_time()
    found = tagger.tag(text)
    assert time.process_time() - started < 60
    assert len(found) > 10_000


def test_an_unknown_language_names_those_there_are() -> None:
    with pytest.raises(TaggerError, match="'de', only for en and zh"):
        EntityTagger.load("de")


def test_a_file_that_is_no_tagger(tmp_path: Path, tagger: EntityTagger) -> None:
    path = tmp_path / "tagger"
    with pytest.raises(TaggerError, match="no such file"):
        EntityTagger.load_from(path)
    tagger.save(path)
    whole, tensors = path.read_bytes(), load(path.read_bytes())
    path.write_bytes(whole[:-10])
    with pytest.raises(TaggerError, match="damaged"):
        EntityTagger.load_from(path)
    path.write_bytes(b"nothing of the kind")
    with pytest.raises(TaggerError, match="damaged"):
        EntityTagger.load_from(path)
    save_file(tensors, tmp_path / "other", {"tagger": json.dumps({"form": "another"})})
    with pytest.raises(TaggerError, match="no entity tagger of this version"):
        EntityTagger.load_from(tmp_path / "other")
    path.write_bytes(whole.replace(b'\\"rows\\": ', b'\\"rows\\":1', 1))
    with pytest.raises(TaggerError, match="damaged"):
        EntityTagger.load_from(path)
    with pytest.raises(TaggerError, match="can't be read"):
        EntityTagger.load_from(tmp_path)
    with pytest.raises(TaggerError, match="can't be written"):
        tagger.save(tmp_path / "none" / "tagger")


def test_the_package_is_light_to_import() -> None:
    code = "import assistant.entities, assistant.entities.formats, sys; assert not {'torch', 'numpy', 'safetensors'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
