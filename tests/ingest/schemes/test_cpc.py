"""The CPC's scheme XML, against ElementTree: each place with its titles, across the files of the archive."""

import re
import unicodedata
import xml.etree.ElementTree as ET
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest import SchemeEntry
from ingest.errors import ReadError
from ingest.schemes.cpc import read_cpc_scheme
from ingest.schemes.symbol import Symbol

HEADINGS = {"3", "6"}
KINDS = {"2": "s", "4": "c", "5": "u", "7": "m", **{str(n + 7): str(n) for n in range(1, 10)}, "17": "A", "18": "B"}


def letters(text: str) -> str:
    """What a title has besides blanks, punctuation and the marks of subscripts."""
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", text))


def words(element: ET.Element) -> str:
    """The text of a title without the references in it."""
    return (element.text or "") + "".join(("" if e.tag == "reference" else words(e)) + (e.tail or "") for e in element)


def title_of(item: ET.Element) -> str:
    title = item.find("class-title")
    if title is None:
        return ""
    return letters(words(title)) or letters("".join(title.itertext()))


def written_places(item: ET.Element, above: tuple[str, ...]) -> Iterator[tuple[str, str, str, tuple[str, ...]]]:
    """(symbol, level, title, titles above) of the places at and below an item."""
    title, level = title_of(item), item.get("level")
    if level not in HEADINGS and title:
        yield item.findtext("classification-symbol"), level, title, above
        above = (*above, title)
    for inner in item.findall("classification-item"):
        yield from written_places(inner, above)


@pytest.fixture(scope="module")
def archive(data: Path) -> Iterator[zipfile.ZipFile]:
    with zipfile.ZipFile(data / "cpc" / "CPCSchemeXML201908.zip") as opened:
        yield opened


def upper_titles(archive: zipfile.ZipFile) -> dict[str, str]:
    """The titles of the sections and classes by symbol, as ElementTree reads them."""
    found = {}
    for name in archive.namelist():
        if re.fullmatch(r"cpc-scheme-[A-Y]\.xml", name):
            for item in ET.fromstring(archive.read(name)).iter("classification-item"):
                if item.get("level") in ("2", "4"):
                    found[item.findtext("classification-symbol")] = title_of(item)
    return found


def test_the_places_of_some_subclasses_with_the_titles_of_the_files_above(archive):
    names = sorted(name for name in archive.namelist() if re.fullmatch(r"cpc-scheme-[A-Y]\d\d[A-Z]\.xml", name))
    upper = upper_titles(archive)
    given: dict[str, SchemeEntry] = {}
    for section in "ABCDEFGHY":
        list(read_cpc_scheme(archive.read(f"cpc-scheme-{section}.xml"), given))
    assert {number for number in given if len(number) in (8, 10)} == {f"CPC:{symbol}@en" for symbol in upper}
    count = 0
    for name in names[5::50]:
        data = archive.read(name)
        root = ET.fromstring(data).find("classification-item")
        subclass = root.findtext("classification-symbol")
        written = list(written_places(root, (upper[subclass[0]], upper[subclass[:3]])))
        found = list(read_cpc_scheme(data, dict(given)))
        assert f"CPC:{subclass}@en" in given
        assert [e.symbol.replace(" ", "") for e in found] == [symbol for symbol, *_ in written[1:]], name
        for entry, (symbol, level, title, above) in zip(found, written[1:], strict=True):
            assert (entry.kind, entry.scheme, entry.language) == (KINDS[level], "cpc", "en"), symbol
            assert letters(entry.title) == title, symbol
            assert tuple(map(letters, entry.path)) == above, symbol
        count += len(found)
    assert count > 2500


def test_references_are_split_from_titles_and_nothing_is_lost(archive):
    for name in ("cpc-scheme-A01B.xml", "cpc-scheme-E01H.xml", "cpc-scheme-C01B.xml"):
        data = archive.read(name)
        titles: dict[str, str] = {}
        for item in ET.fromstring(data).iter("classification-item"):
            title = item.find("class-title")
            if title is not None and item.get("level") not in HEADINGS:
                titles[item.findtext("classification-symbol")] = "".join(sorted(letters("".join(title.itertext()))))
        found = {e.symbol.replace(" ", ""): "".join(sorted(letters(e.title + "".join(e.references)))) for e in read_cpc_scheme(data)}
        assert found == titles


