"""From paths to documents: files, folders, zip archives and gzip, chosen by content, streamed record by record.

A record is the smallest piece that a reader takes: one XML document of a concatenation, one line of JSON, one list of
titles. Whatever becomes of it is yielded: a `PatentDocument`, a `Skipped` (not a patent, and what it is), or a
`Failed` (what is wrong, and where). A bad record never ends the stream.
"""

import gzip
import io
import os
import re
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from lxml import etree
from pydantic import ValidationError

from ingest.document import PatentDocument, Source
from ingest.errors import ReadError, first_problem
from ingest.json_lines import read_json_line
from ingest.scheme import SchemeEntry, looks_like_title_list, read_scheme_xml, read_title_list
from ingest.xml_text import local_name, parse_xml

RECORD_LIMIT = 256 << 20
"""A record longer than this many bytes is not read: no patent is."""
MEMBER_LIMIT = 8 << 30
RATIO_LIMIT = 400
"""An archive member that unpacks to over 8 GiB, or to over 400 times its size and over 64 MiB, is not read."""
DEPTH_LIMIT = 4
"""How deep archives are opened: zip and tar count 2, gzip 1, so that a tar.gz in a zip is read, and a zip in a zip in a zip is not."""
_CHUNK = 1 << 20
_TOO_DEEP = "an archive in an archive in an archive; unpack the outer one first"
_TOO_LONG = ReadError("a record of over 256 MiB; split the file")
_DECLARATION = re.compile(rb"(?:\xef\xbb\xbf)?<\?xml[ \t\r\n]")
_ROOT = re.compile(rb"<(?![?!])(?:[\w.-]+:)?([\w.-]+)")


@dataclass(frozen=True)
class Skipped:
    """A record that is not a patent document: `what` is what it is."""

    path: str
    offset: int
    what: str


@dataclass(frozen=True)
class Failed:
    """A record that could not be read: why, in one line that ends with what to do where there is something."""

    path: str
    offset: int
    reason: str


Outcome = PatentDocument | Skipped | Failed


def find_files(paths: Iterable[str | Path]) -> Iterator[Path | Failed]:
    """Files as they are, folders with everything below them, in sorted order, hidden files left out."""
    for given in paths:
        path = Path(given)
        if path.is_dir():
            for folder, folders, names in os.walk(path):
                folders[:] = sorted(f for f in folders if not f.startswith("."))
                yield from (Path(folder) / name for name in sorted(names) if not name.startswith("."))
        elif path.exists():
            yield path
        else:
            yield Failed(str(path), 0, "no such file or folder; check the path")


def read(paths: Iterable[str | Path] | str | Path) -> Iterator[Outcome]:
    """Everything that the files hold, in order, one outcome for each record."""
    given = [paths] if isinstance(paths, str | Path) else paths
    for found in find_files(given):
        if isinstance(found, Failed):
            yield found
        else:
            yield from read_file(found)


def read_file(path: Path) -> Iterator[Outcome]:
    """One file, an archive with all of its members."""
    try:
        with path.open("rb") as stream:
            yield from _read_stream(stream, os.fsencode(path).decode("utf-8", "replace"), depth=0)
    except OSError as error:
        yield Failed(str(path), 0, f"can't be read: {error.strerror or error}")


def _read_stream(stream: IO[bytes], path: str, depth: int) -> Iterator[Outcome]:
    head = stream.read(8192)
    while 0 < len(head) < 8192 and (more := stream.read(8192 - len(head))):
        head += more
    if not head.strip():
        yield Failed(path, 0, "the file is empty")
    elif head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        yield from _read_zip(stream, head, path, depth)
    elif head.startswith(b"\x1f\x8b"):
        yield from _read_gzip(stream, head, path, depth)
    elif head[257:262] == b"ustar":
        yield from _read_tar(_Rewound(head, stream), path, depth)
    else:
        yield from _read_records(_Rewound(head, stream), head, path)


class _Rewound:
    """A stream with its first bytes put back, that gives what it has before an error of the stream."""

    def __init__(self, head: bytes, stream: IO[bytes]) -> None:
        self._head, self._stream = head, stream
        self._read = getattr(stream, "read1", stream.read)

    def read(self, size: int) -> bytes:
        if self._head:
            head, self._head = self._head, b""
            return head
        read: bytes = self._read(size)
        return read


class _BombError(OSError):
    """An archive that unpacks to far more than it is."""


