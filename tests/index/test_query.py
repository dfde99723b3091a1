"""What a query is to the index: terms in both languages, and how far the encoder is trusted with it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.bilingual import translations
from index.query import TRANSLATED, understand
from index.terms import terms

BOTH = frozenset({"en", "zh"})


def test_a_query_that_the_encoder_reads():
    query = understand("a sealing ring for the shaft", ["en"], {"en"})
    assert query.encoded == query.text
    assert query.native
    assert query.trust == 1.0
    (own,) = query.readings
    assert own.weights == {"seal": 1, "ring": 1, "shaft": 1}


def test_a_chinese_query_is_glossed_for_an_english_encoder():
    query = understand("燃料电池的控制方法", ["en"], {"zh"})
    assert not query.native
    assert "fuel" in query.encoded
    assert 0.5 < query.trust <= 1.0
    assert len(query.readings) == 1


@pytest.mark.parametrize("readable", [["en", "zh"], []])
def test_an_encoder_that_reads_chinese_gets_it_as_it_is(readable):
    query = understand("燃料电池的控制方法", readable, {"zh"})
    assert query.encoded == query.text
    assert query.native
    assert query.trust == 1.0


def test_a_language_that_nobody_reads_is_left_to_the_terms():
    query = understand("回転軸のシール構造であって、排水室を有するもの", ["en"], {"ja"})
    assert query.trust == 0.0


def test_translated_terms_where_the_other_language_is_there():
    own, other = understand("server", ["en"], BOTH).readings
    assert own.weights == {"server": 1}
    assert other.trust == TRANSLATED
    assert other.weights == pytest.approx(dict(translations("server", "en")))
    assert len(understand("server", ["en"], {"en"}).readings) == 1
    assert "server" in understand("服务器", ["en"], BOTH).readings[1].weights


def test_a_repeated_word_counts_less_than_twice_when_translated():
    once, twice = (understand(q, ["en"], BOTH).readings[1].weights for q in ("server", "server server"))
    assert all(once[t] < twice[t] < 2 * once[t] for t in once)


def test_renderings_are_the_likely_translations():
    query = understand("server", ["en"], BOTH)
    assert "服务器" in query.renderings("server")
    assert query.renderings("nosuchterm") == []
    assert understand("ein Dichtungsring für die Welle", ["en"], BOTH).renderings("welle") == []


@given(st.text(max_size=80))
def test_any_text(text):
    query = understand(text, ["en"], BOTH)
    assert 0.0 <= query.trust <= 1.0
    assert set(query.readings[0].weights) == set(terms(text))
    assert all(w > 0 for r in query.readings for w in r.weights.values())
