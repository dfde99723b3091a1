"""The elements of a claim: they cover it, and say what is special in them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.claims.elements import ClaimElements, claim_elements
from ingest.document import Claim


def elements(text: str, number: int = 1) -> ClaimElements:
    return claim_elements(Claim(number=number, text=text, depends_on=None))


def labelled(text: str, number: int = 1) -> list[tuple[str, str]]:
    return [(e.label, e.text) for e in elements(text, number).elements]


def test_an_independent_claim() -> None:
    assert labelled("A pump comprising: a housing (10); a rotor in the housing; and a shaft of steel.") == [
        ("1pre", "A pump "),
        ("1tr", "comprising: "),
        ("1a", "a housing (10); "),
        ("1b", "a rotor in the housing; and "),
        ("1c", "a shaft of steel."),
    ]


def test_a_dependent_claim() -> None:
    assert labelled("The pump of claim 1, wherein the seal is of rubber.", 2) == [
        ("2pre", "The pump of claim 1, "),
        ("2tr", "wherein "),
        ("2a", "the seal is of rubber."),
    ]


@pytest.mark.parametrize(
    ("text", "openness", "form"),
    [
        ("A pump comprising a rotor.", "open", ""),
        ("A salt consisting of sodium and chlorine.", "closed", ""),
        ("A salt consisting essentially of sodium and chlorine.", "partly", ""),
        ("A pump having a rotor, characterised in that the rotor is of steel.", "open", "two-part"),
        ("In a pump having a rotor, the improvement comprising a seal of rubber.", "open", "jepson"),
        ("一种水泵，包括壳体，其特征在于，所述壳体为钢。", "open", "two-part"),
        ("一种合金，由铁和碳组成。", "closed", ""),
    ],
)
def test_transitions(text: str, openness: str, form: str) -> None:
    found = elements(text)
    assert (found.openness, found.form) == (openness, form)


def test_the_known_part_of_a_two_part_claim_has_elements() -> None:
    assert labelled("一种水泵，包括壳体(1)和转子（2），其特征在于，所述壳体（1）上设有密封圈；所述密封圈为橡胶圈。") == [
        ("1pre", "一种水泵，包括"),
        ("1a", "壳体(1)和转子（2），"),
        ("1tr", "其特征在于，"),
        ("1b", "所述壳体（1）上设有密封圈；"),
        ("1c", "所述密封圈为橡胶圈。"),
    ]


def test_means_plus_function() -> None:
    found = elements("A pump comprising: a rotor of steel; means for sealing the rotor; and a control unit for driving the rotor.")
    assert [e.means for e in found.elements] == [False, False, False, True, True]
    assert [e.means for e in elements("一种装置，包括：壳体；用于加热水的装置；以及电机。").elements if e.kind == "element"][1]


@pytest.mark.parametrize(
    ("text", "alternatives"),
    [
        (
            "A ring of a material selected from the group consisting of rubber, PTFE (a polymer, or not), and cork.",
            ("rubber", "PTFE (a polymer, or not)", "cork"),
        ),
        ("一种密封圈，其特征在于，其材料选自橡胶、石墨和聚四氟乙烯组成的组。", ("橡胶", "石墨", "聚四氟乙烯")),
        ("A ring of rubber, PTFE or cork.", ()),
    ],
)
def test_markush_groups(text: str, alternatives: tuple[str, ...]) -> None:
    assert [e.markush for e in elements(text).elements if e.markush] == ([alternatives] if alternatives else [])


def test_quantities_and_signs_have_their_places_in_the_claim() -> None:
    text = "A method (100) comprising: (a) heating a rod (12, 14a) of formula (I) to at least 60 °C; and (b) cooling it."
    found = elements(text).elements
    assert [s for e in found for s in e.signs] == ["100", "12", "14a"]
    [quantity] = [q for e in found for q in e.quantities]
    assert (text[quantity.start : quantity.end], quantity.low, quantity.high, quantity.unit) == ("at least 60 °C", 60, None, "°C")


def test_japanese_and_german_claims_are_cut_too() -> None:
    for text in ("ケースと、モータとを備えるポンプ。", "Pumpe mit einem Rotor, dadurch gekennzeichnet, dass der Rotor aus Stahl ist."):
        assert "".join(e.text for e in elements(text).elements) == text


WORDS = st.sampled_from(
    "a pump comprising : ; , . wherein characterised in that the improvement consisting of group selected from claim 1 (12) （3）"
    " 一种 泵 包括 其特征在于 ， ； 。"
    " 选自 组成 所述 由 を備える \n and or 5 mm"
    " 至 means for sealing".split(" ")
)


@given(st.one_of(st.text(max_size=80), st.lists(WORDS, max_size=30).map(" ".join), st.lists(WORDS, max_size=30).map("".join)))
def test_any_text_is_covered(text: str) -> None:
    found = elements(text).elements
    assert "".join(e.text for e in found) == text
    assert all(text[e.start : e.end] == e.text for e in found)
    assert len({e.label for e in found}) == len(found)
