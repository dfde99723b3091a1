"""Entities in texts: trained taggers, the forms in which language models name them, their places and scores."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assistant.entities.annotated import read_annotated
    from assistant.entities.entity import AnnotatedText, Entity, Pair
    from assistant.entities.errors import EntityDataError, EntityError, EntityFormatError, TaggerError
    from assistant.entities.place import located
    from assistant.entities.scores import entity_scores, span_scores
    from assistant.entities.tagger import EntityTagger

_WHERE = {
    "AnnotatedText": "assistant.entities.entity",
    "Entity": "assistant.entities.entity",
    "EntityDataError": "assistant.entities.errors",
    "EntityError": "assistant.entities.errors",
    "EntityFormatError": "assistant.entities.errors",
    "EntityTagger": "assistant.entities.tagger",
    "Pair": "assistant.entities.entity",
    "TaggerError": "assistant.entities.errors",
    "entity_scores": "assistant.entities.scores",
    "located": "assistant.entities.place",
    "read_annotated": "assistant.entities.annotated",
    "span_scores": "assistant.entities.scores",
}
__all__ = [
    "AnnotatedText",
    "Entity",
    "EntityDataError",
    "EntityError",
    "EntityFormatError",
    "EntityTagger",
    "Pair",
    "TaggerError",
    "entity_scores",
    "located",
    "read_annotated",
    "span_scores",
]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used, so that torch is loaded only where there is tagging."""
    if name not in _WHERE:
        raise AttributeError(f"module 'assistant.entities' has no attribute {name!r}")
    return getattr(import_module(_WHERE[name]), name)
