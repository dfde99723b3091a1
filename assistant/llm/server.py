"""Models behind a server with OpenAI's interface: `vllm serve`, llama.cpp's server, SGLang, Ollama, …"""

import os
from typing import Any

from assistant.errors import LanguageModelError
from assistant.llm.language_model import LanguageModel, Schema, estimated_tokens
from assistant.llm.settings import ModelSettings
from assistant.llm.spec import Spec

_QUICK = 10.0
"""Seconds for what a server says of itself."""


def open_model(spec: Spec, settings: ModelSettings) -> LanguageModel:
    """Raises LanguageModelError where the server is down, does not serve the model, or does not say how long its context is."""
    from langchain_openai import ChatOpenAI
    from pydantic import SecretStr

    key = os.environ.get("OPENAI_API_KEY", "none")
    server = _Server(spec, key)
    length = settings.context_length or server.context_length()
    if not length:
        raise LanguageModelError(f"{spec.text}: the server does not say how long the context is; set context_length=TOKENS")
    chat = ChatOpenAI(
        model=spec.model,
        base_url=spec.url,
        api_key=SecretStr(key),
        temperature=settings.temperature,
        seed=settings.seed,
        timeout=settings.timeout,
        max_retries=settings.retries,
        max_completion_tokens=settings.reply_tokens(length),
    )
    return LanguageModel(chat, spec.model, length, settings, server.counter(), _schema, spec.url)


def _schema(schema: Schema) -> dict[str, Any]:
    return {"response_format": {"type": "json_schema", "json_schema": {"name": "reply", "schema": schema, "strict": True}}}


class _Server:
    def __init__(self, spec: Spec, key: str) -> None:
        import httpx

        self._spec = spec
        once = httpx.Limits(max_keepalive_connections=0)  # nobody closes the client
        self._http = httpx.Client(timeout=_QUICK, limits=once, headers={"Authorization": f"Bearer {key}"})
        self._root = spec.url.removesuffix("/v1")

    def context_length(self) -> int | None:
        """Of prompt and reply: vLLM and SGLang say it with their models, llama.cpp with its properties."""
        import httpx

        url, name = self._spec.url, self._spec.model
        try:
            answer = self._http.get(f"{url}/models")
        except httpx.HTTPError as error:
            raise LanguageModelError(
                f"{self._spec.text}: no server answers at {url} ({type(error).__name__}); start it, or mend the address"
            ) from error
        models = _json(answer).get("data") or []
        if answer.is_success and models:
            served = {str(m.get("id")): m for m in models if isinstance(m, dict)}
            if name not in served:
                raise LanguageModelError(f"{self._spec.text}: the server does not serve {name}; it serves {', '.join(served)}")
            found = served[name].get("max_model_len")
            parent = served.get(str(served[name].get("parent")), {})  # an adapter's base
            if length := found or parent.get("max_model_len"):
                return int(length)
        properties = self._ask("GET", "/props")
        length = (properties.get("default_generation_settings") or {}).get("n_ctx")
        return int(length) if length else None

    def counter(self) -> Any:
        """Counts tokens by the server's own tokenizer where it offers that, else by an upper estimate."""
        name = self._spec.model
        for body, size in (({"model": name, "prompt": "a"}, "count"), ({"content": "a"}, "tokens")):  # vLLM, llama.cpp
            said = self._ask("POST", "/tokenize", body)
            if size in said:
                text = next(reversed(body))

                def count(given: str, body: dict[str, str] = body, text: str = text, size: str = size) -> int:
                    found = self._ask("POST", "/tokenize", {**body, text: given}).get(size)
                    return found if isinstance(found, int) else len(found) if isinstance(found, list) else estimated_tokens(given)

                return count
        return estimated_tokens

    def _ask(self, method: str, path: str, body: dict[str, str] | None = None) -> dict[str, Any]:
        import httpx

        try:
            return _json(self._http.request(method, self._root + path, json=body))
        except httpx.HTTPError:
            return {}


def _json(answer: Any) -> dict[str, Any]:
    try:
        found = answer.json() if answer.is_success else {}
    except ValueError:
        found = {}
    return found if isinstance(found, dict) else {}
