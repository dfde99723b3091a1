"""Classification symbols: every written form means the same place."""

import random
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.errors import ReadError
from ingest.schemes.symbol import Symbol, standard

sections = st.sampled_from("ABCDEFGHY")
classes = st.integers(1, 99).map(lambda n: f"{n:02d}")
subclasses = st.sampled_from("ABCDEFGHJKLMNPQRSTUVWXYZ")
groups = st.integers(1, 9999)
subgroups = st.from_regex(r"\A[0-9][0-9]([0-9]{0,3}[1-9])?\Z")


@settings(deadline=None, derandomize=True, max_examples=300)
@given(sections, classes, subclasses, groups, subgroups)
def test_all_written_forms_of_a_place_are_one_symbol(section, cls, subclass, group, subgroup):
    head = f"{section}{cls}{subclass}"
    standard = f"{head} {group}/{subgroup}"
    forms = [
        standard,
        f"{head}{group}/{subgroup}",
        f"{head}   {group}/{subgroup}",
        f"{head}{group:4d}/{subgroup}  ",
        f"{head} {group:04d}/{subgroup}",
        f"{head} {group} / {subgroup}",
        f"{head}  {group}/{subgroup}  (2006.01)",
        f"{head} {group}/{subgroup}[2021.01]I",
        f"{head}{group:4d}/{subgroup:6}        20060101AFI20100101BHEP        ",
        f"{head} {group}/ {subgroup} A I ",
        f"{head}\u3000{group}\uff0f{subgroup}",
        "".join(chr(ord(c) + 0xFEE0) for c in f"{head}{group}/{subgroup}"),
        f"{head}{group:04d}{subgroup:0<6}",
        standard.lower(),
    ]
    assert {str(Symbol(form)) for form in forms} == {standard}
    assert len({Symbol(form) for form in forms}) == 1
    assert Symbol.of_parts(section, str(int(cls)), subclass, str(group), subgroup) == Symbol(standard)


@pytest.mark.parametrize(
    ("written", "standard"),
    [
        ("A01B0001020000", "A01B 1/02"),
        ("H01L0021758000", "H01L 21/758"),
        ("H01L0021100000", "H01L 21/10"),
        ("A01B0001000000", "A01B 1/00"),
        ("H04W  12/04", "H04W 12/04"),
        ("A61K 31/7056", "A61K 31/7056"),
        ("Y02E10/70", "Y02E 10/70"),
        ("A01B2201/00", "A01B 2201/00"),
        ("Y10T 428/249921", "Y10T 428/249921"),
        ("A01B 1/000", "A01B 1/00"),
        ("C12P  19/56        20130101 LI20190607BHEP        ", "C12P 19/56"),
        ("B05B 7/ 00 A I ", "B05B 7/00"),
        ("A01B 1/", "A01B 1/00"),
        ("A01B 1", "A01B 1/00"),
        (" A01B ", "A01B"),
        ("a01", "A01"),
        ("H", "H"),
    ],
)
def test_the_standard_form(written, standard):
    assert str(Symbol(written)) == standard
    assert repr(Symbol(written)) == f"Symbol({standard!r})"


@pytest.mark.parametrize(
    "text", ["", " ", "Z01B", "I01B", "A1B", "A01B 1/2", "A01B 12345/02", "A01B-1/02", "A01B 1/02 (2006)", "pump", "A01B00010200"]
)
def test_what_is_not_a_symbol_is_refused_with_an_example(text):
    with pytest.raises(ReadError, match="write it like H04L 9/08"):
        Symbol(text)


@settings(deadline=None, derandomize=True, max_examples=300)
@given(st.text(alphabet="ABHYIZ0123456789/ 　０１٣-", max_size=16))
def test_whatever_is_accepted_has_an_ascii_standard_form_that_means_the_same(text):
    try:
        symbol = Symbol(text)
    except ReadError:
        return
    assert str(symbol).isascii()
    assert Symbol(str(symbol)) == symbol


