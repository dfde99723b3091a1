"""Between Chinese and English by the learned dictionary."""

import gzip
import json
import re
import subprocess
import sys

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from index.bilingual import coverage, dictionary, gloss, translations
from index.errors import SearchIndexError
from index.terms import terms
from ingest.language import CJK

CHINESE = st.text(st.sampled_from("燃料电池的控制方法一种所述传感器与其特征在于龘齉，。 LED12ａ"), max_size=40)


@pytest.mark.parametrize(
    ("chinese", "english"),
    [
        ("燃料电池", "fuel cell"),
        ("内燃机的点火", "combustion ignition"),
        ("湿度传感器", "humidity sensor"),
        ("植物的浇水", "plant water"),
        ("半导体器件", "semiconductor device"),
        ("密封环", "seal ring"),
        ("光纤", "fibre"),
    ],
)
def test_a_gloss_has_the_english_terms(chinese, english):
    assert set(terms(english)) <= set(terms(gloss(chinese)))


def test_a_gloss_keeps_what_is_not_chinese_in_its_place():
    assert gloss("ＬＥＤ显示装置，５０ mm。") == "LED display means, 50 mm."
    assert gloss("A sealing ring, 0.5 mm") == "A sealing ring, 0.5 mm"
    assert gloss("") == gloss("  ") == ""


def test_the_stock_words_of_patents():
    assert gloss("其特征在于，所述").startswith("characterized in that, the")
    assert gloss("本发明涉及一种") == "the invention relates to a"


def test_an_unknown_word_is_glossed_by_its_known_parts_and_else_left_out():
    assert gloss("龘齉") == ""
    assert gloss("龘燃料电池齉") == gloss("燃料电池")


@settings(max_examples=150, deadline=None)
@given(CHINESE)
@example("、。、")
def test_a_gloss_is_one_line_of_what_was_there_without_chinese(text):
    found = gloss(text)
    assert not re.search(f"[{CJK}]", found)
    assert found == found.strip()
    assert "  " not in found


@settings(max_examples=100, deadline=None)
@given(CHINESE)
def test_coverage_is_a_share(text):
    assert 0 <= coverage(text) <= 1


def test_coverage_tells_known_from_unknown():
    assert coverage("燃料电池的控制方法") == 1
    assert coverage("龘齉") == 0
    assert coverage("龘齉燃料电池") == pytest.approx(4 / 6)
    assert coverage("fuel cell zzyzx") == pytest.approx(2 / 3)
    assert coverage("12345 678") == coverage("") == 0


def test_stock_words_do_not_count():
    assert coverage("一种龘齉") == coverage("龘齉") == 0


@pytest.mark.parametrize(
    ("term", "language", "expected"),
    [
        ("传感器", "zh", "sensor"),
        ("互联网", "zh", "internet"),
        ("semiconductor", "en", "半导体"),
        ("ignit", "en", "点火"),
        ("server", "en", "服务器"),
    ],
)
def test_translations_of_a_term(term, language, expected):
    assert expected in dict(translations(term, language))


def test_probabilities_fall_and_make_one():
    for language, entries in dictionary._terms().items():
        for term in list(entries)[::97]:
            shares = [share for _, share in translations(term, language)]
            assert shares == sorted(shares, reverse=True)
            assert sum(shares) == pytest.approx(1, abs=0.03)


def test_translations_are_terms_of_the_lexical_index():
    """A word that its analysis never makes would never be found."""
    for entries in (dictionary._terms()["en"], dictionary._terms()["zh"]):
        for term in list(entries)[::53]:
            assert " " not in term
    english = {word for term in list(dictionary._terms()["zh"])[::53] for word, _ in translations(term, "zh")}
    assert all(word == word.lower() and word.isascii() for word in english if word[0].isascii())


def test_an_unknown_term_has_no_translation():
    assert translations("龘齉", "zh") == translations("zzyzx", "en") == translations("传感器", "en") == []


def test_the_package_is_light_until_it_is_asked():
    code = "import sys, index; print('index.bilingual' in sys.modules); import index.bilingual; print('numpy' in sys.modules)"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.split() == ["False", "False"]


@pytest.mark.parametrize(
    "content", [b"", b"no gzip", gzip.compress(b"no json", mtime=0), gzip.compress(json.dumps({"a": "b"}).encode(), mtime=0)[:-6]]
)
def test_a_damaged_dictionary_says_so(tmp_path, content):
    (tmp_path / "terms.json.gz").write_bytes(content)
    with pytest.raises(SearchIndexError, match=r"terms\.json\.gz: the bilingual dictionary can't be read"):
        dictionary._read(tmp_path / "terms.json.gz")


def test_a_missing_dictionary_says_so(tmp_path):
    with pytest.raises(SearchIndexError, match="install the package again"):
        dictionary._read(tmp_path / "nothing.json.gz")


def test_what_is_written_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr(dictionary, "PHRASES", tmp_path / "phrases.json.gz")
    monkeypatch.setattr(dictionary, "TERMS", tmp_path / "terms.json.gz")
    try:
        for _ in range(2):
            dictionary.write({"阀": "valve"}, {"zh": {"阀": [("valv", 0.75), ("gate", 0.25)]}, "en": {"valv": [("阀", 1.0)]}})
        assert dictionary.phrases() == {"阀": "valve"}
        assert translations("阀", "zh") == [("valv", 0.75), ("gate", 0.25)]
        assert translations("valv", "en") == [("阀", 1.0)]
    finally:
        dictionary.phrases.cache_clear()
        dictionary._terms.cache_clear()
