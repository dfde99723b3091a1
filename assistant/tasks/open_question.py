"""An open question on intellectual property, answered from what the model knows: for benchmarks. Nothing backs the answer."""

from collections.abc import Iterator, Sequence

from assistant.tasks.metrics import mean, rouge_l
from assistant.tasks.reply import read_as
from assistant.tasks.task import DATA_ONLY, DATA_ONLY_ZH, Example, Given, Output, Reply, Task, as_data
from ingest.document import PatentDocument


class OpenGiven(Given):
    question: str


class OpenReply(Reply):
    answer: str


class Open(Output):
    answer: str


def _read(reply: str, given: OpenGiven) -> Open:
    return Open(answer=read_as(OpenReply, reply).answer.strip())


def _problems(output: Open, given: OpenGiven) -> list[str]:
    return [] if output.answer else ["the answer is empty"]


def _examples(document: PatentDocument) -> Iterator[Example[OpenGiven]]:
    """None: no document holds questions."""
    return iter(())


def _metric(predicted: Sequence[Open], right: Sequence[Open]) -> dict[str, float]:
    return {"rouge_l": mean(rouge_l(p.answer, r.answer) for p, r in zip(predicted, right, strict=True))}


TASK = Task(
    name="open_question",
    summary="An open question of a benchmark, answered from what the model knows; nothing backs it.",
    given=OpenGiven,
    reply=OpenReply,
    instructions={
        "en": f'You answer questions on intellectual property, briefly and exactly. The reply has the form {{"answer": "…"}}. {DATA_ONLY}',
        "zh": f'你简短、准确地回答知识产权问题。回答的格式为 {{"answer": "…"}}。{DATA_ONLY_ZH}',
    },
    show=lambda given: as_data(given.question),
    read=_read,
    metric=_metric,
    examples=_examples,
    problems=_problems,
)
