"""The IPC as documents: the scheme's XML against ElementTree, and lists of titles in both languages."""

import gzip
import re
import xml.etree.ElementTree as ET
import zipfile

import pytest

from ingest import Failed, PatentDocument, SchemeEntry, read
from ingest.errors import ReadError
from ingest.scheme import looks_like_title_list, read_scheme_xml, read_title_list
from ingest.symbol import Symbol

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
    """The text, with `<ref>` where an element names another place."""
    return (element.text or "") + "".join(("<ref>" if local(e) in ("sref", "mref") else text_of(e)) + (e.tail or "") for e in element)


def written_title(entry: ET.Element) -> str:
    """The titles of the parts, without the references of each."""
    title = child(entry, "textBody", "title")
    parts = [] if title is None else [child(part, "text") for part in title if local(part) == "titlePart"]
    texts = [" ".join(text_of(part).split()) for part in parts if part is not None]
    return re.sub(r"^SECTION [A-H]\s+", "", "; ".join(text for text in texts if text))


def agrees(found: str, written: str) -> bool:
    """The same letters; how a place within a title is written is left open here."""
    pattern = ".*".join(re.escape("".join(part.split())) for part in written.split("<ref>"))
    return re.fullmatch(pattern, "".join(found.split())) is not None


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
    return list(read_scheme_xml(path.read_bytes()))


def compare(data: bytes) -> int:
    written = [row for entry in ET.fromstring(data) if local(entry) == "ipcEntry" for row in written_entries(entry)]
    found = list(read_scheme_xml(data))
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


def test_the_old_edition_of_the_scheme(data):
    with zipfile.ZipFile(data / "ipc" / "ipc_scheme_old_en.zip") as archive:
        names = sorted(archive.namelist())[::25]
        assert sum(compare(archive.read(name)) for name in names) > 1000
        a01b = {e.symbol: e for e in read_scheme_xml(archive.read("A01B.xml"))}
    assert a01b["A"].title == "HUMAN NECESSITIES"
    assert a01b["A01B 1/00"].title == "Hand tools"
    assert a01b["A01B 1/00"].references == ("edge trimmers for lawns A01G 3/06",)
    assert a01b["A01B 1/04"].path[-2:] == ("Hand tools", "Spades; Shovels")
    assert a01b["A01B 1/04"].title == "with teeth"


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
    found = list(read_scheme_xml(xml.encode()))
    assert isinstance(found[1], ReadError)
    assert [e.symbol for e in (found[0], found[2])] == ["A01B", "A01C"]


def test_scheme_xml_reads_no_file_and_expands_no_entity():
    xml = (
        '<!DOCTYPE IPCScheme [<!ENTITY out SYSTEM "file:///etc/passwd"><!ENTITY in "expanded">]><IPCScheme><ipcEntry kind="s" symbol="A">'
        "<textBody><title><titlePart><text>HUMAN &out;&in; NECESSITIES</text></titlePart></title></textBody></ipcEntry></IPCScheme>"
    )
    (entry,) = read_scheme_xml(xml.encode())
    assert "root:" not in entry.title
    assert "expanded" not in entry.title


ENGLISH_LIST = """id\ttitle
A\tHUMAN NECESSITIES
A01\tAGRICULTURE; FORESTRY
A01B\tSOIL WORKING IN AGRICULTURE (making holes for sowing A01C0005000000;soil working for engineering purposes E01, E02)
A01B 1\tHand tools (edge trimmers for lawns A01G0003060000)
A01B 1/02\tSpades; Shovels (of any kind)
"""
CHINESE_LIST = """A\t人类生活必需
A01\t农业；林业
A01B\t农业或林业的整地；一般农业机械（用于 播种的开挖沟穴入A01C5/00；工程目的的整地入E01，E02）
A01B1/00\t手动工具（草坪修整机入A01G3/06）
A01B1/02\t锹；铲
"""


