"""A searchable, durable index of patent passages: SQLite is the truth, FAISS and tantivy search it."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from index.encoder import Encoder, load_encoder
    from index.errors import (
        EncoderError,
        FilterError,
        IndexDamagedError,
        IndexLockedError,
        NoIndexError,
        NotInIndexError,
        SearchIndexError,
        SignatureError,
    )
    from index.filter import Filter
    from index.hit import DocumentHit, Hit
    from index.langchain import PatentRetriever
    from index.patent_index import PatentIndex

_WHERE = {
    "DocumentHit": "index.hit",
    "Encoder": "index.encoder",
    "EncoderError": "index.errors",
    "Filter": "index.filter",
    "FilterError": "index.errors",
    "Hit": "index.hit",
    "IndexDamagedError": "index.errors",
    "IndexLockedError": "index.errors",
    "NoIndexError": "index.errors",
    "NotInIndexError": "index.errors",
    "PatentIndex": "index.patent_index",
    "PatentRetriever": "index.langchain",
    "SearchIndexError": "index.errors",
    "SignatureError": "index.errors",
    "load_encoder": "index.encoder",
}
__all__ = [
    "DocumentHit",
    "Encoder",
    "EncoderError",
    "Filter",
    "FilterError",
    "Hit",
    "IndexDamagedError",
    "IndexLockedError",
    "NoIndexError",
    "NotInIndexError",
    "PatentIndex",
    "PatentRetriever",
    "SearchIndexError",
    "SignatureError",
    "load_encoder",
]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used, so that `import index` stays light."""
    if name not in _WHERE:
        raise AttributeError(f"module 'index' has no attribute {name!r}")
    return getattr(import_module(_WHERE[name]), name)
