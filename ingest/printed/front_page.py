"""The front page of a printed patent: its facts by their INID codes (WIPO ST.9), such as `(54)` before the title.

The codes stand in round brackets, until about 2000 in square ones. What the page says in each field of `PatentDocument` is taken
from it; every other line of the page is handed back.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from ingest.build import classification, distinct
from ingest.document import Party
from ingest.printed.blocks import Block
from ingest.printed.hints import Hints
from ingest.printed.printed_date import printed_date, printed_dates
from ingest.printed.printed_number import cited_numbers, printed_number
from ingest.printed.printed_parts import PARAGRAPH_NUMBER, claims_opening, is_heading, part_of

_CODES = frozenset("10 11 12 13 15 19 20 21 22 23 24 25 26 27 30 31 32 33 34 41 42 43 44 45 46 47 48 50 51 52 54 55 56 57 58 59".split()) | frozenset(
    "60 61 62 63 64 65 66 67 68 70 71 72 73 74 75 76 80 81 83 84 85 86 87 88 91 92 93 94 95 96 97 98 99".split()
)
_AT_START = re.compile(r"\W{0,3}[(\[（]\s?(\d\d)\s?[)\]）]\s*")
_LABEL = (
    r"(?:United States|Europ|Patent|Pub|Date|Int\.|Int\s|International|U\.?\s?S\.? Cl|Appl|Filed|Filing|Inventor|Assignee|Field of|References|Notice"
    r"|Prior|Related|Foreign|Continuation|Division|Provisional|Attorney|Primary|Agent|Representative|Proprietor|Designated|Bulletin|ABSTRACT|Abstract|CPC|PCT"
    r"|(?:EP|DE|WO|US|CN)\s?\d|A[12]\b|B[12]\b|申请|公布|公告|授权|公开|发明|实用|专利|优先|摘要|对比|审查|代理|国|同一|分案|生物"
    r"|Anmelde|Veröffentl|Offenl|Erfinder|Prüf|Zusammen|Bezeichnung|Mandataire|Titulaire|Inventeur|Demandeur|Déposant)"
)
_INSIDE = re.compile(rf"(?<=\s)[(\[（]\s?(\d\d)\s?[)\]）]\s*(?={_LABEL})|(?<=\s)[(\[（]\s?(5[47]|7[1-6])\s?[)\]）]\s*(?=[A-Z\u4e00-\u9fff])")
_LABELS = {
    "54": re.compile(r"(?:发明名称|实用新型名称|外观设计名称|使用.{0,4}产品名称|發明名稱|Title|Bezeichnung|Titre|発明の名称)?\s*[:：]?\s*"),
    "57": re.compile(r"[\[（(]?(?:ABSTRACT|Abstract|摘要|Zusammenfassung|Abrégé|要約|權利要求)?[\]）)]?\s*[:：]?\s*(?:【課題】)?"),
}
_SYMBOL = re.compile(r"\b([A-HY]\d{2}[A-Z])\s*(\d{1,4}\s?/\s?\d{2,6})(?!\d)")
_MORE_OF_SUBCLASS = re.compile(r"(?<![\w/(.])(\d{1,4}/\d{2,6})(?![\w/])")
_CLAIM_COUNT = re.compile(r"\b(\d{1,3})\s+Claims?\b[,.]?\s*(?:(?:\d+|No)\s+Drawing)?", re.IGNORECASE)
_PAGES = re.compile(r"权利要求书\s*\d+\s*页.{0,40}页|\d{1,3}\s+Claims?\b[,.]?\s*(?:(?:\d+|No)\s+Drawing\s+(?:Sheets?|Figures?))?[,.]?", re.IGNORECASE)
_NOT_CITED = re.compile(r"OTHER\s+PUBLICATIONS|非专利文献|Non-patent", re.IGNORECASE)
_AFTER_ABSTRACT = re.compile(
    r"(?:Primary|Assistant)\s+Examiner|Attorney,?\s+Agent|\*?\s*cited by|See application file|\d{1,3}\s+Claims?\b|权利要求书\s*\d+\s*页"
    r"|OTHER\s+PUBLICATIONS|(?:U\.?\s?S\.?|FOREIGN)\s+PATENT\s+(?:DOCUMENTS|APPLICATION)|Printed by|Remarks:|Processed by",
    re.IGNORECASE,
)
_CITATION_LINE = re.compile(
    r"(?:U\.?\s?S\.?|FOREIGN)\s+PATENT\s+(?:DOC|APP)|OTHER\s+PUBLICATIONS|References\s+Cited|\W{0,3}(?:[A-Z]{2}\s?)?[\d,/]{6,}\s", re.IGNORECASE
)
_COMPANY = re.compile(r"(?:Inc|Ltd|LLC|L\.?L\.?C|Co|Corp|LP|L\.P|GmbH|AG|S\.?A|N\.?V|B\.?V|LLP|PLC|K\.?K|et al|Jr|Sr|II|III)\b\.?,?", re.IGNORECASE)
_ROLES = {"71": "applicant", "72": "inventor", "73": "assignee", "74": "agent", "75": "inventor", "76": "inventor"}
_ROLE_LABEL = re.compile(
    r"(?:[^:：]{0,40}(?:Inventors?(?:/Applicants?)?|Applicants?|Assignees?|Proprietors?|Representatives?|Attorneys?|Agents?|Anmelder|Erfinder|Vertreter"
    r"|Demandeurs?|Déposants?|Inventeurs?|Titulaires?|Mandataires?)(?:\s?\([A-Za-z]{1,4}\))?(?:/[^:]{0,30})?\s*:\s*)|(?:申请人|申請人|发明人|設計人|设计人|专利权人|專利權人"
    r"|专利代理机构|代理人)\s*[:：]?\s*"
)
_ADDRESS_ZH = re.compile(r"\s*(?:地址|邮编|代理人|代理师|\d{6}\s)")
_COUNTRY_CODE = re.compile(r"\s*\(([A-Z]{2})\)$")
_OFFICE = re.compile(r"patent|office|application|appl\.|brevet|[专專]利|知识产权|申请|\d{2}/\d{3},?\d{3}|\d{8}", re.IGNORECASE)
_WEAK = frozenset("54 57 71 72 73 74 75 76".split())
"""Codes before what may be any text."""
_LOOK = 60
"""How many blocks are looked at for the first code."""


@dataclass
class FrontPage:
    """The facts, the lines that are in none of them, the blocks after the front page, and what is doubtful."""

    facts: Hints = field(default_factory=lambda: Hints())
    lines: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    rest: Sequence[Block] = ()


@dataclass
class _Entry:
    code: str
    lines: list[str]

    @property
    def text(self) -> str:
        return " ".join(self.lines)


def read_front_page(blocks: Sequence[Block]) -> FrontPage:
    """The front page at the beginning of the blocks; no facts where there are no codes."""
    start = _first_code(blocks)
    if start is None:
        return FrontPage(rest=blocks)
    entries, end = _entries(blocks, start)
    page = FrontPage(lines=[block.text for block in blocks[:start]], rest=blocks[end:])
    country = "US" if any("united states" in line.lower() for line in [*page.lines, *(e.text for e in entries if e.code in ("12", "19"))]) else ""
    for entry in entries:
        if not _take(entry, page, country):
            page.lines.append(f"({entry.code}) {entry.text}" if entry.code else entry.text)
    _settle_dates(entries, page.facts)
    return page


def _first_code(blocks: Sequence[Block]) -> int | None:
    """The first block with a code, where what stands after the codes is what they stand for: numbers in brackets are many."""
    told: set[str] = set()
    first = None
    for position, block in enumerate(blocks[:_LOOK]):
        following = blocks[position + 1].text[:100] if position + 1 < len(blocks) else ""
        for code, text in _pieces(block.text[:3000], False):
            if code:
                first = position if first is None else first
                if _tells(code, f"{text[:300]} {following}" if len(text) < 40 else text[:300]):
                    told.add(code)
    return first if len(told) >= 3 and len(told - _WEAK) >= 2 else None


def _tells(code: str, text: str) -> bool:
    """Whether a text is such as stands after the code."""
    if code in ("10", "11"):
        return printed_number(text, "US") is not None
    if code in ("22", "43", "45"):
        return printed_date(text) is not None
    if code in ("51", "52"):
        return _SYMBOL.search(text) is not None
    if code in ("12", "19", "21"):
        return _OFFICE.search(text) is not None
    return code in _WEAK and (text[:1].isupper() or not text[:1].isascii())


def _entries(blocks: Sequence[Block], start: int) -> tuple[list[_Entry], int]:
    """What stands under each code, and the position of the first block after the front page."""
    entries: list[_Entry] = []
    page = blocks[start].page
    position = start
    for position in range(start, len(blocks)):
        block = blocks[position]
        pieces = _pieces(block.text, bool(entries) and entries[-1].code == "57")
        if _is_beyond(block, page, pieces, entries):
            return entries, position
        for code, text in pieces:
            if code:
                entries.append(_Entry(code, [text] if text else []))
            elif not entries or (_AFTER_ABSTRACT.match(text) and entries[-1].code == "57"):
                entries.append(_Entry("", [text]))
            else:
                entries[-1].lines.append(text)
    return entries, len(blocks)


def _is_beyond(block: Block, page: int, pieces: list[tuple[str, str]], entries: list[_Entry]) -> bool:
    """Whether a block is no longer of the front page, which may run over to a second one with its citations."""
    text = block.text
    if pieces[0][0] and block.page <= page + 2:
        return False
    if (part := part_of(text)) is not None:
        return part[0] not in ("abstract", "title")
    if block.page > page:
        return _CITATION_LINE.match(text) is None or block.page > page + 9
    if PARAGRAPH_NUMBER.match(text) or (claims_opening(text) and len(text) < 200):
        return True
    if is_heading(block) and block.kind != "heading" and not text.rstrip().lower().endswith("data"):
        return True
    if page == 0 and entries and entries[-1].code in ("57", "") and any(e.code == "57" and e.lines for e in entries):
        seen = sum(len(line) for e in entries if e.code == "57" for line in e.lines)
        return block.kind == "heading" or (seen > 80 and not _AFTER_ABSTRACT.match(text))
    return False


def _pieces(text: str, in_abstract: bool) -> list[tuple[str, str]]:
    """(code, text) for each code in a block; the code is "" for text before the first."""
    marks: list[tuple[int, int, str]] = []
    start = _AT_START.match(text)
    if start and start[1] in _CODES and not (in_abstract and re.match("[a-z,;.]", text[start.end() :])):
        marks.append((0, start.end(), start[1]))
    for match in _INSIDE.finditer(text):
        code = match[1] or match[2]
        if code in _CODES and not (in_abstract and match[2]) and (not marks or match.start() >= marks[-1][1]):
            marks.append((match.start(), match.end(), code))
    if not marks:
        return [("", text)]
    pieces = [("", text[: marks[0][0]].strip())] if marks[0][0] else []
    ends = [mark[0] for mark in marks[1:]] + [len(text)]
    return pieces + [(code, text[begin:end].strip()) for (_, begin, code), end in zip(marks, ends, strict=True)]


def _take(entry: _Entry, page: FrontPage, country: str) -> bool:
    """Puts what an entry says among the facts; False where it says nothing that has a field."""
    facts, code, text = page.facts, entry.code, entry.text
    if code in ("12", "19", "13"):
        return _take_number(text, facts, "") or code == "19"
    if code in ("10", "11"):
        return _take_number(text, facts, country)
    if code == "54":
        titles = [line for line in (_LABELS["54"].sub("", line, count=1).strip(" •·:") for line in entry.lines) if line]
        if titles and "title" not in facts:
            several = len(titles) == 3 and facts.get("number", "").startswith("EP")
            facts["title"] = titles[0] if several else " ".join(titles)
            facts["other_titles"] = titles[1:] if several else []
        return bool(titles)
    if code == "57":
        abstract = "\n".join(line for line in (_LABELS["57"].sub("", line, count=1).strip() for line in entry.lines) if line)
        if abstract.strip() and "abstract" not in facts:
            facts["abstract"] = abstract
        return True
    if code in ("51", "52"):
        return _take_symbols(text, code, facts)
    if code == "56":
        return _take_citations(text, page, country)
    if code in _ROLES:
        return _take_parties(entry, facts)
    if code in ("22", "43", "45"):
        return printed_date(text) is not None
    if not code and (match := _CLAIM_COUNT.match(text)):
        facts["claim_count"] = int(match[1])
    return not code and _PAGES.fullmatch(text.strip()) is not None


def _take_number(text: str, facts: Hints, country: str) -> bool:
    found = printed_number(text, country)
    if found is None:
        return False
    if "number" not in facts:
        facts["number"] = found.number
        if found.kind:
            facts["kind"] = found.kind
        if (day := printed_date(text[found.end :])) and "publication" not in facts:  # as German documents print it
            facts["publication"] = day
    return True


def _settle_dates(entries: Iterable[_Entry], facts: Hints) -> None:
    dates: dict[str, list[date]] = {}
    for entry in entries:
        dates.setdefault(entry.code, []).extend(printed_dates(entry.text))
    if dates.get("22"):
        facts["filing"] = dates["22"][0]
    published = dates.get("45") or dates.get("43")
    if published:
        facts["publication"] = published[0]
    priorities = [day for code in ("30", "32", "33", "60", "62", "63", "66", "22") for day in dates.get(code, [])]
    if priorities:
        facts["priority"] = min(priorities)


def _take_symbols(text: str, code: str, facts: Hints) -> bool:
    """The symbols of (51), the IPC, and of (52), the CPC; a group alone belongs to the subclass before it."""
    scheme = "ipc" if code == "51" else "cpc"
    symbols: list[str] = []
    position, subclass = 0, ""
    for match in _SYMBOL.finditer(text):
        symbols += [f"{subclass} {group}" for group in _MORE_OF_SUBCLASS.findall(text[position : match.start()]) if subclass]
        subclass = match[1]
        symbols.append(f"{subclass} {match[2].replace(' ', '')}")
        position = match.end()
    if not symbols:
        return False
    symbols += [f"{subclass} {group}" for group in _MORE_OF_SUBCLASS.findall(text[position:])]
    before = facts.get("classifications", [])
    facts["classifications"] = list(distinct([*before, *(classification(s, scheme, first=i == 0) for i, s in enumerate(symbols))]))
    return True


def _take_citations(text: str, page: FrontPage, country: str) -> bool:
    split = _NOT_CITED.search(text)
    listed = text[: split.start()] if split else text
    found = cited_numbers(listed, country)
    page.facts["citations"] = [*page.facts.get("citations", []), *found]
    if found and split:
        page.lines.append(text[split.start() :])
    return bool(found)


def _take_parties(entry: _Entry, facts: Hints) -> bool:
    role = _ROLES[entry.code]
    parties = facts.setdefault("parties", [])
    before = len(parties)
    for name in _names(entry, facts.get("number", "").startswith("EP")):
        party = Party(role=role, name=name)
        if party not in parties:
            parties.append(party)
    return len(parties) > before


def _names(entry: _Entry, european: bool) -> list[str]:
    """The names without their addresses, as the USPTO, the EPO and the CNIPA set them."""
    text = entry.text
    label = _ROLE_LABEL.match(text)
    body = text[label.end() :] if label else text
    if re.search("[\u4e00-\u9fff]", text[:12]):
        body = _ADDRESS_ZH.split(body, maxsplit=1)[0]
        names = re.split(r"[\s、；;，]+", body) if entry.code in ("72", "75") else [body.strip(" 0123456789")]
        return [name for name in names if len(name) > 1]
    if european or "•" in body:
        return [name for chunk in body.split("•") if (name := _european(chunk))]
    if ";" in body or label:
        return [name for chunk in re.split(r";\s*(?:and\s+)?", body) if (name := _american(chunk))]
    return [name] if (name := _american(body)) else []


def _american(text: str) -> str:
    """`Jane Doe, Newton, MA (US)` and `Acme, Inc., Boston, MA (US)` without the place."""
    parts = [part.strip() for part in text.strip(" .;").split(",")]
    name = parts[0]
    for part in parts[1:]:
        if not _COMPANY.fullmatch(part):
            break
        name += f", {part}"
    name = _COUNTRY_CODE.sub("", name).strip()
    return name if 2 < len(name) <= 200 and re.search(r"[^\W\d_]{2}", name) else ""


def _european(text: str) -> str:
    """`Kim, Jong-Soo Suwon-si (KR)` without the place, as far as it can be told from the name."""
    match = re.match(r"\s*([^,]{2,80},\s*[\w.'’-]+(?:\s[A-Z]\.)*)", text)
    return match[1].strip() if match else _COUNTRY_CODE.sub("", text.strip())[:200].strip()
