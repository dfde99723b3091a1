"""Models in this process by transformers, on a GPU or the CPU."""

from typing import TYPE_CHECKING, Any

from assistant.errors import LanguageModelError
from assistant.llm.language_model import LanguageModel, Schema
from assistant.llm.settings import ModelSettings
from assistant.llm.spec import Spec

if TYPE_CHECKING:
    import torch


def open_model(spec: Spec, settings: ModelSettings) -> LanguageModel:
    """Raises LanguageModelError where the model, its adapter or its tokenizer can't be loaded."""
    from langchain_huggingface import ChatHuggingFace, HuggingFacePipeline
    from transformers import AutoTokenizer, pipeline
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
    sampling = {"do_sample": True, "temperature": settings.temperature} if settings.temperature else {"do_sample": False}
    if not settings.temperature:
        model.generation_config.update(temperature=None, top_p=None, top_k=None)
    generate = pipeline(
        "text-generation", model=model, tokenizer=tokenizer, max_new_tokens=settings.reply_tokens(int(length)), return_full_text=False, **sampling
    )
    chat = ChatHuggingFace(llm=HuggingFacePipeline(pipeline=generate, model_id=spec.model), tokenizer=tokenizer, model_id=spec.model)
    one = settings.model_copy(update={"concurrency": 1})  # one model writes one text at a time
    hold = _Held(tokenizer, config.vocab_size, settings.seed)
    return LanguageModel(chat, spec.model, int(length), one, lambda text: len(tokenizer(text, add_special_tokens=False)["input_ids"]), hold)


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


class _Held:
    """Makes what a call needs for its reply to follow a schema; llguidance says at each token which may follow."""

    def __init__(self, tokenizer: Any, vocabulary: int, seed: int) -> None:
        self._tokenizer, self._vocabulary, self._seed = tokenizer, vocabulary, seed
        self._guide: Any = None

    def __call__(self, schema: Schema) -> dict[str, Any]:
        from llguidance import LLMatcher
        from llguidance.hf import from_tokenizer
        from transformers import LogitsProcessorList, set_seed

        set_seed(self._seed)
        if self._guide is None:
            self._guide = from_tokenizer(self._tokenizer, n_vocab=self._vocabulary)
        grammar = LLMatcher.grammar_from_json_schema(schema, overrides={"whitespace_flexible": False})
        return {"pipeline_kwargs": {"logits_processor": LogitsProcessorList([_Follow(LLMatcher(self._guide, grammar))])}}


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
