"""Filters as they are written and read; what they select is in test_selection.py."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from index import Filter, FilterError
from index.filter import SECTIONS, filter_term, symbol_terms


def test_the_documented_example():
    assert Filter.parse("ipc=H04L country=US,EP before=2015-01-01 section=claims") == Filter(
        ipc=("H04L",), countries=("US", "EP"), before=date(2015, 1, 1), sections=("claims",)
    )


@pytest.mark.parametrize(
    ("text", "symbols"),
    [
        ("ipc=H04L 9/08", ("H04L 9/08",)),
        ("ipc=H04L9/08", ("H04L 9/08",)),
        ("ipc=h04l0009080000", ("H04L 9/08",)),
        ("ipc=H", ("H",)),
        ("ipc=H04,A61B 5/145", ("H04", "A61B 5/145")),
        ("ipc=H04L 9/08 ipc=H04W 12/04", ("H04L 9/08", "H04W 12/04")),
        (["ipc=H04L", "9/08"], ("H04L 9/08",)),
        (("ipc=H04L 9/08", "country=US"), ("H04L 9/08",)),
        ("country=US ipc=H04L 9/08 language=en", ("H04L 9/08",)),
    ],
)
def test_symbols_in_every_written_form(text, symbols):
    assert Filter.parse(text).ipc == symbols


def test_a_list_of_symbols_with_blanks():
    assert Filter.parse("cpc=H04L 9/08,H04W 12/04 country=US") == Filter(cpc=("H04L 9/08", "H04W 12/04"), countries=("US",))


def test_every_name_and_its_case():
    assert Filter.parse("number=US99000001B2 COUNTRY=us,cn language=EN,Zh section=Claims,abstract cpc=A61M 5/16854 after=2020-02-29") == Filter(
        numbers=("US99000001B2",),
        countries=("US", "CN"),
        languages=("en", "zh"),
        sections=("claims", "abstract"),
        cpc=("A61M 5/16854",),
        after=date(2020, 2, 29),
    )


def test_lists_and_repeated_names_add_up():
    assert Filter.parse("country=US,EP country=CN") == Filter(countries=("US", "EP", "CN"))


def test_nothing_is_an_empty_filter():
    assert Filter.parse("") == Filter.parse([]) == Filter()
    assert Filter.parse("").empty
    assert not Filter.parse("country=US").empty


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("colour=red", ["colour=red", "country=…", "before=…"]),
        ("country", ["country", "country=…"]),
        ("country=", ["country="]),
        ("country=US and section=claims", ["and"]),
        ("9/08", ["9/08"]),
        ("section=claim", ["claim", "claims, title"]),
        ("ipc=ZZ", ["ipc", "ZZ", "H04L 9/08"]),
        ("ipc=H04L 9/08 x", ["ipc", "H04L 9/08 x"]),
        ("before=2015-13-01", ["before"]),
        ("after=yesterday", ["after"]),
        ("before=2015-02-29", ["before"]),
    ],
)
def test_errors_name_what_is_wrong_in_one_line(text, names):
    with pytest.raises(FilterError) as caught:
        Filter.parse(text)
    message = str(caught.value)
    assert "\n" not in message
    for name in names:
        assert name in message


def test_a_filter_is_frozen_and_strict():
    with pytest.raises(ValidationError):
        Filter().countries = ("US",)
    with pytest.raises(ValidationError):
        Filter(country=("US",))
    with pytest.raises(ValidationError, match="not a kind of section"):
        Filter(sections=("claim",))
    with pytest.raises(ValidationError, match="not a classification symbol"):
        Filter(ipc=("12",))


def test_python_takes_lists_single_symbols_and_written_dates():
    assert Filter(ipc=["F16J"], before="2015-01-01") == Filter(ipc="F16J", before=date(2015, 1, 1))


SYMBOLS = st.sampled_from(["A", "H04", "H04L", "H04L 9/00", "H04L 9/08", "A61M 5/16854", "C02F 1/44"])
FILTERS = st.builds(
    Filter,
    numbers=st.lists(st.sampled_from(["US99000001B2", "CN199000001A", "EP1A1"]), max_size=2).map(tuple),
    countries=st.lists(st.sampled_from(["US", "CN", "EP"]), max_size=2).map(tuple),
    languages=st.lists(st.sampled_from(["en", "zh"]), max_size=2).map(tuple),
    sections=st.lists(st.sampled_from(SECTIONS), max_size=2).map(tuple),
    ipc=st.lists(SYMBOLS, max_size=3).map(tuple),
    cpc=st.lists(SYMBOLS, max_size=3).map(tuple),
    before=st.none() | st.dates(),
    after=st.none() | st.dates(),
)


@settings(max_examples=80, deadline=None)
@given(FILTERS)
def test_what_is_written_is_read_back(where):
    names = {"number": "numbers", "country": "countries", "language": "languages", "section": "sections", "ipc": "ipc", "cpc": "cpc"}
    words = [f"{name}={value}" for name, field in names.items() for value in getattr(where, field)]
    words += [f"{name}={getattr(where, name).isoformat()}" for name in ("before", "after") if getattr(where, name)]
    assert Filter.parse(words) == where


@settings(max_examples=150, deadline=None)
@given(st.text(st.sampled_from("ipccountrybefore=,=  0915/-HUS中\n"), max_size=30) | st.text(max_size=30))
def test_any_text_is_a_filter_or_a_filter_error(text):
    try:
        where = Filter.parse(text)
    except FilterError as error:
        assert "\n" not in str(error)
    else:
        assert isinstance(where, Filter)


def test_the_places_that_a_symbol_stands_in():
    assert symbol_terms("H04L0009080000") == ["H", "H04", "H04L", "H04L 9", "H04L 9/08"]
    assert symbol_terms("H04L 9/00") == ["H", "H04", "H04L", "H04L 9", "H04L 9/00"]
    assert symbol_terms("A01") == ["A", "A01"]


@pytest.mark.parametrize(
    ("symbol", "term"), [("H", "H"), ("H04L", "H04L"), ("H04L 9/00", "H04L 9"), ("H04L9/08", "H04L 9/08"), ("A61M 5/16854", "A61M 5/16854")]
)
def test_the_term_that_a_filter_asks_for(symbol, term):
    assert filter_term(symbol) == term
