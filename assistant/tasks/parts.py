"""The parts of a document that a task is given: abstract, claims and paragraphs, each with its anchor, and what of them is left out first."""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from pydantic import BaseModel, ConfigDict

from assistant.tasks.task import Given, Language, as_data, language_of, one_line
from ingest.document import Claim, PatentDocument
from ingest.section_kind import kind_of_heading

G = TypeVar("G", bound=Given)
IMPORTANCE = ("abstract", "claims", "summary", "field", "background", "description", "drawings", "cross_reference")
"""The kinds of parts, the last left out first."""
_RUN = re.compile(r"(.*#p?|p?)(\d+)")
_CHINESE_NUMBER = re.compile(r"^\s*[\[【]\d{4}[\]】]\s*")


class Part(BaseModel):
    """`id` is the anchor, or the number of the paragraph in a bare text; `kind` one of `IMPORTANCE`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    text: str
    kind: str = "description"
    heading: str = ""


def language_of_document(document: PatentDocument) -> Language:
    if document.language in ("en", "zh"):
        return "zh" if document.language == "zh" else "en"
    return language_of(document.abstract or " ".join(c.text for c in document.claims[:3]) or document.title)


def abstract_part(document: PatentDocument) -> list[Part]:
    return [Part(id=f"{document.number}#abs", text=document.abstract, kind="abstract")] if document.abstract else []


def claim_part(document: PatentDocument, claim: Claim) -> Part:
    return Part(id=f"{document.number}#c{claim.number}", text=claim.text, kind="claims")


def paragraph_parts(document: PatentDocument) -> list[Part]:
    return [
        Part(id=f"{document.number}#p{paragraph.number}", text=paragraph.text, kind=section.kind, heading=section.heading)
        for section in document.sections
        for paragraph in section.paragraphs
    ]


def parts_of_text(text: object) -> object:
    """A bare text as parts, one a line, numbered from 1; a line that is a heading is that of the lines after it. Anything else as it is."""
    if not isinstance(text, str):
        return text
    parts: list[Part] = []
    kind, heading = "description", ""
    for line in filter(None, map(str.strip, text.splitlines())):
        if len(line) < 60 and line[-1] not in ".。;；" and (named := kind_of_heading(line)):
            kind, heading = named, line
        else:
            parts.append(Part(id=str(len(parts) + 1), text=_CHINESE_NUMBER.sub("", line), kind=kind, heading=heading))
    return tuple(parts)


def shown(parts: Iterable[Part]) -> str:
    """A line for each part."""
    return "\n".join(as_data(one_line(part.text)) for part in parts)


def most_that_fit(parts: Sequence[Part], fits: Callable[[tuple[Part, ...]], bool]) -> tuple[tuple[Part, ...], list[str]] | None:
    """As many whole parts as fit, in their order, the more important kinds first, and the runs of those left out; None where not even one fits."""
    rank = {kind: i for i, kind in enumerate(IMPORTANCE)}
    order = sorted(range(len(parts)), key=lambda i: (rank.get(parts[i].kind, len(rank)), i))

    def first(count: int) -> tuple[Part, ...]:
        return tuple(parts[i] for i in sorted(order[:count]))

    low, high = 0, len(parts)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(first(middle)) else (low, middle - 1)
    if not low:
        return None
    kept = set(order[:low])
    return first(low), runs([part.id for i, part in enumerate(parts) if i not in kept], [part.id for part in parts])


def runs(left_out: Sequence[str], every: Sequence[str]) -> list[str]:
    """Ids that follow each other as one: `US1A#p0003` to `US1A#p0007` as `US1A#p0003-0007`."""
    place = {each: i for i, each in enumerate(every)}
    found: list[list[str]] = []
    for each in left_out:
        paragraph = _RUN.fullmatch(each)
        last = _RUN.fullmatch(found[-1][-1]) if found else None
        if paragraph and last and paragraph[1] == last[1] and place[each] == place[found[-1][-1]] + 1:
            found[-1].append(each)
        else:
            found.append([each])
    return [run[0] if len(run) == 1 else f"{run[0]}-{_RUN.sub(lambda m: m[2], run[-1])}" for run in found]
