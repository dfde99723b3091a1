"""Patent documents named in running text, by their ways of writing, and against the citations that the offices mark."""

import re
import time
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.claims.cited import cited_documents

AMERICAN = [
    ("U.S. Pat. No. 5,363,603", ["US5363603"]),
    ("U.S. Patent No. 5,363,603 A1.", ["US5363603A1"]),
    ("U.S. Patent No, 5,363,603", ["US5363603"]),
    ("US 5 363 603 and US-5363604-A", ["US5363603", "US5363604A"]),
    ("United States Patent 10,123,456 B2", ["US10123456B2"]),
    ("U.S. Pat. No. 5,994517", ["US5994517"]),
    ("U.S. Patent Nos. 4,123,456 and 5,234,567; 6,345,678", ["US4123456", "US5234567", "US6345678"]),
    ("U.S. Pat. Nos. 4,123,456,4,234,567", ["US4123456", "US4234567"]),
    ("U.S. Pat. Nos. 5,605,793, 5,811,238, and 5,830,721", ["US5605793", "US5811238", "US5830721"]),
    ("U.S. Patent Nos. 4,683,195 and 4,683,202 (both issued July 28, 1987), and 4,800,159", ["US4683195", "US4683202", "US4800159"]),
    ("U.S. Pat. Nos. 5,363,603 to Smith et al. and 6,123,456 B1", ["US5363603", "US6123456B1"]),
    ("U.S. Patent Application Publication No. 2005/0004437 A1", ["US20050004437A1"]),
    ("US Pat. Appln. Publn. No. 2006/0195947, which", ["US20060195947"]),
    ("U.S. Published Patent Application 20050004437", ["US20050004437"]),
    ("US 2008/197955 A1", ["US20080197955A1"]),
    ("US-2005-0004437-A1", ["US20050004437A1"]),
    ("U.S. Pat. No. Des. 345,678 and U.S. Design Pat. No. 345,679", ["USD345678", "USD345679"]),
    ("U.S. Des. Pat. No. 380,449 (shaped", ["USD380449"]),
    ("US D651,432 S1", ["USD651432S1"]),
    ("U.S. Pat. No. Re. 34,567 or US RE34,568", ["USRE34567", "USRE34568"]),
    ("U.S. Plant Pat. No. 12,345", ["USPP12345"]),
    ("Statutory invention registration US H1,234", ["USH1234"]),
    ("米国特許第5,363,603号明細書", ["US5363603"]),
    ("米国特許出願公開第2005/0004437号", ["US20050004437"]),
    ("美国专利US5363603A和美国专利申请公开第2005/0004437号", ["US5363603A", "US20050004437"]),
]
EUROPEAN = [
    ("European Patent No. EP 1 234 567 B1", ["EP1234567B1"]),
    ("EP 0444 678 B1", ["EP444678B1"]),
    ("EP-A-0 123 456 and EP-A1-0 234 567", ["EP123456A", "EP234567A1"]),
    ("EP 133,988; EP 36,676", ["EP133988", "EP36676"]),
    ("EP 1 234 567 (A1), EP1963450", ["EP1234567A1", "EP1963450"]),
    ("Europäische Patentschrift 0 123 456", ["EP123456"]),
    ("EPO Pub. No. 430,402", ["EP430402"]),
    ("German Offenlegungsschrift DE 198 42 645 A1", ["DE19842645A1"]),
    ("DE 92 16 791, DE-OS 24 46 958 und DE 10 2009 041 527 A1", ["DE9216791", "DE2446958", "DE102009041527A1"]),
    ("GB 693,448 A and British Patent No. 1,234,567", ["GB693448A", "GB1234567"]),
    ("French Patent No. 2 123 456", ["FR2123456"]),
    ("the Spanish Utility Model ES 1060278U", ["ES1060278U"]),
]
INTERNATIONAL = [
    ("WO 99/12345 and WO99/12345 and WO 1999/012345", ["WO9912345"]),
    ("WO 02/44858 A2", ["WO0244858A2"]),
    ("WO 03/012345", ["WO03012345"]),
    ("WO 2008/123456, WO2008123456 and WO 08/123456", ["WO2008123456"]),
    ("International Publication No. WO 2005/12345", ["WO2005012345"]),
    ("国際公開第2005/012345号", ["WO2005012345"]),
    ("WO 97/05 947", ["WO9705947"]),
]
ASIAN = [
    ("特開2007-290922号公報", ["JP2007290922A"]),
    ("特開２００７－２９０９２２号公報", ["JP2007290922A"]),
    ("特開平８−９９３２号公報、特開昭60-12345号公報", ["JPH089932A", "JPS6012345A"]),
    ("特許第４５６７８９０号", ["JP4567890B"]),
    ("特公平7-23484号公報及び実開平5-12345号公報", ["JPH0723484B", "JPH0512345U"]),
    ("特表2005-501234", ["JP2005501234A"]),
    ("JP-A-10-123456, JP-A-60-12345, JP-B-42-10782 and JP-T-2001-519836", ["JPH10123456A", "JPS6012345A", "JPS4210782B", "JP2001519836A"]),
    ("JP 2007-290922 A or JPH10123456A", ["JP2007290922A", "JPH10123456A"]),
    ("JP55034017A, JP3035785A", ["JPS5534017A", "JPH0335785A"]),
    ("Japanese Patent Application Laid-Open No. 2001-1765", ["JP2001001765A"]),
    ("Japanese Unexamined Patent Application Publication No. Hei 8-9932", ["JPH089932A"]),
    ("Jpn. Pat. Appln. KOKAI Publication Nos. 10-326648, 10-199629, and 2000-30814", ["JPH10326648A", "JPH10199629A", "JP2000030814A"]),
    ("Japanese Patent Publication No. 23484/1995", ["JPH0723484B"]),
    ("Japanese Patent No. 3,456,789", ["JP3456789B"]),
    ("Japanese Patent No. 3105225 (U.S. patent application", ["JP3105225B"]),
    ("中国专利CN1234567A", ["CN1234567A"]),
    ("公开号为CN104245682A的专利", ["CN104245682A"]),
    ("中国专利申请公开第101234567号", ["CN101234567"]),
    ("KR 10-2005-0012345 A and Korean Patent No. 10-0123456", ["KR20050012345A", "KR100123456"]),
    ("TW patent I300465", ["TWI300465"]),
]
NO_DOCUMENT = [
    "PCT/US2005/012345",
    "PCT/JP01/11439 and PCT/EP2009/058190",
    "U.S. application Ser. No. 10/123,456",
    "U.S. Patent Application, USSN 389,224, filed August 3, 1989",
    "US Prov. Pat. Appln. Ser. No. 62/454,417",
    "U.S. Pat. No. 60/546,742",
    "EP 95113274.6",
    "DE 10 2005 044 629.9",
    "Japanese Patent Application No. 2004-123456",
    "特願2004-123456号",
    "专利号 ZL200880114428.X",
    "CN200510012345.6",
    "the United States, 1,234,567 people",
    "SEQ ID NO: 1234567",
    "$1,234,567 and 12,345,678 cells",
    "US 1990, DE 3 and GB 2005",
    "GenBank AU123456 and FR901228",
    "the CN 106/115 of the network",
    "Proc. Natl. Acad. Sci. USA 85: 9138-9142",
    "at 10,000 to 1,000,000 Pa",
    "U.S.C. 112 and 37 C.F.R. 1.1234",
    "USB 3000000 and EPROM 2716000",
    "",
]


