"""`PatentIndex`: a directory that holds patents and finds their passages.

index/catalogue.sqlite      the truth: documents, passages, vectors, files read, failures
index/lexical/              tantivy, derived; lexical-documents/ likewise
index/vectors-N.faiss       FAISS snapshot of generation N, derived
index/write.lock            held by the process that writes
"""

import json
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from functools import wraps
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

import numpy as np

from index.catalogue import SCHEMA_VERSION, Catalogue
from index.encoder import DEFAULT_ENCODER, Encoder, encoder_name, load_encoder
from index.errors import IndexLockedError, NoIndexError, NotInIndexError, SignatureError
from index.filter import Filter
from index.hit import DocumentHit, Hit
from index.query import Query
from index.reading import for_encoder
from index.searching import Mode, Search
from index.sides import FOLDERS, Sides
from index.storage import storage_errors
from index.writing import Added, write_documents
from ingest.document import PatentDocument
from ingest.language import detect_language
from ingest.passages import Passage

if TYPE_CHECKING:
    from index.backup import Backup
    from index.repair import Problem

P = ParamSpec("P")
R = TypeVar("R")
CHUNKING = "claims-paragraphs-2"
"""Names how passages are cut and what is embedded with them; part of the signature."""
_TRIES = 50
"""So often a search looks for a moment at which nothing is written between its sides and its catalogue."""
_REBUILT = 600
"""Seconds that a search waits at most while another process makes again what is derived."""


def _damage_named(method: Callable[Concatenate["PatentIndex", P], R]) -> Callable[Concatenate["PatentIndex", P], R]:
    """Errors of SQLite, and those of a full disk, become errors that say what to do."""

    @wraps(method)
    def run(self: "PatentIndex", /, *args: P.args, **kwargs: P.kwargs) -> R:
        with storage_errors(self.directory):
            return method(self, *args, **kwargs)

    return run


