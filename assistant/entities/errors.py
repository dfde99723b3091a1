"""The errors of entity extraction.

AssistantError
└── EntityError
    ├── EntityDataError      annotated texts that can't be read or learned from
    ├── EntityFormatError    entities that can't be written in the form asked for
    └── TaggerError          a tagger that can't be loaded or saved
"""

from assistant.errors import AssistantError


class EntityError(AssistantError):
    """Something about entities."""


class EntityDataError(EntityError):
    """Annotated texts that can't be read or learned from; says which file and line, and what is wrong there."""


class EntityFormatError(EntityError):
    """Entities that can't be written in the form asked for; says which one and why."""


class TaggerError(EntityError):
    """A tagger that can't be loaded or saved; says which file and what to do."""
