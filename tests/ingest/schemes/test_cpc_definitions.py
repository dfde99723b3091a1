"""The definitions of the CPC: each item a document with all of its text, checked against ElementTree's itertext."""

import re
import unicodedata
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest import PatentDocument, SchemeEntry, Source
from ingest.errors import ReadError
from ingest.schemes.cpc import read_cpc_scheme
from ingest.schemes.cpc_definitions import read_cpc_definitions


@pytest.fixture(scope="module")
def archive(data: Path) -> Iterator[zipfile.ZipFile]:
    with zipfile.ZipFile(data / "cpc" / "FullCPCDefinitionXML202505.zip") as opened:
        yield opened


def squeezed(text: str) -> str:
    """Without blanks, and without what readable text adds: the marks of scripts, and those between cells."""
    return re.sub(r"[−–]", "-", re.sub(r"[\s:|^_{}]", "", unicodedata.normalize("NFKC", text)))


def compare(data: bytes) -> tuple[int, int]:
    """How many characters the items of a file have besides their titles, and how many of them did not arrive in order."""
    items = list(ET.fromstring(data).iter("definition-item"))
    found = list(read_cpc_definitions(data))
    total = lost = 0
    for item, entry in zip(items, found, strict=True):
        assert entry.symbol.replace(" ", "") == item.findtext("classification-symbol")
        title = sorted(re.sub("[();]", "", squeezed("".join(item.find("definition-title").itertext()))))
        assert sorted(re.sub("[();]", "", squeezed(entry.title + "".join(entry.references)))) == title, entry.symbol
        written = squeezed("".join("".join(part.itertext()) for part in item[2:]).replace("References", ""))
        arrived = squeezed(
            "".join(heading + "".join(texts) for heading, texts in entry.sections).replace("References /", "").replace("References", "")
        )
        total += len(written)
        if arrived != written:
            assert is_part(arrived, written), entry.symbol
            lost += len(written) - len(arrived)
    return total, lost


def is_part(part: str, whole: str) -> bool:
    """Whether the characters of `part` stand in `whole` in their order."""
    rest = iter(whole)
    return all(character in rest for character in part)


def test_all_text_of_some_definitions_arrives_in_order(archive):
    counts = [compare(archive.read(name)) for name in sorted(archive.namelist())[::40]]
    total, lost = (sum(each) for each in zip(*counts, strict=True))
    assert total > 250_000
    assert lost / total < 0.001


@pytest.mark.slow
def test_all_text_of_all_definitions_arrives_in_order(archive):
    counts = [compare(archive.read(name)) for name in archive.namelist()]
    total, lost = (sum(each) for each in zip(*counts, strict=True))
    assert total > 20_000_000
    assert lost < 400  # headings of sections that hold nothing, or a picture alone


@pytest.mark.slow
def test_every_item_is_a_document_of_its_own_number(archive):
    written, found = set(), {}
    for name in archive.namelist():
        data = archive.read(name)
        written |= set(re.findall(r'<classification-symbol scheme="cpc">([^<]+)<', data.decode()))
        for entry in read_cpc_definitions(data):
            assert entry.number not in found
            found[entry.number] = entry
    assert set(found) == {f"CPC:{symbol}@en-def" for symbol in written}
    assert len(found) == 49_089


@pytest.fixture(scope="module")
def a01b(archive) -> dict[str, PatentDocument]:
    return {e.number: e.document(Source()) for e in read_cpc_definitions(archive.read("cpc-definition-A01B.xml"))}


def test_a_definition_by_hand(a01b):
    document = a01b["CPC:A01B1/02@en-def"]
    assert (document.title, document.language, document.kind) == ("A01B 1/02 Spades; Shovels", "en", "CPC")
    assert [(c.scheme, c.symbol) for c in document.classifications] == [("cpc", "A01B 1/02")]
    first, statement, references = document.sections
    assert first.paragraphs[0].text.endswith("> Hand tools > Spades; Shovels")
    assert first.paragraphs[1].text == "hand-operated dredgers E02F 3/02"
    assert statement.heading == "Definition statement"
    assert [p.text.split("\n")[0] for p in statement.paragraphs] == ["This place covers:"]
    assert references.heading == "References / Informative references"
    assert references.paragraphs[0].text.split("\n")[1] == "Shovels for snow: E01H 5/02"
    assert [p.number for s in document.sections for p in s.paragraphs] == ["1", "2", "3", "4"]


def test_a_definition_does_not_replace_the_place(a01b, data):
    with zipfile.ZipFile(data / "cpc" / "CPCSchemeXML201908.zip") as scheme:
        places = {e.number for e in read_cpc_scheme(scheme.read("cpc-scheme-A01B.xml"))}
    assert "CPC:A01B1/02@en" in places
    assert not places & set(a01b)


