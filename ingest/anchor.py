"""Anchors: where a passage stands, stable for ever, such as `US8926509B2#c7` or `#p0042-0045`.

| part | what it is |
|---|---|
| `c7`, `c7-de` | claim 7 in the document's language, or in another |
| `p0042` | the paragraph with the office's number 0042 |
| `p0042-0045` | the paragraphs 0042 to 0045, in the document's order |
| `abs`, `abs-de` | the abstract in the document's language, or in another |
| `title`, `title-de` | the title, likewise |
"""

import re

from ingest.document import PatentDocument
from ingest.errors import AnchorError

_PART = re.compile(
    r"c(?P<claim>\d+)(?:-(?P<translation>[A-Za-z-]+))?|p(?P<first>[0-9A-Za-z.]+)(?:-(?P<last>[0-9A-Za-z.]+))?"
    r"|(?P<text>abs|title)(?:-(?P<language>[A-Za-z-]+))?"
)


def paragraph_anchor(number: str, first: str, last: str) -> str:
    """The anchor of the paragraphs `first` to `last` of the document `number`."""
    return f"{number}#p{first}" if first == last else f"{number}#p{first}-{last}"


def split_anchor(anchor: str) -> tuple[str, str]:
    """`US1A#c7` to `("US1A", "c7")`; the part is "" where there is none."""
    number, _, part = anchor.partition("#")
    return number, part


def covers(anchor: str, other: str, document: PatentDocument) -> bool:
    """Whether the passage at `anchor` holds what stands at `other`, both of this document."""
    return bool(set(parts_at(document, other)) <= set(parts_at(document, anchor)))


def parts_at(document: PatentDocument, anchor: str) -> list[str]:
    """The single parts that an anchor names: `p0042-0044` to `p0042`, `p0043`, `p0044`.

    Raises AnchorError where the anchor is not well formed or the document has no such part.
    """
    number, part = split_anchor(anchor)
    match = _PART.fullmatch(part)
    if number != document.number or match is None:
        raise AnchorError(f"{anchor}: not an anchor of {document.number}; write it like {document.number}#c1 or #p0001")
    if match["claim"]:
        if document.claim(int(match["claim"]), match["translation"] or "") is None:
            claims = document.translated_claims.get(match["translation"], ()) if match["translation"] else document.claims
            raise AnchorError(f"{anchor}: {number} has {len(claims)} such claims, and none numbered {match['claim']}")
        return [part]
    if match["text"]:
        texts = document.titles if match["text"] == "title" else document.abstracts
        if (match["language"] not in texts) if match["language"] else not texts:
            raise AnchorError(f"{anchor}: {number} has no such text; it has {', '.join(sorted(texts)) or 'none'}")
        return [part]
    numbers = [p.number for s in document.sections for p in s.paragraphs]
    first, last = match["first"], match["last"] or match["first"]
    if first not in numbers or last not in numbers or numbers.index(last) < numbers.index(first):
        known = f"{numbers[0]} to {numbers[-1]}" if numbers else "none"
        raise AnchorError(f"{anchor}: {number} has no such paragraph; its paragraphs are {known}")
    return [f"p{n}" for n in numbers[numbers.index(first) : numbers.index(last) + 1]]


def text_at(document: PatentDocument, anchor: str) -> str:
    """The text that stands at an anchor, paragraphs separated by line breaks."""
    paragraphs = {f"p{p.number}": p.text for s in document.sections for p in s.paragraphs}
    texts = []
    for part in parts_at(document, anchor):
        if part in paragraphs:
            texts.append(paragraphs[part])
        elif part.startswith("c"):
            claim_number, _, language = part[1:].partition("-")
            claim = document.claim(int(claim_number), language)
            texts.append(claim.text if claim else "")
        else:
            name, _, language = part.partition("-")
            if language:
                texts.append((document.titles if name == "title" else document.abstracts)[language])
            else:
                texts.append(document.title if name == "title" else document.abstract)
    return "\n".join(texts)
