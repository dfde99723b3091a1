"""A dependent claim and the subject of its parent."""

from collections.abc import Callable

import pytest

from assistant.claims.finding import Finding

Found = Callable[..., list[Finding]]


@pytest.mark.parametrize(
    ("practice", "parent", "child", "quote"),
    [
        ("us", "A pump with a rotor.", "The method of claim 1, of steel.", "method"),
        ("us", "A method of pumping.", "The pump of claim 1, of steel.", "pump"),
        ("cn", "一种泵，包括壳体。", "根据权利要求1所述的方法，其特征在于，加热。", "方法"),
        ("cn", "一种泵的制造方法，包括铸造。", "根据权利要求1所述的泵，其特征在于，为钢。", "泵"),
    ],
)
def test_mismatch(found: Found, practice: str, parent: str, child: str, quote: str) -> None:
    [finding] = found("category-mismatch", parent, child, practice=practice)
    assert (finding.claim, finding.quoted) == (2, quote)


@pytest.mark.parametrize(
    ("practice", "parent", "child"),
    [
        ("us", "A pump with a rotor.", "The pump of claim 1, of steel."),
        ("us", "A composition of salt.", "The product of claim 1, of sugar."),
        ("us", "In a pump, a method of sealing.", "The method of claim 1, with heat."),
        ("us", "An automated process for printing.", "The method claimed in claim 1, with heat."),
        ("us", "A pump with a rotor.", "A method of using the pump of claim 1."),
        ("ep", "A pump with a rotor.", "A method of making a pump according to claim 1."),
        ("cn", "一种泵，包括壳体。", "一种制造权利要求1所述的泵的方法，其特征在于，铸造。"),
        ("cn", "一种方法(100)，包括加热。", "根据权利要求1所述的方法，其特征在于，冷却。"),
        ("cn", "一种试剂在检测中的应用；所述试剂为酸。", "根据权利要求1所述的应用，其特征在于，为盐酸。"),
    ],
)
def test_no_mismatch(found: Found, practice: str, parent: str, child: str) -> None:
    assert found("category-mismatch", parent, child, practice=practice) == []


def test_two_things_in_one_subject_and_words_that_name_none_are_left_alone(found: Found) -> None:
    pump = "A pump comprising a housing."
    assert found("category-mismatch", pump, "The method or pump of claim 1, wherein it is large.") == []
    assert found("category-mismatch", "A method of pumping.", "The invention of claim 1, wherein it is fast.") == []


def test_an_indefinite_subject_that_depends(found: Found) -> None:
    (finding,) = found("category-mismatch", "A pump comprising a housing.", "A method according to claim 1, wherein it is heated.")
    assert finding.quoted == "method"
