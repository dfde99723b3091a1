"""References to other claims, in the practices of three offices."""

from collections.abc import Callable

import pytest

from assistant.claims.finding import Finding

Found = Callable[..., list[Finding]]


def rules(found: Found, *texts: str, **options: object) -> list[tuple[str, int]]:
    names = ("unknown-claim", "forward-dependency", "self-dependency", "circular-dependency", "multiple-on-multiple", "not-in-the-alternative")
    return [(f.rule, f.claim) for f in found("", *texts, **options) if f.rule in names]


def test_good_references_are_not_found(found: Found) -> None:
    assert rules(found, "A pump.", "The pump of claim 1.", "The pump of claim 1 or 2.", "The pump according to any one of claims 1 and 2.") == []


def test_an_unknown_claim(found: Found) -> None:
    [finding] = list(found("unknown-claim", "A pump.", "The pump of claim 7, of steel."))
    assert (finding.claim, finding.quoted, finding.severity) == (2, "claim 7", "error")
    assert "claim 7" in finding.message


def test_a_later_claim_and_a_circle(found: Found) -> None:
    found_rules = rules(found, "A pump.", "The pump of claim 3, of steel.", "The pump of claim 2, of iron.")
    assert ("forward-dependency", 2) in found_rules
    assert ("circular-dependency", 2) in found_rules
    assert ("forward-dependency", 3) not in found_rules


def test_a_later_claim_without_a_circle(found: Found) -> None:
    assert rules(found, "A pump.", "The pump of claim 3, of steel.", "A valve.") == [("forward-dependency", 2)]


def test_a_claim_that_refers_to_itself(found: Found) -> None:
    assert rules(found, "A pump.", "The pump of claim 2, of steel.") == [("self-dependency", 2)]
    assert rules(found, "一种泵。", "根据权利要求2所述的泵，其特征在于，为钢。", practice="cn") == [("self-dependency", 2)]


@pytest.mark.parametrize(("practice", "expected"), [("us", [("multiple-on-multiple", 4)]), ("ep", [])])
def test_multiple_on_multiple(found: Found, practice: str, expected: list[tuple[str, int]]) -> None:
    texts = ("A pump.", "The pump of claim 1, of steel.", "The pump of claim 1 or 2, of iron.", "The pump of any one of claims 1 to 3, of gold.")
    assert rules(found, *texts, practice=practice) == expected


def test_multiple_on_multiple_in_chinese(found: Found) -> None:
    texts = (
        "一种泵。",
        "根据权利要求1所述的泵，其特征在于，为钢。",
        "根据权利要求1或2所述的泵，其特征在于，为铁。",
        "根据权利要求2或3所述的泵，其特征在于，为铜。",
    )
    [finding] = list(found("multiple-on-multiple", *texts, practice="cn"))
    assert (finding.claim, finding.quoted) == (4, "权利要求2或3")
    assert "实施细则第二十五条第二款" in finding.basis
    assert "权利要求3" in finding.message


def test_a_thing_with_the_parts_of_two_claims_is_no_multiple_dependent_claim(found: Found) -> None:
    texts = (
        "A pump.",
        "A valve.",
        "A system comprising the pump of claim 1 and the valve of claim 2.",
        "A plant comprising the system of claim 3 and the valve of claim 2.",
    )
    assert rules(found, *texts) == []


@pytest.mark.parametrize(
    ("text", "together"),
    [
        ("The pump of claims 1 and 2, of gold.", True),
        ("The pump of claims 1 or 2, of gold.", False),
        ("The pump as in any of claims 1 and 2, of gold.", False),
    ],
)
def test_claims_together(found: Found, text: str, together: bool) -> None:
    expected = [("not-in-the-alternative", 3)] if together else []
    assert rules(found, "A pump.", "The pump of claim 1, of steel.", text) == expected


def test_claims_together_in_chinese(found: Found) -> None:
    texts = ("一种泵。", "根据权利要求1所述的泵，其特征在于，为钢。")
    assert rules(found, *texts, "根据权利要求1和2所述的泵，其特征在于，为铁。", practice="cn") == [("not-in-the-alternative", 3)]
    assert rules(found, *texts, "根据权利要求1和2中任一项所述的泵，其特征在于，为铁。", practice="cn") == []
