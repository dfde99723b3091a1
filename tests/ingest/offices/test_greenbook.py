"""Greenbook text, against what the lines of the files say by regular expressions."""

import random
import re
import unicodedata
from datetime import date
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from ingest.document import PatentDocument, Source
from ingest.errors import ReadError
from ingest.offices.greenbook import read_greenbook

FILES = ("greenbook/US03932709.greenbook", "greenbook/US04347903.greenbook", "mixed/pftaps057006474.txt")
DESCRIPTION = ("PARN", "BSUM", "DRWD", "DETD")
CODES = r"\.(?:sub|sup|lambda|rarw|crclbar|mu|sym|alpha|beta|dbd|degree|times|phi|epsilon|div)\."
GREEK = "λμαβφε"


@pytest.fixture(params=FILES)
def raw(request, data) -> str:
    return (data / "uspto" / request.param).read_text("ascii")


@pytest.fixture
def document(raw) -> PatentDocument:
    return read(raw)


@cache
def read(record: str) -> PatentDocument:
    return read_greenbook(record.encode(), Source())


def field(raw: str, name: str) -> str:
    return re.search(rf"^{name} +(.*)$", raw, re.MULTILINE)[1].strip()


def group(raw: str, name: str) -> str:
    """The lines of the first group of this name."""
    match = re.search(rf"^{name}\n(.*?)(?=^[A-Z]{{4}}$|\Z)", raw, re.MULTILINE | re.DOTALL)
    return match[1] if match else ""


def letters(text: str) -> str:
    """Letters and digits alone, superscripts and subscripts as on the line, without Greek."""
    return "".join(c for c in unicodedata.normalize("NFKC", text) if c.isalnum() and c.isascii())


def written(lines: str) -> str:
    """The letters of some fields, without the names of the fields and of characters."""
    text = re.sub(r"^[A-Z][A-Z0-9]{2,3}(?: +|$)", "", lines, flags=re.MULTILINE)
    text = re.sub(r"\.sub\n +\.", ".sub.", text).replace("&lt;", "<")
    return letters(re.sub(CODES, lambda m: "", re.sub(CODES, ".", text.replace("..", ". ."))))


def claims_of(raw: str) -> list[str]:
    return re.split(r"^NUM  \d+\.\n", group(raw, "CLMS"), flags=re.MULTILINE)[1:]


def test_the_number_is_the_eight_characters_before_the_check_digit(raw, document):
    wku = field(raw, "WKU")
    assert sum(weight * int(digit) for weight, digit in zip(range(2, 10), wku[:8], strict=True)) % 11 == int(wku[8])
    assert document.number == f"US{int(wku[:8])}A"
    assert document.kind == "A"


def test_title_and_dates(raw, document):
    assert document.title == field(raw, "TTL")
    assert document.language == "en"
    for day, name in ((document.dates.publication, "ISD"), (document.dates.filing, "APD")):
        assert day.strftime("%Y%m%d") == field(raw, name)
    days = re.findall(r"^APD +(\d{8})|^PD3 +(\d{8})", raw, re.MULTILINE)
    assert document.dates.priority.strftime("%Y%m%d") == min(a or b for a, b in days)


def test_as_many_claims_as_the_office_counted(raw, document):
    sources = claims_of(raw)
    assert len(document.claims) == len(sources) == int(field(raw, "NCL"))
    assert [claim.number for claim in document.claims] == list(range(1, len(sources) + 1))
    for claim, source in zip(document.claims, sources, strict=True):
        assert claim.independent == (re.search(r"\bclaims?\s+\d", source) is None), claim.number
        assert letters(claim.text) == written(re.sub(r"\APAR +\d+\.", "PAR ", source)), claim.number
        assert len(claim.text.split("\n")) == len(re.findall(r"^[A-Z]", source, re.MULTILINE)), claim.number
        assert not re.match(r"\d", claim.text)
        assert "claim:" not in claim.text.lower()


