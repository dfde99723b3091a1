"""Numbers, sentences, full stops, references to drawings, fees."""

from collections.abc import Callable

import pytest

from assistant.claims.finding import Finding

Found = Callable[..., list[Finding]]


def test_a_gap_in_the_numbers_is_found_once(found: Found) -> None:
    [finding] = found("numbering", "A pump.", "A valve.", "A ring.", numbers=(1, 3, 4))
    assert finding.claim == 3
    assert "claim 2" in finding.message
    assert found("numbering", "A pump.", "A valve.") == []
    assert [f.claim for f in found("numbering", "A pump.", numbers=(2,))] == [2]


@pytest.mark.parametrize(
    "text",
    [
        "A pump with a rotor, e.g. of steel, at 2.5 mm, shown in FIG. 2 by Dr. Smith.",
        "A method comprising:\n(a) heating.\n(b) cooling at 5° C. for an hour.",
        "A compound of formula I. wherein R is H.",
        "A plant of the variety E. coli.",
    ],
)
def test_one_sentence(found: Found, text: str) -> None:
    assert found("more-than-one-sentence", text) == []


def test_two_sentences(found: Found) -> None:
    [finding] = found("more-than-one-sentence", "A pump with a rotor. The rotor turns in a housing.")
    assert finding.quoted == "The rotor turns in a housing."
    [finding] = found("more-than-one-sentence", "一种泵，包括壳体。所述壳体为钢。", practice="cn")
    assert finding.quoted == "所述壳体为钢。"
    assert found("more-than-one-sentence", "A pump with a rotor. The rotor turns.", practice="ep") == []


def test_a_missing_full_stop(found: Found) -> None:
    [finding] = found("no-full-stop", "A pump with a rotor", "A valve.")
    assert (finding.claim, finding.quoted) == (1, "r")
    assert [f.claim for f in found("no-full-stop", "一种泵，包括壳体", "一种阀。", practice="cn")] == [1]


@pytest.mark.parametrize(
    ("text", "practice", "quote"),
    [
        ("A pump as shown in FIG. 2.", "us", "as shown in FIG. 2"),
        ("A pump substantially as herein described.", "ep", "substantially as herein described"),
        ("一种泵，其结构如图2所示。", "cn", "如图2所示"),
    ],
)
def test_references_to_drawings(found: Found, text: str, practice: str, quote: str) -> None:
    [finding] = found("reference-to-drawings", text, practice=practice)
    assert finding.quoted == quote


@pytest.mark.parametrize(
    ("practice", "free", "text"), [("us", 20, "The pump of claim 1."), ("ep", 15, "The pump of claim 1."), ("cn", 10, "根据权利要求1所述的泵。")]
)
def test_fees(found: Found, practice: str, free: int, text: str) -> None:
    first = "一种泵。" if practice == "cn" else "A pump."
    assert found("claims-fees", first, *[text] * (free - 1), practice=practice) == []
    [finding] = found("claims-fees", first, *[text] * free, practice=practice)
    assert (finding.claim, finding.quoted, finding.severity) == (0, "", "note")
    assert f"{free + 1}" in finding.message


def test_fees_for_independent_and_for_multiple_dependent_claims(found: Found) -> None:
    assert found("claims-fees", *["A pump."] * 3) == []
    [finding] = found("claims-fees", *["A pump."] * 4)
    assert "4 independent claims" in finding.message
    many = ["The pump of claim 1."] * 10
    [finding] = found(
        "claims-fees", "A pump.", *many, "The pump of any one of claims 1 to 11."
    )  # a multiple dependent claim counts as many as it refers to
    assert "22 claims" in finding.message


def test_cancelled_claims_are_no_claims(found: Found) -> None:
    texts = ("A pump.", "(canceled)", "The pump of claim 1, of steel.", "The pump of claim 2, of iron.")
    assert [(f.rule, f.claim) for f in found("", *texts) if f.rule in ("numbering", "no-full-stop", "unknown-claim")] == [("unknown-claim", 4)]
    assert found("", "（删除）", practice="cn") == []
    assert found("numbering", "A pump.", "2-7. (canceled)", "A valve.", numbers=(1, 2, 8)) == []


def test_a_page_header_after_the_full_stop_is_no_part_of_the_claim(found: Found) -> None:
    assert found("no-full-stop", "一种泵，包括壳体。CN110685154A说明书1/2页", practice="cn") == []
    assert len(found("no-full-stop", "一种泵，包括壳体CN110685154A说明书1/2页", practice="cn")) == 1


def test_a_sentence_after_the_number_of_a_claim(found: Found) -> None:
    (finding,) = found("more-than-one-sentence", "A pump.", "The pump of claim 1. The rotor is round.")
    assert finding.quoted == "The rotor is round."
