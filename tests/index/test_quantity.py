"""Which quantity a question asks for, and which a text gives. The texts are of the sample patents, by anchor."""

import pytest

from index.quantity import _KINDS, asked_quantity, gives_quantity
from ingest.anchor import text_at


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("At what temperature does the draw solution leave the heater?", "temperature"),
        ("How hot does the settler get?", "temperature"),
        ("At which angle do the return bores lie?", "angle"),
        ("How steep is the floor of the drain chamber?", "angle"),
        ("What frequency does the light pulse have?", "frequency"),
        ("What speed does the edge of the slinger reach?", "speed"),
        ("How fast does the brine circulate?", "speed"),
        ("How long does the reversal last?", "time"),
        ("How often is the token rotated?", "time"),
        ("What is the thickness of the coating?", "length"),
        ("How wide is the radial gap?", "length"),
        ("What pressure opens the relief flap?", "pressure"),
        ("At which voltage is the cell charged?", "voltage"),
        ("What concentration of inhibitor is dosed?", "concentration"),
        ("What percentage of the heat is returned?", "share"),
        ("How many return bores are there?", "count"),
        ("How much oil was lost?", "number"),
        ("冷却液的进口温度是多少？", "temperature"),
        ("报警时间缩短到多少分钟？", "time"),
        ("气凝胶芯片有多厚？", "length"),
        ("有效氯浓度是多少？", "concentration"),
        ("凸轮轴有几片泵片？", "count"),
        ("膜组件共有多少个？", "count"),
        ("Why are two return bores used?", None),
        ("Who applied for the patent?", None),
        ("为什么采用反向微动？", None),
        ("", None),
    ],
)
def test_the_kind_that_a_question_asks_for(question, kind):
    assert asked_quantity(question) == kind


@pytest.mark.parametrize(
    ("anchor", "given"),
    [
        ("US99000012B2#p0023", {"temperature"}),  # hot water of 84 °C … at 78 °C
        ("US99000001B2#p0025", {"angle"}),  # rolls by 2° … inclined by 7°
        ("US99000001B2#p0033", {"time"}),  # five years
        ("US99000012B2#p0036", {"time", "speed", "concentration"}),  # 6 minutes, 0.25 m/s, 70 g/L
        ("US99000012B2#p0018", {"pressure"}),  # 1.5 bar
        ("US99000001B2#p0022", {"length"}),  # 0.60 mm
        ("CN199000004A#p0031", {"concentration", "time"}),  # 200mg/L, 10min
        ("CN199000001A#p0020", {"length", "temperature", "share"}),  # 1.0mm, 650℃, 10%
    ],
)
def test_the_kinds_that_a_paragraph_gives(patents, anchor, given):
    text = text_at(patents[anchor.partition("#")[0]], anchor)
    for kind in given:
        assert gives_quantity(text, kind), kind


@pytest.mark.parametrize(
    ("anchor", "kinds"),
    [
        ("US99000001B2#p0007", ["temperature", "time", "length", "angle", "voltage", "concentration", "share", "pressure"]),  # no number in it
        ("US99000001B2#p0019", ["temperature", "time", "length", "angle", "voltage", "concentration"]),  # reference signs alone
        ("CN199000006B#p0012", ["temperature", "time", "angle", "voltage", "concentration", "frequency"]),
    ],
)
def test_the_kinds_that_a_paragraph_does_not_give(patents, anchor, kinds):
    text = text_at(patents[anchor.partition("#")[0]], anchor)
    assert [k for k in kinds if gives_quantity(text, k)] == []


def test_every_kind_can_be_given():
    """A number with a unit of the kind, as a patent would print it."""
    examples = {
        "temperature": "60 °C", "angle": "10°", "frequency": "50 Hz", "speed": "15.9 m/s", "time": "7 s", "length": "0.4 mm", "pressure": "150 Pa",
        "voltage": "4.2 V", "field": "0.5 T", "concentration": "12 mg/L", "share": "45%", "count": "3", "number": "3",
    }  # fmt: skip
    assert examples.keys() == _KINDS.keys()
    for kind, text in examples.items():
        assert gives_quantity(text, kind), kind
