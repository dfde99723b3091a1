"""Chinese numerals of articles."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.laws.chinese_numeral import LARGEST, NUMERAL, chinese_number, chinese_numeral


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("一", 1), ("十", 10), ("十二", 12), ("二十", 20), ("二十六", 26), ("一百", 100), ("一百零二", 102), ("一百一十", 110), ("一百二十三", 123),
        ("一千零一", 1001), ("一千二百六十", 1260), ("一万零五", 10005), ("三千", 3000), ("十万", 100000), ("零", 0),
    ],
)  # fmt: skip
def test_as_laws_write_them(written, number):
    assert chinese_number(written) == number
    assert chinese_numeral(number) == written


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("一十五", 15),
        ("二〇五", 205),
        ("二零五", 205),
        ("〇", 0),
        ("两百", 200),
        ("壹佰贰拾叁", 123),
        ("26", 26),
        ("２６", 26),
        ("一百〇二", 102),
        ("一萬", 10000),
    ],
)
def test_other_ways_of_writing(written, number):
    assert chinese_number(written) == number


@pytest.mark.parametrize(
    "text", ["", "条", "百", "二百十百", "十百", "二二十", "万", "一万万", "五五五五五", "百二", "一a", "零十", "十零十", "1234567890", "-1"]
)
def test_what_is_no_numeral(text):
    assert chinese_number(text) is None


@given(st.integers(0, LARGEST))
def test_there_and_back(number):
    written = chinese_numeral(number)
    assert chinese_number(written) == number
    assert re.fullmatch(NUMERAL, written)


@given(st.text("零一二三四五六七八九十百千万〇两", max_size=8))
def test_any_row_of_characters_is_a_number_or_none(text):
    number = chinese_number(text)
    assert number is None or 0 <= number <= LARGEST


@pytest.mark.parametrize("number", [-1, LARGEST + 1])
def test_what_can_not_be_written(number):
    with pytest.raises(ValueError, match=str(number)):
        chinese_numeral(number)
