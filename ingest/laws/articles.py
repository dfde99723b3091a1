"""Where the articles of a law begin, and whether a text is one.

An article begins a line: 第二十六条, 第一百二十条之一, Article 26, § 112, Section 5, Rule 43. A law is a text whose lines begin with articles in
rising order, that fill most of it, and that says of itself that it is one (本法, this Act), or is headed so. So a patent whose
description names articles, or has rules and sections of its own, is none, and neither is a contract.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from ingest.laws.chinese_numeral import NUMERAL, chinese_number
from ingest.section_kind import kind_of_heading
from ingest.xml_text import tidy

_CHINESE = re.compile(rf"第\s*({NUMERAL})\s*[条條](?:\s*之\s*({NUMERAL}))?(?!第|[的、，。；和与及或至之]|所述|所称|规定|中)[\s：:]*")
_LATIN = re.compile(
    r"(?:(?:Article|ARTICLE|Art\.|Section|SECTION|Sec\.|SEC\.|Rule|RULE|Regulation|REGULATION)\s+|§\s?|\d{1,2}\s+(?:U\.S\.C\.|USC|C\.F\.R\.|CFR)\s+(?:§\s?)?)"
    r"(\d{1,4}(?:\.\d{1,4})?(?:bis|ter|quater|[A-Za-z](?![A-Za-z]))?)(?![\w(/-]|\.\d)[.:\s—–-]*"
)
_SPLIT_NUMBER = re.compile(r"(\d+)(?:\.(\d+))?(\w*)")
_HEADING = re.compile(
    rf"第\s*{NUMERAL}\s*([编編章节節])(?![的、，。；和与及或至])\s*(.{{0,60}})|((?i:PART|TITLE|CHAPTER|SUBCHAPTER|SUBPART))\s+([IVXLC]+|[A-Z]|\d{{1,3}}[A-Z]?)\b[.:\s—–-]*(.{{0,100}})"
)
_LEVELS = {
    "编": 0, "編": 0, "章": 1, "节": 2, "節": 2, "part": 0, "title": 0, "subpart": 2, "chapter": 1, "subchapter": 2,
}  # fmt: skip
_SELF_CHINESE = re.compile(r"本(?:法(?![院律人条])|细则|条例|规定|办法|规则|解释|公约|条约|协定)|この(?:法律|政令|省令)")
_SELF_LATIN = re.compile(
    r"\b[Tt]his\s+(?:Act|Code|Convention|Treaty|Law|Regulations?|Directive|Ordinance|Statute|title|chapter|subchapter|part)\b|\bthese\s+(?:Rules|Regulations)\b"
)
_CONTRACT = re.compile(r"本(?:合同|协议|公司|章程)|甲方|\b[Tt]his\s+(?:[A-Z][a-z]+\s+)?Agreement\b")
_CLAIMS = re.compile(
    r"权\s*利\s*要\s*求\s*书|請\s*求\s*の\s*範\s*囲|(?:what\s+(?:is|we)\s+claim(?:ed)?(?:\s+is)?|claims|(?:I|we)\s+claim)\W*",
    re.IGNORECASE,
)
_PATENT_PARTS = ("background", "summary", "drawings", "field")
FEWEST_CHINESE, FEWEST = 3, 3
"""So many articles a text must have."""
_SHARE = 0.6
"""So much of the text must stand in articles."""
_LISTED = 40
"""A line shorter than this that begins as an article is perhaps its line in a table of contents."""


class Beginning(NamedTuple):
    """An article begins in line `line` of the text; `rest` is what follows its number there."""

    line: int
    number: str
    rest: str


class Heading(NamedTuple):
    level: int
    text: str


def heading(line: str) -> Heading | None:
    """The heading of a part, chapter or section that a line is, or None."""
    match = _HEADING.fullmatch(line)
    if match is None or (match[2] or match[5] or "").rstrip().endswith(("。", "；", ".", ";")):
        return None
    text = f"{line[: match.start(2)].strip()} {tidy(match[2])}" if match[1] else line
    return Heading(_LEVELS[(match[1] or match[3]).lower()], text.strip(" .:—–-"))


def beginnings(lines: Sequence[str]) -> tuple[list[Beginning], list[Beginning]]:
    """The articles, in rising order, and the lines that begin like one and are none: those of a table of contents, and references."""
    found = [b for n, line in enumerate(lines) if (b := _beginning(n, line)) is not None]
    if not found:
        return [], []
    chinese = sum(lines[b.line].startswith("第") for b in found) * 2 >= len(found)
    found = [b for b in found if lines[b.line].startswith("第") == chinese]
    bodies = [sum(map(len, lines[a.line : b.line])) for a, b in pairwise(found)] + [sum(map(len, lines[found[-1].line :]))]
    chosen = _rising([_order(b.number) for b in found], bodies)
    return [found[i] for i in chosen], [b for i, b in enumerate(found) if i not in set(chosen)]


def _beginning(line: int, text: str) -> Beginning | None:
    if match := _CHINESE.match(text):
        number, inserted = chinese_number(match[1]), chinese_number(match[2]) if match[2] else None
        if number is None or number == 0 or (match[2] and not inserted):
            return None
        return Beginning(line, article_number(number, inserted), text[match.end() :])
    if match := _LATIN.match(text):
        return Beginning(line, match[1], text[match.end() :])
    return None


def article_number(number: int, inserted: int | None = None) -> str:
    """第一百二十条之一 as `120a`: an article that was put in later has a letter, as it has in other countries."""
    return f"{number}{chr(ord('a') + inserted - 1) if inserted and inserted <= 26 else f'.{inserted}' if inserted else ''}"


def _order(number: str) -> tuple[int, int, str]:
    match = _SPLIT_NUMBER.fullmatch(number)
    assert match is not None
    return int(match[1]), int(match[2] or 0), match[3].lower()


def _rising(keys: Sequence[tuple[int, int, str]], bodies: Sequence[int]) -> list[int]:
    """The longest strictly rising choice of the keys, in their order; among equally long ones that with the most text."""
    ranks = sorted(set(keys))
    best: list[tuple[int, int, int]] = [(0, 0, -1)] * (len(ranks) + 1)  # a Fenwick tree: (count, characters, last) of the best up to a rank
    before = [-1] * len(keys)
    for i, key in enumerate(keys):
        at = rank = bisect_left(ranks, key)
        top = (0, 0, -1)
        while at > 0:
            top, at = max(top, best[at]), at & (at - 1)
        before[i] = top[2]
        mine = (top[0] + 1, top[1] + min(bodies[i], 1 << 20), i)
        at = rank + 1
        while at < len(best):
            best[at], at = max(best[at], mine), at + (at & -at)
    chosen = []
    last = max((best[at] for at in range(len(best))), default=(0, 0, -1))[2]
    while last >= 0:
        chosen.append(last)
        last = before[last]
    return chosen[::-1]


def looks_like_law(lines: Sequence[str], titled: bool) -> bool:
    """Whether the lines of a text are those of a law. `titled` says that a line before the first article is the name of one."""
    articles, _ = beginnings(lines)
    if len(articles) < FEWEST:
        return False
    inside = sum(map(len, lines[articles[0].line :]))
    if inside < _SHARE * sum(map(len, lines)) or sum(_has_text(lines, a, b) for a, b in pairwise(articles)) * 2 < len(articles) - 1:
        return False
    if any(_CLAIMS.fullmatch(line) for line in lines) or sum(_heads_patent_part(line) for line in lines) > 1:
        return False
    text = "\n".join(lines)
    chinese = lines[articles[0].line].startswith("第")
    itself, contract = len((_SELF_CHINESE if chinese else _SELF_LATIN).findall(text)), len(_CONTRACT.findall(text))
    section_sign = not chinese and sum(re.match(r"§|\d+ (?:U|C)", lines[a.line]) is not None for a in articles) * 2 > len(articles)
    if contract > itself:
        return False
    return itself > 0 or titled if chinese else titled and (itself > 0 or section_sign)


def _heads_patent_part(line: str) -> bool:
    """Laws list the parts of a description, too, as items that end in a mark."""
    return len(line) < _LISTED and line[0].isalnum() and line[-1].isalnum() and kind_of_heading(line) in _PATENT_PARTS


def _has_text(lines: Sequence[str], article: Beginning, following: Beginning) -> bool:
    return len(article.rest) + sum(map(len, lines[article.line + 1 : following.line])) >= 10


def listed(beginning: Beginning) -> bool:
    """Whether a line that begins like an article is short enough for a line of a table of contents."""
    return len(beginning.rest) < _LISTED
