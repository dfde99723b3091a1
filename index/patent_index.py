"""`PatentIndex`: a directory that holds patents and finds their passages.

index/catalogue.sqlite      the truth: documents, passages, vectors, files read, failures
index/lexical/              tantivy, derived
index/vectors-N.faiss       FAISS snapshot of generation N, derived
index/write.lock            held by the process that writes
"""

import json
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path
from types import TracebackType
from typing import Any, Concatenate, Literal, ParamSpec, TypeVar

import numpy as np

from index.catalogue import SCHEMA_VERSION, Catalogue, Stored, document_digest, text_digest
from index.encoder import DEFAULT_ENCODER, Encoder, encoder_name, load_encoder
from index.errors import IndexDamagedError, IndexLockedError, NoIndexError, NotInIndexError, SignatureError
from index.filter import Filter
from index.fusion import dense_weight, fuse
from index.hit import DocumentHit, Hit
from index.lexical import LexicalIndex
from index.rerank import Scored, best_documents, rerank
from index.terms import terms
from index.vectors import VectorIndex
from ingest.document import PatentDocument
from ingest.language import detect_language
from ingest.passages import Passage, cut

P = ParamSpec("P")
R = TypeVar("R")
CHUNKING = "claims-paragraphs-1"
"""Names how passages are cut and what is embedded with them; part of the signature."""
CANDIDATES = 200
_BATCH_PASSAGES = 1024
_PUBLISH_PASSAGES = 16384
_SNAPSHOT_TAIL = 1024
"""So many new vectors are worth a snapshot; it is made when they are first searched, so that adding needs no memory for it."""


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


