"""Key information by rules against descriptions that say themselves where it stands: python benchmarks/key_information.py [development|test]

Of the shared US applications, those whose summary has a heading for the problem or for the effect. The rules are not shown the headings.
Reported are the words shared with the text under the heading (precision, recall, F1 over all documents), how many documents have a phrase from
under it, and the same F1 for the first sentences of the summary (problem) or its last ones (effect), as many as the rules give. These documents
follow one order, problem first and effect last, so that this is a strong comparison here and nowhere else.
"""

import hashlib
import sys
from collections.abc import Iterator

from collection import DATA

from assistant.tasks.key_information import HEADINGS, MOST, TASK, Kind, by_rules
from assistant.tasks.metrics import overlap_scores
from assistant.tasks.parts import Part
from ingest import PatentDocument, read
from ingest.sentences import sentences


def documents(which: str) -> Iterator[PatentDocument]:
    for outcome in read(sorted((DATA / "us_applications").glob("part-*.jsonl.gz"))):
        if isinstance(outcome, PatentDocument):
            half = "development" if hashlib.blake2b(outcome.number.encode()).digest()[0] < 128 else "test"
            if half == which:
                yield outcome


def measure(kind: Kind, parts_of: list[tuple[Part, ...]]) -> None:
    found, gold, by_place, inside = [], [], [], 0
    for parts in parts_of:
        headed = [p for p in parts if p.kind == "summary" and HEADINGS[kind].search(p.heading.rpartition(" / ")[2])]
        if not headed:
            continue
        phrases = by_rules([part.model_copy(update={"heading": ""}) for part in parts], kind, "en")
        summary = [sentence for part in parts if part.kind == "summary" for sentence in sentences(part.text)]
        found.append([phrase.text for phrase in phrases])
        gold.append([part.text for part in headed])
        by_place.append(summary[: MOST[kind]] if kind == "problem" else summary[-MOST[kind] :])
        inside += any(phrase.anchor in {part.id for part in headed} for phrase in phrases)
    scores = {name: round(value, 3) for name, value in overlap_scores(found, gold).items()}
    print(f"{kind}: {len(found)} documents; words {scores}; by place alone {overlap_scores(by_place, gold)['f1']:.3f}; a phrase from there {inside}")


def main(which: str) -> None:
    assert TASK.from_document is not None
    parts_of = [TASK.from_document(document).parts for document in documents(which)]
    measure("problem", parts_of)
    measure("effect", parts_of)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "development")
