"""Applications of 2001 to 2004, against what their tags say by regular expressions."""

import html
import random
import re
import unicodedata

import pytest
from pydantic import ValidationError

from ingest.document import PatentDocument, Source
from ingest.errors import ReadError
from ingest.offices.entities import resolve_entities
from ingest.offices.pap import read_pap
from ingest.xml_text import parse_xml

FILES = ("pap/US20010000044A1.xml", "pap/US20010009014A1.xml", "mixed/pa20010031492.xml")


@pytest.fixture(params=FILES)
def raw(request, data) -> str:
    return (data / "uspto" / request.param).read_text("utf-8")


@pytest.fixture
def document(raw) -> PatentDocument:
    return read(raw)


def read(xml: str) -> PatentDocument:
    return read_pap(parse_xml(resolve_entities(xml.encode())), Source(path="pa.xml", offset=3, format="patent-application-publication"))


def text(xml: str) -> str:
    return html.unescape(re.sub(r"<[^>]*>", "", xml).replace("&mgr;", "μ"))


def letters(string: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", string) if c.isalnum())


def inside(raw: str, tag: str) -> list[str]:
    return re.findall(rf"<{tag}(?: [^>]*)?>(.*?)</{tag}>", raw, re.DOTALL)


def value(raw: str, tag: str) -> str:
    return " ".join(text(inside(raw, tag)[0]).split())


def without_numbers(xml: str) -> str:
    return re.sub(r"<number>.*?</number>", "", xml, flags=re.DOTALL)


def test_number_title_and_dates(raw, document):
    assert document.number == f"US{value(raw, 'doc-number')}{value(raw, 'kind-code')}"
    assert document.kind == value(raw, "kind-code")
    assert document.title == value(raw, "title-of-invention")
    assert document.dates.publication.strftime("%Y%m%d") == value(raw, "document-date")
    assert document.dates.filing.strftime("%Y%m%d") == value(inside(raw, "domestic-filing-data")[0], "filing-date")
    earlier = re.findall(r"<filing-date>(\d+)<", raw)
    earlier += [d for part in [*inside(raw, "parent"), *inside(raw, "non-provisional-of-provisional")] for d in inside(part, "document-date")]
    assert document.dates.priority.strftime("%Y%m%d") == min(earlier)


def test_every_claim_with_its_printed_number(raw, document):
    sources = inside(raw, "claim")
    assert len(document.claims) == len(sources)
    for claim, source in zip(document.claims, sources, strict=True):
        printed = re.match(r"\s*(\d+)\s*\.", text(source))
        assert claim.number == int(printed[1])
        assert letters(claim.text) == letters(text(source)[printed.end() :])


def test_a_reference_to_a_claim_does_not_break_the_sentence(raw, document):
    for claim, source in zip(document.claims, inside(raw, "claim"), strict=True):
        parts = re.sub(r"<dependent-claim-reference.*?</dependent-claim-reference>", "", source, flags=re.DOTALL).count("<claim-text")
        assert len(claim.text.split("\n")) <= parts, claim.number
        depends = {int(n) for n in re.findall(r'depends_on="CLM-(\d+)"', source)} or {int(n) for n in re.findall(r"of claim (\d+)", text(source))}
        assert set(claim.depends_on) == depends - {claim.number}, claim.number  # one names itself


def test_every_paragraph_with_its_printed_number(raw, document):
    sources = inside(inside(raw, "subdoc-description")[0], "paragraph")
    found = [p for section in document.sections for p in section.paragraphs]
    assert [p.number for p in found] == [re.sub(r"\D", "", value(source, "number")) for source in sources]
    for paragraph, source in zip(found, sources, strict=True):
        assert letters(paragraph.text) == letters(text(without_numbers(source))), paragraph.number
        assert "[00" not in paragraph.text


def test_the_letters_of_the_whole_application_arrive_in_order(raw, document):
    abstract = re.sub(r"<heading.*?</heading>", "", inside(raw, "subdoc-abstract")[0])
    assert letters(document.abstract) == letters(text(abstract))
    described = "".join(s.heading + "".join(p.text for p in s.paragraphs) for s in document.sections)
    assert letters(described) == letters(text(without_numbers(inside(raw, "subdoc-description")[0])))
    headings = [letters(text(h)) for h in inside(inside(raw, "subdoc-description")[0], "heading")]
    assert [letters(part) for s in document.sections for part in s.heading.split(" / ") if part] == headings


def test_classifications_and_parties(raw, document):
    written = [re.fullmatch(r"(....)0*(\d+)/(\d+)", text(ipc)).groups() for ipc in inside(raw, "ipc")]
    assert [(c.symbol, c.first) for c in document.classifications] == [(f"{c} {g}/{s}", i == 0) for i, (c, g, s) in enumerate(written)]
    names = []
    for party in inside(inside(raw, "inventors")[0], "name"):
        names.append(" ".join(value(party, tag) for tag in ("given-name", "middle-name", "family-name", "name-suffix") if f"<{tag}>" in party))
    assert [p.name for p in document.parties if p.role == "inventor"] == names
    assert [p.name for p in document.parties if p.role == "assignee"] == [text(n) for n in inside(raw, "organization-name")]


def test_what_is_known_of_the_three_applications(data):
    first, second, third = (read((data / "uspto" / name).read_text("utf-8")) for name in FILES)
    assert first.abstract.startswith("A business model / process")
    assert first.abstract.endswith("or anyone or anything else.")
    assert [s.kind for s in first.sections] == ["field", "background", "summary", "drawings", "description"]
    assert [p.name for p in second.parties] == ["James A. Savage III", "Sophie Muller"]
    assert second.claim(2).text.startswith("The method of claim 1 further comprising determining")
    assert second.sections[0].kind == "cross_reference"
    texts = {p.number: p.text for s in third.sections for p in s.paragraphs}
    assert "| TREATED | CELLS\nLag Phase | 1.445 ppm" in texts["0067"]
    assert "calculated as follows: % toxic effect" in texts["0055"]  # not "1 % toxic effect", with the formula's running number


MADE = """<?xml version="1.0"?>
<!DOCTYPE patent-application-publication SYSTEM "pap-v16-2002-01-01.dtd" []>
<patent-application-publication><subdoc-bibliographic-information>
<document-id><doc-number>20030123456</doc-number><kind-code>P1</kind-code><document-date>20030703</document-date></document-id>
<domestic-filing-data><filing-date>20020102</filing-date></domestic-filing-data>
<technical-information><classification-ipc><classification-ipc-primary><ipc>A01H005/00</ipc></classification-ipc-primary>
<classification-ipc-secondary><ipc>nonsense</ipc></classification-ipc-secondary></classification-ipc>
<title-of-invention>  Rose plant
   named `Able' </title-of-invention>
<citation><cited-patent-literature><document-id><doc-number>5,123,456</doc-number><kind-code>A</kind-code><country-code>US</country-code></document-id>
</cited-patent-literature></citation></technical-information>
<continuity-data><continuations><continuation-of><parent-child><child><document-id><doc-number>1</doc-number><document-date>19700101</document-date>
</document-id></child><parent><document-id><doc-number>2</doc-number><document-date>20010203</document-date></document-id></parent>
<parent-patent><document-id><doc-number>3</doc-number><document-date>19710101</document-date></document-id></parent-patent></parent-child>
</continuation-of></continuations></continuity-data>
<inventors><first-named-inventor><name><given-name>Ann</given-name><family-name>Able</family-name></name></first-named-inventor></inventors>
<assignee><name><family-name>Baker</family-name></name></assignee></subdoc-bibliographic-information>
<subdoc-abstract><heading lvl="0">Abstract of Disclosure</heading><paragraph>A rose.</paragraph><paragraph>It is red.</paragraph></subdoc-abstract>
<subdoc-description>
<federal-research-statement><paragraph-federal-research-statement id="F"><number>&lsqb;0001&rsqb;</number> Grant <grant-number>7</grant-number>.
</paragraph-federal-research-statement></federal-research-statement>
<background-of-invention><section><heading>1. Field</heading>
<paragraph><number>&lsqb;0002&rsqb;</number> H<highlight><subscript>2</subscript></highlight>O
 and 10<highlight><superscript>-3</superscript></highlight>.</paragraph>
<section><paragraph>No number.</paragraph></section></section></background-of-invention>
<detailed-description><paragraph><number>3.</number> See <chemistry-cwu id="C"><number>1</number><chemistry/></chemistry-cwu>
<table-cwu id="T"><number>1</number><table><tgroup cols="2"><colspec colname="1"/><tbody>
<row><entry>a</entry><entry>b</entry></row></tbody></tgroup></table></table-cwu>
</paragraph><biological-deposit><number>4</number><deposit-description>Kept.</deposit-description></biological-deposit></detailed-description>
</subdoc-description>
<sequence-cwu id="S"><number>1</number><sequence-list-new-rules><s210>7</s210> <s400>acgt</s400></sequence-list-new-rules></sequence-cwu>
<subdoc-claims><heading>Claims</heading>
<claim id="CLM-00001"><claim-text>1-2. (canceled)</claim-text></claim>
<claim id="CLM-00002"><claim-text><highlight><bold>3</bold></highlight>. A rose:
<claim-text>red; </claim-text><claim-text>tall.</claim-text></claim-text></claim>
<claim id="CLM-00003"><claim-text>The rose of
<dependent-claim-reference depends_on="CLM-00002"><claim-text>claim 3</claim-text></dependent-claim-reference>.</claim-text></claim>
</subdoc-claims></patent-application-publication>
"""


def test_a_plant_with_every_part():
    document = read(MADE)
    assert (document.number, document.kind, document.title) == ("US20030123456P1", "P1", "Rose plant named `Able'")
    assert str(document.dates.priority) == "2001-02-03"
    assert [c.symbol for c in document.classifications] == ["A01H 5/00"]
    assert document.citations == ("US5123456A",)
    assert [(p.role, p.name) for p in document.parties] == [("inventor", "Ann Able"), ("assignee", "Baker")]
    assert document.abstract == "A rose.\nIt is red."
    assert [(s.kind, s.heading, [(p.number, p.text) for p in s.paragraphs]) for s in document.sections] == [
        ("cross_reference", "", [("0001", "Grant 7.")]),
        ("field", "1. Field", [("0002", "H₂O and 10⁻³."), ("0002a", "No number.")]),
        ("description", "", [("3", "See\na | b"), ("3a", "4Kept."), ("3b", "7 acgt")]),
    ]
    assert [(c.number, c.text, c.depends_on) for c in document.claims] == [
        (1, "1-2. (canceled)", ()),
        (3, "A rose:\nred;\ntall.", ()),
        (4, "The rose of claim 3.", (3,)),
    ]


@pytest.mark.parametrize("change", [("<doc-number>20030123456</doc-number>", ""), ("subdoc-bibliographic-information", "other")])
def test_without_a_number_it_says_so(change):
    with pytest.raises(ReadError, match="no document-id"):
        read(MADE.replace(*change))


def test_a_number_alone_is_no_document():
    head = MADE.partition("<technical-information>")[0]
    with pytest.raises(ValidationError, match="no text"):
        read(f"{head}</subdoc-bibliographic-information></patent-application-publication>")


def test_entities_that_nobody_resolved_are_not_lost():
    document = read_pap(parse_xml(MADE.replace("No number.", "Not &mgr; resolved.").encode()), Source())
    texts = [(p.number, p.text) for s in document.sections for p in s.paragraphs]
    assert texts[0] == ("0001", "Grant 7.")
    assert ("0002a", "Not &mgr; resolved.") in texts


def test_sections_in_sections_as_deep_as_the_parser_goes():
    depth = 2000
    document = read(MADE.replace("<section><paragraph>No number.</paragraph></section>", "<section>" * depth + "deep" + "</section>" * depth))
    assert "deep" in [p.text for s in document.sections for p in s.paragraphs]


def test_mutated_records():
    chance, source = random.Random(7), MADE.encode()
    documents = 0
    for _ in range(400):
        record = bytearray(source)
        for _ in range(chance.choice([1, 2, 4])):
            at = chance.randrange(200, len(record))
            match chance.randrange(3):
                case 0:
                    record[at] = chance.randrange(32, 127)
                case 1:
                    start, end = chance.choice([m.span() for m in re.finditer(rb"<([\w-]+)[^<>]*>[^<>]*</\1>", record)])
                    del record[start:end]
                case _:
                    record[at:at] = chance.choice([b"&deg;", b"<x/>", b"7", b"<paragraph>x</paragraph>", b"<?x y?>", b"<number>9</number>"])
        try:
            document = read(record.decode())
        except (ReadError, ValidationError) as error:
            assert str(error)
        else:
            documents += 1
            assert document.model_dump_json()
    assert documents > 80
