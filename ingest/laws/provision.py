"""The parts of an article: its paragraphs (款) and their items (项), as they are cited: Article 26(4), 第二十五条第一款第（三）项.

In Chinese laws every line that has no mark of its own is a paragraph, and （一）, （二） are the items of the paragraph before
them. In others a line's mark tells: (1), (a), (i), each kind a level below the kind that came before it; without any, lines count.
"""

import re
from typing import NamedTuple

from ingest.language import detect_language
from ingest.laws.chinese_numeral import NUMERAL, chinese_number

_CHINESE_MARK = re.compile(rf"[（(]({NUMERAL})[）)]|([0-9０-９]{{1,3}})[.．、](?![0-9])")
_MARK = re.compile(r"\(([0-9]{1,3}[a-z]?|[a-zA-Z]{1,4})\)|([0-9]{1,3})\.(?=\s)")
_ROMAN = re.compile(r"[ivxl]+|[IVXL]+")


class Provision(NamedTuple):
    """A line of an article: its place, such as `("1", "3")` for paragraph 1, item 3, and where it stands in the text."""

    place: tuple[str, ...]
    start: int
    end: int


def provisions(text: str) -> list[Provision]:
    """The parts of an article's text, one for each line, in order. A line before the first mark of an article that has marks has no place."""
    chinese = detect_language(text) in ("zh", "ja")
    lines, at = [], 0
    for line in text.split("\n"):
        lines.append((at, at + len(line), (_CHINESE_MARK if chinese else _MARK).match(line)))
        at += len(line) + 1
    marked = not chinese and any(mark for _, _, mark in lines)
    found: list[Provision] = []
    kinds: list[str] = [""] if chinese or not marked else []
    place: list[str] = []
    for start, end, mark in lines:
        name, kind = _mark(mark, place[-1] if place else "", kinds)
        if not kind and marked:
            if found and found[-1].place:  # a paragraph that goes on
                found.append(Provision(tuple(place), start, end))
            else:
                found.append(Provision((), start, end))
            continue
        if kind not in kinds:
            kinds = [*kinds[: len(place)], kind]
        level = kinds.index(kind)
        place = place[:level] + ["1"] * (level - len(place[:level])) + [name or _next(place, level)]
        found.append(Provision(tuple(place), start, end))
    return found


def _mark(mark: "re.Match[str] | None", last: str, kinds: list[str]) -> tuple[str, str]:
    """The name of a marked line, and the kind of its mark; ("", "") for a line without."""
    if mark is None:
        return "", ""
    written = mark[1] or mark[2]
    number = chinese_number(written)
    style = "." if mark[2] else "()"
    if number is not None:
        figures = written[0] in "0123456789０１２３４５６７８９"
        return str(number), f"{'1' if figures else '一'}{style}"
    if written[0].isdigit():
        return written, f"1{style}"
    roman = _ROMAN.fullmatch(written) is not None and not (len(written) == 1 and len(last) == 1 and ord(written) == ord(last) + 1)
    return written, f"{'i' if roman else 'a'}{'A' if written.isupper() else ''}{style}"


def _next(place: list[str], level: int) -> str:
    return str(int(place[level]) + 1) if len(place) > level and place[level].isdigit() else "1"


def text_of(text: str, place: tuple[str, ...]) -> str | None:
    """The text of one part of an article, with the parts below it; None where the article has no such part."""
    lines = [p for p in provisions(text) if p.place[: len(place)] == place]
    return text[lines[0].start : lines[-1].end] if lines and place else None


def place_of(text: str, quote: str) -> tuple[str, ...]:
    """The narrowest part of an article that holds a quotation; () where only the whole article does, or it has but one part."""
    parts = provisions(text)
    if len(parts) < 2 or not quote:
        return ()
    at = text.find(quote)
    while at >= 0:
        touched = [p.place for p in parts if p.start < at + len(quote) and p.end > at]
        shared = touched[0] if touched else ()
        for place in touched[1:]:
            shared = tuple(a for n, a in enumerate(shared) if place[: n + 1] == shared[: n + 1])
        if shared:
            return shared
        at = text.find(quote, at + 1)
    return ()
