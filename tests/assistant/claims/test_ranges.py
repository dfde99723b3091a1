"""Ranges of a claim against those of its parent, and ranges that go backwards."""

from collections.abc import Callable

import pytest

from assistant.claims.finding import Finding

Found = Callable[..., list[Finding]]


@pytest.mark.parametrize(
    ("practice", "parent", "child", "quote"),
    [
        ("us", "A method at a temperature of 50 to 60 °C.", "The method of claim 1, at a temperature of 40 to 55 °C.", "40 to 55 °C"),
        ("us", "A pump having a thickness of at least 5 mm.", "The pump of claim 1, having a thickness of at least 3 mm.", "at least 3 mm"),
        ("cn", "一种泵，其厚度为2～5mm。", "根据权利要求1所述的泵，其特征在于，其厚度为1～3mm。", "1～3mm"),
    ],
)
def test_wider(found: Found, practice: str, parent: str, child: str, quote: str) -> None:
    [finding] = found("range-wider-than-parent", parent, child, practice=practice)
    assert (finding.claim, finding.quoted) == (2, quote)


@pytest.mark.parametrize(
    ("parent", "child"),
    [
        ("A method at a temperature of 50 to 60 °C.", "The method of claim 1, at a temperature of 52 to 55 °C."),
        ("A method at a temperature of 50 to 60 °C.", "The method of claim 1, at a pressure of 1 to 90 °C."),
        ("A method at a temperature of 50 to 60 °C.", "The method of claim 1, at a temperature of 1 to 9 MPa."),
        ("A method lasting at least 24 h.", "The method of claim 1, lasting at most 168 h."),
        ("A pump. ", "The pump of any one of claims 1 to 9."),
    ],
)
def test_not_wider(found: Found, parent: str, child: str) -> None:
    assert found("range-wider-than-parent", parent, child) == []


def test_reversed(found: Found) -> None:
    [finding] = found("range-reversed", "A method at a pressure of 9 to 3 MPa.")
    assert finding.quoted == "9 to 3 MPa"
    [finding] = found("range-reversed", "一种方法，浓度为5～2%。", practice="cn")
    assert finding.quoted == "5～2%"


@pytest.mark.parametrize(
    "text", ["A method of cooling from 90 to 20 °C.", "A size of 1×10−6 m.", "A term of 2m-1.", "A time of 5 min to 2 h.", "A wall of 3 to 9 mm."]
)
def test_not_reversed(found: Found, text: str) -> None:
    assert found("range-reversed", text) == []


def test_shares_of_different_wholes_are_not_compared(found: Found) -> None:
    first = "一种整理剂，其原料按重量份计包括：去离子水54～56份、交联剂10～20份。"
    second = "根据权利要求1所述的整理剂，其特征在于，所述交联剂按重量份计包括去离子水50～60份。"
    assert found("range-wider-than-parent", first, second, practice="cn") == []
