"""How often the article that answers a question about the Chinese patent laws is found first, and among the first five.

    python benchmarks/law.py

Reads `law_questions.jsonl`: questions in everyday words, each with the article that answers it, in the three laws of the shared data. They are
split by a hash of the question; everything was chosen on the development half. Those marked `later` were written after that, when the
list of words and the weights were done.
"""

import hashlib
import json
import tempfile
from collections.abc import Callable
from pathlib import Path

from collection import DATA

from assistant import PatentAssistant
from assistant.law import look_up
from index import Filter, Hit, PatentIndex

QUESTIONS = Path(__file__).parent / "law_questions.jsonl"
LAW = Filter(sections=("law",))


def part_of(row: dict[str, object]) -> str:
    """`development`, `test`, or `later`."""
    if row.get("later"):
        return "later"
    return "test" if hashlib.blake2b(str(row["question"]).encode(), digest_size=8).digest()[0] % 2 else "development"


def searched(index: PatentIndex, question: str, mode: str) -> list[Hit]:
    hits = index.search(question, 20, LAW, mode="lexical") if mode == "lexical" else index.search(question, 20, LAW, late=True)
    return list({hit.anchor: hit for hit in reversed(hits)}.values())[::-1]


def main() -> None:
    rows = [json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    ways: dict[str, Callable[[PatentIndex, str], list[Hit]]] = {
        "BM25": lambda index, question: searched(index, question, "lexical"),
        "index.search": lambda index, question: searched(index, question, "hybrid"),
        "look_up": look_up,
    }
    with tempfile.TemporaryDirectory() as folder, PatentAssistant.open(Path(folder) / "index") as assistant:
        assistant.ingest([DATA / "law"])
        print(f"{'':14}" + "".join(f"{part:>30}" for part in ("development", "test", "later")))
        for name, way in ways.items():
            cells = []
            for part in ("development", "test", "later"):
                ranks = [
                    next((n for n, hit in enumerate(way(assistant.index, row["question"])[:5]) if hit.anchor in row["gold"]), 9)
                    for row in rows
                    if part_of(row) == part
                ]
                first, five = sum(r == 0 for r in ranks), sum(r < 5 for r in ranks)
                cells.append(f"hit@1 {first / max(1, len(ranks)):.2f} hit@5 {five / max(1, len(ranks)):.2f} of {len(ranks)}")
            print(f"{name:14}" + "".join(f"{cell:>30}" for cell in cells))


if __name__ == "__main__":
    main()
