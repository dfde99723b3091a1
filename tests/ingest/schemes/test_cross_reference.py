"""Titles without the references that are printed in them."""

import re

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from ingest.schemes.cross_reference import WRITTEN_SYMBOL, split_references, tidy_title


@pytest.mark.parametrize(
    ("written", "title", "references"),
    [
        ("Hand tools (edge trimmers for lawns A01G 3/06)", "Hand tools", ("edge trimmers for lawns A01G 3/06",)),
        ("Spades; Shovels (of any kind)", "Spades; Shovels (of any kind)", ()),
        ("SOIL (holes A01C); PARTS (works E01, E02)", "SOIL; PARTS", ("holes A01C", "works E01, E02")),
        ("A (b (c A01B 1/00) d) e", "A e", ("b (c A01B 1/00) d",)),
        ("A (b (c) d) e", "A (b (c) d) e", ()),
        ("犁（用于播种的入A01C5/00；其他的入E01）；耙", "犁；耙", ("用于播种的入A01C5/00；其他的入E01",)),
        ("犁（入H04N9／77优先)", "犁", ("入H04N9／77优先",)),
        ("printing (per seB41J)", "printing", ("per seB41J",)),
        ("光电（（H02S 10/30优先）", "光电", ("（H02S 10/30优先）",)),
        ("泵（入B64C17/10））", "泵", ("入B64C17/10",)),
        ("泵（一种））", "泵（一种））", ()),
        ("干燥（入A01D41/133；入B2", "干燥", ("入A01D41/133；入B2",)),
        ("A) b (c", "A) b (c", ()),
        ("vitamins (ABC12, mB12x)", "vitamins (ABC12, mB12x)", ()),
        ("(A01B 1/00)", "", ("A01B 1/00",)),
        ("", "", ()),
    ],
)
def test_references_are_parentheses_with_symbols(written, title, references):
    assert split_references(written) == (title, references)


def test_the_mark_can_be_another():
    assert split_references("A (see *x) or B (A01B)", re.compile(r"\*")) == ("A or B (A01B)", ("see *x",))


@hypothesis_settings(deadline=None, derandomize=True, max_examples=500)
@given(st.text(alphabet="()（）A01B/ x;", max_size=60))
def test_no_letter_is_lost(written):
    title, references = split_references(written)
    assert sorted(re.sub(r"[()（）; ]", "", title + "".join(references))) == sorted(re.sub(r"[()（）; ]", "", written))
    assert not any(WRITTEN_SYMBOL.search(group) for group in re.findall(r"\([^()（）]*\)", title))


@pytest.mark.parametrize(
    ("written", "title"), [("A  {} ; B {, }", "A; B"), ("A ; B;", "A; B"), ("A {b }, c", "A {b}, c"), ("{, e.g. x} y", "{, e.g. x} y"), (" ; ", "")]
)
def test_a_title_is_tidy_after_something_was_taken_out(written, title):
    assert tidy_title(written) == title


@pytest.mark.parametrize(
    "written", ["(" * 500_000, ")" * 500_000, "(A01B" * 100_000, "(A01B)" * 100_000, " " * 500_000 + "x", "{" * 500_000, " {" * 250_000]
)
def test_hostile_titles_take_no_longer_than_their_length(written):
    title, references = split_references(written)
    assert len(title) + sum(map(len, references)) <= len(written)
