"""What can be had without the model: a task's own rules, the commonest reply, the sentence that shares most words with the question."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from assistant.errors import AssistantError
from assistant.tasks import task_named
from assistant.tasks.grounded_answer import GroundedGiven, GroundedReply, PointedStatement
from finetune.errors import DataError
from finetune.evaluation.examples import Asked
from finetune.lines import json_lines
from index.terms import terms

Outputs = list[object | None]


def rules(examples: Sequence[Asked]) -> Outputs | None:
    """What the task does without a language model; None where it can't be done so."""
    task = task_named(examples[0].task) if examples[0].given is not None else None
    if task is None or task.offline is None:
        return None
    found: Outputs = []
    for example in examples:
        try:
            found.append(task.offline(example.given, None)[0])
        except (AssistantError, AttributeError):  # it needs an index
            return None
    return found


def majority(files: Iterable[Path]) -> dict[tuple[str, str], str]:
    """The commonest reply of each task and language in training rows. Raises DataError."""
    counts: dict[tuple[str, str], Counter[str]] = {}
    for path in files:
        for where, row in json_lines(path):
            try:
                counts.setdefault((row["task"], row["language"]), Counter())[row["messages"][-1]["content"]] += 1
            except (KeyError, TypeError, IndexError) as error:
                raise DataError(f"{where}: no example of an instructions stage; make the file again") from error
    return {key: min(some, key=lambda reply: (-some[reply], reply)) for key, some in counts.items()}


def by_overlap(given: GroundedGiven) -> str:
    """A reply that points at the one sentence that shares most terms with the question, the first of several; as a model would write it."""
    asked = set(terms(given.question))
    sentences = given.sentences()
    if not sentences:
        return json.dumps(GroundedReply(statements=[]).model_dump())
    shares = [len(asked & set(terms(s.quote))) for s in sentences]
    best = shares.index(max(shares))
    statement = PointedStatement(sentences=[best + 1], text=sentences[best].quote)
    return json.dumps(GroundedReply(statements=[statement]).model_dump(), ensure_ascii=False)


def chance(given: GroundedGiven) -> float:
    """The probability that a sentence picked blindly is a certain one."""
    return 1 / max(1, len(given.sentences()))
