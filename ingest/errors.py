"""The errors of reading, and the root of every error of the project.

PatentAssistantError
├── IngestError
│   ├── ReadError             one record of a file can't be read
│   └── AnchorError           an anchor that is not well formed, or that the document does not have
├── SearchIndexError          (index.errors)
└── AssistantError            (assistant.errors)
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic import ValidationError


class PatentAssistantError(Exception):
    """Says what happened, where, and what to do about it, in one line."""


class IngestError(PatentAssistantError):
    """Something about reading documents."""


class ReadError(IngestError):
    """A record that can't be read: what is wrong with it, and where in the record."""


class AnchorError(IngestError):
    """An anchor that is not well formed, or that its document does not have."""


def first_problem(error: "ValidationError") -> str:
    """What is wrong with some data, in one line: the field, what is the matter, and how many more such there are."""
    problems = error.errors()
    where = ".".join(str(part) for part in problems[0]["loc"]) or "the document"
    more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    return f"{where}: {problems[0]['msg'].removeprefix('Value error, ')}{more}"
