"""Published forms of instruction data: instruction/input/output (Alpaca; `answer` for `output`), ShareGPT's conversations, and chat messages."""

import gzip
import io
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from finetune.errors import DataError

Messages = list[dict[str, str]]
_ROLES = {
    "system": "system",
    "human": "user",
    "user": "user",
    "prompter": "user",
    "gpt": "assistant",
    "chatgpt": "assistant",
    "bing": "assistant",
    "bard": "assistant",
    "assistant": "assistant",
    "model": "assistant",
    "ai": "assistant",
}
_OUTPUTS = ("output", "answer", "response")
_FORMS = "instruction (with input) and output or answer, conversations with from and value, or messages with role and content"


def rows_in(path: Path) -> Iterator[tuple[int, Any]]:
    """(line or place in the list from 1, what stands there) of JSON lines or a JSON list, `.gz` of either. Raises DataError."""
    number = 0
    try:
        with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as stream:
            lines = io.TextIOWrapper(stream, encoding="utf-8-sig")
            first = next((line for line in lines if line.strip()), "")
            if first.lstrip().startswith("["):
                yield from enumerate(_list(first + lines.read(), path), start=1)
                return
            lines.seek(0)
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    try:
                        yield number, json.loads(line)
                    except ValueError as error:
                        raise DataError(f"{path}, line {number}: not JSON: {error}; mend or remove the line") from error
    except UnicodeDecodeError as error:
        raise DataError(f"{path}, after line {number}: not UTF-8: {error}; save the file as UTF-8") from error
    except (OSError, EOFError) as error:
        raise DataError(f"{path}: can't be read: {error}") from error


def _list(text: str, path: Path) -> list[Any]:
    try:
        found: list[Any] = json.loads(text)
    except ValueError as error:
        raise DataError(f"{path}: not a JSON list: {error}; mend the file") from error
    return found


def messages_of(row: Any, fields: Mapping[str, str], where: str) -> Messages:
    """A row as messages with the roles system, user and assistant, the last one the assistant's. Raises DataError that says where and what."""
    if not isinstance(row, dict):
        raise DataError(f"{where}: not an object; {_FORMS} is needed")

    def field(name: str) -> Any:
        return row.get(fields.get(name, name))

    for name in ("messages", "conversations"):
        if field(name) is not None:
            return _turns(field(name), field("system"), where)
    asked, given = field("instruction"), field("input")
    said = next((row[name] for name in ([fields["output"]] if "output" in fields else _OUTPUTS) if row.get(name) is not None), None)
    if asked is None:
        asked, given = given, None
    if not isinstance(asked, str) or not asked.strip() or not isinstance(said, str) or not said.strip() or not isinstance(given, str | None):
        raise DataError(
            f"{where}: no example; {_FORMS} is needed, or say with `fields` what they are called here (there are {', '.join(map(str, row))[:120]})"
        )
    user = f"{asked.strip()}\n\n{given.strip()}" if given and given.strip() else asked.strip()
    before = [{"role": "system", "content": field("system").strip()}] if isinstance(field("system"), str) and field("system").strip() else []
    return [*before, {"role": "user", "content": user}, {"role": "assistant", "content": said.strip()}]


def _turns(turns: Any, system: Any, where: str) -> Messages:
    if not isinstance(turns, list):
        raise DataError(f"{where}: the turns are no list; mend or remove the line")
    made: Messages = [{"role": "system", "content": system.strip()}] if isinstance(system, str) and system.strip() else []
    for each in turns:
        role = _ROLES.get(str(each.get("from", each.get("role", ""))).lower()) if isinstance(each, dict) else None
        said = each.get("value", each.get("content")) if isinstance(each, dict) else None
        if role is None or not isinstance(said, str):
            raise DataError(
                f"{where}: a turn without a known `from` or `role` ({', '.join(_ROLES)}) or without `value` or `content`; mend or remove the line"
            )
        if role == "assistant" and not any(m["role"] == "user" for m in made):
            continue  # some sets begin with a greeting
        made.append({"role": role, "content": said.strip()})
    while made and made[-1]["role"] != "assistant":
        made.pop()
    roles = [m["role"] for m in made if m["role"] != "system"]
    if not roles or roles != ["user", "assistant"] * (len(roles) // 2) or any(not m["content"] for m in made):
        raise DataError(f"{where}: user and assistant don't take turns, or one says nothing; mend or remove the line")
    return made


def text_of_row(row: Mapping[str, Any]) -> str:
    """What the messages say, but for the system's."""
    return "\n".join(m["content"] for m in row["messages"] if m["role"] != "system")
