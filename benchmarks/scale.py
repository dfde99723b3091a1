"""How cost grows with the collection: python benchmarks/scale.py WORKDIR [--index INDEX] [--sizes 10000,100000,1000000] [--vectors-only 10000000]

Makes an index of each size out of the real collection (benchmarks/scale_collection.py says how), writing documents with their vectors through
the catalogue and publishing them as an ingest run does, so that all but the encoding is measured. Then, in a process of its own: opening,
vector search against brute force with and without filters, lexical and hybrid search, adding and removing a document. Everything in one thread
but where it says otherwise. INDEX is one of the real collection (benchmarks/questions.py makes the same); without it, it is made in WORKDIR.
What was built is kept and not built again; scale.json and the plots are written into WORKDIR.
"""

import argparse
import hashlib
import json
import multiprocessing
import shutil
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import psutil  # type: ignore[import-untyped]
from collection import documents as real_documents
from scale_collection import Extension, Real, exact_nearest, held_out, real
from scale_plots import draw

from index import Filter, PatentIndex
from index.catalogue import Catalogue, Stored
from index.terms import terms
from index.vectors import VectorIndex

Hits = list[tuple[int, float]]
BATCH, PUBLISHED = 1024, 16384
"""Passages a transaction and between two publications, as an ingest run has them."""
K, QUERIES, FILTERED, CLAIMS = 10, 400, 60, 40
MADE_LATER = 10_000_000
"""The serial number of the first document that is added to a finished index."""


class Timed:
    """An encoder that counts the seconds spent in it."""

    def __init__(self, encoder: Any) -> None:
        self._encoder, self.seconds = encoder, 0.0

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._encoder, name)
        return self._timed(found) if name.startswith("encode") else found

    def _timed(self, method: Callable[..., Any]) -> Callable[..., Any]:
        def run(*args: Any, **kwargs: Any) -> Any:
            started = time.perf_counter()
            try:
                return method(*args, **kwargs)
            finally:
                self.seconds += time.perf_counter() - started

        return run


class TimedIndex(PatentIndex):
    """An index whose encoder is `Timed`."""

    timed: Timed | None = None

    @property
    def encoder(self) -> Any:
        if self.timed is None:
            self.timed = Timed(super().encoder)
        return self.timed


def milliseconds(seconds: Sequence[float]) -> dict[str, float]:
    return {"p50": float(np.percentile(seconds, 50)) * 1000, "p95": float(np.percentile(seconds, 95)) * 1000}


def clock(run: Callable[..., Any], *values: Any) -> tuple[float, Any]:
    started = time.perf_counter()
    found = run(*values)
    return time.perf_counter() - started, found


def build(folder: Path, base: Sequence[Real], passages: int, texts: bool) -> dict[str, Any]:
    """Make the index; seconds for writing, for publishing (both lexical and vectors), and its numbers of documents."""
    extension = Extension(base, texts)
    with PatentIndex(folder, create=True) as index:
        seconds = {"write": 0.0, "publish": 0.0}
        batch: list[Any] = []
        numbers: list[str] = []
        written = since = 0

        def write() -> None:
            seconds["write"] += clock(index.catalogue.write, batch)[0]
            batch.clear()

        def publish() -> None:
            seconds["publish"] += clock(index.sides.publish)[0]
            print(f"\r{passages:>12,}: {written:,} passages", end="", file=sys.stderr, flush=True)

        for stored in extension.documents(passages):
            batch.append(stored)
            numbers.append(stored.document.number)
            written += len(stored.passages)
            since += len(stored.passages)
            if sum(len(s.passages) for s in batch) >= BATCH:
                write()
            if since >= PUBLISHED:
                publish()
                since = 0
        write()
        publish()
        print(file=sys.stderr)
    return {"passages": written, "documents": len(numbers), "seconds": seconds, "numbers": numbers}


def sizes(folder: Path) -> dict[str, int]:
    """Bytes of the catalogue, the lexical indexes and the vectors."""
    found: dict[str, int] = {}
    for path in folder.rglob("*"):
        if path.is_file():
            name = path.relative_to(folder).parts[0]
            kind = name.split("-")[0].split(".")[0]
            if kind != "write":
                found[kind] = found.get(kind, 0) + path.stat().st_size
    return found


def filters(numbers: Sequence[str], texts: bool) -> dict[str, Filter]:
    """Filters from one document to everything."""
    mixed = sorted(numbers, key=lambda n: hashlib.blake2b(n.encode(), digest_size=8).digest())
    found = {f"{n} document{'s' * (n > 1)}": Filter(numbers=tuple(mixed[:n])) for n in (1, 10, 100, 1000) if n < len(mixed)}
    sections = ("abstract", "background", "summary", "claims", "description")
    found |= {f"section={s}": Filter(sections=(s,)) for s in sections}
    found["language=en"] = Filter(languages=("en",))
    if texts:
        found |= {f"ipc={s}": Filter(ipc=(s,)) for s in ("H04L", "G06F", "G")}
        found["after=2005"] = Filter(after=date(2005, 1, 1))
    return found