def test_places_by_hand(archive):
    given: dict[str, SchemeEntry] = {}
    list(read_cpc_scheme(archive.read("cpc-scheme-A.xml"), given))
    entries = {e.symbol: e for name in ("A01B", "A23B") for e in read_cpc_scheme(archive.read(f"cpc-scheme-{name}.xml"), given)}
    assert entries["A01B 1/022"].path[0] == "HUMAN NECESSITIES"
    assert entries["A01B 1/022"].path[1].startswith("AGRICULTURE; FORESTRY; ")
    assert entries["A01B 1/022"].path[-2:] == ("Hand tools", "Spades; Shovels")
    assert entries["A01B 1/022"].title == "{Collapsible; extensible; combinations with other tools}"
    assert entries["A01B 1/022"].number == "CPC:A01B1/022@en"
    assert entries["A01B 1/02"].references == ("hand-operated dredgers E02F 3/02",)
    assert entries["A23B 4/08"].title.endswith("chemicals} before or during cooling {, e.g. in the form of an ice coating or frozen block}")
    note = given["CPC:A01B@en"].notes[0].split("\n")
    assert note[1] == "A01B 69/04 | covered by | A01B 69/008"


def test_a_subclass_alone_has_the_path_that_its_file_tells(archive):
    found = list(read_cpc_scheme(archive.read("cpc-scheme-A01B.xml")))
    assert (found[0].symbol, found[0].path) == ("A01B", ())
    assert found[1].path == (found[0].title,)


def test_a_place_that_files_repeat_is_given_once(archive):
    given: dict[str, SchemeEntry] = {}
    numbers = [e.number for name in ("A", "A01B", "Y") for e in read_cpc_scheme(archive.read(f"cpc-scheme-{name}.xml"), given)]
    assert len(numbers) == len(set(numbers))
    assert {"CPC:A@en", "CPC:A01B@en", "CPC:Y02E@en"} <= set(numbers)
    assert not list(read_cpc_scheme(archive.read("cpc-scheme-A.xml"), given))


def test_a_subclass_file_that_comes_first_is_followed_by_the_fuller_entry(archive):
    given: dict[str, SchemeEntry] = {}
    first = next(read_cpc_scheme(archive.read("cpc-scheme-A01L.xml"), given))
    again = [e for e in read_cpc_scheme(archive.read("cpc-scheme-A.xml"), given) if e.number == first.number]
    assert [len(e.path) for e in (first, *again)] == [0, 2]


@pytest.mark.slow
def test_the_whole_cpc(archive):
    written: dict[str, str] = {}
    item = re.compile(r'<classification-item [^>]*?level="(\d+)"[^>]*><classification-symbol>([^<]+)</classification-symbol>')
    given: dict[str, SchemeEntry] = {}
    found: dict[str, SchemeEntry] = {}
    for name in archive.namelist():
        data = archive.read(name)
        written |= {symbol: level for level, symbol in item.findall(data.decode()) if level not in HEADINGS}
        for entry in read_cpc_scheme(data, given):
            assert entry.number not in found
            found[entry.number] = entry
    assert len(found) == len(written) == 232_129
    assert Counter(e.kind for e in found.values()) == Counter(KINDS[level] for level in written.values())
    assert {number[4:-3] for number in found} == set(written)
    depth = {"s": 0, "c": 1, "u": 2, "m": 3, "A": 13, "B": 14}
    assert all(len(e.path) == depth.get(e.kind, 0) or (e.kind.isdigit() and len(e.path) == 3 + int(e.kind)) for e in found.values())


