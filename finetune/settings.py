"""What all settings of a recipe have in common."""

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

StageName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*$")]


class Settings(BaseModel):
    """Strict: an unknown name, or a value of another type, is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class StageSettings(Settings):
    """The settings of one stage. A `Path` in them is a file or a folder, the id of a model on a hub, or `@NAME/…`: what the stage NAME of the same
    recipe has made."""

    kind: str


def referred(path: Path) -> tuple[str, Path] | None:
    """The stage and the path in its folder that `@NAME/…` stands for; None for any other path."""
    first, *rest = path.parts or ("",)
    return (first[1:], Path(*rest)) if first.startswith("@") else None
