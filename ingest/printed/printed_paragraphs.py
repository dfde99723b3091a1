"""Paragraph numbers as they are printed, `[0001]` or 【０００１】, or counted where none are."""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from ingest.printed.printed_parts import PARAGRAPH_NUMBER

_INSIDE = re.compile(r"(?<=[.。;；:：)）\"”])\s*(?=(?:\[\s?(\d{4,5})\s?\]|【\s?([0-9０-９]{4,5})\s?】)\s*\S)")


class Numbering:
    """The numbers of the paragraphs of one description: the office's own where they are printed, else a count from 0001.

    A number of one to three digits (`[7]`) is one only where it is the next: it may be a reference.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        self._last = 0
        self._printed = False
        for text in texts:
            if self._read(text) is not None:
                self._printed = True
                break
        self._last = 0
        self._pending = ""
        self._count = 0

    def split(self, text: str) -> Iterator[tuple[str, str]]:
        """(number, text) for each paragraph in a block; the number is "" where others are printed and this one has none."""
        begin = 0
        for match in _INSIDE.finditer(text):
            if self._printed and _value(match[1] or match[2]) == self._number_of(text[begin:]) + 1:
                yield from self._one(text[begin : match.start()])
                begin = match.end()
        yield from self._one(text[begin:])

    def _number_of(self, text: str) -> int:
        found = self._read(text)
        return found[0] if found else self._last

    def _read(self, text: str) -> tuple[int, str, str] | None:
        """The value of the number at the beginning, the number as it is cited, and the text after it."""
        match = PARAGRAPH_NUMBER.match(text)
        if match is None:
            return None
        digits = match[1] or match[2]
        value = _value(digits)
        if len(digits) < 4 and value != self._last + 1:
            return None
        return value, f"{value:04d}", text[match.end() :].strip()

    def _one(self, text: str) -> Iterator[tuple[str, str]]:
        found = self._read(text)
        if found is not None:
            self._last, number, text = found
            if not text:  # the number stands in a block of its own
                self._pending = number
                return
        else:
            number = self._pending
        self._pending = ""
        text = text.strip()
        if text:
            self._count += 1
            yield number if self._printed else f"{self._count:04d}", text


def _value(digits: str) -> int:
    return int(unicodedata.normalize("NFKC", digits))
