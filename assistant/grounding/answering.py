"""Asking a language model over what was found, and checking each statement of its reply.

What fails the check is sent back once, with the reason; what fails again is dropped.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from assistant.answer import Answer, Statement, Status
from assistant.errors import ReplyError, TooLongError
from assistant.grounding.checking import check
from assistant.grounding.context import build_context
from assistant.llm.exchange import Exchange, Request
from assistant.llm.language_model import LanguageModel
from assistant.tasks import grounded_answer, quoted_answer
from assistant.tasks.grounded_answer import Grounded, GroundedGiven, Said
from assistant.tasks.task import Task, language_of
from index.hit import Hit
from ingest.document import PatentDocument

if TYPE_CHECKING:
    from assistant.grounding.entailment import Entailment

Show = Literal["supported", "weak", "all"]
Form = Literal["pointing", "quoting"]
_FORMS: dict[Form, Task[GroundedGiven, Grounded]] = {"pointing": grounded_answer.TASK, "quoting": quoted_answer.TASK}
_SHOWN: dict[Show, tuple[str, ...]] = {
    "supported": ("supported",),
    "weak": ("supported", "weak", "unchecked"),
    "all": ("supported", "weak", "unchecked", "unsupported"),
}
REPAIR = {
    "en": "Code has checked your statements. These fail:\n{problems}\nReply again in the same form with these statements only, corrected so that the "
    "sentences prove them; leave out what can't be proved.",
    "zh": "程序核对了你的陈述。以下陈述没有通过：\n{problems}\n请用相同的格式只重写这些陈述，使所指句子能够证明它们；不能证明的请删去。",
}
_UNREADABLE = {"en": "The reply has no statements that can be read.", "zh": "回答中没有可以读取的陈述。"}


@dataclass(frozen=True)
class Grounding:
    """How answers are made and checked.

    `show`: the least verdict of what is shown; `weak` lets statements through that are weak or could not be checked, marked so; `all` those
    that failed, too. `form`: whether the model points at sentences or types its quotations. `repair`: whether failures are sent back once.
    """

    show: Show = "weak"
    form: Form = "pointing"
    repair: bool = True
    entailment: "Entailment | None" = None


@dataclass
class Question:
    """One question with what was found for it, ready to be sent."""

    text: str
    hits: Sequence[Hit]
    given: GroundedGiven
    left_out: tuple[str, ...]
    request: Request
    passages: Mapping[str, str] = field(default_factory=dict)


class Answerer:
    """Makes answers with one model. `document` gives a document of the index by its number."""

    def __init__(self, model: LanguageModel, document: Callable[[str], PatentDocument], grounding: Grounding | None = None) -> None:
        self.model = model
        self.document = document
        self.grounding = grounding or Grounding()
        self.task = _FORMS[self.grounding.form]

    def prepare(self, question: str, hits: Sequence[Hit]) -> Question:
        """Fill the model's window. Raises TooLongError where not even one passage fits."""
        given = GroundedGiven(question=question, language=language_of(question))
        room = self.model.room(self.task.messages(given))
        while True:
            context = build_context(hits, self.document, self.model.count, room)
            filled = given.model_copy(update={"sources": context.sources})
            over = -self.model.room(self.task.messages(filled))
            if over <= 0 or not context.sources:
                break
            room -= max(over, 16)  # the parts were counted one by one
        if hits and not context.sources:
            window = f"{self.model.context_length:,} tokens"
            raise TooLongError(f"{self.model.name}: none of {len(hits)} passages fits into its context of {window}; take a model with more")
        passages: dict[str, str] = {}
        for source in context.sources:  # the parts of a long paragraph share its anchor
            passages[source.anchor] = f"{passages.get(source.anchor, '')}\n{source.text}"
        request = Request(self.task.messages(filled), self.task.reply_schema(filled))
        return Question(question, hits, filled, context.left_out, request, passages)

    def exchange(self, question: str, hits: Sequence[Hit]) -> Exchange[Answer]:
        """The exchange that answers a question; nothing is asked where nothing was found."""
        if not hits:
            return Answer(question=question, status="not_found", model=self.model.name)
        asked = self.prepare(question, hits)
        reply = yield asked.request
        return (yield from self._checked(asked, reply))

    def stream(self, question: str, hits: Sequence[Hit]) -> Iterator[Statement | Answer]:
        """Statements as soon as they are written and found good, and last the answer; some of its statements may have come by repair."""
        from assistant.llm.exchange import answer_one

        if not hits:
            yield Answer(question=question, status="not_found", model=self.model.name)
            return
        asked = self.prepare(question, hits)
        reply, read, given = "", 0, list[Statement]()
        for piece in self.model.stream(asked.request.messages, asked.request.schema):
            reply += piece
            if "}" not in piece:
                continue
            for statement in self._statements(asked, _closed(reply))[read:]:
                read += 1
                if self._shown(statement) and statement.verdict != "unsupported":  # that may still be mended
                    given.append(statement)
                    yield statement
        answer = answer_one(self._checked(asked, reply), self.model)
        yield from (s for s in answer.statements if s not in given)
        yield answer

    def _statements(self, asked: Question, reply: str) -> list[Statement]:
        try:
            return [self._check(asked, said) for said in self.task.read(reply, asked.given).statements]
        except ReplyError:
            return []

    def _check(self, asked: Question, said: Said) -> Statement:
        checked = check(said.text, said.citations, asked.passages, self.grounding.entailment, asked.text)
        return Statement(text=said.text, citations=said.citations, verdict=checked.verdict, reason=checked.reason)

    def _shown(self, statement: Statement) -> bool:
        return {"supported": 0, "weak": 1, "unchecked": 1, "unsupported": 2}[statement.verdict] <= ("supported", "weak", "all").index(
            self.grounding.show
        )

    def _checked(self, asked: Question, reply: str) -> Exchange[Answer]:
        language = asked.given.language
        found, wrong = self._read(asked, reply)
        if wrong and self.grounding.repair:
            again = asked.request.with_reply(reply, REPAIR[language].format(problems="\n".join(f"- {w}" for w in wrong)))
            if self.model.room(again.messages) >= 0:
                mended, _ = self._read(asked, (yield again))
                good = [s for s in found.statements if s.verdict != "unsupported"]
                better = [s for s in mended.statements if s.verdict != "unsupported" and s.text not in {g.text for g in good}]
                dropped = [s for s in found.statements if s.verdict == "unsupported"]
                found = _Read([*good, *better, *dropped[len(better) :]], found.missing or mended.missing, found.lost and not better)
        kept = [s for s in found.statements if s.verdict != "unsupported"]
        status: Status = "not_found"
        if kept:
            whole = len(kept) == len(found.statements) and not found.lost and not found.missing
            status = "answered" if whole and all(s.verdict == "supported" for s in kept) else "partly"
        return Answer(
            question=asked.text,
            status=status,
            statements=tuple(s for s in found.statements if self._shown(s)),
            hits=tuple(asked.hits),
            model=self.model.name,
            missing=found.missing,
            left_out=asked.left_out,
        )

    def _read(self, asked: Question, reply: str) -> "tuple[_Read, list[str]]":
        """(the statements checked, what is wrong with the reply)."""
        try:
            read = self.task.read(reply, asked.given)
        except ReplyError as error:
            return _Read([], str(error), True), [str(error)]
        statements = [self._check(asked, said) for said in read.statements]
        wrong = [f"“{s.text}”: {s.reason}" for s in statements if s.verdict == "unsupported"]
        if read.unreadable:
            wrong.append(_UNREADABLE[asked.given.language])
        return _Read(statements, read.missing, bool(read.unreadable)), wrong


@dataclass(frozen=True)
class _Read:
    statements: list[Statement]
    missing: str
    lost: bool


def _closed(reply: str) -> str:
    """The reply so far as whole JSON, without a statement that is still being written; "" before the first one is there."""
    start, end = reply.find("{"), reply.rfind("}") + 1
    for tail in ("", "]}"):
        with suppress(ValueError):
            json.loads(reply[start:end] + tail, strict=False)
            return reply[start:end] + tail
    return ""
