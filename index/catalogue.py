"""The catalogue: SQLite holds the documents, their passages and vectors, what was read and what failed. All else derives.

Every change to documents happens in one transaction with a new generation number: a document lives from the `generation` that
wrote it until the one that removed or replaced it. What is shown is the state of the generation `searchable`, which moves when the
lexical index has the same documents; so a document is there completely or not at all, and a replaced one until the new one is.
"""

import hashlib
import json
import sqlite3
import threading
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from index.errors import IndexDamagedError
from index.filter import Filter, symbol_terms
from index.journal import SCHEMA as JOURNAL
from index.journal import Journal
from index.selection import SCHEMA as RUNS
from index.selection import Columns, Selection, runs
from ingest.document import PatentDocument
from ingest.passages import Passage

SCHEMA_VERSION = 3
Ids = np.ndarray[Any, np.dtype[np.int64]]
_SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS documents (
    id INTEGER PRIMARY KEY AUTOINCREMENT, number TEXT NOT NULL, country TEXT, language TEXT, title TEXT, day TEXT,
    digest BLOB NOT NULL, body BLOB NOT NULL, first_passage INTEGER NOT NULL, last_passage INTEGER NOT NULL,
    generation INTEGER NOT NULL, until INTEGER, warnings TEXT);
CREATE INDEX IF NOT EXISTS documents_number ON documents (number);
CREATE INDEX IF NOT EXISTS documents_until ON documents (until) WHERE until IS NOT NULL;
CREATE INDEX IF NOT EXISTS documents_generation ON documents (generation);
CREATE INDEX IF NOT EXISTS documents_language ON documents (language);
CREATE TABLE IF NOT EXISTS passages (
    id INTEGER PRIMARY KEY AUTOINCREMENT, document INTEGER NOT NULL, anchor TEXT NOT NULL, section TEXT NOT NULL,
    language TEXT NOT NULL, heading TEXT NOT NULL, tokens INTEGER NOT NULL, text TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS vectors (passage INTEGER PRIMARY KEY, digest BLOB NOT NULL, vector BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS vectors_digest ON vectors (digest);
CREATE TABLE IF NOT EXISTS places (document INTEGER NOT NULL, scheme TEXT NOT NULL, term TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS places_term ON places (term, scheme);
CREATE INDEX IF NOT EXISTS places_document ON places (document);
CREATE TABLE IF NOT EXISTS removed (
    generation INTEGER NOT NULL, document INTEGER NOT NULL, first_passage INTEGER NOT NULL, last_passage INTEGER NOT NULL);
"""


@dataclass(frozen=True)
class Stored:
    """A document as it is to be written: with its passages, their vectors (n, d) float32 and the digests of their texts."""

    document: PatentDocument
    digest: bytes
    passages: Sequence[Passage]
    digests: Sequence[bytes]
    vectors: "np.ndarray[Any, np.dtype[np.float32]]"


def document_digest(document: PatentDocument) -> bytes:
    """A digest of everything in the document but where it was read."""
    body = document.model_dump_json(exclude={"source"})
    return hashlib.blake2b(body.encode(), digest_size=16).digest()


def text_digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


_SEARCHABLE = "coalesce((SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'searchable'), 0)"
_SHOWN = f"d.generation <= {_SEARCHABLE} AND (d.until IS NULL OR d.until > {_SEARCHABLE})"
"""The condition that a document is shown. The generation is read by the statement itself: between two statements it may move on."""


class Catalogue:
    """One connection a thread; any number of readers beside one writer, in this process and others."""

    def __init__(self, path: Path, create: bool = False) -> None:
        self._path = path
        self._local = threading.local()
        self._connections: list[sqlite3.Connection] = []
        self._lock = threading.Lock()
        self._signature: dict[str, Any] = {}
        self.journal = Journal(self._connect)
        self._columns = Columns(self._connect)
        try:
            if create:
                connection = self._connect()
                connection.executescript(_SCHEMA + JOURNAL + RUNS)
                connection.commit()
            self.meta("signature")
        except sqlite3.DatabaseError as error:
            raise IndexDamagedError(
                f"{path}: the catalogue can't be read ({error}); restore it from a backup, or ingest into a new directory"
            ) from error

    def _connect(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = sqlite3.connect(self._path, timeout=60, check_same_thread=False)
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=FULL")
            connection.execute("PRAGMA cache_size=-65536")
            self._local.connection = connection
            with self._lock:
                self._connections.append(connection)
        return connection

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """What this thread reads inside is of one moment, whatever is written meanwhile."""
        connection = self._connect()
        if connection.in_transaction:  # of the caller's moment
            yield
            return
        connection.execute("BEGIN")
        try:
            yield
        finally:
            with suppress(sqlite3.ProgrammingError):  # closed meanwhile
                connection.rollback()

    def close(self) -> None:
        with self._lock:
            for connection in self._connections:
                connection.close()
            self._connections.clear()
        self._local = threading.local()

    # -- settings

    def meta(self, key: str) -> str | None:
        row = self._connect().execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return row[0] if row else None

    def set_meta(self, key: str, value: str) -> None:
        with self._connect() as connection:
            connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    @property
    def generation(self) -> int:
        """The newest generation, searchable or not."""
        return int(self.meta("generation") or 0)

    @property
    def searchable(self) -> int:
        """The generation up to which both search sides hold everything."""
        return int(self.meta("searchable") or 0)

    # -- writing

    def write(self, stored: Sequence[Stored]) -> int:
        """Add or replace documents, all of them or none. Returns the new generation."""
        with self._connect() as connection:
            generation = self._next_generation(connection)
            for each in stored:
                self._delete(connection, each.document.number, generation)
                self._insert(connection, each, generation)
        return generation

    def remove(self, numbers: Sequence[str]) -> list[str]:
        """Delete documents. Returns the numbers that were there."""
        with self._connect() as connection:
            generation = self._next_generation(connection)
            return [n for n in numbers if self._delete(connection, n, generation)]

    def _next_generation(self, connection: sqlite3.Connection) -> int:
        generation = self.generation + 1
        connection.execute("INSERT OR REPLACE INTO meta VALUES ('generation', ?)", (str(generation),))
        return generation

    def _delete(self, connection: sqlite3.Connection, number: str, generation: int) -> bool:
        row = connection.execute("SELECT id, first_passage, last_passage FROM documents WHERE number = ? AND until IS NULL", (number,)).fetchone()
        if row is None:
            return False
        connection.execute("INSERT INTO removed VALUES (?, ?, ?, ?)", (generation, *row))
        connection.execute("UPDATE documents SET until = ? WHERE id = ?", (generation, row[0]))
        return True

    def publish(self, generation: int) -> None:
        """Make a generation the one that is shown, and drop what it no longer shows."""
        with self._connect() as connection:
            connection.execute("INSERT OR REPLACE INTO meta VALUES ('searchable', ?)", (str(generation),))
            gone = connection.execute("SELECT id, first_passage, last_passage FROM documents WHERE until <= ?", (generation,)).fetchall()
            for identity, first, last in gone:
                connection.execute("DELETE FROM passages WHERE id BETWEEN ? AND ?", (first, last))
                connection.execute("DELETE FROM vectors WHERE passage BETWEEN ? AND ?", (first, last))
                connection.execute("DELETE FROM runs WHERE first_passage BETWEEN ? AND ?", (first, last))
                connection.execute("DELETE FROM places WHERE document = ?", (identity,))
                connection.execute("DELETE FROM documents WHERE id = ?", (identity,))

    def _insert(self, connection: sqlite3.Connection, stored: Stored, generation: int) -> None:
        document = stored.document
        row = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'passages'").fetchone()
        first = (row[0] if row else 0) + 1
        ids = range(first, first + len(stored.passages))
        day = document.dates.publication or document.dates.filing
        cursor = connection.execute(
            "INSERT INTO documents (number, country, language, title, day, digest, body, first_passage, last_passage, generation, warnings) "
            "VALUES (?,?,?,?,?,?,?,?,?,?,?)",
            (
                document.number, document.country, document.language, document.title, day.isoformat() if day else None,
                stored.digest, zlib.compress(document.model_dump_json().encode(), 3), first, first + len(stored.passages) - 1, generation,
                json.dumps([document.source.path, document.source.offset, *document.warnings]) if document.warnings else None,
            ),
        )  # fmt: skip
        connection.executemany(
            "INSERT INTO passages VALUES (?,?,?,?,?,?,?,?)",
            [(i, cursor.lastrowid, p.anchor, p.section, p.language, p.heading, p.tokens, p.text) for i, p in zip(ids, stored.passages, strict=True)],
        )
        connection.executemany("INSERT INTO runs VALUES (?,?,?,?,?)", runs(ids, stored.passages, cursor.lastrowid or 0))
        connection.executemany(
            "INSERT INTO vectors VALUES (?,?,?)",
            [(i, d, v.astype(np.float16).tobytes()) for i, d, v in zip(ids, stored.digests, stored.vectors, strict=True)],
        )
        places = {(c.scheme, term) for c in document.classifications for term in symbol_terms(c.symbol)}
        connection.executemany("INSERT INTO places VALUES (?,?,?)", [(cursor.lastrowid, s, t) for s, t in sorted(places)])

    # -- reading documents

    def digests(self, numbers: Sequence[str]) -> dict[str, bytes]:
        """The digests of those of the documents that are in the index, searchable or not yet."""
        found: dict[str, bytes] = {}
        for start in range(0, len(numbers), 500):
            some = numbers[start : start + 500]
            marks = ",".join("?" * len(some))
            found.update(self._connect().execute(f"SELECT number, digest FROM documents WHERE until IS NULL AND number IN ({marks})", some))
        return found

    def document(self, number: str) -> PatentDocument | None:
        row = self._connect().execute(f"SELECT body FROM documents d WHERE number = ? AND {_SHOWN}", (number,)).fetchone()
        return PatentDocument.model_validate_json(zlib.decompress(row[0])) if row else None

    def holds(self, number: str) -> bool:
        """Whether a document with exactly this number is there."""
        return self._connect().execute(f"SELECT 1 FROM documents d WHERE number = ? AND {_SHOWN}", (number,)).fetchone() is not None

    def title(self, number: str) -> str:
        """The title of a document, "" for one that is not there."""
        row = self._connect().execute(f"SELECT title FROM documents d WHERE number = ? AND {_SHOWN}", (number,)).fetchone()
        return str(row[0]) if row else ""

    def documents(self) -> Iterator[PatentDocument]:
        """All documents, in the order of their numbers."""
        rows = self._connect().execute(f"SELECT number FROM documents d WHERE {_SHOWN} ORDER BY number")
        for (number,) in rows.fetchall():
            if (document := self.document(number)) is not None:
                yield document

    def numbers_like(self, beginning: str) -> list[str]:
        """The numbers that begin so: `US8926509` finds `US8926509B2`."""
        escaped = beginning.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        rows = self._connect().execute(
            f"SELECT number FROM documents d WHERE number LIKE ? ESCAPE '\\' AND {_SHOWN} ORDER BY number LIMIT 20",
            (escaped + "%",),
        )
        return [row[0] for row in rows]

    def passages(self, ids: Sequence[int] | Ids) -> dict[int, tuple[Passage, str]]:
        """The passages with these ids that are searchable, each with its document's title."""
        found: dict[int, tuple[Passage, str]] = {}
        for start in range(0, len(ids), 500):
            some = [int(i) for i in ids[start : start + 500]]
            rows = self._connect().execute(
                f"SELECT p.id, p.anchor, p.text, p.section, p.language, p.tokens, p.heading, d.title "
                "FROM passages p JOIN documents d ON d.id = p.document "
                f"WHERE p.id IN ({','.join('?' * len(some))}) AND {_SHOWN}",
                some,
            )
            for identity, anchor, text, section, language, tokens, heading, title in rows:
                passage = Passage.model_construct(anchor=anchor, text=text, section=section, language=language, tokens=tokens, heading=heading)
                found[identity] = (passage, title)
        return found

    def owners(self, ids: Sequence[int] | Ids) -> list[int]:
        """The id of each passage's document, 0 for one that is not searchable."""
        with self.snapshot():
            owners: list[int] = self._columns.owners(np.asarray(ids, dtype=np.int64), self.searchable).tolist()
            return owners

    def numbers(self, documents: Sequence[int]) -> dict[int, str]:
        """The numbers of those of the documents that are searchable."""
        found: dict[int, str] = {}
        for start in range(0, len(documents), 500):
            some = documents[start : start + 500]
            marks = ",".join("?" * len(some))
            found.update(self._connect().execute(f"SELECT id, number FROM documents d WHERE id IN ({marks}) AND {_SHOWN}", some))
        return found

    def sections(self, ids: Sequence[int] | Ids) -> list[str]:
        """The kind of section of each passage, "" for one that is not searchable."""
        with self.snapshot():
            return self._columns.sections(np.asarray(ids, dtype=np.int64), self.searchable)

    def document_passages(self, number: str) -> list[Passage]:
        """The passages of a document in reading order."""
        rows = self._connect().execute(
            "SELECT p.anchor, p.text, p.section, p.language, p.tokens, p.heading FROM documents d "
            f"CROSS JOIN passages p ON p.id BETWEEN d.first_passage AND d.last_passage WHERE d.number = ? AND {_SHOWN} ORDER BY p.id",
            (number,),
        )
        return [Passage.model_construct(anchor=a, text=t, section=s, language=lang, tokens=n, heading=h) for a, t, s, lang, n, h in rows]

    def passage_ids(self, number: str) -> range:
        """The ids of a document's passages, in reading order."""
        row = self._connect().execute(f"SELECT first_passage, last_passage FROM documents d WHERE number = ? AND {_SHOWN}", (number,)).fetchone()
        return range(row[0], row[1] + 1) if row else range(0)

    def rows_since(self, generation: int, upto: int) -> Iterator[tuple[int, PatentDocument, list[tuple[int, Passage]]]]:
        """(id, document, [(passage id, passage)]) of the documents of later generations, for the lexical index."""
        connection = self._connect()
        rows = connection.execute(
            "SELECT id, first_passage, last_passage FROM documents WHERE generation > ? AND generation <= ? AND (until IS NULL OR until > ?) "
            "ORDER BY id",
            (generation, upto, upto),
        ).fetchall()
        for identity, first, last in rows:
            body = connection.execute("SELECT body FROM documents WHERE id = ?", (identity,)).fetchone()
            if body is None:
                continue
            document = PatentDocument.model_validate_json(zlib.decompress(body[0]))
            passages = [
                (i, Passage.model_construct(anchor=a, text=t, section=s, language=lang, tokens=n, heading=h))
                for i, a, t, s, lang, n, h in connection.execute(
                    "SELECT id, anchor, text, section, language, tokens, heading FROM passages WHERE id BETWEEN ? AND ?", (first, last)
                )
            ]
            yield identity, document, passages

    def spans(self, upto: int) -> list[tuple[int, int, int]]:
        """(document id, first passage, last passage) of what was written up to a generation and has not been removed."""
        return self._connect().execute(
            "SELECT id, first_passage, last_passage FROM documents WHERE generation <= ? AND until IS NULL", (upto,)
        ).fetchall()  # fmt: skip

    def removed_since(self, generation: int, upto: int) -> list[tuple[int, int, int]]:
        """(document id, first passage, last passage) of what was removed or replaced in later generations."""
        return self._connect().execute(
            "SELECT document, first_passage, last_passage FROM removed WHERE generation > ? AND generation <= ?", (generation, upto)
        ).fetchall()  # fmt: skip

    # -- vectors

    def passages_since(self, generation: int, upto: int) -> int:
        """How many passages the documents of later generations have."""
        found: int = self._connect().execute(
            "SELECT coalesce(sum(last_passage - first_passage + 1), 0) FROM documents "
            "WHERE generation > ? AND generation <= ? AND (until IS NULL OR until > ?)",
            (generation, upto, upto),
        ).fetchone()[0]  # fmt: skip
        return found

    def vectors_since(self, generation: int, upto: int, dimension: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """(passage ids (n,) int64, vectors (n, d) float32) of the documents of later generations, in blocks."""
        connection = self._connect()
        spans = connection.execute(
            "SELECT first_passage, last_passage FROM documents WHERE generation > ? AND generation <= ? AND (until IS NULL OR until > ?) "
            "ORDER BY first_passage",
            (generation, upto, upto),
        ).fetchall()
        ids: list[int] = []
        blobs: list[bytes] = []
        for first, last in spans:
            for identity, blob in connection.execute("SELECT passage, vector FROM vectors WHERE passage BETWEEN ? AND ?", (first, last)):
                ids.append(identity)
                blobs.append(blob)
            if len(ids) >= 32768:
                yield _block(ids, blobs, dimension)
                ids, blobs = [], []
        if ids:
            yield _block(ids, blobs, dimension)

    def vectors(self, ids: Sequence[int] | Ids) -> np.ndarray:
        """(n, d) float32, zeros for a passage that is gone."""
        dimension = int(self.signature()["dimension"])
        found, missing = dict(self._vector_rows(ids)), bytes(2 * dimension)
        return _block([], [found.get(int(i), missing) for i in ids], dimension)[1]

    def vectors_held(self, ids: Sequence[int] | Ids) -> tuple[Ids, np.ndarray]:
        """(ids (n,) int64, vectors (n, d) float32) of those of the passages that are there."""
        rows = list(self._vector_rows(ids))
        return _block([i for i, _ in rows], [v for _, v in rows], int(self.signature()["dimension"]))

    def _vector_rows(self, ids: Sequence[int] | Ids) -> Iterator[tuple[int, bytes]]:
        for start in range(0, len(ids), 500):
            some = [int(i) for i in ids[start : start + 500]]
            yield from self._connect().execute(f"SELECT passage, vector FROM vectors WHERE passage IN ({','.join('?' * len(some))})", some)

    def vectors_of(self, digests: Sequence[bytes]) -> dict[bytes, bytes]:
        """The stored vectors (float16 bytes) of texts that were encoded before."""
        found: dict[bytes, bytes] = {}
        connection = self._connect()
        for start in range(0, len(digests), 500):
            some = list(digests[start : start + 500])
            marks = ",".join("?" * len(some))
            found.update(connection.execute(f"SELECT digest, vector FROM vectors WHERE digest IN ({marks})", some))
        return found

    # -- filters

    def selected(self, where: Filter) -> Selection:
        """The searchable passages that match."""
        with self.snapshot():
            return self._columns.select(where, self.searchable)

    def matching(self, where: Filter) -> np.ndarray:
        """The ids of the searchable passages that match, ascending, int64."""
        return self.selected(where).ids()

    # -- totals

    def warnings(self) -> list[tuple[str, str, int, str]]:
        """(number, path, offset, warning) of the documents that the readers had to mend."""
        query = f"SELECT number, warnings FROM documents d WHERE warnings IS NOT NULL AND {_SHOWN} ORDER BY number"
        found: list[tuple[str, str, int, str]] = []
        for number, stored in self._connect().execute(query):
            path, offset, *warnings = json.loads(stored)
            found.extend((number, path, offset, warning) for warning in warnings)
        return found

    def languages(self) -> frozenset[str]:
        """The languages of the documents, shown or not."""
        return frozenset(row[0] for row in self._connect().execute("SELECT DISTINCT language FROM documents"))

    def counts(self) -> dict[str, Any]:
        connection = self._connect()
        documents, passages = connection.execute(
            f"SELECT count(*), coalesce(sum(last_passage - first_passage + 1), 0) FROM documents d WHERE {_SHOWN}"
        ).fetchone()
        waiting = connection.execute(f"SELECT count(*) FROM documents WHERE generation > {_SEARCHABLE} AND until IS NULL").fetchone()[0]
        languages = dict(connection.execute(f"SELECT language, count(*) FROM documents d WHERE {_SHOWN} GROUP BY language ORDER BY 2 DESC"))
        return {"documents": documents, "passages": passages, "waiting": waiting, "languages": languages}

    def signature(self) -> dict[str, Any]:
        """What the index was made with; it never changes."""
        if not self._signature:
            self._signature = json.loads(self.meta("signature") or "{}")
        return dict(self._signature)


def _block(ids: list[int], blobs: list[bytes], dimension: int) -> tuple[np.ndarray, np.ndarray]:
    vectors = np.frombuffer(b"".join(blobs), dtype=np.float16).reshape(-1, dimension).astype(np.float32)
    return np.array(ids, dtype=np.int64), vectors
