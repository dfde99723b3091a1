"""Terms of passages and of queries."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.terms import _CHINESE_STOP, _ENGLISH_STOP, terms


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The sealing rings, 0.5 mm", ["seal", "ring", "0.5", "mm"]),
        ("wherein said ring is sealed", ["ring", "seal"]),
        ("light-emitting", ["light", "emit"]),
        ("light-\nemitting", ["light", "emit"]),
        ("seal, seal; SEALS", ["seal", "seal", "seal"]),
        ("ＬＥＤ　３５ｍｍ", ["led", "35mm"]),
        ("CO₂ at 25℃", ["co2", "25", "c"]),
        ("Ångström", ["ångström"]),
        ("α-Al2O3", ["α", "al2o3"]),
        ("", []),
        ("…—!?", []),
        ("of the and", []),
    ],
)
def test_english(text, expected):
    assert terms(text) == expected


def test_chinese_words_and_their_parts():
    found = terms("一种反冲洗控制方法")
    assert {"冲洗", "控制", "方法"} <= set(found)
    assert "一种" not in found


def test_chinese_beside_latin():
    assert {"led", "显示"} <= set(terms("采用LED显示"))


def test_a_query_meets_the_passage_it_is_worded_like(patents):
    """The words of a question about claim 1 are terms of the claim, whatever their endings."""
    claim = patents["US99000001B2"].claims[0].text
    assert set(terms("Does the labyrinth have drain chambers, and are bores returning?")) - {"doe"} <= set(terms(claim)) | {"return"}


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=60))
def test_terms_have_no_blanks_no_capitals_and_no_stop_words(text):
    for term in terms(text):
        assert term
        assert not any(c.isspace() for c in term)  # the lexical index cuts at blanks
        assert term == term.lower()
        assert term not in _CHINESE_STOP


@settings(max_examples=100, deadline=None)
@given(st.text(st.characters(codec="ascii"), max_size=60))
def test_case_does_not_matter(text):
    assert terms(text.upper()) == terms(text.lower())


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=40), st.text(max_size=40))
def test_paragraphs_are_analysed_apart(first, second):
    assert terms(f"{first}\n\n{second}") == terms(first) + terms(second)


@settings(max_examples=100, deadline=None)
@given(st.text(st.sampled_from("反冲洗触发阈值输液泵阻塞检测动力电池的了和一种所述"), min_size=1, max_size=20))
def test_every_chinese_character_is_in_a_term_or_in_a_stop_word(text):
    covered = set("".join(terms(text))) | set("".join(_CHINESE_STOP))
    assert set(text) <= covered
    assert all("㐀" <= c <= "鿿" for t in terms(text) for c in t)


def test_the_stop_words_are_as_the_analysis_writes_them():
    for word in _ENGLISH_STOP | _CHINESE_STOP:
        assert word == unicodedata.normalize("NFKC", word).lower()
