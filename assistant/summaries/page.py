"""Summaries, or the answers to one question, as HTML: each sentence linked to the paragraphs that it cites, which stand in the page.

No script and no network: the page forbids itself both (Content-Security-Policy), and text of documents is never markup in it. The style is that
of the claim reports' page.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.pages.environment import environment, style
from assistant.pages.quotations import pieces
from assistant.summaries.markdown import LabelLanguage
from assistant.summaries.record import Outcome
from assistant.summaries.summary import LABELS, REASONS, Note
from ingest.anchor import split_anchor

_HERE = Path(__file__).parent
WORDS: dict[LabelLanguage, dict[str, str]] = {
    "en": {
        "summaries": "Summaries", "documents": "Documents", "made_by": "Made by",
        "extractive": "sentences of the documents, chosen without a language model",
        "number": "Number", "title": "Title", "cited": "Cited paragraphs and claims", "all": "All documents", "status": "Answered",
        "answered": "yes", "partly": "partly", "not_found": "no", "answer": "Answer",
        "weak": "weakly supported", "unsupported": "not supported", "unchecked": "not checked",
        "section": "Section", "sentences": "Sentences", "considered": "Considered", "drawn_on": "Drawn on", "left_out": "Left out",
        "notes": "Notes", "none": "No documents.", "unread": "not read",
    },
    "zh": {
        "summaries": "专利概要", "documents": "文献数", "made_by": "生成方式", "extractive": "未使用语言模型，句子选自原文",
        "number": "文献号", "title": "名称", "cited": "所引段落和权利要求", "all": "全部文献", "status": "是否有答案",
        "answered": "是", "partly": "部分", "not_found": "否", "answer": "答案",
        "weak": "支持较弱", "unsupported": "不支持", "unchecked": "未核对",
        "section": "部分", "sentences": "句数", "considered": "可选", "drawn_on": "引用", "left_out": "未采用",
        "notes": "说明", "none": "没有文献。", "unread": "未读",
    },
}  # fmt: skip


@dataclass(frozen=True)
class Quoted:
    """A paragraph or claim that is cited; `pieces` are its text in order, each with whether it is quoted."""

    anchor: str
    part: str
    pieces: tuple[tuple[str, bool], ...]


@dataclass(frozen=True)
class Shown:
    """A document in a page: what was made of it (the fields of a `Summary` or a `Cell`), and the texts that this cites, in reading order."""

    made: dict[str, Any]
    cited: tuple[Quoted, ...]

    @classmethod
    def of(cls, outcome: Outcome) -> "Shown":
        made = outcome.made or {}
        quotes: dict[str, list[str]] = {}
        for sentence in _sentences(made):
            for citation in sentence["citations"]:
                quotes.setdefault(citation["anchor"], []).append(citation["quote"])
        texts = outcome.cited or {}
        cited = (Quoted(anchor, split_anchor(anchor)[1], pieces(texts[anchor], quotes[anchor])) for anchor in sorted(quotes, key=_order))
        return cls(made, tuple(cited))


def page(shown: Sequence[Shown], language: LabelLanguage, question: str = "", above: str = "") -> str:
    """One page with all of these; `above` is the address of the table that it belongs to."""
    return environment(_HERE).get_template("page.html").render(**_common(language, question), shown=shown, above=above)


def index_page(rows: Iterable[tuple[str, Shown]], language: LabelLanguage, question: str = "") -> Iterator[str]:
    """The table of documents that have pages of their own, each with its address; piece by piece, for jobs of any size."""
    return environment(_HERE).get_template("index.html").generate(**_common(language, question), rows=rows)


def _common(language: LabelLanguage, question: str) -> dict[str, Any]:
    return {
        "words": {**LABELS[language], **WORDS[language]},
        "reasons": REASONS[language],
        "language": language,
        "question": question,
        "style": style(_HERE / "page.css"),
        "note": _note(language),
    }


def _note(language: LabelLanguage) -> Any:
    return lambda fields: Note.model_validate(fields).text(language)


def _sentences(made: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if made.get("gist"):
        yield made["gist"]
    yield from made.get("abstract", ())
    for part in made.get("parts", ()):
        yield from part["sentences"]
    yield from made.get("statements", ())


def _order(anchor: str) -> tuple[int, int, str]:
    """The title and the abstract, the paragraphs, the claims."""
    part = split_anchor(anchor)[1]
    kind = 0 if part.startswith(("title", "abs")) else 2 if part.startswith("c") else 1
    digits = "".join(c for c in part.split("-")[0] if c.isdigit())
    return kind, int(digits or 0), part
