"""A summary as Markdown, parts under headings, after each sentence where it stands, and what was read; answers to a question as a table."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal

from assistant.summaries.summary import LABELS, REASONS, Summary, SummarySentence
from ingest.anchor import split_anchor

LabelLanguage = Literal["en", "zh"]
_VERDICTS = {
    "en": {"weak": "weakly supported", "unsupported": "not supported", "unchecked": "not checked"},
    "zh": {"weak": "支持较弱", "unsupported": "不支持", "unchecked": "未核对"},
}
_TABLE = {
    "en": ("| number | title | answered | answer |", {"answered": "yes", "partly": "partly", "not_found": "no"}),
    "zh": ("| 文献号 | 名称 | 是否有答案 | 答案 |", {"answered": "是", "partly": "部分", "not_found": "否"}),
}
_ROW = {"en": "| section | sentences | considered | drawn on | left out |", "zh": "| 部分 | 句数 | 可选 | 引用 | 未采用 |"}


def markdown(summary: Summary, language: LabelLanguage) -> str:
    """`language` is that of the labels."""
    labels = LABELS[language]
    lines = [f"# {summary.number}  {_safe(summary.title)}".rstrip(), ""]
    if summary.gist:
        lines += [f"**{labels['gist']}:** {_said(summary.gist, language)}", ""]
    if summary.abstract:
        lines += [f"## {labels['abstract']}", "", " ".join(_said(s, language) for s in summary.abstract), ""]
    for part in summary.parts:
        if part.sentences:
            lines += [f"## {labels[part.name]}", "", *_listed(part.sentences, language), ""]
    lines += [f"## {labels['coverage']}", "", _ROW[language], "|---|---|---|---|---|"]
    for section in summary.coverage:
        reasons = ", ".join(f"{REASONS[language].get(reason, reason)} {count}" for reason, count in section.left_out.items())
        place = _safe(section.heading) or section.kind
        span = section.first if section.first == section.last else f"{section.first}–{section.last}"
        lines.append(f"| {place} ({_part(span)}) | {section.sentences} | {section.considered} | {section.drawn_on} | {reasons} |")
    lines += ["", *(f"- {note.text(language)}" for note in summary.notes)]
    return "\n".join(lines).rstrip() + "\n"


def markdown_table(question: str, cells: Iterable[Mapping[str, Any]], language: LabelLanguage) -> Iterator[str]:
    """Lines: a row for each document (the fields of a `Cell`), after each statement the words that prove it."""
    head, status = _TABLE[language]
    yield from (f"# {_safe(question)}", "", head, "|---|---|---|---|")
    for cell in cells:
        said = " <br>".join(
            " ".join([_safe(each["text"]) + _verdict(each["verdict"], language), *(_quoted(c, each["text"]) for c in each["citations"])])
            for each in cell["statements"]
        )
        unread = f"{REASONS[language]['unread']}: {', '.join(cell['unread'])}" if cell["unread"] else ""
        said = " <br>".join(text for text in (said, _safe(cell["missing"]), unread) if text)
        yield f"| {cell['number']} | {_safe(cell['title'])} | {status[cell['status']]} | {said} |"


def _quoted(citation: Mapping[str, str], text: str) -> str:
    """Where it stands, and the words where they are not those of the statement itself."""
    place = f"[{split_anchor(citation['anchor'])[1]}]"
    return place if " ".join(citation["quote"].split()) == text else f"“{_safe(citation['quote'])}” {place}"


def _listed(sentences: Sequence[SummarySentence], language: LabelLanguage) -> list[str]:
    return [f"- {_said(s, language)}" for s in sentences]


def _said(sentence: SummarySentence, language: LabelLanguage) -> str:
    places = "; ".join(split_anchor(c.anchor)[1] for c in sentence.citations)
    return f"{_safe(sentence.text)}{_verdict(sentence.verdict, language)} [{places}]"


def _verdict(verdict: str, language: LabelLanguage) -> str:
    word = _VERDICTS[language].get(verdict)
    return f" *({word})*" if word else ""


def _part(span: str) -> str:
    return "–".join(split_anchor(each)[1] or each for each in span.split("–"))


def _safe(text: str) -> str:
    """Text of a document on one line, with nothing in it that Markdown reads as a mark."""
    return " ".join(text.split()).replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*").replace("_", "\\_")
