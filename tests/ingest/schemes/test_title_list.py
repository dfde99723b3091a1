"""Lists of IPC titles in English, French and Chinese, and what is not one."""

import gzip
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest import Failed, PatentDocument, SchemeEntry, read
from ingest.errors import ReadError
from ingest.schemes.title_list import looks_like_title_list, read_title_list

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
        ("A01B 1/02", "", "Spades; Shovels (of any kind)"),
    ]
    assert entries[4].path == ("HUMAN NECESSITIES", "AGRICULTURE; FORESTRY", "SOIL WORKING IN AGRICULTURE", "Hand tools")
    assert entries[3].references == ("edge trimmers for lawns A01G 3/06",)
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


@pytest.fixture(scope="module")
def chinese(data) -> list[list[str]]:
    """The rows of the list, as the file has them."""
    text = gzip.decompress((data / "ipc" / "ipc_2026_zh.tsv.gz").read_bytes()).decode()
    return [row.split("\t") for row in text.split("\n") if row]


@pytest.fixture(scope="module")
def chinese_entries(data) -> list[SchemeEntry | ReadError]:
    return list(read_title_list(gzip.decompress((data / "ipc" / "ipc_2026_zh.tsv.gz").read_bytes())))


def test_the_chinese_ipc_of_2026(chinese, chinese_entries):
    found = chinese_entries
    assert len(found) == len(chinese) == 77_240
    broken = [n for n, (symbol, _) in enumerate(chinese, start=1) if not re.fullmatch(r"[A-H](\d\d([A-Z](\d{1,4}/\d{2,6})?)?)?", symbol)]
    assert [int(re.match(r"line (\d+)", str(e))[1]) for e in found if isinstance(e, ReadError)] == broken
    assert len(broken) == 5
    titles = {symbol for symbol, _ in chinese}
    read = {e.symbol.replace(" ", ""): e.title for e in found if isinstance(e, SchemeEntry)}
    for entry, (symbol, written) in zip(found, chinese, strict=True):
        if isinstance(entry, ReadError):
            continue
        assert entry.symbol.replace(" ", "") == symbol
        assert entry.language == "zh"
        assert entry.title
        above = [symbol[:1], symbol[:3], symbol[:4], f"{symbol.partition('/')[0]}/00"]
        above = [each for each in dict.fromkeys(above) if each in titles and each != symbol and symbol.startswith(each.partition("/")[0])]
        assert entry.path == tuple(read[each] for each in above), symbol
        if not re.search(r"[(（\[〔)）]", written):
            assert squeezed(entry.title) == squeezed(written).rstrip("；")
            assert not entry.references


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def test_nothing_of_a_chinese_title_is_lost_but_the_editions(chinese, chinese_entries):
    edition = re.compile(r"[(){}（）；;\s]|[\[〔]([\d.]+[,，]\s?)*(20\d{6}|20\d\d\.\d\d)[\]〕]?|[\[〔]\d{1,2}([，,]\s?\d{1,2})*[\]〕](?!-)")
    lost = []
    for entry, (symbol, written) in zip(chinese_entries, chinese, strict=True):
        if isinstance(entry, SchemeEntry):
            arrived = re.sub(r"[(){}（）；;\s]", "", entry.title + "".join(entry.references))
            if sorted(arrived) != sorted(edition.sub("", written)):
                lost.append(symbol)
    assert lost == ["B81", "G01S1/38"]  # where a number in brackets stays, because it is not the last word


def test_places_of_the_chinese_ipc_by_hand(chinese_entries):
    entries = {e.number: e for e in chinese_entries if isinstance(e, SchemeEntry)}
    assert entries["IPC:A01B1/02@zh"].title == "锹；铲"
    assert entries["IPC:H04L9/08@zh"].text.startswith("H04L 9/08: 电学 > 电通信技术 > 数字信息的传输，例如电报通信 > 保密或安全通信装置")
    assert entries["IPC:H10F77/10@zh"].title == "半导体主体"
    assert entries["IPC:H10F39/15@zh"].title == "电荷耦合器件[CCD]图像传感器"
    assert entries["IPC:H10N10/853@zh"].references == ("H10N10/852优先",)


