"""Parsing in several processes: records go out in batches, outcomes come back in the order of the records.

A process that dies (a reader's native library crashed, or memory ran out) takes only the record with it that killed it.
"""

import gc
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import CancelledError, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context

from ingest.document import PatentDocument
from ingest.forms import ALONE, parsed
from ingest.outcome import Failed, Outcome, Skipped
from ingest.records import Piece, Record
from ingest.schemes.scheme import Schemes
from ingest.transfer import Packed, pack, unpack

BATCH = 1 << 20
"""Records are sent in batches of about this many bytes."""
_Sent = Packed | Skipped | Failed
_CRASHED = "the reader crashed on it; the rest was read"


def parse_in_processes(pieces: Iterable[Piece], workers: int) -> Iterator[Outcome]:
    """The outcomes of the pieces, in order. Memory holds two batches for each process, and what came of them."""
    pool = _Pool(workers)
    waiting: deque[tuple[list[Piece], Future[list[_Sent]] | None]] = deque()
    try:
        for batch in _batches(pieces):
            waiting.append((batch, None if _alone(batch[0]) else pool.submit(batch)))
            while len(waiting) > 2 * workers:
                yield from pool.result(*waiting.popleft())
        while waiting:
            yield from pool.result(*waiting.popleft())
    finally:
        pool.close()


def _alone(piece: Piece) -> bool:
    return isinstance(piece, Record) and piece.form in ALONE


def _batches(pieces: Iterable[Piece]) -> Iterator[list[Piece]]:
    batch: list[Piece] = []
    size = 0
    for piece in pieces:
        weight = len(piece.data) if isinstance(piece, Record) else 0
        alone = _alone(piece)
        if batch and (alone or size + weight > BATCH):
            yield batch
            batch, size = [], 0
        batch.append(piece)
        size += weight
        if alone:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _prepare() -> None:
    """Cycles are rare in what is parsed: they are looked for after a batch, and not while it is parsed."""
    gc.freeze()
    gc.disable()


def _outcomes(batch: list[Piece]) -> list[_Sent]:
    gc.collect()
    return [pack(outcome) if isinstance(outcome, PatentDocument) else outcome for outcome in parsed(batch)]


def _received(sent: list[_Sent]) -> Iterator[Outcome]:
    return (unpack(each) if isinstance(each, dict) else each for each in sent)


class _Pool:
    def __init__(self, workers: int) -> None:
        self._workers = workers
        self._executor: ProcessPoolExecutor | None = None
        self._schemes = Schemes()

    def submit(self, batch: list[Piece]) -> "Future[list[_Sent]]":
        if self._executor is None:  # not a fork: this process has threads of its own
            self._executor = ProcessPoolExecutor(self._workers, mp_context=get_context("spawn"), initializer=_prepare)
        try:
            return self._executor.submit(_outcomes, batch)
        except BrokenProcessPool:
            self.close()
            return self.submit(batch)

    def result(self, batch: list[Piece], future: "Future[list[_Sent]] | None") -> Iterable[Outcome]:
        if future is None:  # in this process, in its place
            return parsed(batch, self._schemes)
        try:
            return _received(future.result())
        except CancelledError:  # its pool was closed for another batch's sake
            return self.result(batch, self.submit(batch))
        except BrokenProcessPool:
            self.close()
            return self._one_by_one(batch)

    def _one_by_one(self, batch: list[Piece]) -> Iterator[Outcome]:
        for piece in batch:
            try:
                yield from _received(self.submit([piece]).result())
            except BrokenProcessPool:
                self.close()
                yield Failed(piece.path, piece.offset, _CRASHED)

    def close(self) -> None:
        if self._executor is not None:
            self._executor.shutdown(wait=True, cancel_futures=True)
            self._executor = None
