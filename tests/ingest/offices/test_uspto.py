"""USPTO grants and applications, against what the source says by ElementTree and regular expressions."""

import random
import re
import unicodedata
import xml.etree.ElementTree as ET
from collections import Counter
from datetime import date

import pytest
from pydantic import ValidationError

from ingest import PatentDocument, Skipped, read
from ingest.document import Source
from ingest.errors import ReadError
from ingest.offices.uspto import column_symbol, read_uspto
from ingest.xml_text import parse_xml

WEEKS = [f"ipg{day}.small.xml" for day in ("050104", "070102", "080101", "090106", "110104", "120103")]
ROOT = re.compile(rb"<\?xml [^>]*\?>\s*(?:<!DOCTYPE[^>\[]*(?:\[[^\]]*\])?\s*>\s*)?<([\w-]+)")


def letters(text: str) -> str:
    """Letters and digits alone, superscripts and subscripts as on the line."""
    return "".join(c for c in unicodedata.normalize("NFKC", text) if c.isalnum())


def text_of(element: ET.Element | None) -> str:
    return "" if element is None else "".join(element.itertext())


def bibliography(root: ET.Element) -> ET.Element:
    return next(child for child in root if child.tag.startswith("us-bibliographic-data"))


def day(text: str | None) -> date | None:
    if not text:
        return None
    return date(int(text[:4]), int(text[4:6]) or 1, int(text[6:]) or 1)


@pytest.mark.parametrize("week", WEEKS)
def test_each_xml_root_of_a_weekly_file_becomes_one_outcome(data, bulk, week):
    names = [name.decode() for name in ROOT.findall((data / "uspto" / "bulk" / week).read_bytes())]
    outcomes = list(read(data / "uspto" / "bulk" / week))
    assert len(names) == len(bulk[week]) >= 25
    assert len(outcomes) == len(names)
    made = Counter(o.source.format if isinstance(o, PatentDocument) else o.what if isinstance(o, Skipped) else f"failed: {o}" for o in outcomes)
    assert made == Counter(names)


def test_the_one_root_that_is_no_patent_is_skipped_by_name(bulk):
    skipped = [record for records in bulk.values() for record in records if isinstance(record.outcome, Skipped)]
    assert [(record.file, record.root.tag, record.outcome.what) for record in skipped] == [
        ("ipg070102.small.xml", "sequence-cwu", "sequence-cwu"),
    ]
    assert sum(isinstance(record.outcome, PatentDocument) for records in bulk.values() for record in records) == 150


def test_the_offset_of_a_document_is_where_its_bytes_begin(bulk):
    for record in (record for records in bulk.values() for record in records):
        assert record.outcome is not None, (record.file, record.offset)
        assert record.source.startswith(b"<?xml")


def test_number_kind_title_and_dates_are_those_of_the_bibliography(grants, sample_records):
    for record in [*grants, *sample_records]:
        document, source = record.outcome, bibliography(record.root)
        publication = source.find("publication-reference/document-id")
        digits = re.sub(r"^([A-Z]*)0+", r"\1", publication.findtext("doc-number"))
        assert document.number == publication.findtext("country") + digits + publication.findtext("kind")
        assert document.kind == publication.findtext("kind")
        assert document.language == "en"
        assert letters(document.title) == letters(text_of(source.find("invention-title"))), document.number
        assert document.dates.publication == day(publication.findtext("date"))
        filing = day(source.findtext("application-reference/document-id/date"))
        assert document.dates.filing == filing
        earlier = [day(e.text) for e in source.iterfind("priority-claims/priority-claim/date")]
        earlier += [day(e.text) for e in source.iterfind("us-related-documents//parent-doc/document-id/date")]
        earlier += [day(e.text) for e in source.iterfind("us-related-documents//us-provisional-application/document-id/date")]
        assert document.dates.priority == min([filing, *filter(None, earlier)]), document.number


def test_a_known_grant_is_read_as_it_is_printed(sample_documents):
    document = sample_documents["US99000001B2"]
    assert document.title == "Labyrinth shaft seal with drain chamber for a wind turbine gearbox"
    assert (document.dates.filing, document.dates.publication) == (date(2017, 5, 18), date(2019, 3, 12))
    assert [(c.scheme, c.symbol, c.first, c.inventive) for c in document.classifications] == [
        ("ipc", "F16J 15/447", True, True),
        ("ipc", "F16H 57/029", False, True),
        ("ipc", "F03D 80/70", False, True),
        ("cpc", "F16J 15/447", True, True),
        ("cpc", "F16J 15/4472", False, True),
        ("cpc", "F16H 57/029", False, True),
        ("cpc", "F03D 80/70", False, True),
        ("cpc", "F05B 2240/57", False, False),
    ]
    assert document.source.format == "us-patent-grant"