def test_every_paragraph_arrives_in_order_with_its_letters(raw, document):
    found = [p for section in document.sections for p in section.paragraphs]
    sources = []
    for name in DESCRIPTION:
        pieces = re.split(r"^(?=[A-Z][A-Z0-9]{2,3}(?: |$))", group(raw, name), flags=re.MULTILINE)
        sources += [p for p in pieces if p.strip() and not p.startswith("PAC")]
    assert [p.number for p in found] == [f"{i:04}" for i in range(1, len(sources) + 1)]
    for paragraph, source in zip(found, sources, strict=True):
        assert letters(paragraph.text) == written(source), paragraph.number


def test_all_headings_and_no_more(raw, document):
    headings = re.findall(r"^PAC +(.*)$", "".join(group(raw, name) for name in DESCRIPTION), re.MULTILINE)
    assert [part for s in document.sections for part in s.heading.split(" / ") if part] == [h.strip() for h in headings]


def test_the_abstract(raw, document):
    assert letters(document.abstract) == written(group(raw, "ABST"))


def test_the_letters_of_the_whole_patent_arrive_in_order(raw, document):
    parts = [document.abstract]
    for section in document.sections:
        parts += [section.heading, *(p.text for p in section.paragraphs)]
    parts += [f"{c.number} {c.text}" for c in document.claims]
    claims = re.sub(r"^(?:NUM|STM) .*\n", "", group(raw, "CLMS"), flags=re.MULTILINE)
    assert letters("".join(parts)) == written(group(raw, "ABST") + "".join(group(raw, n) for n in DESCRIPTION) + claims)


def test_citations_and_parties(raw, document):
    cited = re.findall(r"^UREF\nPNO +(\S+)$", raw, re.MULTILINE)
    foreign = re.findall(r"^FREF\nPNO +(\S+)\nISD.*\nCNT +(\S\S)X$", raw, re.MULTILINE)
    assert document.citations == (*(f"US{number}A" for number in cited), *(f"{country}{number}" for number, country in foreign))
    names = re.findall(r"^INVT\nNAM +(.*); (.*)$", raw, re.MULTILINE)
    assert [p.name for p in document.parties if p.role == "inventor"] == [f"{first} {last}" for last, first in names]
    assert [p.name for p in document.parties if p.role == "assignee"] == re.findall(r"^ASSG\nNAM +(.*)$", raw, re.MULTILINE)
    assert [letters(p.name) for p in document.parties if p.role == "agent"] == [
        letters(" ".join(reversed(name.split(";")))) for name in re.findall(r"^FR[M2] +(.*)$", raw, re.MULTILINE)
    ]


def test_what_is_known_of_the_three_patents(data):
    first, second, third = (read((data / "uspto" / name).read_text("ascii")) for name in FILES)
    assert [c.symbol for d in (first, second, third) for c in d.classifications] == [
        "H04M 11/00", "G01G 19/04", "G01G 23/10", "G06F 7/28", "C12Q 1/68",
    ]  # fmt: skip
    assert [c.first for c in second.classifications] == [True, False, False]
    assert second.dates.priority == date(1978, 7, 10)
    assert second.parties[0].name == "Shozo Yano"
    assert first.abstract.startswith("An electronic business telephone for")
    assert first.abstract.endswith("communications terminal system.")
    assert third.abstract.endswith("formula (IV): ##STR1##")
    assert third.claims[-1].text.endswith("following formula: ##STR102##")
    assert [s.kind for s in first.sections] == ["cross_reference", "background", "summary", "drawings", "description"]
    assert "R₁ through R₇ are independently" in third.sections[2].paragraphs[1].text
    assert "X₁^⊖ represents an anion" in third.sections[2].paragraphs[1].text
    table = next(p.text for s in third.sections for p in s.paragraphs if p.text.startswith("TABLE 4"))
    assert table.split("\n")[3:6] == [
        "No.      wavelength (λ max)",
        "                       wavelength (λ em)",
        "2        828           863",
    ]


