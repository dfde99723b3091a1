"""Archives: zip, tar and gzip, one in another, opened member by member and bounded in depth, size and ratio.

Nothing is unpacked to a path: a member is a stream, and its name only part of what names its documents.
"""

import gzip
import io
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, cast

from ingest.outcome import Failed
from ingest.records import CHUNK, HEAD, RECORD_LIMIT, TOO_LONG, BombError, Piece, Record, Rewound, records_of

MEMBER_LIMIT = 8 << 30
RATIO_LIMIT = 400
"""An archive member that unpacks to over 8 GiB, or to over 400 times its size and over 64 MiB, is not read."""
DEPTH_LIMIT = 4
"""How deep archives are opened: zip and tar count 2, gzip 1, so that a tar.gz in a zip is read, and a zip in a zip in a zip is not."""
_FREE = 64 << 20
_TOO_DEEP = "an archive in an archive in an archive; unpack the outer one first"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""The others unpack as much at once as they like: LZMA may ask for gigabytes before the first byte."""
_OFFICE = {
    "xl/workbook.xml": "an Excel workbook; save what matters as .docx, PDF or text",
    "ppt/presentation.xml": "a PowerPoint file; save it as PDF",
    "META-INF/container.xml": "an EPUB book; save it as PDF",
    "mimetype": "an OpenDocument file; save it as .docx or PDF",
}


def open_stream(stream: IO[bytes], path: str, depth: int = 0) -> Iterator[Piece]:
    """The records of a stream, of every member where it is an archive."""
    head = stream.read(HEAD)
    while 0 < len(head) < HEAD and (more := stream.read(HEAD - len(head))):
        head += more
    if not head.strip():
        yield Failed(path, 0, "the file is empty")
    elif head.startswith(_ZIP):
        yield from _zip(stream, head, path, depth)
    elif head.startswith(b"\x1f\x8b"):
        yield from _gzip(stream, head, path, depth)
    elif head[257:262] == b"ustar":
        yield from _tar(Rewound(head, stream), path, depth)
    else:
        yield from records_of(Rewound(head, stream), head, path)


class _Bounded:
    """An unpacked stream that ends with an error where it grows out of all proportion to what it was packed in."""

    def __init__(self, stream: gzip.GzipFile, packed: int) -> None:
        self._stream, self._limit, self._count = stream, min(MEMBER_LIMIT, max(_FREE, RATIO_LIMIT * packed)), 0

    def read(self, size: int) -> bytes:
        data = self._stream.read1(size)
        self._count += len(data)
        if self._count > self._limit:
            raise BombError(f"unpacks to over {self._limit:,} bytes: refused as an archive bomb")
        return data


def _problem(error: Exception) -> str:
    """What is wrong, on one line. Hostile archives make zipfile and tarfile raise whatever there is: struct, arithmetic, key errors."""
    return " ".join(str(error).split())[:300] or "it breaks off"


@contextmanager
def _seekable(head: bytes, stream: IO[bytes]) -> Iterator[IO[bytes]]:
    """The stream from its start: an archive inside an archive is held on disk, or in memory while it is small."""
    if getattr(stream, "seekable", lambda: False)():
        stream.seek(0)
        yield stream
        return
    with tempfile.SpooledTemporaryFile(max_size=_FREE) as held:
        held.write(head)
        while chunk := stream.read(CHUNK):
            held.write(chunk)
        held.seek(0)
        yield cast("IO[bytes]", held)


def _zip(stream: IO[bytes], head: bytes, path: str, depth: int) -> Iterator[Piece]:
    try:
        with _seekable(head, stream) as seekable, zipfile.ZipFile(seekable) as archive:
            members = sorted((m for m in archive.infolist() if not m.is_dir()), key=lambda m: m.filename)
            names = {m.filename for m in members}
            if "word/document.xml" in names:
                yield _word_file(seekable, members, path)
            elif (remedy := next((r for name, r in _OFFICE.items() if name in names), None)) is not None:
                yield Failed(path, 0, remedy)
            elif depth >= DEPTH_LIMIT:
                yield Failed(path, 0, _TOO_DEEP)
            elif not members:
                yield Failed(path, 0, "the archive is empty")
            elif len(members) > 1 and (unpacked := sum(m.file_size for m in members if not _bomb(m))) > max(
                _FREE, RATIO_LIMIT * seekable.seek(0, io.SEEK_END)
            ):
                yield Failed(path, 0, f"unpacks to {unpacked:,} bytes in all: refused as an archive bomb")
            else:
                for member in members:
                    yield from _member(archive, member, f"{path}!{member.filename}", depth)
    except Exception as error:
        yield Failed(path, 0, f"a broken zip archive: {_problem(error)}; fetch or pack it again")


def _word_file(stream: IO[bytes], members: list[zipfile.ZipInfo], path: str) -> Piece:
    """A .docx is a zip archive that is one document."""
    if any(_bomb(member) for member in members) or sum(member.file_size for member in members) > 4 * RECORD_LIMIT:
        return Failed(path, 0, "a Word file that unpacks to far more than it is: refused as an archive bomb")
    stream.seek(0)
    data = stream.read(RECORD_LIMIT + 1)
    return Failed(path, 0, TOO_LONG) if len(data) > RECORD_LIMIT else Record("docx", path, 0, data)


def _bomb(member: zipfile.ZipInfo) -> bool:
    return member.file_size > MEMBER_LIMIT or (member.file_size > _FREE and member.file_size > RATIO_LIMIT * max(1, member.compress_size))


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, inside: str, depth: int) -> Iterator[Piece]:
    if member.flag_bits & 1:
        yield Failed(inside, 0, "the member is encrypted; unpack it with its password first")
        return
    if member.compress_type not in _METHODS:
        yield Failed(inside, 0, f"compressed by method {member.compress_type}; pack it with deflate, as zip programs do by default")
        return
    if _bomb(member):
        yield Failed(inside, 0, f"unpacks to {member.file_size:,} bytes from {member.compress_size:,}: refused as an archive bomb")
        return
    try:
        with archive.open(member) as inner:
            yield from open_stream(inner, inside, depth + 2)
    except Exception as error:
        yield Failed(inside, 0, f"a broken member of the archive: {_problem(error)}; the other members were read")


def _tar(stream: Rewound, path: str, depth: int) -> Iterator[Piece]:
    if depth >= DEPTH_LIMIT:
        yield Failed(path, 0, _TOO_DEEP)
        return
    try:
        with tarfile.open(fileobj=cast("IO[bytes]", stream), mode="r|", errors="replace") as archive:
            for member in archive:
                if member.issparse():  # a header of some bytes stands for any number of zeros
                    yield Failed(f"{path}!{member.name}", 0, "a sparse member; pack it without --sparse")
                elif member.isfile() and (inner := archive.extractfile(member)) is not None:
                    forward = cast("IO[bytes]", Rewound(b"", inner))  # tarfile's own stream claims to be seekable, or fails when it is asked
                    yield from open_stream(forward, f"{path}!{member.name}", depth + 2)
    except Exception as error:
        yield Failed(path, 0, f"a broken tar archive: {_problem(error)}; the members before were read")


def _gzip(stream: IO[bytes], head: bytes, path: str, depth: int) -> Iterator[Piece]:
    if depth >= DEPTH_LIMIT:
        yield Failed(path, 0, _TOO_DEEP)
        return
    try:
        with _seekable(head, stream) as seekable:
            packed = seekable.seek(0, io.SEEK_END)
            seekable.seek(0)
            with gzip.GzipFile(fileobj=seekable, mode="rb") as inner:
                yield from open_stream(cast("IO[bytes]", _Bounded(inner, packed)), path, depth + 1)
    except Exception as error:
        yield Failed(path, 0, f"broken gzip data: {_problem(error)}; what came before it was read")
