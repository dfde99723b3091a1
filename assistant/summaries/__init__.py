"""Summaries of patents of any length: `extractive(document)` without a language model, every sentence verbatim and cited."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assistant.summaries.extraction import extractive
    from assistant.summaries.summary import Length, Summary, SummarySentence

_WHERE = {
    "Length": "assistant.summaries.summary",
    "Summary": "assistant.summaries.summary",
    "SummarySentence": "assistant.summaries.summary",
    "extractive": "assistant.summaries.extraction",
}
__all__ = ["Length", "Summary", "SummarySentence", "extractive"]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used."""
    if name not in _WHERE:
        raise AttributeError(f"module 'assistant.summaries' has no attribute {name!r}")
    return getattr(import_module(_WHERE[name]), name)
