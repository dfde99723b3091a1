"""The examiner's questions, asked of real documents: python benchmarks/questions.py INDEX [development|test]

Makes the index of the collection in the directory INDEX where it is not there yet, asks every question, and prints: how often a
gold anchor is among the first hits, how often every quotation is verbatim, how often an unanswerable question comes back
not_found and an answerable one does, and how long an answer takes. English questions whose answer stands in Chinese
documents are reported apart. `--misses` lists what was missed.
"""

import argparse
import json
import re
import statistics
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from collection import documents

from assistant import Answer, PatentAssistant
from index import Hit
from ingest import PatentDocument
from ingest.anchor import covers, text_at

QUESTIONS = Path(__file__).parent / "questions"


def first_hit(hits: list[Hit], gold: list[str], found: dict[str, PatentDocument]) -> int | None:
    """The rank of the first hit that holds a gold anchor."""
    for hit in hits:
        mine = [g for g in gold if g.partition("#")[0] == hit.number]
        if any(covers(hit.anchor, g, found[hit.number]) for g in mine):
            return hit.rank
    return None


def quotes_verbatim(answer: Answer, assistant: PatentAssistant) -> bool:
    """Whether every quotation stands, character for character but white space, in the text at its anchor."""
    for statement in answer.statements:
        for citation in statement.citations:
            text = text_at(assistant.index.document(citation.anchor.partition("#")[0]), citation.anchor)
            if re.sub(r"\s+", "", citation.quote) not in re.sub(r"\s+", "", text):
                return False
    return True


def share(some: Sequence[object]) -> str:
    return f"{sum(map(bool, some)) / len(some):.2f}" if some else "-"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("index")
    parser.add_argument("part", nargs="?", default="test", choices=["development", "test"])
    parser.add_argument("--misses", action="store_true")
    options = parser.parse_args()
    groups: dict[str, list[dict[str, object]]] = defaultdict(list)
    with PatentAssistant.open(options.index) as assistant:
        if not assistant.status()["documents"]:
            assistant.ingest(documents())
        assistant.ask("What is measured?")  # loads the encoder
        for line in (QUESTIONS / f"{options.part}.jsonl").read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            group = "English to Chinese" if row["id"].startswith("x") else {"en": "English", "zh": "Chinese"}[row["language"]]
            found = {n: assistant.index.document(n) for n in {a.partition("#")[0] for a in row["gold"]}}
            started = time.perf_counter()
            answer = assistant.ask(row["question"])
            seconds = time.perf_counter() - started
            hits = assistant.search(row["question"], 100)
            rank = first_hit(hits, row["gold"], found)
            cited = {c.anchor for s in answer.statements for c in s.citations}
            right = any(g.partition("#")[0] == a.partition("#")[0] and covers(a, g, found[g.partition("#")[0]]) for g in row["gold"] for a in cited)
            groups[group].append(
                {"id": row["id"], "answerable": row["answerable"], "rank": rank, "status": answer.status, "right": right,
                 "verbatim": quotes_verbatim(answer, assistant), "seconds": seconds, "question": row["question"]}
            )  # fmt: skip
    groups["English and Chinese"] = groups["English"] + groups["Chinese"]
    heads = ["n", "hit@1", "hit@5", "hit@10", "gold cited", "not found", "unanswerable", "not found", "verbatim", "median ms"]
    print(f"{'':22}" + "".join(f"{h:>13}" for h in heads))
    for name in ("English", "Chinese", "English and Chinese", "English to Chinese"):
        rows = groups[name]
        good, bad = [r for r in rows if r["answerable"]], [r for r in rows if not r["answerable"]]
        ranks = [int(str(r["rank"] or 999)) for r in good]
        cells = [
            str(len(good)),
            *(share([rank <= k for rank in ranks]) for k in (1, 5, 10)),
            share([r["right"] for r in good]),
            share([r["status"] == "not_found" for r in good]),
            str(len(bad)),
            share([r["status"] == "not_found" for r in bad]),
            share([r["verbatim"] for r in rows]),
            f"{statistics.median(float(str(r['seconds'])) for r in rows) * 1000:.0f}",
        ]
        print(f"{name:22}" + "".join(f"{c:>13}" for c in cells))
    if options.misses:
        for r in (r for name in ("English", "Chinese", "English to Chinese") for r in groups[name]):
            wrong = (r["answerable"] and (not r["rank"] or int(str(r["rank"])) > 5 or r["status"] == "not_found")) or (
                not r["answerable"] and r["status"] != "not_found"
            )
            if wrong:
                print(f"{r['id']:8} rank {r['rank']} {r['status']:10} {r['question']}")


if __name__ == "__main__":
    main()
