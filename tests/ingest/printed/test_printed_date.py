from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.printed.printed_date import printed_date, printed_dates


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Date of Patent: Jan. 6, 2015", date(2015, 1, 6)),
        ("PATENTED FEB. 18, 1908.", date(1908, 2, 18)),
        ("dated January 27, 1880;", date(1880, 1, 27)),
        ("24 December 2014", date(2014, 12, 24)),
        ("granted September 25th, 1928", date(1928, 9, 25)),
        ("07.06.2006 Bulletin 2006/23", date(2006, 6, 7)),
        ("申请公布日 2014.12.24", date(2014, 12, 24)),
        ("2014年12月24日", date(2014, 12, 24)),
        ("2014-12-24", date(2014, 12, 24)),
        ("3. März 1999", date(1999, 3, 3)),
        ("1er août 2001", date(2001, 8, 1)),
        ("32.13.2000", None),
        ("Feb. 30, 2000", None),
        ("1.2.3.2000", None),
        ("claim 5, 2000 units", None),
    ],
)
def test_dates(text: str, day: date | None) -> None:
    assert printed_date(text) == day


def test_all_dates_in_order() -> None:
    assert printed_dates("13/440,749 2012.04.05 US, 13/5 01.02.2011") == [date(2012, 4, 5), date(2011, 2, 1)]


@given(
    st.dates(min_value=date(1700, 1, 1), max_value=date(2100, 1, 1)),
    st.sampled_from(["%d.%m.%Y", "%Y.%m.%d", "%B %d, %Y", "%d %b %Y", "%Y年%m月%d日"]),
)
def test_every_day_in_every_form(day: date, form: str) -> None:
    assert printed_date(f"(43) {day.strftime(form)} x") == day


@given(st.text(max_size=100))
def test_no_text_is_an_error(text: str) -> None:
    printed_dates(text)
