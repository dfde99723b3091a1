"""An exchange with a language model, written as a generator: it yields requests, is sent replies, and returns what came of them.

What is asked, how a reply is read and when it is sent back stand in one place, whoever carries the messages: one by one, asynchronously, or
many exchanges side by side.
"""

from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from typing import TypeVar

from assistant.errors import LanguageModelError
from assistant.llm.carrying import Carrier, carrier
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
    """Carry exchanges through side by side. One that fails is an error in its place. `done` is told how many have ended."""
    results: dict[int, T | PatentAssistantError] = {}
    with carrier(model) if model is not None else nullcontext() as carrying:
        for number, result in answer_each(exchanges, carrying):
            results[number] = result
            if done:
                done(len(results))
    return [results[n] for n in sorted(results)]


def answer_each(
    exchanges: "Iterable[Exchange[T]]", carrying: "Carrier | None", at_once: int | None = None
) -> "Iterator[tuple[int, T | PatentAssistantError]]":
    """The exchanges' places and results, each as it ends. So many are under way at once, by default as many as the carrier carries; as one ends
    the next one is taken. One that raises an error of the project has that for a result. Exchanges that ask nothing need no carrier."""
    width = at_once or (carrying.width if carrying else 1)
    coming = enumerate(exchanges)
    running: dict[int, Exchange[T]] = {}
    try:
        while True:
            while len(running) < width and (new := next(coming, None)):
                number, running[number] = new
                yield from _advance(running, number, None, carrying)
            if not running:
                return
            assert carrying is not None
            for number, said in carrying.receive():
                yield from _advance(running, number, said, carrying)
    finally:
        for each in running.values():
            each.close()


def _advance(
    running: "dict[int, Exchange[T]]", number: int, said: str | LanguageModelError | None, carrying: "Carrier | None"
) -> "list[tuple[int, T | PatentAssistantError]]":
    """Tell an exchange what was said, and send what it asks next; its result where it ends with this."""
    result: T | PatentAssistantError
    try:
        step = _step(running[number], said)
        if isinstance(step, Request):
            assert carrying is not None
            carrying.send(number, step)
            return []
        result = step[0]
    except PatentAssistantError as error:
        result = error
    del running[number]
    return [(number, result)]
