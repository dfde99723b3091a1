"""Sentences of patent text, in English and Chinese, as spans that together cover the text."""

import re

_ABBREVIATION = re.compile(
    r"(?:\b(?:FIGS?|Figs?|figs?|Nos?|Pat|Appl|Ser|Pub|U\.S|e\.g|i\.e|et al|al|vs|cf|Eq|Eqs|Ex|approx|ca|Inc|Co|Ltd|Corp|Dr|Mr|Prof|"
    r"Ref|Refs|sp|spp|var|etc|resp|wt|vol|min|max|Vol|pp|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec|No|St)|\b[A-Z]|\d)\.$"
)
_END = re.compile(r"[。！？；](?:[”’」』）)])?|[.!?](?:[”’\"')\]])?(?=\s+[\"“‘(\[]?[A-Z0-9])|\n+|;(?=\s)")


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """(start, end) of each sentence, without the white space around it; lines and semicolons end one too,
    since the parts of a claim are separated by them."""
    spans: list[tuple[int, int]] = []
    start = 0
    for match in _END.finditer(text):
        end = match.end()
        mark = match.group()
        if mark[0] == "." and _ABBREVIATION.search(text[max(0, end - 12) : match.start() + 1]):
            continue
        _append(spans, text, start, end)
        start = end
    _append(spans, text, start, len(text))
    return spans


def _append(spans: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        spans.append((start, end))


def sentences(text: str) -> list[str]:
    """The sentences of a text, verbatim."""
    return [text[start:end] for start, end in sentence_spans(text)]
