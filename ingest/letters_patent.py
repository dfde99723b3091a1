"""The head of an old patent: United States letters patent before INID codes (until 1970), and British specifications before 1852.

The American head is `UNITED STATES PATENT OFFICE`, the patentee, the title, and `Specification forming part of Letters Patent No. …, dated …`,
before the words `To all whom it may concern`. A British number begins again each year, so the year is a part of it, as
in the offices' databases (`GB176900913` for No. 913 of 1769).
"""

import re
from collections.abc import Sequence

from ingest.blocks import Block
from ingest.document import Party
from ingest.front_page import FrontPage
from ingest.number import document_number
from ingest.printed_date import printed_date, printed_dates
from ingest.printed_parts import claims_opening

_OFFICE = re.compile(r"united\s+states\s+patent\s+office[.,]?", re.IGNORECASE)
_LETTERS = re.compile(r"specification\s+(?:forming\s+part\s+)?of\s+letters\s+patent|letters\s+patent\s+no", re.IGNORECASE)
_BEGINS = re.compile(r"\W*(?:to\s+all\s+(?:to\s+)?whom\b|be\s+it\s+known)", re.IGNORECASE)
_NUMBER = re.compile(
    r"(?<!serial\s)(?<!appl\.\s)(?<!case\s)(?<!application\s)\bno[.,]?\s*((?:re\.?\s*)?\d{1,3}(?:[,.]\s?\d{3})*)(?!\d|,\d)", re.IGNORECASE
)
_BARE_NUMBER = re.compile(r"(?:^|\s)(\d{1,2},\d{3},\d{3}|\d{3},\d{3})\W*$")
_PATENTED = re.compile(r"(?:patented(?!\s+in\b)|dated|granted)\s+([A-Z][a-z]{2,8}\.?\s+\d{1,2},?\s+\d{4})", re.IGNORECASE)
_FILED = re.compile(r"(?:application(?:\s+filed)?|filed)\s+(?=[A-Z][a-z]{2,8}\.?\s+\d)(.{8,200})", re.IGNORECASE)
_PATENTED_ABROAD = re.compile(r"patented\s+in", re.IGNORECASE)
_PATENTEE = re.compile(r"(?:^|,\s+AND\s+|\sAND\s+|;\s+)([A-Z][^,;]{2,60}),\s+(?:JR\.,\s+)?OF\b", re.IGNORECASE)
_ASSIGNEE = re.compile(
    r"assignors?,?\s+(?:by\s+(?:direct\s+and\s+)?mesne\s+assignments?,?\s+)?to\s+([^,;]{3,120}(?:,\s+(?:inc|ltd|limited|co)\.?)?)", re.IGNORECASE
)
_CONVENTION = re.compile(r"\band\s+in\s.{5,60}", re.IGNORECASE)
_SHEET = re.compile(r"(?:no\.\s*)?\d{1,3}(?:,\d{3})*\.?\s*(?:patented\b.{0,40})?|patented\b.{0,40}|\d{1,2}\s+claims?\W.{0,30}", re.IGNORECASE)
_BRITISH = re.compile(r"A\.?\s?D\.?\s?(1[67]\d\d|18[0-5]\d)[\s.]{1,60}N[o°º]\.?\s?(\d{1,5})\b", re.IGNORECASE)
_BRITISH_NAME = re.compile(r"\bI,\s+([A-Z][A-Z.'’ -]{2,50}),\s+of\b")
_LOOK = 60


def read_letters_patent(blocks: Sequence[Block]) -> FrontPage:
    """The head at the beginning of the blocks; no facts where it is not that of an old patent."""
    if any(_BRITISH.search(block.text) for block in blocks[:5]):
        return _british(blocks)
    office = next((i for i, block in enumerate(blocks[:_LOOK]) if _OFFICE.search(block.text[:400])), None)
    letters = next((i for i, block in enumerate(blocks[:_LOOK]) if _LETTERS.search(block.text[:600])), None)
    if office is None and letters is None:
        return FrontPage(rest=blocks)
    return _american(blocks, office if office is not None else 0)


def _american(blocks: Sequence[Block], office: int) -> FrontPage:
    end = next((i for i in range(office, min(len(blocks), office + 20)) if _is_text(blocks[i].text)), min(len(blocks), office + 1))
    page = FrontPage(rest=blocks[end:])
    sheet = [block.text for block in blocks[:office]]
    head = [line for block in blocks[office:end] for line in _lines(block.text)]
    page.lines = [line for line in sheet if not _SHEET.fullmatch(line.strip())]
    everything = [line[:1000] for line in [*head, *sheet]]
    number = _number(everything)
    if number:
        page.facts["number"] = document_number("US", number)
    if patented := next((m for m in map(_PATENTED.search, everything) if m), None):
        if day := printed_date(patented[1]):
            page.facts["publication"] = day
    elif sheet and (days := printed_dates(sheet[0])) and number and number in sheet[0]:
        page.facts["publication"] = days[0]
    filed = next((m[1] for m in map(_FILED.search, everything) if m), "")
    filed = _PATENTED_ABROAD.split(filed)[0]
    if days := [*printed_dates(filed)[:1], *printed_dates(" ".join(_CONVENTION.findall(filed)))]:
        page.facts["filing"], page.facts["priority"] = days[0], min(days)
    _read_head(head, page)
    return page


def _number(lines: list[str]) -> str:
    """The number of the patent, and not the serial number of its application or that of a patent abroad."""
    own = [_PATENTED_ABROAD.split(line)[0] for line in lines]
    numbered = next((m for m in map(_NUMBER.search, sorted(own, key=lambda line: _LETTERS.search(line) is None)) if m), None)
    bare = next((m for m in map(_BARE_NUMBER.search, own) if m and "serial" not in m.string.lower()), None)
    found = numbered or bare
    return found[1] if found else ""


def _is_text(text: str) -> bool:
    """Whether a block belongs to the text of the specification and no longer to its head."""
    if _BEGINS.match(text) or claims_opening(text):
        return True
    return len(text) > 250 and not _LETTERS.search(text) and not _ASSIGNEE.search(text)


def _lines(text: str) -> list[str]:
    """The lines of a head that may have been run together."""
    text = re.sub(r"\s+(?=specification\s+(?:forming\s+part\s+)?of\s+letters|application\s+filed\b)", "\n", text, flags=re.IGNORECASE)
    text = _OFFICE.sub(lambda match: f"\n{match[0]}\n", text)
    return [line.strip() for line in text.split("\n") if line.strip()]


def _read_head(head: list[str], page: FrontPage) -> None:
    parties = []
    for line in head:
        if _OFFICE.fullmatch(line) or _SHEET.fullmatch(line):
            continue
        assignment = re.search(r"\bassignors?\b", line, re.IGNORECASE)
        patentees = _PATENTEE.findall(line[: assignment.start()] if assignment else line)
        if assignment and not patentees:
            patentees = [line.split(",")[0]]
        if patentees and not _LETTERS.search(line):
            parties += [Party(role="inventor", name=name.strip()) for name in patentees]
            if assignee := _ASSIGNEE.search(line):
                parties.append(Party(role="assignee", name=assignee[1].strip(" .")))
        elif _LETTERS.search(line) and _PATENTED.search(line):
            continue
        elif "title" not in page.facts and not re.search(r"\d", line) and re.search(r"[^\W\d_]{3}", line):
            page.facts["title"] = line.strip(" .")
        else:
            page.lines.append(line)
    if parties:
        page.facts["parties"] = parties


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
