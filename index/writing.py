"""Writing documents: cut into passages, encoded where their text is new, and put into the catalogue in batches, each batch whole.

Where there is more than one batch, the next one is read and cut in one thread, and encoded in another, while the one before is written.
"""

import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from itertools import chain
from queue import Full, Queue
from typing import TypeVar

import numpy as np

from index.catalogue import Catalogue, Stored, document_digest, text_digest
from index.encoder import Encoder
from index.reading import for_encoder
from ingest.document import PatentDocument
from ingest.passages import Passage, cut

T = TypeVar("T")
_BATCH_PASSAGES = 1024
_PUBLISH_PASSAGES = 16384
_UNWRITTEN = 3
"""Batches that may be encoded and not yet in the catalogue."""


@dataclass
class Added:
    """What `add` did: `unchanged` documents were in the index already, to the letter; `kept` were there from an office's own data, and what
    came was read off pages. `given` documents were taken from what was given and are dealt with; more may have been read ahead."""

    documents: int = 0
    passages: int = 0
    unchanged: int = 0
    kept: int = 0
    encoded: int = 0
    given: int = 0


@dataclass
class _Batch:
    """Documents to write, and what became of the others that were given with them."""

    documents: dict[str, tuple[PatentDocument, bytes, list[Passage]]] = field(default_factory=dict)
    passages: int = 0
    unchanged: int = 0
    kept: int = 0
    given: int = 0


@dataclass(frozen=True)
class _Seen:
    """A document of this run that is not published yet."""

    digest: bytes
    printed: bool


def write_documents(
    documents: Iterable[PatentDocument],
    catalogue: Catalogue,
    encoder: Encoder,
    publish: Callable[[], None],
    tick: Callable[[Added], None] | None = None,
) -> Added:
    """Write documents, and `publish` what was written now and then and at the end; `tick` is called after each batch. Both are called in
    the thread of the caller, who holds the write lock; `documents` may be read ahead in another."""
    added = Added()
    seen: dict[str, _Seen] = {}
    written: dict[str, _Seen] = {}
    unpublished = 0

    def published() -> None:
        publish()
        for number, each in written.items():
            if seen.get(number) is each:
                del seen[number]
        written.clear()

    try:
        with closing(_encoded_batches(documents, catalogue, encoder, seen)) as batches:
            for batch, stored, encoded in batches:
                if stored:
                    catalogue.write(stored)
                added.documents += len(stored)
                added.passages += batch.passages
                added.unchanged += batch.unchanged
                added.kept += batch.kept
                added.given += batch.given
                added.encoded += encoded
                written.update((s.document.number, seen[s.document.number]) for s in stored)
                unpublished += batch.passages
                if unpublished >= _PUBLISH_PASSAGES:
                    published()
                    unpublished = 0
                if tick is not None and stored:
                    tick(added)
    finally:
        publish()
    return added


def _encoded_batches(
    documents: Iterable[PatentDocument], catalogue: Catalogue, encoder: Encoder, seen: dict[str, _Seen]
) -> Generator[tuple[_Batch, list[Stored], int]]:
    """The batches with what is to be stored of them, and the number of texts that were encoded for it."""
    batches = _batches(documents, catalogue, encoder, seen)
    first = next(batches, None)
    if first is None or first.passages < _BATCH_PASSAGES:  # all there is
        yield from _encode([first] if first else [], catalogue, encoder)
        return
    cut_ahead = _Ahead(batches)
    encoded = _Ahead(_encode(chain([first], cut_ahead), catalogue, encoder))
    try:
        yield from encoded
    finally:
        cut_ahead.close()  # first, since the other may be waiting for it
        encoded.close()


class _Ahead(Iterator[T]):
    """The items in order, the next one made in a thread of its own while the caller works on the one before. An error is raised where its
    item would have come; `close` waits for the item being made."""

    def __init__(self, items: Generator[T]) -> None:
        self._made: Queue[tuple[T | None, BaseException | None]] = Queue(maxsize=1)
        self._left = threading.Event()
        self._thread = threading.Thread(target=self._work, args=(items,), name="index-ahead")
        self._thread.start()

    def _work(self, items: Generator[T]) -> None:
        try:
            with closing(items):
                for item in items:
                    self._put(item, None)
                    if self._left.is_set():
                        return
            self._put(None, StopIteration())
        except BaseException as error:  # raised again in the caller's thread
            self._put(None, error)

    def _put(self, item: T | None, error: BaseException | None) -> None:
        while not self._left.is_set():
            with suppress(Full):
                self._made.put((item, error), timeout=0.1)
                return

    def __next__(self) -> T:
        if self._left.is_set():
            raise StopIteration
        item, error = self._made.get()
        if error is not None:
            self._left.set()
            raise error
        return item  # type: ignore[return-value]

    def close(self) -> None:
        self._left.set()
        self._thread.join()
        with suppress(Full):
            self._made.put_nowait((None, StopIteration()))  # for who waits in another thread