DESIGN = """PATN
WKU  D09990015
APT  4
APD  19941205
TTL  Bowl for
      fruit
ISD  19960220
NCL  1
CLAS
OCL  D 7 1
ICL  0701
UREF
PNO  D. 245239
DRWD
PAL  FIG. 1 is a top view of the bowl;
PAL  FIG. 2 is a side view.
DCLM
PAL  The ornamental design for a bowl, as shown and described.
"""


def made(record: str) -> PatentDocument:
    return read_greenbook(record.encode(), Source(path="week.txt", offset=7, format="greenbook"))


def test_a_design():
    document = made(DESIGN)
    assert (document.number, document.kind, document.title) == ("USD999001S", "S", "Bowl for fruit")
    assert [(c.number, c.text) for c in document.claims] == [(1, "The ornamental design for a bowl, as shown and described.")]
    assert [(s.kind, [p.number for p in s.paragraphs]) for s in document.sections] == [("drawings", ["0001", "0002"])]
    assert document.classifications == ()  # 07-01 is a Locarno class
    assert document.citations == ("USD245239S",)
    assert document.abstract == ""
    assert document.dates.priority == date(1994, 12, 5)
    assert (document.source.path, document.source.offset) == ("week.txt", 7)


@pytest.mark.parametrize(
    ("wku", "number"),
    [
        ("039327094", "US3932709A"), ("RE0286770", "USRE28677E"), ("PP0038253", "USPP3825P"), ("H00000011", "USH1H"), ("T09500017", "UST950001I4"),
        ("3932709", "US3932709A"), ("03932709", "US3932709A"), ("D 0245239", "USD24523S"), ("03932709X", "US3932709A"),
    ],
)  # fmt: skip
def test_numbers_of_every_kind(wku, number):
    document = made(DESIGN.replace("D09990015", wku))
    assert document.number == number
    assert number.endswith(document.kind)


@pytest.mark.parametrize(
    "record", ["", "HHHHHT        APS1\n", DESIGN.replace("WKU  D09990015\n", ""), DESIGN.replace("D09990015", "no number"), "ABST\nPAL  Text.\n"]
)
def test_without_a_number_it_says_what_is_missing(record):
    with pytest.raises(ReadError, match=r"WKU|PATN") as error:
        made(record)
    assert "\n" not in str(error.value)


def test_a_number_alone_is_no_document():
    with pytest.raises(ValidationError, match="no text"):
        made("PATN\nWKU  039327094\n")


BODY = """HHHHHT        APS1        ISSUE - 760106
PATN
WKU  RE0999001
TTL  Pump &amp; valve
APD  19800101
PRIR
CNT  DTX
APD  19790202
RLAP
APD  19780303
REIS
APD  19770404
PCTA
PD1  19700101
PD3  19790101
FREF
PNO  1,234
CNT  DTX
FREF
PNO  WO80/00272
CNT  WOX
FREF
PNO  77
CNT  GB2
UREF
PNO  Re. 28,677
LREP
FRM  Able & Baker
FR2  Charlie, Jr.; Ann
AAT  Dora; Ed
ABST
PAL  A pump.
GOVT
PAC  STATEMENT
PAR  Made with help.
BSUM
     BACKGROUND
PAR  Pumps .[.leak.]. .Iadd.drip .Iaddend.at 90.degree. C.
      and H.sub.2
      O is lost. A line
that has lost its blanks
WXY  and one with an odd name.
PA1  A level.
DETD
TBL  TABLE 1
     ____________________________
     Name      .alpha.    Value
     a.sub.1   2          ---
               3          4
EQU  ##EQU1##
CLMS
STM  I claim:
NUM  1.
PAR  .[.1. A pump.].
NUM  2.
PAR  .Iadd.2. A valve comprising:
PA1  a seat; and
PA2  3. spring..Iaddend.
NUM  2.
PAR  2.5 mm is the size of claim 2.
NUM  99999.
PAR  7. The valve of claim 2.
"""


