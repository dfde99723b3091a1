"""Answers by a language model over the retrieved passages, every statement checked before it is shown."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from assistant.answer import Answer, Statement, Status
from assistant.errors import LanguageModelError
from assistant.support import verdict
from assistant.tasks.grounded_answer import make_prompt, read_reply
from index.hit import Hit
from ingest.language import detect_language

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel


def answer_with_model(question: str, hits: Sequence[Hit], model: "BaseChatModel") -> Answer:
    """Ask the model, read its statements, fill in the quotations, check each. What is not supported is dropped.

    Raises LanguageModelError where the model can't be reached or fails.
    """
    from assistant.llm import model_name

    name = model_name(model)
    nothing = Answer(question=question, status="not_found", hits=tuple(hits), model=name)
    if not hits:
        return nothing
    prompt = make_prompt(question, hits, detect_language(question))
    try:
        reply = model.invoke([("system", prompt.system), ("human", prompt.user)])
    except Exception as error:  # every provider raises its own
        server = getattr(model, "openai_api_base", None)
        remedy = f"; is the server at {server} running, and does it serve this model?" if server else ""
        raise LanguageModelError(f"{name}: no answer: {type(error).__name__}: {' '.join(str(error).split())}{remedy}") from error
    passages: dict[str, str] = {}
    for hit in hits:  # the parts of a long paragraph share its anchor
        passages[hit.anchor] = f"{passages.get(hit.anchor, '')}\n{hit.passage.text}"
    read = read_reply(str(reply.text), prompt)
    checked = [Statement(text=t, citations=tuple(c), verdict=verdict(t, c, passages)) for t, c in read]
    kept = tuple(s for s in checked if s.verdict != "unsupported")
    status: Status = "not_found"
    if kept:
        status = "answered" if len(kept) == len(checked) and all(s.verdict == "supported" for s in kept) else "partly"
    return nothing.model_copy(update={"status": status, "statements": kept})
