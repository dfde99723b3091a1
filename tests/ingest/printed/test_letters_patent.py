from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.printed.blocks import Block
from ingest.printed.letters_patent import read_letters_patent

BODY = "To all whom it may concern:"


def page(*lines: str) -> list[Block]:
    return [Block("paragraph", line, 1) for line in lines]


def test_a_patent_of_1880() -> None:
    found = read_letters_patent(
        page(
            "J. DOE.",
            "Pump.",
            "No. 123,456. Patented Jan. 27, 1880.",
            "UNITED STATES PATENT OFFICE.",
            "JANE DOE, OF NEWTON, MASSACHUSETTS.",
            "IMPROVEMENT IN PUMPS.",
            "SPECIFICATION forming part of Letters Patent No. 123,456, dated January 27, 1880.",
            "Application filed November 4, 1879. Serial No. 98,765. (No model.) Patented in England May 1, 1878, No. 55,555.",
            BODY,
            "Be it known that I, JANE DOE, have invented a pump.",
        )
    )
    facts = found.facts
    assert (facts["number"], facts["title"]) == ("US123456", "IMPROVEMENT IN PUMPS")
    assert (facts["filing"], facts["publication"], facts["priority"]) == (date(1879, 11, 4), date(1880, 1, 27), date(1879, 11, 4))
    assert [(p.role, p.name) for p in facts["parties"]] == [("inventor", "JANE DOE")]
    assert found.rest[0].text == BODY
    assert found.lines[:2] == ["J. DOE.", "Pump."]
    assert any("98,765" in line for line in found.lines)


def test_a_head_that_runs_on_in_one_block() -> None:
    head = (
        "UNITED STATES PATENT OFFICE. JANE DOE, OF NEWTON, AND JOHN ROE, OF BOSTON, ASSIGNORS TO ACME PUMP CO., OF BOSTON, MASSACHUSETTS. "
        "SPECIFICATION forming part of Letters Patent No. 777,123, dated March 14, 1899. Application filed August 11, 1898."
    )
    facts = read_letters_patent(page(head, BODY)).facts
    assert (facts["number"], facts["filing"], facts["publication"]) == ("US777123", date(1898, 8, 11), date(1899, 3, 14))
    assert [(p.role, p.name) for p in facts["parties"]] == [("inventor", "JANE DOE"), ("inventor", "JOHN ROE"), ("assignee", "ACME PUMP CO")]


def test_a_patent_of_1930_claims_a_foreign_priority() -> None:
    facts = read_letters_patent(
        page(
            "Nov. 11, 1930. J. DOE 1,777,123.",
            "UNITED STATES PATENT OFFICE",
            "JANE DOE, OF BERLIN, GERMANY",
            "PUMP",
            "Application filed December 16, 1927, Serial No. 240,566, and in Germany December 16, 1926.",
            "Our invention relates to pumps. " * 10,
        )
    ).facts
    assert (facts["number"], facts["publication"], facts["filing"], facts["priority"]) == (
        "US1777123",
        date(1930, 11, 11),
        date(1927, 12, 16),
        date(1926, 12, 16),
    )


def test_a_serial_number_is_no_number() -> None:
    found = read_letters_patent(
        page(
            "UNITED STATES PATENT OFFICE",
            "METHOD OF PUMPING",
            "Jane Doe, Newton, Mass., assignor to Acme Company, Newton, Mass.",
            "Application October 8, 1945, Serial No. 620,919",
            BODY,
        )
    )
    assert "number" not in found.facts
    assert (found.facts["title"], found.facts["filing"]) == ("METHOD OF PUMPING", date(1945, 10, 8))
    assert [(p.role, p.name) for p in found.facts["parties"]] == [("inventor", "Jane Doe"), ("assignee", "Acme Company")]


def test_a_number_that_was_read_in_two_ways_is_told() -> None:
    found = read_letters_patent(
        page(
            "No. 879,582. PATENTED FEB. 18, 1908.",
            "UNITED STATES PATENT OFFICE.",
            "JANE DOE, OF NEW YORK.",
            "PUMP.",
            "No. 879,532. Specification of Letters Patent.",
            BODY,
        )
    )
    assert found.facts["number"] == "US879532"
    assert found.doubts == ["the number is printed as 879,532 and as 879,582; the first was taken"]


@pytest.mark.parametrize("number", ["36, S36", "233,€30"])
def test_half_of_a_number_is_none(number: str) -> None:
    found = read_letters_patent(
        page("UNITED STATES PATENT OFFICE.", "PUMP.", f"Specification forming part of Letters Patent No. {number}, dated November 4, 1862.", BODY)
    )
    assert "number" not in found.facts


def test_a_british_specification() -> None:
    found = read_letters_patent(
        page(
            "A.D. 1769 . . . . . . . N° 999.",
            "STEAM PUMPS.",
            "DOE'S SPECIFICATION.",
            "TO ALL TO WHOM THESE PRESENTS SHALL COME, I, JANE DOE, of Glasgow, send greeting.",
        )
    )
    assert (found.facts["number"], found.facts["title"]) == ("GB176900999", "STEAM PUMPS")
    assert [p.name for p in found.facts["parties"]] == ["JANE DOE"]
    assert found.lines == ["DOE'S SPECIFICATION."]
    assert len(found.rest) == 1


@pytest.mark.parametrize("lines", [["A pump.", "It leaks."], ["The office of patents"], []])
def test_other_text_has_no_head(lines: list[str]) -> None:
    found = read_letters_patent(page(*lines))
    assert found.facts == {} and [b.text for b in found.rest] == lines


@given(
    st.lists(
        st.sampled_from(
            ["UNITED STATES PATENT OFFICE.", "No. 1.", "JANE DOE, OF X.", "PUMP.", BODY, "A.D. 1769 . N° 9.", "word", "letters patent no. 7, dated x"]
        ),
        min_size=1,
        max_size=12,
    )
)
def test_no_head_is_an_error(lines: list[str]) -> None:
    found = read_letters_patent(page(*lines))
    assert len(found.rest) + len(found.lines) <= len(lines) * 2
