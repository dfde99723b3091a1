"""Rows of the result: prompt and reply as messages, read back and checked by the task that they are of."""

import json
import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

from assistant.errors import AssistantError
from assistant.tasks.grounded_answer import QUESTION
from assistant.tasks.task import Example, Given, Reply, Task
from finetune.instructions.collection import Item
from finetune.instructions.families import fraction
from finetune.instructions.phrasings import phrasings
from finetune.instructions.settings import InstructionsSettings

Row = dict[str, Any]
_CUT = frozenset(("abstract", "claims", "ipc", "key_information", "keyphrases", "patent_kind", "patent_match", "same_subject"))
"""Tasks whose right reply stays right where less text is shown, or is refused by the task's own check."""


class Rows:
    """Makes rows and counts those that are refused, by task and reason."""

    def __init__(self, settings: InstructionsSettings, seed: int) -> None:
        self.settings, self.seed = settings, seed
        self.refused: Counter[tuple[str, str]] = Counter()

    def of(self, task: Task[Any, Any], example: Example[Any], item: Item, weight: float = 1.0) -> list[Row]:
        """One row, or as many as the weights ask for; none where the example is refused."""
        given = self._fitting(task, example.given, example.reply)
        if given is None or not self._good(task, given, example.reply):
            return []
        return self._copied(task, [(given, example.reply)], example.source, item, weight)

    def of_turns(self, task: Task[Any, Any], turns: Sequence[tuple[Any, Reply]], source: str, item: Item, weight: float = 1.0) -> list[Row]:
        """Of several questions over the same excerpts."""
        if self._fitting(task, *turns[0]) is not turns[0][0] or not all(self._good(task, *turn) for turn in turns):
            return []
        return self._copied(task, turns, source, item, weight)

    def published(self, messages: list[dict[str, str]], task: str, language: str, item: Item, weight: float) -> list[Row]:
        """As it is; only what is too long is left out."""
        if language not in self.settings.languages:
            self.refused[task, "of another language"] += 1
        elif sum(len(m["content"]) for m in messages) > self.settings.longest:
            self.refused[task, "too long"] += 1
        elif _times(weight, f"{self.seed} {item.name}"):
            return [
                {"messages": messages, "task": task, "language": language, "source": item.name, "family": item.family, "given": None, "reply": None}
            ]
        return []

    def _fitting(self, task: Task[Any, Any], given: Any, reply: Reply) -> Any:
        room = self.settings.longest - len(written(reply))

        def fits(some: Any) -> bool:
            return sum(len(text) for _, text in task.messages(some)) <= room

        if given.language not in self.settings.languages:
            self.refused[task.name, "of another language"] += 1
            return None
        if fits(given):
            return given
        cut = task.shorten(given, fits) if task.shorten and task.name in _CUT else None
        if cut is None:
            self.refused[task.name, "too long"] += 1
            return None
        return cut[0]

    def _good(self, task: Task[Any, Any], given: Given, reply: Reply) -> bool:
        """Whether the reply can be read as the assistant reads it, and its check finds nothing wrong."""
        try:
            output = task.read(written(reply), given)
            wrong = list(task.problems(output, given))
        except AssistantError as error:
            wrong = [str(error)]
            output = None
        if getattr(output, "unreadable", 0):
            wrong.append("a part of the reply can't be read")
        if wrong:
            self.refused[task.name, _kind(wrong[0])] += 1
        return not wrong

    def _copied(self, task: Task[Any, Any], turns: Sequence[tuple[Any, Reply]], source: str, item: Item, weight: float) -> list[Row]:
        """The first in the assistant's words where there are several, the others each in words of its own."""
        share = self.settings.share(task.name)
        given, reply = turns[-1]
        others = () if item.held_out else phrasings(task.name, given.language)
        about = f"{task.name} {item.name} {source} {written(reply)[:200]}"
        copies = min(_times(weight * share.weight, f"{self.seed} copies {about}") if share else 0, 1 + len(others))
        drawn = fraction(f"{self.seed} phrasing {about}")
        if copies == 1 and others and drawn < self.settings.phrasings:
            return [self._row(task, turns, source, item, others[int(drawn / self.settings.phrasings * len(others))])]
        return [self._row(task, turns, source, item, system) for system in (task.instructions[given.language], *others)[:copies]]

    def _row(self, task: Task[Any, Any], turns: Sequence[tuple[Any, Reply]], source: str, item: Item, system: str) -> Row:
        given, reply = turns[-1]
        _, (_, shown) = task.messages(turns[0][0])
        said = [{"role": "user", "content": shown}, {"role": "assistant", "content": written(turns[0][1])}]
        for asked, answered in turns[1:]:
            question = QUESTION[asked.language].format(question=asked.question)
            said += [{"role": "user", "content": question}, {"role": "assistant", "content": written(answered)}]
        return {
            "messages": [{"role": "system", "content": system}, *said],
            "task": task.name,
            "language": given.language,
            "source": source,
            "family": item.family,
            "given": given.model_dump(mode="json"),
            "reply": reply.model_dump(mode="json"),
        }


def written(reply: Reply) -> str:
    """As it stands in a message."""
    return json.dumps(reply.model_dump(), ensure_ascii=False)


def _times(weight: float, about: str) -> int:
    return int(weight) + (fraction(about) < weight - int(weight))


def _kind(problem: str) -> str:
    """A problem without the words and numbers of its case."""
    return " ".join(re.sub(r"\d[\d,.]*", "N", re.sub(r"“[^”]*”|\"[^\"]*\"|'[^']*'|US\w+|CN\w+", "…", problem)).split())[:80]
