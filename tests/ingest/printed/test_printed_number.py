import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.printed.printed_number import cited_numbers, printed_number


@pytest.mark.parametrize(
    ("text", "country", "number", "kind"),
    [
        ("(10) Patent No.: US 8,926,509 B2", "", "US8926509B2", "B2"),
        ("Pub. No.: US 2012/0123456 A1", "", "US20120123456A1", "A1"),
        ("EP 1 667 425 A1", "", "EP1667425A1", "A1"),
        ("申请公布号 CN 104245143 A", "", "CN104245143A", "A"),
        ("授权公告号ＣＮ １０２３４５６７８ Ｂ", "", "CN102345678B", "B"),
        ("WO 2013/012345 A1", "", "WO2013012345A1", "A1"),
        ("DE 10 2012 001 234 A1 2013.08.08", "", "DE102012001234A1", "A1"),
        ("US D651,432 S", "", "USD651432S", "S"),
        ("特開2012-123456", "", "JP2012123456A", "A"),
        ("特許第5123456号", "", "JP5123456B2", "B2"),
        ("Patent Number: 4,123,456", "US", "US4123456", ""),
        ("Des. 435,854", "US", "USD435854", ""),
        ("RE45,123 E", "US", "USRE45123E", "E"),
    ],
)
def test_numbers(text: str, country: str, number: str, kind: str) -> None:
    found = printed_number(text, country)
    assert found is not None
    assert (found.number, found.kind) == (number, kind)


@pytest.mark.parametrize("text", ["Patent Number: 4,123,456", "FIG. 12", "CN", "the pump 1234567", "USING 1,234,567"])
def test_a_bare_number_needs_its_country(text: str) -> None:
    assert printed_number(text) is None


@pytest.mark.parametrize(
    ("text", "country", "numbers"),
    [
        ("EP-A- 0 123 456 US-A- 5 123 456 WO-A1-2007/012345", "", ["EP123456A", "US5123456A", "WO2007012345A1"]),
        ("4,123,456 A 10/1978 Smith .... 600/300 2008/0123456 A1 5/2008 Doe", "US", ["US4123456A", "US20080123456A1"]),
        ("D345,678 S 4/1994 Roe EP 1234567 A1 1/2000 WO 2007/012345 3/2007", "US", ["USD345678S", "EP1234567A1", "WO2007012345"]),
        ("CN 101234567 A,2008.01.01,全文. CN 101234567 A", "", ["CN101234567A"]),
        ("Roe, J., On pumps, 1999.", "US", []),
    ],
)
def test_citations(text: str, country: str, numbers: list[str]) -> None:
    assert cited_numbers(text, country) == numbers


@given(st.text(alphabet="USEPCN 0123456789,./-ABD", max_size=60), st.sampled_from(["", "US"]))
def test_no_text_is_an_error_and_numbers_are_keys(text: str, country: str) -> None:
    found = [n for n in [printed_number(text, country)] if n]
    for number in [*(n.number for n in found), *cited_numbers(text, country)]:
        assert number.isascii()
        assert not any(c.isspace() or c in "#<>,/" for c in number)


@pytest.mark.parametrize("text", ["US" * 100_000, "1" * 200_000, "US 1" + " 123" * 50_000, "EP-A- " * 40_000, " " * 200_000])
def test_the_time_grows_with_the_length(text: str) -> None:
    begin = time.process_time()
    cited_numbers(text, "US")
    assert time.process_time() - begin < 10
