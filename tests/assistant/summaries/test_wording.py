"""Which sentences a summary leaves out for their wording."""

import pytest

from assistant.summaries.candidates import candidates
from assistant.summaries.wording import ADVANTAGE, CAPTION, DANGLING, FORMULA, INVENTION, LINKED, OWN, matches
from ingest import Paragraph, PatentDocument, Section


def reasons(text: str, language: str) -> dict[str, int]:
    section = Section(paragraphs=(Paragraph(number="1", text=text),))
    _, read = candidates(PatentDocument(number="US1A1", language=language, sections=(section, KEPT[language])), language, 100)
    return dict(read[0].left_out)


def kept(text: str) -> Section:
    return Section(kind="field", paragraphs=(Paragraph(number="2", text=text),))


KEPT = {"en": kept("A pump has a motor, a shaft and an impeller."), "zh": kept("泵设有电机、轴以及与轴相连的叶轮。")}


@pytest.mark.parametrize(
    ("text", "language", "reason"),
    [
        ("It should be noted that the magnets may be replaced by coils.", "en", "formula"),
        ("Those skilled in the art will find other uses for the pump.", "en", "formula"),
        ("Any modifications and variations of the pump are meant to be covered by what follows.", "en", "formula"),
        ("The term “coupling” means anything that transmits a torque.", "en", "formula"),
        ("A “therapeutic dose” is an amount that reduces the pain of a patient.", "en", "formula"),
        ("The disclosure of this patent is incorporated herein by reference.", "en", "formula"),
        ("FIG. 3 is a perspective view of the pump with its housing.", "en", "drawings"),
        ("This makes the pump smaller than all others that are known.", "en", "dangling"),
        ("Such a wall is three millimetres thick and made of ceramics.", "en", "dangling"),
        ("and the ring turns with the impeller in the housing.", "en", "dangling"),
        ("Table 2: values | 3 | 4 | 5 of the pump and the motor.", "en", "fragment"),
        ("Example 3 of the pump with a ceramic wall", "en", "fragment"),
        ("12.3 44.1 88.7 12.9 33.1 mm", "en", "fragment"),
        ("应当理解，磁铁也可以由线圈代替。", "zh", "formula"),
        ("以上所述仅为本发明的较佳实施例而已。", "zh", "formula"),
        ("下面结合附图和具体实施例对本发明作进一步详细说明。", "zh", "formula"),
        ("图3为本发明磁力泵的立体图。", "zh", "drawings"),
        ("其外环设有十二块钕磁铁并固定在轴上。", "zh", "dangling"),
        ("因此能够避免酸液沿着轴泄漏到电机。", "zh", "dangling"),
        ("实施例3 磁力泵的陶瓷封闭壁的制备", "zh", "fragment"),
    ],
)
def test_what_is_left_out(text: str, language: str, reason: str) -> None:
    assert reasons(text, language) == {reason: 1}


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("This invention relates to a pump with a magnetic coupling.", "en"),
        ("It is an object of the invention to pump acids without leakage.", "en"),
        ("The housing holds a fluid such as, but not limited to, water, acids and oils that are used in the chemical industry every day.", "en"),
        ("Next generation pumps have a coupling that needs no seal.", "en"),
        ("The pump (10) has a motor that is not heated by the fluid.", "en"),
        ("并联电阻与电机的绕组相连并吸收能量。", "zh"),
        ("再生纤维与树脂混合后压制成封闭壁。", "zh"),
        ("即时通信模块将泵的状态发送给终端。", "zh"),
        ("泵送的液体包括但不限于水、酸液和油类。", "zh"),
    ],
)
def test_what_is_not(text: str, language: str) -> None:
    assert reasons(text, language) == {}


@pytest.mark.parametrize(
    ("text", "language", "advantage"),
    [
        ("The closed wall prevents the leakage of acids.", "en", True),
        ("A further advantage is that the wall is thin.", "en", True),
        ("In the study we took advantage of an ongoing trial.", "en", False),
        ("The number of the lines rises from left to right.", "en", False),
        ("封闭壁避免了酸液泄漏，延长了电机的寿命。", "zh", True),
        ("数据线的序号从左向右增加。", "zh", False),
    ],
)
def test_advantages(text: str, language: str, advantage: bool) -> None:
    assert matches(ADVANTAGE, text, language) == advantage


def test_other_languages_have_no_wording() -> None:
    for patterns in (FORMULA, CAPTION, DANGLING, LINKED, INVENTION, ADVANTAGE, OWN):
        assert set(patterns) == {"en", "zh"}
        assert not matches(patterns, "this it fig. 1 is 其图1为 本发明涉及", "de")
