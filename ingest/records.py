"""Records: the pieces of a stream that a reader takes, told by content and cut without reading the stream whole.

A record is one XML document of a concatenation, one line of JSON, one patent of a Greenbook week, or one whole PDF, Word
file, web page, text or list of titles.
"""

import codecs
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import IO, Protocol

from ingest.outcome import Failed, Skipped
from ingest.schemes.title_list import looks_like_title_list

RECORD_LIMIT = 256 << 20
"""A record longer than this many bytes is not read: no patent is."""
HEAD = 8192
"""How many bytes of a stream its format is told by."""
CHUNK = 1 << 20
TOO_LONG = f"a record of over {RECORD_LIMIT >> 20} MiB; split the file"
_DECLARATION = re.compile(rb"<\?xml[ \t\r\n]")
_DOCTYPE = re.compile(rb"<!DOCTYPE[ \t\r\n]", re.IGNORECASE)
_GREENBOOK = re.compile(rb"(?:HHHHHT[^\n]*\n)?PATN[ \t]*\r?\n")
_PATENT = re.compile(rb"(?<=\n)PATN[ \t]*\r?\n")
_NEXT_LINE = re.compile(rb"(?<=\n)")
_COMMENT = re.compile(rb"<!--.*?(?:-->|\Z)", re.DOTALL)
_ROOT = re.compile(rb"<(?![?!])(?:[\w.-]+:)?([\w.-]+)")
_SCHEMES = frozenset({"IPCScheme", "ipcEntries", "ipcEntry", "class-scheme"})
_DECLARATIONS_ALONE = re.compile(rb"\s*(?:<\?xml[^>]*>\s*)?<!(?:ELEMENT|ENTITY|ATTLIST|NOTATION)\b")
_HTML_DOCTYPE = re.compile(rb"\s*(?:<\?xml[^>]*>\s*)?<!DOCTYPE\s+html[\s>]", re.IGNORECASE)
_HTML = re.compile(rb"<html[ \t\r\n>]|<head[ \t\r\n>]|<body[ \t\r\n>]", re.IGNORECASE)
_BLANK = b"\xef\xbb\xbf \t\r\n"
_UTF_16 = {
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
    **{start + b"\x00": "utf-16-le" for start in (b"<", b"{", b"[")},
    **{b"\x00" + start: "utf-16-be" for start in (b"<", b"{", b"[")},
}
"""The encoding by the first two bytes, a mark or a character that a record begins with."""
_ENCODING = re.compile(rb"""(<\?xml[^>]{0,100}?)[ \t\r\n]encoding[ \t\r\n]*=[ \t\r\n]*(?:"[^">]*"|'[^'>]*')""")
_PICTURES = (b"II*\x00", b"MM\x00*", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM")
_REMEDIES = {
    b"\xd0\xcf\x11\xe0": "an old Office file (.doc); save it as .docx or PDF",
    b"{\\rtf": "a Rich Text file; save it as .docx or PDF",
    b"7z\xbc\xaf": "a 7z archive; unpack it, or pack it as zip",
    b"Rar!": "a RAR archive; unpack it, or pack it as zip",
    b"BZh": "bzip2 data; unpack it, or pack it with gzip",
    b"\xfd7zXZ": "xz data; unpack it, or pack it with gzip",
}
_UNKNOWN = "not a format that is read (docs/formats.md lists them): patent XML of an office, PDF, .docx, HTML, text, JSON lines, IPC and CPC"


class Stream(Protocol):
    def read(self, size: int, /) -> bytes: ...


@dataclass(frozen=True)
class Record:
    """`form` is `xml`, `json`, `greenbook`, `pdf`, `docx`, `html`, `text`, `scheme` or `titles`; `data` its bytes, at `offset` of `path`."""

    form: str
    path: str
    offset: int
    data: bytes


Piece = Record | Skipped | Failed


class BombError(OSError):
    """An archive that unpacks to far more than it is."""


class Rewound:
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


class _Utf8:
    """The same text in UTF-8."""

    def __init__(self, stream: Stream, encoding: str) -> None:
        self._stream, self._decoder = stream, codecs.getincrementaldecoder(encoding)("replace")

    def read(self, size: int) -> bytes:
        while chunk := self._stream.read(size):
            if text := self._decoder.decode(chunk):
                return text.encode()
        return self._decoder.decode(b"", final=True).encode()


def records_of(stream: Stream, head: bytes, path: str) -> Iterator[Piece]:
    """The records of a stream that begins with `head`; what is no record is a Skipped or a Failed.

    Of XML, HTML, JSON and titles in UTF-16, the records and their offsets are those of the same text in UTF-8.
    """
    text = head.lstrip(_BLANK)
    encoding = _UTF_16.get(head[:2])
    if encoding and _has_records(wide := head.decode(encoding, "replace").lstrip("\ufeff \t\r\n")):
        for piece in records_of(_Utf8(stream, encoding), wide.encode(), path):
            yield replace(piece, data=_ENCODING.sub(rb"\1", piece.data, count=1)) if isinstance(piece, Record) else piece
    elif head.startswith(_PICTURES):
        yield Skipped(path, 0, "picture")
    elif (remedy := next((remedy for magic, remedy in _REMEDIES.items() if head.startswith(magic)), None)) is not None:
        yield Failed(path, 0, remedy)
    elif b"%PDF-" in head[:1024]:
        yield from _whole("pdf", stream, path)
    elif text.startswith(b"<"):
        yield from _markup(stream, text, path)
    elif text.startswith((b"{", b"[")):
        yield from _cut("json", stream, path, _NEXT_LINE)
    elif _GREENBOOK.match(text):
        yield from _cut("greenbook", stream, path, _PATENT)
    elif looks_like_title_list(head.decode("utf-8-sig", "replace")):
        yield from _whole("titles", stream, path)
    elif _is_text(head):
        yield from _whole("text", stream, path)
    else:
        yield Failed(path, 0, _UNKNOWN)


def _has_records(text: str) -> bool:
    return text.startswith(("<", "{", "[")) or looks_like_title_list(text)


def _markup(stream: Stream, text: bytes, path: str) -> Iterator[Piece]:
    bare = _COMMENT.sub(b"", text)
    root = root_name(text)
    if _HTML_DOCTYPE.match(bare) or (root.lower() in ("html", "head", "body") and _HTML.search(bare)):
        yield from _whole("html", stream, path)
    elif _DECLARATIONS_ALONE.match(bare):
        yield Skipped(path, 0, "DTD")
    else:
        declared = _DECLARATION.match(text) or not _DOCTYPE.match(text)
        scheme = root in _SCHEMES or (root == "definitions" and b"<definition-item" in text)
        yield from _cut("scheme" if scheme else "xml", stream, path, _DECLARATION if declared else _DOCTYPE)


def root_name(record: bytes) -> str:
    """The local name of the root element of some XML, from its first bytes; "" where there is none."""
    match = _ROOT.search(_COMMENT.sub(b"", record[:CHUNK]))
    return match.group(1).decode("ascii", "replace") if match else ""


def _is_text(head: bytes) -> bool:
    """Text in any encoding has no control characters but white space; UTF-16 has a mark."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    return not head.translate(None, bytes(set(range(256)) - set(range(32)) | set(b"\t\n\r\f\x1b")))


def _cut(form: str, stream: Stream, path: str, boundary: "re.Pattern[bytes]") -> Iterator[Piece]:
    for offset, data in split(stream, boundary):
        if data is None:
            yield Failed(path, offset, TOO_LONG)
        elif data.strip():
            yield Record(form, path, offset, data)


def _whole(form: str, stream: Stream, path: str) -> Iterator[Piece]:
    data = bytearray()
    while chunk := stream.read(CHUNK):
        data += chunk
        if len(data) > RECORD_LIMIT:
            yield Failed(path, 0, TOO_LONG)
            return
    yield Record(form, path, 0, bytes(data))


def split(stream: Stream, boundary: "re.Pattern[bytes]") -> Iterator[tuple[int, bytes | None]]:
    """The pieces of a stream that begin at each match of `boundary`, with their byte offsets.

    Memory holds one piece; a piece over RECORD_LIMIT is dropped as it streams by, and None stands for it. Where the
    stream breaks off, the pieces before come first, and its error after them.
    """
    buffer = bytearray()
    start = 0  # the offset of the piece in the buffer
    dropped = 0  # bytes of that piece that are no longer in the buffer
    searched = 1
    broken: Exception | None = None
    while True:
        try:
            chunk = stream.read(CHUNK)
        except (OSError, EOFError, zlib.error, zipfile.BadZipFile) as error:
            chunk, broken = b"", error
            if isinstance(error, BombError):
                dropped, buffer = 0, bytearray()
        if not chunk:
            break
        buffer += chunk
        while (match := boundary.search(buffer, searched)) is not None and (cut := match.start()) < len(buffer):
            if buffer[cut - 3 : cut] == b"\xef\xbb\xbf":
                cut -= 3
            if buffer[:cut].strip(_BLANK) or dropped:
                yield start, None if dropped else bytes(buffer[:cut])
            del buffer[:cut]
            start, dropped, searched = start + dropped + cut, 0, 4 if cut < match.start() else 1
        searched = max(1, len(buffer) - 16)
        if len(buffer) > RECORD_LIMIT:
            dropped += len(buffer) - 16
            del buffer[:-16]
            searched = 1
    if dropped or buffer.strip(_BLANK):
        yield start, None if dropped else bytes(buffer)
    if broken is not None:
        raise broken