def test_an_english_list_of_titles():
    entries = list(read_title_list(ENGLISH_LIST.encode()))
    assert [(e.symbol, e.kind, e.title) for e in entries] == [
        ("A", "s", "HUMAN NECESSITIES"),
        ("A01", "c", "AGRICULTURE; FORESTRY"),
        ("A01B", "u", "SOIL WORKING IN AGRICULTURE"),
        ("A01B 1/00", "m", "Hand tools"),
        ("A01B 1/02", "1", "Spades; Shovels (of any kind)"),
    ]
    assert entries[4].path == ("HUMAN NECESSITIES", "AGRICULTURE; FORESTRY", "SOIL WORKING IN AGRICULTURE", "Hand tools")
    assert entries[3].references == ("edge trimmers for lawns A01G0003060000",)
    assert {e.language for e in entries} == {"en"}


def test_a_chinese_list_of_titles():
    entries = list(read_title_list(CHINESE_LIST.encode()))
    assert [(e.symbol, e.title) for e in entries][2:] == [
        ("A01B", "农业或林业的整地；一般农业机械"),
        ("A01B 1/00", "手动工具"),
        ("A01B 1/02", "锹；铲"),
    ]
    assert entries[4].path == ("人类生活必需", "农业；林业", "农业或林业的整地；一般农业机械", "手动工具")
    assert entries[3].references == ("草坪修整机入A01G3/06",)
    assert {e.language for e in entries} == {"zh"}


def test_a_line_that_is_no_title_is_a_failure_that_names_it(tmp_path):
    path = tmp_path / "titles.tsv"
    good = ["A\tHUMAN NECESSITIES", *(f"A{n:02d}\tCLASS {n}" for n in range(1, 8))]
    path.write_text("\n".join([*good, "pump\tno symbol", "A09", "A10\tPLANTING", ""]))
    found = list(read(path))
    assert [o.number for o in found if isinstance(o, PatentDocument)] == ["IPC:A@en", *(f"IPC:A{n:02d}@en" for n in range(1, 8)), "IPC:A10@en"]
    failed = [o.reason for o in found if isinstance(o, Failed)]
    assert len(failed) == 2
    assert failed[0].startswith("line 9:")
    assert failed[1].startswith("line 10:")


def test_what_is_a_list_of_titles():
    assert looks_like_title_list(ENGLISH_LIST)
    assert looks_like_title_list(CHINESE_LIST)
    assert not looks_like_title_list("A pump\nwith a seal\n")
    assert not looks_like_title_list("name\tvalue\npump\t1\n")
    assert not looks_like_title_list("")


def test_the_chinese_ipc_of_2026(data):
    lines = gzip.decompress((data / "ipc" / "ipc_2026_zh.tsv.gz").read_bytes()).decode().splitlines()
    found = list(read(data / "ipc" / "ipc_2026_zh.tsv.gz"))
    assert len(found) == len(lines) == 77240
    failed = [o for o in found if isinstance(o, Failed)]
    broken = [n for n, row in enumerate(lines, start=1) if not re.match(r"[A-H](\d\d([A-Z](\d{1,4}/\d{2,6})?)?)?\t\S", row)]
    assert [int(re.match(r"line (\d+)", o.reason)[1]) for o in failed] == broken
    by_number = {o.number: o for o in found if isinstance(o, PatentDocument)}
    assert by_number["IPC:A01B1/02@zh"].title == "A01B 1/02 锹；铲"
    assert (
        by_number["IPC:H04L9/08@zh"]
        .sections[0]
        .paragraphs[0]
        .text.startswith("H04L 9/08: 电学 > 电通信技术 > 数字信息的传输，例如电报通信 > 保密或安全通信装置")
    )


@pytest.mark.parametrize(("name", "language"), [("20190101/labels_group_id_6.tsv", "en"), ("20210101_fr/labels_group_id_6.tsv", "fr")])
def test_lists_of_main_groups_in_english_and_french(data, name, language):
    path = data / "ipc" / "titles" / name
    lines = [row for row in path.read_text().splitlines()[1:] if row.strip()]
    found = list(read(path))
    assert len(found) == len(lines)
    assert {o.language for o in found} == {language}
    assert [o.classifications[0].symbol for o in found] == [f"{row.split(chr(9))[0]}/00" for row in lines]
