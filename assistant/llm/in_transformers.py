"""Models in this process by transformers, on a GPU or the CPU."""

from collections.abc import Iterator
from functools import cached_property
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from pydantic import ConfigDict

from assistant.errors import LanguageModelError
from assistant.llm.language_model import LanguageModel, Schema, messages_of
from assistant.llm.settings import ModelSettings
from assistant.llm.spec import Spec

if TYPE_CHECKING:
    import torch


_AS_IN_PROMPTS = {"whitespace_flexible": False, "item_separator": ", ", "key_separator": ": "}
"""White space as the prompts' examples have it: a model writes worse where it is held to another."""


class ChatTransformers(BaseChatModel):
    """A LangChain chat model over `model.generate`. With `schema`, llguidance says at each token which may follow."""

    model_config = ConfigDict(ignored_types=(cached_property,))

    model: Any
    tokenizer: Any
    model_name: str
    sampling: dict[str, Any]
    seed: int = 0

    @property
    def _llm_type(self) -> str:
        return "transformers"

    def _generate(self, messages: list[BaseMessage], stop: list[str] | None = None, run_manager: Any = None, **kwargs: Any) -> ChatResult:
        asked = self._asked(messages, stop, **kwargs)
        said = self.model.generate(**asked)[0, asked["input_ids"].shape[1] :]
        text = self.tokenizer.decode(said, skip_special_tokens=True)
        return ChatResult(generations=[ChatGeneration(message=AIMessage(content=text))])

    def _stream(
        self, messages: list[BaseMessage], stop: list[str] | None = None, run_manager: Any = None, **kwargs: Any
    ) -> Iterator[ChatGenerationChunk]:
        from transformers import TextIteratorStreamer

        pieces = TextIteratorStreamer(self.tokenizer, skip_prompt=True, skip_special_tokens=True)
        left, failed = Event(), list[BaseException]()

        def write(asked: dict[str, Any]) -> None:
            try:
                self.model.generate(
                    **asked, streamer=pieces, stopping_criteria=[lambda ids, scores, **_: ids.new_full(ids.shape[:1], left.is_set()).bool()]
                )
            except BaseException as error:
                failed.append(error)
                pieces.end()

        writing = Thread(target=write, args=(self._asked(messages, stop, **kwargs),))
        writing.start()
        try:
            for piece in pieces:
                yield ChatGenerationChunk(message=AIMessageChunk(content=piece))
        finally:
            left.set()  # nobody reads any more
            writing.join()
        if failed:
            raise failed[0]

    def _asked(self, messages: list[BaseMessage], stop: list[str] | None, schema: Schema | None = None) -> dict[str, Any]:
        """The arguments of `model.generate`."""
        from transformers import LogitsProcessorList, set_seed

        prompt = self.tokenizer.apply_chat_template(messages_of(messages), add_generation_prompt=True, return_dict=True, return_tensors="pt")
        held = {"logits_processor": LogitsProcessorList([self._follow(schema)])} if schema is not None else {}
        stops = {"stop_strings": stop, "tokenizer": self.tokenizer} if stop else {}
        set_seed(self.seed)
        return {**prompt.to(self.model.device), **self.sampling, **held, **stops}

    def _follow(self, schema: Schema) -> "_Follow":
        from llguidance import LLMatcher

        grammar = LLMatcher.grammar_from_json_schema(schema, overrides=_AS_IN_PROMPTS)
        return _Follow(LLMatcher(self._vocabulary, grammar))

    @cached_property
    def _vocabulary(self) -> Any:
        from llguidance.hf import from_tokenizer

        return from_tokenizer(self.tokenizer, n_vocab=self.model.config.get_text_config().vocab_size)


def open_model(spec: Spec, settings: ModelSettings) -> LanguageModel:
    """Raises LanguageModelError where the model, its adapter or its tokenizer can't be loaded."""
    from transformers import AutoTokenizer
    from transformers.utils import logging

    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        tokenizer = AutoTokenizer.from_pretrained(spec.model)
        model = _load(spec, settings)
    except LanguageModelError:
        raise
    except Exception as error:  # a missing, broken or gated model, or no network
        said = (str(error).splitlines() or [type(error).__name__])[0]
        raise LanguageModelError(f"{spec.text}: the model can't be loaded: {said}") from error
    if not tokenizer.chat_template:
        raise LanguageModelError(f"{spec.text}: the tokenizer has no chat template; take the instruction-tuned model, not the base")
    config = model.config.get_text_config()
    length = settings.context_length or getattr(config, "max_position_embeddings", None)
    if not length:
        raise LanguageModelError(f"{spec.text}: the model does not say how long its context is; set context_length=TOKENS")
    model.generation_config.max_length = None
    sampling: dict[str, Any] = {"do_sample": True, "temperature": settings.temperature} if settings.temperature else {"do_sample": False}
    if not settings.temperature:
        model.generation_config.update(temperature=None, top_p=None, top_k=None)
    sampling["max_new_tokens"] = settings.reply_tokens(int(length))
    chat = ChatTransformers(model=model, tokenizer=tokenizer, model_name=spec.model, sampling=sampling, seed=settings.seed)
    one = settings.model_copy(update={"concurrency": 1})  # one model writes one text at a time

    def count(text: str) -> int:
        return len(tokenizer(text, add_special_tokens=False)["input_ids"])

    return LanguageModel(chat, spec.model, int(length), one, count, lambda schema: {"schema": schema})


def _load(spec: Spec, settings: ModelSettings) -> Any:
    import torch
    from transformers import AutoModelForCausalLM, BitsAndBytesConfig

    gpu = torch.cuda.is_available()
    kwargs: dict[str, Any] = {"dtype": "auto", "device_map": "auto" if gpu else None}
    if settings.quantization == "4bit":
        if not gpu:
            raise LanguageModelError(f"{spec.text}: 4bit needs a GPU; leave quantization out, or serve a GGUF file with llama.cpp")
        kwargs["quantization_config"] = BitsAndBytesConfig(
            load_in_4bit=True, bnb_4bit_quant_type="nf4", bnb_4bit_compute_dtype=torch.bfloat16, bnb_4bit_use_double_quant=True
        )
    model = AutoModelForCausalLM.from_pretrained(spec.model, **kwargs)
    if spec.adapter:
        from peft import PeftModel

        model = PeftModel.from_pretrained(model, spec.adapter)
        if settings.quantization == "none":
            model = model.merge_and_unload()  # an adapter that is added at every layer costs time
    return model.eval()


class _Follow:
    """A logits processor for one reply: tokens that the grammar does not allow next get no probability."""

    def __init__(self, matcher: Any) -> None:
        self._matcher = matcher
        self._seen = -1

    def __call__(self, input_ids: "torch.Tensor", scores: "torch.Tensor") -> "torch.Tensor":
        import torch

        if self._seen >= 0:
            self._matcher.consume_tokens(input_ids[0, self._seen :].tolist())
        self._seen = input_ids.shape[1]
        allowed = torch.frombuffer(bytearray(self._matcher.compute_logit_bias()), dtype=torch.uint8).to(scores.device)
        held = scores.clone()
        held[0, : len(allowed)][allowed[: scores.shape[1]] == 0] = -torch.inf
        held[0, len(allowed) :] = -torch.inf
        return held
