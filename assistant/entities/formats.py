r"""The forms in which language models name entities: `type_entity&type_entity` (as in the llama-chinese tutorial), and JSON.

In the first, an item is parted at its first `_`, so that an entity may have `_` in it. A `&` in an entity, and `_` or `&` in a type, are
written `\&` and `\_`, and a backslash is doubled; a backslash before any other character is read as itself. So what is written is read back
as it was, and answers without backslashes mean what they do in the tutorial. White space around an item does not count, so a type or an
entity that is empty, or begins or ends with white space, is refused in writing.

Reading never fails: what is no entity is handed back beside the entities.
"""

import json
import re
from collections.abc import Iterable
from typing import NamedTuple

from assistant.entities.entity import Pair
from assistant.entities.errors import EntityFormatError

_ITEM = re.compile(r"(?:\\.|[^&\\]|\\$)+", re.DOTALL)
_PARTED = re.compile(r"((?:\\.|[^_\\])+)_(.+)", re.DOTALL)
_ESCAPED = re.compile(r"\\([\\&_])")


class Reading(NamedTuple):
    """The entities of an answer in its order, and the pieces of it that are none."""

    pairs: list[Pair]
    unreadable: list[str]


def write_items(pairs: Iterable[Pair]) -> str:
    """`type_entity&type_entity`; of no pairs, nothing. Raises EntityFormatError for what would not be read back as it is."""
    items = []
    for kind, text in pairs:
        _check(kind, text)
        items.append(re.sub(r"[\\&_]", r"\\\g<0>", kind) + "_" + re.sub(r"[\\&]", r"\\\g<0>", text))
    return "&".join(items)


def read_items(answer: str) -> Reading:
    """The entities of `type_entity&type_entity`."""
    pairs, unreadable = [], []
    for item in _ITEM.findall(answer):
        parted = _PARTED.fullmatch(item)
        kind, text = (_ESCAPED.sub(r"\1", part).strip() for part in parted.groups()) if parted else ("", "")
        if kind and text:
            pairs.append(Pair(kind, text))
        elif item.strip():
            unreadable.append(item.strip())
    return Reading(pairs, unreadable)


def write_json(pairs: Iterable[Pair]) -> str:
    """`[{"type": …, "text": …}]` in one line. Raises EntityFormatError for what would not be read back as it is."""
    pairs = list(pairs)
    for kind, text in pairs:
        _check(kind, text)
    return json.dumps([{"type": kind, "text": text} for kind, text in pairs], ensure_ascii=False)


def read_json(answer: str) -> Reading:
    """The objects with a type and a text in an answer, whatever stands around and between them (prose, a fence, an unfinished list)."""
    pairs, unreadable = [], []
    decoder = json.JSONDecoder()
    at = answer.find("{")
    if at < 0 and re.search(r"[^\[\]\s`]", re.sub(r"```\w*", "", answer)):
        unreadable.append(answer.strip())
    while at >= 0:
        try:
            found, end = decoder.raw_decode(answer, at)
        except (json.JSONDecodeError, RecursionError):
            next_one = answer.find("{", at + 1)
            unreadable.append(answer[at : next_one if next_one >= 0 else len(answer)].strip())
            at = next_one
            continue
        kind, text = found.get("type"), found.get("text")
        if isinstance(kind, str) and isinstance(text, str) and kind.strip() and text.strip():
            pairs.append(Pair(kind.strip(), text.strip()))
        else:
            unreadable.append(answer[at:end])
        at = answer.find("{", end)
    return Reading(pairs, unreadable)


def _check(kind: str, text: str) -> None:
    for name, value in (("type", kind), ("entity", text)):
        if not value.strip() or value != value.strip():
            problem = "begins or ends with white space" if value.strip() else "is empty"
            raise EntityFormatError(f"the {name} of ({kind!r}, {text!r}) {problem}: it would not be read back as it is; strip it or leave it out")
