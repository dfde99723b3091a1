"""Pointing at texts: sentences by their numbers, words by being copied; the assistant fills in the quotations."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from pydantic import Field

from assistant.errors import AssistantError
from assistant.tasks.grounded_answer import WITHHELD, Source
from assistant.tasks.orders import orders
from assistant.tasks.task import Output, as_data, one_line
from ingest.document import Citation, PatentDocument
from ingest.sentences import sentence_spans, sentences


class Checked(Output):
    """An output that keeps what was wrong with the reply it was read from."""

    wrong: tuple[str, ...] = Field(default=(), exclude=True, repr=False)


def show_numbered(mark: str, sources: Iterable[Source]) -> str:
    """The numbered sentences between marks, the anchor and the title of each source before them."""
    lines, count = [f"<{mark}>"], 0
    for source in sources:
        title = WITHHELD if orders(source.title) else source.title
        lines.append(one_line(as_data(f"# {source.anchor} {title}")))
        for sentence in sentences(source.text):
            count += 1
            lines.append(f"[{count}] {WITHHELD if orders(sentence) else one_line(as_data(sentence))}")
    return "\n".join([*lines, f"</{mark}>"])


def pointed(numbers: Sequence[int], citations: Sequence[Citation]) -> tuple[tuple[Citation, ...], list[int]]:
    """The citations that numbers stand for, and the numbers that stand for none."""
    asked = list(dict.fromkeys(numbers))
    known = [n for n in asked if 1 <= n <= len(citations) and citations[n - 1].quote]
    return tuple(citations[n - 1] for n in known), [n for n in asked if n not in known]


def text_of(document: PatentDocument) -> tuple[str, dict[str, int]]:
    """Title, abstract and first independent claim of a document, and where in that text each anchor begins."""
    claim = next((c for c in document.claims if c.independent), None)
    parts = [("title", document.title), ("abs", document.abstract), (f"c{claim.number}" if claim else "", claim.text if claim else "")]
    text, starts = "", {}
    for part, piece in parts:
        if piece.strip():
            text += "\n" if text else ""
            starts[f"{document.number}#{part}"] = len(text)
            text += piece
    return text, starts


def title_and_abstract(document: PatentDocument) -> str:
    """Or the first claim in the place of the abstract. Raises AssistantError where there is none of them."""
    body = document.abstract or next((c.text for c in document.claims if c.independent), "")
    text = "\n".join(t for t in (document.title, body) if t.strip())
    if not text:
        raise AssistantError(f"{document.number}: the document has no title, abstract or claims to compare it by")
    return text


def place_of(words: str, text: str, starts: Mapping[str, int]) -> Citation | None:
    """Where copied words stand in a text; white space and case may differ. None where they do not stand in it.

    The anchor is the one that begins last before them, or "" for a text without anchors.
    """
    pieces = words.split()
    match = re.search(r"\s+".join(map(re.escape, pieces)), text, re.IGNORECASE) if pieces else None
    if match is None:
        return None
    before = [anchor for anchor, start in starts.items() if start <= match.start()]
    return Citation(anchor=max(before, key=lambda a: starts[a], default=""), quote=match.group())


def cut_to_fit(text: str, fits: Callable[[str], bool]) -> tuple[str, str] | None:
    """The longest run of whole sentences from the beginning of a text that fits, and the beginning of what is left out; None where not
    even the first one does."""
    ends = [end for _, end in sentence_spans(text)]
    low, high = 0, len(ends)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(text[: ends[middle - 1]]) else (low, middle - 1)
    if not low:
        return None
    return text[: ends[low - 1]], one_line(text[ends[low - 1] :])[:60]


def sources_that_fit(sources: Sequence[Source], fits: Callable[[tuple[Source, ...]], bool]) -> tuple[tuple[Source, ...], list[str]] | None:
    """As many of the sources as fit, the first ones, and the anchors of the others; None where not even one does."""
    kept = tuple(sources)
    while kept and not fits(kept):
        kept = kept[:-1]
    return (kept, [s.anchor for s in sources[len(kept) :]]) if kept else None