@pytest.mark.parametrize(("name", "language"), [("20190101/labels_group_id_6.tsv", "en"), ("20210101_fr/labels_group_id_6.tsv", "fr")])
def test_lists_of_main_groups_in_english_and_french(data, name, language):
    path = data / "ipc" / "titles" / name
    lines = [row for row in path.read_text().splitlines()[1:] if row.strip()]
    found = list(read_title_list(path.read_bytes()))
    assert [e.symbol for e in found] == [f"{row.partition(chr(9))[0]}/00" for row in lines]
    assert {e.language for e in found} == {language}
    assert not [e.symbol for e in found if re.search(r"\([^()]*[A-H]\d\d[A-Z]", e.title)]


@pytest.mark.parametrize(("folder", "levels"), [("20210101_fr", 3), ("20210101", 2), ("20220101", 2), ("20190101", 2)])
def test_lists_of_one_folder_know_the_titles_of_each_other(data, folder, levels):
    known: dict[str, SchemeEntry] = {}
    lists = [list(read_title_list(path.read_bytes(), known)) for path in sorted((data / "ipc" / "titles" / folder).glob("*.tsv"))]
    assert len(lists) == levels
    titles = {e.symbol: e.title for entries in lists for e in entries}
    for entry in lists[-1]:
        above = (entry.symbol[:1], entry.symbol[:3], entry.symbol[:4])
        assert entry.path == tuple(titles[symbol] for symbol in above if symbol in titles)
        assert len(entry.path) == levels - 1


def test_a_compressed_list_gives_documents(data):
    found = list(read(data / "ipc" / "titles" / "20210101_fr" / "labels_group_id_3.tsv"))
    assert len(found) == 131
    assert {(o.language, o.kind) for o in found} == {("fr", "IPC")}


def test_editions_are_no_part_of_a_title():
    rows = [
        ("A01B 1/00", "Hand tools [2006.01]"),
        ("A01B 1/02", "Spades [3,5] (with edges A01B 1/16)"),
        ("A01B 1/04", "with teeth [20250101"),
        ("C07D 1/00", "1-azabicyclo [3.2.0] heptanes, benz [g] indolo [2, 3-a]"),
        ("A01B 1/06", "Hoes [1,2006.01]"),
        ("A01B 1/10", "二环〔3.2.0〕庚烷〔3〕；〔1,5〕-二氮杂萘〔2，2012.01〕"),
        ("A01B 1/08", "light-emitting diodes [LED]"),
    ]
    found = list(read_title_list("\n".join("\t".join(row) for row in rows).encode()))
    assert "; ".join(e.title for e in found) == (
        "Hand tools; Spades; with teeth; 1-azabicyclo [3.2.0] heptanes, benz [g] indolo [2, 3-a]; Hoes; "
        "二环〔3.2.0〕庚烷；〔1,5〕-二氮杂萘; light-emitting diodes [LED]"
    )


def test_a_row_of_the_names_of_columns_is_no_entry_and_a_broken_first_row_is_a_failure():
    assert [e.symbol for e in read_title_list("分类号\t名称\nA\t人类生活必需\n".encode())] == ["A"]
    broken, entry = read_title_list(b"A01Q1\nA01B\tSOIL WORKING\n")
    assert isinstance(broken, ReadError)
    assert str(broken).startswith("line 1:")
    assert entry.symbol == "A01B"


@settings(deadline=None, derandomize=True, max_examples=300)
@given(st.text(alphabet="A01BH4L/2 \t\n\r()（）[]〔〕;；的a", max_size=200).map(str.encode) | st.binary(max_size=200))
def test_any_bytes_give_entries_or_errors_for_their_lines(data):
    try:
        found = list(read_title_list(data))
    except ReadError as error:
        assert "no place of a classification" in str(error)
        found = []
    lines = [line for line in data.decode("utf-8-sig", "replace").split("\n") if line.strip()]
    assert len(found) <= len(lines) <= len(found) + 2
    assert all(e.title and e.symbol for e in found if isinstance(e, SchemeEntry))
