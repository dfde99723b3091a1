"""The errors of the assistant.

PatentAssistantError
└── AssistantError
    ├── ClaimError            a claim that is not there, or none at all
    ├── NoDateError           no date from which on documents are no prior art
    └── LanguageModelError    a language model that can't be loaded, reached or used
        └── SpecError         a spec that names no language model
"""

from ingest.errors import PatentAssistantError


class AssistantError(PatentAssistantError):
    """Something about answering."""


class ClaimError(AssistantError):
    """A claim that is not there; says which are."""


class NoDateError(AssistantError):
    """The document asked about has no date from which on others are no prior art to it; says how to give one."""


class LanguageModelError(AssistantError):
    """A language model that can't be loaded, reached or used; says which and what to do."""


class SpecError(LanguageModelError):
    """A spec that names no language model; says how to write one."""
