"""What the language model is asked to do: one module a task, with its prompts, its reply, its checks, its measure and its training examples."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from assistant.errors import AssistantError

if TYPE_CHECKING:
    from assistant.tasks.task import Task

TASKS: tuple[str, ...] = (
    "abstract",
    "claim_chart",
    "claims",
    "consultation",
    "entailment",
    "entities",
    "field_places",
    "grounded_answer",
    "ipc",
    "key_information",
    "key_technologies",
    "keyphrases",
    "multiple_choice",
    "open_question",
    "patent_kind",
    "patent_match",
    "quoted_answer",
    "same_subject",
    "standalone_question",
    "summary",
    "title",
    "translation",
)
"""The names of all tasks; each is a module of this package with a `TASK`."""


def task_named(name: str) -> "Task[Any, Any]":
    """Raises AssistantError that lists the tasks there are."""
    if name not in TASKS:
        raise AssistantError(f"{name!r} is not a task; there are {', '.join(TASKS)}")
    task: Task[Any, Any] = import_module(f"assistant.tasks.{name}").TASK
    return task
