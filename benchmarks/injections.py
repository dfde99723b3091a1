"""How many sentences of real patents are withheld as orders to an assistant (`assistant/tasks/orders.py`): each would be a false alarm.

PYTHONPATH=. .venv/bin/python benchmarks/injections.py
"""

import gzip
import json
from collections.abc import Iterator

from assistant.tasks.orders import orders
from benchmarks.collection import DATA
from ingest import PatentDocument, read
from ingest.sentences import sentences


def texts() -> Iterator[tuple[str, str]]:
    """(source, text) of the patents in both languages."""
    for name in ("uspto", "epo", "cnipa"):
        for document in read(DATA / name):
            if isinstance(document, PatentDocument):
                yield name, "\n".join([*document.abstracts.values(), *(c.text for c in document.claims)])
                yield name, "\n".join(p.text for s in document.sections for p in s.paragraphs)
    for path in sorted((DATA / "us_applications").glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                yield "us_applications", "\n".join(strings(json.loads(line)))
    for name, field in (("kppatent_zh/train", "input"), ("kppatent_zh/test", "input"), ("cn_chem_ner/train", "text"), ("cn_chem_ner/valid", "text")):
        with gzip.open(DATA / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
            for line in lines:
                yield name, json.loads(line)[field]


def strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from strings(each)


def main() -> None:
    counts: dict[str, int] = {}
    found: list[tuple[str, str]] = []
    for source, text in texts():
        for sentence in sentences(text):
            counts[source] = counts.get(source, 0) + 1
            if orders(sentence):
                found.append((source, sentence))
    for source, count in counts.items():
        print(f"{source:24} {count:>9,} sentences  {sum(s == source for s, _ in found):>4} withheld")
    for source, sentence in found:
        print(f"  {source}: {' '.join(sentence.split())[:220]}")


if __name__ == "__main__":
    main()