@pytest.mark.parametrize(("text", "expected"), [*AMERICAN, *EUROPEAN, *INTERNATIONAL, *ASIAN])
def test_the_documents_that_a_text_names(text, expected):
    assert cited_documents(text) == expected
    assert cited_documents(f"As in {text}.") == expected


@pytest.mark.parametrize("text", NO_DOCUMENT)
def test_other_numbers_are_no_documents(text):
    assert cited_documents(text) == []


def test_documents_come_once_and_in_order():
    text = "See U.S. Pat. No. 6,123,456, EP 1 234 567 A1 and DE 198 42 645; U.S. Pat. No. 6,123,456 again."
    assert cited_documents(text) == ["US6123456", "EP1234567A1", "DE19842645"]


def test_the_published_document_is_found_behind_its_application():
    assert cited_documents("特願2004-123456号（特開2005-234567号公報）") == ["JP2005234567A"]
    assert cited_documents("Ser. No. 09/953,159, which is now U.S. Pat. No. 6,626,458.") == ["US6626458"]


def without_kind(number: str) -> str:
    """`EP0444678B1` and `EP444678B1` alike; the years of US publications with seven digits."""
    country, digits = number[:2], re.sub(r"[A-Z]\d?$", "", number[2:])
    publication = re.fullmatch(r"((?:19|20)\d\d)(\d{6})", digits) if country == "US" else None
    if publication:
        digits = publication[1] + publication[2].zfill(7)
    return country + (digits if country == "WO" else digits.lstrip("0"))


