"""Archives as they are packed in practice, and as somebody with bad intentions packs them."""

import gzip
import io
import struct
import tarfile
import zipfile
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest import Failed, Skipped, archives
from ingest.archives import open_stream
from ingest.records import HEAD, Record, Rewound

XML = b"<?xml version='1.0'?><a>x</a>"
OTHER = b"<?xml version='1.0'?><b>y</b>"


def opened(data: bytes) -> list[tuple[str, str]]:
    """The paths of the pieces, and their data or what became of them."""
    found = []
    for piece in open_stream(io.BytesIO(data), "f"):
        if isinstance(piece, Record):
            found.append((piece.path, piece.data.decode("utf-8", "replace")))
        else:
            assert isinstance(piece, Failed | Skipped)
            said = piece.reason if isinstance(piece, Failed) else piece.what
            assert said
            assert len(said.splitlines()) == 1
            found.append((piece.path, said))
    return found


def zipped(members: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return stream.getvalue()


def tarred(members: dict[str, bytes], **options) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", **options) as archive:
        for name, data in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return stream.getvalue()


BOTH = [("f!a.xml", XML.decode()), ("f!b/c.xml", OTHER.decode())]


@pytest.mark.parametrize("pack", [zipped, tarred, lambda m: zipped(m, zipfile.ZIP_STORED), lambda m: gzip.compress(tarred(m))])
def test_members_are_named_by_archive_and_path(pack):
    assert opened(pack({"a.xml": XML, "b/c.xml": OTHER})) == BOTH


@pytest.mark.parametrize("format", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_every_format_of_tar(format):
    assert opened(tarred({"a.xml": XML, "b/c.xml": OTHER}, format=format)) == BOTH


def test_a_zip_is_read_in_the_order_of_names_and_a_tar_as_it_comes():
    members = {"b.xml": OTHER, "a.xml": XML}
    assert [path for path, _ in opened(zipped(members))] == ["f!a.xml", "f!b.xml"]
    assert [path for path, _ in opened(tarred(members))] == ["f!b.xml", "f!a.xml"]


@pytest.mark.parametrize("outer", [zipped, tarred, lambda m: gzip.compress(tarred(m))])
@pytest.mark.parametrize("inner", [zipped, tarred, lambda m: gzip.compress(m["a.xml"])])
def test_an_archive_in_an_archive(outer, inner):
    found = opened(outer({"in": inner({"a.xml": XML}), "z.xml": OTHER}))
    assert [text for _, text in found] == [XML.decode(), OTHER.decode()]
    assert found[0][0] in ("f!in!a.xml", "f!in")


@pytest.mark.parametrize("outer", [zipped, tarred])
def test_a_word_file_in_an_archive_is_one_record(outer):
    word = zipped({"[Content_Types].xml": b"<a/>", "word/document.xml": b"<b/>"})
    (record,) = open_stream(io.BytesIO(outer({"a.docx": word})), "f")
    assert record == Record("docx", "f!a.docx", 0, word)


@pytest.mark.parametrize(
    ("name", "said"),
    [("xl/workbook.xml", "Excel"), ("ppt/presentation.xml", "PowerPoint"), ("META-INF/container.xml", "EPUB"), ("mimetype", "OpenDocument")],
)
def test_office_files_that_are_not_read_say_so(name, said):
    ((_, reason),) = opened(zipped({name: b"<a/>", "other.xml": XML}))
    assert said in reason


@pytest.mark.parametrize("data", [b"", b" \n", b"\r\n" * 9000])
def test_an_empty_file(data):
    (failure,) = opened(data)
    assert "empty" in failure[1] or not data.strip()


def test_gzip_of_several_members_is_one_stream():
    assert [text for _, text in opened(gzip.compress(XML) + gzip.compress(OTHER))] == [XML.decode(), OTHER.decode()]


def test_a_method_of_compression_that_is_not_read_is_named():
    found = opened(zipped({"a.xml": XML}, zipfile.ZIP_LZMA))
    assert "method 14" in found[0][1]
    assert "deflate" in found[0][1]


def test_names_that_are_not_unicode_can_be_stored_and_printed():
    data = tarred({"xxxx.xml": XML})
    data = data.replace(b"xxxx.xml", b"\xff\xfexx.xml", 1)
    checksum = sum(data[:148]) + 8 * 32 + sum(data[156:512])
    data = data[:148] + b"%06o\0 " % checksum + data[156:]
    ((path, text),) = opened(data)
    assert text == XML.decode()
    assert path.encode()  # no half of a surrogate pair


# hostile


def test_a_sparse_member_of_a_tar_is_refused_whatever_it_claims_to_be():
    """A header of 512 bytes that stands for 8 GiB of zeros after the words."""
    header = bytearray(tarfile.TarInfo("zeros.xml").tobuf(tarfile.GNU_FORMAT))
    header[124:136] = b"%011o\0" % 512
    header[156:157] = tarfile.GNUTYPE_SPARSE
    header[386:410] = b"%011o\0" % 0 + b"%011o\0" % 512
    header[483:495] = b"\x80" + (8 << 50).to_bytes(11, "big")
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    data = bytes(header) + XML.ljust(512) + tarred({"a.xml": OTHER})
    assert opened(data) == [("f!zeros.xml", "a sparse member; pack it without --sparse"), ("f!a.xml", OTHER.decode())]


def test_a_member_whose_stated_size_is_a_lie():
    """10 GB by its directory, some bytes in the file; and 10 bytes by its directory, 1 MB in the file."""
    data = bytearray(zipped({"a.xml": XML, "b.xml": OTHER}, zipfile.ZIP_STORED))
    entry = data.index(b"PK\x01\x02")
    struct.pack_into("<I", data, entry + 24, 0xFFFF_FFF0)
    found = opened(bytes(data))
    assert "bomb" in found[0][1]
    assert found[1] == ("f!b.xml", OTHER.decode())
    data = bytearray(zipped({"a.xml": XML * 40_000, "b.xml": OTHER}))
    struct.pack_into("<I", data, data.index(b"PK\x01\x02") + 24, 10)
    found = opened(bytes(data))
    assert all(len(text) < 1000 for _, text in found)
    assert found[-1] == ("f!b.xml", OTHER.decode())


def test_members_that_overlap_count_by_what_they_unpack_to():
    """Forty entries of the directory over one member of 20 MiB."""
    data = zipped({"a.xml": b"<?xml version='1.0'?>" + b" " * (20 << 20)})
    start = data.index(b"PK\x01\x02")
    end = data.index(b"PK\x05\x06")
    directory = data[start:end] * 40
    tail = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 40, 40, len(directory), start, 0)
    ((path, reason),) = opened(data[:start] + directory + tail)
    assert path == "f"
    assert "bomb" in reason


def test_bombs_in_one_another_stop_at_the_first_that_is_out_of_proportion():
    bomb = gzip.compress(bytes(100 << 20), 9)
    found = opened(zipped({"1.gz": bomb, "2.gz": gzip.compress(bomb), "3.xml": XML}))
    assert found[-1] == ("f!3.xml", XML.decode())
    assert len(found) == 3
    assert all("bomb" in text or "not a format" in text for _, text in found[:2])


def test_a_word_file_that_is_a_bomb():
    ((_, reason),) = opened(zipped({"word/document.xml": bytes(70 << 20)}))
    assert "bomb" in reason


def test_a_file_of_zip_headers_alone_is_a_failure():
    for data in (b"PK\x03\x04", b"PK\x05\x06", b"PK\x03\x04" * 10_000, b"PK\x05\x06" + bytes(18) + b"PK\x05\x06"):
        ((path, _),) = opened(data)
        assert path == "f"


@pytest.mark.parametrize("field", [16, 20, 24, 42])
@pytest.mark.parametrize("value", [0, 1, 0x7FFF_FFFF, 0xFFFF_FFFE, 0xFFFF_FFFF])
def test_any_number_in_the_directory_of_a_zip(field, value):
    """Checksum, sizes and the place of a member; the last value asks for a 64-bit field, which is not there."""
    data = bytearray(zipped({"a.xml": XML, "b.xml": OTHER}))
    struct.pack_into("<I", data, data.index(b"PK\x01\x02") + field, value)
    found = opened(bytes(data))
    assert found
    assert found[-1] == ("f!b.xml", OTHER.decode()) or found[0][0] == "f"


def test_numbers_of_64_bits_in_a_zip():
    for number in (2**63 - 1, 2**63, 2**64 - 1):
        data = bytearray(zipped({"a.xml": XML}))
        entry, end = data.index(b"PK\x01\x02"), data.index(b"PK\x05\x06")
        struct.pack_into("<I", data, entry + 42, 0xFFFF_FFFF)
        struct.pack_into("<H", data, entry + 30, 12)
        struct.pack_into("<I", data, end + 12, end - entry + 12)
        data[end:end] = struct.pack("<HHQ", 1, 8, number)
        assert "broken" in opened(bytes(data))[0][1]


@pytest.mark.parametrize("map_", ["1,x", "1", "," * 10_000, "-1,-1"])
def test_a_map_of_holes_that_is_none(map_):
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT) as archive:
        member = tarfile.TarInfo("a.xml")
        member.size = len(XML)
        member.pax_headers = {"GNU.sparse.map": map_, "GNU.sparse.major": "0", "GNU.sparse.size": "10000000000"}
        archive.addfile(member, io.BytesIO(XML))
    ((_, said),) = opened(stream.getvalue())
    assert "broken tar" in said or "sparse" in said


