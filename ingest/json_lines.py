"""JSON lines: the project's own format (one `PatentDocument` a line), and the shape of the Pap2Pat applications.

A Pap2Pat line has `id`, `title`, `abstract`, `claims` (texts) and nested `sections` (`title`, `paragraphs`,
`subsections`). Its paragraphs carry no numbers: they are counted in reading order from 0001.
"""

import json
import re
from typing import Any

from pydantic import ValidationError

from ingest.build import SectionBuilder, parse_date
from ingest.document import Claim, Dates, PatentDocument, Source
from ingest.errors import ReadError, first_problem
from ingest.language import detect_language
from ingest.number import document_number
from ingest.xml_text import tidy

_PRINTED_NUMBER = re.compile(r"^\s*(\d{1,4})\s*[.)、．]\s*")


def read_json_line(data: bytes, source: Source) -> PatentDocument:
    """One line. Raises ReadError naming the field where it is not a patent document."""
    try:
        value = json.loads(data.decode("utf-8-sig"))
        if b"\\ud" in data.lower():  # half of a surrogate pair is no character
            text = json.dumps(value, ensure_ascii=False)
            value = json.loads(text.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))
    except (ValueError, RecursionError) as error:
        raise ReadError(f"not JSON: {error}") from error
    if not isinstance(value, dict):
        raise ReadError(f"a JSON {type(value).__name__} and not an object with a `number`")
    try:
        if "number" in value:
            return _own(value, source)
        if "id" in value and ("claims" in value or "sections" in value):
            return _pap2pat(value, source)
    except ValidationError as error:
        raise ReadError(first_problem(error)) from error
    except (TypeError, AttributeError) as error:
        raise ReadError(f"a field of another type than docs/formats.md says: {error}") from error
    raise ReadError("a JSON object without `number`; the format is described in docs/formats.md")


def _own(value: dict[str, Any], source: Source) -> PatentDocument:
    value = dict(value)
    value["source"] = source  # where it was read from now
    if not value.get("language"):
        texts = [*_values(value.get("titles")), *_values(value.get("abstracts"))]
        claims = value.get("claims")
        texts += [c.get("text", "") for c in (claims if isinstance(claims, list) else []) if isinstance(c, dict)][:1]
        value["language"] = detect_language(" ".join(str(t) for t in texts))
    return PatentDocument.model_validate(value)


def _values(texts: Any) -> list[Any]:
    return list(texts.values()) if isinstance(texts, dict) else []


def _list(value: dict[str, Any], name: str) -> list[Any]:
    found = value.get(name) or []
    if not isinstance(found, list):
        raise ReadError(f"{name}: a {type(found).__name__} and not a list")
    return found


def _pap2pat(value: dict[str, Any], source: Source) -> PatentDocument:
    identity = value["id"]
    if not isinstance(identity, str):
        raise ReadError(f"id: a {type(identity).__name__} and not a text")
    builder = SectionBuilder()
    count = 0

    def add(section: Any) -> None:
        nonlocal count
        if not isinstance(section, dict):
            raise ReadError("sections: a section that is not an object")
        builder.heading(str(section.get("title") or ""))
        for paragraph in _list(section, "paragraphs"):
            count += 1
            builder.paragraph(f"{count:04d}", tidy(str(paragraph)))
        for nested in _list(section, "subsections"):
            add(nested)

    try:
        for section in _list(value, "sections"):
            add(section)
    except ReadError as error:
        raise error if str(error).startswith("sections") else ReadError(f"sections: {error}") from error
    claims: dict[int, Claim] = {}
    for position, text in enumerate(_list(value, "claims"), start=1):
        if not isinstance(text, str):
            raise ReadError(f"claims.{position - 1}: a {type(text).__name__} and not a text")
        text = tidy(text)
        match = _PRINTED_NUMBER.match(text)
        number = int(match.group(1)) if match else position
        if number < 1 or number in claims:
            number = max([*claims, position - 1]) + 1
        body = text[match.end() :] if match else text
        if body:
            claims[number] = Claim(number=number, text=body)
    title, abstract = tidy(str(value.get("title") or "")), tidy(str(value.get("abstract") or ""))
    language = detect_language(f"{title} {abstract}") or "en"
    return PatentDocument(
        number=document_number(identity[:2], identity[2:]),
        language=language,
        dates=Dates(filing=parse_date(str(value.get("date") or ""))),
        titles={language: title} if title else {},
        abstracts={language: abstract} if abstract else {},
        claims=tuple(claims.values()),
        sections=builder.build(),
        source=source,
    )