def _batches(documents: Iterable[PatentDocument], catalogue: Catalogue, encoder: Encoder, seen: dict[str, _Seen]) -> Generator[_Batch]:
    batch = _Batch()
    waiting: list[PatentDocument] = []

    def take() -> None:
        """Cut those of the waiting documents that are new or changed."""
        before = {d.number: seen[d.number] for d in waiting if d.number in seen}  # looked up first: what leaves it is in the catalogue
        known = catalogue.digests([d.number for d in waiting])
        for document in waiting:
            digest, number = document_digest(document), document.number
            held = before.get(number)
            batch.given += 1
            if digest == (held.digest if held else known.get(number)):
                batch.unchanged += 1
                continue
            if document.printed and _from_office(number, held, catalogue):
                batch.kept += 1
                continue
            if number in batch.documents:
                batch.passages -= len(batch.documents[number][2])
            passages = cut(document, encoder.count_tokens, encoder.room)
            batch.documents[number] = (document, digest, passages)
            batch.passages += len(passages)
            seen[number] = before[number] = _Seen(digest, document.printed)
        waiting.clear()

    for document in documents:
        waiting.append(document)
        if len(waiting) >= 16:
            take()
            if batch.passages >= _BATCH_PASSAGES:
                yield batch
                batch = _Batch()
    take()
    if batch.given:
        yield batch


def _from_office(number: str, held: _Seen | None, catalogue: Catalogue) -> bool:
    """Whether the document is there from an office's own data."""
    if held is not None:
        return not held.printed
    there = catalogue.document(number)
    return there is not None and not there.printed


def _encode(batches: Iterable[_Batch], catalogue: Catalogue, encoder: Encoder) -> Generator[tuple[_Batch, list[Stored], int]]:
    """The vectors of each batch; a text that was encoded before, here or in the catalogue, is not encoded again."""
    unwritten: deque[dict[bytes, np.ndarray]] = deque(maxlen=_UNWRITTEN)
    for batch in batches:
        texts = [embedded_text(p, d, encoder.info.languages) for d, _, passages in batch.documents.values() for p in passages]
        digests = [text_digest(t) for t in texts]
        known = {d: v for held in unwritten for d, v in held.items()}
        missing = sorted({d for d in digests if d not in known})
        known.update((d, np.frombuffer(v, dtype=np.float16).astype(np.float32)) for d, v in catalogue.vectors_of(missing).items())
        fresh = {d: t for d, t in zip(digests, texts, strict=True) if d not in known}
        if fresh:
            known.update(zip(fresh, encoder.encode(list(fresh.values())), strict=True))
        vectors = np.stack([known[d] for d in digests]) if digests else np.zeros((0, encoder.info.dimension), dtype=np.float32)
        unwritten.append({d: known[d] for d in fresh})
        yield batch, list(_stored(batch, digests, vectors)), len(fresh)


def _stored(batch: _Batch, digests: list[bytes], vectors: np.ndarray) -> Iterator[Stored]:
    at = 0
    for document, digest, passages in batch.documents.values():
        upto = at + len(passages)
        yield Stored(document, digest, passages, digests[at:upto], vectors[at:upto])
        at = upto


def embedded_text(passage: Passage, document: PatentDocument, readable: Sequence[str]) -> str:
    """What is embedded for a passage: its text after the title and the heading it stands under, in words that the encoder reads."""
    if passage.section in ("scheme", "title") and not passage.heading:
        text = passage.text
    else:
        heading = f" - {passage.heading}" if passage.heading and len(passage.heading) < 60 else ""
        text = f"{document.title[:120]}{heading}\n{passage.text}"
    return for_encoder(text, passage.language, readable)
