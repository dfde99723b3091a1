"""`PatentDocument`: what it requires, and what it reads off its own text."""

import json

import pytest
from pydantic import ValidationError

from ingest import Claim, Paragraph, PatentDocument, Section, Source, cut
from ingest.anchor import text_at
from ingest.errors import AnchorError


def document(**fields) -> PatentDocument:
    return PatentDocument(**{"number": "US1A", "titles": {"en": "Pump"}, **fields})


def test_a_number_and_one_text_are_enough():
    for fields in (
        {"titles": {"en": "Pump"}},
        {"abstracts": {"en": "A pump."}},
        {"claims": [{"number": 1, "text": "A pump."}]},
        {"sections": [{"paragraphs": [{"number": "0001", "text": "A pump."}]}]},
    ):
        assert PatentDocument.model_validate({"number": "US1A", **fields}).number == "US1A"


def test_what_is_missing_is_empty_and_never_invented():
    empty = document()
    assert (empty.kind, empty.language, empty.abstract, empty.claims, empty.sections) == ("", "", "", (), ())
    assert (empty.classifications, empty.parties, empty.citations, empty.source) == ((), (), (), Source())
    assert set(empty.dates.model_dump().values()) == {None}


@pytest.mark.parametrize(
    "fields",
    [
        {"titles": {}},
        {"titles": {"en": "  \n"}},
        {"number": ""},
        {"number": "US 1 A"},
        {"number": "US1#A"},
        {"number": "US1\x00A"},
        {"number": "U" * 129},
        {"tilte": "Pump"},
        {"claims": [{"number": 0, "text": "A pump."}]},
        {"claims": [{"number": 1, "text": "a"}, {"number": 1, "text": "b"}]},
        {"sections": [{"paragraphs": [{"number": "1", "text": "a"}]}, {"paragraphs": [{"number": "1", "text": "b"}]}]},
        {"dates": {"filing": "2020-13-01"}},
    ],
)
def test_what_is_wrong_is_refused(fields):
    with pytest.raises(ValidationError):
        document(**fields)


def test_documents_do_not_change():
    with pytest.raises(ValidationError):
        document().number = "US2A"


def test_dependency_and_category_are_read_off_the_text_where_they_are_not_given():
    read_off = Claim.model_validate({"number": 3, "text": "The method of any preceding claim, wherein it is dry."})
    assert (read_off.depends_on, read_off.category, read_off.independent) == ((1, 2), "method", False)
    given = Claim.model_validate({"number": 3, "text": "The method of claim 1.", "depends_on": [], "category": "use"})
    assert (given.depends_on, given.category, given.independent) == ((), "use", True)


def test_a_claim_number_written_as_a_text_counts_as_a_number():
    claim = Claim.model_validate_json('{"number": "3", "text": "The pump of any preceding claim."}')
    assert (claim.number, claim.depends_on) == (3, (1, 2))


def test_the_title_is_in_the_own_language_or_in_any_other():
    titles = {"en": "Pump", "zh": "泵"}
    assert document(language="zh", titles=titles).title == "泵"
    assert document(language="fr", titles=titles).title == "Pump"
    assert document(titles=titles, abstracts={"zh": "一种泵。"}).abstract == "一种泵。"


def test_country_claim_and_summary():
    made = document(
        claims=(Claim(number=1, text="A pump."), Claim(number=4, text="A seal.")),
        sections=(Section(paragraphs=(Paragraph(number="0001", text="a"), Paragraph(number="0002", text="b"))),),
    )
    assert made.country == "US"
    assert made.claim(4).text == "A seal."
    assert made.claim(2) is None
    assert made.summary() == "US1A  Pump  (2 claims, 2 paragraphs)"
    assert document(number="draft-7").country == ""


def test_the_json_has_the_names_of_the_format(sample_documents):
    written = json.loads(sample_documents["US99000001B2"].model_dump_json())
    assert set(written) == {
        *("number", "kind", "language", "dates", "titles", "abstracts", "claims"),
        *("sections", "classifications", "parties", "citations", "source", "translated_claims", "warnings"),
    }
    assert set(written["claims"][0]) == {"number", "text", "depends_on", "mentions", "category"}
    assert set(written["sections"][0]) == {"heading", "kind", "paragraphs"}
    assert written["dates"] == {"filing": "2017-05-18", "publication": "2019-03-12", "priority": "2016-05-20"}
    assert set(written["source"]) == {"path", "offset", "format"}


def test_the_documents_that_a_description_names_and_where():
    texts = ["A seal is known from U.S. Pat. No. 5,363,603.", "Nothing here.", "EP 1 234 567 B1 and U.S. Pat. No. 5,363,603 agree."]
    paragraphs = tuple(Paragraph(number=f"{n:04d}", text=text) for n, text in enumerate(texts, start=1))
    made = document(number="US1A", sections=(Section(paragraphs=paragraphs),))
    assert made.cited_in_description() == {"US5363603": ["US1A#p0001", "US1A#p0003"], "EP1234567B1": ["US1A#p0003"]}


def test_claims_in_other_languages_have_anchors_of_their_own():
    made = document(
        number="EP1B1", language="en", claims=(Claim(number=1, text="A pump."),), translated_claims={"de": (Claim(number=1, text="Eine Pumpe."),)}
    )
    assert made.claim(1, "de").text == "Eine Pumpe."
    assert made.claim(1, "en").text == made.claim(1).text == "A pump."
    assert made.claim(1, "fr") is None
    assert text_at(made, "EP1B1#c1-de") == "Eine Pumpe."
    with pytest.raises(AnchorError, match="none numbered 2"):
        text_at(made, "EP1B1#c2-de")
    assert [(p.anchor, p.language) for p in cut(made, lambda texts: [len(t.split()) for t in texts], 256)] == [
        ("EP1B1#c1", "en"),
        ("EP1B1#c1-de", "de"),
    ]
