"""Antecedent basis in English and Chinese: what is found, and above all what is not."""

from collections.abc import Callable

import pytest

from assistant.claims.finding import Finding

Found = Callable[..., list[Finding]]


def quoted(found: Found, *texts: str, **options: object) -> list[tuple[int, str]]:
    return [(f.claim, f.quoted) for f in found("antecedent-basis", *texts, **options)]


@pytest.mark.parametrize(
    "text",
    [
        "A pump comprising a housing and a rotor, wherein the rotor turns in the housing.",
        "A pump comprising a plurality of rotors, the rotors being of steel.",
        "A pump comprising first and second gears, wherein the second gear meshes with the first gear.",
        "A pump comprising two gears, the second gear being larger.",
        "A pump comprising a sphere, wherein the outer surface of the sphere is polished.",
        "A pump with a seal selected from the group consisting of rubber and cork.",
        "A pump with a shaft at the lowest point thereof, the same being of the present invention.",
        "A method comprising administering a drug, wherein the administration is oral.",
        "A controller and a sensor, wherein the controller sends data to the sensor.",
        "A device with a valve housing, wherein the valve housing includes a bore.",
        "A machine comprising a belt, the belt moving at a speed, wherein the time at which it stops is short.",
        "A tape comprising a work piece, wherein the workpiece is flat.",
        "A system using a network, the system communicating over the Internet Protocol.",
        "A pump comprising a housing, wherein the length, the width and the height of the housing are equal.",
    ],
)
def test_what_is_introduced_or_needs_no_introduction_is_not_found(found: Found, text: str) -> None:
    assert quoted(found, text) == []


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("A pump comprising a housing, wherein the rotor turns.", "the rotor"),
        ("A pump comprising a first gear, wherein the second gear turns.", "the second gear"),
        ("A pump comprising a housing, said cover plate being of steel.", "said cover plate"),
        ("A pump comprising a housing, wherein the controller sends data to a server.", "the controller"),
        ("A pump in which the rotor turns, and which comprises a rotor.", "the rotor"),
        ("A pump comprising a housing, wherein the two drive shafts are parallel.", "the two drive shafts"),
    ],
)
def test_what_is_not_introduced_before_is_found(found: Found, text: str, quote: str) -> None:
    assert quoted(found, text) == [(1, quote)]


def test_a_term_may_be_introduced_in_any_claim_above(found: Found) -> None:
    assert (
        quoted(found, "A pump with a rotor.", "The pump of claim 1, with a seal.", "The pump of claim 2, wherein the rotor and the seal touch.") == []
    )


def test_every_path_counts(found: Found) -> None:
    texts = (
        "A pump with a rotor.",
        "The pump of claim 1, with a seal.",
        "The pump of claim 1, with a ring.",
        "The pump of claim 2 or 3, wherein the seal is soft.",
    )
    [finding] = found("antecedent-basis", *texts)
    assert (finding.claim, finding.quoted) == (4, "the seal")
    assert "1, 3" in finding.message


def test_many_multiple_dependent_claims_are_no_burden(found: Found) -> None:
    texts = ["A pump with a rotor."] + [
        f"The pump of any one of claims 1 to {n - 1}, with a part, wherein the rotor turns and the lid opens." for n in range(2, 80)
    ]
    assert {q for _, q in quoted(found, *texts)} == {"the lid"}


def test_a_claim_mentioned_introduces_its_parts(found: Found) -> None:
    assert (
        quoted(found, "A pump with a rotor.", "A vehicle comprising the pump of claim 1, wherein the rotor is driven by an engine.", practice="ep")
        == []
    )


def test_a_finding_is_made_once_a_claim_and_not_again_below(found: Found) -> None:
    texts = ("A pump, wherein the rotor turns and the rotor stops.", "The pump of claim 1, wherein the rotor is of steel.")
    assert quoted(found, *texts) == [(1, "the rotor")]


@pytest.mark.parametrize(
    "text",
    [
        "一种水泵，包括壳体和转子，所述转子位于所述壳体内。",
        "一种水泵，包括第一齿轮和第二齿轮，所述第二齿轮与所述第一齿轮啮合。",
        "一种水泵，包括第一、第二齿轮，所述第二齿轮转动。",
        "一种水泵，包括壳体，所述壳体的内壁设有凹槽，该凹槽的长度为5mm。",
        "一种水泵，包括多个叶片，所述多个叶片均匀分布。",
        "一种方法，所述方法包括步骤A。",
        "一种水泵，包括电机，所述电机转动，所述电机输出端朝上。",
        "一种水泵，包括壳体(1)，所述的壳体(1)应该是圆形的。",
    ],
)
def test_chinese_what_is_introduced_is_not_found(found: Found, text: str) -> None:
    assert quoted(found, text, practice="cn") == []


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("一种水泵，包括壳体，所述转子位于所述壳体内。", "所述转子"),
        ("一种水泵，包括第一齿轮，所述第二齿轮与所述第一齿轮啮合。", "所述第二齿轮"),
        ("一种水泵，包括电机，所述电机轴竖直设置。", "所述电机轴"),
        ("一种水泵，包括壳体，该控制器与电源连接。", "该控制器"),
    ],
)
def test_chinese_what_is_not_introduced_is_found(found: Found, text: str, quote: str) -> None:
    assert quoted(found, text, practice="cn") == [(1, quote)]


