"""`LanguageModel`: a LangChain chat model, and what has to be known of it to fill its window and hold it to a schema."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assistant.errors import LanguageModelError
from assistant.llm.settings import ModelSettings

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import BaseMessage

Messages = Sequence[tuple[str, str]]
"""(role, text): `system`, `human` and `ai`."""
Schema = dict[str, Any]
"""A JSON schema."""
TEMPLATE_TOKENS = 16
"""That a chat template puts around one message, at most."""
_OTHER = re.compile(r"[^\x00-\x7f]")


def estimated_tokens(text: str) -> int:
    """An upper estimate where the tokenizer can't be asked: 2.5 ASCII characters a token, and 1.5 tokens for any other character. Qwen's and
    Llama's tokenizers need some 4 characters a token, and up to 1.3 tokens for a Chinese character."""
    other = len(_OTHER.findall(text))
    return int((len(text) - other) / 2.5 + 1.5 * other) + 1


@dataclass
class LanguageModel:
    """`count` gives the tokens of a text; `hold` what a call needs so that the reply follows a schema; `server` is the address, if any."""

    chat: "BaseChatModel"
    name: str
    context_length: int
    settings: ModelSettings
    count: Callable[[str], int] = estimated_tokens
    hold: Callable[[Schema], dict[str, Any]] | None = None
    server: str = ""
    close: Callable[[], None] = lambda: None
    """Lets go of what the model holds; it can't be asked afterwards."""

    def prompt_tokens(self, messages: Messages) -> int:
        return sum(self.count(text) + TEMPLATE_TOKENS for _, text in messages)

    def room(self, messages: Messages) -> int:
        """The tokens that are left in the window beside these messages and a reply; below zero where they don't fit."""
        return self.context_length - self.settings.reply_tokens(self.context_length) - self.prompt_tokens(messages)

    def reply(self, messages: Messages, schema: Schema | None = None) -> str:
        """What the model says. Raises LanguageModelError."""
        try:
            return str(self._bound(schema).invoke(list(messages)).text)
        except Exception as error:  # every provider raises its own
            raise self._failed(error) from error

    async def areply(self, messages: Messages, schema: Schema | None = None) -> str:
        try:
            return str((await self._bound(schema).ainvoke(list(messages))).text)
        except Exception as error:
            raise self._failed(error) from error

    def replies(self, prompts: Sequence[Messages], schema: Schema | None = None) -> list[str | LanguageModelError]:
        """What the model says to each: all at once (vllm), or some at a time."""
        if not prompts:
            return []
        config: Any = {"max_concurrency": self.settings.concurrency}
        try:
            said = self._bound(schema).batch([list(p) for p in prompts], config, return_exceptions=True)
        except Exception as error:  # a model that knows no exceptions in their place
            said = [error] * len(prompts)
        return [self._failed(each) if isinstance(each, Exception) else str(each.text) for each in said]

    def stream(self, messages: Messages, schema: Schema | None = None) -> Iterator[str]:
        """What the model says, piece by piece as it is written."""
        try:
            for chunk in self._bound(schema).stream(list(messages)):
                yield str(chunk.text)
        except GeneratorExit:
            raise
        except Exception as error:
            raise self._failed(error) from error

    def _bound(self, schema: Schema | None) -> Any:
        kwargs = self.hold(schema) if schema is not None and self.hold is not None and self.settings.guided else {}
        return self.chat.bind(**kwargs) if kwargs else self.chat

    def _failed(self, error: Exception) -> LanguageModelError:
        if isinstance(error, LanguageModelError):
            return error
        remedy = f"; is the server at {self.server} running, and does it serve this model?" if self.server else ""
        if self.server and "format" in str(error) and self.settings.guided:
            remedy = f"; where the server at {self.server} knows no JSON schemas, set guided=false"
        return LanguageModelError(f"{self.name}: no answer: {type(error).__name__}: {' '.join(str(error).split())[:500]}{remedy}")


def messages_of(messages: "Sequence[BaseMessage]") -> list[dict[str, str]]:
    """LangChain's messages as chat templates take them."""
    roles = {"system": "system", "human": "user", "ai": "assistant"}
    return [{"role": roles.get(m.type, "user"), "content": str(m.text)} for m in messages]