class _Bounded:
    """An unpacked stream that ends with an error where it grows out of all proportion to what it was packed in."""

    def __init__(self, stream: gzip.GzipFile, packed: int) -> None:
        self._stream, self._limit, self._count = stream, min(MEMBER_LIMIT, max(64 << 20, RATIO_LIMIT * packed)), 0

    def read(self, size: int) -> bytes:
        data = self._stream.read1(size)
        self._count += len(data)
        if self._count > self._limit:
            raise _BombError(f"unpacks to over {self._limit:,} bytes: refused as an archive bomb")
        return data


@contextmanager
def _seekable(head: bytes, stream: IO[bytes]) -> Iterator[IO[bytes]]:
    """The stream from its start: an archive inside an archive is held on disk, or in memory while it is small."""
    if getattr(stream, "seekable", lambda: False)():
        stream.seek(0)
        yield stream
        return
    with tempfile.SpooledTemporaryFile(max_size=64 << 20) as held:
        held.write(head)
        while chunk := stream.read(_CHUNK):
            held.write(chunk)
        held.seek(0)
        yield cast("IO[bytes]", held)


def _read_zip(stream: IO[bytes], head: bytes, path: str, depth: int) -> Iterator[Outcome]:
    if depth >= DEPTH_LIMIT:
        yield Failed(path, 0, _TOO_DEEP)
        return
    try:
        with _seekable(head, stream) as seekable, zipfile.ZipFile(seekable) as archive:
            members = [m for m in archive.infolist() if not m.is_dir()]
            if not members:
                yield Failed(path, 0, "the archive is empty")
            for member in members:
                yield from _read_member(archive, member, f"{path}!{member.filename}", depth)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError) as error:
        yield Failed(path, 0, f"a broken zip archive: {error}; fetch or pack it again")


def _read_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, inside: str, depth: int) -> Iterator[Outcome]:
    if member.flag_bits & 1:
        yield Failed(inside, 0, "the member is encrypted; unpack it with its password first")
        return
    if member.file_size > MEMBER_LIMIT or (member.file_size > 64 << 20 and member.file_size > RATIO_LIMIT * max(1, member.compress_size)):
        yield Failed(inside, 0, f"unpacks to {member.file_size:,} bytes from {member.compress_size:,}: refused as an archive bomb")
        return
    try:
        with archive.open(member) as inner:
            yield from _read_stream(inner, inside, depth + 2)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError) as error:
        yield Failed(inside, 0, f"a broken member of the archive: {error}; the other members were read")


def _read_tar(stream: "_Rewound", path: str, depth: int) -> Iterator[Outcome]:
    if depth >= DEPTH_LIMIT:
        yield Failed(path, 0, _TOO_DEEP)
        return
    try:
        with tarfile.open(fileobj=cast("IO[bytes]", stream), mode="r|") as archive:
            for member in archive:
                if member.isfile() and (inner := archive.extractfile(member)) is not None:
                    yield from _read_stream(inner, f"{path}!{member.name}", depth + 2)
    except (tarfile.TarError, OSError, EOFError, zlib.error) as error:
        yield Failed(path, 0, f"a broken tar archive: {error}; the members before were read")


def _read_gzip(stream: IO[bytes], head: bytes, path: str, depth: int) -> Iterator[Outcome]:
    if depth >= DEPTH_LIMIT:
        yield Failed(path, 0, _TOO_DEEP)
        return
    try:
        with _seekable(head, stream) as seekable:
            packed = seekable.seek(0, io.SEEK_END)
            seekable.seek(0)
            with gzip.GzipFile(fileobj=seekable, mode="rb") as inner:
                yield from _read_stream(cast("IO[bytes]", _Bounded(inner, packed)), path, depth + 1)
    except (OSError, EOFError, zlib.error) as error:
        yield Failed(path, 0, f"broken gzip data: {error}; what came before it was read")


def _read_records(stream: "_Rewound", head: bytes, path: str) -> Iterator[Outcome]:
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if text.startswith(b"<"):
        for offset, record in _split(stream, _DECLARATION):
            yield from _guarded(_read_xml, record, path, offset)
    elif text.startswith((b"{", b"[")):
        for offset, record in _split(stream, re.compile(rb"(?<=\n)")):
            if isinstance(record, ReadError) or record.strip():
                yield from _guarded(_read_json, record, path, offset)
    elif looks_like_title_list(head.decode("utf-8-sig", "replace")):
        record_or_error = _all(stream)
        yield from _guarded(_read_titles, record_or_error, path, 0)
    else:
        yield Failed(
            path, 0, "not a format that is read: USPTO or CNIPA XML, IPC scheme XML, a list of IPC titles, or JSON lines, plain, zipped or gzipped"
        )


