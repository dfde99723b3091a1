"""Language models from one short spec, each a LangChain chat model.

| spec | what it is |
|---|---|
| `evidence` | no model: sentences are selected and quoted |
| `transformers:PATH_OR_ID` | a model on this machine, by transformers |
| `openai:MODEL@http://host:port/v1` | any server with OpenAI's interface: vLLM, llama.cpp, Ollama, … |

`+adapter=PATH` after a transformers spec adds a LoRA adapter.
"""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.errors import LanguageModelError, SpecError

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

MAX_NEW_TOKENS = 512
TIMEOUT_SECONDS = 120


def chat_model(spec: str) -> "BaseChatModel":
    """The chat model that a spec names. Raises LanguageModelError with what to do."""
    kind, _, rest = spec.partition(":")
    if kind == "openai" and rest:
        return _openai(spec, rest)
    if kind == "transformers" and rest:
        return _transformers(spec, rest)
    raise LanguageModelError(f"{spec!r} is not a language model; write evidence, transformers:PATH_OR_ID or openai:MODEL@http://host:port/v1")


def model_name(model: Any) -> str:
    """The name that an answer carries of the model that wrote it."""
    for attribute in ("model_name", "model_id", "model"):
        value = getattr(model, attribute, None)
        if isinstance(value, str) and value:
            return value
    return type(model).__name__


def _openai(spec: str, rest: str) -> "BaseChatModel":
    model, at, url = rest.rpartition("@")
    if not at or not model or not url.startswith(("http://", "https://")):
        raise SpecError(f"{spec}: write it like openai:MODEL@http://localhost:8000/v1")
    from langchain_openai import ChatOpenAI
    from pydantic import SecretStr

    return ChatOpenAI(
        model=model,
        base_url=url,
        api_key=SecretStr(os.environ.get("OPENAI_API_KEY", "none")),
        temperature=0,
        timeout=TIMEOUT_SECONDS,
        max_retries=2,
        max_completion_tokens=MAX_NEW_TOKENS,
    )


def _transformers(spec: str, rest: str) -> "BaseChatModel":
    path, _, adapter = rest.partition("+adapter=")
    local = Path(path).expanduser()
    path = str(local) if local.exists() else path
    if not local.exists() and (path.startswith((".", "/", "~")) or path.count("/") != 1):
        raise LanguageModelError(f"{spec}: there is no model in {path}")
    from langchain_huggingface import ChatHuggingFace, HuggingFacePipeline
    from transformers import AutoModelForCausalLM, AutoTokenizer, pipeline
    from transformers.utils import logging

    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        tokenizer = AutoTokenizer.from_pretrained(path)
        model = AutoModelForCausalLM.from_pretrained(path, dtype="auto")
        if adapter:
            try:
                from peft import PeftModel
            except ImportError as error:
                raise LanguageModelError(f"{spec}: an adapter needs peft; install patent-assistant[train]") from error
            model = PeftModel.from_pretrained(model, adapter).merge_and_unload()
    except LanguageModelError:
        raise
    except Exception as error:  # a missing, broken or gated model, or no network
        raise LanguageModelError(f"{spec}: the model can't be loaded: {str(error).splitlines()[0]}") from error
    generate = pipeline("text-generation", model=model, tokenizer=tokenizer, max_new_tokens=MAX_NEW_TOKENS, do_sample=False, return_full_text=False)
    made: BaseChatModel = ChatHuggingFace(llm=HuggingFacePipeline(pipeline=generate, model_id=path), tokenizer=tokenizer, model_id=path)
    return made
