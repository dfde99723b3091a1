"""The spec of a language model: `transformers:PATH+adapter=PATH`, `vllm:PATH`, `openai:MODEL@URL`."""

from dataclasses import dataclass
from pathlib import Path

from assistant.errors import LanguageModelError, SpecError

HOW = "write evidence, transformers:PATH_OR_ID, vllm:PATH_OR_ID or openai:MODEL@http://host:port/v1"


@dataclass(frozen=True)
class Spec:
    """`model` is a folder, the name of one on the hub, or the name that a server gives it."""

    text: str
    kind: str
    model: str
    adapter: str = ""
    url: str = ""

    @classmethod
    def parse(cls, text: str) -> "Spec":
        """Raises SpecError where it is none, and LanguageModelError where it names a folder that is not there."""
        kind, _, rest = text.partition(":")
        if kind == "openai" and rest:
            model, at, url = rest.rpartition("@")
            if not at or not model or not url.startswith(("http://", "https://")):
                raise SpecError(f"{text}: write it like openai:MODEL@http://localhost:8000/v1")
            return cls(text, kind, model, url=url.rstrip("/"))
        if kind in ("transformers", "vllm") and rest:
            model, _, adapter = rest.partition("+adapter=")
            return cls(text, kind, _found(text, model, "model"), _found(text, adapter, "adapter") if adapter else "")
        raise SpecError(f"{text!r} is not a language model; {HOW}")


def _found(text: str, path: str, what: str) -> str:
    """The folder, or the path as it is where it can be a name on the hub."""
    local = Path(path).expanduser()
    if local.exists():
        return str(local)
    if path.startswith((".", "/", "~")) or path.count("/") != 1:
        raise LanguageModelError(f"{text}: there is no {what} in {path}")
    return path