@settings(deadline=None, derandomize=True, max_examples=300)
@given(
    kind=st.sampled_from(["zip", "tar", "gz", "tgz"]),
    at=st.integers(0, 10_000),
    bytes_=st.binary(min_size=1, max_size=12),
    cut=st.none() | st.integers(0, 2000),
)
def test_damaged_archives_give_something_and_never_an_exception(kind, at, bytes_, cut):
    members = {"a.xml": XML, "b.xml": OTHER}
    whole = {"zip": zipped(members), "tar": tarred(members), "gz": gzip.compress(XML), "tgz": gzip.compress(tarred(members))}[kind]
    data = bytearray(whole)
    data[at % len(data) : at % len(data) + len(bytes_)] = bytes_
    assert opened(bytes(data[:cut])) or not bytes(data[:cut]).strip()


def test_broken_deflate_inside_gzip():
    data = gzip.compress(zlib.compress(bytes(100)) + XML * 1000)
    assert opened(data[:20] + b"\xff" * 10 + data[30:])


def test_the_head_is_put_back():
    data = bytes(range(256)) * 100
    stream = io.BytesIO(data)
    again = Rewound(stream.read(HEAD), stream)
    assert b"".join(iter(lambda: again.read(1000), b"")) == data


def test_the_limits_are_those_that_are_documented():
    assert archives.DEPTH_LIMIT == 4
    assert archives.RATIO_LIMIT == 400
