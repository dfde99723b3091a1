"""Plain text as paragraphs: the encoding found, lines that were wrapped at a margin joined again, pages counted.

A line was wrapped if the first word of the next one would not have fitted into it; where most lines are like that, the file is
hard-wrapped. Otherwise every line is a paragraph, as word processors and web sites save them. Form feeds, and lines such as
`--- Page 2 of 3 ---`, separate pages and not paragraphs.
"""

import codecs
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from ingest.errors import ReadError
from ingest.language import CJK
from ingest.xml_text import tidy

_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_EAST_ASIAN = ("euc_jp", "gb18030", "big5", "cp932", "euc_kr", "utf-16-le", "utf-16-be")
_HIGH = re.compile(rb"[\x80-\xff]+")
_NOT_TEXT = re.compile("[\0-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufffd\ufffe\uffff]")
_COMMON = re.compile("[的是在一有和为用于其中所述以及个上该与发明实方第為個與發實，。、；をにはがてとし이의을를에은는가한하고]")
_PAGE_LINE = re.compile(r"\W*(?:[^\W\d_]+\W+){0,4}page\s+(\d{1,4})\s+of\s+\d{1,4}\W*", re.IGNORECASE)
_ENUMERATED = re.compile(
    r"\(?(?:\d{1,4}|[a-z]|[ivx]{1,4})[.)、．:：](?!\d)|claim\s+\d|[\[(（【]\s*\w{1,5}\s*[\])）】]|[•●▪◦‣·*–—-]\s|第[一二三四五六七八九十百\d]+[条章节]",
    re.IGNORECASE,
)
_ABBREVIATION = re.compile(r"\b(?:FIGS?|Figs?|Nos?|Pat|Ser|Eqs?|Ex|vol|pp?|ca|cf|approx)\.$", re.IGNORECASE)
_EAST = re.compile(rf"[{CJK}\u3000-\u30ff\uff00-\uffef]")
_DIVIDED = re.compile(r"([^\W\d_]+)-$")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_ENDS = ".;:!?。；：！？”\"')）]】"
_NARROWEST, _WIDEST = 40, 132
"""The margins, in columns, at which files are wrapped."""


def decode(data: bytes) -> str:
    """The characters of a text in UTF-8, UTF-16, UTF-32, GB18030, Big5, a Japanese or Korean encoding, or Latin-1.

    Raises ReadError where the bytes are no text.
    """
    text = _decode(data)
    if len(_NOT_TEXT.findall(text[:100_000])) * 50 > min(len(text), 100_000):
        raise ReadError("neither text nor a format that is read; save it as text in UTF-8")
    return text


