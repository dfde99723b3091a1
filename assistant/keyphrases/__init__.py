"""Keyphrases of patents without a language model: `KeyphraseModel.load().extract(title, abstract, claims)`."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assistant.keyphrases.keyphrase import Keyphrase
    from assistant.keyphrases.model import KeyphraseModel

_WHERE = {"Keyphrase": "assistant.keyphrases.keyphrase", "KeyphraseModel": "assistant.keyphrases.model"}
__all__ = ["Keyphrase", "KeyphraseModel"]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used."""
    if name not in _WHERE:
        raise AttributeError(f"module 'assistant.keyphrases' has no attribute {name!r}")
    return getattr(import_module(_WHERE[name]), name)
