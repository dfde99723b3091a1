"""JSON lines, as they are or compressed."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from finetune.errors import DataError


def json_lines(path: Path) -> Iterator[tuple[str, Any]]:
    """(`FILE, line N`, what stands there). A line ends at its line feed alone: texts may hold the other line separators of Unicode.

    Raises DataError for a file that can't be read and for a line that is not JSON.
    """
    try:
        with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                where = f"{path}, line {number}"
                try:
                    row = json.loads(line)
                except ValueError as error:
                    raise DataError(f"{where}: not JSON: {error}; mend or remove the line") from error
                yield where, row
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise DataError(f"{path}: can't be read: {error}; make the file again") from error
