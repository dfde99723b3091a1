"""Document numbers."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.number import document_number, mentioned_numbers


@pytest.mark.parametrize(
    ("country", "number", "kind", "expected"),
    [
        ("US", "08926509", "B2", "US8926509B2"),
        ("US", "8,926,509", "B2", "US8926509B2"),
        ("US", "D0651432", "S1", "USD651432S1"),
        ("US", "PP018398", "P2", "USPP18398P2"),
        ("US", "RE041234", "E1", "USRE41234E1"),
        ("US", "20110039701", "A1", "US20110039701A1"),
        ("US", "2011/0039701", "A1", "US20110039701A1"),
        ("CN", "104245682", "A", "CN104245682A"),
        ("EP", "1 963 450", "A1", "EP1963450A1"),
        (" us ", " 8926509 ", " b2 ", "US8926509B2"),
        ("US", "100", "", "US100"),
        ("WO", "02/44858", "A2", "WO0244858A2"),
        ("JP", "02146237", "", "JP02146237"),
    ],
)
def test_a_number_without_padding_spaces_or_marks(country, number, kind, expected):
    assert document_number(country, number, kind) == expected


@settings(deadline=None, derandomize=True, max_examples=200)
@given(st.sampled_from(["US", "CN", "EP", "DE"]), st.sampled_from(["", "D", "PP", "RE"]), st.integers(1, 10**9), st.integers(0, 5))
def test_padding_never_changes_a_number(country, letters, number, zeros):
    assert document_number(country, f"{letters}{'0' * zeros}{number}", "B2") == f"{country}{letters}{number}B2"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("How does US8926509B2 keep dry?", ["US8926509B2"]),
        ("Compare US 8,926,509 B2 with EP 1 963 450 A1.", ["US8926509B2", "EP1963450A1"]),
        ("US 2011/0039701 A1", ["US20110039701A1"]),
        ("US D651,432 S1", ["USD651432S1"]),
        ("专利CN104245682A的权利要求1是什么？", ["CN104245682A"]),
        ("US8926509B2, US8930553B2 and US8926509B2 again", ["US8926509B2", "US8930553B2"]),
        ("What does claim 12 say about 3 pumps?", []),
        ("5G NR and USB 3.0", []),
        ("", []),
    ],
)
def test_the_numbers_that_a_question_names(text, expected):
    assert mentioned_numbers(text) == expected