def _split(stream: "_Rewound", boundary: "re.Pattern[bytes]") -> Iterator[tuple[int, bytes | ReadError]]:
    """The pieces of a stream that begin at each match of `boundary`, with their byte offsets.

    Memory holds one piece; a piece over RECORD_LIMIT is dropped as it streams by, and a ReadError stands for it. Where the
    stream breaks off, the pieces before come first, and its error after them.
    """
    buffer = bytearray()
    start = 0  # the offset of the piece in the buffer
    dropped = 0  # bytes of that piece that are no longer in the buffer
    searched = 1
    broken: Exception | None = None
    while True:
        try:
            chunk = stream.read(_CHUNK)
        except (OSError, EOFError, zlib.error, zipfile.BadZipFile) as error:
            chunk, broken = b"", error
            if isinstance(error, _BombError):
                dropped, buffer = 0, bytearray()
        if not chunk:
            break
        buffer += chunk
        while (match := boundary.search(buffer, searched)) is not None and (cut := match.start()) < len(buffer):
            if buffer[:cut].strip(b"\xef\xbb\xbf \t\r\n") or dropped:
                yield start, _TOO_LONG if dropped else bytes(buffer[:cut])
            del buffer[:cut]
            start, dropped, searched = start + dropped + cut, 0, 1
        searched = max(1, len(buffer) - 16)
        if len(buffer) > RECORD_LIMIT:
            dropped += len(buffer) - 16
            del buffer[:-16]
            searched = 1
    if dropped or buffer.strip():
        yield start, _TOO_LONG if dropped else bytes(buffer)
    if broken is not None:
        raise broken


def _all(stream: "_Rewound") -> bytes | ReadError:
    data = bytearray()
    while chunk := stream.read(_CHUNK):
        data += chunk
        if len(data) > RECORD_LIMIT:
            return _TOO_LONG
    return bytes(data)


def _guarded(reader, record: bytes | ReadError, path: str, offset: int) -> Iterator[Outcome]:  # type: ignore[no-untyped-def]
    """What a reader makes of a record, with every fault of the record turned into a Failed."""
    try:
        if isinstance(record, ReadError):
            raise record
        yield from reader(record, path, offset)
    except ReadError as error:
        yield Failed(path, offset, " ".join(str(error).split()))
    except ValidationError as error:
        yield Failed(path, offset, first_problem(error))
    except Exception as error:  # the edge: whatever else a hostile record does to a reader is recorded
        yield Failed(path, offset, " ".join(f"{type(error).__name__}: {error}".split()))


def _read_xml(record: bytes, path: str, offset: int) -> Iterator[Outcome]:
    name = _root_name(record)
    if name in ("IPCScheme", "ipcEntries", "ipcEntry"):
        yield from _entries(read_scheme_xml(record), path, offset, "ipc-xml")
        return
    from ingest.cnipa import read_cn_patent_document, read_patent_document_and_related
    from ingest.uspto import read_uspto

    readers = {
        "us-patent-grant": read_uspto,
        "us-patent-application": read_uspto,
        "cn-patent-document": read_cn_patent_document,
        "PatentDocumentAndRelated": read_patent_document_and_related,
    }
    if name in readers:
        root = parse_xml(record.lstrip(b"\xef\xbb\xbf"))
        yield readers[name](root, Source(path=path, offset=offset, format=name))
    elif name:
        parse_xml(record.lstrip(b"\xef\xbb\xbf"))  # a broken record is a failure, whatever it was
        yield Skipped(path, offset, name)
    else:
        raise ReadError("XML without a root element")


def _root_name(record: bytes) -> str:
    """The local name of the root element, or "" where there is none."""
    parser = etree.XMLPullParser(events=("start",), resolve_entities=False, load_dtd=False, no_network=True)
    with suppress(etree.XMLSyntaxError):
        parser.feed(record[:_CHUNK].lstrip(b"\xef\xbb\xbf \t\r\n"))
    for _, element in parser.read_events():
        return local_name(cast("etree._Element", element))
    match = _ROOT.search(record[:_CHUNK])
    return match.group(1).decode("ascii", "replace") if match else ""


def _read_json(record: bytes, path: str, offset: int) -> Iterator[Outcome]:
    yield read_json_line(record, Source(path=path, offset=offset, format="jsonl"))


def _read_titles(record: bytes, path: str, offset: int) -> Iterator[Outcome]:
    yield from _entries(read_title_list(record), path, offset, "ipc-titles")


def _entries(entries: Iterator[SchemeEntry | ReadError], path: str, offset: int, form: str) -> Iterator[Outcome]:
    source = Source(path=path, offset=offset, format=form)
    for entry in entries:
        if isinstance(entry, ReadError):
            yield Failed(path, offset, str(entry))
        else:
            yield entry.document(source)
