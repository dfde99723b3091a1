"""From a spec, or any LangChain chat model, to a `LanguageModel`."""

from typing import TYPE_CHECKING, Any

from assistant.errors import LanguageModelError
from assistant.llm.language_model import LanguageModel
from assistant.llm.settings import ModelSettings
from assistant.llm.spec import Spec

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel


def language_model(given: "str | BaseChatModel", settings: ModelSettings | None = None) -> LanguageModel:
    """The model that a spec names, or the chat model given, ready to be asked. Raises LanguageModelError with what to do."""
    settings = settings or ModelSettings()
    if not isinstance(given, str):
        return _given(given, settings)
    spec = Spec.parse(given)
    if spec.kind == "openai":
        from assistant.llm.server import open_model
    elif spec.kind == "vllm":
        from assistant.llm.in_vllm import open_model
    else:
        from assistant.llm.in_transformers import open_model
    return open_model(spec, settings)


def chat_model(spec: str, settings: ModelSettings | None = None) -> "BaseChatModel":
    """The LangChain chat model that a spec names."""
    return language_model(spec, settings).chat


def _given(chat: "BaseChatModel", settings: ModelSettings) -> LanguageModel:
    """A chat model of the caller's: its context length by its profile, or by the settings."""
    profile: Any = getattr(chat, "profile", None) or {}
    length = settings.context_length or profile.get("max_input_tokens")
    name = next((v for a in ("model_name", "model_id", "model") if isinstance(v := getattr(chat, a, None), str) and v), type(chat).__name__)
    if not length:
        raise LanguageModelError(f"{name}: the chat model does not say how long its context is; give it: ModelSettings(context_length=TOKENS)")
    return LanguageModel(chat, name, int(length), settings)
