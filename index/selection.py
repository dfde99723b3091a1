"""What a filter selects, as spans of passages, in milliseconds at a million of them.

Passages that follow one another in a document and are of one section and language are a run, a row of the catalogue; runs and documents are
held here in columns, each of them some twenty times fewer than the passages. Numbers and places in a classification
are looked up in SQLite, which has an index of them.
"""

import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import numpy as np

from index.filter import Filter, filter_term
from ingest.passages import Passage

Ids = np.ndarray[Any, np.dtype[np.int64]]
Mask = np.ndarray[Any, np.dtype[np.bool_]]

SCHEMA = """
CREATE TABLE IF NOT EXISTS runs (
    first_passage INTEGER PRIMARY KEY, last_passage INTEGER NOT NULL, document INTEGER NOT NULL, section TEXT NOT NULL, language TEXT NOT NULL);
"""
_KEPT = 4
"""So many generations are held: a search that began a moment ago still asks for the one before."""


@dataclass(frozen=True)
class Selection:
    """Passages by their ids, `first` to `last` of each span; spans are ascending and don't overlap."""

    first: Ids
    last: Ids

    @classmethod
    def of(cls, ids: Ids) -> "Selection":
        """Of ids that are ascending and distinct."""
        return cls(ids, ids)

    @property
    def count(self) -> int:
        return int((self.last - self.first).sum()) + len(self.first)

    def ids(self) -> Ids:
        """All of them, ascending."""
        lengths = self.last - self.first + 1
        starts = np.cumsum(lengths) - lengths
        return np.repeat(self.first - starts, lengths) + np.arange(int(lengths.sum()), dtype=np.int64)

    def bits(self) -> np.ndarray:
        """uint8; bit i % 8 of byte i // 8 is set where passage i is selected."""
        if not len(self.first):
            return np.zeros(1, dtype=np.uint8)
        steps = np.zeros(int(self.last[-1]) + 2, dtype=np.int8)
        steps[self.first] = 1
        steps[self.last + 1] -= 1
        return np.packbits(np.cumsum(steps, dtype=np.int8), bitorder="little")


@dataclass(frozen=True)
class _State:
    """The columns as of a generation: documents by ascending id, runs by ascending passage; `owner` is a run's place among the documents."""

    documents: Ids
    country: np.ndarray
    day: np.ndarray
    first: Ids
    last: Ids
    owner: np.ndarray
    section: np.ndarray
    language: np.ndarray

    def runs(self, ids: Ids) -> tuple[Ids, Mask]:
        """The place of each passage's run, and whether there is one."""
        if not len(self.first):
            return np.zeros(len(ids), dtype=np.int64), np.zeros(len(ids), dtype=bool)
        places = np.searchsorted(self.first, ids, side="right") - 1
        return places, (places >= 0) & (ids <= self.last[places])

    def without(self, removed: Ids) -> "_State":
        kept = np.isin(self.documents, removed, invert=True)
        runs = kept[self.owner]
        return _State(
            self.documents[kept], self.country[kept], self.day[kept], self.first[runs], self.last[runs],
            (np.cumsum(kept) - 1)[self.owner[runs]], self.section[runs], self.language[runs],
        )  # fmt: skip

    def followed_by(self, later: "_State") -> "_State":
        moved = later.owner + len(self.documents)
        columns = (
            (self.documents, later.documents), (self.country, later.country), (self.day, later.day), (self.first, later.first),
            (self.last, later.last), (self.owner, moved), (self.section, later.section), (self.language, later.language),
        )  # fmt: skip
        return _State(*(np.concatenate(pair) for pair in columns))


