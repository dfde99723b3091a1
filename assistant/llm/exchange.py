"""An exchange with a language model, written as a generator: it yields requests, is sent replies, and returns what came of them.

What is asked, how a reply is read and when it is sent back stand in one place, whoever carries the messages: one by one, asynchronously, or
many exchanges side by side.
"""

from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass
from typing import TypeVar

from assistant.errors import LanguageModelError
from assistant.llm.language_model import LanguageModel, Messages, Schema
from ingest.errors import PatentAssistantError

T = TypeVar("T")


@dataclass(frozen=True)
class Request:
    """What is said to a model, and the schema of the reply."""

    messages: Messages
    schema: Schema | None = None

    def with_reply(self, reply: str, correction: str) -> "Request":
        """The same request, with the reply to it and what is wrong with that."""
        return Request([*self.messages, ("ai", reply), ("human", correction)], self.schema)


Exchange = Generator[Request, str, T]


def _step(exchange: "Exchange[T]", said: str | LanguageModelError | None) -> Request | tuple[T]:
    """The next request, or the result."""
    try:
        if isinstance(said, LanguageModelError):
            return exchange.throw(said)
        return next(exchange) if said is None else exchange.send(said)
    except StopIteration as stop:
        return (stop.value,)


def answer_one(exchange: "Exchange[T]", model: LanguageModel | None) -> T:
    """Carry an exchange through. An exchange that asks nothing needs no model. Raises LanguageModelError."""
    step = _step(exchange, None)
    while isinstance(step, Request):
        assert model is not None
        try:
            said: str | LanguageModelError = model.reply(step.messages, step.schema)
        except LanguageModelError as error:
            said = error
        step = _step(exchange, said)
    return step[0]


async def aanswer_one(exchange: "Exchange[T]", model: LanguageModel) -> T:
    """`answer_one` for asynchronous programs."""
    step = _step(exchange, None)
    while isinstance(step, Request):
        try:
            said: str | LanguageModelError = await model.areply(step.messages, step.schema)
        except LanguageModelError as error:
            said = error
        step = _step(exchange, said)
    return step[0]


def answer_all(
    exchanges: "Iterable[Exchange[T]]", model: LanguageModel | None, done: Callable[[int], None] | None = None
) -> "list[T | PatentAssistantError]":
    """Carry exchanges through side by side, the requests of each round as one batch. One that fails is an error in its place. `done` is told
    how many have ended."""
    running = dict(enumerate(exchanges))
    results: dict[int, T | PatentAssistantError] = {}
    said: dict[int, str | LanguageModelError | None] = dict.fromkeys(running)
    while said:
        asked: dict[int, Request] = {}
        for number, each in said.items():
            try:
                step = _step(running[number], each)
                if isinstance(step, Request):
                    asked[number] = step
                    continue
                results[number] = step[0]
            except PatentAssistantError as error:
                results[number] = error
            if done:
                done(len(results))
        said = {}
        for schema in {repr(request.schema): request.schema for request in asked.values()}.values():  # a batch has one schema
            assert model is not None
            some = [n for n, request in asked.items() if request.schema == schema]
            said.update(zip(some, model.replies([asked[n].messages for n in some], schema), strict=True))
    return [results[n] for n in running]
