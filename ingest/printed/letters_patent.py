"""The head of an old patent: United States letters patent before INID codes (until 1970), and British specifications before 1852.

The American head is `UNITED STATES PATENT OFFICE`, the patentee, the title, and `Specification forming part of Letters Patent No. …, dated …`,
before the words `To all whom it may concern`. A British number begins again each year, so the year is a part of it, as
in the offices' databases (`GB176900913` for No. 913 of 1769).
"""

import re
from collections.abc import Sequence
from datetime import date

from ingest.document import Party
from ingest.number import document_number
from ingest.printed.blocks import Block
from ingest.printed.front_page import FrontPage
from ingest.printed.printed_date import printed_dates
from ingest.printed.printed_parts import claims_opening

_OFFICE = re.compile(r"united\s+states\s+patent\s+office[.,]?", re.IGNORECASE)
_MISREAD_OFFICE = re.compile(r"\W*(?:\S{4,7}\s+)?(?:states\s+)?pat\S{2,3}\s+o\S{4,6}", re.IGNORECASE)
_LETTERS = re.compile(r"\bsp\S{4,8}tion\s+(?:\w+\s+){0,3}of\s+letters\s+patent|letters\s+patent\s+(?:no|ne|wo)\b", re.IGNORECASE)
_BEGINS = re.compile(
    r"\W*(?:t[oe]\s+a\w+\s+(?:to\s+)?\w*h\w{0,3}m?\b|be\s?it\s+known|(?:my|our|this|the)\s+(?:present\s+)?invention\s+(?:relates|has|consists))|.{0,20}\bmay\s+\w{0,2}ncer",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"(?<!serial\s)(?<!appl\.\s)(?<!case\s)(?<!application\s)\b[nw]\s?[oe0][.,]?\s*((?:re\.?\s*)?\d{1,3}(?:[,.]\s?\d{3})*)(?!\d|[,.]\S|[,.]\s[\dSOIl]\w)",
    re.IGNORECASE,
)
_BARE_NUMBER = re.compile(r"(?:^|\s)(\d{1,2},\d{3},\d{3}|\d{3},\d{3})\W*$")
_PATENTED = re.compile(r"(?:patented(?!\s+in\b)|dated|granted)\s+([A-Z][a-z]{2,8}\.?\s+\d{1,2},?\s+\d{4})", re.IGNORECASE)
_FILED = re.compile(r"(?:application(?:\s+\S{0,3}led)?|\bfiled)\s+(?=[A-Z][a-z]{2,8}\.?\s+\d)(.{8,200})", re.IGNORECASE)
_PATENTED_ABROAD = re.compile(r"patented\s+in", re.IGNORECASE)
_PATENTEE = re.compile(r"(?:^|,\s+AND\s+|\sAND\s+|;\s+)([A-Z][^,;]{2,60}),\s+(?:JR\.,\s+)?OF\b", re.IGNORECASE)
_ASSIGNEE = re.compile(
    r"assignors?,?\s+(?:by\s+(?:direct\s+and\s+)?mesne\s+assignments?,?\s+)?to\s+([^,;]{3,120}(?:,\s+(?:inc|ltd|limited|co)\.?)?)", re.IGNORECASE
)
_CONVENTION = re.compile(r"\band\s+in\s.{5,60}", re.IGNORECASE)
_SHEET = re.compile(r"(?:no\.\s*)?\d{1,3}(?:,\d{3})*\.?\s*(?:patented\b.{0,40})?|patented\b.{0,40}|\d{1,2}\s+claims?\W.{0,30}", re.IGNORECASE)
_BRITISH = re.compile(r"A\.?\s?D\.?\s?(1[67]\d\d|18[0-5]\d)[\s.]{1,60}N[o°º]\.?\s?(\d{1,5})\b", re.IGNORECASE)
_BRITISH_NAME = re.compile(r"\bI,\s+([A-Z][A-Z.'’ -]{2,50}),\s+of\b")
_TITLE_AND_NAME = re.compile(r"^((?:[A-Z][A-Z-]+[ ,]+){2,})(?=[A-Z][a-z]+\s)")
_NO_TITLE = re.compile(r"\d|\bcorporation\s+of\b|\bassign|best\s+available", re.IGNORECASE)
_YEARS = range(1790, 1977)
_LOOK = 60


def read_letters_patent(blocks: Sequence[Block]) -> FrontPage:
    """The head at the beginning of the blocks; no facts where it is not that of an old patent."""
    if any(_BRITISH.search(block.text) for block in blocks[:5]):
        return _british(blocks)
    office = next((i for i, block in enumerate(blocks[:_LOOK]) if _OFFICE.search(block.text[:400])), None)
    letters = next((i for i, block in enumerate(blocks[:_LOOK]) if _LETTERS.search(block.text[:600])), None)
    if office is None and letters is None:
        return FrontPage(rest=blocks)
    if office is None:
        office = next((i for i, block in enumerate(blocks[:letters]) if _MISREAD_OFFICE.fullmatch(block.text.strip())), None)
    return _american(blocks, office if office is not None else 0)


