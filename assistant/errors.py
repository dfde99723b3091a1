"""The errors of the assistant.

PatentAssistantError
└── AssistantError
    └── LanguageModelError    a language model that can't be loaded, reached or used
        └── SpecError         a spec that names no language model
"""

from ingest.errors import PatentAssistantError


class AssistantError(PatentAssistantError):
    """Something about answering."""


class LanguageModelError(AssistantError):
    """A language model that can't be loaded, reached or used; says which and what to do."""


class SpecError(LanguageModelError):
    """A spec that names no language model; says how to write one."""
