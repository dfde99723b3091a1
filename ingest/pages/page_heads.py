"""Running heads and feet: the document's number, page and column numbers, `Sheet 3 of 12`, 权利要求书 1/2 页.

They are taken off the pages. What they tell once is kept: the first page of text keeps the number and the date over it, and a
Chinese page says which part of the document it belongs to.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from ingest.pages.page import Page
from ingest.pages.page_columns import Line, rows_of

_PAGE_OF_PART = re.compile(
    r"(CN\d{7,12}[A-Z]?\d?)?(权利要求书|说明书附图|说明书摘要|摘要附图|说明书)(?:第?\d{1,4}(?:/\d{1,4})?页)?(CN\d{7,12}[A-Z]?\d?)?"
)
_CHINESE_NUMBER = re.compile(r"CN\d{7,12}[A-Z]?\d?")
_PAGE_NUMBER = re.compile(r"[-–—(]?\d{1,4}[-–—)]?|(?:page)?\d{1,4}(?:of|/)\d{1,4}|第?\d{1,4}(?:/\d{1,4})?页(?:[,，]?共\d{1,4}页)?", re.IGNORECASE)
_PIECE = re.compile(
    r"U\.?S\.?Patent|PatentApplicationPublication|Patented|US|EP|CN|WO|JP|KR|DE|FR|GB|TW|RU|CA|AU|Sheet|Page|of"
    r"|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}|[ABCUSTY](?=\d?(?:[^a-z]|$))|\d+|[-–—.,/() ]"
)
_NUMBER = re.compile(r"\d+(?:[,./]\d+)*")
_TELLING = re.compile(r"\d,\d{3}|\d{5}|Sheet\d|(?:US|EP|CN|WO)\d")
"""What makes a line of numbers the head of a page rather than the row of a table."""
_BLANK = re.compile(r"(?<!\d)\s+|\s+(?!\d)")
_TOP, _BOTTOM = 0.2, 0.85
"""Heads and feet are sought above and below these parts of the height."""
_MUCH = 300
"""Characters; a page with fewer has no running text."""


@dataclass(frozen=True, slots=True)
class Head:
    """What the head of a Chinese page says: the document's number, and the part that the page belongs to."""

    number: str
    part: str


def without_heads(pages: Iterable[Page]) -> tuple[list[Page], dict[int, Head]]:
    """The pages without their heads and feet, and what the heads of Chinese pages say, by page number."""
    pages = list(pages)
    ends = [_ends(page) for page in pages]
    often = Counter(key for rows in ends for key in {_key(row) for end in rows for row in end})
    repeated = {key for key, count in often.items() if count >= 3 and count * 4 >= len(pages)}
    first = _first_text_page(pages)
    bare, heads = [], {}
    for page, rows in zip(pages, ends, strict=True):
        dropped: set[int] = set()
        number = ""
        for end in rows:
            for row in end:
                text = _squeezed(row)
                part, alone = _PAGE_OF_PART.fullmatch(text), _CHINESE_NUMBER.fullmatch(text)
                telling = _is_head(row, repeated)
                if part is not None:
                    heads[page.number] = Head(part.group(1) or part.group(3) or number, part.group(2))
                elif alone is not None:
                    number = text
                elif not _is_page_number(row) and (page.number == first or not telling):
                    if not telling:
                        break
                    continue
                dropped.update(id(w) for w in row.words)
        bare.append(replace(page, words=[w for w in page.words if id(w) not in dropped]) if dropped else page)
    return bare, heads


def _first_text_page(pages: Sequence[Page]) -> int:
    lengths = {page.number: sum(len(w.text) for w in page.words) for page in pages}
    return next((number for number, length in lengths.items() if length > _MUCH), max(lengths, key=lengths.__getitem__, default=0))


def _ends(page: Page) -> tuple[list[Line], list[Line]]:
    """The first three lines and the last two, the outer ones first."""
    top = rows_of((w for w in page.words if w.base < _TOP * page.height), page.scanned)
    bottom = rows_of((w for w in page.words if w.base > _BOTTOM * page.height), page.scanned)
    return top[:3], bottom[:-3:-1]


def _squeezed(row: Line) -> str:
    """Without blanks but those between two numbers."""
    return _BLANK.sub("", row.text) if len(row.words) < 40 else ""


def _key(row: Line) -> str:
    """What stays the same from page to page."""
    return re.sub(r"\d+", "#", _squeezed(row))


def _is_page_number(row: Line) -> bool:
    words = [w.text for w in row.words]
    if len(words) == 2 and all(w.isdigit() for w in words):  # the numbers of two columns
        return int(words[1]) == int(words[0]) + 1
    return _PAGE_NUMBER.fullmatch(_squeezed(row)) is not None


def _is_head(row: Line, repeated: set[str]) -> bool:
    text = _squeezed(row)
    if not text:
        return False
    if _key(row) in repeated:
        return True
    return len(_NUMBER.findall(text)) <= 6 and _TELLING.search(text) is not None and not _PIECE.sub("", text)
