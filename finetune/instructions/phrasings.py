"""Other wordings of what the tasks are told, from `phrasings.yaml`: of the statement of the task alone; the form of the reply stays as it is."""

from functools import cache
from importlib.resources import files

import yaml

from assistant.tasks import task_named
from finetune.errors import DataError

_FORM = {
    "en": ("The reply has the form", "Reply with one JSON object", "An entity that occurs several times"),
    "zh": ("回答的格式为", "用一个JSON对象作答", "只用一个JSON对象作答", "多次出现的实体"),
}
"""Where the form of the reply begins in the instructions of a task; from there on they stay as they are."""


def form_of(instructions: str, language: str) -> str:
    """The part of a task's instructions that says what the reply is like."""
    places = [at for mark in _FORM[language] if (at := instructions.find(mark)) > 0]
    if not places:
        raise DataError(f"no form of the reply is found in: {instructions[:60]}…")
    return instructions[min(places) :]


@cache
def phrasings(task: str, language: str) -> tuple[str, ...]:
    """Whole system prompts in other words than the task's own; none for a task that has no others."""
    own = task_named(task).instructions[language]
    form = form_of(own, language)
    before = own[: -len(form)]
    joint = before[len(before.rstrip()) :]
    return tuple(
        f"{' '.join(each.split()) if language == 'en' else each.strip()}{joint}{form}" for each in _written().get(task, {}).get(language, ())
    )


@cache
def _written() -> dict[str, dict[str, list[str]]]:
    found: dict[str, dict[str, list[str]]] = yaml.safe_load((files("finetune.instructions") / "phrasings.yaml").read_text(encoding="utf-8"))
    return found