def test_the_path_begins_with_the_titles_that_the_scheme_gave(archive, data):
    given: dict[str, SchemeEntry] = {}
    with zipfile.ZipFile(data / "cpc" / "CPCSchemeXML201908.zip") as scheme:
        list(read_cpc_scheme(scheme.read("cpc-scheme-A.xml"), given))
    entries = {e.symbol: e for e in read_cpc_definitions(archive.read("cpc-definition-A01B.xml"), given)}
    assert [len(entries[symbol].path) for symbol in ("A01B", "A01B 1/00", "A01B 1/02")] == [2, 3, 4]
    assert entries["A01B 1/02"].path[0] == "HUMAN NECESSITIES"


def item(symbol: str, title: str, parts: str = "") -> bytes:
    head = f"<classification-symbol>{symbol}</classification-symbol><definition-title>{title}</definition-title>"
    return f"<definitions><definition-item>{head}{parts}</definition-item></definitions>".encode()


def ref(symbol: str) -> str:
    return f'<class-ref scheme="cpc">{symbol}</class-ref>'


@pytest.mark.parametrize(
    ("written", "title", "references"),
    [
        ("Hand tools", "Hand tools", ()),
        (f"Hoes {{(rakes {ref('A01D7/00')}; picks {ref('B25D')})}}", "Hoes", ("rakes A01D 7/00; picks B25D",)),
        (f"Ploughs {{for the like  (current {ref('B60L5/00')})}}", "Ploughs {for the like}", ("current B60L 5/00",)),
        (f"A (of wood) or B ({ref('A01B1/00')} takes precedence); C", "A (of wood) or B; C", ("A01B 1/00 takes precedence",)),
        (f"not covered by {ref('A01B1/00')} (and (so on))", "not covered by A01B 1/00 (and (so on))", ()),
        ("vitamins (e.g. B12)", "vitamins (e.g. B12)", ()),
        (f"({ref('A01B1/00')})", "(A01B 1/00)", ("A01B 1/00",)),
    ],
)
def test_references_are_taken_out_of_titles(written, title, references):
    (entry,) = read_cpc_definitions(item("A01B1/02", written))
    assert (entry.title, entry.references) == (title, references)


def body(*parts: str) -> str:
    return f"<section-title>Rules</section-title><section-body>{''.join(parts)}</section-body>"


def p(text: str, kind: str = "body") -> str:
    return f'<paragraph-text type="{kind}">{text}</paragraph-text>'


def test_lists_tables_and_what_introduces_them_are_one_paragraph():
    entries = f"<list><list-item>{p('first')}</list-item><list-item>{p('second')}</list-item></list>"
    table = f"<table><table-row><table-column>{p('a')}{p('b')}</table-column><table-column>{p('c')}</table-column></table-row></table>"
    rules = f"<special-rules>{body(p('One.'), p('Two:', 'preamble'), entries, p('Table', 'subheading'), table, p('Three.'))}</special-rules>"
    (entry,) = read_cpc_definitions(item("A01B1/02", "Spades", rules))
    assert entry.sections == (("Rules", ("One.", "Two:\nfirst\nsecond", "Table\na b | c", "Three.")),)


def test_references_are_lines_of_a_text_and_a_place():
    row = f"<table-row><table-column>{p('Rakes')}</table-column><table-column>{p(ref('A01D7/00'))}</table-column></table-row>"
    inner = f"<limiting-references>{body(p('Not here:', 'preamble'), f'<table>{row}</table>')}</limiting-references>"
    (entry,) = read_cpc_definitions(item("A01B1/02", "Spades", f"<references><section-title>References</section-title>{inner}</references>"))
    assert entry.sections == (("References / Rules", ("Not here:\nRakes: A01D 7/00",)),)


def test_what_is_not_foreseen_is_written_out_all_the_same():
    (entry,) = read_cpc_definitions(
        item("A01B1/02", "Spades", f"<new><section-title>N</section-title><deep><deeper>text</deeper>{p('more')}</deep></new>")
    )
    assert entry.sections == (("N", ("text", "more")),)


def test_a_section_of_a_picture_alone_is_none():
    picture = p('<media file-name="a.png"/>')
    (entry,) = read_cpc_definitions(item("A01B1/02", "Spades", f"<definition-statement>{body(picture)}</definition-statement>"))
    assert entry.sections == ()
    assert entry.document(Source()).title == "A01B 1/02 Spades"


def test_a_broken_symbol_is_an_error_and_the_next_item_is_read():
    broken, entry = read_cpc_definitions(item("pump", "Pumps").replace(b"</definitions>", item("A01B1/02", "Spades")[13:]))
    assert isinstance(broken, ReadError)
    assert entry.symbol == "A01B 1/02"


def test_definitions_that_break_off_give_what_came_before_and_the_line():
    reader = read_cpc_definitions(item("A01B1/02", "Spades")[:-14] + b"\n<definition-item>")
    assert next(reader).symbol == "A01B 1/02"
    with pytest.raises(ReadError, match="line 2 of the record"):
        next(reader)


def test_definitions_nested_without_end_are_refused():
    with pytest.raises(ReadError, match="Excessive depth"):
        list(read_cpc_definitions(item("A01B1/02", "Spades", "<list>" * 100_000)))


def test_a_file_without_places_is_an_error():
    with pytest.raises(ReadError, match="no place of a classification"):
        list(read_cpc_definitions(b"<definitions><other/></definitions>"))