def unicode(data: bytes) -> str:
    """The characters of a text in one of the encodings of Unicode. Raises UnicodeDecodeError where it is in another."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    if 0 in data[: 1 << 16]:  # half of a Latin letter in UTF-16, of a line end, or of 一
        text = max((data.decode(encoding, "replace") for encoding in ("utf-16-le", "utf-16-be")), key=_plain)
        if _plain(text) * 8 > min(len(text), 50_000):
            return text
    return data.decode("utf-8")


def _decode(data: bytes) -> str:
    try:
        return unicode(data)
    except UnicodeDecodeError:
        runs = _HIGH.findall(data[:200_000])
    if sum(len(run) for run in runs if len(run) > 1) * 5 < sum(map(len, runs)) * 4:  # single accents among letters
        return data.decode("cp1252", "replace")
    return max((data.decode(encoding, "replace") for encoding in _EAST_ASIAN), key=_likely)


def _plain(text: str) -> int:
    """How many characters of a text are such as most texts have."""
    return sum(c.isascii() and c != "\0" for c in text[:50_000]) + len(_COMMON.findall(text[:50_000]))


def _likely(text: str) -> float:
    """How much a text looks like Chinese, Japanese or Korean: the share of its commonest characters, less what is broken."""
    text = text[:50_000]
    return (len(_COMMON.findall(text)) - 5 * text.count("\ufffd")) / max(1, sum(not c.isascii() for c in text))


def paragraphs(text: str) -> list[tuple[int, str]]:
    """(page, paragraph) in order; the page is 0 where nothing separates pages. No paragraph is empty or has a line break."""
    pages = _pages(text)
    lines = [line for _, page in pages for line in page]
    layout = _layout(lines)
    words = set(_WORD.findall(text)) if layout and "-\n" in text.replace("\r", "") else set()
    found: list[tuple[int, str]] = []
    for number, page in pages:
        first_here = True
        for group in _groups(page, layout):
            paragraph = _joined(group, words)
            if first_here and found and _runs_on(found[-1][1], paragraph):
                found[-1] = (found[-1][0], _joined([found[-1][1], paragraph], words))
            else:
                found.append((number, paragraph))
            first_here = False
    tidied = ((number, tidy(paragraph)) for number, paragraph in found)
    return [(number, paragraph) for number, paragraph in tidied if paragraph]


def _pages(text: str) -> list[tuple[int, list[str]]]:
    """The pages with their numbers and their lines; one page 0 where nothing separates them."""
    pages: list[tuple[int, list[str]]] = [(0, [])]
    for line in re.split(r"\r\n|[\n\r\x0b\x85\u2028\u2029]", text.replace("\f", "\n\f\n")):
        match = _PAGE_LINE.fullmatch(line) if len(line) < 120 and not line.isspace() else None
        if line == "\f" or match:
            last = pages[-1][0]
            if last == 0 and any(not each.isspace() and each for each in pages[-1][1]):
                pages[-1] = (last := 1, pages[-1][1])
            pages.append((max(last + 1, int(match[1])) if match else last + 1, []))
        else:
            pages[-1][1].append(line.expandtabs())
    return pages


class _Layout(NamedTuple):
    """The column at which the lines were wrapped, and the blanks that most of them begin with."""

    margin: int
    indent: int


def _layout(lines: list[str]) -> _Layout | None:
    """None where the lines were not wrapped."""
    widths = sorted(_width(line.rstrip()) for line in lines if line and not line.isspace())
    margin = widths[len(widths) * 9 // 10] if widths else 0
    if not _NARROWEST <= margin <= _WIDEST:
        return None
    pairs = [(a, b) for a, b in pairwise(lines) if a.strip() and b.strip()]
    full = sum(_full(a, b, margin) for a, b in pairs)
    if full * 2 < len(pairs):
        return None
    return _Layout(margin, Counter(_indent(line) for line in lines if line.strip()).most_common(1)[0][0])


def _full(line: str, following: str, margin: int) -> bool:
    """Whether the first word of the following line would not have fitted into this one."""
    word = following.split(maxsplit=1)[0]
    if _EAST.match(word):  # a line of Chinese ends two characters early where a mark must not begin the next one
        return _width(line.rstrip()) + 6 > margin
    return _width(line.rstrip()) + 1 + _width(word) > margin


def _width(text: str) -> int:
    return len(text) if text.isascii() else sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _groups(lines: list[str], layout: _Layout | None) -> Iterator[list[str]]:
    """The lines of each paragraph."""
    group: list[str] = []
    for line in lines:
        if not line.strip():
            if group:
                yield group
            group = []
        elif group and not (layout and _continues(group, line, layout)):
            yield group
            group = [line]
        else:
            group.append(line)
    if group:
        yield group


def _continues(group: list[str], line: str, layout: _Layout) -> bool:
    last, text = group[-1].rstrip(), line.strip()
    if not _full(last, line, layout.margin):
        return False
    if last[-1] in _ENDS and _ENUMERATED.match(text) and not _ABBREVIATION.search(last):
        return False
    if _indent(line) > _indent(last):  # a paragraph begins, unless the lines of a numbered one hang
        return len(group) == 1 and _ENUMERATED.match(last.strip()) is not None
    return not (len(group) == 1 and _indent(line) == _indent(last) > layout.indent)  # two paragraphs of a line each


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _joined(lines: list[str], words: set[str]) -> str:
    """The lines as one. A hyphen at the end of a line stays where the text has the word with a hyphen elsewhere and not without."""
    text = lines[0].strip()
    pieces = [text]
    for line in lines[1:]:
        line = line.strip()
        last = pieces[-1]
        divided = _DIVIDED.search(last[-60:]) if line[0].islower() else None
        if last.endswith("\xad"):
            pieces[-1] = last[:-1]
        elif divided and (rest := _WORD.match(line)):
            whole, hyphened = divided[1] + rest[0], f"{divided[1]}-{rest[0]}"
            if whole in words or hyphened not in words:
                pieces[-1] = last[:-1]
        elif not (_EAST.match(last[-1]) and _EAST.match(line[0])):
            pieces.append(" ")
        pieces.append(line)
    return "".join(pieces)


def _runs_on(before: str, after: str) -> bool:
    """Whether a paragraph goes on over a page."""
    before = before.rstrip()
    if before[-1] in _ENDS or _ENUMERATED.match(after):
        return False
    return after[0].islower() or (len(before) > 40 and _EAST.match(before[-1]) is not None and _EAST.match(after[0]) is not None)
