"""Models in this process by vLLM, for batches: all prompts of a batch run together, and what they begin with alike is computed once."""

import atexit
import os
from collections.abc import Sequence
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.prompt_values import PromptValue
from pydantic import Field

from assistant.errors import LanguageModelError
from assistant.llm.language_model import LanguageModel, Schema, messages_of
from assistant.llm.settings import ModelSettings
from assistant.llm.spec import Spec

_SHUTDOWN = 10.0
"""Seconds that the engine gets to end."""


class ChatVLLM(BaseChatModel):
    """A LangChain chat model over `vllm.LLM`. `batch` gives the engine all prompts at once. One thread at a time."""

    engine: Any
    model_name: str
    lora: Any = None
    sampling: dict[str, Any] = Field(default_factory=dict)

    @property
    def _llm_type(self) -> str:
        return "vllm"

    def _generate(self, messages: list[BaseMessage], stop: list[str] | None = None, run_manager: Any = None, **kwargs: Any) -> ChatResult:
        [said] = self._all([messages], stop, **kwargs)
        return ChatResult(generations=[ChatGeneration(message=said)])

    def batch(self, inputs: list[Any], config: Any = None, *, return_exceptions: bool = False, **kwargs: Any) -> list[Any]:
        given = [each if isinstance(each, PromptValue) else self._convert_input(each) for each in inputs]
        try:
            return list(self._all([each.to_messages() for each in given], kwargs.pop("stop", None), **kwargs))
        except Exception as error:
            if not return_exceptions:
                raise
            return [error] * len(inputs)

    def _all(self, prompts: Sequence[list[BaseMessage]], stop: list[str] | None, schema: Schema | None = None) -> list[AIMessage]:
        from vllm import SamplingParams
        from vllm.sampling_params import StructuredOutputsParams

        held = {"structured_outputs": StructuredOutputsParams(json=schema)} if schema is not None else {}
        sampling = SamplingParams(**self.sampling, stop=stop, **held)
        said = self.engine.chat([messages_of(p) for p in prompts], sampling, use_tqdm=False, lora_request=self.lora)
        return [AIMessage(content=each.outputs[0].text) for each in said]


def open_model(spec: Spec, settings: ModelSettings) -> LanguageModel:
    """Raises LanguageModelError where vLLM is not there, or can't load the model or its adapter."""
    os.environ.setdefault("VLLM_LOGGING_STREAM", "ext://sys.stderr")  # standard output is for results
    os.environ.setdefault("VLLM_LOGGING_LEVEL", "WARNING")
    try:
        from vllm import LLM
        from vllm.lora.request import LoRARequest
        from vllm.platforms import current_platform
    except ImportError as error:
        raise LanguageModelError(f"{spec.text}: vLLM is not here ({error}); install patent-assistant[vllm]") from error
    try:
        engine = LLM(
            spec.model,
            max_model_len=settings.context_length,
            seed=settings.seed,
            tensor_parallel_size=settings.gpus,
            enable_prefix_caching=True,
            enable_lora=bool(spec.adapter),
            enforce_eager=current_platform.is_cpu(),  # compiling takes longer than it saves there
            **({} if current_platform.is_cpu() else {"gpu_memory_utilization": settings.memory}),
            **({"max_lora_rank": _rank(spec.adapter)} if spec.adapter else {}),
        )
        tokenizer = engine.get_tokenizer()
    except Exception as error:
        said = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise LanguageModelError(f"{spec.text}: the model can't be loaded: {said}") from error
    length = int(engine.llm_engine.model_config.max_model_len)
    sampling = {"temperature": settings.temperature, "seed": settings.seed, "max_tokens": settings.reply_tokens(length)}
    lora = LoRARequest("adapter", 1, spec.adapter) if spec.adapter else None
    chat = ChatVLLM(engine=engine, model_name=spec.model, lora=lora, sampling=sampling)

    def count(text: str) -> int:
        return len(tokenizer.encode(text, add_special_tokens=False))

    def close() -> None:
        engine.llm_engine.engine_core.shutdown(timeout=_SHUTDOWN)

    atexit.register(close)  # a process whose engine was not shut down does not end
    return LanguageModel(chat, spec.model, length, settings, count, lambda schema: {"schema": schema}, close=close)


def _rank(adapter: str) -> int:
    """The LoRA rank of an adapter, rounded up to one that vLLM knows."""
    import json
    from pathlib import Path

    rank = int(json.loads((Path(adapter) / "adapter_config.json").read_text()).get("r", 16))
    return next((r for r in (1, 8, 16, 32, 64, 128, 256, 320, 512) if r >= rank), rank)