def measure(folder: Path, numbers: Sequence[str], base: Sequence[Real], held: Sequence[Real], questions: Sequence[str]) -> dict[str, Any]:
    """Everything but building. `questions` is empty for an index without texts."""
    process = psutil.Process()
    import faiss  # noqa: F401 its import is not the opening
    import tantivy  # noqa: F401

    PatentIndex(folder).close()  # the first opening in a process imports the rest
    before = process.memory_full_info()
    seconds, index = clock(TimedIndex, folder)
    more, sides = clock(index.sides.current)
    rng = np.random.default_rng(0)
    everything = np.concatenate([r.vectors for r in held])
    queries = everything[rng.choice(len(everything), min(QUERIES, len(everything)), replace=False)]
    found: dict[str, Any] = {"open": (seconds + more) * 1000, "exact": sides.vectors.exact}
    catalogue = index.catalogue
    vectors: VectorIndex = sides.vectors
    named = filters(numbers, bool(questions))
    selections = {name: catalogue.selected(where) for name, where in named.items()}
    top = int(catalogue.selected(Filter()).last[-1]) + 1
    masks: list[np.ndarray | None] = [None]
    for selection in selections.values():
        masks.append(np.unpackbits(selection.bits(), bitorder="little", count=top).astype(bool))
    truth = exact_nearest(catalogue, queries, masks, K)

    found["vectors"] = searched(lambda q: vectors.search(q, K), queries, truth[0])
    found["vectors 200"] = searched(lambda q: vectors.search(q, 200), queries, truth[0])
    found["vectors, 2 threads"] = rate(lambda q: vectors.search(q, K), queries)
    found["filters"] = []

    def filtered(where: Filter, query: np.ndarray) -> Hits:
        return vectors.search(query, K, catalogue.selected(where))

    for (name, where), right in zip(named.items(), truth[1:], strict=True):
        selecting = [clock(catalogue.selected, where)[0] for _ in range(5)]
        some = queries[:FILTERED]
        result = searched(partial(filtered, where), some, right[: len(some)])
        found["filters"].append({"filter": name, "passages": selections[name].count, "selecting": milliseconds(selecting), **result})
    after = process.memory_full_info()
    filed = sum(p.stat().st_size for p in folder.glob("vectors-*.faiss")) + vectors.beside * (2 * queries.shape[1] + 8)
    found["memory"] = {"vectors": filed, "process": after.rss - before.rss, "of it private": after.uss - before.uss}
    if questions:
        found |= textual(index, named, questions, held)
    found |= changes(index, Extension(base, bool(questions)))
    index.close()
    return found


def searched(search: Callable[[np.ndarray], Hits], queries: np.ndarray, truth: np.ndarray) -> dict[str, Any]:
    """Latency, recall against the truth (q, k), and how many queries got fewer than there are."""
    for query in queries[:5]:
        search(query)
    taken = [clock(search, q) for q in queries]
    recalls, short = [], 0
    for (_, hits), right in zip(taken, truth, strict=True):
        there = set(right[right >= 0].tolist())
        recalls.append(len({i for i, _ in hits} & there) / len(there) if there else 1.0)
        short += len(hits) < len(there)
    return {**milliseconds([s for s, _ in taken]), "recall": statistics.mean(recalls), "short": short}


def rate(search: Callable[[np.ndarray], Any], queries: np.ndarray, threads: int = 2) -> dict[str, float]:
    """Queries a second in so many threads at once."""
    with ThreadPoolExecutor(threads) as pool:
        seconds, _ = clock(lambda: list(pool.map(search, queries)))
    return {"queries a second": len(queries) / seconds}


def textual(index: TimedIndex, named: dict[str, Filter], questions: Sequence[str], held: Sequence[Real]) -> dict[str, Any]:
    claims = [c.text for r in held for c in r.document.claims[:1]][:CLAIMS]
    lexical = index.sides.current().passages
    found: dict[str, Any] = {}
    wheres = {"": Filter(), **{f", {n}": named[n] for n in ("section=claims", "100 documents") if n in named}}
    for kind, texts in (("question", questions), ("claim", claims)):
        for suffix, where in wheres.items():
            asked = [Counter(terms(t)) for t in texts]
            lexical.search(asked[0], 200, where)
            found[f"lexical {kind}{suffix}"] = milliseconds([clock(lexical.search, t, 200, where)[0] for t in asked])
            index.search(texts[0], K, where)
            whole, without = [], []
            for text in texts:
                index.encoder.seconds = 0.0
                seconds = clock(index.search, text, K, where)[0]
                whole.append(seconds)
                without.append(seconds - index.encoder.seconds)
            found[f"hybrid {kind}{suffix}"] = milliseconds(without)
            found[f"hybrid with encoding {kind}{suffix}"] = milliseconds(whole)
    return found


