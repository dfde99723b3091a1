"""The errors of training.

PatentAssistantError
└── FinetuneError
    ├── RecipeError    a recipe that can't be read; all that is wrong with it
    ├── StageError     a stage that can't run, or goes on from something else than what it was begun with
    ├── DataError      training or evaluation data that can't be read; says the file and the line
    └── MemoryNeeded   a training that won't fit into memory; says what would
"""

from ingest.errors import PatentAssistantError


class FinetuneError(PatentAssistantError):
    """Something about making models."""


class RecipeError(FinetuneError):
    """A recipe that can't be read: every problem on a line of its own, with the line of the file and what to do."""


class StageError(FinetuneError):
    """A stage that can't run, or that would go on from something else than what it was begun with."""


class DataError(FinetuneError):
    """Training or evaluation data that can't be read; says the file and the line."""


class MemoryNeeded(FinetuneError):
    """A training that won't fit into memory; says what it needs, what there is, and what would make it fit."""
