"""Passages: the retrievable pieces of a document, cut along its claims and paragraphs, sized in tokens.

A claim is a passage of its own; so are the abstract and each article of a law. Neighbouring paragraphs under one heading are joined up to the
encoder's window; a paragraph or claim that is longer than the window is cut at the ends of sentences, and its parts
share the anchor.
"""

from collections.abc import Callable, Iterator, Sequence

from ingest.anchor import paragraph_anchor
from ingest.document import Frozen, Paragraph, PatentDocument, Section
from ingest.sentences import sentence_spans

CountTokens = Callable[[Sequence[str]], Sequence[int]]
"""The number of tokens of each of some texts, without special tokens."""

CONTEXT_TOKENS = 40
"""Room left in the window for what is embedded with a passage and not cited: the title and the heading."""


class Passage(Frozen):
    """One retrievable piece of a document.

    `section` is `abstract`, `claims`, `title` or the kind of the section; `tokens` are those of `text`;
    `heading` is the section's, for context.
    """

    anchor: str
    text: str
    section: str
    language: str
    tokens: int
    heading: str = ""

    @property
    def number(self) -> str:
        """The document's number."""
        return self.anchor.partition("#")[0]


def cut(document: PatentDocument, count_tokens: CountTokens, window: int) -> list[Passage]:
    """The passages of a document in reading order: abstract, claims, description.

    `window` is the encoder's, in tokens; each passage leaves `CONTEXT_TOKENS` of it free.
    """
    room = max(32, window - CONTEXT_TOKENS)
    number, language = document.number, document.language
    pieces: list[tuple[str, str, str, str, str]] = []  # anchor, section, language, heading, text
    for each, text in document.abstracts.items():
        part = "abs" if each == language or len(document.abstracts) == 1 else f"abs-{each}"
        pieces.append((f"{number}#{part}", "abstract", each or language, "", text))
    for claim in document.claims:
        pieces.append((f"{number}#c{claim.number}", "claims", language, "", claim.text))
    for each, claims in document.translated_claims.items():
        spoken = each.partition("-x-")[0]  # `en-x-b` is another set of claims in English
        pieces.extend((f"{number}#c{claim.number}-{each}", "claims", spoken, "", claim.text) for claim in claims)
    described = [(section, p) for section in document.sections for p in section.paragraphs]
    if not any(p[4].strip() for p in pieces) and not any(p.text.strip() for _, p in described):
        for each, text in document.titles.items():
            part = "title" if each == language or len(document.titles) == 1 else f"title-{each}"
            pieces.append((f"{number}#{part}", "title", each or language, "", text))
    pieces = [p for p in pieces if p[4].strip()]
    counts = count_tokens([p[4] for p in pieces] + [p.text for _, p in described])
    passages: list[Passage] = []
    for (anchor, section_kind, each, heading, text), tokens in zip(pieces, counts, strict=False):
        for part, size in _fit(text, tokens, room, count_tokens):
            passages.append(Passage(anchor=anchor, text=part, section=section_kind, language=each, tokens=size, heading=heading))
    sizes = iter(counts[len(pieces) :])
    for section in document.sections:
        sized = [(p, next(sizes)) for p in section.paragraphs]
        passages.extend(_description(number, language, section, sized, room, count_tokens))
    return passages


def _description(
    number: str, language: str, section: Section, paragraphs: Sequence[tuple[Paragraph, int]], room: int, count_tokens: CountTokens
) -> Iterator[Passage]:
    """Paragraphs of one section, joined while they fit."""

    def passage(first: str, last: str, text: str, tokens: int) -> Passage:
        return Passage(
            anchor=f"{number}#{section.part(first)}" if section.kind == "law" else paragraph_anchor(number, first, last),
            text=text,
            section=section.kind,
            language=language,
            tokens=tokens,
            heading=section.heading,
        )

    group: list[tuple[Paragraph, int]] = []
    for paragraph, tokens in paragraphs:
        if not paragraph.text.strip():
            continue
        total = sum(size for _, size in group) + tokens
        if group and (total > room or section.kind == "law" or (section.kind == "scheme" and not section.heading)):
            yield passage(group[0][0].number, group[-1][0].number, "\n".join(p.text for p, _ in group), total - tokens)
            group = []
        if tokens > room:
            for part, size in _fit(paragraph.text, tokens, room, count_tokens):
                yield passage(paragraph.number, paragraph.number, part, size)
        else:
            group.append((paragraph, tokens))
    if group:
        total = sum(size for _, size in group)
        yield passage(group[0][0].number, group[-1][0].number, "\n".join(p.text for p, _ in group), total)


def _fit(text: str, tokens: int, room: int, count_tokens: CountTokens) -> list[tuple[str, int]]:
    """The text whole where it fits; else runs of its sentences of about equal size; a sentence that alone is
    too long is cut at blanks, or between characters where it has none."""
    if tokens <= room:
        return [(text, tokens)]
    spans = sentence_spans(text)
    counts = list(count_tokens([text[a:b] for a, b in spans]))
    units: list[tuple[int, int, int]] = []
    for (start, end), count in zip(spans, counts, strict=True):
        units.extend(_halve(text, start, end, count, room, count_tokens) if count > room else [(start, end, count)])
    target = sum(u[2] for u in units) / -(-sum(u[2] for u in units) // room)  # even parts, not a full one and a crumb
    parts: list[tuple[str, int]] = []
    first, size = 0, 0
    for i, (_, _, count) in enumerate(units):
        if size and (size + count > room or size + count / 2 > target):
            parts.append((text[units[first][0] : units[i - 1][1]], size))
            first, size = i, 0
        size += count
    parts.append((text[units[first][0] : units[-1][1]], size))
    return parts


def _halve(text: str, start: int, end: int, count: int, room: int, count_tokens: CountTokens) -> list[tuple[int, int, int]]:
    if count <= room or end - start < 2:
        return [(start, end, count)]
    middle = (start + end) // 2
    blank = max(text.rfind(mark, start + (end - start) // 4, middle) for mark in (" ", "，", "、", ","))
    cut_at = blank + 1 if blank > start else middle
    left, right = count_tokens([text[start:cut_at], text[cut_at:end]])
    return [
        *_halve(text, start, cut_at, left, room, count_tokens),
        *_halve(text, cut_at, end, right, room, count_tokens),
    ]
