"""Words that were not filed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.claims.added_matter import BASIS, AddedMatter, Filed, added_matter
from ingest.anchor import text_at
from ingest.document import Claim, Paragraph, PatentDocument, Section

TEXT = "The pump has a rotating shaft of 10 to 20 mm and a work piece. The controller calculates a pressure and attaches the seal."
TEXT_ZH = "水泵包括泵体、叶轮和散热片。所述叶轮的直径为10～20mm，转轴由不锈钢制成。"


def filed(text: str = TEXT, practice: str = "us", language: str = "en", **more: object) -> Filed:
    section = Section(paragraphs=(Paragraph(number="0001", text="It is cold."), Paragraph(number="0002", text=text)))
    document = PatentDocument.model_validate(
        {"number": "US20010000001A1", "language": language, "titles": {language: "t"}, "sections": (section,), **more}
    )
    return Filed(document, language, practice, "zh" if practice == "cn" else "en")


def found(text: str, added: str = "", **options: object) -> list[AddedMatter]:
    start = text.index(added)
    return list(added_matter(Claim(number=7, text=text, depends_on=()), [(start, start + len(added or text))], filed(**options)))  # type: ignore[arg-type]


def test_a_phrase_with_its_place_and_what_comes_nearest() -> None:
    text = "A pump comprising a shaft and a piezoelectric actuator on the seal."
    [matter] = found(text)
    assert (matter.claim, matter.text) == (7, "piezoelectric actuator")
    assert text[matter.start : matter.end] == matter.text
    assert matter.text in matter.message
    assert matter.basis == BASIS["us"]
    assert matter.nearest is not None
    assert matter.nearest.anchor == "US20010000001A1#p0002"
    assert matter.nearest.quote in text_at(filed().document, matter.nearest.anchor)


def test_only_what_was_added() -> None:
    assert found("A pump with a piezoelectric actuator and a shaft.", "shaft") == []


@pytest.mark.parametrize(
    "text",
    [
        "A pump wherein the shaft rotates and rotational pressures are calculated.",
        "A pump wherein the workpiece is fastened.",
        "A pump configured to compute at least one plurality of pressures.",
        "(Currently amended) The pump of claim 93, wherein the shaft (512) is 20 mm.",
    ],
)
def test_other_forms_common_synonyms_and_what_is_no_matter(text: str) -> None:
    assert found(text) == []


def test_numbers() -> None:
    assert [m.text for m in found("A pump with a shaft of 15 mm.")] == ["15 mm"]
    assert found("A pump with a shaft of 10 to 20 mm.") == []


def test_the_abstract_counts_in_the_united_states_alone() -> None:
    abstract = {"abstracts": {"en": "A turbine is shown."}}
    assert found("A pump with a turbine.", **abstract) == []
    [matter] = found("A pump with a turbine.", practice="ep", **abstract)
    assert (matter.text, matter.basis) == ("turbine", BASIS["ep"])


def test_claims_as_filed_count() -> None:
    assert found("A pump with a turbine.", claims=({"number": 1, "text": "A turbine."},)) == []


def test_chinese() -> None:
    options = {"text": TEXT_ZH, "practice": "cn", "language": "zh"}
    assert [m.text for m in found_zh("一种水泵，包括泵体、叶轮和电磁阀。", **options)] == ["电磁阀"]
    [matter] = found_zh("所述叶轮的直径为15mm。", **options)
    assert matter.text.startswith("15")
    assert "15" in matter.message
    assert matter.basis == BASIS["cn"]
    assert found_zh("根据权利要求3所述的水泵，其特征在于，所述散热片设置于泵体，转轴由不锈钢制成。", **options) == []


def found_zh(claim: str, text: str, practice: str, language: str) -> list[AddedMatter]:
    return list(added_matter(Claim(number=1, text=claim, depends_on=()), [(0, len(claim))], filed(text, practice, language)))


@given(st.lists(st.sampled_from(TEXT.rstrip(".").split()), min_size=1, max_size=12))
def test_words_that_were_filed_are_never_flagged(words: list[str]) -> None:
    assert found(" ".join(words)) == []


@given(st.text(max_size=60))
def test_spans_are_in_the_claim_and_apart(text: str) -> None:
    claim = Claim(number=1, text=text, depends_on=())
    at = 0
    for matter in added_matter(claim, [(0, len(text))], filed()):
        assert at <= matter.start < matter.end <= len(text)
        assert text[matter.start : matter.end] == matter.text
        at = matter.end
