"""From the words of pages to headings, paragraphs and tables, in the order of reading.

A paragraph begins with an indented line, after a wider gap, at a number such as [0042] or `3.`, or after a line that ends early with
a full stop; it goes on over columns and pages.
"""

import re
import statistics
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.language import CJK
from ingest.mathml import SUBSCRIPT, SUPERSCRIPT
from ingest.pages.hyphens import DIVIDED, LineJoiner
from ingest.pages.page import Page, Word
from ingest.pages.page_columns import SCRIPT_SIZE, Column, Gutter, Line, columns_of, gutter_of
from ingest.pages.page_heads import without_heads
from ingest.pages.page_slant import straightened
from ingest.printed.blocks import Block
from ingest.section_kind import kind_of_heading
from ingest.xml_text import tidy

_PARAGRAPH_NUMBER = re.compile(r"[\[【［]\s*\d{3,5}(?:\.\d+)?\s*[\]】］]")
_LIST_NUMBER = re.compile(r"(\d{1,3})\s?[.．、]\s?(?=\D)")
_FIELD_CODE = re.compile(r"[(\[]\d\d[)\]](?!\s*[a-z])")
_STOP = re.compile(r"[.;:!?。；：！？—]['\"”’)）]*$")
_NO_HEADING = re.compile(r"[,;(]$")
_HEADING_NUMBER = re.compile(r"^[\dIVX]{1,4}\s?[.．、]\s*")
_LETTERS = re.compile(r"[^\W\d_]+")
_CHINESE = re.compile(f"[{CJK}]")
_CHINESE_HEADING = re.compile(
    r"相关申请的?(?:交叉引用|引用)|(?:所属)?技术领域|背景技术|现有技术|发明内容|实用新型内容|发明概述|附图说明|附图的简要说明|具体实施(?:方式|例)|实施方式"
)
_CELL_GAP = 2.0
"""Between the cells of a row, in heights of its letters."""


@dataclass(slots=True)
class _Placed:
    """A line, with its page and column and its text as it is printed."""

    line: Line
    column: Column
    page: int
    text: str
    pitch: float

    @property
    def indent(self) -> float:
        """In heights of its letters."""
        return (self.line.left - self.column.left) / self.line.size

    @property
    def room(self) -> float:
        """What the line leaves empty at its right, as a part of the column's width."""
        return (self.column.right - self.line.right) / max(self.column.right - self.column.left, 1.0)

    @property
    def is_centred(self) -> bool:
        """Whether it leaves the same room, and not little, at both sides."""
        width = max(self.column.right - self.column.left, 1.0)
        return self.room > 0.12 and abs((self.line.left - self.column.left) / width - self.room) < 0.06

    @property
    def is_bold(self) -> bool:
        return all(word.bold for word in self.line.words)

    @property
    def ends(self) -> bool:
        return _STOP.search(self.text[-8:]) is not None


def blocks_of(pages: Iterable[Page]) -> tuple[list[Block], list[int]]:
    """The blocks of a document's pages, and the numbers of the pages that are drawings only: these are left out."""
    pages, heads = without_heads(straightened(page) if page.scanned else page for page in pages)
    parts: list[tuple[list[Block], list[_Placed]]] = [([], [])]  # what the head of a page says, and the lines from there on
    drawings: list[int] = []
    number = part = ""
    gutter: Gutter | None = None
    for page in pages:
        head = heads.get(page.number)
        if head is not None and head.part != part:
            told = [Block("paragraph", head.number, page.number)] if head.number != number else []
            parts.append(([*told, Block("heading", head.part, page.number)], []))
            number, part = head.number or number, head.part
        gutter = gutter_of(page, gutter)
        columns = columns_of(page, gutter)
        if page.drawn and _is_drawing(columns):
            drawings.append(page.number)
            continue
        parts[-1][1].extend(placed for column in columns for placed in _placed(column, page))
    joiner = LineJoiner((placed.text for _, lines in parts for placed in lines), any(page.scanned for page in pages))
    front = _front_page([placed for _, lines in parts for placed in lines])
    return [block for told, lines in parts for block in [*told, *_blocks(lines, joiner, front)]], drawings


def _front_page(lines: Sequence[_Placed]) -> int:
    """The number of the first page where it has fields with codes, such as (54), or 0."""
    first = lines[0].page if lines else 0
    return first if sum(placed.page == first and _FIELD_CODE.match(placed.text) is not None for placed in lines) > 2 else 0


