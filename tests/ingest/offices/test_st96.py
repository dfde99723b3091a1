"""ST.96 publications: the example against ElementTree, amendments and languages on documents made for it."""

import re
import unicodedata
import xml.etree.ElementTree as ET
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from ingest.document import PatentDocument, Source
from ingest.errors import ReadError
from ingest.offices.st96 import read_st96
from ingest.xml_text import parse_xml

PAT = "{http://www.wipo.int/standards/XMLSchema/ST96/Patent}"
COM = "{http://www.wipo.int/standards/XMLSchema/ST96/Common}"
NAMESPACES = (
    'xmlns:pat="http://www.wipo.int/standards/XMLSchema/ST96/Patent" xmlns:com="http://www.wipo.int/standards/XMLSchema/ST96/Common" '
    'xmlns:jppat="http://www.jpo.go.jp/standards/XMLSchema/ST96/JPPatent"'
)


@pytest.fixture(scope="module")
def pair(data):
    raw = (data / "st96" / "PatentPublication_Example.xml").read_bytes()
    return read_st96(parse_xml(raw), Source(format="PatentPublication")), ET.fromstring(raw)


def text_of(element: ET.Element) -> str:
    return "".join(element.itertext())


def signs(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).replace("−", "-")
    return re.sub(r"[\s^_{}|/()\u2061-\u2064]", "", text)


def named(parent: ET.Element, name: str) -> list[ET.Element]:
    return [e for e in parent.iter() if e.tag.rpartition("}")[2] == name]


def read(body: str, bibliography: str = "") -> PatentDocument:
    data = (
        f'<pat:PatentPublication {NAMESPACES} com:languageCode="en"><pat:BibliographicData><pat:PatentPublicationIdentification>'
        "<com:IPOfficeCode>US</com:IPOfficeCode><pat:PublicationNumber>01234567</pat:PublicationNumber><com:PatentDocumentKindCode>A1</com:PatentDocumentKindCode>"
        "<com:PublicationDate>2024-05-07</com:PublicationDate></pat:PatentPublicationIdentification><pat:InventionTitleBag><pat:InventionTitle>Pump"
        f"</pat:InventionTitle></pat:InventionTitleBag>{bibliography}</pat:BibliographicData>{body}</pat:PatentPublication>"
    )
    return read_st96(parse_xml(data.encode()), Source(format="PatentPublication"))


def claim(text: str, number: str = "1") -> str:
    return f"<pat:Claim><pat:ClaimNumber>{number}</pat:ClaimNumber><pat:ClaimText>{text}</pat:ClaimText></pat:Claim>"


def test_number_title_and_dates_are_those_of_the_bibliography(pair):
    document, root = pair
    assert document.number == "US8936998B2"
    assert (document.kind, document.language, document.warnings) == ("B2", "en", ())
    assert document.titles == {"en": named(root, "InventionTitle")[0].text}
    assert document.dates.publication == date(2015, 1, 20)
    assert document.dates.filing == date(2013, 3, 12)
    assert document.dates.priority == date(2007, 11, 8)


def test_claims_have_their_text_alone(pair):
    document, root = pair
    written = named(root, "Claim")
    assert len(document.claims) == len(written) == int(named(root, "ClaimTotalQuantity")[0].text) == 10
    for found, element in zip(document.claims, written, strict=True):
        assert found.number == int(element.findtext(f"{PAT}ClaimNumber"))
        text = re.sub(r"^\s*\d+\s*\.", "", text_of(element.find(f"{PAT}ClaimText")))
        assert signs(found.text) == signs(text)
        assert len(found.text.split("\n")) == len([e for e in element.iter(f"{PAT}ClaimText") if (e.text or "").strip()])
        assert found.independent == (element.findtext(f"{PAT}ClaimTypeCategory") == "Independent")


def test_paragraphs_have_their_numbers_and_all_of_their_characters(pair):
    document, root = pair
    description = root.find(f"{PAT}Description")
    written = named(description, "P")
    found = [p for s in document.sections for p in s.paragraphs]
    assert [p.number for p in found] == [p.get(f"{COM}pNumber") for p in written]
    for paragraph, element in zip(found, written, strict=True):
        assert signs(paragraph.text) == signs(text_of(element)), paragraph.number
    assert signs(document.abstract) == signs(text_of(root.find(f"{PAT}Abstract")))


def test_sections_are_those_of_the_schema(pair):
    document, root = pair
    assert [(s.heading, s.kind) for s in document.sections] == [
        ("", "description"),
        ("TECHNICAL FIELD", "field"),
        ("BACKGROUND ART", "background"),
        ("DISCLOSURE OF INVENTION", "summary"),
        ("BRIEF DESCRIPTION OF DRAWINGS", "drawings"),
        ("BEST MODE FOR CARRYING OUT THE INVENTION", "description"),
    ]
    assert sum(len(s.paragraphs) for s in document.sections) == len(named(root.find(f"{PAT}Description"), "P")) == 70


