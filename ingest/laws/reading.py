"""A law as a document of the index: every article is a paragraph, under the heading of its chapter.

What stands before the first article (the preamble) is paragraph 0. Annexes come last, as `annex1`. A web page's code that was copied along
with a law is left out, with a warning.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from ingest.document import Dates, Paragraph, PatentDocument, Section, Source
from ingest.errors import ReadError
from ingest.language import detect_language
from ingest.laws.articles import Beginning, Heading, beginnings, heading, listed, looks_like_law
from ingest.laws.chinese_numeral import NUMERAL, chinese_number
from ingest.laws.naming import is_title, name_of
from ingest.printed.blocks import Block
from ingest.printed.latin_language import language_of

KIND = "law"
PREAMBLE = "0"
_CODE = re.compile(r"-->|^\$\(|^[.#][\w-]+(?:\s*\{.*)?$|^//|[{}]\s*$|^(?:var|function|window)\b|^[\w-]+:\s[^;]{1,40};$")
_CONTENTS = re.compile(r"目\s*[录錄次]|(?:Table\s+of\s+)?Contents", re.IGNORECASE)
_ANNEX = re.compile(
    rf"(?:附\s*(?:件|录|錄|表)|Annex|ANNEX|Appendix|APPENDIX|Schedule|SCHEDULE)\s*(?:({NUMERAL}|[A-Z]|[IVX]{{1,5}})\b)?\s*[:：.—–-]?\s*[^。.]{{0,60}}"
)


def law_of_blocks(blocks: Iterable[Block], source: Source, name: str, title: str = "", warnings: Iterable[str] = ()) -> PatentDocument | None:
    """The law that the blocks of one file are; None where they are none.

    `name` is the file's name, `title` one that is known from elsewhere. Raises ReadError for a law of which no article can be told, and for two laws
    in one file.
    """
    lines = [line.strip() for block in blocks for line in block.text.split("\n") if line.strip()]
    told = list(warnings)
    articles, others = beginnings(lines)
    first = articles[0].line if articles else len(lines)
    head = [title, *lines[:first]] if is_title(title) else lines[:first]
    titled = any(is_title(line) for line in head[:20])
    if not looks_like_law(lines, titled):
        _complain_of_articles(lines, bool(articles))
        return None
    lines = _without_code(lines, articles[-1].line, told)
    _complain_of_two(lines, articles, others)
    sections, before = _sections(lines, articles, {b.line for b in others if b.line < first})
    text = "\n".join(lines[first:])
    language = detect_language(text)
    language = language if language in ("zh", "ja", "ko") else language_of(text) or "en"
    named = name_of([line for line in head if line in before or is_title(line)], text, language, name)
    if named.told:
        told.append(f"no line of the law is its title; it is called {named.title} {named.told}, and kept as {named.number}")
    preamble = "\n".join(line for line in before if line != named.title)
    if preamble:
        sections = [Section(kind=KIND, paragraphs=(Paragraph(number=PREAMBLE, text=preamble),)), *sections]
    return PatentDocument(
        number=named.number,
        language=language,
        dates=Dates(publication=named.published),
        titles={language: named.title},
        sections=tuple(sections),
        warnings=tuple(told),
        source=source,
    )


def _complain_of_articles(lines: Sequence[str], articles: bool) -> None:
    """A text that is headed as a Chinese law and has its chapters, but no articles."""
    headings = sum(heading(line) is not None for line in lines)
    if not articles and lines and is_title(lines[0]) and "法" in lines[0] and headings >= 2 and detect_language(lines[0]) == "zh":
        raise ReadError("a law's title and chapters, and no line that begins with an article (第一条 …); give the law's whole text")


def _without_code(lines: list[str], last: int, told: list[str]) -> list[str]:
    """The lines up to the first one after the beginning of the last article that is code of a web page."""
    for n in range(last + 1, len(lines)):
        if _CODE.search(lines[n]):
            told.append(f"{len(lines) - n} lines after the last article, from {lines[n][:30]!r} on, are a web page's and were left out")
            return lines[:n]
    return lines


def _complain_of_two(lines: Sequence[str], articles: Sequence[Beginning], others: Sequence[Beginning]) -> None:
    chosen = {a.number for a in articles}
    starts = [*sorted(b.line for b in (*articles, *others)), len(lines)]
    lengths = {start: sum(map(len, lines[start:end])) for start, end in pairwise(starts)}
    again = [b for b in others if b.number in chosen and (not listed(b) or lengths[b.line] > 2 * len(lines[b.line]) + 20)]
    if len(again) > 2:
        raise ReadError(f"article {again[0].number} begins twice, as do {len(again) - 1} others: these are two laws; put each into a file of its own")


def _sections(lines: Sequence[str], articles: Sequence[Beginning], contents: set[int]) -> tuple[list[Section], list[str]]:
    """The articles under their headings, and the lines before the first one that are neither headings nor a table of contents."""
    starts = {a.line: a for a in articles}
    sections: list[tuple[str, list[Paragraph]]] = []
    before: list[str] = []
    headings: list[Heading] = []
    number, body = "", list[str]()

    def close() -> None:
        if number and body:
            sections[-1][1].append(Paragraph(number=number, text="\n".join(body)))

    def open_section() -> None:
        sections.append((" / ".join(h.text for h in headings), []))

    open_section()
    annexes = 0
    for n, line in enumerate(lines):
        found = heading(line)
        if n in starts:
            close()
            if not sections or sections[-1][0] != " / ".join(h.text for h in headings):
                open_section()
            number, body = starts[n].number, [starts[n].rest.strip()] if starts[n].rest.strip() else []
        elif found is not None:
            close()
            number, body = "", []
            headings = [h for h in headings if h.level < found.level] + [found]
        elif number and n > articles[-1].line and (annex := _ANNEX.fullmatch(line)):
            close()
            annexes += 1
            headings = [Heading(0, line)]
            open_section()
            written = annex[1] or ""
            number, body = f"annex{chinese_number(written) or written or annexes}", []
        elif number:
            body.append(line)
        elif headings and n > articles[0].line:  # the second line of a heading
            headings[-1] = Heading(headings[-1].level, f"{headings[-1].text} {line}")
        elif n < articles[0].line and n not in contents and not _CONTENTS.fullmatch(line):
            if headings and heading(lines[n - 1]) is not None and _goes_on(line):
                headings[-1] = Heading(headings[-1].level, f"{headings[-1].text} {line}")
            else:
                before.append(line)
    close()
    return [Section(heading=text, kind=KIND, paragraphs=tuple(p)) for text, p in sections if p], before


def _goes_on(line: str) -> bool:
    """Whether a line after `CHAPTER I` is the rest of that heading."""
    return len(line) < 80 and not line.endswith(("。", ".")) and detect_language(line) != "zh"