def _placed(column: Column, page: Page) -> Iterator[_Placed]:
    steps = [b.base - a.base for a, b in pairwise(column.lines)]
    pitch = statistics.median(steps) if len(steps) > 2 else 1.2 * column.lines[0].size
    for line in column.lines:
        text = line.text if page.scanned else _printed(line)
        if page.scanned and sum(character.isalnum() for character in text) < 2:
            continue  # dirt
        yield _Placed(line, column, page.number, text, pitch)


def _printed(line: Line) -> str:
    """The text of a line with its superscripts and subscripts, and with blanks only where some are seen: none in S P A C E D capitals."""
    gaps = [b.left - a.right for a, b in pairwise(line.words)]
    narrow = 0.05 * line.size
    if len(gaps) > 1 and line.text.isupper() and min(gaps) < 0.2 * line.size and 2.5 * min(gaps) < max(gaps) < 0.8 * line.size:
        narrow = (min(gaps) + max(gaps)) / 2
    text = line.words[0].text
    for word, gap in zip(line.words[1:], gaps, strict=True):
        drop = word.base - line.base
        if word.size < SCRIPT_SIZE * line.size and abs(drop) > 0.1 * line.size and len(word.text) < 5 and gap < 0.2 * line.size:
            text += word.text.translate(SUBSCRIPT if drop > 0 else SUPERSCRIPT)
        else:
            text += word.text if gap < narrow else f" {word.text}"
    return text


def _is_drawing(columns: Sequence[Column]) -> bool:
    """Whether less than half of the words of a page stand in lines of running text."""
    lines = [line for column in columns for line in column.lines]
    words = sum(len(line.words) for line in lines)
    prose = sum(len(line.words) for line in lines if _is_prose(line.text))
    return (prose * 2 < words and words < 3 * len(lines)) or not words


def _is_prose(text: str) -> bool:
    words = [word for word in _LETTERS.findall(text) if len(word) > 1]
    return (len(words) > 3 and sum(map(len, words)) > 19) or len(_CHINESE.findall(text)) > 11


def _blocks(lines: Sequence[_Placed], joiner: LineJoiner, front: int) -> Iterator[Block]:
    starts = _all_starts(lines, front)
    heads = [_is_heading(lines, starts, i, front) for i in range(len(lines))]
    at = 0
    while at < len(lines):
        end = _table_end(lines, at, front)
        if end > at:
            rows = (" | ".join(" ".join(word.text for word in cell) for cell in _cells(placed.line)) for placed in lines[at:end])
            yield Block("table", "\n".join(map(tidy, rows)), lines[at].page)
        else:
            end = at + 1
            if heads[at]:
                while end < len(lines) and heads[end] and _goes_on(lines[end - 1], lines[end]):
                    end += 1
            else:
                while end < len(lines) and not starts[end] and not heads[end] and _table_end(lines, end, front) == end:
                    end += 1
            text = tidy(joiner.joined([placed.text for placed in lines[at:end]]).replace(DIVIDED, "-"))
            if text:
                yield Block("heading" if heads[at] else "paragraph", text, lines[at].page)
        at = end


def _all_starts(lines: Sequence[_Placed], front: int) -> list[bool]:
    """For each line whether it begins a paragraph; the next number of a list, such as of claims, does so at the place of the last."""
    starts: list[bool] = []
    item, indent = 0, 0.0
    for i, line in enumerate(lines):
        begins = i == 0 or _starts(lines[i - 1], line, starts[i - 1], front)
        if (number := _LIST_NUMBER.match(line.text)) is not None:
            begins = begins or (int(number.group(1)) == item + 1 and abs(line.indent - indent) < 0.4)
            if begins:
                item, indent = int(number.group(1)), line.indent
        starts.append(begins)
    return starts


