"""What became of the documents of a job: `record.jsonl`, one line a document, to which is only ever added.

A line is on the disk before it is counted as done. What a kill leaves of a line at the end is cut off when the file is opened next; a line
that can't be read, as a damaged disk leaves, does not count.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.storage import storage_errors

NAME = "record.jsonl"


@dataclass(frozen=True)
class Outcome:
    """What became of one document: the fields of `made` (a summary or a cell) with the texts that it cites, by anchor; or why there is none.
    `digest` is that of the document; `no_model`, which is not kept, says that the language model was not to be had."""

    number: str
    digest: str
    made: dict[str, Any] | None = None
    cited: dict[str, str] | None = None
    failed: str = ""
    no_model: bool = False

    def line(self) -> bytes:
        fields = {"failed": self.failed} if self.made is None else {"made": self.made, "cited": self.cited}
        return json.dumps({"number": self.number, "digest": self.digest, **fields}, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n"

    @classmethod
    def of_line(cls, line: bytes) -> "Outcome | None":
        """None for what is no line of a record."""
        try:
            said = json.loads(line.decode("utf-8", "surrogatepass"))
            return cls(said["number"], said["digest"], said.get("made"), said.get("cited"), said.get("failed", ""))
        except (ValueError, TypeError, KeyError):
            return None


@dataclass(frozen=True)
class Place:
    """Where the last line of a document is, of which text it is, and why nothing was made of that, if so."""

    start: int
    size: int
    digest: str
    failed: str


class Record:
    """Open it once at a time (the job's lock sees to that). `damaged` counts the lines that could not be read."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / NAME
        self.places: dict[str, Place] = {}
        """By number."""
        self.damaged = 0
        self._file = self.path.open("a+b", buffering=0)
        self._end = self._read()

    def _read(self) -> int:
        """Find the lines, and cut off what is none at the end."""
        self._file.seek(0)
        end = 0
        with self.path.open("rb") as lines:
            for line in lines:
                if not line.endswith(b"\n"):
                    self._file.truncate(end)
                    break
                outcome = Outcome.of_line(line)
                if outcome is None:
                    self.damaged += 1
                else:
                    self.places[outcome.number] = Place(end, len(line), outcome.digest, outcome.failed)
                end += len(line)
        return end

    def add(self, outcome: Outcome) -> None:
        """Raises DiskFullError; what of the line was written is then cut off."""
        line = outcome.line()
        with storage_errors(self.path.parent):
            try:
                written = 0
                while written < len(line):
                    written += self._file.write(line[written:]) or 0
                os.fsync(self._file.fileno())
            except OSError:
                os.truncate(self.path, self._end)
                raise
        self.places[outcome.number] = Place(self._end, len(line), outcome.digest, outcome.failed)
        self._end += len(line)

    def outcomes(self, numbers: Iterator[str]) -> Iterator[Outcome]:
        """The last outcomes of these documents, as far as they are there."""
        with self.path.open("rb") as lines:
            for number in numbers:
                if place := self.places.get(number):
                    lines.seek(place.start)
                    if outcome := Outcome.of_line(lines.read(place.size)):
                        yield outcome

    def close(self) -> None:
        self._file.close()
