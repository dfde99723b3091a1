"""The rows that a training reads: JSON lines of a corpus, of instructions, or of preference pairs."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from finetune.errors import DataError, StageError
from finetune.lines import json_lines
from finetune.running import StageContext
from finetune.training.settings import Method, TrainSettings

Row = dict[str, Any]
_TRAIN = {"cpt": "train-*.jsonl.gz", "sft": "train.jsonl", "dpo": "preferences.jsonl"}
_HELD_OUT = {"cpt": "held_out.jsonl.gz", "sft": "held_out.jsonl", "dpo": "preferences_held_out.jsonl"}
_NEEDED: dict[str, dict[str, type]] = {"cpt": {"text": str}, "sft": {"messages": list}, "dpo": {"prompt": list, "chosen": list, "rejected": list}}


def files_for(settings: TrainSettings, context: StageContext) -> tuple[list[Path], list[Path]]:
    """(training files, held-out files). In a dry run, data that is not on this machine is left out."""
    training: list[Path] = []
    held_out: list[Path] = []
    for given in settings.data:
        path = context.path(given)
        if context.dry_run and not path.exists():
            continue
        training += _in(path, _TRAIN[settings.method])
        if not settings.held_out and path.is_dir():
            held_out += path.glob(_HELD_OUT[settings.method])
    for given in settings.held_out:
        path = context.path(given)
        if not context.dry_run or path.exists():
            held_out += _in(path, _HELD_OUT[settings.method])
    return training, sorted(held_out)


def read_rows(files: Sequence[Path], method: Method) -> Iterator[Row]:
    """Raises DataError for a line that is no row of the method's kind."""
    for file in files:
        yield from (_checked(row, method, where) for where, row in json_lines(file))


def _checked(row: Any, method: Method, where: str) -> Row:
    needed = _NEEDED[method]
    names = ", ".join(f"`{name}`" for name in needed)
    if not isinstance(row, dict) or any(not isinstance(row.get(name), kind) or not row[name] for name, kind in needed.items()):
        raise DataError(f"{where}: no row for {method}, which has {names}; mend or remove the line")
    for name, kind in needed.items():
        if kind is list and not all(isinstance(m, dict) and isinstance(m.get("role"), str) and isinstance(m.get("content"), str) for m in row[name]):
            raise DataError(f"{where}: `{name}` is a list of messages with `role` and `content`; mend or remove the line")
    if method == "sft" and not any(m["role"] == "assistant" for m in row["messages"]):
        raise DataError(f"{where}: no message of the assistant; there is nothing to learn, remove the line")
    return row


def _in(path: Path, pattern: str) -> list[Path]:
    if path.is_file():
        return [path]
    found = sorted(path.glob(pattern)) if path.is_dir() else []
    if not found:
        raise DataError(f"{path}: there is no {pattern} in it, and it is no file; name a JSON-lines file or the folder of a stage")
    return found


def sample_rows(method: Method) -> list[Row]:
    """Rows of the sample collection, for a dry run without data."""
    from finetune.bases.tiny import sample_documents

    rows: list[Row] = []
    for document in sample_documents():
        title, abstract = next(iter(document.titles.values()), ""), next(iter(document.abstracts.values()), "")
        if not (title and abstract):
            continue
        question = [{"role": "user", "content": f"{title}?"}]
        chosen, rejected = [{"role": "assistant", "content": abstract}], [{"role": "assistant", "content": title}]
        forms: dict[str, Row] = {
            "cpt": {"text": abstract, "language": document.language},
            "sft": {"messages": question + chosen, "reply": None},
            "dpo": {"prompt": question, "chosen": chosen, "rejected": rejected},
        }
        rows.append(forms[method])
    if not rows:
        raise StageError("the sample collection has no document with a title and an abstract; install the program again")
    return rows
