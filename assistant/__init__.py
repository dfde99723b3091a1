"""Questions to patents, and answers in which every statement is backed by a verbatim quotation."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assistant.answer import Answer, Statement
    from assistant.errors import AssistantError, LanguageModelError
    from assistant.ingesting import IngestReport
    from assistant.langchain import answer_runnable
    from assistant.patents import PatentAssistant

_WHERE = {
    "Answer": "assistant.answer",
    "AssistantError": "assistant.errors",
    "IngestReport": "assistant.ingesting",
    "LanguageModelError": "assistant.errors",
    "PatentAssistant": "assistant.patents",
    "Statement": "assistant.answer",
    "answer_runnable": "assistant.langchain",
}
__all__ = ["Answer", "AssistantError", "IngestReport", "LanguageModelError", "PatentAssistant", "Statement", "answer_runnable"]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used, so that `import assistant` stays light."""
    if name not in _WHERE:
        raise AttributeError(f"module 'assistant' has no attribute {name!r}")
    return getattr(import_module(_WHERE[name]), name)
