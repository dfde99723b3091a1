"""What a job was asked for: `manifest.json` in its folder. A job goes on only with the same."""

from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError

from assistant.summaries.errors import JobError
from assistant.summaries.summary import Length
from assistant.tasks.task import Language
from ingest.document import Frozen
from ingest.errors import first_problem

NAME = "manifest.json"


class Asked(Frozen):
    """What decides what is made of a document. Without a `question` a summary is. `language` is what the language model writes in, by default
    the document's language; `settings` are the model's where they change what it says, `checker` a model for natural language inference."""

    question: str = ""
    length: Length = Length()
    language: Language | None = None
    llm: str = "evidence"
    settings: dict[str, str | int | float | bool | None] = Field(default_factory=dict)
    checker: str = ""


class Manifest(Frozen):
    """`sources` are all that were ever named for the job, paths absolute; `versions` of this program that worked on it, oldest first."""

    format: Literal[1] = 1
    asked: Asked
    sources: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()

    def joined(self, sources: tuple[str, ...]) -> "Manifest":
        """With what is new of these sources, and with this version."""
        return self.model_copy(
            update={
                "sources": tuple(dict.fromkeys((*self.sources, *sources))),
                "versions": tuple(dict.fromkeys((*self.versions, version("patent-assistant")))),
            }
        )


def read_manifest(folder: Path) -> Manifest | None:
    """None where there is no job. Raises JobError where the manifest can't be read."""
    path = folder / NAME
    try:
        return Manifest.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except ValidationError as error:
        raise JobError(f"{path}: not the manifest of a job ({first_problem(error)}); name another folder") from error


def differences(there: Asked, now: Asked) -> list[str]:
    """What two jobs differ in, in words."""
    return [f"{name} was {_shown(before)} and is now {_shown(after)}" for name, before, after in _fields(there.model_dump(), now.model_dump())]


def _fields(before: dict[str, Any], after: dict[str, Any], prefix: str = "") -> list[tuple[str, Any, Any]]:
    found = []
    for name in dict.fromkeys((*before, *after)):
        one, other = before.get(name), after.get(name)
        if isinstance(one, dict) and isinstance(other, dict):
            found += _fields(one, other, f"{prefix}{name}.")
        elif one != other:
            found.append((prefix + name, one, other))
    return found


def _shown(value: Any) -> str:
    return "not given" if value in (None, "") else repr(value)
