"""The IPC's scheme XML, against ElementTree: each place with its titles, and the notes where they belong."""

import re
import unicodedata
import xml.etree.ElementTree as ET
import zipfile

import pytest

from ingest import Failed, PatentDocument, SchemeEntry, read
from ingest.errors import ReadError
from ingest.schemes.ipc import read_ipc_scheme
from ingest.schemes.symbol import Symbol

TARGETS = set("scum123456789AB")
SPACE = "{http://www.wipo.int/classifications/ipc/masterfiles}"


def local(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def child(element: ET.Element, *names: str) -> ET.Element | None:
    for name in names:
        element = next((c for c in element if local(c) == name), None)
        if element is None:
            return None
    return element


def text_of(element: ET.Element) -> str:
    """The text, with `<ref>` where an element without text stands for a place or a character."""
    return (element.text or "") + "".join((text_of(e) if e.text else "<ref>") + (e.tail or "") for e in element)


def written_title(entry: ET.Element) -> str:
    """The titles of the parts, without the references of each."""
    title = child(entry, "textBody", "title")
    parts = [] if title is None else [child(part, "text") for part in title if local(part) == "titlePart"]
    texts = [" ".join(text_of(part).split()) for part in parts if part is not None]
    return re.sub(r"^SECTION [A-H] <ref> ", "", "; ".join(text for text in texts if text))


def agrees(found: str, written: str) -> bool:
    """The same letters; how a place or a character within a title is written is left open here."""
    pattern = ".*".join(re.escape(squeezed(part)) for part in written.split("<ref>"))
    return re.fullmatch(pattern, squeezed(found)) is not None


def squeezed(text: str) -> str:
    """Without blanks, and with subscripts as they are in the source: as digits on the line, `_{max}` as `max`."""
    return re.sub(r"[\s_{}^]", "", unicodedata.normalize("NFKC", text))


def written_entries(entry: ET.Element, above: tuple[str, ...] = ()):
    """(symbol, kind, title, titles above) of the places below and at an `ipcEntry`."""
    title = written_title(entry)
    target = entry.get("kind") in TARGETS and bool(title)
    if target:
        yield entry.get("symbol"), entry.get("kind"), title, above
    for inner in entry:
        if local(inner) == "ipcEntry":
            yield from written_entries(inner, (*above, title) if target else above)


def written_symbol(symbol: str) -> str:
    """`A01B0001020000` to `A01B 1/02`."""
    if len(symbol) < 14:
        return symbol
    tail = symbol[8:].rstrip("0")
    return f"{symbol[:4]} {int(symbol[4:8])}/{tail:0<2}"


def entries_of(path) -> list[SchemeEntry]:
    return list(read_ipc_scheme(path.read_bytes()))


def compare(data: bytes) -> int:
    written = [row for entry in ET.fromstring(data) if local(entry) == "ipcEntry" for row in written_entries(entry)]
    found = list(read_ipc_scheme(data))
    assert [(e.symbol, e.kind) for e in found] == [(written_symbol(symbol), kind) for symbol, kind, _, _ in written]
    for entry, (_, _, title, above) in zip(found, written, strict=True):
        assert agrees(entry.title, title), (entry.symbol, entry.title, title)
        assert len(entry.path) == len(above), entry.symbol
        assert all(map(agrees, entry.path, above)), entry.symbol
    return len(found)


@pytest.mark.parametrize(("name", "language"), [("ipc_excerpt_en.xml", "en"), ("ipc_excerpt_zh.xml", "zh")])
def test_every_place_of_the_shipped_scheme_is_an_entry_with_the_titles_above_it(sample, name, language):
    data = (sample / "ipc" / name).read_bytes()
    kinds = re.findall(rb'<ipcEntry kind="(.)"', data)
    found = entries_of(sample / "ipc" / name)
    assert len(found) == sum(kind.decode() in TARGETS for kind in kinds) < len(kinds)
    assert compare(data) == len(found)
    for entry in found:
        assert entry.language == language
        assert str(Symbol(entry.symbol)) == entry.symbol


def test_titles_of_the_shipped_scheme_by_hand(sample):
    english = {e.symbol: e for e in entries_of(sample / "ipc" / "ipc_excerpt_en.xml")}
    chinese = {e.symbol: e for e in entries_of(sample / "ipc" / "ipc_excerpt_zh.xml")}
    assert set(english) == set(chinese)
    assert english["A"].title == "HUMAN NECESSITIES"
    assert chinese["A"].title == "人类生活必需"
    assert english["A01"].title == "AGRICULTURE; FORESTRY; ANIMAL HUSBANDRY; HUNTING; TRAPPING; FISHING"
    assert english["A01B"].path == (english["A"].title, english["A01"].title)
    assert english["A01B"].references == (
        "making or covering furrows or holes for sowing, planting or manuring A01C 5/00",
        "soil working for engineering purposes E01, E02, E21",
    )
    assert "A01C" not in english["A01B"].title
    assert english["H04L 9/08"].text.startswith("H04L 9/08: ELECTRICITY > ")
    assert english["H04L 9/08"].path[0] == "ELECTRICITY"
    assert len(chinese["H04L 9/08"].path) == len(english["H04L 9/08"].path)


def test_notes_guidance_and_subsection_titles_are_no_targets(sample):
    data = (sample / "ipc" / "ipc_excerpt_en.xml").read_bytes()
    kinds = {kind.decode() for kind in re.findall(rb'<ipcEntry kind="(.)"', data)}
    assert {"n", "g", "t"} <= kinds
    found = entries_of(sample / "ipc" / "ipc_excerpt_en.xml")
    assert not {"n", "g", "t", "i"} & {e.kind for e in found}
    titles = " ".join([e.title for e in found] + [title for e in found for title in e.path])
    assert "This subclass covers" not in titles


def test_symbols_that_stand_within_a_title_are_kept(sample):
    """G01N 33/00: "… not covered by groups G01N 1/00 to G01N 31/00": the groups are elements inside the title."""
    for name in ("ipc_excerpt_en.xml", "ipc_excerpt_zh.xml"):
        entry = next(e for e in entries_of(sample / "ipc" / name) if e.symbol == "G01N 33/00")
        assert "G01N 1/00" in entry.title
        assert "G01N 31/00" in entry.title


def test_entries_as_documents(sample):
    found = list(read(sample / "ipc" / "ipc_excerpt_en.xml"))
    assert all(isinstance(o, PatentDocument) for o in found)
    assert len({o.number for o in found}) == len(found)
    document = next(o for o in found if o.number == "IPC:H04L9/08@en")
    assert (document.kind, document.language, document.source.format) == ("IPC", "en", "ipc-xml")
    assert [(c.scheme, c.symbol, c.first) for c in document.classifications] == [("ipc", "H04L 9/08", True)]
    assert document.sections[0].kind == "scheme"
    assert document.sections[0].paragraphs[0].text.startswith("H04L 9/08: ELECTRICITY > ")
    assert document.titles["en"].startswith("H04L 9/08 ")


@pytest.fixture(scope="module")
def old_edition(data) -> dict[str, bytes]:
    """The files of an edition from before 1985, one for each section, class and subclass."""
    with zipfile.ZipFile(data / "ipc" / "ipc_scheme_old_en.zip") as archive:
        return {name: archive.read(name) for name in sorted(archive.namelist())}


@pytest.fixture(scope="module")
def old_entries(old_edition) -> list[SchemeEntry]:
    given: dict[str, SchemeEntry] = {}
    return [entry for data in old_edition.values() for entry in read_ipc_scheme(data, given)]


def test_each_place_of_the_old_edition_is_one_entry(old_edition, old_entries):
    written: dict[str, set[str]] = {}
    for data in old_edition.values():
        for kind, symbol in re.findall(r'<ipcEntry [^>]*?kind="(.)" symbol="(\w+)"[^>]*>\s*<textBody>\s*<title>', data.decode()):
            if kind in TARGETS:
                written.setdefault(written_symbol(symbol), set()).add(kind)
    assert len(written) == 56_196
    assert {entry.symbol: {entry.kind} for entry in old_entries} == written
    assert len(old_entries) == len(written)


def test_titles_and_paths_of_the_old_edition(old_edition):
    assert sum(compare(data) for data in list(old_edition.values())[::15]) > 3000


def test_an_old_edition_by_hand(old_entries):
    entries = {entry.symbol: entry for entry in old_entries}
    assert entries["A"].title == "HUMAN NECESSITIES"
    assert entries["A01B 1/00"].title == "Hand tools"
    assert entries["A01B 1/00"].references == ("edge trimmers for lawns A01G 3/06",)
    assert entries["A01B 1/04"].path[-2:] == ("Hand tools", "Spades; Shovels")
    assert entries["A01B 1/04"].title == "with teeth"
    assert entries["A01N 47/28"].title.endswith("the groups >N—CO—N< or >N—CS—N<")
    assert entries["A01N 39/00"].notes[0].endswith("wherein n≥2.")
    assert entries["C01B 4/00"].title.endswith("e.g. NH₃+D₂ — > NH₂D+HD")


def test_every_note_of_the_old_edition_is_at_the_place_it_is_about(old_edition, old_entries):
    def letters(text: str) -> str:
        return re.sub(r"[A-H] ?\d\d ?[A-Z]? ?(\d+/\d+)?|[^a-zA-Z]", "", unicodedata.normalize("NFKC", text))

    written: dict[str, set[str]] = {}
    for data in old_edition.values():
        for entry in ET.fromstring(data).iter("ipcEntry"):
            if entry.get("kind") == "n":
                written.setdefault(written_symbol(entry.get("symbol")), set()).add(letters("".join(entry.itertext())))
    found: dict[str, set[str]] = {}
    for entry in old_entries:
        for note in entry.notes:
            found.setdefault(entry.symbol, set()).add(letters(note))
    assert sum(map(len, written.values())) == 522
    assert found == written


def test_a_truncated_scheme_gives_what_came_before_and_one_failure(sample, tmp_path):
    data = (sample / "ipc" / "ipc_excerpt_en.xml").read_bytes()
    path = tmp_path / "cut.xml"
    path.write_bytes(data[: len(data) // 2])
    *before, last = read(path)
    assert len(before) > 50
    assert all(isinstance(o, PatentDocument) for o in before)
    assert isinstance(last, Failed)
    assert re.search(r"line \d+", last.reason)


def test_an_entry_with_a_broken_symbol_is_a_failure_and_the_next_is_read():
    body = "<textBody><title><titlePart><text>{}</text></titlePart></title></textBody>"
    xml = "<IPCScheme>" + "".join(f'<ipcEntry kind="u" symbol="{s}">{body.format(s)}</ipcEntry>' for s in ("A01B", "pump", "A01C")) + "</IPCScheme>"
    found = list(read_ipc_scheme(xml.encode()))
    assert isinstance(found[1], ReadError)
    assert [e.symbol for e in (found[0], found[2])] == ["A01B", "A01C"]


def test_scheme_xml_reads_no_file_and_expands_no_entity():
    xml = (
        '<!DOCTYPE IPCScheme [<!ENTITY out SYSTEM "file:///etc/passwd"><!ENTITY in "expanded">]><IPCScheme><ipcEntry kind="s" symbol="A">'
        "<textBody><title><titlePart><text>HUMAN &out;&in; NECESSITIES</text></titlePart></title></textBody></ipcEntry></IPCScheme>"
    )
    (entry,) = read_ipc_scheme(xml.encode())
    assert "root:" not in entry.title
    assert "expanded" not in entry.title


def titled(symbol: str, kind: str, title: str, inside: str = "") -> str:
    body = f"<textBody><title><titlePart><text>{title}</text></titlePart></title></textBody>"
    return f'<ipcEntry kind="{kind}" symbol="{symbol}" lang="EN">{body}{inside}</ipcEntry>'


def note(symbol: str, text: str) -> str:
    return f'<ipcEntry kind="n" symbol="{symbol}"><textBody><note><noteParagraph><text>{text}</text></noteParagraph></note></textBody></ipcEntry>'


def test_a_note_before_a_place_belongs_to_it_and_one_inside_to_the_place_around():
    inside = note("A01B", "Read me.") + titled("A01B0001000000", "m", "Hand tools") + note("A01B0003000000", "In 3/00 to 5/00:")
    inside += titled("A01B0003000000", "m", "Ploughs")
    found = list(read_ipc_scheme(f"<IPCScheme>{titled('A01B', 'u', 'SOIL WORKING', inside)}</IPCScheme>".encode()))
    assert [(e.symbol, e.notes) for e in found] == [("A01B", ("Read me.",)), ("A01B 1/00", ()), ("A01B 3/00", ("In 3/00 to 5/00:",))]


def test_a_place_that_several_files_repeat_is_given_once_and_again_where_a_file_tells_more():
    listing = titled("A", "s", "HUMAN NECESSITIES", titled("A01", "c", "AGRICULTURE"))
    whole = titled("A", "s", "HUMAN NECESSITIES", titled("A01", "c", "AGRICULTURE", note("A01", "A note.") + titled("A01B", "u", "SOIL WORKING")))
    given: dict[str, SchemeEntry] = {}
    found = [[e.symbol for e in read_ipc_scheme(f"<ipcEntries>{xml}</ipcEntries>".encode(), given)] for xml in (listing, whole, whole, listing)]
    assert found == [["A", "A01"], ["A01", "A01B"], [], []]
    assert given["IPC:A01@en"].notes == ("A note.",)


def test_titles_without_end_are_refused_and_the_next_is_read():
    inside = "".join(titled(f"A01B00{n}000000", "m", "tool") for n in range(10, 13))
    xml = "<IPCScheme>" + titled("A01B", "u", "word " * 5000, inside) + titled("A01C", "u", "PLANTING") + "</IPCScheme>"
    *refused, last = read_ipc_scheme(xml.encode())
    assert [str(e).partition(":")[0] for e in refused] == ["A01B", "A01B 10/00", "A01B 11/00", "A01B 12/00"]
    assert all(isinstance(e, ReadError) for e in refused)
    assert last.symbol == "A01C"


def test_entries_nested_without_end_are_refused():
    with pytest.raises(ReadError, match="line 1 of the record: Excessive depth"):
        list(read_ipc_scheme(b"<ipcEntries>" + b'<ipcEntry kind="1" symbol="A01B">' * 100_000))


def test_a_file_without_places_is_an_error():
    with pytest.raises(ReadError, match="no place of a classification"):
        list(read_ipc_scheme(b"<IPCScheme><other/></IPCScheme>"))