class Columns:
    """The columns of one catalogue, brought up to date when a newer generation is asked for. Safe to use from many threads."""

    def __init__(self, connect: Callable[[], sqlite3.Connection]) -> None:
        self._connect = connect
        self._lock = threading.Lock()
        self._states: dict[int, _State] = {}
        self._codes: dict[str, int] = {}

    def select(self, where: Filter, searchable: int) -> Selection:
        """What matches among the documents shown at the generation `searchable`, which the caller's snapshot is of."""
        state = self._state(searchable)
        documents = np.ones(len(state.documents), dtype=bool)
        if where.numbers:
            rows = self._rows(f"SELECT id FROM documents WHERE number IN ({_marks(where.numbers)})", where.numbers)
            documents &= _holds(state.documents, rows)
        for scheme, symbols in (("ipc", where.ipc), ("cpc", where.cpc)):
            if symbols:
                terms = [filter_term(s) for s in symbols]
                rows = self._rows(f"SELECT document FROM places WHERE scheme = ? AND term IN ({_marks(terms)})", [scheme, *terms])
                documents &= _holds(state.documents, rows)
        if where.countries:
            documents &= self._any(state.country, where.countries)
        if where.before:
            documents &= (state.day > 0) & (state.day < int(where.before.strftime("%Y%m%d")))
        if where.after:
            documents &= state.day >= int(where.after.strftime("%Y%m%d"))
        runs = documents[state.owner]
        if where.sections:
            runs &= self._any(state.section, where.sections)
        if where.languages:
            runs &= self._any(state.language, where.languages)
        return Selection(state.first[runs], state.last[runs])

    def owners(self, ids: Ids, searchable: int) -> Ids:
        """The document of each passage, 0 where it is not shown."""
        state = self._state(searchable)
        runs, shown = state.runs(ids)
        found = np.zeros(len(ids), dtype=np.int64)
        found[shown] = state.documents[state.owner[runs[shown]]]
        return found

    def sections(self, ids: Ids, searchable: int) -> list[str]:
        """The kind of section of each passage, "" where it is not shown."""
        state = self._state(searchable)
        runs, shown = state.runs(ids)
        codes = np.full(len(ids), -1)
        codes[shown] = state.section[runs[shown]]
        names = {code: name for name, code in self._codes.copy().items()}
        return [names.get(code, "") for code in codes.tolist()]

    def _state(self, searchable: int) -> _State:
        with self._lock:
            if (held := self._states.get(searchable)) is not None:
                return held
            since = max((g for g in self._states if g < searchable), default=0)
            state = self._read(since, searchable)
            if since:
                removed = self._rows("SELECT document FROM removed WHERE generation > ? AND generation <= ?", (since, searchable))
                state = self._states[since].without(np.array(removed, dtype=np.int64)).followed_by(state)
            self._states[searchable] = state
            for old in sorted(self._states)[:-_KEPT]:
                del self._states[old]
            return state

    def _read(self, since: int, upto: int) -> _State:
        """The documents of the generations after `since`, up to `upto`."""
        connection = self._connect()
        documents = connection.execute(
            "SELECT id, country, coalesce(CAST(replace(day, '-', '') AS INTEGER), 0), first_passage FROM documents "
            "WHERE generation > ? AND generation <= ? AND (until IS NULL OR until > ?) ORDER BY id",
            (since, upto, upto),
        ).fetchall()
        ids, countries, days, starts = zip(*documents, strict=True) if documents else ((), (), (), ())
        held = np.array(ids, dtype=np.int64)
        runs = connection.execute("SELECT * FROM runs WHERE first_passage >= ? ORDER BY first_passage", (min(starts, default=2**62),)).fetchall()
        first, last, owner, section, language = zip(*runs, strict=True) if runs else ((), (), (), (), ())
        owners = np.array(owner, dtype=np.int64)
        shown = np.isin(owners, held)
        return _State(
            held, self._coded(countries), np.array(days, dtype=np.int32),
            np.array(first, dtype=np.int64)[shown], np.array(last, dtype=np.int64)[shown], np.searchsorted(held, owners[shown]),
            self._coded(section)[shown], self._coded(language)[shown],
        )  # fmt: skip

    def _coded(self, values: Iterable[str | None]) -> np.ndarray:
        return np.array([self._codes.setdefault(v or "", len(self._codes)) for v in values], dtype=np.int32)

    def _any(self, column: np.ndarray, values: Sequence[str]) -> Mask:
        return np.isin(column, [self._codes[v] for v in values if v in self._codes])

    def _rows(self, query: str, values: Sequence[Any]) -> list[int]:
        return [row[0] for row in self._connect().execute(query, values)]


def runs(ids: Sequence[int], passages: Sequence[Passage], document: int) -> Iterator[tuple[int, int, int, str, str]]:
    """The rows of the table for a document's passages."""
    return _grouped((i, document, p.section, p.language) for i, p in zip(ids, passages, strict=True))


def _grouped(passages: Iterable[tuple[int, int, str, str]]) -> Iterator[tuple[int, int, int, str, str]]:
    """Runs of (id, document, section, language)."""
    for (document, section, language), group in groupby(passages, key=lambda row: row[1:]):
        held = [row[0] for row in group]
        yield held[0], held[-1], document, section, language


def _holds(documents: Ids, found: list[int]) -> Mask:
    return np.isin(documents, np.array(found, dtype=np.int64))


def _marks(values: Sequence[Any]) -> str:
    return ",".join("?" * len(values))
