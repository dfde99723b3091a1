"""Summaries of patents of any length, every sentence cited: `extractive(document)` without a language model, `summarize(document, model)` with one;
`cell(document, question)`, what a document says to a question; `summarize_into(folder, sources)`, either for thousands of documents."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assistant.summaries.batch import summarize_into
    from assistant.summaries.extraction import extractive
    from assistant.summaries.hierarchy import summarize
    from assistant.summaries.summary import Length, Summary, SummarySentence
    from assistant.summaries.table import Cell, cell

_WHERE = {
    "Cell": "assistant.summaries.table",
    "Length": "assistant.summaries.summary",
    "Summary": "assistant.summaries.summary",
    "SummarySentence": "assistant.summaries.summary",
    "cell": "assistant.summaries.table",
    "extractive": "assistant.summaries.extraction",
    "summarize": "assistant.summaries.hierarchy",
    "summarize_into": "assistant.summaries.batch",
}
__all__ = ["Cell", "Length", "Summary", "SummarySentence", "cell", "extractive", "summarize", "summarize_into"]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used."""
    if name not in _WHERE:
        raise AttributeError(f"module 'assistant.summaries' has no attribute {name!r}")
    return getattr(import_module(_WHERE[name]), name)