def test_chinese_paths_and_messages(found: Found) -> None:
    texts = ("一种水泵，包括壳体。", "根据权利要求1所述的水泵，还包括密封圈。", "根据权利要求1或2所述的水泵，其特征在于，所述密封圈为橡胶。")
    [finding] = found("antecedent-basis", *texts, practice="cn")
    assert (finding.claim, finding.quoted) == (3, "所述密封圈")
    assert "沿引用的权利要求1" in finding.message
    assert "第二十六条第四款" in finding.basis


def test_the_practice_of_japan_has_no_such_rule(found: Found) -> None:
    assert found("", "A pump, wherein the rotor turns", practice="jp") == []


def test_messages_may_be_in_the_other_language(found: Found) -> None:
    [finding] = found("antecedent-basis", "A pump, wherein the rotor turns.", report_language="zh")
    assert "缺乏引用基础" in finding.message
    assert finding.basis.startswith("35 U.S.C. 112(b)")


@pytest.mark.parametrize(
    "text",
    [
        "A method of finding the biomarkers miR-181a and miR-652.",
        "A cell expressing the NCALD gene and the dystrophin gene.",
        "A solution comprising a) an acid and b) a salt, wherein the ratio of the component a) to the component b) is 2.",
        "A bacterium of the genus Clostridium.",
        "A composition comprising a virus-like particle, wherein said VLP has a coat.",
        "A process comprising heating a diamine, wherein the amine is diluted.",
        "A system comprising a model monitor, wherein said model monitor guarantees that a value is low.",
        "A motor with five axis control, wherein the axes cross.",
        "A method of treating a cancer of the head or a cancer of the colon, the cancer being primary.",
        "A tool emitting light of the visible spectrum.",
        "A frame with a row of cells, wherein the i-th cell is empty.",
        "A method comprising storing a dictionary, wherein the dictionary maps words to words.",
        "A method wherein the likelihood that a part fails is low.",
    ],
)
def test_what_names_itself_or_is_there_by_nature_needs_no_introduction(found: Found, text: str) -> None:
    assert quoted(found, text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A car having wheels, wherein the vehicle body is of steel.", "the vehicle body"),
        ("A seat that moves along the linear path.", "the linear path"),
        ("A lock for a door, wherein the locking mechanism for the door is closed.", "the locking mechanism"),
        ("A pump with a wall, wherein the movable member for closing it is round.", "the movable member"),
        ("A lens having a first group, wherein the third group is fixed.", "the third group"),
    ],
)
def test_a_general_word_with_one_that_says_which_is_checked(found: Found, text: str, expected: str) -> None:
    assert quoted(found, text) == [(1, expected)]


def test_several_references_add_up_and_one_to_several_claims_is_in_the_alternative(found: Found) -> None:
    first = "A pump comprising a housing."
    method = "A method of pumping, comprising turning a rotor."
    assert quoted(found, first, method, "The method of claim 2, wherein the pump of claim 1 has the rotor in the housing.") == []
    assert quoted(found, first, method, "The subject of claim 1 or 2, wherein the rotor is round.") == [(3, "the rotor")]


def test_nothing_is_said_of_claims_whose_ancestors_are_not_known(found: Found) -> None:
    """Where the claim above is missing, later or unreadable, what it introduces is not known; the reference itself is reported elsewhere."""
    assert quoted(found, "The pump of claim 9, wherein the rotor is round.", "The pump of claim 1, wherein the shaft is round.") == []
    assert quoted(found, "A pump.", "The pump of the previously claimed kind, wherein the rotor is round.") == []


@pytest.mark.parametrize(
    "text",
    [
        "一种数据处理方法，接收解密密钥，根据所述解密密钥解密所述数据，其中数据为文本。",
        "一种制备方法，得到溶液B，将所述溶液B陈化。",
        "一种装置，包括循环泵，所述循环泵进水口连接水箱。",
        "一种钻机，包括支撑杆，所述支撑杆套设于壳体外。",
    ],
)
def test_chinese_verbs_and_openings_after_a_known_thing(found: Found, text: str) -> None:
    assert quoted(found, text, practice="cn") == []
