"""What an index gives to learn from: its classified patents, and the entries of its classification schemes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from index.patent_index import PatentIndex
from index.reading import for_encoder, trust
from ingest.document import PatentDocument
from ingest.errors import ReadError
from ingest.language import detect_language
from ingest.schemes.symbol import Symbol

Vectors = np.ndarray[Any, np.dtype[np.float32]]
_DESCRIBED = 3000
"""Characters of the description that stand in for the abstract, where a patent has neither abstract nor claims."""
_BLOCK = 4096


@dataclass(frozen=True)
class Wording:
    """The title of a patent, or "", and the abstract, or what says most in its place."""

    title: str
    body: str

    @classmethod
    def of(cls, document: PatentDocument) -> "Wording":
        body = document.abstract or next((c.text for c in document.claims if c.independent), "")
        return cls(document.title, body or "\n".join(p.text for s in document.sections for p in s.paragraphs)[:_DESCRIBED])

    @property
    def whole(self) -> str:
        return f"{self.title}\n{self.body}".strip()


@dataclass
class Material:
    """`symbols` are those of each patent at the level of main groups, first code first; `vectors` (patents, d) has zeros where the encoder
    can't read. `entries` has the texts of the entries under each main group, and under each subclass by itself, by (symbol, language)."""

    numbers: list[str] = field(default_factory=list)
    wordings: list[Wording] = field(default_factory=list)
    symbols: list[list[str]] = field(default_factory=list)
    vectors: Vectors = field(default_factory=lambda: np.zeros((0, 0), dtype=np.float32))
    entries: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    places: list[str] = field(default_factory=list)
    """The main groups and subclasses whose own entries have the rows of `place_vectors` (places, d)."""
    place_vectors: Vectors = field(default_factory=lambda: np.zeros((0, 0), dtype=np.float32))


def is_entry(number: str) -> bool:
    """Whether a document of the index is an entry of a scheme (`IPC:H04L9/08@en`)."""
    return ":" in number


def main_group(symbol: str) -> str:
    """`H04L 9/08` to `H04L 9/00`; a subclass stays; "" for what is above a subclass, or is no place of the IPC (Y)."""
    try:
        read = Symbol(symbol)
    except ReadError:
        return ""
    if not read.subclass or read.section == "Y":
        return ""
    return str(Symbol.of_parts(read.section, read.cls, read.subclass, read.group, "00" if read.group else ""))


def symbols_of(document: PatentDocument) -> list[str]:
    """The main groups of a patent, the first code's first: of the IPC, or where it has none, of the CPC, which has the same subclasses."""
    for scheme in ("ipc", "cpc"):
        coded = [c for c in document.classifications if c.scheme == scheme]
        found = [main_group(c.symbol) for c in sorted(coded, key=lambda c: not c.first)]
        if any(found):
            return list(dict.fromkeys(filter(None, found)))
    return []


def material_of(index: PatentIndex, tick: Callable[[float], None] = lambda share: None) -> Material:
    """Everything that the index has to learn from. `tick` is told which share was read, now and then."""
    found = Material()
    passages: list[int] = []
    readable = index.catalogue.signature()["languages"]
    with index.catalogue.snapshot():
        places: list[int] = []
        total = max(1, index.catalogue.counts()["documents"])
        for count, document in enumerate(index.catalogue.documents()):
            if count % 1000 == 0:
                tick(count / total)
            ids = index.catalogue.passage_ids(document.number)
            if is_entry(document.number):
                symbol = main_group(document.classifications[0].symbol)
                if symbol:
                    texts = _entry_texts(document)
                    found.entries.setdefault((symbol, document.language), []).extend(texts)
                    if document.classifications[0].symbol == symbol and not document.number.endswith("-def") and len(ids):
                        found.places.append(symbol)
                        places.append(ids[0])
            elif symbols := symbols_of(document):
                wording = Wording.of(document)
                found.numbers.append(document.number)
                found.wordings.append(wording)
                found.symbols.append(symbols)
                passages.append(ids[0] if len(ids) and _read(wording, readable) else -1)
        found.vectors, found.place_vectors = _vectors(index, passages), _vectors(index, places)
    return found


def _entry_texts(document: PatentDocument) -> list[str]:
    """The title of an entry without its symbol and without those above it; all paragraphs of a definition but the first."""
    if document.number.endswith("-def"):
        return [p.text for s in document.sections for p in s.paragraphs][1:]
    return [document.title.removeprefix(document.classifications[0].symbol).strip(" {}")]


def _vectors(index: PatentIndex, passages: list[int]) -> Vectors:
    blocks = [index.catalogue.vectors(passages[start : start + _BLOCK]) for start in range(0, len(passages), _BLOCK)]
    return np.concatenate(blocks) if blocks else np.zeros((0, int(index.catalogue.signature()["dimension"])), dtype=np.float32)


def vector_of(index: PatentIndex, wording: Wording) -> Vectors:
    """(d,) the vector of a text as it would be in the index, zeros where the encoder can't read it."""
    readable = index.catalogue.signature()["languages"]
    if not _read(wording, readable):
        return np.zeros(int(index.catalogue.signature()["dimension"]), dtype=np.float32)
    written = "\n".join(part for part in (wording.title[:120], wording.body) if part)
    found: Vectors = index.encoder.encode([for_encoder(written, detect_language(written), readable)])[0]
    return found


def _read(wording: Wording, readable: Sequence[str]) -> bool:
    """Whether the encoder can make anything of a text, by itself or by its gloss."""
    return trust(wording.body, detect_language(wording.body), readable) > 0
