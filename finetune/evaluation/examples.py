"""Held-out examples: rows of an instructions stage, with what went in and the right output."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from assistant.errors import ReplyError
from assistant.llm.language_model import Messages
from assistant.tasks import TASKS, task_named
from finetune.errors import DataError
from finetune.lines import json_lines

_EMPTY = (str, tuple, list, dict, int, float, bool)
_ROLES = {"user": "human", "assistant": "ai", "system": "system"}


@dataclass(frozen=True)
class Asked:
    """One example: the prompt, and the reply that is right. `given` and `right` are None for rows that no task made; then the texts are compared."""

    id: str
    task: str
    language: str
    prompt: Messages
    reply: str
    given: Any = None
    right: Any = None

    @cached_property
    def schema(self) -> Any:
        return task_named(self.task).reply_schema(self.given) if self.given is not None else None

    def read(self, reply: str) -> Any:
        """The output that a reply stands for; None where it can't be read."""
        try:
            return task_named(self.task).read(reply, self.given)
        except ReplyError:
            return None


def read_examples(files: Iterable[Path], tasks: Sequence[str], most: int) -> list[Asked]:
    """At most `most` examples of each task and language, in the order of their ids. Raises DataError for a line that is none."""
    found: dict[tuple[str, str], list[Asked]] = {}
    for path in files:
        for where, row in json_lines(path):
            try:
                example = _example(row)
            except (ValueError, KeyError, TypeError, AttributeError, ValidationError, ReplyError) as error:
                why = " ".join(str(error).split())[:200]
                raise DataError(f"{where}: no example of an instructions stage: {why}; make the file again") from error
            if not tasks or example.task in tasks:
                found.setdefault((example.task, example.language), []).append(example)
    if missing := sorted(set(tasks) - {task for task, _ in found}):
        raise DataError(f"{', '.join(map(str, files))}: no example of {', '.join(missing)}; there are {', '.join(sorted({t for t, _ in found}))}")
    chosen = []
    for key in sorted(found):
        unique = {example.id: example for example in found[key]}
        chosen += [unique[each] for each in sorted(unique)[:most]]
    return chosen


def _example(row: dict[str, Any]) -> Asked:
    *prompt, last = row["messages"]
    if last["role"] != "assistant" or not prompt:
        raise ValueError("the last message is not the assistant's")
    name = row["task"]
    given = right = None
    if row.get("given") is not None and name in TASKS:
        task = task_named(name)
        given = task.given.model_validate(row["given"])
        right = task.read(last["content"], given)
    messages = [(_ROLES[m["role"]], m["content"]) for m in prompt]
    identity = hashlib.blake2b(json.dumps([name, messages], ensure_ascii=False).encode(), digest_size=10).hexdigest()
    return Asked(identity, name, row["language"], messages, last["content"], given, right)


def blank(output: BaseModel) -> BaseModel:
    """An output of the same kind that says nothing: what a reply that can't be read is counted as."""
    empty: dict[str, Any] = {}
    for name, field in type(output).model_fields.items():
        if field.is_required():
            value = getattr(output, name)
            empty[name] = blank(value) if isinstance(value, BaseModel) else type(value)() if isinstance(value, _EMPTY) else None
    return type(output).model_construct(None, **empty)
