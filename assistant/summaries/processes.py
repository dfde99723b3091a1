"""One thing at a time in each of several processes. A process that dies over something, or takes too long, takes only that with it.

A `ProcessPoolExecutor` can't say which item killed a process, nor end one that hangs.
"""

import signal
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from assistant.summaries.errors import JobError

if TYPE_CHECKING:
    from multiprocessing.context import SpawnProcess

A = TypeVar("A")
R = TypeVar("R")
_START = 120.0
"""Seconds that a process gets to begin."""


class Died(Exception):
    """Why an item has no result."""


class _Worker(Generic[A, R]):
    def __init__(self, make: Callable[[A], R]) -> None:
        context = get_context("spawn")  # not a fork: this process may have threads
        self.pipe, theirs = context.Pipe()
        self.process: SpawnProcess = context.Process(target=_work, args=(theirs, make), daemon=True)
        self.process.start()
        theirs.close()
        self.ready = False
        self.item: A | None = None
        self.since = time.monotonic()

    def give(self, item: A) -> None:
        self.item, self.since = item, time.monotonic()
        with suppress(OSError):  # it has died: that is heard when it is asked for the result
            self.pipe.send(item)

    def end(self) -> None:
        self.process.kill()
        self.process.join()
        self.pipe.close()


def _work(pipe: "Connection[Any, Any]", make: Callable[[A], R]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent is interrupted, and ends this process
    try:
        pipe.send(None)
        while True:
            pipe.send(make(pipe.recv()))
    except (EOFError, BrokenPipeError, ConnectionResetError):  # the parent has gone
        return


def each_in_process(make: Callable[[A], R], items: Iterable[A], workers: int, limit: float) -> Iterator[tuple[A, R | Died]]:
    """Each item with what `make` made of it, in the order in which they end. `limit` is the seconds that one may take.

    `make` and the items must pickle. Raises JobError where processes can't be started.
    """
    coming = iter(items)
    ahead: deque[A] = deque()
    at_work: list[_Worker[A, R]] = []
    try:
        while True:
            if len(ahead) < workers and (item := next(coming, None)) is not None:  # read on while they work
                ahead.append(item)
                yield from _ended(at_work, 0, limit)
            elif any(worker.item is not None for worker in at_work):
                yield from _ended(at_work, None, limit)
            elif not ahead:
                return
            while ahead and len(at_work) < workers:
                at_work.append(_Worker(make))
            for worker in [w for w in at_work if w.item is None]:
                if ahead:
                    worker.give(ahead.popleft())
    finally:
        for worker in at_work:
            worker.end()


def _ended(at_work: list[_Worker[A, R]], patience: float | None, limit: float) -> Iterator[tuple[A, R | Died]]:
    """What has ended after at most so many seconds; without a number, at least one."""
    while True:
        busy = {w.pipe: w for w in at_work if w.item is not None}
        first = min((w.since + (limit if w.ready else _START) for w in busy.values()), default=0.0)
        left = max(0.0, first - time.monotonic())
        heard = wait(list(busy), left if patience is None else min(left, patience))
        ended: list[tuple[A, R | Died]] = []
        for pipe, worker in busy.items():
            limit_now = limit if worker.ready else _START
            if pipe in heard:
                said = _heard(at_work, worker)
            elif time.monotonic() - worker.since >= limit_now:
                said = _lost(at_work, worker, f"it took longer than {limit_now:g} seconds")
            else:
                continue
            ended.extend(said)
        yield from ended
        if ended or patience is not None:
            return


def _heard(at_work: "list[_Worker[A, R]]", worker: "_Worker[A, R]") -> list[tuple[A, R | Died]]:
    try:
        said = worker.pipe.recv()
    except (EOFError, OSError):
        worker.process.join()
        return _lost(at_work, worker, f"the process that worked on it died ({_how(worker.process.exitcode)})")
    if not worker.ready:
        worker.ready, worker.since = True, time.monotonic()
        return []
    item, worker.item = worker.item, None
    assert item is not None
    return [(item, said)]


def _lost(at_work: "list[_Worker[A, R]]", worker: "_Worker[A, R]", why: str) -> list[tuple[A, R | Died]]:
    worker.end()
    at_work.remove(worker)
    if not worker.ready:
        raise JobError('worker processes can\'t be started; a script that asks for them needs `if __name__ == "__main__":` around its calls')
    assert worker.item is not None
    return [(worker.item, Died(why))]


def _how(code: int | None) -> str:
    if code is None or code >= 0:
        return f"exit code {code}"
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"
