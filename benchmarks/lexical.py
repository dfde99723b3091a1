"""Which library for the lexical side: python benchmarks/lexical.py INDEX

tantivy, SQLite FTS5 and bm25s on the passages of an index, with the same terms: seconds to build, megabytes on disk, milliseconds a
query (the development questions; a whole claim as the query), seconds to add one more document, and whether what
was added survives a kill right after it. One thread. The result stands in docs/decisions.md.
"""

import json
import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import bm25s

from index import Filter, PatentIndex
from index.lexical import LexicalIndex
from index.terms import terms

K = 10


def size(path: Path) -> float:
    files = [path] if path.is_file() else [p for p in path.rglob("*") if p.is_file()]
    return sum(p.stat().st_size for p in files) / 1e6


def clock(run: Callable[[], object]) -> float:
    started = time.perf_counter()
    run()
    return time.perf_counter() - started


def main(directory: str) -> None:
    with PatentIndex(directory) as index:
        rows = list(index.catalogue.rows_since(0, index.catalogue.generation))
    passages = [(i, document, p) for i, document, some in rows for p in some]
    tokens = [terms(p.text) for _, _, (_, p) in passages]
    print(f"{len(passages):,} passages, {sum(map(len, tokens)):,} terms")
    questions = [json.loads(line)["question"] for line in (Path(__file__).parent / "questions/development.jsonl").read_text("utf-8").splitlines()]
    short = [terms(q) for q in questions]
    long = [terms(document.claims[0].text) for _, document, _ in rows if document.claims][:40]
    work = Path(tempfile.mkdtemp())
    print(f"{'':14}{'build s':>9}{'MB':>8}{'question ms':>13}{'claim ms':>10}{'add 1 document s':>18}  durable add")

    def report(name: str, build: float, megabytes: float, search: Callable[[list[str]], object], add: float, durable: str) -> None:
        ms = [statistics.median(clock(lambda q=q: search(q)) for q in some) * 1000 for some in (short, long)]
        print(f"{name:14}{build:>9.1f}{megabytes:>8.1f}{ms[0]:>13.2f}{ms[1]:>10.2f}{add:>18.3f}  {durable}")

    lexical = LexicalIndex(work / "tantivy")

    def fill() -> None:
        for identity, document, some in rows:
            lexical.add(identity, document, some)
        lexical.commit()

    built = clock(fill)
    added = clock(lambda: (lexical.add(10**9, rows[0][1], rows[0][2]), lexical.commit()))
    report("tantivy", built, size(work / "tantivy"), lambda q: lexical.search(q, K, Filter()), added, "yes: commit")

    base = sqlite3.connect(work / "fts5.sqlite")
    base.execute("PRAGMA journal_mode=WAL")
    base.execute("CREATE VIRTUAL TABLE passages USING fts5(text, content='', tokenize='unicode61')")

    def fill_fts() -> None:
        with base:
            base.executemany(
                "INSERT INTO passages(rowid, text) VALUES (?, ?)", [(p[0], " ".join(t)) for (_, _, p), t in zip(passages, tokens, strict=True)]
            )

    built = clock(fill_fts)

    def add_fts() -> None:
        with base:
            base.executemany("INSERT INTO passages(rowid, text) VALUES (?, ?)", [(10**9 + i, " ".join(terms(p.text))) for i, p in rows[0][2]])

    added = clock(add_fts)

    def search_fts(query: list[str]) -> object:
        match = " OR ".join(f'"{t}"' for t in dict.fromkeys(query))
        return base.execute("SELECT rowid FROM passages WHERE passages MATCH ? ORDER BY bm25(passages) LIMIT ?", (match, K)).fetchall()

    base.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    report("SQLite FTS5", built, size(work / "fts5.sqlite"), search_fts, added, "yes: transaction")

    retriever = bm25s.BM25()

    def fill_bm25s() -> None:
        retriever.index(tokens, show_progress=False)
        retriever.save(str(work / "bm25s"))

    built = clock(fill_bm25s)
    report("bm25s", built, size(work / "bm25s"), lambda q: retriever.retrieve([q], k=K, show_progress=False, n_threads=1), built, "no: rebuilt whole")
    shutil.rmtree(work)


if __name__ == "__main__":
    main(sys.argv[1])
