"""The rows of a benchmark's file, each with its line, and options that stand in the text of a question.

A file may be JSON lines, JSON objects one after the other, or one JSON array of objects, whatever its name ends in.
"""

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from assistant.benchmarks.item import Item, letters
from assistant.errors import AssistantError
from ingest.errors import first_problem

_Item = TypeVar("_Item", bound=Item)
_BETWEEN = re.compile(r"[\s,]*")
_MARK = r"[（(]?([A-Z])(?:[)）]\s*[.．:：、]?|\s*[.．:：、])\s*"
_OPTION_LINE = re.compile(rf"(?:^|(?<=\n))[ \t　]*{_MARK}")
_OPTION = re.compile(rf"(?:^|(?<=[\s　。；;?？:：)）])){_MARK}")


class BenchmarkError(AssistantError):
    """A benchmark's file that can't be read: which, where in it, and what to do."""


def json_rows(path: str | Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """(line, object) of a JSON file. Raises BenchmarkError."""
    text = _text(path)
    decoder = json.JSONDecoder()
    start = _BETWEEN.match(text).end()  # type: ignore[union-attr]  # it matches anything
    array = text.startswith("[", start)
    at, counted, line, rows = start + array, 0, 1, 0
    while True:
        at = _BETWEEN.match(text, at).end()  # type: ignore[union-attr]
        if at >= len(text) or (array and text[at] == "]"):
            break
        line, counted = line + text.count("\n", counted, at), at
        try:
            row, at = decoder.raw_decode(text, at)
        except (json.JSONDecodeError, RecursionError) as error:
            where = error.lineno if isinstance(error, json.JSONDecodeError) else line
            raise BenchmarkError(f"{path}, line {where}: not JSON ({error}); download the file again") from error
        if not isinstance(row, dict):
            raise BenchmarkError(
                f"{path}, line {line}: {type(row).__name__} in place of an object with the fields of a question; is this another file?"
            )
        rows += 1
        yield line, row
    if array and at >= len(text):
        raise BenchmarkError(f"{path}, line {line}: the file breaks off before the end of its array; download it again")
    if not rows:
        raise BenchmarkError(f"{path}: no questions in the file; download it again")


def csv_rows(path: str | Path, columns: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    """(line, row) of a CSV file with a header. Raises BenchmarkError where one of `columns` is not there, or a row has more or fewer cells."""
    reader = csv.DictReader(io.StringIO(_text(path), newline=""), strict=True)
    line, rows = 1, 0
    try:
        missing = [name for name in columns if name not in (reader.fieldnames or ())]
        if missing:
            raise BenchmarkError(f"{path}, line 1: no column {', '.join(missing)}; the header is {','.join(reader.fieldnames or ())[:80]!r}")
        line = reader.line_num + 1
        for row in reader:
            if None in row or None in row.values():
                raise BenchmarkError(f"{path}, line {line}: {'more' if None in row else 'fewer'} cells than the header has; download the file again")
            yield line, row
            line, rows = reader.line_num + 1, rows + 1
    except csv.Error as error:
        raise BenchmarkError(f"{path}, line {line}: not CSV ({error}); download the file again") from error
    if not rows:
        raise BenchmarkError(f"{path}: no questions in the file; download it again")


def _text(path: str | Path) -> str:
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise BenchmarkError(f"{path}: {error.strerror or error}; give the path of the benchmark's file") from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise BenchmarkError(f"{path}, line {line}: not UTF-8; download the file again, or convert it to UTF-8") from error


def field(path: str | Path, line: int, row: Mapping[str, Any], *names: str) -> str:
    """The text of the first of some fields that a row has. Raises BenchmarkError where it has none with text."""
    found = optional(row, *names)
    if not found:
        raise BenchmarkError(
            f"{path}, line {line}: no {' or '.join(names)}; the fields are {', '.join(map(str, row))[:120]}. Is this the right benchmark?"
        )
    return found


def optional(row: Mapping[str, Any], *names: str) -> str:
    """The same, or "" where there is none."""
    for name in names:
        value = row.get(name)
        if isinstance(value, str) and value.strip():
            return value.strip()
        if isinstance(value, int | float) and not isinstance(value, bool) and value == value:
            return str(int(value)) if value == int(value) else str(value)
    return ""


def made(kind: type[_Item], path: str | Path, line: int, **fields: Any) -> _Item:
    """An item. Raises BenchmarkError that names the file, the line and what is wrong."""
    try:
        return kind(**fields)
    except ValidationError as error:
        raise BenchmarkError(f"{path}, line {line}: {first_problem(error)}; mend or take out the line") from error


def answer_letters(path: str | Path, line: int, written: str) -> str | None:
    """The letters of an answer; None where it is blank. Raises BenchmarkError where there is something else."""
    if not written:
        return None
    found = letters(written)
    if not found or re.search(r"[A-Za-z]{2}", re.sub(r"[A-Z]+", "A", written.strip())):
        raise BenchmarkError(f"{path}, line {line}: the answer {written[:40]!r} is not made of the letters of options; mend or take out the line")
    return found


def split_options(text: str) -> tuple[str, dict[str, str]]:
    """A question whose text ends with its options (`A. …`, `B: …`, a line each or one after the other) apart from them; no options where there
    are not at least A and B."""
    for pattern in (_OPTION_LINE, _OPTION):
        marks = list(pattern.finditer(text))
        for first in [n for n, mark in enumerate(marks) if mark[1] == "A"][::-1]:
            run = [marks[first]]
            for mark in marks[first + 1 :]:
                if ord(mark[1]) == ord(run[-1][1]) + 1:
                    run.append(mark)
            if len(run) > 1:
                ends = [mark.start() for mark in run[1:]] + [len(text)]
                return text[: run[0].start()].strip(), {m[1]: text[m.end() : end].strip() for m, end in zip(run, ends, strict=True)}
    return text.strip(), {}


class Names:
    """Identities that are used once: the second `12` of a file is `12-2`."""

    def __init__(self) -> None:
        self._used: Counter[str] = Counter()

    def __call__(self, name: str) -> str:
        self._used[name] += 1
        return name if self._used[name] == 1 else self(f"{name}-{self._used[name]}")
