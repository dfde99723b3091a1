"""Pairs of texts that belong together, from documents: what the encoder and the reranker learn from.

Each function gives the pairs of one document, or of documents that are known to belong together. A pair knows its kind, since a batch holds pairs
of one kind alone (an abstract among titles is told apart by its length), and the family of its document, so that what is held back
is held back whole. `Excluded` keeps away what is measured on.
"""

import hashlib
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ingest import PatentDocument
from ingest.language import CJK

_CHINESE = re.compile(f"[{CJK}]")
_WORDS = re.compile(f"[{CJK}]|[a-z0-9]+")
_SENTENCE = re.compile(r"(?<=[。；;!?])|(?<=\.)\s+(?=[A-Z])")
RUN_ENGLISH, RUN_CHINESE = 8, 12
"""Words and characters of a run that two texts must share to be taken for copies."""
SHARED = 0.2
"""The share of a text's runs from which on it is a copy."""
LEAST = 24
"""Characters of a sentence that is worth asking for its paragraph."""


@dataclass(frozen=True)
class Pair:
    """`negatives` are texts that look like the positive and don't belong to the anchor."""

    kind: str
    anchor: str
    positive: str
    family: str
    negatives: tuple[str, ...] = ()


@dataclass(frozen=True)
class Placed:
    """A document, the texts of the wide and the narrow place of a classification that it stands at, and of one of each that it doesn't stand at."""

    document: str
    wide: str
    not_wide: str
    narrow: str
    not_narrow: str
    family: str


@dataclass
class Excluded:
    """What may not be learned from: documents by number, and texts that share runs of words with the given ones."""

    numbers: Collection[str] = ()
    texts: Iterable[str] = ()
    _runs: set[int] = field(init=False, default_factory=set)

    def __post_init__(self) -> None:
        for text in self.texts:
            self._runs.update(_runs(text))

    def document(self, document: PatentDocument) -> bool:
        """Whether the document is one of them, or a copy: its abstract and first claim are looked at."""
        if document.number in self.numbers:
            return True
        return any(self.text(t) for t in (*document.abstracts.values(), *(c.text for c in document.claims[:1])))

    def text(self, text: str) -> bool:
        found = _runs(text)
        return bool(found) and len(found & self._runs) >= SHARED * len(found)


def _runs(text: str) -> set[int]:
    words = _WORDS.findall(text.lower())
    length = RUN_CHINESE if len(_CHINESE.findall(text)) > len(words) / 2 else RUN_ENGLISH
    return {hash_of(" ".join(words[i : i + length])) for i in range(len(words) - length + 1)}


