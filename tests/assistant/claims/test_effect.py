"""What an amendment does to the scope."""

import pytest

from assistant.claims.effect import Effect, effect, keys
from assistant.claims.redline import redline


def of(old: str, new: str) -> Effect:
    return effect(old, new, redline(old, new), "zh" if any(c >= "\u4e00" for c in old) else "en")


NARROWED = [
    ("A pump with a rotor, and a valve.", "A pump with a rotor, a stator, and a valve.", "a stator"),
    ("A pump comprising a rotor.", "A pump consisting of a rotor.", "consisting of"),
    ("heated to 10 to 50 °C.", "heated to 20 to 40 °C.", "20 to 40 °C"),
    ("a seal of about 5 mm", "a seal of 5 mm", "about"),
    ("made of copper, iron or zinc", "made of copper or iron", "or zinc"),
    ("selected from the group consisting of copper, iron and zinc.", "selected from the group consisting of copper and zinc.", "iron"),
    ("selected from copper and zinc.", "selected from pure copper and zinc.", "pure"),
    ("一种水泵，包括叶轮。", "一种水泵，包括叶轮，所述叶轮由铝合金制成。", "所述叶轮由铝合金制成"),
    ("加热至20～50℃。", "加热至30～40℃。", "30～40℃"),
    ("所述材料为铜或铁。", "所述材料为铜。", "或铁"),
]
BROADENED = [
    ("A pump with a rotor, a stator, and a valve.", "A pump with a rotor, and a valve.", "a stator"),
    ("A pump consisting of a rotor.", "A pump comprising a rotor.", "comprising"),
    ("heated to 20 to 40 °C.", "heated to 10 to 50 °C.", "10 to 50 °C"),
    ("a seal of 5 mm", "a seal of about 5 mm", "about"),
    ("made of copper or iron, hot", "made of copper, zinc, or iron, hot", "zinc"),
    ("所述材料选自铜、铁和锌中的一种。", "所述材料选自铜、铁、铝和锌中的一种。", "铝"),
    ("所述材料为铜或铁。", "所述材料为铜、铁或铝。", "铁或铝"),
]
WORDING = [
    ("A pump with a valve.", "The pump with said valve (12)."),
    ("a controller adapted to control the seal", "a controller configured for controlling the seal"),
    ("The pump of claim 3, wherein it is red.", "The pump according to claim 1, wherein it is red."),
    ("A pump, wherein the rotor turns fast, comprising a shaft of steel.", "A pump comprising a shaft of steel, wherein the rotor turns fast."),
    ("A pump with a valve.", "(Currently amended) A pump with a valve."),
    ("A pump with a valve.", "A pump with a valve, preferably a check valve."),
    ("所述泵体的内壁。", "该泵体的内壁。"),
]
MIXED = [
    ("heated to 10 to 50 °C.", "heated to 20 to 60 °C."),
    ("a valve that is open", "a valve that is not open"),
    ("a seal of rubber", "a seal of steel"),
    ("包括橡胶密封件。", "包括金属密封件。"),
]


@pytest.mark.parametrize(("old", "new", "words"), NARROWED)
def test_narrowed(old: str, new: str, words: str) -> None:
    found = of(old, new)
    assert (found.scope, found.narrowing, found.broadening) == ("narrowed", (words,), ())


@pytest.mark.parametrize(("old", "new", "words"), BROADENED)
def test_broadened(old: str, new: str, words: str) -> None:
    found = of(old, new)
    assert (found.scope, found.narrowing, found.broadening) == ("broadened", (), (words,))


@pytest.mark.parametrize(("old", "new"), WORDING)
def test_wording(old: str, new: str) -> None:
    assert of(old, new) == Effect((), ())
    assert of(old, new).scope == "wording"


@pytest.mark.parametrize(("old", "new"), MIXED)
def test_mixed(old: str, new: str) -> None:
    assert of(old, new).scope == "mixed"


@pytest.mark.parametrize(("old", "new", "words"), NARROWED + BROADENED)
def test_the_way_back_does_the_reverse(old: str, new: str, words: str) -> None:
    there, back = of(old, new), of(new, old)
    assert {there.scope, back.scope} == {"narrowed", "broadened"}


def test_and_for_or() -> None:
    assert of("a device that is red or hot", "a device that is red and hot").scope == "narrowed"
    assert of("a device that is red and hot", "a device that is red or hot").scope == "broadened"


def test_keys_leave_out_what_limits_nothing() -> None:
    assert keys("wherein the valves are configured to open") == keys("said valve opens")
    assert keys("所述叶轮") == keys("该叶轮")
