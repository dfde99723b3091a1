"""The answerer as a LangChain runnable: a question (or `{"question": …, "where": …}`) in, an `Answer` out."""

from typing import TYPE_CHECKING, Any

from langchain_core.runnables import Runnable, RunnableLambda

from assistant.answer import Answer
from assistant.patents import PatentAssistant
from index.filter import Filter

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from assistant.grounding.answering import Grounding
    from assistant.llm.settings import ModelSettings


def answer_runnable(
    directory: str, llm: "str | BaseChatModel" = "evidence", settings: "ModelSettings | None" = None, grounding: "Grounding | None" = None
) -> Runnable[str | dict[str, Any], Answer]:
    """A runnable over the index in `directory`; `llm` is a spec or any LangChain chat model (whose `settings` then say the context length)."""
    assistant = PatentAssistant.open(directory, llm=llm, create=False, settings=settings, grounding=grounding)

    def ask(given: str | dict[str, Any]) -> Answer:
        if isinstance(given, str):
            return assistant.ask(given)
        where = given.get("where")
        return assistant.ask(given["question"], Filter.parse(where) if isinstance(where, str) else where)

    return RunnableLambda(ask, name="patent_answer")
