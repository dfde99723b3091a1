"""Terms that the description does not use."""

from collections.abc import Callable

from assistant.claims.finding import Finding

Found = Callable[..., list[Finding]]
RULE = "term-not-in-description"


def test_a_noun_that_is_not_in_the_description(found: Found) -> None:
    [finding] = found(RULE, "A pump comprising a turbine.", "A pump comprising the turbine.", description="The pump has a rotor.")
    assert (finding.claim, finding.quoted) == (1, "turbine")


def test_other_forms_and_spellings_are_the_same_word(found: Found) -> None:
    text = "A pump with a rotation, a workpiece, a sub-unit and an inlet."
    assert found(RULE, text, description="The pump rotates a work piece. The subunit has inlets.") == []


def test_nothing_without_a_description(found: Found) -> None:
    assert found(RULE, "A pump comprising a turbine.") == []


def test_chinese(found: Found) -> None:
    [finding] = found(RULE, "一种水泵，包括散热片。", practice="cn", description="水泵包括壳体。")
    assert finding.quoted == "散热片"
    assert found(RULE, "一种水泵，包括散热片。", practice="cn", description="水泵上设有散热片。") == []
