"""Means-plus-function language."""

from collections.abc import Callable

import pytest

from assistant.claims.finding import Finding

Found = Callable[..., list[Finding]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A device comprising means for fastening a lid.", "means for fastening"),
        ("A device comprising locking means (12) for firmly holding a lid.", "means (12) for firmly holding"),
        ("A system comprising a module for sorting mail.", "a module for sorting"),
    ],
)
def test_a_function_without_structure_is_noted(found: Found, text: str, expected: str) -> None:
    (finding,) = found("means-plus-function", text)
    assert (finding.quoted, finding.severity) == (expected, "note")
    assert "112(f)" in finding.basis


@pytest.mark.parametrize(
    "text",
    [
        "A device wherein said means for fastening is of steel.",
        "A device that is closed by means of a lid.",
        "A device comprising circuit means for sorting.",
        "A device comprising a spring for closing a lid.",
    ],
)
def test_what_was_introduced_or_has_structure_is_not(found: Found, text: str) -> None:
    assert found("means-plus-function", text) == []


def test_the_rule_is_of_the_united_states(found: Found) -> None:
    assert found("means-plus-function", "A device comprising means for fastening a lid.", practice="ep") == []