def _american(blocks: Sequence[Block], office: int) -> FrontPage:
    end = next((i for i in range(office, min(len(blocks), office + 20)) if _is_text(blocks[i].text)), min(len(blocks), office + 1))
    page = FrontPage(rest=blocks[end:])
    sheet = [block.text for block in blocks[:office]]
    head = [line for block in blocks[office:end] for line in _lines(block.text)]
    page.lines = [line for line in sheet if not _SHEET.fullmatch(line.strip())]
    everything = [line[:1000] for line in [*head, *sheet]]
    if numbers := _numbers(everything):
        page.facts["number"] = document_number("US", numbers[0])
        if len(numbers) > 1:
            page.doubts.append(f"the number is printed as {' and as '.join(numbers)}; the first was taken")
    patented = next((m[1] for m in map(_PATENTED.search, everything) if m), "")
    days = _days(patented) or (_days(sheet[0]) if sheet and numbers and numbers[0] in sheet[0] else [])
    if days:
        page.facts["publication"] = days[0]
    filed = _PATENTED_ABROAD.split(next((m[1] for m in map(_FILED.search, everything) if m), ""))[0]
    if days := [*_days(filed)[:1], *_days(" ".join(_CONVENTION.findall(filed)))]:
        page.facts["filing"], page.facts["priority"] = days[0], min(days)
    _read_head(head, page)
    return page


def _days(text: str) -> list[date]:
    return [day for day in printed_dates(text) if day.year in _YEARS]


def _numbers(lines: list[str]) -> list[str]:
    """The number of the patent as it is printed, one or, where OCR read it differently, two; not the serial number of its
    application, nor that of a patent abroad."""
    own = [_PATENTED_ABROAD.split(line)[0] for line in lines]
    found = [m[1] for m in map(_NUMBER.search, sorted(own, key=lambda line: _LETTERS.search(line) is None)) if m]
    found = found or [m[1] for m in map(_BARE_NUMBER.search, own) if m and "serial" not in m.string.lower()]
    plain = list(dict.fromkeys(re.sub(r"[\s.]", lambda match: "," if match[0] == "." else "", number) for number in found))
    longest = max(map(len, plain), default=0)
    return [number for number in plain if len(number) == longest]


def _is_text(text: str) -> bool:
    """Whether a block belongs to the text of the specification and no longer to its head."""
    if _BEGINS.match(text) or claims_opening(text):
        return True
    return len(text) > 250 and not _LETTERS.search(text) and not _ASSIGNEE.search(text)


def _lines(text: str) -> list[str]:
    """The lines of a head that may have been run together."""
    text = re.sub(r"\s+(?=sp\S{4,8}tion\s+(?:\w+\s+){0,3}of\s+letters|application\s+filed\b)", "\n", text, flags=re.IGNORECASE)
    text = _OFFICE.sub(lambda match: f"\n{match[0]}\n", text)
    text = re.sub(r"^(\d{1,3}(?:,\d{3})+)\s+(?=[A-Z])", r"\1\n", text)
    return [part for line in text.split("\n") for part in _TITLE_AND_NAME.sub(r"\1\n", line.strip()).split("\n") if part.strip()]


def _read_head(head: list[str], page: FrontPage) -> None:
    parties: list[Party] = []
    titles: list[str] = []
    for line in (line.strip() for line in head):
        if _OFFICE.fullmatch(line) or _MISREAD_OFFICE.fullmatch(line) or _SHEET.fullmatch(line):
            continue
        assignment = re.search(r"\bassignors?\b", line, re.IGNORECASE)
        patentees = _PATENTEE.findall(line[: assignment.start()] if assignment else line)
        if assignment and not patentees:
            patentees = [name for name in line.split(",")[:1] if re.search(r"[^\W\d_]{2}", name)]
        if patentees and not _LETTERS.search(line):
            parties += [Party(role="inventor", name=name.strip()) for name in patentees]
            if assignee := _ASSIGNEE.search(line):
                parties.append(Party(role="assignee", name=assignee[1].strip(" .")))
        elif _LETTERS.search(line) and _PATENTED.search(line):
            continue
        else:
            page.lines.append(line)
            if not _NO_TITLE.search(line) and re.search(r"[^\W\d_]{3}", line) and (line.isupper() or len(line) < 120):
                titles.append(line)
    if parties:
        page.facts["parties"] = parties
    if titles:  # the title stands below the patentee, in capitals
        title = next((line for line in reversed(titles) if line.isupper()), titles[-1])
        page.facts["title"] = title.strip(" .,")
        page.lines.remove(title)


def _british(blocks: Sequence[Block]) -> FrontPage:
    end = next((i for i, block in enumerate(blocks[:20]) if _BEGINS.match(block.text) or len(block.text) > 250), 0)
    page = FrontPage(rest=blocks[end:])
    name = next((m[1] for m in (_BRITISH_NAME.search(block.text[:400]) for block in blocks[end : end + 3]) if m), "")
    if name:
        page.facts["parties"] = [Party(role="inventor", name=name)]
    for block in blocks[:end]:
        line = block.text
        if "number" not in page.facts and (match := _BRITISH.search(line)):
            page.facts["number"] = f"GB{match[1]}{match[2].zfill(5)}"
        elif "title" not in page.facts and "specification" not in line.lower() and line.strip(" .").upper() != name:
            page.facts["title"] = line.strip(" .")
        else:
            page.lines.append(line)
    return page