class PatentIndex:
    """Opens (or makes) an index directory. Safe to use from many threads; one process writes at a time."""

    def __init__(self, directory: str | Path, encoder: str | None = None, create: bool = False, backend: str = "auto", mend: bool = True) -> None:
        """`mend` makes searchable what a run that was killed has left so, if no other process is writing."""
        self.directory = Path(directory)
        self._open(encoder, create, backend, mend)

    @_damage_named
    def _open(self, encoder: str | None, create: bool, backend: str, mend: bool) -> None:
        path = self.directory / "catalogue.sqlite"
        if not path.exists():
            if not create:
                raise NoIndexError(f"{self.directory}: there is no index here; make one with: patent ingest FILES --index {self.directory}")
            self.directory.mkdir(parents=True, exist_ok=True)
        from filelock import FileLock

        self._lock = FileLock(self.directory / "write.lock")
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
        self.sides = Sides(self.directory, self.catalogue, lambda: self._locked(wait=_REBUILT))
        if mend and self.sides.behind:
            with suppress(IndexLockedError), self._locked():  # where another process is writing, that publishes
                self.sides.publish()

    # -- opening and closing

    def __enter__(self) -> "PatentIndex":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        self.sides.close()
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
        return {"schema": SCHEMA_VERSION, "chunking": CHUNKING, **encoder.info.signature()}

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
        from filelock import Timeout

        try:
            self._lock.acquire(timeout=wait)
        except Timeout as error:
            raise IndexLockedError(f"{self.directory}: another process is writing to the index; try again when it is done") from error
        try:
            yield
        finally:
            self._lock.release()

    # -- writing

    @_damage_named
    def add(self, documents: Iterable[PatentDocument], tick: Any = None) -> Added:
        """Add documents; one whose number is there already replaces it, and costs nothing where it is the same.

        Documents become durable in batches, each batch whole. `tick(added)` is called after each batch.
        """
        with self._locked(wait=1):  # `problems` looks at the lock for an instant
            return write_documents(documents, self.catalogue, self.encoder, self.sides.publish, tick)

    @_damage_named
    def remove(self, numbers: Sequence[str]) -> list[str]:
        """Take documents out. Returns the numbers that were there."""
        with self._locked(wait=60):
            sources = [d.source.path for n in numbers if (d := self.catalogue.document(n)) is not None]
            self.catalogue.journal.forget(sources)  # first: what is removed can always be read again
            gone = self.catalogue.remove(list(numbers))
            self.sides.publish()
            return gone

    # -- searching

    @_damage_named
    def search(self, query: str, k: int = 10, where: Filter | None = None, mode: Mode = "hybrid", late: bool = False) -> list[Hit]:
        """The k best passages for a query, best first. Fewer come back only where fewer match the filter and the query.

        `late` orders the first ten by late interaction, too: better for questions, for the time of encoding ten passages.
        """
        with self._reading(query, mode != "lexical") as (search, understood):
            return search.passages(understood, k, where or Filter(), mode, late)

    @_damage_named
    def search_documents(self, query: str, k: int = 10, where: Filter | None = None) -> list[DocumentHit]:
        """The k best documents, each with its best passages."""
        with self._reading(query, True) as (search, understood):
            return search.documents(understood, k, where or Filter())

    @contextmanager
    def _reading(self, text: str, dense: bool) -> Iterator[tuple[Search, Query]]:
        """What searches for a text, in one state of the catalogue."""
        query = self.understand(text)
        if dense and query.trust > 0:
            self.encoder  # noqa: B018 loaded, and held against the signature, before the snapshot
        for tries in count():
            search = self._search()
            with self.catalogue.snapshot():
                if search.sides.generation == self.catalogue.searchable or tries >= _TRIES:
                    yield search, query
                    return

    def _search(self) -> Search:
        return Search(self.catalogue, self.sides.current(), lambda: self.encoder)

    def understand(self, text: str) -> Query:
        """What a text is to this index as a query: its terms, in both languages, and what the encoder can make of it."""
        return self._search().query(text.encode("utf-8", "replace").decode())  # half of a surrogate pair is no character

    def similarities(self, query: Query, texts: Sequence[str]) -> np.ndarray:
        """(n,) The cosine of each text to a query, Chinese read by its gloss where need be; zeros where the encoder can't read the query."""
        if query.trust == 0 or not texts:
            return np.zeros(len(texts), dtype=np.float32)
        readable = self.catalogue.signature()["languages"]
        given = [for_encoder(t, detect_language(t), readable) for t in texts]
        similarities: np.ndarray = self.encoder.encode(given) @ self.encoder.encode_queries([query.encoded])[0]
        return similarities

    def term_weights(self, words: Iterable[str]) -> dict[str, float]:
        """The inverse document frequency of terms among the passages of this index, as in BM25."""
        lexical = self.sides.current().passages
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

    # -- durability

    def problems(self) -> list["Problem"]:
        """What is wrong in the directory; see `index/repair.py`."""
        from index.repair import problems

        return problems(self.directory, self.catalogue)

    @_damage_named
    def repair(self, tell: Callable[[str], None] | None = None) -> list["Problem"]:
        """Make again what is derived and does not agree with the catalogue. Returns what was wrong. Raises IndexDamagedError where that
        is the catalogue."""
        from index.repair import repair

        with self._locked(wait=60):
            self.sides.close()
            return repair(self.directory, self.catalogue, self.sides.publish, tell)

    def backup(self, target: str | Path, progress: Callable[[int, int], None] | None = None) -> "Backup":
        """Copy the index, as of this moment, to a new directory, while others read and write."""
        from index.backup import backup

        return backup(self.directory, Path(target), progress)

    @_damage_named
    def status(self) -> dict[str, Any]:
        """What is in the index, and what failed: the object that `patent status --json` prints."""
        files = [p for p in self.directory.rglob("*") if p.is_file()]
        sizes: dict[str, int] = {"catalogue": 0, "lexical": 0, "vectors": 0}
        for path in files:
            name = path.relative_to(self.directory).parts[0]
            kind = "lexical" if name in FOLDERS.values() else "vectors" if "vectors-" in name else "catalogue"
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
