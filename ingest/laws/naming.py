"""What a law is called: its title, its year, and the number it is kept under.

The number is what an attorney would write without blanks: the country, the short title and the year of the version, as in `CN专利法2020`
(中华人民共和国专利法, 2020), `CN专利法实施细则2023` or `US35USC2024`. The title is a line before the first article. Where
there is none, as in texts cut out of a web page, it is told from what the law says of itself, or else from the file's name.
"""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import PurePath
from typing import NamedTuple

from ingest.language import CJK
from ingest.printed.printed_date import printed_dates

_CHINESE_TITLE = re.compile(
    rf"《?[{CJK}“”〈〉《》、·]{{1,70}}?(?:法典?|法律|条例|條例|细则|細則|规定|办法|规则|解释|决定|公约|条约|協定|协定|议定书|指南|通则)》?(?:[（(][^（）()]{{1,60}}[）)])?"
)
_TITLE = re.compile(
    r"(?=.{4,120}$)(?:.*\b(?i:Act|Code|Convention|Treaty|Regulations?|Rules|Statutes?|Law|Laws|Directive|Ordinance)\b(?:,?\s+(?:No\.\s*)?\d[\d/-]*|\s+of\b.*|\s+on\b.*|\s+\(.*\))?"
    r"|(?:Title\s+)?\d{1,2}\s*,?\s*(?:U\.S\.C\.|USC|United States Code|C\.F\.R\.|CFR|Code of Federal Regulations)(?:\W.*)?)"
)
_SENTENCE = re.compile(r"[。；;，]|[.](?=\s|$)(?<!\b[A-Z]\.)(?<!U\.S\.C\.)(?<!C\.F\.R\.)(?<!No\.)")
_BASED_ON = re.compile(rf"根据《(?:中华人民共和国)?([{CJK}]{{2,20}}法)》.{{0,40}}制定本细则")
_TRIALS = re.compile(rf"为(?:了)?(?:正确|规范|依法)?(?:审理|处理)([{CJK}、]{{2,40}}?(?:案件|纠纷)).{{0,120}}制定本(规定|解释)")
_ENACTED = re.compile(r"制定本(法|条例|办法|规定|规则|细则|解释)")
_RUN = re.compile(f"[{CJK}]+")
_OWNERS = re.compile(r"^(?:中华人民共和国|最高人民法院|最高人民检察院|国家知识产权局|国务院)+")
_EDITION = re.compile(r"[（(][^（）()]*(?:\d{4}|修正|修订|公布|通过|[Aa]mend|[Rr]evis)[^（）()]*[）)]")
_YEAR = re.compile(r"(?<!\d)(?:1[89]|20)\d\d(?!\d)")
_IN_FORCE = re.compile(r"自(\d{4}年\d{1,2}月\d{1,2}日)起(?:施行|实施|生效)")
_COUNTRIES = (
    ("US", re.compile(r"\bU\.S\.C\.|\bUSC\b|United States Code|\bC\.F\.R\.|\bCFR\b|\bU\.S\.|United States")),
    ("EP", re.compile(r"\bEuropean Patent\b|\bEPC\b")),
    ("WO", re.compile(r"Patent Cooperation Treaty|\bPCT\b")),
    ("CN", re.compile(r"People['’]s Republic of China|中华人民共和国|\bChinese\b")),
    ("TW", re.compile(r"中華民國")),
    ("GB", re.compile(r"United Kingdom")),
)
_LONGEST = 96


class Name(NamedTuple):
    """`told` is how the title became known where no line of the law says it, else ""."""

    number: str
    title: str
    year: int | None
    published: date | None
    told: str


def is_title(line: str) -> bool:
    """Whether a line before the first article is the name of a law."""
    line = line.strip()
    if _CHINESE_TITLE.fullmatch(line):
        return True
    return len(line) <= 120 and not _SENTENCE.search(line) and _TITLE.fullmatch(line) is not None


def name_of(before: Sequence[str], text: str, language: str, file_name: str) -> Name:
    """The name of a law from the lines before its first article, its whole text, and the name of its file."""
    title = next((line.strip() for line in before if is_title(line)), "")
    told = ""
    if not title and language == "zh":
        title, told = _title_from_text("\n".join(before) + "\n" + text)
    stem = PurePath(file_name).stem
    if not title:
        title, told = " ".join(re.split(r"[\s_.-]+", _YEAR.sub("", stem))).strip() or "law", "after its file's name"
    head = " ".join(before)
    dates = printed_dates(head)
    in_force = printed_dates(" ".join(_IN_FORCE.findall(text)))
    said = ([int(y) for y in _YEAR.findall(written)] for written in (title, " ".join(str(d.year) for d in dates), stem))
    year = max(next((years for years in said if years), [d.year for d in in_force[:1]]), default=None)
    candidates = [d for d in (*dates, *in_force) if year is None or d.year >= year]
    return Name(_number(title, year, language, f"{title}\n{head}"), title, year, max(candidates, default=None), told)


def _title_from_text(text: str) -> tuple[str, str]:
    """A Chinese law's title from what it says of itself: 实施细则 of the law it is based on, a court's 规定 about what it is to decide, and
    a 法 about the word that it uses most."""
    if match := _BASED_ON.search(text):
        return f"{match[1]}实施细则", "after the law that its first article names"
    if match := _TRIALS.search(text):
        return f"关于审理{match[1]}的{match[2]}", "after its first sentence"
    match = _ENACTED.search(text)
    if match is None or match[1] != "法":
        return "", ""
    counts = Counter(run[i : i + 2] for run in _RUN.findall(text) for i in range(len(run) - 1))
    (subject, count), *_ = counts.most_common(1)
    longer = Counter(run[i : i + 3] for run in _RUN.findall(text) for i in range(len(run) - 2) if run.startswith(subject, i))
    (grown, often), *_ = longer.most_common(1) or [(subject, 0)]
    return f"{grown if often > 0.8 * count else subject}法", "after the word that it uses most"


def short_title(title: str) -> str:
    """The title as it is cited: without the country, who made it, and the edition: 中华人民共和国专利法（2020年修正） to 专利法."""
    return _OWNERS.sub("", _EDITION.sub("", title).strip("《》 ")).strip() or title


def _number(title: str, year: int | None, language: str, head: str) -> str:
    country = next((code for code, pattern in _COUNTRIES if pattern.search(head)), {"zh": "CN", "ja": "JP"}.get(language, ""))
    short = _YEAR.sub("", short_title(title))
    words = re.findall(rf"[A-Za-z0-9.]+|[{CJK}\u3040-\u30ff]+", re.sub(r"['’]s\b", "s", short))
    kept = [w.replace(".", "") for w in words if w.lower() not in ("the", "of", "and", "on", "for", "a", "an", "to", "in")]
    name = "".join(w[:1].upper() + w[1:] for w in kept)[:_LONGEST] or "Law"
    return f"{country}{name}{year or ''}" if country else f"LAW:{name}{year or ''}"