def test_every_part_of_a_record():
    document = made(BODY)
    assert document.number == "USRE99900E"
    assert document.title == "Pump & valve"
    assert document.dates.priority == date(1977, 4, 4)
    assert document.citations == ("DE1234", "WO8000272", "GB77", "USRE28677E")
    assert [p.name for p in document.parties] == ["Able & Baker", "Ann Charlie, Jr.", "Ed Dora"]
    assert [(s.kind, s.heading) for s in document.sections] == [
        ("cross_reference", "STATEMENT"),
        ("background", "BACKGROUND"),
        ("description", ""),
    ]
    assert [(p.number, p.text) for s in document.sections[1:] for p in s.paragraphs] == [
        ("0002", "Pumps [leak] drip at 90° C. and H₂O is lost. A line that has lost its blanks WXY  and one with an odd name.".replace("  ", " ")),
        ("0003", "A level."),
        ("0004", "TABLE 1\nName      α          Value\na₁        2          ---\n          3          4"),
        ("0005", "##EQU1##"),
    ]
    assert [(c.number, c.text) for c in document.claims] == [
        (1, "[A pump]"),
        (2, "A valve comprising:\na seat; and\n3. spring."),
        (3, "2.5 mm is the size of claim 2."),
        (7, "The valve of claim 2."),
    ]


@pytest.mark.parametrize("change", [lambda r: r.replace("\n", "\r\n"), lambda r: r.replace("\n", "   \n"), lambda r: r.replace("\n", "\n\n")])
def test_line_ends_blanks_and_empty_lines_make_no_difference(change):
    assert made(change(BODY)) == made(BODY)


def test_what_is_not_ascii_is_read_all_the_same():
    assert read_greenbook(DESIGN.replace("Bowl", "Schüssel").encode("latin-1"), Source()).title == "Schüssel for fruit"
    assert read_greenbook(DESIGN.replace("Bowl", "Schüssel").encode(), Source()).title == "Schüssel for fruit"


def attempt(record: bytes) -> None:
    try:
        document = read_greenbook(record, Source())
    except (ReadError, ValidationError) as error:
        assert str(error)
    else:
        assert document.model_dump_json()


@given(
    st.lists(
        st.sampled_from([*BODY.split("\n"), "PATN", "NUM  7.", "TBL", "PAR", "     ", "ICL  A", "WKU", "APD  19991399", "PNO", "NAM  ;"]), max_size=60
    )
)
@settings(deadline=None)
def test_lines_in_any_order(lines):
    attempt("\n".join(["PATN", "WKU  039327094", *lines]).encode())


@given(st.binary(max_size=200))
@settings(deadline=None)
def test_any_bytes(data):
    attempt(data)
    attempt(b"PATN\nWKU  039327094\nCLMS\nNUM  1.\nPAR  " + data + b"\nDETD\nTBL  " + data)


def test_mutated_records():
    chance, source = random.Random(3), BODY.encode()
    for _ in range(400):
        record = bytearray(source)
        for _ in range(chance.choice([1, 3, 10])):
            at, length = chance.randrange(len(record)), chance.choice([1, 5, 50])
            match chance.randrange(4):
                case 0:
                    record[at] = chance.randrange(256)
                case 1:
                    del record[at : at + length]
                case 2:
                    record[at:at] = chance.randbytes(length)
                case _:
                    record[at:at] = record[at : at + length]
        attempt(bytes(record))


@pytest.mark.parametrize(
    "piece", ["PAR  a\n", "TBL  a\n     .sub\n", " \n x\n", "NUM  1.\nPAR  1. A\n", "PAC  A\n", "TBL  ___ x\n", "a " * 50 + "\n", "ICL  A\n"]
)
def test_a_hostile_megabyte_takes_seconds(piece):
    attempt(f"PATN\nWKU  039327094\nTTL  T\nCLMS\n{piece * (200_000 // len(piece))}DETD\n{piece * (200_000 // len(piece))}".encode())