def test_utility_patents_have_number_title_claims_paragraphs_and_classifications(grants, sample_records):
    utility = [r for r in [*grants, *sample_records] if bibliography(r.root).find("application-reference").get("appl-type") == "utility"]
    assert len(utility) > 130
    for record in utility:
        document = record.outcome
        assert document.number
        assert document.title
        assert document.claims
        assert any(section.paragraphs for section in document.sections)
        assert document.classifications, document.number


def test_each_claim_is_read_with_its_number_and_all_of_its_letters(grants, sample_records):
    count = 0
    for record in [*grants, *sample_records]:
        elements = record.root.findall("claims/claim")
        claims = record.outcome.claims
        assert [claim.number for claim in claims] == [int(element.get("num")) for element in elements], record.outcome.number
        for claim, element in zip(claims, elements, strict=True):
            printed = re.sub(r"^\s*\d+\s*[.]", "", text_of(element))
            assert letters(claim.text) == letters(printed), (record.outcome.number, claim.number)
            count += 1
    assert count > 2300


def spaced(element: ET.Element) -> str:
    """The text with a blank where the page has a new line."""
    blank = " " if element.tag in ("claim-text", "br") else ""
    return blank + (element.text or "") + "".join(spaced(child) + (child.tail or "") for child in element) + blank


def test_no_two_words_of_a_claim_run_together(grants, sample_records):
    count = 0
    for record in [*grants, *sample_records]:
        for claim, element in zip(record.outcome.claims, record.root.iterfind("claims/claim"), strict=True):
            if {e.tag for e in element.iter()} <= {"claim", "claim-text", "claim-ref", "b", "i", "br"}:
                words = re.sub(r"^\s*\d+\s*[.]", "", spaced(element)).split()
                assert claim.text.split() == words, (record.outcome.number, claim.number)
                count += 1
    assert count > 2000


def test_each_part_of_a_claim_is_on_a_line_of_its_own(sample_documents, sample_records):
    record = next(r for r in sample_records if r.outcome.number == "US99000001B2")
    parts = record.root.find("claims/claim").findall("claim-text/claim-text")
    assert len(parts) > 2
    assert sample_documents["US99000001B2"].claim(1).text.split("\n")[1:] == [" ".join(text_of(part).split()) for part in parts]


def test_every_paragraph_with_text_is_read_in_order_with_its_number(grants, sample_records):
    repeated = 0
    for record in [*grants, *sample_records]:
        written = [p for p in record.root.find("description").iter("p") if text_of(p).strip()]
        found = [p for section in record.outcome.sections for p in section.paragraphs]
        assert len(found) == len(written), record.outcome.number
        seen = set()
        for paragraph, element in zip(found, written, strict=True):
            assert letters(paragraph.text) == letters(text_of(element)), (record.outcome.number, paragraph.number)
            number = letters(element.get("num"))
            if number not in seen:
                assert paragraph.number == number, record.outcome.number
            else:
                repeated += 1  # several paragraphs are numbered 0000 in some files
            seen.add(number)
        assert len({p.number for p in found}) == len(found), record.outcome.number
    assert repeated > 0


def test_no_letter_of_the_description_is_lost_and_headings_stay_in_their_places(grants, sample_records):
    for record in [*grants, *sample_records]:
        read_text = "".join(s.heading + "".join(p.text for p in s.paragraphs) for s in record.outcome.sections)
        assert letters(read_text) == letters(text_of(record.root.find("description"))), record.outcome.number


def test_what_the_office_marks_as_the_description_of_drawings_is_that_and_nothing_else_is(grants):
    marked = 0
    for record in grants:
        description = record.root.find("description")
        drawings = {id(p) for element in description.iter("description-of-drawings") for p in element.iter("p")}
        if not drawings:
            continue
        written = [p for p in description.iter("p") if text_of(p).strip()]
        kinds = [section.kind for section in record.outcome.sections for _ in section.paragraphs]
        wrong = [kind for p, kind in zip(written, kinds, strict=True) if (id(p) in drawings) != (kind == "drawings")]
        assert not wrong, (record.outcome.number, Counter(wrong))
        marked += 1
    assert marked > 100


