"""The sentences of a document that a summary may be made of, each with its place, and why the others may not."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from assistant.summaries.wording import CAPTION, DANGLING, FIGURE, FORMULA, LINKED, SIGN, TABLE, matches
from assistant.tasks.parts import language_of_document
from index.terms import terms
from ingest.document import PatentDocument
from ingest.language import detect_language
from ingest.sentences import sentence_spans

_CLOSED = ".。!！?？;；”’\"')）]】»…"
_WORD = re.compile(r"\S+")
_SHORTEST = {"en": 6, "zh": 10}
_LETTERS = re.compile(r"[^\W\d_]")


Text = tuple[str, str, bool]
"""An anchor, the text there, and whether it is an independent claim."""


@dataclass(frozen=True)
class Candidate:
    """A sentence, or the beginning of a long one (`cut`), from `start` on in the text at `anchor`. `section` counts the
    sections that were read from 0; `order` is its place among the sentences of its section."""

    anchor: str
    text: str
    start: int
    section: int
    kind: str
    heading: str
    order: int
    size: int
    terms: tuple[str, ...]
    cut: bool = False
    linked: bool = False
    figure: bool = False
    signs: bool = False
    independent: bool = False


@dataclass
class SectionRead:
    """A section as it was read: its units (paragraphs, claims) and sentences, and why sentences were left out."""

    kind: str
    heading: str
    unread: bool = False
    anchors: list[str] = field(default_factory=list)
    sentences: int = 0
    considered: int = 0
    left_out: Counter[str] = field(default_factory=Counter)


def language_of(document: PatentDocument) -> str:
    """The language that the text is in; where the document does not say, by its characters."""
    if document.language:
        return document.language
    text = " ".join(c.text for c in document.claims[:3]) or next((p.text for s in document.sections for p in s.paragraphs), "") or document.title
    return detect_language(text) or language_of_document(document)


def size(text: str, language: str) -> int:
    """Words, and characters of Chinese and Japanese."""
    return len("".join(text.split())) if language in ("zh", "ja") else len(text.split())


def candidates(document: PatentDocument, language: str, longest: int) -> tuple[list[Candidate], list[SectionRead]]:
    """The candidates, and every section that has text: the abstract, the description and the claims, in this order.

    The abstract is a summary already: it gives candidates only where there is nothing else. Where no sentence can be read alone, all may
    be chosen. A sentence of over `longest` words (characters) is cut where a clause ends. In another language than the document's, its abstract
    and claims in that language are read, and nothing else.
    """
    sections = sections_of(document, language)
    alone = all(here.kind == "abstract" for here, _ in sections if not here.unread)
    found: list[Candidate] = []
    for strict in (True, False):
        before: set[str] = set()
        for place, (here, texts) in enumerate(sections):
            here.sentences = here.considered = 0
            here.left_out.clear()
            out = "unread" if here.unread else "abstract" if here.kind == "abstract" and not alone else ""
            _read(here, texts, place, language, longest, found, out, strict, before)
        if found:
            break
    return found, [here for here, _ in sections]


def sections_of(document: PatentDocument, language: str = "") -> list[tuple[SectionRead, list[Text]]]:
    """Every section that has text: the abstract, the description and the claims, in this order; in another language than the document's, its
    abstract and claims in that language, and the description as unread."""
    number, own = document.number, not language or language == language_of(document)
    suffix = "" if own else f"-{language}"
    abstract = document.abstract if own else document.abstracts.get(language, "")
    claims = document.claims if own else document.translated_claims.get(language, ())
    every = [(SectionRead("abstract", ""), [(f"{number}#abs{suffix}", abstract, False)])]
    for section in document.sections:
        texts = [(f"{number}#{section.part(p.number)}", p.text, False) for p in section.paragraphs]
        every.append((SectionRead(section.kind, section.heading, unread=not own), texts))
    every.append((SectionRead("claims", ""), [(f"{number}#c{claim.number}{suffix}", claim.text, claim.independent) for claim in claims]))
    kept = [(here, [text for text in texts if text[1].strip()]) for here, texts in every]
    return [(here, texts) for here, texts in kept if texts]


def _read(
    here: SectionRead,
    texts: list[Text],
    section: int,
    language: str,
    longest: int,
    found: list[Candidate],
    out: str,
    strict: bool,
    before: set[str],
) -> None:
    """Add a section's candidates to `found` and count its sentences. `out` is a reason to leave all of them out, `before` what has been said."""
    spans = [(anchor, text, span, independent) for anchor, text, independent in texts for span in _spans(text, here.kind)]
    here.anchors = [anchor for anchor, _, _ in texts]
    here.sentences = len(spans)
    for order, (anchor, text, (start, end), independent) in enumerate(spans):
        sentence = text[start:end]
        folded = " ".join(sentence.split()).casefold()
        reason = out or (_reason(sentence, here.kind, language) if strict else "")
        if reason := reason or ("repeated" if here.kind != "claims" and folded in before else ""):
            here.left_out[reason] += 1
            continue
        before.add(folded)
        here.considered += 1
        last = clipped(text, start, end, language, longest)
        shown = text[start:last]
        found.append(
            Candidate(
                anchor=anchor,
                text=shown,
                start=start,
                section=section,
                kind=here.kind,
                heading=here.heading,
                order=order,
                size=size(shown, language),
                terms=tuple(terms(shown)),
                cut=last < end,
                linked=matches(LINKED, shown, language),
                figure=matches(FIGURE, shown, language),
                signs=matches(SIGN, shown, language),
                independent=independent,
            )
        )


def _spans(text: str, kind: str) -> Iterator[tuple[int, int]]:
    """A claim is one sentence; elsewhere what a semicolon or a colon leads on to is one sentence with it."""
    spans = sentence_spans(text)
    if kind == "claims":
        if spans:
            yield spans[0][0], spans[-1][1]
        return
    start = None
    for place, (begin, end) in enumerate(spans):
        start = begin if start is None else start
        if text[end - 1] not in ";；:：" or place + 1 == len(spans):
            yield start, end
            start = None


def _reason(sentence: str, kind: str, language: str) -> str:
    """Why a sentence is not considered, or ""."""
    if kind == "cross_reference":
        return "cross_reference"
    if kind == "claims":
        return ""
    if matches(CAPTION, sentence, language):
        return "drawings"
    letters = len(_LETTERS.findall(sentence))
    if size(sentence, language) < _SHORTEST.get(language, 4) or letters < 0.6 * len("".join(sentence.split())) or TABLE.search(sentence):
        return "fragment"
    if sentence[-1] not in _CLOSED:
        return "fragment"
    if matches(FORMULA, " ".join(sentence.split()).lower(), language):
        return "formula"
    if matches(DANGLING, sentence, language):
        return "dangling"
    return ""


def clipped(text: str, start: int, end: int, language: str, longest: int) -> int:
    """Where a sentence of over `longest` words (characters) is cut: after its last clause that fits, else after its last word."""
    if size(text[start:end], language) <= longest:
        return end
    if language in ("zh", "ja"):
        places = [match.end() for match in re.finditer(r"\S", text[start:end])]
    else:
        places = [match.end() for match in _WORD.finditer(text[start:end])]
    limit = start + places[longest - 1]
    clauses = [match.end() for match in re.finditer(r"[;；\n]|[，。](?!\d)|,(?=\s)", text[start:limit])]
    strong = [match.end() for match in re.finditer(r"[;；\n。]", text[start:limit])]
    for marks in (strong, clauses):
        if marks and marks[-1] >= 0.5 * (limit - start):
            return start + len(text[start : start + marks[-1]].rstrip())
    return limit