def _starts(before: _Placed, this: _Placed, before_starts: bool, front: int) -> bool:
    """Whether a line begins a paragraph, where it is known whether the line before did."""
    text = this.text
    if _PARAGRAPH_NUMBER.match(text) or _CHINESE_HEADING.fullmatch(text):
        return True
    same = before.column is this.column
    if not same and (text[0].islower() or before.column.wide != this.column.wide):
        return before.column.wide != this.column.wide
    if this.page == front:
        return not same or _FIELD_CODE.match(text) is not None or this.line.base - before.line.base > 2 * this.line.size
    ended = before.ends
    if same and this.line.base - before.line.base > 1.4 * max(this.pitch, this.line.size) and (ended or not text[0].islower()):
        return True
    if ended and (_LIST_NUMBER.match(text) or (this.is_bold and not before.is_bold)):
        return True
    short = before.room > (0.08 if _is_justified(before.column) else 0.3)
    if not same:
        return ended and (short or this.indent > 0.7)
    step = this.indent - before.indent
    if step < -0.7:  # back from a hanging paragraph, or the second line of an indented one
        return ended and short
    if step > 0.7:
        return ended or short
    return ended and (short or (before_starts and this.indent > 0.7))


def _is_justified(column: Column) -> bool:
    edge = column.right - 0.05 * (column.right - column.left)
    return sum(line.right > edge for line in column.lines) * 2 > len(column.lines)


def _is_heading(lines: Sequence[_Placed], starts: Sequence[bool], i: int, front: int) -> bool:
    """Whether a line that stands by itself is set as a heading: capitals, bold or centred, or says what a section's heading says."""
    this = lines[i]
    if this.page == front or len(this.text) > 150 or _FIELD_CODE.match(this.text) or _PARAGRAPH_NUMBER.match(this.text):
        return False
    text = _HEADING_NUMBER.sub("", this.text).strip()
    after = lines[i + 1] if i + 1 < len(lines) else None
    if after is not None and after.column is this.column and after.text[0].islower():
        return False
    if _CHINESE.search(text):
        return _is_chinese_heading(this, text, starts[i])
    capitals = _is_capitals(text)
    if _NO_HEADING.search(text) and not (capitals and after is not None and _is_capitals(after.text)):
        return False
    if not starts[i] and not (capitals and (lines[i - 1].ends or _is_capitals(lines[i - 1].text))):
        return False
    if capitals:
        return True
    if len("".join(_LETTERS.findall(text))) < 4 or (this.ends and not text.endswith(":")):
        return False
    if this.is_bold:
        return this.room > 0.05
    if len(text) > 80 or not text[0].isupper():
        return False
    return this.is_centred or (this.room > 0.1 and not re.search("[,.]", text) and kind_of_heading(text) is not None)


def _is_chinese_heading(this: _Placed, text: str, starts: bool) -> bool:
    if not starts or len(text) > 40 or re.search("[，。；、]$", text) or not _CHINESE.search(text):
        return False
    return (
        (this.is_bold and this.room > 0.05)
        or this.is_centred
        or (len(text) < 17 and not re.search("[，。；：]", text) and kind_of_heading(text) is not None)
    )


def _is_capitals(text: str) -> bool:
    letters = "".join(_LETTERS.findall(text))
    return len(letters) > 2 and letters.isupper() and letters.isascii() and len(letters) * 2 > len(text)


def _goes_on(before: _Placed, this: _Placed) -> bool:
    """Whether a line of a heading goes on with it."""
    close = this.line.base - before.line.base < 1.45 * max(this.line.size, before.line.size)
    alike = 0.85 < this.line.size / before.line.size < 1.18
    begins = _LIST_NUMBER.match(this.text) or _CHINESE_HEADING.fullmatch(before.text) or _CHINESE_HEADING.fullmatch(this.text)
    return before.column is this.column and close and alike and not before.ends and not begins


def _table_end(lines: Sequence[_Placed], start: int, front: int) -> int:
    """The end of the table that begins at a line, or `start` where none does: three rows or more, with cells under one another."""
    end = start
    edges: set[int] = set()
    while end < len(lines) and lines[end].column is lines[start].column and not _FIELD_CODE.match(lines[end].text):
        starts = {round(cell[0].left / _CELL_GAP / lines[end].line.size) for cell in _cells(lines[end].line)[1:]}
        if not starts or (end > start and not edges & {place + near for place in starts for near in (-1, 0, 1)}):
            break
        edges, end = starts, end + 1
    return end if end - start > 2 else start


def _cells(line: Line) -> list[list[Word]]:
    cells = [[line.words[0]]]
    for a, b in pairwise(line.words):
        if b.left - a.right > _CELL_GAP * line.size:
            cells.append([b])
        else:
            cells[-1].append(b)
    return cells
