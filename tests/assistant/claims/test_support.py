"""The support of elements of claims in the description."""

import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.claims.support import ElementSupport, elements_of, held_against, support
from assistant.claims.support_search import Description, acronyms, bare, content, sign_names
from ingest import read
from ingest.anchor import parts_at
from ingest.document import Claim, Paragraph, PatentDocument, Section

SEAL = "A seal for a shaft, comprising: a ring made of graphite; and a spring pressing the ring against the shaft."
SECTIONS = {
    "field": ["The invention concerns pumps for water."],
    "summary": ["In one aspect, a seal comprises a ring made of graphite. A spring presses the ring against the shaft."],
    "description": [
        "The pump 1 has a housing 2. The housing 2 is cast of iron.",
        "A ring 12 made of graphite lies in the groove of the seal. It is 5 mm wide.",
        "A helical spring 14 presses the ring 12 against the shaft 16. The spring 14 is of steel.",
        "The motor 20 is cooled by air.",
    ],
}
SEAL_ZH = "一种轴封，其特征在于，包括：由石墨制成的密封环；以及将所述密封环压向轴的弹簧。"
SECTIONS_ZH = {
    "summary": ["本发明提供一种轴封。"],
    "description": [
        "泵1具有壳体2。壳体2由铸铁制成。",
        "密封环12由石墨制成，位于轴封的槽中。密封环12的宽度为5毫米。",
        "弹簧14将密封环12压向轴16。弹簧14为钢制。",
        "电机20由空气冷却。",
    ],
}


def made(*claims: str, sections: dict[str, list[str]] | None = None, language: str = "en", **options: object) -> PatentDocument:
    numbers = iter(range(1, 1000))
    return PatentDocument(
        number="CN1A" if language == "zh" else "US1A1",
        language=language,
        titles={language: "t"},
        claims=tuple(Claim(number=n, text=t, depends_on=None) for n, t in enumerate(claims, 1)),
        sections=tuple(
            Section(kind=kind, paragraphs=tuple(Paragraph(number=f"{next(numbers):04d}", text=t) for t in texts))
            for kind, texts in (SECTIONS if sections is None else sections).items()
        ),
        **options,  # type: ignore[arg-type]
    )


def best(found: tuple[ElementSupport, ...]) -> dict[str, str]:
    return {e.label: e.places[0].citation.anchor.partition("#")[2] for e in found if e.places}


def one(claim: str, *paragraphs: str) -> ElementSupport:
    """The last element of a claim in a description of these paragraphs."""
    return support(made(claim, sections={"description": list(paragraphs)}))[-1]


def test_the_paragraph_of_each_element_is_found_and_quoted() -> None:
    document = made(SEAL)
    found = support(document)
    assert [e.label for e in found] == ["1pre", "1a", "1b"]
    assert best(found)["1a"] == "p0004"
    assert found[1].places[0].citation.quote.startswith("A ring 12 made of graphite")
    assert best(found)["1b"] == "p0005"
    assert [e.verdict for e in found[1:]] == ["supported", "supported"]


def test_chinese_is_found_as_well() -> None:
    found = support(made(SEAL_ZH, sections=SECTIONS_ZH, language="zh"))
    by_text = {e.text: e for e in found}
    ring = next(e for t, e in by_text.items() if "石墨" in t)
    spring = next(e for t, e in by_text.items() if "弹簧" in t)
    assert "由石墨制成" in ring.places[0].citation.quote
    assert "弹簧14将密封环12压向轴16" in spring.places[0].citation.quote
    assert ring.verdict == spring.verdict == "supported"


@pytest.mark.parametrize(
    ("element", "verdict"),
    [
        ("a ring made of graphite", "supported"),
        ("a ring made of graphite and a titanium bellows", "unsupported"),
        ("a laser ablating tissue", "unsupported"),
    ],
)
def test_what_the_description_lacks_lowers_the_verdict(element: str, verdict: str) -> None:
    scores = {e: support(made(f"A seal, comprising: a housing; and {e}."))[-1] for e in ("a ring made of graphite", element)}
    assert scores[element].verdict == verdict
    assert scores[element].score <= scores["a ring made of graphite"].score


