"""Running a task: by the language model, whose reply is checked and sent back once, or without one where the task can do that."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ConfigDict, SerializeAsAny, ValidationError

from assistant.errors import AssistantError, NoModelError, ReplyError, TooLongError
from assistant.llm.exchange import Exchange, Request
from assistant.llm.language_model import LanguageModel
from assistant.tasks.task import Given, Task
from ingest.document import PatentDocument

if TYPE_CHECKING:
    from assistant.patents import PatentAssistant

G = TypeVar("G", bound=Given)
NEEDS_MODEL = "this task needs a language model; name one with --llm, such as openai:MODEL@http://localhost:8000/v1"
_CORRECTION = {
    "en": "Your reply has mistakes:\n{problems}\nReply again, with the same form, and mend them.",
    "zh": "你的回答有错误：\n{problems}\n请按相同的格式重新回答，并改正这些错误。",
}


class TaskResult(BaseModel):
    """What came of a task. `by` says who made it: a language model's name, or how it was made without one. `problems` is what
    code still finds wrong with it; `left_out` what did not fit into the model's window."""

    model_config = ConfigDict(frozen=True)

    task: str
    by: str
    output: SerializeAsAny[BaseModel]
    problems: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()


def run_task(task: Task[G, Any], given: G, model: LanguageModel | None, assistant: "PatentAssistant | None" = None) -> Exchange[TaskResult]:
    """The exchange that carries a task out.

    Raises NoModelError where there is no model and the task needs one, TooLongError where what goes in exceeds the window, and ReplyError
    where the model's reply can't be read twice.
    """
    if task.prepare and assistant is not None:
        given = task.prepare(given, assistant)
    if model is None or task.settled(given):
        if task.offline is None:
            raise NoModelError(f"{task.name}: {NEEDS_MODEL}")
        output, how = task.offline(given, assistant)
        return TaskResult(task=task.name, by=how, output=output, problems=tuple(task.problems(output, given)))
    given, left_out = fitted(task, given, model)
    request = Request(task.messages(given), task.reply_schema(given))
    reply = yield request
    wrong, output = _read(task, reply, given)
    if wrong:
        corrected = request.with_reply(reply, _CORRECTION[given.language].format(problems="\n".join(f"- {w}" for w in wrong)))
        if model.room(corrected.messages) >= 0:
            again, better = _read(task, (yield corrected), given)
            if better is not None and (output is None or len(again) <= len(wrong)):
                wrong, output = again, better
    if output is None:
        raise ReplyError(f"{task.name}: {model.name} gave no reply that can be read: {wrong[0]}")
    return TaskResult(task=task.name, by=model.name, output=output, problems=tuple(wrong), left_out=tuple(left_out))


def _read(task: Task[G, Any], reply: str, given: G) -> tuple[list[str], Any]:
    """(what is wrong, the output or None)."""
    try:
        output = task.read(reply, given)
    except ReplyError as error:
        return [str(error)], None
    return task.problems(output, given), output


def fitted(task: Task[G, Any], given: G, model: LanguageModel) -> tuple[G, list[str]]:
    """What goes in, such that the prompt leaves room for the reply, and what was left out for it."""

    def fits(some: G) -> bool:
        return model.room(task.messages(some)) >= 0

    if fits(given):
        return given, []
    shortened = task.shorten(given, fits) if task.shorten else None
    if shortened is None:
        over = -model.room(task.messages(given))
        raise TooLongError(f"{task.name}: the text is {over:,} tokens too long for the {model.context_length:,} of {model.name}; give less of it")
    return shortened


def given_for(task: Task[Any, Any], given: "PatentDocument | Given | Mapping[str, Any]") -> Any:
    """What goes into a task, from a document or from its fields. Raises AssistantError that says what is wrong with them."""
    if isinstance(given, Given):
        return given
    if isinstance(given, PatentDocument):
        if task.from_document is None:
            raise AssistantError(f"{task.name}: this task takes no document; it takes {_fields(task)}")
        return task.from_document(given)
    try:
        return task.given.model_validate(dict(given))
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(str(p) for p in e['loc'])}: {e['msg']}" for e in error.errors()[:5])
        raise AssistantError(f"{task.name}: {wrong}; the task takes {_fields(task)}") from error


def _fields(task: Task[Any, Any]) -> str:
    return ", ".join(task.given.model_fields)
