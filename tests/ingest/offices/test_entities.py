"""Character entities: what the XML of the offices refers to without declaring it."""

import html.entities
import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from ingest.offices.entities import resolve_entities

LETTERS = {
    "a": "ALPHA", "b": "BETA", "g": "GAMMA", "d": "DELTA", "e": "EPSILON", "z": "ZETA", "ee": "ETA", "th": "THETA", "i": "IOTA", "k": "KAPPA",
    "l": "LAMDA", "m": "MU", "n": "NU", "x": "XI", "o": "OMICRON", "p": "PI", "r": "RHO", "s": "SIGMA", "t": "TAU", "u": "UPSILON", "ph": "PHI",
    "kh": "CHI", "ps": "PSI", "oh": "OMEGA",
}  # fmt: skip


def text_of(reference: str) -> str:
    """What an XML parser reads for it."""
    return "".join(etree.fromstring(resolve_entities(f"<a>{reference}</a>".encode())).itertext())


@pytest.mark.parametrize(("prefix", "letter"), LETTERS.items())
def test_the_greek_letters_of_iso_8879(prefix, letter):
    assert text_of(f"&{prefix}gr;") == unicodedata.lookup(f"GREEK SMALL LETTER {letter}")
    capital = prefix.upper() if len(prefix) > 1 else prefix.capitalize()
    assert text_of(f"&{capital}gr;") == unicodedata.lookup(f"GREEK CAPITAL LETTER {letter}")


@pytest.mark.parametrize(
    ("name", "character"),
    [
        ("lsqb", "["), ("rsqb", "]"), ("mdash", "—"), ("thinsp", "\u2009"), ("deg", "°"), ("times", "×"), ("minus", "−"), ("ges", "⩾"), ("boxH", "═"),
        ("ohacgr", "ώ"), ("idiagr", "ΐ"), ("b.Omega", "𝛀"), ("b.gammad", "𝟋"), ("rlarr2", "⇄"), ("rlhar2", "⇌"), ("ang90", "∟"), ("phis", "ϕ"),
        ("Circlesolid", "●"), ("Parenopenst", "("),
    ],
)  # fmt: skip
def test_names_of_the_other_sets(name, character):
    assert text_of(f"&{name};") == character


def test_every_name_of_html_is_read_as_its_character():
    for name, characters in html.entities.html5.items():
        if name.endswith(";"):
            assert text_of(f"x&{name}x") == f"x{characters}x", name


def test_what_has_a_meaning_in_markup_stays_text():
    assert resolve_entities(b'<a b="&QUOT;&LT;">&LT;b&GT;&AMP;lt;</a>') == b'<a b="&#34;&#60;">&#60;b&#62;&#38;lt;</a>'


@pytest.mark.parametrize(
    "data",
    [
        b"<a>no reference, no &amp; other &lt;&gt;&quot;&apos; and &#176; &#xb0;</a>",
        b"<a>&unknown; &a.b.c; &; & deg; &deg &-; " + b"&" + b"n" * 200 + b";</a>",
        b'<!DOCTYPE a [<!ENTITY deg "degrees"> <!ENTITY US-1.TIF SYSTEM "x" NDATA TIF>]><a>&deg; &US-1.TIF;</a>',
        b"<a><![CDATA[&deg; <!-- &mdash; ]]></a>",
        b"<a>cut off <![CDATA[ &deg;",
        b"",
    ],
)
def test_what_stays_as_it_is(data):
    assert resolve_entities(data) == data


def test_names_beside_those_that_are_declared_or_literal():
    data = b'<!DOCTYPE a [<!ENTITY deg "degrees">]><a>&deg;&mgr;<![CDATA[&mgr;]]>&mgr;</a>'
    assert resolve_entities(data) == b'<!DOCTYPE a [<!ENTITY deg "degrees">]><a>&deg;&#956;<![CDATA[&mgr;]]>&#956;</a>'


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_left_alone(encoding):
    data = "<a>90&deg;</a>".encode(encoding)
    assert resolve_entities(data) == data


@pytest.mark.parametrize("encoding", ["utf-8", "iso-8859-1", "gb18030", "shift_jis"])
def test_every_encoding_with_ascii_in_it_reads_the_same(encoding):
    source = f'<?xml version="1.0" encoding="{encoding}"?><a>\u00b1 90&deg;&mgr;</a>'.encode(encoding)
    assert etree.fromstring(resolve_entities(source)).text == "\u00b1 90°μ"


@given(st.lists(st.sampled_from(["&mgr;", "&deg;", "&amp;", "&nosuch;", "&#38;", "<b/>", "<![CDATA[&deg;]]>", "a", "&", ";", "é", "<![CDATA["])))
def test_only_references_change_and_a_second_time_changes_nothing(pieces):
    source = "<a>" + "".join(pieces)
    resolved = resolve_entities(source.encode())
    assert resolve_entities(resolved) == resolved
    assert resolved.decode().count("&nosuch;") == source.count("&nosuch;")
    if "<![CDATA[" not in pieces:
        literal = "<a>" + "".join(p for p in pieces if not p.startswith("<![CDATA["))
        assert resolved.decode().replace("<![CDATA[&deg;]]>", "") == literal.replace("&mgr;", "&#956;").replace("&deg;", "&#176;")


@given(st.binary(max_size=300))
def test_any_bytes_are_taken(data):
    resolve_entities(data)
    resolve_entities(b"&deg;" + data)


@pytest.mark.parametrize("piece", [b"&", b"&a", b"&deg", b"<![CDATA[&deg;", b"<!ENTITY ", b"&#38;", b"<a b='&deg;'/>"])
def test_a_hostile_megabyte_takes_no_time(piece):
    data = b"<a>&deg;" + piece * (1_000_000 // len(piece))
    start = time.perf_counter()
    resolve_entities(data)
    assert time.perf_counter() - start < 2