def test_headings_of_the_detailed_description_do_not_pass_for_other_parts(sample_documents):
    kinds = {(d.number, s.heading): s.kind for d in sample_documents.values() for s in d.sections}
    assert kinds["US20990000022A1", "Field tests"] == "description"
    assert kinds["US99000012B2", "Draw solution"] == "description"
    assert kinds["US99000001B2", "BACKGROUND"] == "background"
    assert kinds["US99000001B2", "SUMMARY"] == "summary"


def test_the_abstract_is_read_whole(grants, sample_records):
    for record in [*grants, *sample_records]:
        assert letters(record.outcome.abstract) == letters(text_of(record.root.find("abstract"))), record.outcome.number


def written_ipc(source: ET.Element) -> set[str]:
    symbols = set()
    for element in source.iterfind("classifications-ipcr/classification-ipcr"):
        head = "".join(element.findtext(name) for name in ("section", "class", "subclass"))
        symbols.add(f"{head} {int(element.findtext('main-group'))}/{element.findtext('subgroup')}")
    for name in ("main-classification", "further-classification"):
        for element in source.iterfind(f"classification-ipc/{name}"):  # a column of four, one of three, the rest
            head, tail = element.text[:4], element.text[4:]
            group, subgroup = tail.split("/") if "/" in tail else (tail[:3], tail[3:])
            symbols.add(f"{head} {int(group)}/{subgroup}")
    return symbols


def test_ipc_symbols_are_those_of_the_source_in_standard_form(grants, sample_records):
    for record in [*grants, *sample_records]:
        found = {c.symbol for c in record.outcome.classifications if c.scheme == "ipc"}
        assert found == written_ipc(bibliography(record.root)), record.outcome.number


def test_the_columns_of_the_old_ipc_element_are_kept_apart(grants):
    """`H01L 21302` is H01L 21/302: the group is right-aligned in three columns."""
    by_number = {record.outcome.number: record.outcome for record in grants}
    assert "H01L 21/302" in {c.symbol for c in by_number["US6838391B2"].classifications}
    assert "H01L 31/107" in {c.symbol for c in by_number["US6838741B2"].classifications}


def test_cpc_symbols_with_their_position_and_value(sample_records):
    for record in sample_records:
        found = [(c.symbol, c.first, c.inventive) for c in record.outcome.classifications if c.scheme == "cpc"]
        written = []
        for element in record.root.iter("classification-cpc"):
            head = "".join(element.findtext(name) for name in ("section", "class", "subclass"))
            symbol = f"{head} {element.findtext('main-group')}/{element.findtext('subgroup')}"
            written.append((symbol, element.findtext("symbol-position") == "F", element.findtext("classification-value") == "I"))
        assert found == list(dict.fromkeys(written)), record.outcome.number
        assert sum(first for _, first, _ in found) == 1


def names(elements) -> list[str]:
    found = []
    for element in elements:
        book = element.find("addressbook") if element.find("addressbook") is not None else element
        name = book.findtext("orgname") or " ".join(filter(None, [book.findtext("first-name"), book.findtext("last-name")]))
        found.append(" ".join(name.split()))
    return [name for name in found if name]


def test_inventors_and_assignees_are_those_of_the_source(grants, sample_records):
    for record in [*grants, *sample_records]:
        source = bibliography(record.root)
        inventors = names(e for e in source.iterfind("parties/applicants/applicant") if e.get("app-type") == "applicant-inventor")
        inventors += names(source.iterfind("us-parties/inventors/inventor"))
        found = [p.name for p in record.outcome.parties if p.role == "inventor"]
        assert sorted(found) == sorted(set(inventors)), record.outcome.number
        assignees = names(source.iterfind("assignees/assignee"))
        assert sorted(p.name for p in record.outcome.parties if p.role == "assignee") == sorted(set(assignees)), record.outcome.number


def test_agents_are_those_of_the_source(grants, sample_records):
    count = 0
    for record in [*grants, *sample_records]:
        written = names(bibliography(record.root).iter("agent"))
        found = [p.name for p in record.outcome.parties if p.role == "agent"]
        assert sorted(found) == sorted(set(written)), record.outcome.number
        count += len(found)
    assert count > 150


def test_cited_documents_are_numbered_like_documents(sample_documents, grants):
    assert sample_documents["US99000012B2"].citations == ("US99000011B2", "US20990000023A1", "US99000904B1", "EP9900905A1")
    for record in grants:
        written = set()
        for identity in bibliography(record.root).iterfind(".//patcit/document-id"):
            number = re.sub(r"\W", "", identity.findtext("doc-number") or "").upper()
            if number:
                if identity.findtext("country") not in ("WO", "JP"):
                    number = re.sub(r"^([A-Z]{0,2})0+", r"\1", number)
                written.add((identity.findtext("country") or "US") + number + (identity.findtext("kind") or ""))
        assert set(record.outcome.citations) == written, record.outcome.number
        assert len(record.outcome.citations) == len(written)
        assert all(re.fullmatch(r"[A-Z]{2}[A-Z0-9]+", number) for number in record.outcome.citations), record.outcome.citations


