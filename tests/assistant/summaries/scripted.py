"""A language model of scripts: exchanges are carried by hand, and each request is held against the window."""

import json
import re
from collections.abc import Callable
from typing import Any

from assistant.llm.exchange import Exchange, Request
from assistant.llm.language_model import LanguageModel
from assistant.llm.settings import ModelSettings

Reply = Callable[[Request], str]
_LINE = re.compile(r"^\[(\d+)\] (.*)$", re.MULTILINE)
_ASKED = re.compile(r"^- (\w+)[:：]", re.MULTILINE)


def model_of(window: int, **settings: Any) -> LanguageModel:
    """It counts tokens and knows its window; nothing is asked of it."""
    return LanguageModel(chat=None, name="scripted", context_length=window, settings=ModelSettings(**settings))  # type: ignore[arg-type]


def carry(exchange: Exchange[Any], model: LanguageModel, reply: Reply) -> tuple[Any, list[Request]]:
    """(the result, what was asked); fails where a prompt and its reply are longer than the window."""
    asked: list[Request] = []
    said = None
    while True:
        try:
            request = exchange.send(said) if said is not None else next(exchange)
        except StopIteration as stop:
            return stop.value, asked
        asked.append(request)
        used = model.prompt_tokens(request.messages) + model.settings.reply_tokens(model.context_length)
        assert used <= model.context_length, f"{used} of {model.context_length} tokens"
        said = reply(request)


def shown(request: Request) -> dict[int, str]:
    """The numbered sentences of a prompt."""
    return {int(number): text for number, text in _LINE.findall(request.messages[1][1])}


def wanted(request: Request) -> list[str]:
    """The parts that a prompt asks for."""
    return _ASKED.findall(request.messages[1][1].partition("</document>")[2])


def statements(*said: tuple[str, list[int], str]) -> str:
    return json.dumps({"statements": [{"about": about, "sentences": numbers, "text": text} for about, numbers, text in said]}, ensure_ascii=False)


def copying(request: Request) -> str:
    """Says the first sentences of the prompt that are long enough, word for word, one for each part that is asked for."""
    fit = [(number, text) for number, text in shown(request).items() if 20 <= len(text) <= 120 and text != "(withheld)"]
    step = max(1, len(fit) // 8)
    return statements(*((about, [number], text) for about, (number, text) in zip(wanted(request), fit[::step], strict=False)))
