"""Reading the JSON that a language model replies."""

import re
from typing import Any

from pydantic import BaseModel, ValidationError

from assistant.errors import ReplyError


def object_in(text: str, partial: bool = False) -> dict[str, Any]:
    """The JSON object in a reply, without the thoughts before it and the fence around it. Raises ReplyError; with `partial`, one that
    is not closed yet is read as far as it goes."""
    from langchain_core.utils.json import parse_partial_json

    said = re.sub(r"<think>.*", "", text.rpartition("</think>")[2], flags=re.DOTALL)
    start, end = said.find("{"), said.rfind("}")
    if start < 0 or (end < start and not partial):
        raise ReplyError("the reply holds no JSON object")
    try:
        found = parse_partial_json(said[start:] if partial else said[start : end + 1], strict=False)
    except ValueError as error:
        raise ReplyError(f"the reply is not valid JSON ({error})") from error
    if not isinstance(found, dict):
        raise ReplyError("the reply holds no JSON object")
    return found


def read_as(model: type[BaseModel], text: str) -> Any:
    """The reply as an instance of `model`. Raises ReplyError that says what is wrong with it."""
    try:
        return model.model_validate(object_in(text))
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(str(p) for p in e['loc'])}: {e['msg']}" for e in error.errors()[:5])
        raise ReplyError(f"the reply does not follow its schema: {wrong}") from error
