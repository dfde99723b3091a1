"""Writing documents: cut into passages, encoded where their text is new, and put into the catalogue in batches, each batch whole."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np

from index.catalogue import Catalogue, Stored, document_digest, text_digest
from index.encoder import Encoder
from ingest.document import PatentDocument
from ingest.passages import Passage, cut

_BATCH_PASSAGES = 1024
_PUBLISH_PASSAGES = 16384


@dataclass
class Added:
    """What `add` did: `unchanged` documents were in the index already, to the letter; `kept` were there from an office's own data, and what
    came was read off pages."""

    documents: int = 0
    passages: int = 0
    unchanged: int = 0
    kept: int = 0
    encoded: int = 0


@dataclass
class _Pending:
    documents: dict[str, tuple[PatentDocument, bytes, list[Passage]]] = field(default_factory=dict)
    passages: int = 0


def write_documents(
    documents: Iterable[PatentDocument],
    catalogue: Catalogue,
    encoder: Encoder,
    publish: Callable[[], None],
    tick: Callable[[Added], None] | None = None,
) -> Added:
    """Write documents, and `publish` what was written now and then and at the end. The caller holds the write lock."""
    added = Added()
    unpublished = 0
    try:
        for pending in _batches(documents, catalogue, encoder, added):
            _write(pending, catalogue, encoder, added)
            unpublished += pending.passages
            if unpublished >= _PUBLISH_PASSAGES:
                publish()
                unpublished = 0
            if tick is not None:
                tick(added)
    finally:
        publish()
    return added


def _batches(documents: Iterable[PatentDocument], catalogue: Catalogue, encoder: Encoder, added: Added) -> Iterator[_Pending]:
    pending = _Pending()
    waiting: list[PatentDocument] = []

    def take() -> None:
        """Cut those of the waiting documents that are new or changed."""
        known = catalogue.digests([d.number for d in waiting])
        for document in waiting:
            digest = document_digest(document)
            held = pending.documents.get(document.number)
            if digest == (held[1] if held else known.get(document.number)):
                added.unchanged += 1
                continue
            if document.printed and (there := held[0] if held else catalogue.document(document.number)) is not None and not there.printed:
                added.kept += 1
                continue
            if held:
                pending.passages -= len(held[2])
            passages = cut(document, encoder.count_tokens, encoder.info.window)
            pending.documents[document.number] = (document, digest, passages)
            pending.passages += len(passages)
        waiting.clear()

    for document in documents:
        waiting.append(document)
        if len(waiting) >= 16:
            take()
            if pending.passages >= _BATCH_PASSAGES:
                yield pending
                pending = _Pending()
    take()
    if pending.documents:
        yield pending


def _write(pending: _Pending, catalogue: Catalogue, encoder: Encoder, added: Added) -> None:
    texts = [embedded_text(p, d) for d, _, passages in pending.documents.values() for p in passages]
    digests = [text_digest(t) for t in texts]
    vectors = _vectors_for(texts, digests, catalogue, encoder, added)
    stored, at = [], 0
    for document, digest, passages in pending.documents.values():
        upto = at + len(passages)
        stored.append(Stored(document, digest, passages, digests[at:upto], vectors[at:upto]))
        at = upto
    catalogue.write(stored)
    added.documents += len(stored)
    added.passages += pending.passages


def _vectors_for(texts: list[str], digests: list[bytes], catalogue: Catalogue, encoder: Encoder, added: Added) -> np.ndarray:
    """The vectors of texts; a text that was encoded before, here or in the catalogue, is not encoded again."""
    known = {d: np.frombuffer(v, dtype=np.float16).astype(np.float32) for d, v in catalogue.vectors_of(sorted(set(digests))).items()}
    fresh = {d: t for d, t in zip(digests, texts, strict=True) if d not in known}
    if fresh:
        known.update(zip(fresh, encoder.encode(list(fresh.values())), strict=True))
        added.encoded += len(fresh)
    return np.stack([known[d] for d in digests]) if digests else np.zeros((0, encoder.info.dimension), dtype=np.float32)


def embedded_text(passage: Passage, document: PatentDocument) -> str:
    """What is embedded for a passage: its text after the title and the heading it stands under."""
    if passage.section in ("scheme", "title") and not passage.heading:
        return passage.text
    heading = f" - {passage.heading}" if passage.heading and len(passage.heading) < 60 else ""
    return f"{document.title[:120]}{heading}\n{passage.text}"