def test_the_citations_that_the_european_office_marks_are_found_and_no_others(data):
    """`patcit/@dnum` in the paragraphs of descriptions, but for applications (`dnum-type="L"`, and two provisional ones)."""
    marked, missed, more = 0, set(), set()
    for path in sorted((data / "epo").glob("*.xml")):
        raw = path.read_bytes()
        try:
            root = ET.fromstring(re.sub(rb"<!DOCTYPE[^>\[]*(?:\[[^\]]*\])?>", b"", raw[raw.index(b"<ep-patent") :]))
        except ET.ParseError:
            continue
        description = root.find("description")
        if description is None or not list(description.iter("patcit")):
            continue
        office = {
            without_kind(e.get("dnum"))
            for e in description.iter("patcit")
            if e.get("dnum-type") != "L" and not re.match(r"US62\d{6}B", e.get("dnum"))
        }
        found = {without_kind(number) for p in description.iter("p") for number in cited_documents("".join(p.itertext()))}
        marked += len(office)
        missed |= office - found
        more |= found - office
    assert marked >= 150
    assert (missed, more) == (set(), set())


def test_the_citations_that_the_japanese_office_marks_are_found(data):
    written = {}
    for path in sorted((data / "jpo").glob("*.xml")):
        for element in ET.parse(path).getroot().iter("patcit"):
            text = "".join(element.itertext()).strip()
            written[text] = cited_documents(text)
    assert written == {"特開平８−９９３２号公報": ["JPH089932A"], "特許第６０２０７５７号公報": ["JP6020757B"]}


def test_documents_named_in_american_grants_are_mostly_those_of_their_own_references(bulk):
    """The front page lists what the examiner saw; continuations and the like are named in the text alone."""
    found, listed = 0, 0
    for record in (record for records in bulk.values() for record in records if record.is_patent):
        document = record.outcome
        references = {without_kind(number) for number in document.citations}
        for paragraph in (p for section in document.sections for p in section.paragraphs):
            numbers = cited_documents(paragraph.text)
            found += len(numbers)
            listed += sum(without_kind(number) in references for number in numbers)
    assert found >= 280
    assert listed / found > 0.6


written = st.lists(
    st.sampled_from(
        "US U.S. Pat. No. Nos. Patent Application EP WO JP-A- DE 特開 平 特許第 号 公报 CN "
        "5,363,603 2005/0004437 198 42 645 1 234 567 A1 B , ; and ( ) Re. D".split()
    )
    | st.sampled_from([" ", "  ", "\n"])
    | st.text(alphabet="0123456789,./- ", max_size=9),
    max_size=20,
).map("".join)


@settings(deadline=None, derandomize=True, max_examples=400)
@given(written | st.text(max_size=60))
def test_any_text_gives_well_formed_numbers_each_once(text):
    found = cited_documents(text)
    assert len(found) == len(set(found))
    assert all(re.fullmatch(r"[A-Z]{2}[A-Z]{0,2}\d+(?:[A-Z]\d?)?", number) for number in found), found


@pytest.mark.parametrize(
    "text",
    [
        *("1" * 100_000, "U.S. Pat. No. " * 7000 + "5,363,603", "5,363,603 " * 10_000, "US 5,363,603, " * 7000, "(" * 100_000 + "5,363,603"),
        *("US" + " " * 100_000 + "5,363,603", "特許" * 50_000 + "1234567", "1234567 Pat " * 8000, "US 5,363,603 to X" + "x" * 100_000),
    ],
)
def test_time_grows_with_the_length_of_a_text_and_no_faster(text):
    started = time.perf_counter()
    cited_documents(text)
    assert time.perf_counter() - started < 1