def test_another_number_is_not_supported() -> None:
    right, wrong = (one(f"A seal, comprising: a ring; wherein the ring is {n} mm wide.", *SECTIONS["description"]) for n in (5, 8))
    assert right.score > 0.7 > 0.3 > wrong.score


def test_other_words_for_the_same() -> None:
    assert one("A pump, comprising: an arm; and a movable gate.", "The pump has a gate that moves.", "The arm is red.").places[0].citation.quote == (
        "The pump has a gate that moves."
    )
    found = one(
        "A car, comprising: an engine driving wheels; and a particulate filter that is hot.",
        "A diesel particulate filter (DPF) is known.",
        "The engine drives wheels.",
        "The DPF 7 is hot.",
    )
    assert found.places[0].citation.anchor == "US1A1#p0003"


def test_things_with_one_sign_are_one_thing() -> None:
    paragraphs = [
        "The retention member 30 is shown.",
        "The retention member 30 and the fastener 30 are one.",
        "The fastener 30 rotates about a pin.",
        "It is red.",
    ]
    assert sign_names([*paragraphs, "A fastener 30."], [])["30"] == ("fasten", "member", "retent")
    found = one("A port, comprising: a body; and a retention member rotating about a pin.", *paragraphs, "A fastener 30.")
    assert found.places[0].citation.anchor == "US1A1#p0003"


def test_a_name_in_the_claims_counts_where_the_description_has_a_word_of_it() -> None:
    paragraphs = ["The beam 12 is red. The beam 12 is split."]
    assert sign_names(paragraphs, ["a coherent beam (12)"])["12"] == ("beam", "coher")
    assert sign_names(paragraphs, ["a garden fence (12)"])["12"] == ("beam",)
    assert sign_names(["See FIG. 12 and FIG. 12.", "It is about 12 and about 12."], []) == {}


def test_acronyms_are_those_that_the_description_spells_out() -> None:
    assert acronyms(["A radio frequency (RF) signal and a thing (XY)."]) == {"rf": ("radio", "frequenc")}


def test_detailed_description_is_preferred_to_a_summary_that_says_as_much() -> None:
    text = "The seal has a ring made of graphite."
    found = support(made(SEAL, sections={"summary": [text], "description": [text, "The pump is red."]}))
    assert best(found)["1a"] == "p0002"
    alone = support(made(SEAL, sections={"summary": [text], "description": ["The pump is red."]}))
    assert best(alone)["1a"] == "p0001"
    assert alone[1].verdict == "supported"


def test_a_second_place_says_what_the_first_lacks() -> None:
    paragraphs = ["The ring is made of graphite.", "The ring is made of graphite, too.", "The coating is of boron nitride.", "The pump is red."]
    found = one("A seal, comprising: a shaft; and a ring made of graphite with a coating of boron nitride.", *paragraphs)
    assert {p.citation.anchor for p in found.places[:2]} == {"US1A1#p0001", "US1A1#p0003"}


def test_transitions_and_preambles_of_dependent_claims_are_left_out() -> None:
    found = support(made(SEAL, "The seal of claim 1, wherein the spring is of steel."))
    assert [e.label for e in found] == ["1pre", "1a", "1b", "2a"]
    assert best(found)["2a"] == "p0005"


def test_only_some_claims() -> None:
    document = made(SEAL, "The seal of claim 1, wherein the spring is of steel.")
    assert support(document, only=[2]) == tuple(e for e in support(document) if e.claim == 2)
    assert support(document, only=[9]) == ()


@pytest.mark.parametrize(
    "document",
    [
        made(SEAL, sections={}),
        made(SEAL, sections=SECTIONS_ZH),
        made(SEAL, sections={"description": ["  "]}),
        made(SEAL, sections={"law": ["The ring is made of graphite."]}),
    ],
    ids=["no description", "in another language", "blank", "law"],
)
def test_what_can_not_be_compared_is_unchecked(document: PatentDocument) -> None:
    assert {(e.verdict, e.score, e.places) for e in support(document)} == {("unchecked", 0.0, ())}


