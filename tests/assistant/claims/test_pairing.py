"""Which claim has become which."""

from collections.abc import Callable

import pytest

from assistant.claims.claim_set import ClaimSet
from assistant.claims.pairing import STATUS, pairs

Claims = Callable[..., ClaimSet]
PUMP = (
    "A pump comprising a rotor and a housing.",
    "The pump of claim 1, wherein the housing is made of cast iron.",
    "The pump of claim 1, further comprising a pressure sensor in the outlet.",
    "A method of pumping water, comprising turning a rotor.",
    "The method of claim 4, wherein the water is heated.",
)


def test_the_same_set(claims: Claims) -> None:
    assert pairs(claims(*PUMP), claims(*PUMP)) == {n: n for n in range(1, 6)}


def test_a_cancelled_claim_moves_the_others(claims: Claims) -> None:
    left = [PUMP[0], PUMP[2], PUMP[3], PUMP[4].replace("claim 4", "claim 3")]
    assert pairs(claims(*PUMP), claims(*left)) == {1: 1, 2: 3, 3: 4, 4: 5}


def test_another_order(claims: Claims) -> None:
    turned = [PUMP[3], PUMP[4].replace("claim 4", "claim 1"), PUMP[0], PUMP[1].replace("claim 1", "claim 3"), PUMP[2].replace("claim 1", "claim 3")]
    assert pairs(claims(*PUMP), claims(*turned)) == {1: 4, 2: 5, 3: 1, 4: 2, 5: 3}


def test_a_claim_that_took_up_another_is_still_itself(claims: Claims) -> None:
    merged = ["A pump comprising a rotor, a housing and a pressure sensor in the outlet.", PUMP[1]]
    assert pairs(claims(*PUMP), claims(*merged)) == {1: 1, 2: 2}


def test_other_claims_are_no_pair(claims: Claims) -> None:
    assert pairs(claims("A pump comprising a rotor."), claims("A use of penicillin against fever.")) == {}
    assert pairs(claims(*PUMP), claims(*PUMP, "The pump of claim 1, wherein a magnet drives it without contact.")).get(6) is None


def test_alike_claims_go_with_their_parents(claims: Claims) -> None:
    old = ["A pump with a rotor.", "The thing of claim 1, wherein it is red.", "A fan with blades.", "The thing of claim 3, wherein it is red."]
    new = ["A fan with blades.", "The thing of claim 1, wherein it is red.", "A pump with a rotor.", "The thing of claim 3, wherein it is red."]
    assert pairs(claims(*old), claims(*new)) == {1: 3, 2: 4, 3: 1, 4: 2}


def test_chinese(claims: Claims) -> None:
    old = [
        "一种水泵，包括泵体和叶轮。",
        "根据权利要求1所述的水泵，其特征在于，所述泵体由铸铁制成。",
        "根据权利要求1所述的水泵，其特征在于，还包括压力传感器。",
    ]
    new = [old[0], old[2]]
    assert pairs(claims(*old, practice="cn"), claims(*new, practice="cn")) == {1: 1, 2: 3}


@pytest.mark.parametrize("status", ["(Currently Amended) ", "(original) ", "[New] ", "(Previously presented)"])
def test_status(status: str) -> None:
    assert STATUS.sub("", status + "A pump.") == "A pump."
    assert STATUS.sub("", "A pump (new).") == "A pump (new)."
