"""What goes into a task, from what a user names: files of patents, files of the task's own fields, texts, and numbers of the index."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_origin

from pydantic import BeforeValidator

from assistant.documents import documents_in
from assistant.errors import AssistantError
from assistant.tasks.running import given_for
from assistant.tasks.task import Given, Task, language_of
from ingest.document import PatentDocument
from ingest.errors import PatentAssistantError, ReadError

if TYPE_CHECKING:
    from assistant.patents import PatentAssistant


def inputs(
    task: Task[Any, Any], source: str, fields: Mapping[str, str], assistant: "PatentAssistant | None"
) -> Iterator[tuple[str, Given | PatentAssistantError]]:
    """(its name, what goes in or why it can't) for each document, line or text of a source.

    | source | what goes in |
    |---|---|
    | a `.json` or `.jsonl` file of objects with the task's fields | those |
    | another file that `ingest` reads | its documents |
    | a file of text | its text, as the first field of the task that is a text |
    | a document number | that document of the index |
    | "" | nothing but `fields` |

    `fields` are given besides, by name, as written on a command line.
    """
    path = Path(source)
    extra = parsed_fields(task, fields)
    try:
        if not source:
            yield task.name, completed(task, {}, extra)
        elif not path.is_file():
            if assistant is None:
                raise ReadError(f"{source}: there is no such file, and no index to find such a document in; check the path, or give --index")
            yield source, completed(task, assistant.index.document(source), extra)
        elif path.suffix in (".json", ".jsonl") and (own := list(_own_fields(task, path))):
            for name, found in own:
                yield name, _attempted(task, found, extra)
        elif path.suffix in (".txt", ".md") and task.from_document is None:
            yield source, completed(task, _text_of(task, path), extra)
        else:
            yield from _documents(task, path, extra)
    except PatentAssistantError as error:
        yield source or task.name, error


def _documents(task: Task[Any, Any], path: Path, extra: Mapping[str, Any]) -> Iterator[tuple[str, Given | PatentAssistantError]]:
    for found in documents_in(path):
        name, given = (str(path), found) if isinstance(found, ReadError) else (found.number, _attempted(task, found, extra))
        if isinstance(given, PatentAssistantError) and path.suffix in (".txt", ".md"):  # no patent, or not the part that is needed: a text
            name, given = str(path), _attempted(task, _text_of(task, path), extra)
        yield name, given


def _attempted(task: Task[Any, Any], found: "PatentDocument | Mapping[str, Any]", extra: Mapping[str, Any]) -> Given | PatentAssistantError:
    try:
        return completed(task, found, extra)
    except PatentAssistantError as error:
        return error


def completed(task: Task[Any, Any], found: "PatentDocument | Mapping[str, Any]", extra: Mapping[str, Any]) -> Given:
    """What goes in, with the fields given besides; the language of the prompt is by default that of its texts."""
    if isinstance(found, PatentDocument):
        given: Given = given_for(task, found)
        if extra:
            given = given_for(task, {**given.model_dump(), **extra})
        return given
    fields = {**found, **extra}
    if "language" not in fields:
        fields["language"] = language_of(" ".join(v for v in fields.values() if isinstance(v, str)) or json.dumps(fields, ensure_ascii=False))
    made: Given = given_for(task, fields)
    return made


def parsed_fields(task: Task[Any, Any], fields: Mapping[str, str]) -> dict[str, Any]:
    """Fields from a command line: JSON where one begins so, and lists by commas. Raises AssistantError."""
    found: dict[str, Any] = {}
    for name, value in fields.items():
        field = task.given.model_fields.get(name)
        if field is None:
            raise AssistantError(f"{task.name}: {name!r} is nothing that it takes; it takes {', '.join(task.given.model_fields)}")
        if value[:1] in "[{" and value:
            try:
                found[name] = json.loads(value)
            except ValueError as error:
                raise AssistantError(f"{task.name}: {name} is not valid JSON ({error})") from error
        elif get_origin(field.annotation) in (tuple, list):
            found[name] = [each.strip() for each in value.replace("，", ",").split(",") if each.strip()]
        else:
            found[name] = value
    return found


def _text_of(task: Task[Any, Any], path: Path) -> dict[str, str]:
    """The text of a file as the field of the task that is a text."""
    return {_text_field(task): path.read_text(encoding="utf-8", errors="replace")}


def _text_field(task: Task[Any, Any]) -> str:
    names: list[str] = [
        name
        for name, field in task.given.model_fields.items()
        if field.annotation is str or any(isinstance(m, BeforeValidator) for m in field.metadata)
    ]
    if names:
        return names[0]
    raise AssistantError(f"{task.name}: it takes no single text; give its fields: {', '.join(task.given.model_fields)}")


def _own_fields(task: Task[Any, Any], path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """The objects of a JSON file where they are the task's fields and not documents."""
    text = path.read_text(encoding="utf-8", errors="replace")
    try:
        whole = json.loads(text)
        listed = list(enumerate(whole if isinstance(whole, list) else [whole], start=1))
    except ValueError:
        listed = []
        for line, each in enumerate(text.splitlines(), start=1):
            if each.strip():
                try:
                    listed.append((line, json.loads(each)))
                except ValueError as error:
                    raise ReadError(f"{path}: line {line} is not JSON ({error})") from error
    for line, each in listed:
        if isinstance(each, dict) and "number" not in each and set(each) & set(task.given.model_fields):
            yield f"{path}:{line}", each
