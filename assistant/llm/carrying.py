"""Carrying requests to a model and replies back, each as soon as it is there: by threads, or by the steps of vLLM's engine."""

import threading
from queue import SimpleQueue
from types import TracebackType
from typing import TYPE_CHECKING, Any, Protocol

from assistant.errors import LanguageModelError
from assistant.llm.language_model import LanguageModel, messages_of

if TYPE_CHECKING:
    from assistant.llm.exchange import Request

Said = str | LanguageModelError


class Carrier(Protocol):
    """`width` is how many requests it carries at a time; `tokens` are those of all prompts and replies so far."""

    width: int
    tokens: int

    def send(self, key: int, request: "Request") -> None:
        """Send a request; `receive` gives its reply under this key."""

    def receive(self) -> list[tuple[int, Said]]:
        """Wait for replies: at least one, where anything was sent."""

    def __enter__(self) -> "Carrier": ...

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None: ...


def carrier(model: LanguageModel) -> Carrier:
    """What carries to this model: vLLM in this process takes any number of requests, everything else `settings.concurrency` at a time."""
    return _Engine(model) if getattr(model.chat, "_llm_type", "") == "vllm" else _Threads(model)


class _Threads:
    """Threads that end with the program: an interrupt does not wait for replies."""

    def __init__(self, model: LanguageModel) -> None:
        self.width = model.settings.concurrency
        self.tokens = 0
        self._model = model
        self._asked: SimpleQueue[tuple[int, Request] | None] = SimpleQueue()
        self._said: SimpleQueue[tuple[int, Said | BaseException, int]] = SimpleQueue()
        self._started = 0

    def send(self, key: int, request: "Request") -> None:
        if self._started < self.width:
            self._started += 1
            threading.Thread(target=self._work, daemon=True).start()
        self._asked.put((key, request))

    def _work(self) -> None:
        while (asked := self._asked.get()) is not None:
            key, request = asked
            said: Said | BaseException
            tokens = 0
            try:
                said = self._model.reply(request.messages, request.schema)
                tokens = self._model.prompt_tokens(request.messages) + self._model.count(said)
            except LanguageModelError as error:
                said = error
            except BaseException as error:  # raised where it is received
                said = error
            self._said.put((key, said, tokens))

    def receive(self) -> list[tuple[int, Said]]:
        key, said, tokens = self._said.get()
        if isinstance(said, BaseException) and not isinstance(said, LanguageModelError):
            raise said
        self.tokens += tokens
        return [(key, said)]

    def __enter__(self) -> "_Threads":
        return self

    def __exit__(self, *_: object) -> None:
        for _each in range(self._started):
            self._asked.put(None)


class _Engine:
    """vLLM's engine writes all replies that are under way one token further at each step; a request joins the others at any step."""

    width = 1 << 30

    def __init__(self, model: LanguageModel) -> None:
        self.tokens = 0
        self._model = model
        self._chat: Any = model.chat
        self._keys: dict[str, tuple[int, str]] = {}
        self._failed: list[tuple[int, Said]] = []

    def send(self, key: int, request: "Request") -> None:
        from langchain_core.messages.utils import convert_to_messages
        from vllm import SamplingParams
        from vllm.sampling_params import StructuredOutputsParams

        guided = request.schema is not None and self._model.settings.guided
        held = {"structured_outputs": StructuredOutputsParams(json=request.schema)} if guided else {}
        sampling = SamplingParams(**self._chat.sampling, **held)
        messages = messages_of(convert_to_messages(list(request.messages)))
        try:
            [name] = self._chat.engine.enqueue_chat([messages], sampling, use_tqdm=False, lora_request=self._chat.lora)
        except Exception as error:  # a prompt that is too long, a schema that can't be followed
            self._failed.append((key, self._error(error)))
            return
        self._keys[name.partition("-")[0]] = key, name  # the engine answers under the name without what it put behind it

    def receive(self) -> list[tuple[int, Said]]:
        if self._failed:
            failed, self._failed = self._failed, []
            return failed
        while True:
            try:
                ended = [output for output in self._chat.engine.llm_engine.step() if output.finished]
            except Exception as error:  # a dead engine answers nothing that is under way
                keys, self._keys = list(self._keys.values()), {}
                return [(key, self._error(error)) for key, _ in keys]
            said: list[tuple[int, Said]] = []
            for output in ended:
                if output.request_id in self._keys:  # not one that was left behind by somebody else
                    self.tokens += len(output.prompt_token_ids or ()) + len(output.outputs[0].token_ids)
                    said.append((self._keys.pop(output.request_id)[0], output.outputs[0].text))
            if said:
                return said

    def _error(self, error: Exception) -> LanguageModelError:
        return LanguageModelError(f"{self._model.name}: no answer: {type(error).__name__}: {' '.join(str(error).split())[:500]}")

    def __enter__(self) -> "_Engine":
        return self

    def __exit__(self, *_: object) -> None:
        if self._keys:
            self._chat.engine.llm_engine.abort_request([name for _, name in self._keys.values()], internal=True)
            self._keys = {}