def test_translated_claims_are_not_held_against_a_description_in_another_language() -> None:
    german = (Claim(number=1, text="Dichtung, umfassend einen Ring aus Graphit und eine Feder.", depends_on=()),)
    document = made(SEAL, translated_claims={"de": german})
    assert {e.verdict for e in support(document, "de")} == {"unchecked"}
    assert {e.verdict for e in support(document)} == {"supported"}


def test_other_languages_are_compared_by_terms() -> None:
    claim = "Dichtung, umfassend: einen Ring aus Graphit; und eine Feder, die den Ring an die Welle drückt."
    document = made(claim, sections={"description": ["Der Motor ist rot.", "Eine Feder drückt den Ring an die Welle."]}, language="de")
    assert best(support(document))["1b"] == "p0002"


def test_an_element_without_content_is_unchecked() -> None:
    document = made("A method, comprising:\nthe steps of:\nheating a ring.")
    assert [e.verdict for e in support(document) if "steps" in e.text and "ring" not in e.text] in ([], ["unchecked"])
    description = Description(SECTIONS["description"])
    assert description.find("wherein said (12) comprises", description.shares("")) is None


def test_claims_against_the_description_of_another() -> None:
    other = made("A lamp.", sections={"description": ["A lamp has a glass bulb.", "The bulb is filled with argon."]})
    found = list(held_against(made(SEAL).claims, "en", other))
    assert found
    assert all(e.verdict == "unsupported" for e in found)


def test_signs_and_references_are_no_content() -> None:
    assert content(bare("(a) the seal (12, 13) of claim 3")) == content("the seal")
    assert content(bare("权利要求1-23中任一项的抗体")) == content("抗体")
    assert content("在25℃SPR") == content("在25 SPR")


texts = st.text(alphabet=st.sampled_from("ab c1(2).;,%环的，。一\n"), max_size=60)


@given(st.lists(texts, min_size=1, max_size=5), st.lists(texts.filter(str.strip), min_size=1, max_size=3))
def test_every_quotation_stands_in_its_paragraph(paragraphs: list[str], claims: list[str]) -> None:
    document = made(*claims, sections={"description": paragraphs})
    text_of = {f"US1A1#p{p.number}": p.text for s in document.sections for p in s.paragraphs}
    for element in support(document):
        assert len(element.places) <= 3
        assert len({p.citation.anchor for p in element.places}) == len(element.places)
        assert (element.verdict == "unchecked") == (not element.places)
        for place in element.places:
            assert place.citation.quote in text_of[place.citation.anchor]
            assert 0 <= place.score <= 1


def test_long_runs_of_letters_take_no_quadratic_time() -> None:
    start = time.process_time()
    support(made("A protein comprising: a chain; and a tail.", sections={"description": ["ACDE" * 50_000, "acde " * 20_000 + "5", "(A" * 20_000]}))
    assert time.process_time() - start < 25


def test_grants_are_supported(data: Path) -> None:
    """Most elements of claims that were granted are in their own description, and few in that of the next patent."""
    grants = [
        d for d in read([next((data / "uspto" / "bulk").iterdir())]) if isinstance(d, PatentDocument) and d.sections and d.kind.startswith("B")
    ][:6]
    assert len(grants) > 2
    own = [e for d in grants for e in support(d)]
    for document in grants:
        for element in support(document):
            for place in element.places:
                parts_at(document, place.citation.anchor)
    other = [e for d, next_one in pairwise(grants) for e in held_against(d.claims, "en", next_one)]

    def share(found: list[ElementSupport]) -> float:
        return sum(e.verdict == "supported" for e in found) / len(found)

    assert share(own) > 0.6
    assert share(other) < 0.2


def test_a_dependent_claim_that_is_all_preamble_has_its_element() -> None:
    claim = Claim(number=2, text="The seal of claim 1.", depends_on=(1,))
    assert [e.text for e in elements_of(claim, "en")] == [claim.text]


def test_the_order_is_that_of_the_claims(document: Callable[..., PatentDocument]) -> None:
    found = support(document(SEAL, "The seal of claim 1, wherein the ring is round.", description="The ring is made of graphite and round."))
    assert [e.claim for e in found] == sorted(e.claim for e in found)
