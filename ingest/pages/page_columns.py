"""From the words of a page to its lines in the order of reading: one or two columns, without the line numbers beside them.

The same for a text layer and for OCR. Two columns are told by a vertical strip near the middle that next to no word crosses; what
does cross it (a title, a wide table) divides the page into bands, each read down the left column and then down the right one.
"""

import re
import statistics
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import groupby, pairwise

from ingest.pages.page import Page, Word

_NOISE = re.compile(r"\S{1,3}")
SCRIPT_SIZE = 0.8
"""A word of less than this part of its neighbours' size may be a superscript or a subscript."""
_FIRST_IDEOGRAPH = "\u2e80"
_FIELD_CODE = re.compile(r"[(\[]\d\d[)\]]")
"""An INID code of a front page (WIPO ST.9), such as (54)."""


@dataclass(slots=True)
class Line:
    """A line of one column; `words` from left to right."""

    words: list[Word]
    left: float
    right: float
    base: float
    size: float

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)


@dataclass(slots=True)
class Column:
    """Lines one under the other, and the edges of the text that they stand in; `wide` where it goes across two columns."""

    left: float
    right: float
    lines: list[Line] = field(default_factory=list)
    wide: bool = False


Gutter = tuple[float, float]


def _is_number(word: Word) -> bool:
    return len(word.text) < 4 and word.text.isdecimal()


def rows_of(words: Iterable[Word], scanned: bool) -> list[Line]:
    """The words that stand on one line, from the top; in print a short raised or lowered one belongs to the line that it hangs on."""
    rows: list[list[Word]] = []
    base = size = 0.0
    for word in sorted(words, key=lambda w: w.base):
        if rows and word.base - base <= 0.45 * (max if not scanned and _hangs(word, rows[-1], size) else min)(size, word.size):
            rows[-1].append(word)
            base += (word.base - base) / len(rows[-1])
            size = max(size, word.size)
        else:
            rows.append([word])
            base, size = word.base, word.size
    return [_line(row) for row in rows]


def _hangs(word: Word, row: list[Word], size: float) -> bool:
    """Whether a word is a subscript of a row of words of this size, or the row so far is a superscript of the word."""
    if word.size < size:
        return word.size < SCRIPT_SIZE * size and len(word.text) < 5
    return size < SCRIPT_SIZE * word.size and len(row) == 1 and len(row[0].text) < 5


def _line(words: list[Word]) -> Line:
    words.sort(key=lambda w: w.left)
    longest = max(words, key=lambda w: w.right - w.left)
    return Line(words, words[0].left, max(w.right for w in words), longest.base, longest.size)


def gutter_of(page: Page, before: Gutter | None = None) -> Gutter | None:
    """The strip between two columns, from where to where, or None where there is one column.

    `before` is that of the page before, which holds for this one too where too little of a column is filled to tell, and no word
    stands in it.
    """
    gutter = _own_gutter(page)
    if gutter is None and before is not None:
        left, right = before[0] + 2, before[1] - 2
        return before if not any(w.left < right and w.right > left for w in page.words if not _is_number(w)) else None
    return gutter


