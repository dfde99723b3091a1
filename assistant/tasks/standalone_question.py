"""A follow-up question of a conversation as one that is understood alone."""

import re
from collections.abc import Iterator, Sequence

from assistant.tasks.metrics import mean, rouge_l
from assistant.tasks.reply import read_as
from assistant.tasks.task import DATA_ONLY, DATA_ONLY_ZH, Example, Given, Output, Reply, Task, as_data, language_of, one_line
from ingest.document import PatentDocument

LONGEST = 400
"""Characters."""


class Exchanged(Output):
    """A question that was asked, and the gist of what was answered."""

    question: str
    answer: str


class FollowUp(Given):
    """`history` with the oldest first."""

    question: str
    history: tuple[Exchanged, ...] = ()


class StandaloneReply(Reply):
    question: str


class Standalone(Output):
    question: str


_LABELS = {"en": ("Question", "Answer", "Follow-up"), "zh": ("问题", "回答", "追问")}


def _show(given: FollowUp) -> str:
    asked, answered, follow = _LABELS[given.language]
    lines = [f"{asked}: {_data(e.question)}\n{answered}: {_data(e.answer)}" for e in given.history]
    return "<conversation>\n" + "\n".join(lines) + f"\n</conversation>\n\n{follow}: {_data(given.question)}"


def _data(text: str) -> str:
    return one_line(as_data(text))


def _read(reply: str, given: FollowUp) -> Standalone:
    return Standalone(question=one_line(read_as(StandaloneReply, reply).question))


def _problems(output: Standalone, given: FollowUp) -> list[str]:
    """It brings in no number that nobody mentioned, is a question's length, and in the language of the follow-up."""
    found = []
    said = " ".join([given.question, *(f"{e.question} {e.answer}" for e in given.history)])
    invented = [n for n in re.findall(r"\d+", output.question) if n not in re.findall(r"\d+", said)]
    if invented:
        found.append(f"{', '.join(invented)} was not mentioned")
    if not 3 <= len(output.question) <= LONGEST:
        found.append(f"a question has 3 to {LONGEST} characters")
    if output.question and language_of(output.question) != given.language:
        found.append("the question is not in the language of the follow-up")
    return found


def _examples(document: PatentDocument) -> Iterator[Example[FollowUp]]:
    """From one claim to another: the follow-up leaves the document out."""
    if len(document.claims) < 2:
        return
    language = language_of(document.claims[0].text)
    whole, follow = _ASKED[language]
    for before, after in zip(document.claims, document.claims[1:4], strict=False):
        asked = whole.format(number=document.number, claim=before.number)
        history = (Exchanged(question=asked, answer=one_line(before.text)[:200]),)
        given = FollowUp(question=follow.format(claim=after.number), history=history, language=language)
        yield Example(given, StandaloneReply(question=whole.format(number=document.number, claim=after.number)), f"{document.number}#c{after.number}")


_ASKED = {
    "en": ("What does claim {claim} of {number} say?", "And claim {claim}?"),
    "zh": ("{number}的权利要求{claim}是什么？", "那么权利要求{claim}呢？"),
}


def _metric(predicted: Sequence[Standalone], right: Sequence[Standalone]) -> dict[str, float]:
    return {"rouge_l": mean(rouge_l(p.question, r.question) for p, r in zip(predicted, right, strict=True))}


TASK = Task(
    name="standalone_question",
    summary="A follow-up question of a conversation as one that is understood alone.",
    given=FollowUp,
    reply=StandaloneReply,
    instructions={
        "en": "You rewrite the follow-up question of a conversation about patents so that it is understood without the conversation: name the "
        "document, the claims and the things that it means. Change nothing else, add no facts and do not answer it; a question that is "
        f'understood alone stays as it is. The reply has the form {{"question": "…"}}. {DATA_ONLY}',
        "zh": "你把有关专利的对话中的追问改写成脱离对话也能理解的问题：写明所指的文献、权利要求和对象。不要改变其他内容，不要增加事实，也不要回答；"
        f'本来就能单独理解的问题保持原样。回答的格式为 {{"question": "…"}}。{DATA_ONLY_ZH}',
    },
    show=_show,
    read=_read,
    metric=_metric,
    examples=_examples,
    problems=_problems,
)