def hash_of(text: str) -> int:
    """The same in every process."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest())


def sampled(pairs: Sequence[Pair], most: int, seed: int) -> list[Pair]:
    """So many of them at most, the same ones for a seed, whatever the order they come in."""
    return sorted(pairs, key=lambda p: hash_of(f"{seed} {p.anchor} {p.positive}"))[:most]


# -- of one document


def title_abstract(document: PatentDocument) -> Iterator[Pair]:
    for language, abstract in document.abstracts.items():
        if (title := document.titles.get(language)) and abstract:
            yield Pair(f"title-abstract {language}", title, abstract, document.number)


def title_claims(document: PatentDocument, most: int = 3) -> Iterator[Pair]:
    """The title and the independent claims."""
    title = document.titles.get(document.language, "")
    for claim in [c for c in document.claims if not c.depends_on][:most]:
        if title and claim.text:
            yield Pair(f"title-claims {document.language}", title, claim.text, document.number)


def abstract_claims(document: PatentDocument) -> Iterator[Pair]:
    if document.claims and (abstract := document.abstracts.get(document.language)):
        yield Pair(f"abstract-claims {document.language}", abstract, document.claims[0].text, document.number)


def claim_paragraphs(document: PatentDocument, supporting: Callable[[PatentDocument], Sequence[str]], most: int = 4) -> Iterator[Pair]:
    """Claim 1 and the paragraphs of its own description that support it; `supporting` gives the anchors of these, the best first."""
    paragraphs = {f"{document.number}#p{p.number}": p.text for s in document.sections for p in s.paragraphs}
    for anchor in list(supporting(document))[:most]:
        if text := paragraphs.get(anchor):
            yield Pair(f"claim-paragraph {document.language}", document.claims[0].text, text, document.number)


def sentence_paragraphs(document: PatentDocument, most: int = 6, seed: int = 0) -> Iterator[Pair]:
    """A sentence of a paragraph and the paragraph without it (the inverse cloze task: Lee, Chang and Toutanova, ACL 2019)."""
    paragraphs = [p.text for s in document.sections for p in s.paragraphs if len(p.text) > 4 * LEAST]
    for text in sorted(paragraphs, key=lambda t: hash_of(f"{seed} {t}"))[:most]:
        yield from _cloze(text, document, seed)


def sentence_abstract(document: PatentDocument, seed: int = 0) -> Iterator[Pair]:
    """A sentence of the abstract and the abstract without it."""
    for text in document.abstracts.values():
        yield from _cloze(text, document, seed)


def _cloze(text: str, document: PatentDocument, seed: int) -> Iterator[Pair]:
    sentences = [s.strip() for s in _SENTENCE.split(text) if s.strip()]
    some = [i for i, s in enumerate(sentences) if len(s) >= (LEAST // 2 if _CHINESE.search(s) else LEAST)]
    if len(sentences) > 1 and some:
        chosen = some[hash_of(f"{seed} {text}") % len(some)]
        rest = " ".join(s for i, s in enumerate(sentences) if i != chosen)
        yield Pair(f"sentence-text {document.language}", sentences[chosen], rest, document.number)


def languages(document: PatentDocument, first: str = "en", second: str = "zh") -> Iterator[Pair]:
    """The same patent in two languages, in both directions: title, abstract, and the title of one to the abstract of the other."""
    for a, b in ((first, second), (second, first)):
        for kind, of_a, of_b in (
            ("titles", document.titles, document.titles),
            ("abstracts", document.abstracts, document.abstracts),
            ("title-abstract", document.titles, document.abstracts),
        ):
            if of_a.get(a) and of_b.get(b):
                yield Pair(f"{kind} {a}-{b}", of_a[a], of_b[b], document.number)


# -- of documents that belong together


def keyphrases(phrases: Sequence[str], document: PatentDocument) -> Iterator[Pair]:
    """The key phrases of a document and its abstract."""
    for language, abstract in document.abstracts.items():
        if phrases and abstract:
            yield Pair(f"keyphrases-abstract {language}", "、".join(phrases) if language == "zh" else ", ".join(phrases), abstract, document.number)


def citing(citations: Mapping[str, Collection[str]], documents: Mapping[str, PatentDocument]) -> Iterator[Pair]:
    """The abstract of a document and of one that it cites, where both are there; `citations` are the numbers that each one cites."""
    for number, cited in citations.items():
        for other in cited:
            if number in documents and other in documents:
                of_one, of_other = whole(documents[number]), whole(documents[other])
                if of_one and of_other:
                    yield Pair("citing-cited", of_one, of_other, number)


def same_place(documents: Sequence[PatentDocument], place: Callable[[PatentDocument], str], seed: int = 0) -> Iterator[Pair]:
    """Each document and another of the same place of the classification, in a ring, so that each stands on both sides once."""
    by_place: dict[str, list[PatentDocument]] = {}
    for document in sorted(documents, key=lambda d: hash_of(f"{seed} {d.number}")):
        if found := place(document):
            by_place.setdefault(found, []).append(document)
    for some in by_place.values():
        for one, other in zip(some, (*some[1:], some[0]), strict=True):
            if one is not other:
                yield Pair("same-place", whole(one), whole(other), one.number)


def entry(document: PatentDocument, text: str, level: str) -> Iterator[Pair]:
    """A document and the text of the entry of the classification that it stands at."""
    if (of_document := whole(document)) and text:
        yield Pair(f"document-{level}", of_document, text, document.number)


def whole(document: PatentDocument) -> str:
    """Title and abstract, as a document of one passage is embedded."""
    return "\n".join(t for t in (document.title, document.abstracts.get(document.language, "")) if t)
