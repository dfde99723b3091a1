"""What the first bytes of a stream are taken for, and where its records are cut."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest import Failed, PatentDocument, Skipped, read, records
from ingest.archives import open_stream
from ingest.records import CHUNK, HEAD, BombError, Record, Rewound, records_of, root_name, split

BOM = b"\xef\xbb\xbf"
XML = b'<?xml version="1.0" encoding="UTF-8"?>\n'
GRANT = XML + b'<!DOCTYPE us-patent-grant SYSTEM "a.dtd" [ ]>\n<us-patent-grant>x</us-patent-grant>\n'
PATDOC = b'<!DOCTYPE PATDOC PUBLIC "-//USPTO//DTD ST.32//EN">\n<PATDOC><SDOBI>1</SDOBI></PATDOC>\n'
PATENT = b"PATN\r\nWKU  039327099\r\nTTL  Pump\r\n"


class Dribble:
    """A stream that gives as many bytes at a time as it is told to."""

    def __init__(self, data: bytes, size: int) -> None:
        self._stream, self._size = io.BytesIO(data), size

    def read(self, size: int) -> bytes:
        return self._stream.read(min(size, self._size))


class Torn(Dribble):
    """A stream that ends with an error."""

    def __init__(self, data: bytes, error: Exception) -> None:
        super().__init__(data, CHUNK)
        self._error = error

    def read(self, size: int) -> bytes:
        if chunk := super().read(size):
            return chunk
        raise self._error


def told(data: bytes) -> list[records.Piece]:
    head = data[:HEAD]
    return list(records_of(Rewound(head, io.BytesIO(data[HEAD:])), head, "f"))


def forms(data: bytes) -> list[str]:
    return [piece.form if isinstance(piece, Record) else type(piece).__name__ for piece in told(data)]


@pytest.mark.parametrize(
    ("form", "data"),
    [
        ("xml", GRANT),
        ("xml", BOM + b"\n \r\n" + GRANT),
        ("xml", b"<us-patent-grant/>"),
        ("xml", b"<business:PatentDocumentAndRelated xmlns:business='b'/>"),
        ("xml", b"<!-- <html> --><jp-official-gazette/>"),
        ("xml", PATDOC),
        ("xml", b"<!doctype PATDOC>" + b"<PATDOC/>"),
        ("xml", b"<definitions/>"),
        ("scheme", XML + b"<IPCScheme/>"),
        ("scheme", XML + b"<class-scheme/>"),
        ("scheme", XML + b"<definitions><definition-item/></definitions>"),
        ("scheme", b"<ipcEntry kind='s'/>"),
        ("html", b"<!DOCTYPE html><title>Pump</title>"),
        ("html", b"<!-- a page -->\n<!DOCTYPE html>\nPump"),
        ("html", b"<!doctype HTML PUBLIC '-//W3C//DTD HTML 4.01//EN'>\n<HTML><p>Pump</HTML>"),
        ("html", XML + b'<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "x.dtd"><html xmlns="h"/>'),
        ("html", b"<html>"),
        ("html", b"\n<HEAD><title>a</title>"),
        ("html", b"<body class='x'>a"),
        ("html", b"<!-- saved from a page --><html>"),
        ("json", b'{"number": "US1A"}'),
        ("json", BOM + b'\n{"number": "US1A"}'),
        ("json", b"[1, 2]"),
        ("greenbook", PATENT),
        ("pdf", b"%PDF-1.7\n"),
        ("pdf", b"\x00junk before\n%PDF-1.4\n"),
        ("titles", b"A\tHUMAN NECESSITIES\nA01\tAGRICULTURE\n"),
        ("titles", "id\ttitle\nA01B 1/00\t手工工具\n".encode()),
        ("text", b"US 1,000 A\n\nWhat is claimed is:\n1. A pump.\n"),
        ("text", "一种泵，其特征在于".encode("gb18030")),
        ("text", b"PATN is not a line of its own here"),
        ("text", b"a page\x0cand the next"),
    ],
)
def test_the_content_tells_the_form(form, data):
    (record,) = told(data)
    assert isinstance(record, Record)
    assert (record.form, record.path) == (form, "f")
    assert record.data == data[record.offset :]
    assert not data[: record.offset].strip(BOM + b" \r\n")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\x00\x01\x02\x03 unknown", "not a format that is read"),
        (b"text with \x00 in it", "not a format that is read"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ".doc"),
        (b"{\\rtf1\\ansi}", "Rich Text"),
        (b"7z\xbc\xaf\x27\x1c", "7z"),
        (b"Rar!\x1a\x07", "RAR"),
        (b"BZh91AY", "bzip2"),
        (b"\xfd7zXZ\x00", "xz"),
    ],
)
def test_what_is_not_read_says_what_to_do(data, said):
    (failed,) = told(data)
    assert isinstance(failed, Failed)
    assert said in failed.reason
    assert (failed.path, failed.offset) == ("f", 0)


@pytest.mark.parametrize("data", [b"II*\x00", b"MM\x00*", b"\x89PNG\r\n", b"\xff\xd8\xff\xe0", b"GIF89a", b"BM\x00\x00"])
def test_pictures_are_skipped(data):
    assert told(data + bytes(30)) == [Skipped("f", 0, "picture")]


@pytest.mark.parametrize("data", [b"<!ELEMENT a (b)>", XML + b"<!-- a DTD --><!ENTITY % x 'y'>", b"<!ATTLIST a b CDATA #IMPLIED>"])
def test_a_dtd_is_skipped(data):
    assert told(data) == [Skipped("f", 0, "DTD")]


def test_a_word_file_is_one_record_and_not_its_members(docx_file):
    (record,) = open_stream(io.BytesIO(docx_file), "a.docx")
    assert record == Record("docx", "a.docx", 0, docx_file)


@pytest.fixture
def docx_file() -> bytes:
    import docx

    document = docx.Document()
    document.add_paragraph("A pump.")
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


# concatenations


@pytest.mark.parametrize("size", [1, 3, 7, 64, CHUNK])
def test_records_are_cut_where_the_next_begins_however_the_stream_is_chunked(size):
    data = GRANT + BOM + GRANT + b"\n\n" + BOM + XML + b"<other/>"
    pieces = list(split(Dribble(data, size), records._DECLARATION))
    assert [offset for offset, _ in pieces] == [0, len(GRANT), 2 * len(GRANT) + 5]
    assert b"".join(piece for _, piece in pieces) == data
    assert [piece.startswith(BOM) for _, piece in pieces] == [False, True, True]


def test_documents_without_declarations_begin_with_their_document_types():
    data = PATDOC * 3
    assert [(r.offset, r.data) for r in told(data)] == [(n * len(PATDOC), PATDOC) for n in range(3)]


def test_a_document_type_after_a_declaration_does_not_cut():
    assert [r.offset for r in told(GRANT * 3)] == [0, len(GRANT), 2 * len(GRANT)]


def test_the_patents_of_a_greenbook_week():
    header = b"HHHHHT  APS1 ISSUE - 760106\r\n"
    assert [(r.offset, r.data) for r in told(header + PATENT * 3)] == [(0, header)] + [(len(header) + n * len(PATENT), PATENT) for n in range(3)]


def test_blank_lines_between_json_lines_are_no_records():
    data = b'{"a": 1}\n\n \r\n{"b": 2}\n{"c": 3}'
    assert [(r.offset, r.data.strip()) for r in told(data)] == [(0, b'{"a": 1}'), (13, b'{"b": 2}'), (22, b'{"c": 3}')]


@given(
    pieces=st.lists(st.sampled_from([XML, BOM, b"<?xml", b"<?xml-stylesheet?>", b"\n", b"<a>x</a>", b"?xml ", b" "]), max_size=30),
    size=st.integers(1, 40),
)
def test_nothing_but_blank_is_lost_in_cutting(pieces, size):
    data = b"".join(pieces)
    found = list(split(Dribble(data, size), records._DECLARATION))
    for offset, piece in found:
        assert data[offset : offset + len(piece)] == piece
    covered = {offset + i for offset, piece in found for i in range(len(piece))}
    assert all(data[i : i + 1] in (b" ", b"\n") or data[i] in BOM for i in set(range(len(data))) - covered)
    assert found == list(split(Dribble(data, CHUNK), records._DECLARATION))


@pytest.mark.parametrize("back", range(-8, 9))
def test_a_declaration_across_the_border_of_two_chunks(back):
    first = b"<a>" + b"x" * (CHUNK - 3 + back)
    assert [offset for offset, _ in split(io.BytesIO(first + BOM + GRANT), records._DECLARATION)] == [0, len(first)]


def test_a_record_over_the_limit_is_none_and_those_around_it_are_whole(monkeypatch):
    monkeypatch.setattr(records, "RECORD_LIMIT", 2 * CHUNK)
    long = XML + b"<a>" + b"x" * (5 * CHUNK) + b"</a>"
    found = list(split(io.BytesIO(GRANT + long + BOM + GRANT), records._DECLARATION))
    assert found == [(0, GRANT), (len(GRANT), None), (len(GRANT + long), BOM + GRANT)]


def test_a_stream_that_breaks_off_gives_what_came_before():
    pieces = split(Torn(GRANT + GRANT[:40], OSError("torn")), records._DECLARATION)
    assert next(pieces) == (0, GRANT)
    assert next(pieces) == (len(GRANT), GRANT[:40])
    with pytest.raises(OSError, match="torn"):
        next(pieces)


def test_of_a_bomb_the_piece_at_which_it_was_found_out_is_dropped():
    pieces = split(Torn(GRANT + GRANT[:40], BombError("bomb")), records._DECLARATION)
    assert next(pieces) == (0, GRANT)
    with pytest.raises(BombError):
        next(pieces)


def test_the_name_of_the_root():
    assert root_name(GRANT) == "us-patent-grant"
    assert root_name(b"<a:b.c-d xmlns:a='x'>") == "b.c-d"
    assert root_name(b"<!-- <no/> --><?pi no?><yes/>") == "yes"
    assert root_name(b"<!-- <no/>") == ""
    assert root_name(b"no markup") == ""


# UTF-16


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-16-be with a mark"])
@pytest.mark.parametrize("declared", [' encoding="UTF-16"', " encoding = 'utf-16le'", ""])
def test_xml_in_utf_16_is_the_same_document(sample, tmp_path, encoding, declared):
    path = sample / "zh" / "CN199000001A.xml"
    text = path.read_text().replace(' encoding="UTF-8"', declared, 1)
    assert (declared or "?>") in text[:60]
    data = ("\ufeff" + text).encode("utf-16-be") if encoding.endswith("mark") else text.encode(encoding)
    (tmp_path / "wide.xml").write_bytes(data + data)
    first, second = read(tmp_path / "wide.xml")
    (known,) = read(path)
    assert isinstance(known, PatentDocument)
    assert first.model_copy(update={"source": known.source}) == second.model_copy(update={"source": known.source}) == known


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("html", "<!DOCTYPE html><meta charset='utf-16'><p>泵"),
        ("json", '{"number": "US1A", "titles": {"zh": "泵"}}\n{"number": "US2A", "titles": {"zh": "泵"}}'),
        ("titles", "A01B 1/00\t手工工具\nA01B 1/02\t锹\n"),
        ("scheme", "<?xml version='1.0' encoding='UTF-16'?>\n<IPCScheme/>"),
    ],
)
def test_other_forms_in_utf_16(form, text):
    found = told(text.encode("utf-16"))
    assert {piece.form for piece in found if isinstance(piece, Record)} == {form}
    assert len(found) == (2 if form == "json" else 1)
    assert b"UTF-16" not in b"".join(piece.data for piece in found if isinstance(piece, Record))


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_json_in_utf_16_without_a_mark(encoding):
    assert [piece.data.strip() for piece in told('{"a": "泵"}\n{}\n'.encode(encoding)) if isinstance(piece, Record)] == [
        '{"a": "泵"}'.encode(),
        b"{}",
    ]


def test_plain_text_in_utf_16_stays_as_it_is():
    data = "一种泵，其特征在于。".encode("utf-16")
    assert told(data) == [Record("text", "f", 0, data)]


def test_utf_16_that_breaks_off_inside_a_character(sample):
    data = "<?xml version='1.0'?><a>泵</a>".encode("utf-16")[:-1]
    (record,) = told(data)
    assert isinstance(record, Record)
    assert record.data.decode().startswith("<?xml version='1.0'?><a>泵</a")
