"""What the readers share."""

from datetime import date

import pytest
from lxml import etree

from ingest.build import SectionBuilder, claims_of, classification, distinct, parse_date, unique_number


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("20120103", date(2012, 1, 3)),
        ("2012-01-03", date(2012, 1, 3)),
        ("2012-01-03 00:00:00", date(2012, 1, 3)),
        ("2012.01.03", date(2012, 1, 3)),
        ("19910300", date(1991, 3, 1)),
        ("19910000", date(1991, 1, 1)),
        ("20121341", None),
        ("20120230", None),
        ("00000000", None),
        ("2012", None),
        ("unknown", None),
        ("", None),
        (None, None),
    ],
)
def test_dates(text, expected):
    assert parse_date(text) == expected


def claims(xml: str):
    return [(c.number, c.text) for c in claims_of(etree.fromstring(f"<claims>{xml}</claims>"))]


def test_claims_lose_their_printed_number_and_keep_the_office_s():
    assert claims(
        '<claim num="00001"><claim-text>1. A pump.</claim-text></claim><claim num="00002"><claim-text>2、 一种泵。</claim-text></claim>'
    ) == [
        (1, "A pump."),
        (2, "一种泵。"),
    ]


def test_claims_without_a_usable_number_are_counted():
    assert claims("<claim><claim-text>A pump.</claim-text></claim><claim><claim-text>A seal.</claim-text></claim>") == [
        (1, "A pump."),
        (2, "A seal."),
    ]
    assert [n for n, _ in claims('<claim num="1">a</claim><claim num="1">b</claim><claim num="x">c</claim><claim num="0">d</claim>')] == [1, 2, 3, 4]
    assert claims('<claim num="1"/><claim num="2">A seal.</claim>') == [(2, "A seal.")]


def test_a_quantity_at_the_beginning_of_a_claim_is_not_its_printed_number():
    assert claims('<claim num="1"><claim-text>1. 2.5 mm screws.</claim-text></claim>') == [(1, "2.5 mm screws.")]


def test_paragraphs_stand_under_their_headings():
    builder = SectionBuilder()
    builder.paragraph("0001", "before any heading")
    builder.heading("BACKGROUND")
    builder.paragraph("[0002]", "known")
    builder.heading("DETAILED DESCRIPTION")
    builder.heading("Pump")
    builder.paragraph("0003", "new")
    builder.heading("Seal")
    builder.paragraph("0004", "newer")
    builder.heading("Nothing follows")
    found = [(s.heading, s.kind, [p.number for p in s.paragraphs]) for s in builder.build()]
    assert found == [
        ("", "description", ["0001"]),
        ("BACKGROUND", "background", ["0002"]),
        ("DETAILED DESCRIPTION / Pump", "description", ["0003"]),
        ("Seal", "description", ["0004"]),
        ("Nothing follows", "description", []),
    ]


def test_a_mark_of_the_office_gives_the_kind_where_the_heading_names_none():
    builder = SectionBuilder()
    builder.mark("drawings")
    builder.heading("Views")
    builder.paragraph("0001", "a view")
    builder.mark(None)
    builder.mark("summary")
    builder.heading("BACKGROUND")
    builder.paragraph("0002", "known")
    assert [(s.heading, s.kind) for s in builder.build()] == [("Views", "drawings"), ("BACKGROUND", "background")]


def test_repeated_and_missing_paragraph_numbers_become_letters_of_the_last():
    builder = SectionBuilder()
    for number in ("0001", "0001", "", "0002", "0000", "0000", "0000"):
        builder.paragraph(number, "text")
    assert [p.number for s in builder.build() for p in s.paragraphs] == ["0001", "0001a", "0001b", "0002", "0000", "0000a", "0000b"]


def test_letters_go_on_after_z():
    used: dict[str, int] = {}
    numbers = [unique_number("0005", used, "0005") for _ in range(30)]
    assert numbers[:2] == ["0005", "0005a"]
    assert numbers[26:] == ["0005z", "0005aa", "0005ab", "0005ac"]
    assert len(set(numbers)) == 30


def test_classifications_are_standard_or_left_out_and_each_is_held_once():
    assert classification("h04l0009080000").symbol == "H04L 9/08"
    assert classification("D14 137") is None
    found = distinct([classification("H04L 9/08", first=True), None, classification("H04L9/08"), classification("H04L 9/08", "cpc")])
    assert [(c.scheme, c.symbol, c.first) for c in found] == [("ipc", "H04L 9/08", True), ("cpc", "H04L 9/08", False)]
