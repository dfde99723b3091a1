"""The errors of the assistant.

PatentAssistantError
└── AssistantError
    ├── ClaimError            a claim that is not there, or none at all
    ├── EntityError           entities or a tagger that can't be read or written (assistant.entities.errors)
    ├── BenchmarkError        a benchmark's file that can't be read (assistant.benchmarks.reading)
    ├── JobError              a summary job that can't be begun or gone on with (assistant.summaries.errors)
    ├── NoDateError           no date from which on documents are no prior art
    ├── ReplyError            a model's reply that can't be read
    └── LanguageModelError    a language model that can't be loaded, reached or used
        ├── NoModelError      a task that needs a language model, and none is named
        ├── SpecError         a spec that names no language model
        └── TooLongError      a text that does not fit into the model's window
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


class NoModelError(LanguageModelError):
    """A task that can't be done without a language model; says how to name one."""


class TooLongError(LanguageModelError):
    """A text that does not fit into the model's window; says by how much."""


class ReplyError(AssistantError):
    """A reply of a language model that can't be read; says why."""
