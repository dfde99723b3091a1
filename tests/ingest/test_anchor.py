"""Anchors: what they name, and that a document has it."""

import pytest

from ingest import PatentDocument
from ingest.anchor import covers, paragraph_anchor, parts_at, split_anchor, text_at
from ingest.errors import AnchorError

DOCUMENT = PatentDocument.model_validate(
    {
        "number": "EP1A1",
        "language": "en",
        "titles": {"en": "Pump", "de": "Pumpe"},
        "abstracts": {"en": "A pump.", "de": "Eine Pumpe."},
        "claims": [{"number": 1, "text": "A pump."}, {"number": 12, "text": "A seal."}],
        "sections": [
            {"kind": "background", "paragraphs": [{"number": "0001", "text": "one"}, {"number": "0002", "text": "two"}]},
            {"kind": "summary", "paragraphs": [{"number": "0002a", "text": "two a"}, {"number": "0003", "text": "three"}]},
        ],
    }
)


@pytest.mark.parametrize(
    ("part", "parts", "text"),
    [
        ("c1", ["c1"], "A pump."),
        ("c12", ["c12"], "A seal."),
        ("p0001", ["p0001"], "one"),
        ("p0001-0003", ["p0001", "p0002", "p0002a", "p0003"], "one\ntwo\ntwo a\nthree"),
        ("p0002a-0003", ["p0002a", "p0003"], "two a\nthree"),
        ("abs", ["abs"], "A pump."),
        ("abs-de", ["abs-de"], "Eine Pumpe."),
        ("title", ["title"], "Pump"),
        ("title-de", ["title-de"], "Pumpe"),
    ],
)
def test_an_anchor_names_parts_and_their_text(part, parts, text):
    assert parts_at(DOCUMENT, f"EP1A1#{part}") == parts
    assert text_at(DOCUMENT, f"EP1A1#{part}") == text


@pytest.mark.parametrize(
    "anchor",
    [
        "EP1A1#c2",
        "EP1A1#p0009",
        "EP1A1#p0003-0001",
        "EP1A1#abs-fr",
        "EP1A1#title-fr",
        "EP1A1#q1",
        "EP1A1",
        "EP1A1#",
        "EP2A1#c1",
        "#c1",
        "EP1A1#c1 ",
        "EP1A1#C1",
    ],
)
def test_an_anchor_that_the_document_does_not_have_is_an_error_of_one_line(anchor):
    with pytest.raises(AnchorError) as caught:
        text_at(DOCUMENT, anchor)
    assert "\n" not in str(caught.value)
    assert str(caught.value).startswith(anchor)


def test_covering():
    assert covers("EP1A1#p0001-0003", "EP1A1#p0002", DOCUMENT)
    assert covers("EP1A1#p0002", "EP1A1#p0002", DOCUMENT)
    assert not covers("EP1A1#p0002", "EP1A1#p0001-0003", DOCUMENT)
    assert not covers("EP1A1#c1", "EP1A1#p0001", DOCUMENT)


def test_an_abstract_or_title_in_another_language_alone_has_its_anchor_too():
    foreign = PatentDocument.model_validate({"number": "CN1A", "language": "zh", "titles": {"en": "Pump"}, "abstracts": {"en": "A pump."}})
    assert text_at(foreign, "CN1A#abs") == "A pump."
    assert text_at(foreign, "CN1A#title") == "Pump"


def test_making_and_splitting():
    assert paragraph_anchor("US1A", "0004", "0004") == "US1A#p0004"
    assert paragraph_anchor("US1A", "0004", "0007") == "US1A#p0004-0007"
    assert split_anchor("US1A#p0004-0007") == ("US1A", "p0004-0007")
    assert split_anchor("US1A") == ("US1A", "")


def test_every_part_of_every_sample_document_is_where_its_anchor_says(sample_documents):
    for number, document in sample_documents.items():
        for claim in document.claims:
            assert text_at(document, f"{number}#c{claim.number}") == claim.text
        for paragraph in (p for section in document.sections for p in section.paragraphs):
            assert text_at(document, f"{number}#p{paragraph.number}") == paragraph.text
        assert text_at(document, f"{number}#abs") == document.abstract
        assert text_at(document, f"{number}#title") == document.title
