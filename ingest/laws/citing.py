"""Articles as they are cited in a question or a letter: 专利法第二十六条第四款, 细则第20条, Article 26(4) of the Patent Law, 35 U.S.C. § 112(a)."""

import re
from typing import NamedTuple

from ingest.language import CJK
from ingest.laws.articles import article_number
from ingest.laws.chinese_numeral import NUMERAL, chinese_number

_CHINESE = re.compile(
    rf"(?P<before>《[^》]{{2,60}}》(?:[（(][^（）()]*[）)])?|[{CJK}]{{0,40}}?)"
    rf"第\s*(?P<articles>{NUMERAL}(?:\s*[条條]?\s*(?:[、,，和与及至到]|以及)\s*(?:第\s*)?{NUMERAL}(?=\s*[条條、,，和与及至到以]))*)\s*[条條](?:\s*之\s*(?P<inserted>{NUMERAL}))?"
    rf"(?P<paragraphs>\s*第\s*{NUMERAL}(?:\s*[、和与及或]\s*第?\s*{NUMERAL})*\s*款)?(?P<item>\s*第?\s*[（(]?\s*{NUMERAL}\s*[）)]?\s*项)?"
    rf"(?P<more>(?:\s*[、和与及或]\s*第\s*{NUMERAL}\s*款)*)"
)
_LAW_NOUN = re.compile(rf"[{CJK}]*(?:法典?|条例|细则|规定|办法|规则|解释|公约|条约|协定|指南|通则)$")
_ITSELF = re.compile(r"(?:本|该|此|上述|前述)(?:法|条例|细则|规定|办法|规则|解释|公约|条约)$")
_LEAD = re.compile(r".*(?:符合|违反|违背|满足|属于|根据|依据|依照|按照|请问|以及|查看)(?=..)")
_NUMBERS = re.compile(rf"({NUMERAL})|([至到])")
_RANGE_LIMIT = 20
_NOUN = r"(?:Articles?|Art\.?|Rules?|Regulations?|Sections?|Sec\.|§{1,2})"
_CODE = r"(?:\d{1,2}\s*(?:U\.?\s?S\.?\s?C\.?|C\.?\s?F\.?\s?R\.?))"
_LATIN = re.compile(
    rf"(?:(?<![\w.])(?P<code>{_CODE})\s*(?:{_NOUN}\s*)?|(?P<noun>(?<!\w){_NOUN})\s*)(?P<article>\d{{1,4}}(?:\.\d{{1,4}})?(?:bis|ter|[A-Za-z](?![A-Za-z]))?)(?![\w-]|/\d)"
    r"(?P<place>(?:\s?\([0-9A-Za-z]{1,4}\))*)"
    r"(?:\s*,?\s*(?:(?:of|in|under)\s+(?:the\s+)?(?P<law>[A-Za-z][\w.'’ ]{2,80}?)"
    r"(?=\s*(?:[,;:?!()]|\.(?:\s|$)|$|\b(?:says?|requires?|provides?|means?|appl(?:y|ies)|is|are|does|do|about|and|or|concerning|regarding)\b))"
    r"|(?P<short>EPC|PCT|TRIPS)\b))?",
    re.IGNORECASE,
)


class CitedArticle(NamedTuple):
    """`law` is what the text calls the law, as much of it as stands before or after the article, or ""; `place` the part of the article."""

    law: str
    number: str
    place: tuple[str, ...]


def cited_articles(text: str) -> list[CitedArticle]:
    """The articles that a text cites, each once, in order. One that is cited without a law is of the law that was named before it."""
    found: list[CitedArticle] = []
    law = ""
    for match in _CHINESE.finditer(text):
        law = _law_before(match["before"]) or law
        *others, last = _articles(match) or [""]
        found.extend(CitedArticle(law, number, ()) for number in others)
        found.extend(CitedArticle(law, last, place) for place in _places(match) if last)
    for match in _LATIN.finditer(text):
        named = (match["code"] or match["law"] or match["short"] or "").strip()
        if (match["noun"] or "").lower().startswith(("section", "sec.", "regulation")) and not named and not found:
            continue  # of a description, perhaps
        law = named or law
        place = tuple(re.findall(r"\(([0-9A-Za-z]+)\)", match["place"] or ""))
        found.append(CitedArticle(law, match["article"], place))
    return list(dict.fromkeys(found))


def without_citations(text: str) -> str:
    """A text without the articles that it cites, and without the name of the law right before them."""

    def kept(match: "re.Match[str]") -> str:
        before, law = match["before"], _law_before(match["before"])
        return "" if before.startswith("《") else before[: len(before) - len(law)]

    return _LATIN.sub(" ", _CHINESE.sub(kept, text))


def _law_before(before: str) -> str:
    """The words before an article, where they end in the name of a law."""
    if before.startswith("《"):
        return before[1 : before.index("》")]
    match = _LAW_NOUN.search(before)
    return "" if match is None or _ITSELF.search(before) else _LEAD.sub("", match[0])


def _articles(match: "re.Match[str]") -> list[str]:
    """第二十二、二十三条, 第二条至第五条 and 第一百二十条之一 as numbers."""
    numbers: list[int] = []
    ranged = False
    for written, to in _NUMBERS.findall(match["articles"]):
        number = chinese_number(written) if written else None
        if to:
            ranged = True
        elif number:
            if ranged and numbers and numbers[-1] < number <= numbers[-1] + _RANGE_LIMIT:
                numbers.extend(range(numbers[-1] + 1, number))
            numbers.append(number)
            ranged = False
    inserted = chinese_number(match["inserted"]) if match["inserted"] else None
    return [article_number(n, inserted if n == numbers[-1] else None) for n in numbers]


def _places(match: "re.Match[str]") -> list[tuple[str, ...]]:
    paragraphs = [str(n) for text in (match["paragraphs"], match["more"]) if text for w in re.findall(NUMERAL, text) if (n := chinese_number(w))]
    item = chinese_number(re.findall(NUMERAL, match["item"])[0]) if match["item"] else None
    if item:
        return [(paragraphs[0] if paragraphs else "1", str(item)), *((p,) for p in paragraphs[1:])]
    return [(p,) for p in paragraphs] or [()]
