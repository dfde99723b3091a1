"""Running the stages of a recipe: each in a folder of its own, with a record of all that it was made from, to go on from or to repeat."""

import hashlib
import json
import os
import platform
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from finetune.errors import StageError
from finetune.recipe import Recipe, paths_of
from finetune.settings import StageSettings, referred
from finetune.stages import KINDS

RECORD = "stage.json"
_PACKAGES = ("patent-assistant", "torch", "transformers", "tokenizers", "trl", "peft", "accelerate", "datasets", "sentence-transformers", "numpy")
Tell = Callable[[str], None]


@dataclass
class StageContext:
    """What a stage is given besides its settings: its folder, the recipe's seed, whether it is a dry run, and where it says how far it is."""

    name: str
    folder: Path
    out: Path
    seed: int = 0
    dry_run: bool = False
    tell: Tell = print
    stages: Mapping[str, StageSettings] = field(default_factory=dict)

    def path(self, given: Path) -> Path:
        """The file or folder that a path of the settings stands for. Raises StageError where it is of a stage and not there."""
        reference = referred(given)
        if reference is None:
            return given
        found = self.out / reference[0] / reference[1]
        if not found.exists():
            raise StageError(f"stage {self.name}: {given}: stage {reference[0]!r} has not made it ({found} is not there); run that stage first")
        return found


@dataclass(frozen=True)
class StageResult:
    """`fresh` is False for what was there already; `report` is what the stage says of itself."""

    name: str
    kind: str
    folder: Path
    fresh: bool
    seconds: float
    report: dict[str, Any]


def run_recipe(
    recipe: Recipe, only: Sequence[str] = (), kind: str = "", dry_run: bool = False, again: bool = False, tell: Tell = lambda line: None
) -> Iterator[StageResult]:
    """Run the stages, those named (`only`) or of one kind, in their order; yields what came of each as it ends.

    A stage that is done costs nothing; one that was interrupted goes on. Raises StageError where a stage was begun from something else, unless
    `again`: then it is made anew. A dry run writes beside it, into the folder `dry-run`, and takes a first step of each stage with a tiny
    model of the same architecture.
    """
    unknown = [name for name in only if name not in recipe.stages]
    if unknown:
        raise StageError(f"{recipe.path}: no stage {', '.join(unknown)}; stages are: {', '.join(recipe.stages)}")
    if kind and all(s.kind != kind for s in recipe.stages.values()):
        raise StageError(f"{recipe.path}: no stage of kind {kind}; stages are: {', '.join(f'{n} ({s.kind})' for n, s in recipe.stages.items())}")
    out = recipe.head.out / "dry-run" if dry_run else recipe.head.out
    for name, settings in recipe.stages.items():
        if (not only or name in only) and (not kind or settings.kind == kind):
            yield run_stage(name, settings, StageContext(name, out / name, out, recipe.head.seed, dry_run, tell, recipe.stages), again)


def run_stage(name: str, settings: StageSettings, context: StageContext, again: bool = False) -> StageResult:
    """Run one stage, go on with it, or find it done."""
    folder = context.folder
    with _alone(folder):
        made_of = _made_of(settings, context)
        record = read_record(folder)
        if record is not None and record["made_of"] != made_of:
            if not again:
                raise StageError(
                    f"stage {name}: {folder} was made from something else: {_difference(record['made_of'], made_of)}; make it again with --again"
                )
            record = None
        if record is not None and record["state"] == "done" and not again:
            return StageResult(name, settings.kind, folder, False, record["seconds"], record["report"])
        if record is None or again:
            _empty(folder)
        before = record["seconds"] if record is not None and not again else 0.0
        started = time.monotonic()
        entry = {"name": name, "kind": settings.kind, "state": "running", "made_of": made_of, "versions": versions(), "seconds": before, "report": {}}
        _write(folder, entry)
        report = KINDS[settings.kind].function()(settings, context)
        seconds = round(before + time.monotonic() - started, 3)
        _write(folder, entry | {"state": "done", "seconds": seconds, "report": report})
        return StageResult(name, settings.kind, folder, True, seconds, report)


def read_record(folder: Path) -> dict[str, Any] | None:
    """The record of a stage: {name, kind, state, made_of: {settings, seed, inputs}, versions, seconds, report}. None where none was begun."""
    try:
        found: dict[str, Any] = json.loads((folder / RECORD).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except ValueError as error:
        raise StageError(f"{folder / RECORD}: the record of the stage can't be read: {error}; delete the folder to begin anew") from error
    return found


def versions() -> dict[str, str]:
    """Of what computes: Python, the machine, and the packages that are installed."""
    found = {"python": platform.python_version(), "machine": platform.machine()}
    for package in _PACKAGES:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return found


def digest(path: Path) -> str:
    """SHA-256 of a file, or of a folder's files with their names, without what tells of the run alone (records, checkpoints, logs)."""
    if path.is_file():
        return _of_file(path)
    whole = hashlib.sha256()
    for each in sorted(_files(path)):
        whole.update(f"{each.relative_to(path).as_posix()}\0{_of_file(each)}\n".encode())
    return whole.hexdigest()


def _files(folder: Path) -> Iterable[Path]:
    for root, folders, names in os.walk(folder):
        folders[:] = [f for f in folders if f not in ("checkpoints", "tensorboard", "partial")]
        yield from (Path(root) / name for name in names if name != RECORD and not name.startswith(".") and not name.endswith(".lock"))


def _of_file(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _made_of(settings: StageSettings, context: StageContext) -> dict[str, Any]:
    """Settings, seed, and the SHA-256 of every input that is on this machine. A model's id on a hub stands for itself."""
    inputs = {}
    for _, given in paths_of(settings):
        path = context.path(given)
        inputs[str(given)] = f"sha256:{digest(path)}" if path.exists() else "not on this machine"
    return {"settings": settings.model_dump(mode="json"), "seed": context.seed, "dry_run": context.dry_run, "inputs": inputs}


def _difference(before: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    found = []
    for key in before.keys() | now.keys():
        old, new = before.get(key), now.get(key)
        if isinstance(old, dict) and isinstance(new, dict):
            found += [
                f"{key}.{name} was {_short(old.get(name))}, is {_short(new.get(name))}"
                for name in old.keys() | new.keys()
                if old.get(name) != new.get(name)
            ]
        elif old != new:
            found.append(f"{key} was {_short(old)}, is {_short(new)}")
    return "; ".join(sorted(found))


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else text[:57] + "…"


def _empty(folder: Path) -> None:
    """Delete what a stage made, and nothing where no stage has worked: a folder of something else is left as it is."""
    import shutil

    folder.mkdir(parents=True, exist_ok=True)
    there = [p for p in folder.iterdir() if p.name != ".lock"]
    if there and not (folder / RECORD).exists():
        raise StageError(f"{folder}: there are files in it that no stage has made ({there[0].name}); name another folder with out")
    for path in there:
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def _write(folder: Path, entry: Mapping[str, Any]) -> None:
    partial = folder / f".{RECORD}"
    partial.write_text(json.dumps(entry, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    partial.replace(folder / RECORD)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / ".lock", timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise StageError(f"{folder}: another process is at work on this stage; wait for it to end") from None
    try:
        yield
    finally:
        lock.release()