def _own_gutter(page: Page) -> Gutter | None:
    words = [w for w in page.words if (len(w.text) > 1 and not _is_number(w)) or w.text >= _FIRST_IDEOGRAPH]
    if len(words) < 20:
        return None
    crossing = _crossing(words, page.width)
    lefts, rights = sorted(w.left for w in words), sorted(w.right for w in words)
    left, right = int(lefts[len(lefts) // 50]), int(rights[-1 - len(rights) // 50])
    filled = crossing[max(left, 0) : max(right, 0)]
    usual = statistics.quantiles(filled, n=10)[-1] if len(filled) > 1 else 0  # of the fuller column
    right = max(right, int(page.width) - left)  # where the right column has a line or two
    zone = range(max(0, int(left + 0.3 * (right - left))), min(len(crossing), int(left + 0.7 * (right - left))))
    if not zone or usual < 4:
        return None
    least = min(crossing[x] for x in zone)
    if least > (0.3 * usual if usual >= 8 else 0):
        return None
    narrowest = 0.45 * statistics.median(w.size for w in words)  # less are blanks that happen to be above one another
    for most in (least, least + 0.02 * usual, least + 0.05 * usual, 0.15 * usual):
        runs = [(start, end) for start, end in _runs([crossing[x] <= most for x in zone]) if end - start >= narrowest]
        if runs:
            break
    else:
        return None
    start, end = min(runs, key=lambda run: abs(run[0] + run[1] - len(zone)))
    start, end = zone.start + start, zone.start + end
    if end - start > 0.12 * page.width and sum(bool(_FIELD_CODE.fullmatch(w.text)) for w in words if w.left >= end - 1) < 2:
        return None  # the empty space of a table or a list
    return float(start), float(end)


def columns_of(page: Page, gutter: Gutter | None) -> list[Column]:
    """The columns of a page in the order of reading, on both sides of the gutter where it has one."""
    if not page.words:
        return []
    if gutter is None:
        column = _without_line_numbers(_column(page.words, page.scanned), page.scanned)
        return [column] if column.lines else []
    middle = sum(gutter) / 2
    left = _column([w for w in page.words if w.left + w.right < 2 * middle], page.scanned)
    right = _column([w for w in page.words if w.left + w.right >= 2 * middle], page.scanned)
    across, sides = _across(rows_of(page.words, page.scanned), left.right, right.left, middle)
    return list(_banded(across, [_without_line_numbers(_column(side, page.scanned), page.scanned) for side in sides]))


def _column(words: list[Word], scanned: bool) -> Column:
    lines = rows_of(words, scanned)
    return Column(*_edges(lines), lines)


def _edges(lines: list[Line]) -> tuple[float, float]:
    """The outermost places where more than a few lines begin and end; numbers at an end and short lines have no say."""
    lines = [line for line in lines if any(not _is_number(w) for w in line.words)] or lines
    if not lines:
        return 0.0, 0.0
    usual = statistics.median(line.right - line.left for line in lines)
    full = [line.words for line in lines if line.right - line.left >= usual / 2]
    lefts = sorted(words[len(words) > 1 and _is_number(words[0])].left for words in full)
    rights = sorted((words[-2 if len(words) > 1 and _is_number(words[-1]) else -1].right for words in full), reverse=True)
    few = min(len(full) - 1, max(1, len(full) // 20))
    close = 0.2 * lines[0].size
    left = next((x for x, next_x in zip(lefts, lefts[few:], strict=False) if next_x - x <= close), lefts[0])
    right = next((x for x, next_x in zip(rights, rights[few:], strict=False) if x - next_x <= close), rights[0])
    return left, right


def _crossing(words: list[Word], width: float) -> list[int]:
    """How many words stand across each point of the width."""
    size = max(1, int(width) + 2)
    steps = [0] * (size + 1)
    for word in words:
        steps[min(max(int(word.left + 0.5), 0), size)] += 1
        steps[min(max(int(word.right + 0.5), 0), size)] -= 1
    total, crossing = 0, []
    for step in steps:
        total += step
        crossing.append(total)
    return crossing


def _runs(values: list[bool]) -> Iterator[tuple[int, int]]:
    """Where each run of True begins and ends."""
    start = 0
    for value, run in groupby(values):
        end = start + len(list(run))
        if value:
            yield start, end
        start = end


def _across(rows: list[Line], left_edge: float, right_edge: float, middle: float) -> tuple[list[Line], tuple[list[Word], list[Word]]]:
    """The lines that go across two columns, and the words of the left and of the right one."""
    body = statistics.median(row.size for row in rows)
    letter = statistics.median(_letter(row) for row in rows)
    phrases = [_bridge(row, left_edge, right_edge, middle, row.size > 1.2 * body and _letter(row) > 1.2 * letter) for row in rows]
    across: list[Line] = []
    sides: tuple[list[Word], list[Word]] = ([], [])
    for i, (row, phrase) in enumerate(zip(rows, phrases, strict=True)):
        around = [j for j in (i - 1, i + 1) if 0 <= j < len(rows) and not phrases[j] and abs(rows[j].base - row.base) < 1.5 * body]
        if phrase and len(around) < 2:  # between two lines of the columns, it is two lines of which a word is too long
            across.append(_line(phrase))
            taken = {id(w) for w in phrase}
            row.words = [w for w in row.words if id(w) not in taken]
        for w in row.words:
            sides[w.left + w.right >= 2 * middle].append(w)
    return across, sides


def _letter(row: Line) -> float:
    """The width of a letter of a line, as a mean."""
    return sum(w.right - w.left for w in row.words) / sum(len(w.text) for w in row.words)


def _bridge(row: Line, left_edge: float, right_edge: float, middle: float, large: bool) -> list[Word]:
    """The words of a row that go across the columns; in `large` letters, with no word just there."""
    words = [w for i, w in enumerate(row.words) if not (w.left > left_edge - 1 and w.right < right_edge + 1 and _stands_alone(row.words, i))]
    crossing = [i for i, w in enumerate(words) if w.left < middle - 1 and w.right > middle + 1]
    after = bisect_right(words, middle, key=lambda w: (w.left + w.right) / 2)
    if not crossing and 0 < after < len(words):
        blank = words[after].left - words[after - 1].right  # of a title, the blank between two words may be just there
        if blank < 0.8 * row.size and (blank < 0.5 * (right_edge - left_edge) or large):
            crossing = [after - 1, after]
    phrase = _phrase(words, crossing[0], crossing[-1]) if crossing else []
    return phrase if phrase and phrase[0].left < middle - row.size and phrase[-1].right > middle + row.size else []


def _stands_alone(words: list[Word], i: int) -> bool:
    """Whether it is the number of a line, or dirt, with a blank to one side: no bridge between the columns that it stands between."""
    word = words[i]
    if _is_fifth(word):
        return True
    before = word.left - words[i - 1].right if i else word.size
    after = words[i + 1].left - word.right if i + 1 < len(words) else word.size
    return max(before, after) > 0.5 * word.size and _NOISE.fullmatch(word.text) is not None


def _phrase(words: list[Word], first: int, last: int) -> list[Word]:
    """The words with no more than a blank between them around some, and the field code before them."""
    while first > 0 and (words[first].left - words[first - 1].right < 1.2 * words[first].size or _FIELD_CODE.fullmatch(words[first - 1].text)):
        first -= 1
    while last + 1 < len(words) and words[last + 1].left - words[last].right < 1.2 * words[last].size:
        last += 1
    return words[first : last + 1]


def _without_line_numbers(column: Column, scanned: bool) -> Column:
    """The column without the numbers at every fifth line that stand to the left or the right of it.

    In a text layer they are known by their values; in a scan, where OCR takes `25` for `C5`, by their place alone.
    """
    if all(len(line.words) == 1 and _is_number(line.words[0]) for line in column.lines) and _is_series([line.words[0] for line in column.lines]):
        return replace(column, lines=[])
    outside: list[tuple[Line, int]] = []
    for line in column.lines:
        slack = 0.3 * line.size if scanned else 0.5
        for end in (0, -1):
            word = line.words[end]
            beside = word.right < column.left + slack if end == 0 else word.left > column.right - slack
            if beside and (_NOISE.fullmatch(word.text) if scanned else _is_number(word)):
                outside.append((line, end))
    if not scanned:
        fifths = [(line, end) for line, end in outside if _is_fifth(line.words[end])]
        outside = fifths if _is_series([line.words[end] for line, end in outside]) else []
    for line, end in outside:
        if line.words:
            del line.words[end]
    lines = [replace(line, left=line.words[0].left, right=max(w.right for w in line.words)) for line in column.lines if line.words]
    return Column(column.left, column.right, lines, column.wide)


def _is_fifth(word: Word) -> bool:
    return _is_number(word) and 0 < int(word.text) <= 100 and int(word.text) % 5 == 0


def _is_series(words: list[Word]) -> bool:
    """Whether words beside a column are the numbers of its lines: multiples of five, and hardly another number, which a line may end with."""
    fifths = [word.text for word in words if _is_fifth(word)]
    return len(fifths) * 4 >= len(words) * 3 and (len(fifths) > 1 or fifths == ["5"])


def _banded(across: list[Line], sides: list[Column]) -> Iterator[Column]:
    """What goes across, and between it the left column and the right one."""
    edges = min(side.left for side in sides), max(side.right for side in sides)
    wide = Column(*edges, wide=True)
    done = [0, 0]
    for row in across:
        bands = []
        for i, side in enumerate(sides):
            end = done[i]
            while end < len(side.lines) and side.lines[end].base < row.base:
                end += 1
            bands.append(replace(side, lines=side.lines[done[i] : end]))
            done[i] = end
        between = bands[0].lines + bands[1].lines
        if between and wide.lines and len(between) < 7 and _are_wide(whole := rows_of((w for line in between for w in line.words), True)):
            wide.lines += whole  # lines of a title that only seem to be in columns
        elif between:
            if wide.lines:
                yield wide
            yield from (band for band in bands if band.lines)
            wide = Column(*edges, wide=True)
        wide.lines.append(row)
    if wide.lines:
        yield wide
    yield from (replace(side, lines=side.lines[end:]) for side, end in zip(sides, done, strict=True) if side.lines[end:])


def _are_wide(rows: list[Line]) -> bool:
    """Whether no blank in these few lines is as wide as between columns."""
    return len(rows) < 4 and all(b.left - a.right < 2 * row.size for row in rows for a, b in pairwise(row.words))