def expanded(text: str) -> set[int]:
    """`claims 2 through 4` to {2, 3, 4}."""
    found = set()
    for low, high in re.findall(r"(\d+)(?:\s*(?:to|through|thru|[-–—])\s*(?:claims?\s*)?(\d+))?", text):
        found.update(range(int(low), int(high or low) + 1))
    return found


def test_references_agree_with_those_that_the_office_marked(grants, sample_records):
    total, differing = 0, []
    for record in [*grants, *sample_records]:
        for element in record.root.iterfind("claims/claim"):
            number = int(element.get("num"))
            written = set()
            for reference in element.iter("claim-ref"):
                written |= {int(re.sub(r"\D", "", reference.get("idref")))} | expanded(text_of(reference))
            claim = record.outcome.claim(number)
            found = {*claim.depends_on, *claim.mentions}
            total += 1
            if found != written - {number}:
                differing.append((record.outcome.number, number, sorted(written), found))
    assert total > 2300
    assert len(differing) <= 0.006 * total, differing


def test_where_the_office_marks_less_than_the_claim_says_the_wording_counts(grants):
    """The reference elements of these claims leave out ranges and "previous claims" that their text has."""
    by_number = {record.outcome.number: record.outcome for record in grants}
    for number, claim, expected in [
        ("US6836979B2", 16, range(1, 16)),  # according to one or more of the previous claims
        ("US6838526B1", 4, range(1, 4)),  # any one of claims 1 and 2 to 3
        ("US7156074B2", 5, range(2, 5)),  # any one of claims 2 through 4
        ("US7314575B2", 9, range(1, 9)),  # any one of claims 1 through 8
        ("US7863256B2", 18, [1, *range(13, 18)]),  # any one of claims 1 and 13-17
        ("US7158686B2", 32, []),  # a storage product with instructions to perform the method of claim 1: infringed without it
    ]:
        assert by_number[number].claim(claim).depends_on == tuple(expected), (number, claim)


def test_design_and_plant_patents(grants):
    by_kind: dict[str, list[PatentDocument]] = {}
    for record in grants:
        by_kind.setdefault(record.outcome.kind, []).append(record.outcome)
    assert len(by_kind["S1"]) == 18
    assert len(by_kind["P2"]) == 1
    for design in by_kind["S1"]:
        assert design.number.startswith("USD")
        assert len(design.claims) == 1
        assert "ornamental design" in design.claims[0].text
        assert {s.kind for s in design.sections} == {"drawings"}
        assert design.abstract == ""
    (plant,) = by_kind["P2"]
    assert re.fullmatch(r"USPP\d+P2", plant.number)
    assert len(plant.claims) == 1


MADE = """<?xml version="1.0"?><us-patent-grant lang="EN"><us-bibliographic-data-grant>
<publication-reference><document-id><country>US</country><doc-number>{number}</doc-number><kind>{kind}</kind><date>20110104</date></document-id>
</publication-reference><invention-title>Pump</invention-title>
<us-parties><inventors><inventor><addressbook><last-name>Able</last-name><first-name>Ann</first-name><middle-name>B.</middle-name><suffix>III</suffix>
</addressbook></inventor><deceased-inventor><addressbook><last-name>Baker</last-name></addressbook></deceased-inventor></inventors>
<agents><agent><addressbook><orgname>Charlie &amp; Co.</orgname></addressbook></agent></agents></us-parties>
</us-bibliographic-data-grant>{text}</us-patent-grant>"""


def made(text: str, number: str = "07000001", kind: str = "B1") -> PatentDocument:
    return read_uspto(parse_xml(MADE.format(text=text, number=number, kind=kind).encode()), Source())


def test_what_a_reissue_deletes_stands_in_brackets():
    text = """<description><heading>BACKGROUND</heading><?delete-start id="1"?><p num="0001">An <b>old</b> pump.</p><p num="0002">And more.</p>
<?delete-end id="1"?><p num="0003">A <?delete-start id="2"?>bad<?delete-end id="2"?> <?insert-start id="3"?>good<?insert-end id="3"?> pump.</p>
</description><claims><claim num="00001"><claim-text>1. A <?delete-start?>valve<?delete-end?> pump.</claim-text></claim></claims>"""
    reissue = made(text, "RE041000", "E1")
    assert reissue.number == "USRE41000E1"
    assert [p.text for p in reissue.sections[0].paragraphs] == ["[An old pump.", "And more.]", "A [bad] good pump."]
    assert reissue.claims[0].text == "A [valve] pump."
    assert made(text).claims[0].text == "A valve pump."  # no reissue, no brackets


