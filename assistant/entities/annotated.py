"""Annotated texts from JSON lines: `{"text": …, "entities": [{"start": …, "end": …, "type": …}]}`, offsets in characters."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from assistant.entities.entity import AnnotatedText, Entity
from assistant.entities.errors import EntityDataError


def read_annotated(path: Path | str) -> Iterator[AnnotatedText]:
    """The annotated texts of a file, `.jsonl` or `.jsonl.gz`; other fields are passed over, and so are empty lines.

    Where an entity has a field `text`, it must be what stands there. Raises EntityDataError naming the file, the line and what is wrong.
    """
    path = Path(path)
    number = 0
    try:
        with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    try:
                        yield annotated(json.loads(line))
                    except json.JSONDecodeError as error:
                        raise EntityDataError(f"{path}, line {number}: no JSON: {error.msg} at character {error.colno}") from None
                    except (EntityDataError, RecursionError) as error:
                        raise EntityDataError(f"{path}, line {number}: {error}") from None
    except UnicodeDecodeError:
        raise EntityDataError(f"{path}, behind line {number}: not UTF-8; save the file as UTF-8") from None
    except (OSError, EOFError) as error:
        raise EntityDataError(f"{path}: {getattr(error, 'strerror', None) or error}") from None


def annotated(row: Any) -> AnnotatedText:
    """An annotated text from what JSON holds. Raises EntityDataError."""
    if not isinstance(row, dict) or not isinstance(row.get("text"), str) or not isinstance(row.get("entities"), list):
        raise EntityDataError('must be {"text": "…", "entities": […]}')
    text: str = row["text"]
    return AnnotatedText(text, tuple(_entity(entity, text, i) for i, entity in enumerate(row["entities"], 1)))


def _entity(entity: Any, text: str, number: int) -> Entity:
    if not isinstance(entity, dict):
        raise EntityDataError(f'entity {number}: must be {{"start": …, "end": …, "type": "…"}}')
    start, end, kind = (entity.get(key) for key in ("start", "end", "type"))
    if type(start) is not int or type(end) is not int:
        raise EntityDataError(f"entity {number}: start and end must be whole numbers")
    if not isinstance(kind, str) or not kind.strip():
        raise EntityDataError(f"entity {number}: type must be a text that is not empty")
    if not 0 <= start < end <= len(text):
        raise EntityDataError(f"entity {number}: {start} to {end} is no part of a text of {len(text)} characters")
    if "text" in entity and entity["text"] != text[start:end]:
        raise EntityDataError(f"entity {number}: its text is {entity['text']!r}, but {text[start:end]!r} stands at {start} to {end}")
    return Entity(text[start:end], kind, start, end)
