"""Many readers beside one writer: python benchmarks/concurrency.py [--seconds 15] [--processes 4] [--threads 4]

An index of some dozens of English and Chinese documents. The writer replaces one group of documents by another version of them, again and
again, and adds and removes another group. Readers, in threads of one process (the writer's own, too) and in processes, search and look
documents up: the documents of the first group must always be found, each with all of its passages, all of one version; those of the second completely
or not at all; no call may fail. Each text is encoded once a process, so that the writer writes and the readers read as fast as they can.
Printed are the searches (hybrid, ten passages) and their times with and without the writer, and the number of violations.
"""

import argparse
import collections
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.durability import collection, collection_of, replaced
from index import Filter, NotInIndexError, PatentIndex, load_encoder
from ingest import Passage, PatentDocument

VERSIONS = 3
ALWAYS, SOMETIMES = 0, 1
"""The files of the collection whose documents are replaced, and added and removed."""
Shown = dict[str, list[list[Passage]]]


def encoder_that_remembers() -> Any:
    encoder, known, lock = load_encoder(), dict[str, np.ndarray](), threading.Lock()
    plain, queries = encoder.encode, encoder.encode_queries

    def remembered(work: Callable[..., np.ndarray]) -> Callable[..., np.ndarray]:
        def encode(texts: Any, *rest: Any, **options: Any) -> np.ndarray:
            with lock:
                if fresh := [t for t in dict.fromkeys(texts) if t not in known]:
                    known.update(zip(fresh, work(fresh, *rest, **options), strict=True))
                return np.stack([known[t] for t in texts])

        return encode

    encoder.encode, encoder.encode_queries = remembered(plain), remembered(queries)  # type: ignore[method-assign]
    return encoder


def moving(files: Path) -> dict[int, list[list[PatentDocument]]]:
    """The versions of the documents that the writer writes."""
    groups = collection_of(files)
    return {file: [groups[file], *(replaced(groups[file], v) for v in range(1, VERSIONS))] for file in (ALWAYS, SOMETIMES)}


# -- the writer


def write(index: PatentIndex, versions: dict[int, list[list[PatentDocument]]], stop: threading.Event) -> int:
    works, at = 0, 0
    while not stop.is_set():
        at += 1
        index.add(versions[ALWAYS][at % VERSIONS])
        index.add(versions[SOMETIMES][at % VERSIONS])
        index.remove([d.number for d in versions[SOMETIMES][0]])
        works += 3
    index.add(versions[ALWAYS][0])
    return works


# -- the readers


class Reader:
    """One thread's reading; `wrong` counts what must not happen, by what it is."""

    def __init__(self, index: PatentIndex, shown: Shown, always: list[str], sometimes: list[str], queries: list[str], seed: int) -> None:
        self.index, self.shown, self.always, self.sometimes, self.queries = index, shown, always, sometimes, queries
        self.chance = random.Random(seed)
        self.wrong: collections.Counter[str] = collections.Counter()
        self.milliseconds: list[float] = []
        self.checks = 0

    def once(self) -> None:
        for work in (self.search, self.whole, self.found, self.looked_up):
            try:
                work()
            except Exception as error:
                self.wrong[f"{work.__name__}: {type(error).__name__}: {error}"[:200] or traceback.format_exc()] += 1
        self.checks += 3

    def search(self) -> None:
        started = time.perf_counter()
        hits = self.index.search(self.chance.choice(self.queries), 10)
        self.milliseconds.append(1000 * (time.perf_counter() - started))
        self.expect(len({h.anchor for h in hits}) == 10, "fewer than ten passages")
        self.expect(all(h.number not in self.shown or any(h.passage in v for v in self.shown[h.number]) for h in hits), "a passage of no version")

    def whole(self) -> None:
        """All passages of one version, by the vectors."""
        number = self.chance.choice(self.always + self.sometimes)
        held = [h.passage for h in self.index.search("device", 2000, Filter(numbers=(number,)), mode="dense")]
        self.expect(bool(held) or number in self.sometimes, "a document that is always there was not found by its vectors")
        self.expect(not held or any(same(held, v) for v in self.shown[number]), "a part of a document, or of two versions")

    def found(self) -> None:
        number = self.chance.choice(self.always)
        title = self.index.document(number).title
        hits = self.index.search(title, 2000, Filter(numbers=(number,)), mode="lexical")
        self.expect(bool(hits), "a document that is always there was not found by its terms")

    def looked_up(self) -> None:
        number = self.chance.choice(self.always + self.sometimes)
        try:
            passages = self.index.passages(number)
            self.expect(passages in self.shown[number], "looked up: a part of a document, or of two versions")
        except NotInIndexError:
            self.expect(number in self.sometimes, "looked up: a document that is always there was not")

    def expect(self, right: bool, what: str) -> None:
        if not right:
            self.wrong[what] += 1


def same(some: list[Passage], others: list[Passage]) -> bool:
    """Whether these are all passages of a document; of parts of a long claim, which share an anchor, one is found."""
    return {p.anchor for p in some} == {p.anchor for p in others} and all(p in others for p in some)


