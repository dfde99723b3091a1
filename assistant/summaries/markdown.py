"""A summary as Markdown: parts under headings, after each sentence where it stands, and what was read."""

from collections.abc import Sequence
from typing import Literal

from assistant.summaries.summary import LABELS, REASONS, Summary, SummarySentence
from ingest.anchor import split_anchor

_ROW = {"en": "| section | sentences | considered | drawn on | left out |", "zh": "| 部分 | 句数 | 可选 | 引用 | 未采用 |"}


def markdown(summary: Summary, language: Literal["en", "zh"]) -> str:
    """`language` is that of the labels."""
    labels = LABELS[language]
    lines = [f"# {summary.number}  {_safe(summary.title)}".rstrip(), ""]
    if summary.gist:
        lines += [f"**{labels['gist']}:** {_said(summary.gist)}", ""]
    if summary.abstract:
        lines += [f"## {labels['abstract']}", "", " ".join(_said(s) for s in summary.abstract), ""]
    for part in summary.parts:
        if part.sentences:
            lines += [f"## {labels[part.name]}", "", *_listed(part.sentences), ""]
    lines += [f"## {labels['coverage']}", "", _ROW[language], "|---|---|---|---|---|"]
    for section in summary.coverage:
        reasons = ", ".join(f"{REASONS[language].get(reason, reason)} {count}" for reason, count in section.left_out.items())
        place = _safe(section.heading) or section.kind
        span = section.first if section.first == section.last else f"{section.first}–{section.last}"
        lines.append(f"| {place} ({_part(span)}) | {section.sentences} | {section.considered} | {section.drawn_on} | {reasons} |")
    lines += ["", *(f"- {note.text(language)}" for note in summary.notes)]
    return "\n".join(lines).rstrip() + "\n"


def _listed(sentences: Sequence[SummarySentence]) -> list[str]:
    return [f"- {_said(s)}" for s in sentences]


def _said(sentence: SummarySentence) -> str:
    return f"{_safe(sentence.text)} [{'; '.join(split_anchor(c.anchor)[1] for c in sentence.citations)}]"


def _part(span: str) -> str:
    return "–".join(split_anchor(each)[1] or each for each in span.split("–"))


def _safe(text: str) -> str:
    """Text of a document on one line, with nothing in it that Markdown reads as a mark."""
    return " ".join(text.split()).replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*").replace("_", "\\_")
