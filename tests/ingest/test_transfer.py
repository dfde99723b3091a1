"""Documents are the same after they have been to another process."""

import pickle
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from ingest import Claim, PatentDocument
from ingest.document import Classification, Dates, Paragraph, Party, Section, Source
from ingest.transfer import pack, unpack

FULL = PatentDocument(
    number="EP1000000B1",
    kind="B1",
    language="en",
    dates=Dates(filing=date(2001, 2, 3), publication=date(2004, 5, 6), priority=date(2000, 1, 2)),
    titles={"en": "Pump", "de": "Pumpe"},
    abstracts={"en": "A pump.", "zh": "一种泵。"},
    claims=(Claim(number=1, text="A pump."), Claim(number=2, text="The pump of claim 1.", depends_on=(1,))),
    translated_claims={"de": (Claim(number=1, text="Eine Pumpe."), Claim(number=2, text="Pumpe nach Anspruch 1.", depends_on=(1,)))},
    sections=(
        Section(heading="FIELD", kind="field", paragraphs=(Paragraph(number="0001", text="Pumps."), Paragraph(number="0002", text="More."))),
        Section(heading="", kind="description", paragraphs=()),
    ),
    classifications=(Classification(scheme="cpc", symbol="F04D 29/10", first=True, inventive=False),),
    parties=(Party(role="applicant", name="Müller 株式会社"),),
    citations=("US1A", "DE2A1"),
    warnings=("mended: something",),
    source=Source(path="a.zip!b.xml", offset=7, format="ep-patent-document"),
)


def there_and_back(document: PatentDocument) -> PatentDocument:
    return unpack(pickle.loads(pickle.dumps(pack(document))))


def same(one: PatentDocument, other: PatentDocument) -> None:
    assert one == other
    assert one.model_dump() == other.model_dump()
    assert one.model_dump_json() == other.model_dump_json()
    assert one.model_dump(exclude_none=True, warnings="error") == other.model_dump(exclude_none=True, warnings="error")
    for a, b in [(one, other), *zip(one.claims, other.claims, strict=True), *zip(one.sections, other.sections, strict=True)]:
        assert type(a) is type(b)
        assert type(a.__dict__) is dict
        assert {type(value) for value in a.__dict__.values()} == {type(value) for value in b.__dict__.values()}


def test_every_field_of_the_full_document_is_filled():
    """So that the tests below fail where a new field is not carried over."""
    empty = PatentDocument(number="US1A", titles={"en": "x"})
    assert all(getattr(FULL, name) != getattr(empty, name) for name in PatentDocument.model_fields)


def test_a_full_document_comes_back_whole():
    same(FULL, unpack(pack(FULL)))
    same(FULL, there_and_back(FULL))


def test_the_samples_come_back_whole(sample_documents):
    for document in sample_documents.values():
        same(document, there_and_back(document))


def test_packing_leaves_the_document_as_it_was():
    before = FULL.model_dump_json()
    unpack(pack(FULL))
    assert FULL.model_dump_json() == before


def test_what_comes_back_is_frozen_all_through():
    back = there_and_back(FULL)
    for model, name in [
        (back, "number"),
        (back.claims[0], "text"),
        (back.sections[0], "heading"),
        (back.sections[0].paragraphs[0], "text"),
        (back.translated_claims["de"][0], "number"),
        (back.dates, "filing"),
    ]:
        with pytest.raises(ValidationError, match="frozen"):
            setattr(model, name, "changed")


def test_what_comes_back_can_be_copied_pickled_and_packed_again():
    back = there_and_back(FULL)
    assert back.model_copy(update={"number": "US1A"}).number == "US1A"
    assert back.claims[1].model_copy(deep=True) == FULL.claims[1]
    assert pickle.loads(pickle.dumps(back)) == FULL
    assert there_and_back(back) == FULL
    assert PatentDocument.model_validate_json(back.model_dump_json()) == FULL


texts = st.text(st.characters(codec="utf-8"), max_size=20)
claims = st.lists(texts.filter(str.strip), max_size=4).map(lambda found: tuple(Claim(number=n, text=t) for n, t in enumerate(found, start=1)))
numbers = st.lists(st.from_regex(r"[0-9A-Za-z.]{1,5}", fullmatch=True), max_size=6, unique=True)


@settings(deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(claims=claims, translated=st.dictionaries(st.sampled_from(["de", "zh"]), claims), numbers=numbers, text=texts, cut=st.integers(0, 6))
def test_any_document_comes_back_whole(claims, translated, numbers, text, cut):
    paragraphs = [Paragraph(number=number, text=text) for number in numbers]
    sections = (Section(heading=text, paragraphs=tuple(paragraphs[:cut])), Section(kind="summary", paragraphs=tuple(paragraphs[cut:])))
    document = PatentDocument(number="US1A", titles={"en": f"x{text}"}, claims=claims, translated_claims=translated, sections=sections)
    same(document, there_and_back(document))