def test_tables_are_rows_of_cells(pair):
    document, _ = pair
    lines = document.sections[-1].paragraphs[22].text.split("\n")
    assert lines[1].startswith("intermediate layer | Bond energy")
    assert lines[2].startswith("None | 0.05 J/m²")


def test_classifications_are_those_of_the_document_and_not_of_the_search(pair):
    document, root = pair
    for name, scheme, section in (("IPCRClassification", "ipc", "Section"), ("CPCClassification", "cpc", "CPCSection")):
        written = []
        for element in named(root, name):
            part = {e.tag.rpartition("}")[2]: e.text for e in element}
            written.append(f"{part[section]}{part['Class']}{part['Subclass']} {part['MainGroup']}/{part['Subgroup']}")
        assert [c.symbol for c in document.classifications if c.scheme == scheme] == list(dict.fromkeys(written))
        assert [c.first for c in document.classifications if c.scheme == scheme].index(True) == 0
    assert {c.symbol: c.inventive for c in document.classifications if c.scheme == "ipc"}["H01L 31/0203"] is False
    assert "B81C 2203/0109" not in {c.symbol for c in document.classifications}


def test_parties_have_their_roles(pair):
    document, root = pair
    people = [f"{e.findtext(f'{COM}FirstName')} {e.findtext(f'{COM}LastName')}" for e in named(named(root, "InventorBag")[0], "PersonStructuredName")]
    assert [p.name for p in document.parties if p.role == "inventor"] == people
    assert [p.name for p in document.parties if p.role == "agent"] == ["Birch, Stewart, Kolasch & Birch, LLP"]
    assert len([p for p in document.parties if p.role == "assignee"]) == 2
    assert "Jerome Jackson" not in {p.name for p in document.parties}


def test_cited_documents_are_numbered_like_documents(pair):
    document, root = pair
    assert len(document.citations) == len(named(root, "PatentCitation")) - len(named(root.find(f"{PAT}Description"), "PatentCitation"))
    assert document.citations[:2] == ("US6054363A", "US6639249B2")
    assert all(re.fullmatch("[A-Z]{2}[0-9]+[A-Z][0-9]?", number) for number in document.citations)


def test_insertions_and_deletions_are_not_the_published_text():
    document = read(
        "<pat:Description><com:P com:pNumber='0001'>The <pat:Del>old</pat:Del><pat:Ins>new</pat:Ins> pump"
        "<com:Ins>, of steel,</com:Ins> turns.</com:P>"
        "<pat:Ins><com:P com:pNumber='0002'>An added paragraph.</com:P></pat:Ins></pat:Description>"
        f"<pat:Claims>{claim('A pump with a <pat:Ins>sealed </pat:Ins>shaft<pat:Del> and a fan</pat:Del>.')}"
        f"{claim('<pat:Ins>A fan.</pat:Ins>', '2')}</pat:Claims>"
    )
    assert [p.text for s in document.sections for p in s.paragraphs] == ["The old pump turns."]
    assert [(c.number, c.text) for c in document.claims] == [(1, "A pump with a shaft and a fan.")]
    assert document.warnings == (
        "amendments are marked in the text, which is given as it stood before them: insertions left out: 5, deletions read: 2",
    )


def test_double_brackets_are_deletions_and_underlining_beside_them_is_what_was_added():
    document = read(
        f"<pat:Claims>{claim('A pump with [[a <com:B>fan</com:B>]] <com:U>a seal</com:U> and shaft[[s]].')}"
        f"{claim('The pump of <com:U>claim 1</com:U>, where x[[1]] is 2.', '2')}</pat:Claims>"
    )
    assert [c.text for c in document.claims] == ["A pump with a fan and shafts.", "The pump of claim 1, where x[[1]] is 2."]
    assert document.warnings == (
        "amendments are marked in the text, which is given as it stood before them: insertions left out: 1, deletions read: 2",
    )


def test_a_text_without_amendments_has_no_warning():
    document = read("<pat:Description><com:P com:pNumber='0001'>An <com:U>array</com:U> a[[1]] and [x].</com:P></pat:Description>")
    assert document.sections[0].paragraphs[0].text == "An array a[[1]] and [x]."
    assert document.warnings == ()


