"""Symbols in the 50 columns of ST.8."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.offices.st8 import st8_classification


@pytest.mark.parametrize(
    ("text", "symbol", "first", "inventive"),
    [
        ("H01F  27/14        20060101AFI20171122BHEP        ", "H01F 27/14", True, True),
        ("F16B  35/06        20060101ALN20071009BHEP", "F16B 35/06", False, False),
        ("C07D 498/06        20060101AFI20040428BHEP", "C07D 498/06", True, True),
        ("C12N   9/88        20130101 LI20180809BHEP", "C12N 9/88", False, True),
        ("Y02E  60/10        20130101 LA20180809BHEP", "Y02E 60/10", False, False),
        ("A23L 17/00 20160101AFI20211129BHJP", "A23L 17/00", True, True),
        ("B05B 7/ 00 A I ", "B05B 7/00", False, True),
        ("A01B 1/02", "A01B 1/02", False, True),
    ],
)
def test_a_symbol_with_its_position_and_value(text, symbol, first, inventive):
    found = st8_classification(text, "ipc", first_of_all=False)
    assert (found.symbol, found.first, found.inventive, found.scheme) == (symbol, first, inventive, "ipc")


def test_where_no_position_is_given_the_first_is_the_first():
    assert st8_classification("A01B 1/02", "cpc", first_of_all=True).first
    assert not st8_classification("A01B   1/02        20060101ALI20171122BHEP", "cpc", first_of_all=True).first


@pytest.mark.parametrize("text", ["", "A01B", "Z01B 1/02", "none", "(51) A01B 1/02"])
def test_what_is_no_symbol_is_none(text):
    assert st8_classification(text, "ipc", first_of_all=True) is None


@given(st.text("AFIHLN0123456789/ BC", max_size=60))
def test_anything_is_a_symbol_or_none(text):
    found = st8_classification(text, "ipc", first_of_all=False)
    assert found is None or found.symbol[:4] == text.strip()[:4]
