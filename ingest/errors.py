"""The errors of reading, and the root of every error of the project.

PatentAssistantError
├── IngestError
│   ├── ReadError             one record of a file can't be read
│   └── AnchorError           an anchor that is not well formed, or that the document does not have
├── SearchIndexError          (index.errors)
└── AssistantError            (assistant.errors)
"""


class PatentAssistantError(Exception):
    """Says what happened, where, and what to do about it, in one line."""


class IngestError(PatentAssistantError):
    """Something about reading documents."""


class ReadError(IngestError):
    """A record that can't be read: what is wrong with it, and where in the record."""


class AnchorError(IngestError):
    """An anchor that is not well formed, or that its document does not have."""
