"""Anchors: where a passage stands, stable for ever, such as `US8926509B2#c7` or `#p0042-0045`.

| part | what it is |
|---|---|
| `c7`, `c7-de` | claim 7 in the document's language, or in another |
| `p0042` | the paragraph with the office's number 0042 |
| `p0042-0045` | the paragraphs 0042 to 0045, in the document's order |
| `abs`, `abs-de` | the abstract in the document's language, or in another |
| `title`, `title-de` | the title, likewise |
| `art26` | article, section or rule 26 of a law |
| `art26.4`, `art25.1.3` | paragraph 4 of article 26 (第二十六条第四款); item 3 of paragraph 1 of article 25 (第二十五条第一款第（三）项) |
"""

import re

from ingest.document import PatentDocument
from ingest.errors import AnchorError
from ingest.laws.provision import place_of, text_of

_PART = re.compile(
    r"c(?P<claim>\d+)(?:-(?P<translation>[A-Za-z-]+))?|p(?P<first>[0-9A-Za-z.]+)(?:-(?P<last>[0-9A-Za-z.]+))?"
    r"|art(?P<article>[0-9A-Za-z.]+)|(?P<text>abs|title)(?:-(?P<language>[A-Za-z-]+))?"
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
    inner, outer = parts_at(document, other), parts_at(document, anchor)
    return set(inner) <= set(outer) or (inner[0].startswith("art") and any(inner[0].startswith(f"{part}.") for part in outer))


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
    if match["article"]:
        article_at(document, anchor)
        return [part]
    numbers = [p.number for s in document.sections if s.kind != "law" for p in s.paragraphs]
    first, last = match["first"], match["last"] or match["first"]
    if first not in numbers or last not in numbers or numbers.index(last) < numbers.index(first):
        known = f"{numbers[0]} to {numbers[-1]}" if numbers else "none"
        raise AnchorError(f"{anchor}: {number} has no such paragraph; its paragraphs are {known}")
    return [f"p{n}" for n in numbers[numbers.index(first) : numbers.index(last) + 1]]


def article_at(document: PatentDocument, anchor: str) -> tuple[str, str]:
    """The number of the article that an anchor stands in, and the text at the anchor: of the article, or of one part of it.

    Raises AnchorError where the document has no such article, or the article no such part.
    """
    number, part = split_anchor(anchor)
    articles = {p.number: p.text for s in document.sections if s.kind == "law" for p in s.paragraphs}
    named, *place = part.removeprefix("art").split(".")
    while named not in articles and place:  # 1.75 may be rule 1.75, or paragraph 75 of rule 1
        named = f"{named}.{place.pop(0)}"
    if named not in articles:
        known = f"{next(iter(articles))} to {next(reversed(articles))}" if articles else "none"
        raise AnchorError(f"{anchor}: {number} has no such article; its articles are {known}")
    text = text_of(articles[named], tuple(place)) if place else articles[named]
    if text is None:
        raise AnchorError(f"{anchor}: article {named} of {number} has no such part; look at it with: patent show {number}#art{named}")
    return named, text


def within_article(document: PatentDocument, anchor: str, quote: str) -> str:
    """The anchor of the narrowest part of an article that holds a quotation: `art26` to `art26.4`; else the anchor as it is."""
    named, text = article_at(document, anchor)
    if split_anchor(anchor)[1] != f"art{named}":
        return anchor
    return ".".join((anchor, *place_of(text, quote)))


def text_at(document: PatentDocument, anchor: str) -> str:
    """The text that stands at an anchor, paragraphs separated by line breaks."""
    paragraphs = {s.part(p.number): p.text for s in document.sections for p in s.paragraphs}
    texts = []
    for part in parts_at(document, anchor):
        if part in paragraphs:
            texts.append(paragraphs[part])
        elif part.startswith("art"):
            texts.append(article_at(document, f"{document.number}#{part}")[1])
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
