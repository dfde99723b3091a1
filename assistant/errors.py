"""The errors of the assistant.

PatentAssistantError
└── AssistantError
    └── LanguageModelError    a language model that can't be loaded, reached or used
"""

from ingest.errors import PatentAssistantError


class AssistantError(PatentAssistantError):
    """Something about answering."""


class LanguageModelError(AssistantError):
    """A language model that can't be loaded, reached or used; says which and what to do."""
