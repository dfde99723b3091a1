"""Cells of a table of questions and documents, made without a language model: python benchmarks/question_table.py [--found QUESTION]

Fits the probability that a document answers a question (the constants in assistant/summaries/selection.py) on the development questions and
reports on the test questions: each asked of the documents that answer it and of up to four that don't, two of them of the same subclass of
the IPC. Prints precision and recall of cells that are not `not_found`, and how often the best sentence stands at an anchor that answers.
`--found` prints what the documents of the collection answer to a question of your own, to be read.
"""

import argparse
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from collection import documents
from sklearn.linear_model import LogisticRegression

from assistant.llm.exchange import answer_one
from assistant.summaries.candidates import language_of
from assistant.summaries.chunks import parts_of
from assistant.summaries.selection import ANSWERED, FOUND, select
from assistant.summaries.table import cell
from ingest import PatentDocument

QUESTIONS = Path(__file__).parent / "questions"


@dataclass(frozen=True)
class Asked:
    """A question asked of a document: the measures of its best sentence, whether the document answers, and whether that sentence does."""

    measures: tuple[float, float]
    answers: bool
    right: bool
    crossing: bool


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--found", metavar="QUESTION")
    options = parser.parse_args()
    patents = {d.number: d for d in documents() if not {"scheme", "law"} & {s.kind for s in d.sections}}
    if options.found:
        show(options.found, patents)
        return
    asked = {part: list(pairs(part, patents)) for part in ("development", "test")}
    for crossing in (False, True):
        fitting, held = ([a for a in asked[part] if a.crossing == crossing] for part in ("development", "test"))
        model = LogisticRegression(C=20).fit([a.measures for a in fitting], [a.answers for a in fitting])
        print("CROSSED" if crossing else "NATIVE", [round(float(v), 2) for v in (model.intercept_[0], *model.coef_[0])])
        for name, some in (("development", fitting), ("test", held)):
            probability = model.predict_proba([a.measures for a in some])[:, 1]
            answers = np.array([a.answers for a in some])
            for threshold in (FOUND, ANSWERED):
                found = probability >= threshold
                precision, recall = answers[found].mean(), found[answers].mean()
                print(f"  {name}, {threshold}: {found.sum()} of {len(some)} found, precision {precision:.2f}, recall {recall:.2f}")
            print(f"  {name}: the best sentence is right in {np.mean([a.right for a in some if a.answers]):.2f} of {answers.sum()}")


def pairs(part: str, patents: dict[str, PatentDocument]) -> Iterator[Asked]:
    chance = random.Random(0)
    for line in (QUESTIONS / f"{part}.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        gold = sorted({anchor.partition("#")[0] for anchor in row["gold"]} & set(patents))
        if row["answerable"] and not gold:
            continue
        language = language_of(patents[gold[0]]) if gold else row["language"]
        others = [number for number in patents if number not in gold and language_of(patents[number]) == language]
        near = [number for number in others if gold and subclasses(patents[number]) & subclasses(patents[gold[0]])]
        for number in (*gold, *chance.sample(others, 2), *chance.sample(near, min(2, len(near)))):
            found = select(parts_of(patents[number]), row["question"], language_of(patents[number]))
            best = found[0] if found else None
            yield Asked(
                measures=(best.around, float(best.terms)) if best else (0.0, 0.0),
                answers=number in gold,
                right=best is not None and best.citation.anchor in row["gold"],
                crossing=language_of(patents[number]) != row["language"],
            )


def subclasses(document: PatentDocument) -> set[str]:
    return {c.symbol[:4] for c in document.classifications}


def show(question: str, patents: dict[str, PatentDocument]) -> None:
    cells = [answer_one(cell(document, question), None) for document in patents.values()]
    for each in cells:
        for statement in each.statements:
            print(each.number, each.status, statement.citations[0].anchor.partition("#")[2], statement.text[:300], sep="\t")
    print(f"{sum(c.status != 'not_found' for c in cells)} of {len(cells)} documents")


if __name__ == "__main__":
    main()