@settings(deadline=None, derandomize=True, max_examples=300)
@given(st.text(alphabet="ABHYIZ0123456789/ 　０１٣-().", max_size=80))
def test_the_short_way_to_the_standard_form_agrees_with_the_long(text):
    try:
        expected = str(Symbol(text))
    except ReadError as error:
        with pytest.raises(ReadError) as raised:
            standard(text)
        assert str(raised.value) == str(error)
    else:
        assert standard(text) == standard(text) == expected


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (("A", "01", "B", "1", "02"), "A01B 1/02"),
        (("H", "4", "L", "0009", "08"), "H04L 9/08"),
        (("H", "01", "L", "21", "2"), "H01L 21/20"),
        (("a", "61", "k", "31", ""), "A61K 31/00"),
        (("A", "61", "K", "", ""), "A61K"),
        (("A", "6", "", "", ""), "A06"),
        (("H", "", "", "", ""), "H"),
    ],
)
def test_symbols_of_parts(parts, expected):
    assert str(Symbol.of_parts(*parts)) == expected
    assert Symbol.of_parts(*parts) is Symbol.of_parts(*parts)


@pytest.mark.parametrize(
    "parts", [("", "", "", "", ""), ("A", "01", "B", "x", "02"), ("A", "01", "", "1", "02"), ("A", "01", "B", "1", "/2"), ("AB", "1", "C", "1", "00")]
)
def test_parts_that_make_no_symbol_are_refused(parts):
    for _ in range(2):
        with pytest.raises(ReadError, match="not a classification symbol"):
            Symbol.of_parts(*parts)


@pytest.mark.parametrize(
    "text", ["A01B" + " " * 500_000 + "x", "A01B 1/02" + " A" * 250_000 + "-", "A01B 1/02 20060101" + "A" * 500_000 + "-", "9" * 500_000]
)
def test_texts_without_end_are_refused_at_once_and_not_quoted_whole(text):
    with pytest.raises(ReadError) as raised:
        standard(text)
    assert len(str(raised.value)) < 200


def test_places_are_in_the_order_of_the_scheme():
    ordered = [
        "A",
        "A01",
        "A01B",
        "A01B 1/00",
        "A01B 1/02",
        "A01B 1/025",
        "A01B 1/03",
        "A01B 1/10",
        "A01B 2/00",
        "A01B 10/00",
        "A01C",
        "A02",
        "B",
        "H04L 9/08",
    ]
    symbols = [Symbol(text) for text in ordered]
    assert [str(symbol) for symbol in sorted(random.Random(1).sample(symbols, len(symbols)))] == ordered
    assert all(low < high for low, high in pairwise(symbols))


def test_the_order_of_subgroups_reads_them_as_decimals():
    """IPC Guide, paragraph 28: 3/426 and 3/427 stand between 3/42 and 3/43."""
    written = ["G06F 3/42", "G06F 3/426", "G06F 3/427", "G06F 3/43", "G06F 3/4365", "G06F 3/437"]
    assert [str(s) for s in sorted(map(Symbol, reversed(written)))] == written


@settings(deadline=None, derandomize=True, max_examples=100)
@given(sections, classes, subclasses, groups, subgroups)
def test_ancestors_come_outermost_first_and_before_the_place(section, cls, subclass, group, subgroup):
    symbol = Symbol(f"{section}{cls}{subclass} {group}/{subgroup}")
    ancestors = symbol.ancestors()
    expected = [section, section + cls, section + cls + subclass]
    if set(subgroup) != {"0"}:
        expected.append(f"{section}{cls}{subclass} {group}/00")
    assert [str(a) for a in ancestors] == expected
    assert all(ancestor < symbol for ancestor in ancestors)
    assert [a.level for a in ancestors] == ["section", "class", "subclass", "main group"][: len(ancestors)]


def test_levels():
    assert [Symbol(t).level for t in ("H", "H04", "H04L", "H04L 9/00", "H04L 9/08")] == ["section", "class", "subclass", "main group", "subgroup"]
    assert Symbol("H").ancestors() == []


def test_symbols_compare_with_symbols_alone():
    assert Symbol("H04L 9/08") != "H04L 9/08"
    with pytest.raises(TypeError):
        sorted([Symbol("H04L"), "H04L"])