def test_a_statutory_invention_registration():
    registration = made("<description><p num='0001'>A pump.</p></description>", "H002200", "H1")
    assert (registration.number, registration.kind) == ("USH2200H1", "H1")


def test_names_of_persons_and_organisations():
    assert [(p.role, p.name) for p in made("<abstract><p>A pump.</p></abstract>").parties] == [
        ("inventor", "Ann B. Able III"),
        ("inventor", "Baker"),
        ("agent", "Charlie & Co."),
    ]


def test_nothing_of_the_description_is_lost_wherever_it_stands():
    document = made(
        """<description>Loose <?BRFSUM description="Brief Summary" end="lead"?><heading>SUMMARY</heading><p num="0001">One.</p> tail
<description-of-drawings><p num="0002">FIG. 1.</p>inside</description-of-drawings> after
<?BRFSUM description="Brief Summary" end="tail"?>
<tables><table><tgroup><tbody><row><entry>a</entry><entry>b</entry></row></tbody></tgroup></table></tables>
<div><heading>EXAMPLES</heading><p>No number.</p></div></description>
<us-sequence-list-doc id="S"><sequence-list>acgt</sequence-list></us-sequence-list-doc>"""
    )
    assert [(s.kind, s.heading, [(p.number, p.text) for p in s.paragraphs]) for s in document.sections] == [
        ("description", "", [("0000", "Loose")]),
        ("summary", "SUMMARY", [("0001", "One."), ("0001a", "tail")]),
        ("drawings", "", [("0002", "FIG. 1."), ("0002a", "inside")]),
        ("summary", "", [("0002b", "after"), ("0002c", "a | b")]),
        ("description", "EXAMPLES", [("0002d", "No number."), ("0002e", "acgt")]),
    ]


def test_parts_in_parts_as_deep_as_the_parser_goes():
    document = made(f"<description>{'<div>' * 2000}<p>deep</p>{'</div>' * 2000}</description>")
    assert document.sections[0].paragraphs[0].text == "deep"


@pytest.mark.parametrize(
    ("written", "symbol"),
    [
        ("A61B  512", "A61B 5/12"), ("A61B 1716", "A61B 17/16"), ("H04M 1100", "H04M 11/00"), ("G06F  728", "G06F 7/28"), 
        ("C07D20704", "C07D 207/04"),
        ("A61B 001/05", "A61B 001/05"), ("0201", "0201"), ("", ""),
    ],
)  # fmt: skip
def test_the_columns_of_the_old_ipc(written, symbol):
    assert column_symbol(written) == symbol


@pytest.mark.parametrize(
    "text", ["", "<publication-reference/>", "<publication-reference><document-id><kind>B1</kind></document-id></publication-reference>"]
)
def test_a_bibliography_without_a_number(text):
    root = parse_xml(f"<us-patent-grant><us-bibliographic-data-grant>{text}</us-bibliographic-data-grant></us-patent-grant>".encode())
    with pytest.raises(ReadError, match="no number"):
        read_uspto(root, Source())


def test_mutated_records(sample):
    chance, source = random.Random(11), (sample / "en" / "US99000001B2.xml").read_bytes()
    documents = 0
    for _ in range(60):
        record = source
        for _ in range(chance.choice([1, 2, 4])):
            start, end = chance.choice([m.span() for m in re.finditer(rb"<([\w-]+)[^<>]*>[^<>]*</\1>", record)])
            other = [b"", b"<x/>", b"7", b"<p>x</p>", b"<?BRFSUM end='lead'?>", b"<doc-number>9</doc-number>", record[start:end] * 2]
            record = record[:start] + chance.choice(other) + record[end:]
        try:
            document = read_uspto(parse_xml(record), Source())
        except (ReadError, ValidationError) as error:
            assert str(error)
        else:
            documents += 1
            assert document.model_dump_json()
    assert documents > 30


def test_a_document_without_a_number_is_a_failure_that_says_so(tmp_path):
    path = tmp_path / "nameless.xml"
    path.write_text(
        '<?xml version="1.0"?><us-patent-grant><claims><claim num="1"><claim-text>A pump.</claim-text></claim></claims></us-patent-grant>'
    )
    (outcome,) = read(path)
    assert "no number" in outcome.reason
