"""A word divided at the end of a line is joined, and a hyphen of its own stays, by what the rest of the document has."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.pages.hyphens import DIVIDED, LineJoiner

DOCUMENT = [
    "A low-cost pump with a high-pressure line and a lubrication system is here.",
    "The cost is low and the pressure in the line is high with the pump running.",
    "The substrate is coated and the controller is not shown in the drawing either.",
]


def joined(*lines: str, scanned: bool = False) -> str:
    return LineJoiner([*DOCUMENT, *lines], scanned).joined(lines)


@pytest.mark.parametrize("mark", ["-", DIVIDED, "\u00ad", "\u2010"])
@pytest.mark.parametrize(
    ("first", "second", "whole"),
    [
        ("its lubri", "cation is good", "its lubrication is good"),  # stands elsewhere undivided
        ("a low", "cost pump", "a low-cost pump"),  # stands elsewhere with its hyphen
        ("a low", "pressure line", "a low-pressure line"),  # both parts are words of the document
        ("of the con", "ditions", "of the conditions"),  # nothing is known
        ("a micro", "controller", "a microcontroller"),  # the second part is a word, but the first goes before words
        ("a plastic", "coated part", "a plastic-coated part"),
        ("an O", "ring seal", "an O-ring seal"),
        ("with X", "Ray tubes", "with X-Ray tubes"),
        ("a low-pres", "sure line", "a low-pressure line"),  # of a compound only the last part is divided
        ("the fore", "and-aft line", "the fore-and-aft line"),
    ],
)
def test_the_document_tells_what_a_hyphen_is(mark, first, second, whole):
    assert joined(first + mark, second) == whole


def test_lines_without_a_hyphen_are_joined_by_a_blank():
    assert joined("a pump with", "a line") == "a pump with a line"
    assert joined("from 2", "to 3 and/", "or 5—", "or more") == "from 2 to 3 and/or 5—or more"
    assert joined("claims 3-", "5 and 7") == "claims 3-5 and 7"


def test_capitals_are_divided_as_small_letters_are():
    assert joined("OF BERLIN, GER-", "MANY, ASSIGNORS") == "OF BERLIN, GERMANY, ASSIGNORS"


def test_what_ocr_made_of_a_hyphen_is_mended_on_evidence_only():
    assert joined("the lubri", "cation", scanned=True) == "the lubrication"
    assert joined("the lubri.", "cation", scanned=True) == "the lubrication"
    assert joined("the lubri", "cation") == "the lubri cation"
    assert joined("the cost", "is low", scanned=True) == "the cost is low"
    assert joined("is turned.", "the pump", scanned=True) == "is turned. the pump"


@given(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1), min_size=1), st.booleans())
def test_nothing_is_lost_but_hyphens_and_what_stands_for_them(lines, scanned):
    kept = str.maketrans("", "", "- .\u00ad\u2010¬" + DIVIDED)
    assert LineJoiner(lines, scanned).joined(lines).translate(kept) == "".join(lines).translate(kept)
