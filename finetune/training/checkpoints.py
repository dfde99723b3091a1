"""Checkpoints, and which of them are whole: one that was cut off while it was written is deleted, and the one before is used."""

import json
import os
import shutil
from pathlib import Path

_MARK = "complete.json"


def mark(checkpoint: Path) -> None:
    """Write down that a checkpoint is whole: its files and their sizes in bytes."""
    sizes = {p.relative_to(checkpoint).as_posix(): p.stat().st_size for p in sorted(checkpoint.rglob("*")) if p.is_file()}
    partial = checkpoint / f".{_MARK}"
    with partial.open("w", encoding="utf-8") as file:
        json.dump(sizes, file)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(checkpoint / _MARK)


def is_whole(checkpoint: Path) -> bool:
    try:
        sizes = json.loads((checkpoint / _MARK).read_text(encoding="utf-8"))
        return all((checkpoint / name).stat().st_size == size for name, size in sizes.items())
    except (OSError, ValueError):
        return False


def last(folder: Path) -> Path | None:
    """The last whole checkpoint in a folder; those that are not whole are deleted."""
    found = sorted(folder.glob("checkpoint-*"), key=step_of)
    for torn in [c for c in found if not is_whole(c)]:
        shutil.rmtree(torn)
        found.remove(torn)
    return found[-1] if found else None


def step_of(checkpoint: Path) -> int:
    return int(checkpoint.name.rpartition("-")[2])