def _damage_named(method: Callable[Concatenate["PatentIndex", P], R]) -> Callable[Concatenate["PatentIndex", P], R]:
    """Errors of SQLite become an IndexDamagedError that says what to do."""

    @wraps(method)
    def run(self: "PatentIndex", /, *args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return method(self, *args, **kwargs)
        except sqlite3.DatabaseError as error:
            raise IndexDamagedError(
                f"{self.directory}: the catalogue can't be read or written ({error}); check the disk; restore it from a backup, "
                "or ingest into a new directory"
            ) from error

    return run


class PatentIndex:
    """Opens (or makes) an index directory. Safe to use from many threads; one process writes at a time."""

    def __init__(self, directory: str | Path, encoder: str | None = None, create: bool = False, backend: str = "auto") -> None:
        self.directory = Path(directory)
        path = self.directory / "catalogue.sqlite"
        if not path.exists():
            if not create:
                raise NoIndexError(f"{self.directory}: there is no index here; make one with: patent ingest FILES --index {self.directory}")
            self.directory.mkdir(parents=True, exist_ok=True)
        with self._locked(wait=60) if not path.exists() else nullcontext():
            self.catalogue = Catalogue(path, create=create)
            self._encoder_name, self._backend = encoder, backend
            self._encoder: Encoder | None = None
            self._guard = threading.RLock()
            if not self.catalogue.signature():
                self.catalogue.set_meta("signature", json.dumps(self._signature(load_encoder(encoder or DEFAULT_ENCODER, backend))))
        try:
            self._check_signature()
        except SignatureError:
            self.catalogue.close()
            raise
        self._lexical: LexicalIndex | None = None
        self._vectors: VectorIndex | None = None
        self._catch_up()

    # -- opening and closing

    def __enter__(self) -> "PatentIndex":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        with self._guard:
            if self._lexical is not None:
                self._lexical.close()
            self._lexical = self._vectors = None
            self.catalogue.close()

    @property
    def encoder(self) -> Encoder:
        """The encoder of the index, loaded when it is first needed."""
        with self._guard:
            if self._encoder is None:
                loaded = load_encoder(self.catalogue.signature()["encoder"], self._backend)
                self._check_signature(loaded)
                self._encoder = loaded
            return self._encoder

    def _signature(self, encoder: Encoder) -> dict[str, Any]:
        info = encoder.info
        return {
            "schema": SCHEMA_VERSION, "chunking": CHUNKING, "encoder": info.name, "weights": info.digest,
            "dimension": info.dimension, "window": info.window, "languages": list(info.languages),
        }  # fmt: skip

    def _check_signature(self, encoder: Encoder | None = None) -> None:
        """Whether what is asked for is what the index was made with. Raises SignatureError that names the difference."""
        made = self.catalogue.signature()
        asked = {"schema": SCHEMA_VERSION, "chunking": CHUNKING}
        if self._encoder_name:
            asked["encoder"] = encoder_name(self._encoder_name)
        if encoder is not None:
            asked = self._signature(encoder)
        different = [f"{k} is {made.get(k)!r} there and {v!r} here" for k, v in asked.items() if made.get(k) != v]
        if different:
            raise SignatureError(
                f"{self.directory}: the index was made with other settings: {'; '.join(different)}. "
                f"Open it as it was made, or ingest into a new directory"
            )

    @contextmanager
    def _locked(self, wait: float = 0.0) -> Iterator[None]:
        """The write lock, for one process and thread at a time. Raises IndexLockedError after `wait` seconds."""
        from filelock import FileLock, Timeout

        lock = FileLock(self.directory / "write.lock", timeout=wait)
        try:
            lock.acquire()
        except Timeout as error:
            raise IndexLockedError(f"{self.directory}: another process is writing to the index; try again when it is done") from error
        try:
            yield
        finally:
            lock.release()

    # -- the derived sides

    def _catch_up(self) -> None:
        """Bring the lexical index up to the catalogue, where a run was killed between the two."""
        if self.catalogue.generation == self.catalogue.searchable and (self.directory / "lexical" / "meta.json").exists():
            return
        try:
            with self._locked():
                self._publish()
        except IndexLockedError:
            pass  # the process that is writing publishes

    def _open_lexical(self) -> LexicalIndex:
        with self._guard:
            if self._lexical is None:
                folder = self.directory / "lexical"
                try:
                    if not (folder / "meta.json").exists():
                        raise ValueError("missing")
                    self._lexical = LexicalIndex(folder)
                    self._lexical.check()
                except (ValueError, IndexDamagedError):  # missing, truncated or foreign: made again from the catalogue
                    self._lexical = LexicalIndex.fresh(folder)
                    self.catalogue.set_meta("lexical", "0")
                    for identity, document, passages in self.catalogue.rows_since(0, self.catalogue.generation):
                        self._lexical.add(identity, document, passages)
                    self._lexical.commit()
                    self.catalogue.set_meta("lexical", str(self.catalogue.generation))
            return self._lexical

    def _publish(self) -> None:
        """Make everything in the catalogue searchable. The caller holds the write lock."""
        lexical = self._open_lexical()
        upto = self.catalogue.generation
        since = int(self.catalogue.meta("lexical") or 0)
        if since < upto:
            for identity, _, _ in self.catalogue.removed_since(since, upto):
                lexical.remove(identity)
            for identity, document, passages in self.catalogue.rows_since(since, upto):
                lexical.add(identity, document, passages)
            lexical.commit()
            self.catalogue.set_meta("lexical", str(upto))
        lexical.close()
        self.catalogue.publish(upto)

    def _refresh(self) -> tuple[LexicalIndex, VectorIndex]:
        """Both sides as of the newest searchable generation."""
        with self._guard:
            lexical = self._open_lexical()
            searchable = self.catalogue.searchable
            dimension = int(self.catalogue.signature()["dimension"])
            if self._vectors is None:
                self._vectors = VectorIndex.load(self.directory, dimension, searchable)
            if self._vectors.generation < searchable:
                since = self._vectors.generation
                self._vectors.remove((first, last) for _, first, last in self.catalogue.removed_since(since, searchable))
                for ids, vectors in self.catalogue.vectors_since(since, searchable, dimension):
                    self._vectors.add(ids, vectors)
                self._vectors.generation = searchable
                lexical.reload()
                if self._vectors.unsaved >= _SNAPSHOT_TAIL:
                    with suppress(OSError, RuntimeError):  # a directory that can't be written is searched all the same
                        self._vectors.save(self.directory)
            return lexical, self._vectors

    # -- writing

    @_damage_named
    def add(self, documents: Iterable[PatentDocument], tick: Any = None) -> Added:
        """Add documents; one whose number is there already replaces it, and costs nothing where it is the same.

        Documents become durable in batches, each batch whole. `tick(added)` is called after each batch.
        """
        added = Added()
        with self._locked():
            unpublished = 0
            try:
                for pending in self._batches(documents, added):
                    self._write(pending, added)
                    unpublished += pending.passages
                    if unpublished >= _PUBLISH_PASSAGES:
                        self._publish()
                        unpublished = 0
                    if tick is not None:
                        tick(added)
            finally:
                self._publish()
        return added

    @_damage_named
    def remove(self, numbers: Sequence[str]) -> list[str]:
        """Take documents out. Returns the numbers that were there."""
        with self._locked(wait=60):
            sources = [d.source.path for n in numbers if (d := self.catalogue.document(n)) is not None]
            gone = self.catalogue.remove(list(numbers))
            self.catalogue.journal.forget(sources)
            self._publish()
            return gone

    def _batches(self, documents: Iterable[PatentDocument], added: Added) -> Iterator[_Pending]:
        pending = _Pending()
        waiting: list[PatentDocument] = []

        def take() -> None:
            """Cut those of the waiting documents that are new or changed."""
            known = self.catalogue.digests([d.number for d in waiting])
            for document in waiting:
                digest = document_digest(document)
                held = pending.documents.get(document.number)
                if digest == (held[1] if held else known.get(document.number)):
                    added.unchanged += 1
                    continue
                if document.printed and (there := held[0] if held else self.catalogue.document(document.number)) is not None and not there.printed:
                    added.kept += 1
                    continue
                if held:
                    pending.passages -= len(held[2])
                passages = cut(document, self.encoder.count_tokens, self.encoder.info.window)
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

    def _write(self, pending: _Pending, added: Added) -> None:
        embedded = [_embedded(p, d) for d, _, passages in pending.documents.values() for p in passages]
        digests = [text_digest(t) for t in embedded]
        vectors = self._vectors_for(embedded, digests, added)
        stored, at = [], 0
        for document, digest, passages in pending.documents.values():
            upto = at + len(passages)
            stored.append(Stored(document, digest, passages, digests[at:upto], vectors[at:upto]))
            at = upto
        self.catalogue.write(stored)
        added.documents += len(stored)
        added.passages += pending.passages

    def _vectors_for(self, texts: list[str], digests: list[bytes], added: Added) -> np.ndarray:
        """The vectors of texts; a text that was encoded before, here or in the catalogue, is not encoded again."""
        dimension = self.encoder.info.dimension
        known = {d: np.frombuffer(v, dtype=np.float16).astype(np.float32) for d, v in self.catalogue.vectors_of(sorted(set(digests))).items()}
        fresh = {d: t for d, t in zip(digests, texts, strict=True) if d not in known}
        if fresh:
            known.update(zip(fresh, self.encoder.encode(list(fresh.values())), strict=True))
            added.encoded += len(fresh)
        return np.stack([known[d] for d in digests]) if digests else np.zeros((0, dimension), dtype=np.float32)

    # -- searching

    @_damage_named
    def search(self, query: str, k: int = 10, where: Filter | None = None, mode: Literal["hybrid", "lexical", "dense"] = "hybrid") -> list[Hit]:
        """The k best passages for a query, best first. Fewer come back only where fewer match the filter and the query."""
        where = where or Filter()
        query = query.encode("utf-8", "replace").decode()  # half of a surrogate pair is no character
        lexical, vectors = self._refresh()
        if mode != "lexical" and self.reads(query):
            self.encoder  # noqa: B018 loaded, and held against the signature, before the snapshot
        with self.catalogue.snapshot():
            return self._search(query, k, where, mode, lexical, vectors)

    def _search(
        self, query: str, k: int, where: Filter, mode: Literal["hybrid", "lexical", "dense"], lexical: LexicalIndex, vectors: VectorIndex
    ) -> list[Hit]:
        depth = max(CANDIDATES, k)
        weight = {"hybrid": 1.0 if self.reads(query) else 0.0, "lexical": 0.0, "dense": 1.0}[mode]
        words = terms(query)
        by_terms = lexical.search(words, depth, where) if mode != "dense" else []
        if weight == 0.0 and mode == "hybrid" and len(by_terms) < k:
            weight = 1e-3  # nothing better is known: the dense side fills up what the terms leave open
        by_vectors: list[tuple[int, float]] = []
        vector = None
        if weight > 0:
            vector = self.encoder.encode([query])[0]
            by_vectors = vectors.search(vector, depth, None if where.empty else self.catalogue.matching(where))
        fused = fuse(by_terms, by_vectors, weight)
        found = self.catalogue.passages([i for i, _ in fused])
        ranked: list[Scored] = []
        if mode == "hybrid" and fused:
            documents = best_documents(fused, found)
            reader = self.encoder if weight == 1.0 else None
            ranked = rerank(query, words, vector if reader else None, reader, documents, where, self.catalogue, lexical)
        return self._hits(ranked, fused, found, dict(by_terms), dict(by_vectors), k)

    def _hits(
        self,
        ranked: list[Scored],
        fused: list[tuple[int, float]],
        found: dict[int, tuple[Passage, str]],
        lexical: dict[int, float],
        dense: dict[int, float],
        k: int,
    ) -> list[Hit]:
        """The reranked passages, then what else was found, in the order of the fused scores."""
        hits = [
            Hit(
                rank=rank, passage=s.passage, score=s.score, title=s.title,
                scores={name: value for name, value in (("lexical", s.lexical), ("dense", s.dense), ("late", s.late)) if value},
            )
            for rank, s in enumerate(ranked[:k], start=1)
        ]  # fmt: skip
        if len(hits) == k:
            return hits
        known = {s.passage.anchor for s in ranked}
        least = min((h.score for h in hits), default=1.0)
        for identity, score in fused:
            if len(hits) == k:
                break
            if identity not in found or found[identity][0].anchor in known:
                continue
            passage, title = found[identity]
            known.add(passage.anchor)
            scores = {name: side[identity] for name, side in (("lexical", lexical), ("dense", dense)) if identity in side}
            hits.append(Hit(rank=len(hits) + 1, passage=passage, score=least * score, scores=scores, title=title))
        return hits

    @_damage_named
    def search_documents(self, query: str, k: int = 10, where: Filter | None = None) -> list[DocumentHit]:
        """The k best documents, each with its best passages. A document scores as its best passage does, with ever smaller
        shares of its next ones."""
        grouped: dict[str, list[Hit]] = {}
        for hit in self.search(query, max(CANDIDATES, 10 * k), where):
            grouped.setdefault(hit.number, []).append(hit)
        scored = sorted(((sum(h.score / 2**i for i, h in enumerate(hits[:5])), hits) for hits in grouped.values()), key=lambda s: -s[0])
        return [
            DocumentHit(rank=rank, number=hits[0].number, title=hits[0].title, score=score, passages=tuple(hits[:5]))
            for rank, (score, hits) in enumerate(scored[:k], start=1)
        ]

    def reads(self, text: str) -> bool:
        """Whether the encoder was trained to read the language of a text."""
        return dense_weight(detect_language(text), self.catalogue.signature()["languages"]) > 0

    def term_weights(self, words: Iterable[str]) -> dict[str, float]:
        """The inverse document frequency of terms among the passages of this index, as in BM25."""
        lexical, _ = self._refresh()
        return {w: lexical.inverse_document_frequency(w) for w in set(words)}

    # -- looking up

    @_damage_named
    def resolve(self, number: str) -> str:
        """The full number of a document, from that or from its unique beginning. Raises NotInIndexError."""
        wanted = number.strip().replace(" ", "").replace(",", "")
        found = self.catalogue.numbers_like(wanted)
        if wanted in found:
            return wanted
        if len(found) == 1:
            return found[0]
        if found:
            raise NotInIndexError(f"{number}: which of {', '.join(found)}?")
        raise NotInIndexError(f"{number}: not in the index {self.directory}; ingest it first, or look with: patent search")

    @_damage_named
    def document(self, number: str) -> PatentDocument:
        """The document with this number, or with the only one that begins so. Raises NotInIndexError."""
        document = self.catalogue.document(self.resolve(number))
        if document is None:
            raise NotInIndexError(f"{number}: it was removed from the index a moment ago")
        return document

    @_damage_named
    def passages(self, number: str) -> list[Passage]:
        """All passages of a document in reading order. Raises NotInIndexError."""
        found = self.catalogue.document_passages(self.resolve(number))
        if not found:
            raise NotInIndexError(f"{number}: it was removed from the index a moment ago")
        return found

    @_damage_named
    def status(self) -> dict[str, Any]:
        """What is in the index, and what failed: the object that `patent status --json` prints."""
        files = [p for p in self.directory.rglob("*") if p.is_file()]
        sizes: dict[str, int] = {"catalogue": 0, "lexical": 0, "vectors": 0}
        for path in files:
            name = path.relative_to(self.directory).parts[0]
            kind = "lexical" if name == "lexical" else "vectors" if "vectors-" in name else "catalogue"
            with suppress(FileNotFoundError):  # a temporary file of another process
                sizes[kind] += path.stat().st_size
        counts = self.catalogue.counts()
        return {
            "directory": str(self.directory),
            "signature": self.catalogue.signature(),
            "documents": counts["documents"],
            "passages": counts["passages"],
            "languages": counts["languages"],
            "failed": [{"path": p, "offset": o, "reason": r} for p, o, r in self.catalogue.journal.failures()],
            "warnings": [{"number": n, "path": p, "offset": o, "reason": r} for n, p, o, r in self.catalogue.warnings()],
            "bytes": sizes,
        }


def _embedded(passage: Passage, document: PatentDocument) -> str:
    """What is embedded for a passage: its text after the title and the heading it stands under."""
    if passage.section in ("scheme", "title") and not passage.heading:
        return passage.text
    heading = f" - {passage.heading}" if passage.heading and len(passage.heading) < 60 else ""
    return f"{document.title[:120]}{heading}\n{passage.text}"
