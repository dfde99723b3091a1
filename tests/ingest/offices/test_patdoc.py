"""PATDOC, against what the tags of the files say by regular expressions."""

import html
import random
import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from ingest.document import PatentDocument, Source
from ingest.errors import ReadError
from ingest.offices.entities import resolve_entities
from ingest.offices.patdoc import close_empty, read_patdoc
from ingest.xml_text import parse_xml

FILES = ("US06336130.xml", "USD435854S1.xml")


@pytest.fixture(params=FILES)
def raw(request, data) -> str:
    return (data / "uspto" / "sgml" / request.param).read_text("utf-8")


@pytest.fixture
def document(raw) -> PatentDocument:
    return read(raw)


def read(xml: str) -> PatentDocument:
    return read_patdoc(parse_xml(resolve_entities(xml.encode())), Source(path="week.sgm", offset=3, format="PATDOC"))


def text(xml: str) -> str:
    return html.unescape(re.sub(r"<[^>]*>", "", xml))


def letters(string: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", string) if c.isalnum())


def inside(raw: str, tag: str) -> list[str]:
    return re.findall(rf"<{tag}(?: [^>]*)?>(.*?)</{tag}>", raw, re.DOTALL)


def value(raw: str, tag: str) -> str:
    return text(inside(raw, tag)[0]).strip()


def test_number_title_and_dates(raw, document):
    number = re.sub(r"^([A-Z]*)0+", r"\1", value(raw, "B110"))
    assert document.number == f"US{number}{value(raw, 'B130')}"
    assert document.kind == value(raw, "B130")
    assert document.title == value(raw, "B540")
    assert document.dates.publication.strftime("%Y%m%d") == value(raw, "B140")
    assert document.dates.filing.strftime("%Y%m%d") == value(raw, "B220")
    earlier = [text(day) for tag in ("B220", "B320", "B630") for part in inside(raw, tag) for day in inside(part, "DATE")]
    assert document.dates.priority.strftime("%Y%m%d") == min(earlier)


def test_as_many_claims_as_the_office_counted(raw, document):
    sources = inside(raw, "CLM")
    assert len(document.claims) == len(sources) == int(value(raw, "B577"))
    assert sum(claim.independent for claim in document.claims) == sum("<CLREF" not in source for source in sources)
    for number, (claim, source) in enumerate(zip(document.claims, sources, strict=True), start=1):
        assert claim.number == number
        assert letters(claim.text) == letters(re.sub(r"^\s*\d+\.", "", text(source)))
        assert len(claim.text.split("\n")) == len(re.findall("<(?:PARA|CLMSTEP)[ >]", source)), number


def test_dependencies_are_those_of_the_references(raw, document):
    for claim, source in zip(document.claims, inside(raw, "CLM"), strict=True):
        assert set(claim.depends_on) == {int(n) for n in re.findall(r'<CLREF ID="CLM-(\d+)"', source)}, claim.number


def test_every_paragraph_has_the_number_of_its_id(raw, document):
    sources = re.findall(r'<PARA ID="P-(\d+)"[^>]*>(.*?)</PARA>', value_of_part(raw, "SDODE"), re.DOTALL)
    found = [p for section in document.sections for p in section.paragraphs]
    assert [p.number for p in found] == [f"{int(number):04}" for number, _ in sources]
    for paragraph, (_, source) in zip(found, sources, strict=True):
        assert letters(paragraph.text) == letters(text(source)), paragraph.number


def value_of_part(raw: str, tag: str) -> str:
    return "".join(inside(raw, tag))


def test_the_letters_of_the_whole_patent_arrive_in_order(raw, document):
    assert letters(document.abstract) == letters(text(value_of_part(raw, "SDOAB")))
    described = "".join(s.heading + "".join(p.text for p in s.paragraphs) for s in document.sections)
    assert letters(described) == letters(text(value_of_part(raw, "SDODE")))


def test_citations_and_parties(raw, document):
    written = []
    for cited in inside(raw, "B561"):
        country = value(cited, "CTRY") if "<CTRY>" in cited else "US"
        kind = value(cited, "KIND") if "<KIND>" in cited else ""
        written.append(country + re.sub(r"\W", "", value(cited, "DNUM")) + kind)
    assert document.citations == tuple(written)
    for role, tag in (("inventor", "B721"), ("assignee", "B731"), ("agent", "B741")):
        names = [" ".join(text(part) for part in re.findall(r"<[FSO]NM>.*?</[FSO]NM>", party)) for party in inside(raw, tag)]
        assert [p.name for p in document.parties if p.role == role] == names, role


def test_what_is_known_of_the_two_patents(data):
    patent, design = (read((data / "uspto" / "sgml" / name).read_text("utf-8")) for name in FILES)
    assert [(c.symbol, c.first) for c in patent.classifications] == [("G06F 15/16", True), ("G06F 13/00", False)]
    assert [s.kind for s in patent.sections] == ["cross_reference", "field", "background", "drawings", "description"]
    assert patent.citations[-1] == "WO9625012"
    assert patent.abstract.startswith("A communications systems, e.g., a")
    assert patent.abstract.endswith("the kernel transport network.")
    assert patent.claims[-1].text.endswith("for the fixed network.")
    assert design.classifications == ()  # 14-02 is a Locarno class
    assert design.citations[0] == "USD271298"
    assert [s.kind for s in design.sections] == ["drawings"]


def test_the_sgml_of_2001_reads_as_its_xml(raw, document):
    """Empty elements not closed, no XML declaration."""
    sgml = re.sub(r"<\?xml[^>]*\?>\s*", "", re.sub(r"/>", ">", raw))
    assert "<EMI " in sgml
    with pytest.raises(ReadError):
        read(sgml)
    assert read(close_empty(sgml.encode()).decode()) == document


SGML = """<PATDOC DTD="2.4" STATUS="BUILD 20010518">
<SDOBI><B100><B110><DNUM><PDAT>RE037001</PDAT></DNUM></B110><B130><PDAT>E1</PDAT></B130><B140><DATE><PDAT>20010109</PDAT></DATE></B140>
<B190><PDAT>US</PDAT></B190></B100>
<B200><B210><DNUM><PDAT>09123456</PDAT></DNUM></B210><B220><DATE><PDAT>19980300</PDAT></DATE></B220><B221US></B200>
<B500><B510><B511><PDAT>A61B  512</PDAT></B511><B512><PDAT>nonsense</PDAT></B512><B512><PDAT>C07D20704</PDAT></B512><B516><PDAT>7</PDAT></B516></B510>
<B540><STEXT><PDAT>Pump for H</PDAT><HIL><SB><PDAT>2</PDAT></SB></HIL><PDAT>O at 10</PDAT><HIL><SP><PDAT>&minus;3</PDAT></SP></HIL></STEXT></B540>
<B560><B561><PCIT><DOC><DNUM><PDAT>4,313,443</PDAT></DNUM><CTRY><PDAT>US</PDAT></CTRY><KIND><PDAT>A</PDAT></KIND></DOC></PCIT><CITED-BY-EXAMINER></B561>
<B561><PCIT><DOC><DNUM><PDAT></PDAT></DNUM></DOC></PCIT><CITED-BY-OTHER></B561></B560>
<B590><B597US></B590></B500>
<B600><B640><PARENT-US><CDOC><DOC><DNUM><PDAT>1</PDAT></DNUM><DATE><PDAT>19700101</PDAT></DATE></DOC></CDOC><PDOC><DOC><DNUM><PDAT>2</PDAT></DNUM>
<DATE><PDAT>19950102</PDAT></DATE></DOC></PDOC><PSTA><PDAT>01</PDAT></PSTA><PPUB><DOC><DNUM><PDAT>3</PDAT></DNUM><DATE><PDAT>19800101</PDAT></DATE>
</DOC></PPUB></PARENT-US></B640><B680US><DOC><DNUM><PDAT>60/1</PDAT></DNUM><DATE><PDAT>19940203</PDAT></DATE></DOC></B680US></B600>
<B700><B720><B721><PARTY-US><NAM><FNM><PDAT>Ann</PDAT></FNM><SNM><STEXT><PDAT>Able, Jr.</PDAT></STEXT></SNM></NAM></PARTY-US>
<LEGAL-REPRESENTATIVE><PARTY-US><NAM><SNM><STEXT><PDAT>Nobody</PDAT></STEXT></SNM></NAM></PARTY-US></LEGAL-REPRESENTATIVE></B721></B720></B700></SDOBI>
<SDOAB><BTEXT><H><STEXT><PDAT>Abstract</PDAT></STEXT></H><PARA ID="P-00001"><PTEXT><PDAT>A pump.</PDAT></PTEXT></PARA>
<PARA ID="P-00002"><PTEXT><PDAT>It pumps.</PDAT></PTEXT></PARA></BTEXT></SDOAB>
<SDODE><GOVINT><BTEXT><PARA ID="P-00003"><PTEXT><PDAT>Help was given.</PDAT></PTEXT></PARA></BTEXT></GOVINT>
<BRFSUM><BTEXT><H LVL="1"><STEXT><PDAT>BACKGROUND</PDAT></STEXT></H>
<PARA ID="P-00004"><PTEXT><PDAT>This <DEL-S DATE="20010109" ID="DEL-S-00001">old<DEL-E ID="DEL-S-00001">
<INS-S DATE="20010109" ID="INS-S-00001">new<INS-E ID="INS-S-00001">
pump, <CUSTOM-CHARACTER ID="C-1" FILE="c.TIF">, is&ensp;&mgr;m.</PDAT></PTEXT></PARA>
<CWU><TABLE-US ID="T-1"><TABLE-CALS><TABLE FRAME="NONE"><TGROUP COLS="2"><COLSPEC COLNAME="1"><COLSPEC COLNAME="2"><TBODY VALIGN="TOP">
<ROW><ENTRY><PTEXT><PDAT>Name</PDAT></PTEXT></ENTRY><ENTRY><PTEXT><PDAT>Value</PDAT></PTEXT></ENTRY></ROW>
<ROW><ENTRY><PTEXT><PDAT>a</PDAT></PTEXT></ENTRY><ENTRY><PTEXT><PDAT>1</PDAT></PTEXT></ENTRY></ROW></TBODY></TGROUP></TABLE></TABLE-CALS></TABLE-US></CWU>
</BTEXT></BRFSUM>
<DETDESC><BTEXT><PARA ID="P-00005"><PTEXT><PDAT>Formula </PDAT>
<CWU><MATH-US ID="M-1"><MATHEMATICA ID="N-1" FILE="m.NB"><MATHML><math><mi>x</mi><mo>=</mo><mn>1</mn>
<none></math></MATHML><EMI ID="E-1" FILE="m.TIF"></MATH-US></CWU>
<CWU><CHEM-US ID="C-2"><CHEMCDX ID="X-1" FILE="c.CDX"><CHEMMOL ID="X-2" FILE="c.MOL"></CHEM-US></CWU>
<PDAT> ends.</PDAT></PTEXT></PARA></BTEXT></DETDESC></SDODE>
<SDOCL><H><STEXT><PDAT>What is claimed is:</PDAT></STEXT></H><CL>
<CLM ID="CLM-00001"><PARA ID="P-00006"><PTEXT><PDAT>1. A pump comprising:</PDAT></PTEXT></PARA>
<CLMSTEP LVL="2"><PTEXT><PDAT>a valve; and</PDAT></PTEXT></CLMSTEP><CLMSTEP LVL="3"><PTEXT><PDAT>2. seats.</PDAT></PTEXT></CLMSTEP></CLM>
<CLM ID="CLM-00002"><PARA ID="P-00007"><PTEXT><PDAT>17. The pump of </PDAT><CLREF ID="CLM-00001"><PDAT>, of steel.</PDAT></PTEXT></PARA></CLM>
<CLM ID="CLM-00003"><PARA ID="P-00008"><PTEXT><PDAT>A pump as shown.</PDAT></PTEXT></PARA></CLM></CL></SDOCL>
<SDODR ID="DRAWINGS"><EMI ID="EMI-D00000" FILE="d.TIF"></SDODR>
</PATDOC>
"""


@pytest.fixture(scope="module")
def made() -> PatentDocument:
    return read(close_empty(SGML.encode()).decode())


def test_a_reissue_in_sgml_with_every_part(made):
    assert (made.number, made.kind) == ("USRE37001E1", "E1")
    assert made.title == "Pump for H₂O at 10⁻³"
    assert [str(day) for day in (made.dates.filing, made.dates.publication, made.dates.priority)] == ["1998-03-01", "2001-01-09", "1994-02-03"]
    assert [(c.symbol, c.first) for c in made.classifications] == [("A61B 5/12", True), ("C07D 207/04", False)]
    assert [(p.role, p.name) for p in made.parties] == [("inventor", "Ann Able, Jr.")]
    assert made.citations == ("US4313443A",)
    assert made.abstract == "A pump.\nIt pumps."
    assert (made.source.path, made.source.offset) == ("week.sgm", 3)


def test_what_a_reissue_deletes_stands_in_brackets(made):
    assert made.sections[1].paragraphs[0].text == "This [old] new pump, , is μm."


def test_sections_tables_and_formulas(made):
    assert [(s.kind, s.heading, [p.number for p in s.paragraphs]) for s in made.sections] == [
        ("cross_reference", "", ["0003"]),
        ("background", "BACKGROUND", ["0004", "0004a"]),
        ("description", "", ["0005"]),
    ]
    assert made.sections[1].paragraphs[1].text == "Name | Value\na | 1"
    formula = made.sections[2].paragraphs[0].text
    assert formula.startswith("Formula")
    assert formula.replace(" ", "") == "Formulax=1ends."


def test_claims_have_the_number_that_is_printed(made):
    assert [(c.number, c.text) for c in made.claims] == [
        (1, "A pump comprising:\na valve; and\n2. seats."),
        (17, "The pump of claim 1, of steel."),
        (3, "A pump as shown."),
    ]
    assert made.claim(17).depends_on == (1,)


def test_only_empty_elements_that_stay_open_are_closed():
    assert close_empty(b'<A><EMI ID="x" FILE="y"><EMI/><COLSPEC COLNAME="1"/><B597US><EMITTER></A>') == (
        b'<A><EMI ID="x" FILE="y"/><EMI/><COLSPEC COLNAME="1"/><B597US/><EMITTER></A>'
    )
    assert close_empty(b"<A><CLREF ID='1'>claim 1</CLREF></A>") == b"<A><CLREF ID='1'>claim 1</CLREF></A>"
    assert close_empty(b"no markup") == b"no markup"


@given(st.binary(max_size=300))
def test_closing_takes_any_bytes_and_a_second_time_changes_nothing(data):
    closed = close_empty(data)
    assert close_empty(closed) == closed


@pytest.mark.parametrize("record", ["<PATDOC/>", "<PATDOC><SDOBI/></PATDOC>", "<PATDOC><SDOBI><B100><B110><DNUM/></B110></B100></SDOBI></PATDOC>"])
def test_without_a_number_it_says_so(record):
    with pytest.raises(ReadError, match="no B110"):
        read(record)


def test_a_number_alone_is_no_document():
    with pytest.raises(ValidationError, match="no text"):
        read('<PATDOC DNUM="06336130" KIND="B1"/>')


def test_mutated_records():
    chance, source = random.Random(5), close_empty(SGML.encode())
    documents = 0
    for _ in range(400):
        record = bytearray(source)
        for _ in range(chance.choice([1, 2, 4])):
            at, length = chance.randrange(len(record)), chance.choice([1, 5, 50])
            match chance.randrange(4):
                case 0:
                    record[at] = chance.randrange(32, 127)
                case 1:
                    tags = [m.span() for m in re.finditer(rb"<(\w+)[^<>]*>[^<>]*</\1>", record)]
                    start, end = chance.choice(tags)
                    del record[start:end]
                case 2:
                    record[at:at] = chance.choice([b"&deg;", b"<X/>", b"7", b"<PARA>x</PARA>", b"<!--x-->", b"<?x y?>"])
                case _:
                    start, end = chance.choice([m.span() for m in re.finditer(rb"<PDAT>[^<>]*</PDAT>", record)])
                    record[start:end] = b"<PDAT>" + chance.randbytes(length).hex().encode() + b"</PDAT>"
        try:
            document = read(record.decode())
        except (ReadError, ValidationError) as error:
            assert str(error)
        else:
            documents += 1
            assert document.model_dump_json()
    assert documents > 150


@given(
    st.lists(
        st.sampled_from(["<SDODE>", "</SDODE>", "<BTEXT>", "</BTEXT>", '<PARA ID="P-1">', "</PARA>", "<H>", "</H>", "<CLM>", "</CLM>", "x", "<EMI>"])
    )
)
@settings(deadline=None)
def test_elements_in_any_order(pieces):
    head = "<PATDOC><SDOBI><B100><B110><DNUM><PDAT>1</PDAT></DNUM></B110></B100></SDOBI>"
    try:
        document = read(close_empty(f"{head}<SDODE>{''.join(pieces)}</SDODE></PATDOC>".encode()).decode())
    except (ReadError, ValidationError):
        return
    assert sum(len(p.text.replace("\n", "")) for s in document.sections for p in s.paragraphs) + sum(
        len(s.heading.replace(" / ", "")) for s in document.sections
    ) <= pieces.count("x")


def test_parts_in_parts_as_deep_as_the_parser_goes():
    depth = 2000
    head = "<PATDOC><SDOBI><B100><B110><DNUM><PDAT>1</PDAT></DNUM></B110></B100></SDOBI><SDODE>"
    document = read(head + "<BTEXT>" * depth + "<PARA>deep</PARA>" + "</BTEXT>" * depth + "</SDODE></PATDOC>")
    assert document.sections[0].paragraphs[0].text == "deep"