@pytest.mark.slow
def test_titles_agree_with_those_that_the_definitions_print(archive, data):
    """The definitions are six years younger: where the words are the same, so is nearly always the printed form; the rest lost its
    braces since, when the IPC took the words up."""
    given: dict[str, SchemeEntry] = {}
    titles = {e.symbol: e.title for name in archive.namelist() for e in read_cpc_scheme(archive.read(name), given) if not e.references}
    same = other = 0
    with zipfile.ZipFile(data / "cpc" / "FullCPCDefinitionXML202505.zip") as definitions:
        for name in definitions.namelist():
            for item in ET.fromstring(definitions.read(name)).iter("definition-item"):
                printed = " ".join("".join(item.find("definition-title").itertext()).split())
                ours = titles.get(str(Symbol(item.findtext("classification-symbol"))), "")
                if letters(printed) == letters(ours):
                    agrees = unicodedata.normalize("NFKC", printed) == unicodedata.normalize("NFKC", ours)
                    same, other = same + agrees, other + (not agrees)
    assert same > 29_000
    assert same / (same + other) > 0.98


def item(level: int, symbol: str, title: str, inside: str = "") -> str:
    return (
        f'<classification-item level="{level}"><classification-symbol>{symbol}</classification-symbol>'
        f"<class-title><title-part>{title}</title-part></class-title>{inside}</classification-item>"
    )


def read(xml: str) -> list[SchemeEntry | ReadError]:
    return list(read_cpc_scheme(f"<class-scheme>{xml}</class-scheme>".encode()))


def test_what_the_cpc_adds_stands_in_braces_and_references_nowhere_in_the_title():
    added = (
        "<CPC-specific-text><text>, e.g. H<sub>2</sub>O</text><reference><text>ice <class-ref scheme='cpc'>F25C1/00</class-ref>;</text></reference>"
    )
    (entry,) = read(item(7, "A01B1/00", f"<text>Tools <u>per se</u> </text>{added}</CPC-specific-text><text>; Hoes</text>"))
    assert entry.title == "Tools per se {, e.g. H₂O}; Hoes"
    assert entry.references == ("ice F25C 1/00",)


def test_a_title_that_is_a_reference_alone_stays_the_title():
    (entry,) = read(item(8, "A63B2023/0435", "<CPC-specific-text><reference><text>not used</text></reference></CPC-specific-text>"))
    assert (entry.symbol, entry.title) == ("A63B 2023/0435", "not used")


def test_headings_are_no_places_and_not_in_the_path():
    found = read(item(5, "A01B", "<text>SOIL</text>", item(6, "A01B1/00", "<text>Heading</text>", item(7, "A01B1/00", "<text>Hand tools</text>"))))
    assert [(e.symbol, e.kind, e.path) for e in found] == [("A01B", "u", ()), ("A01B 1/00", "m", ("SOIL",))]


def test_a_broken_symbol_is_an_error_and_the_next_item_is_read():
    broken, entry = read(item(7, "pump", "<text>Pumps</text>") + item(7, "A01B1/00", "<text>Hand tools</text>"))
    assert isinstance(broken, ReadError)
    assert "'pump' is not a classification symbol" in str(broken)
    assert entry.symbol == "A01B 1/00"


def test_an_unknown_level_is_a_place_of_no_kind():
    found = read(item(99, "A01B1/02", "<text>Spades</text>") + item(7, "A01B3/00", "<text>Ploughs</text>").replace(' level="7"', ""))
    assert [(e.symbol, e.kind) for e in found] == [("A01B 1/02", ""), ("A01B 3/00", "")]


def test_a_scheme_that_breaks_off_gives_what_came_before_and_the_line():
    reader = read_cpc_scheme(
        ("<class-scheme>" + item(7, "A01B1/00", "<text>Hand tools</text>", item(8, "A01B1/02", "<text>x</text>"))).encode()[:-30]
    )
    assert next(reader).symbol == "A01B 1/00"
    with pytest.raises(ReadError, match="line 1 of the record"):
        list(reader)


def test_nothing_outside_is_read_and_no_entity_is_expanded(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("very secret")
    declared = f'<!DOCTYPE class-scheme [<!ENTITY out SYSTEM "{secret.as_uri()}"><!ENTITY in "expanded">]>'
    (entry,) = read_cpc_scheme(f"{declared}<class-scheme>{item(7, 'A01B1/00', '<text>Hand &out;&in; tools</text>')}</class-scheme>".encode())
    assert "secret" not in entry.title
    assert "expanded" not in entry.title


def test_a_file_without_places_is_an_error():
    with pytest.raises(ReadError, match="no place of a classification"):
        list(read_cpc_scheme(b"<class-scheme><other/></class-scheme>"))