def read(
    index: PatentIndex, expected: dict[str, Any], threads: int, seconds: float, writer: Callable[[threading.Event], int] | None
) -> dict[str, Any]:
    shown = {n: [[Passage.model_validate(p) for p in v] for v in versions] for n, versions in expected["shown"].items()}
    readers = [Reader(index, shown, expected["always"], expected["sometimes"], expected["queries"], seed) for seed in range(threads)]
    for query in expected["queries"]:
        index.search(query, 10)
    stop, works = threading.Event(), [0]

    def loop(reader: Reader) -> None:
        while not stop.is_set():
            reader.once()

    def written() -> None:
        assert writer is not None
        works[0] = writer(stop)

    running = [threading.Thread(target=loop, args=(r,)) for r in readers] + ([threading.Thread(target=written)] if writer else [])
    for thread in running:
        thread.start()
    time.sleep(seconds)
    stop.set()
    for thread in running:
        thread.join()
    wrong = sum((r.wrong for r in readers), collections.Counter[str]())
    return {
        "ms": [ms for r in readers for ms in r.milliseconds],
        "checks": sum(r.checks for r in readers),
        "wrong": dict(wrong),
        "works": works[0],
    }


# -- processes


def child(role: str, scratch: Path, threads: int, seconds: float) -> None:
    encoder = encoder_that_remembers()
    with PatentIndex(scratch / "index") as index:
        index._encoder = encoder
        if role == "write":
            versions = moving(scratch / "files")
            write(index, versions, _after(0))  # what is encoded then is remembered
            print("ready", flush=True)
            sys.stdin.readline()
            print(json.dumps({"works": write(index, versions, _after(seconds))}), flush=True)
            return
        expected = json.loads((scratch / "expected.json").read_text())
        versions = moving(scratch / "files") if role == "both" else {}
        if role == "both":
            write(index, versions, _after(0))
        print("ready", flush=True)
        sys.stdin.readline()
        print(json.dumps(read(index, expected, threads, seconds, (lambda stop: write(index, versions, stop)) if versions else None)), flush=True)


def _after(seconds: float) -> threading.Event:
    stop = threading.Event()
    timer = threading.Timer(seconds, stop.set)
    timer.daemon = True
    timer.start()
    return stop


def run(scratch: Path, roles: list[tuple[str, int]], seconds: float) -> list[dict[str, Any]]:
    """All processes at work in the same seconds."""
    started = [
        subprocess.Popen(
            [sys.executable, __file__, "child", role, str(scratch), str(threads), str(seconds)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ, "OMP_NUM_THREADS": "1"},
        )
        for role, threads in roles
    ]  # fmt: skip
    for process in started:
        assert process.stdout is not None and process.stdout.readline() == "ready\n"
    for process in started:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    return [json.loads(process.communicate()[0]) for process in started]


def build(scratch: Path) -> None:
    groups = collection(scratch / "files")
    versions = moving(scratch / "files")
    shown: dict[str, list[Any]] = collections.defaultdict(list)
    with PatentIndex(scratch / "index", create=True) as index:
        for group in groups:
            index.add(group)
        for at in (1, 2, 0):
            for file in (ALWAYS, SOMETIMES):
                index.add(versions[file][at])
                for document in versions[file][at]:
                    shown[document.number].append([p.model_dump() for p in index.passages(document.number)])
        always, sometimes = ([d.number for d in groups[file]] for file in (ALWAYS, SOMETIMES))
        queries = [d.title for group in groups for d in group]
    (scratch / "expected.json").write_text(json.dumps({"shown": shown, "always": always, "sometimes": sometimes, "queries": queries}))


def main() -> None:
    if sys.argv[1:2] == ["child"]:
        child(sys.argv[2], Path(sys.argv[3]), int(sys.argv[4]), float(sys.argv[5]))
        return
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=15)
    parser.add_argument("--processes", type=int, default=4)
    parser.add_argument("--threads", type=int, default=4)
    options = parser.parse_args()
    each, violations = options.threads, 0
    plans: dict[str, list[tuple[str, int]]] = {
        "1 thread": [("read", 1)],
        "1 thread, writer": [("read", 1), ("write", 1)],
        f"{each} threads": [("read", each)],
        f"{each} threads, writer among them": [("both", each)],
        f"{options.processes} processes": [("read", 1)] * options.processes,
        f"{options.processes} processes, writer": [("read", 1)] * options.processes + [("write", 1)],
        f"{options.processes} of {each} threads, writer": [("read", each)] * options.processes + [("write", 1)],
    }
    with tempfile.TemporaryDirectory() as scratch:
        build(Path(scratch))
        print(f"{'readers':34} searches/s   p50 ms   p95 ms   checks   writes  violations")
        for name, roles in plans.items():
            results = run(Path(scratch), roles, options.seconds)
            milliseconds = np.array([ms for r in results for ms in r.get("ms", [])])
            wrong = sum((collections.Counter(r.get("wrong", {})) for r in results), collections.Counter[str]())
            violations += wrong.total()
            print(
                f"{name:34} {len(milliseconds) / options.seconds:10.0f} {np.percentile(milliseconds, 50):8.1f} {np.percentile(milliseconds, 95):8.1f}"
                f" {sum(r.get('checks', 0) for r in results):8} {sum(r.get('works', 0) for r in results):8} {wrong.total():11}",
                flush=True,
            )
            for what, count in wrong.most_common(5):
                print(f"    {count:6} {what}")
    sys.exit(1 if violations else 0)


if __name__ == "__main__":
    main()
