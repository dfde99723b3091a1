"""Reading patents: bytes of an office's format in, `PatentDocument`s and `Passage`s out."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ingest.claims.cited import cited_documents
    from ingest.document import (
        Citation,
        Claim,
        Classification,
        Dates,
        Paragraph,
        Party,
        PatentDocument,
        Section,
        Source,
    )
    from ingest.errors import IngestError, PatentAssistantError, ReadError
    from ingest.langchain import PatentLoader
    from ingest.outcome import Failed, Skipped
    from ingest.passages import Passage, cut
    from ingest.reading import read
    from ingest.schemes.scheme import SchemeEntry
    from ingest.schemes.symbol import Symbol

_WHERE = {
    "Citation": "ingest.document",
    "Claim": "ingest.document",
    "Classification": "ingest.document",
    "Dates": "ingest.document",
    "Failed": "ingest.outcome",
    "IngestError": "ingest.errors",
    "Paragraph": "ingest.document",
    "Party": "ingest.document",
    "Passage": "ingest.passages",
    "PatentAssistantError": "ingest.errors",
    "PatentDocument": "ingest.document",
    "PatentLoader": "ingest.langchain",
    "ReadError": "ingest.errors",
    "SchemeEntry": "ingest.schemes.scheme",
    "Section": "ingest.document",
    "Skipped": "ingest.outcome",
    "Source": "ingest.document",
    "Symbol": "ingest.schemes.symbol",
    "cited_documents": "ingest.claims.cited",
    "cut": "ingest.passages",
    "read": "ingest.reading",
}
__all__ = [
    "Citation",
    "Claim",
    "Classification",
    "Dates",
    "Failed",
    "IngestError",
    "Paragraph",
    "Party",
    "Passage",
    "PatentAssistantError",
    "PatentDocument",
    "PatentLoader",
    "ReadError",
    "SchemeEntry",
    "Section",
    "Skipped",
    "Source",
    "Symbol",
    "cited_documents",
    "cut",
    "read",
]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used, so that `import ingest` stays light."""
    if name not in _WHERE:
        raise AttributeError(f"module 'ingest' has no attribute {name!r}")
    return getattr(import_module(_WHERE[name]), name)