def changes(index: PatentIndex, extension: Extension) -> dict[str, Any]:
    """Add documents and remove them again, one at a time, until they are searched or no longer; without encoding."""

    def add(stored: Stored) -> None:
        index.catalogue.write([stored])
        index.sides.publish()
        index.sides.current()

    def remove(number: str) -> None:
        index.remove([number])
        index.sides.current()

    adding, removing, passages = [], [], []
    later = [s for s in extension.documents(10_000, first=MADE_LATER) if 60 <= len(s.passages) <= 100][:20]
    for stored in later:
        passages.append(len(stored.passages))

        adding.append(clock(add, stored)[0])
    for stored in later:
        removing.append(clock(remove, stored.document.number)[0])
    return {"add": {**milliseconds(adding), "passages": statistics.mean(passages)}, "remove": milliseconds(removing)}


def report(name: str, built: dict[str, Any], found: dict[str, Any]) -> None:
    n = built["passages"]
    print(f"\n{name}: {n:,} passages of {built['documents']:,} documents; vectors {'exact' if found['exact'] else 'clustered'}")
    print("  built in " + ", ".join(f"{k} {v:.0f} s" for k, v in built["seconds"].items()))
    print("  bytes a passage on disk: " + ", ".join(f"{k} {v / n:.0f}" for k, v in built["bytes"].items()))
    print(f"  opened in {found['open']:.0f} ms; memory a passage: " + ", ".join(f"{k} {v / n:.0f} bytes" for k, v in found["memory"].items()))
    for key, value in found.items():
        if isinstance(value, dict) and key != "memory":
            print(f"  {key}: " + ", ".join(f"{k} {v:.3f}" if k == "recall" else f"{k} {v:.1f}" for k, v in value.items()))
    print(f"  {'filter':<18}{'passages':>10}{'select ms':>11}{'p50 ms':>9}{'p95 ms':>9}{'recall':>8}{'fewer':>7}")
    for row in sorted(found["filters"], key=lambda r: r["passages"]):
        print(
            f"  {row['filter']:<18}{row['passages']:>10,}{row['selecting']['p50']:>11.2f}{row['p50']:>9.2f}{row['p95']:>9.2f}"
            f"{row['recall']:>8.3f}{row['short']:>7}"
        )


def base_of(work: Path, index: str | None) -> list[Real]:
    folder = Path(index) if index else work / "real"
    if not (folder / "catalogue.sqlite").exists():
        with PatentIndex(folder, create=True) as made:
            made.add(real_documents())
    catalogue = Catalogue(folder / "catalogue.sqlite")
    try:
        return real(catalogue)
    finally:
        catalogue.close()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("work", type=Path)
    parser.add_argument("--index")
    parser.add_argument("--sizes", default="10000,100000,1000000")
    parser.add_argument("--vectors-only", default="", help="sizes of indexes without texts")
    arguments = parser.parse_args()
    work: Path = arguments.work
    work.mkdir(parents=True, exist_ok=True)
    everything = base_of(work, arguments.index)
    base, held = ([r for r in everything if held_out(r.document.number) == out] for out in (False, True))
    lines = (Path(__file__).parent / "questions/development.jsonl").read_text("utf-8").splitlines()
    asked = [json.loads(line)["question"] for line in lines]
    results: dict[str, Any] = json.loads((work / "scale.json").read_text()) if (work / "scale.json").exists() else {}
    wanted = [(int(n), True) for n in arguments.sizes.split(",") if n] + [(int(n), False) for n in arguments.vectors_only.split(",") if n]
    for passages, texts in wanted:
        name = f"{passages}{'' if texts else '-vectors'}"
        folder = work / name
        if not (work / f"{name}.json").exists():
            shutil.rmtree(folder, ignore_errors=True)
            built = build(folder, base, passages, texts)
            built["bytes"] = sizes(folder)
            (work / f"{name}.json").write_text(json.dumps(built))
        built = json.loads((work / f"{name}.json").read_text())
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            found = pool.apply(measure, (folder, built.pop("numbers"), base, held, asked if texts else []))
        results[name] = {"built": built, "found": found, "vectors only": not texts}
        (work / "scale.json").write_text(json.dumps(results, indent=1))
        report(name, built, found)
    draw(results, work)


if __name__ == "__main__":
    main()
