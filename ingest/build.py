"""What the readers share: putting sections together, dates, and numbers that occur twice."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from lxml import etree

from ingest.claims.dependency import Practice, claim_references
from ingest.document import Claim, Classification, Paragraph, Section
from ingest.errors import ReadError
from ingest.schemes.symbol import standard
from ingest.section_kind import kind_of_heading
from ingest.xml_text import all_text, readable, tidy

_CLAIM_NUMBER = re.compile(r"\[?\s*([0-9]{1,4})\s*[.)]")
_PRINTED_NUMBER = re.compile(r"^\s*\d+\s*[.)、．:：]\s*")


def parse_date(text: str | None) -> date | None:
    """`20120103`, `2012-01-03` or `19910300` (day unknown: the first) to a date; None where there is none."""
    digits = re.sub(r"\D", "", (text or "")[:10])
    if len(digits) != 8:
        return None
    year, month, day = int(digits[:4]), int(digits[4:6]) or 1, int(digits[6:]) or 1
    try:
        return date(year, month, day)
    except ValueError:
        return None


def claims_of(elements: Iterable[etree._Element], practice: Practice | None = None) -> tuple[Claim, ...]:
    """The claims in order, without their printed numbers; numbered by the office's `num`, or by their position where
    that is missing or was used before. `practice` is the office's whose rules tell what depends on what."""
    texts: dict[int, str] = {}
    for position, element in enumerate(elements, start=1):
        text = _PRINTED_NUMBER.sub("", readable(element), count=1)
        number = int(re.sub(r"[^0-9]", "", element.get("num") or "")[:5] or 0)
        if not 0 < number <= 9999 or number in texts:
            number = position if position not in texts else max(texts) + 1
        if text:
            texts[number] = text
    return claims_of_texts(texts, practice)


def with_printed_numbers(elements: Iterable[etree._Element], identity: str) -> Iterator[etree._Element]:
    """The claims of a family without `num`, given the number that they are printed with, or else that of their attribute `identity`."""
    for claim in elements:
        printed = _CLAIM_NUMBER.match(all_text(claim).lstrip())
        claim.set("num", printed[1] if printed else (claim.get(identity) or "").rpartition("-")[2][:5])
        yield claim


def claims_of_texts(texts: Mapping[int, str], practice: Practice | None = None) -> tuple[Claim, ...]:
    """Claims from their texts by number, with what each depends on and mentions."""
    claims = []
    for number, text in texts.items():
        depends_on, mentions = claim_references(text, number, practice, texts)
        claims.append(Claim(number=number, text=text, depends_on=depends_on, mentions=mentions))
    return tuple(claims)


class SectionBuilder:
    """Collects paragraphs under headings, in reading order."""

    def __init__(self) -> None:
        self._sections: list[tuple[str, str, list[Paragraph]]] = []
        self._mark: str | None = None
        self._used: dict[str, int] = {}
        self._last = ""

    def mark(self, kind: str | None) -> None:
        """The office's own mark for what follows; None ends it."""
        if kind != self._mark:
            self._mark = kind
            if kind:
                self._sections.append(("", kind, []))

    def heading(self, text: str) -> None:
        if not text:
            return
        if self._sections and not self._sections[-1][2] and self._sections[-1][0]:
            text = f"{self._sections[-1][0]} / {text}"  # a heading right under another one
            kind = kind_of_heading(text.rpartition(" / ")[2]) or self._sections[-1][1]
            self._sections[-1] = (text, kind, [])
            return
        previous = self._sections[-1][1] if self._sections else "description"
        kind = kind_of_heading(text) or self._mark or previous
        if self._sections and not self._sections[-1][2]:
            self._sections.pop()
        self._sections.append((text, kind, []))

    def paragraph(self, number: str, text: str) -> None:
        """`number` as printed; one that was already used (`0000` stands for many) gets the last one's with a letter."""
        if not text:
            return
        if not self._sections:
            self._sections.append(("", self._mark or "description", []))
        number = unique_number(re.sub(r"[^0-9A-Za-z.]", "", number) or self._last or "0000", self._used, self._last)
        self._last = re.sub(r"(?<=\d)[a-z]+$", "", number)
        self._sections[-1][2].append(Paragraph(number=number, text=text))

    def loose(self, text: str | None) -> None:
        """Text that stands between the blocks, and that no paragraph holds."""
        if text and not text.isspace():
            self.paragraph("", tidy(text.replace("\n", " ")))

    def build(self) -> tuple[Section, ...]:
        return tuple(Section(heading=h, kind=k, paragraphs=tuple(p)) for h, k, p in self._sections if p or h)


def unique_number(number: str, used: dict[str, int], last: str) -> str:
    """`number`, or, where it was used before, the last one with the next free letters (0005a, 0005b, … 0005aa). `used` has the
    numbers so far, each with how many letters were tried after it."""
    if number in used:
        base = last or number
        count = used.setdefault(base, 0)
        while (number := f"{base}{_letters(count)}") in used:
            count += 1
        used[base] = count + 1
    used[number] = 0
    return number


def _letters(count: int) -> str:
    text = ""
    while count >= 0:
        text = chr(ord("a") + count % 26) + text
        count = count // 26 - 1
    return text


def classification(symbol: str, scheme: str = "ipc", first: bool = False, inventive: bool = True) -> Classification | None:
    """A classification with its symbol in the standard form; None for what is not a symbol."""
    try:
        return Classification(scheme=scheme, symbol=standard(symbol), first=first, inventive=inventive)
    except ReadError:
        return None


def distinct(found: Iterable[Classification | None]) -> tuple[Classification, ...]:
    """Each (scheme, symbol) once, in order."""
    kept: dict[tuple[str, str], Classification] = {}
    for each in found:
        if each is not None:
            kept.setdefault((each.scheme, each.symbol), each)
    return tuple(kept.values())
