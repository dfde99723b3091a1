"""Fit the probability that passages answer a question: python benchmarks/answerability.py INDEX

Logistic regression on the development questions, each answerable one also without its documents (then it has no answer), for
languages that the encoder reads itself and others apart. Prints the weights that stand in assistant/evidence.py, and the
accuracy of each left out in turn (all variants of a question together). INDEX is the one that benchmarks/questions.py makes.
"""

import json
import sys
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import LeaveOneGroupOut, cross_val_predict

from assistant.evidence import candidates, measures
from index import Filter, PatentIndex

QUESTIONS = Path(__file__).parent / "questions" / "development.jsonl"


def main(directory: str) -> None:
    rows: dict[bool, list[tuple[list[float], bool, str, bool]]] = {True: [], False: []}
    with PatentIndex(directory) as index:
        numbers = [d.number for d in index.catalogue.documents()]
        for line in QUESTIONS.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            question, gold = row["question"], {a.partition("#")[0] for a in row["gold"]}
            for without in (False, True) if row["answerable"] else (False,):
                where = Filter(numbers=tuple(n for n in numbers if n not in gold)) if without else Filter()
                hits = index.search(question, 12, where, late=True)
                found = candidates(question, hits, index)
                fits = any(c.quantity for c in found)
                rows[index.understand(question).native].append((measures(hits, found), row["answerable"] and not without, row["id"], fits))
    for native, some in rows.items():
        fitting = [r for r in some if r[3]]
        x, y = np.array([r[0] for r in fitting]), np.array([r[1] for r in fitting])
        if native:
            x[:, 2:] = 0  # words add nothing where the encoder reads the question itself
        model = LogisticRegression(C=20.0, class_weight="balanced")
        left_out = cross_val_predict(model, x, y, groups=[r[2] for r in fitting], cv=LeaveOneGroupOut(), method="predict_proba")[:, 1]
        model.fit(x, y)
        print("NATIVE" if native else "GLOSSED", [round(float(v), 2) for v in (model.intercept_[0], *model.coef_[0])])
        for threshold in (0.3, 0.4, 0.5, 0.6):
            refused = sum(p < threshold for p, t in zip(left_out, y, strict=True) if not t) + sum(not r[1] and not r[3] for r in some)
            lost = sum(p < threshold for p, t in zip(left_out, y, strict=True) if t) + sum(r[1] and not r[3] for r in some)
            without = sum(not r[1] for r in some)
            print(f"  threshold {threshold}: {refused} of {without} without an answer refused, {lost} of {len(some) - without} answers lost")


if __name__ == "__main__":
    main(sys.argv[1])