def test_texts_are_kept_by_language():
    document = read(
        '<pat:Abstract com:languageCode="en"><com:P>A pump.</com:P></pat:Abstract>'
        '<pat:Abstract com:languageCode="fr"><com:P>Pompe.</com:P></pat:Abstract>'
        f'<pat:Claims com:languageCode="fr">{claim("Pompe.")}</pat:Claims><pat:Claims com:languageCode="en">{claim("A pump.")}</pat:Claims>',
        bibliography='<pat:InventionTitleBag><pat:InventionTitle com:languageCode="fr">Pompe</pat:InventionTitle></pat:InventionTitleBag>',
    )
    assert document.titles == {"en": "Pump", "fr": "Pompe"}
    assert document.abstracts == {"en": "A pump.", "fr": "Pompe."}
    assert [c.text for c in document.claims] == ["A pump."]
    assert {language: [c.text for c in claims] for language, claims in document.translated_claims.items()} == {"fr": ["Pompe."]}


def test_a_japanese_gazette_on_the_same_standard():
    wrapped = "あ" * 40
    data = (
        f'<jppat:RegisteredPatentPublication {NAMESPACES} com:languageCode="ja"><jppat:RegisteredPatentPublicationBibliographicData>'
        "<pat:PlainLanguageDesignationText>特許公報(B2)</pat:PlainLanguageDesignationText><jppat:PatentPublicationIdentification>"
        "<com:IPOfficeCode>JP</com:IPOfficeCode><pat:PublicationNumber>7000001</pat:PublicationNumber><com:PublicationDate>2024-01-10</com:PublicationDate>"
        "</jppat:PatentPublicationIdentification><pat:InventionTitle>ポンプ</pat:InventionTitle><jppat:IPCClassification>"
        "<pat:MainClassification>F04D  29/42        20060101AFI20240101BHJP</pat:MainClassification></jppat:IPCClassification>"
        "<jppat:RegisteredPatentPublicationPartyBag><jppat:Applicant><com:Contact><com:Name><com:EntityName>甲社</com:EntityName></com:Name></com:Contact>"
        "</jppat:Applicant></jppat:RegisteredPatentPublicationPartyBag></jppat:RegisteredPatentPublicationBibliographicData>"
        f"<jppat:Description><pat:TechnicalField><com:P com:pNumber='０００１'>{wrapped}<com:Br/>い。<com:Br/>う。</com:P>"
        f"</pat:TechnicalField></jppat:Description><pat:Claims>{claim('ポンプ。', '１')}</pat:Claims>"
        f"<jppat:WrittenAmendmentBag><pat:Claims>{claim('別のポンプ。')}</pat:Claims></jppat:WrittenAmendmentBag></jppat:RegisteredPatentPublication>"
    )
    document = read_st96(parse_xml(data.encode()), Source())
    assert (document.number, document.language, document.titles) == ("JP7000001B2", "ja", {"ja": "ポンプ"})
    assert [(c.number, c.text) for c in document.claims] == [(1, "ポンプ。")]
    assert [(s.heading, s.kind, [(p.number, p.text) for p in s.paragraphs]) for s in document.sections] == [
        ("技術分野", "field", [("0001", f"{wrapped}い。\nう。")])
    ]
    assert [(c.symbol, c.first) for c in document.classifications] == [("F04D 29/42", True)]
    assert [(p.role, p.name) for p in document.parties] == [("applicant", "甲社")]


@pytest.mark.parametrize("xml", ["<PatentPublication/>", f"<pat:PatentPublication {NAMESPACES}><pat:BibliographicData/></pat:PatentPublication>"])
def test_a_document_without_a_number_is_an_error_that_says_so(xml):
    with pytest.raises(ReadError, match="no number"):
        read_st96(parse_xml(xml.encode()), Source())


WHOLE = (
    f'<pat:PatentPublication {NAMESPACES} com:languageCode="en"><pat:BibliographicData><pat:PatentPublicationIdentification><com:IPOfficeCode>US'
    "</com:IPOfficeCode><pat:PublicationNumber>1234567</pat:PublicationNumber></pat:PatentPublicationIdentification><pat:InventionTitleBag>"
    "<pat:InventionTitle>Pump</pat:InventionTitle></pat:InventionTitleBag></pat:BibliographicData><pat:Description><com:P com:pNumber='0001'>A "
    f"[[b]] <com:U>c</com:U><pat:Ins>d</pat:Ins></com:P></pat:Description><pat:Claims>{claim('A pump.')}</pat:Claims></pat:PatentPublication>"
).encode()


@settings(deadline=None)
@given(st.data())
def test_a_mutated_document_is_read_or_refused(data):
    raw = bytearray(WHOLE)
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(raw) - 1))
        end = min(len(raw), start + data.draw(st.integers(0, 12)))
        raw[start:end] = data.draw(
            st.one_of(st.binary(max_size=6), st.just(bytes(raw[start:end]) * 2), st.sampled_from([b"", b"&", b"[[", b"<com:P>"]))
        )
        if not raw:
            break
    try:
        document = read_st96(parse_xml(bytes(raw)), Source())
    except (ReadError, ValidationError):
        return
    assert re.search(r"\d", document.number)
