"""The error of summary jobs."""

from assistant.errors import AssistantError


class JobError(AssistantError):
    """A job that can't be begun or gone on with; says what to do."""
