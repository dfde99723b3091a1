"""A kind of stage for tests of recipes: it copies the lines of a file, one at a time, and goes on where it was interrupted."""

from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from finetune.running import StageContext
from finetune.settings import Settings, StageSettings


class Limits(Settings):
    least: int = 0


class CopySettings(StageSettings):
    kind: Literal["copy"]
    source: Path
    lines: int = Field(default=10, ge=1)
    rate: float = 1.0
    careful: bool = True
    limits: Limits = Limits()


class Interrupted(Exception):
    pass


STOP_AFTER: list[int] = []


def copy(settings: CopySettings, context: StageContext) -> dict[str, Any]:
    target = context.folder / "copied.txt"
    done = target.read_text().splitlines() if target.exists() else []
    began = len(done)
    for line in context.path(settings.source).read_text().splitlines()[began : settings.lines]:
        if STOP_AFTER and len(done) >= STOP_AFTER[0]:
            raise Interrupted
        done.append(line)
        target.write_text("\n".join(done) + "\n")
    context.tell(f"{len(done)} lines")
    return {"lines": len(done), "began": began, "seed": context.seed}
