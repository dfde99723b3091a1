"""Fit and test the probabilities of hits: python benchmarks/calibration.py WORKDIR

WORKDIR is that of benchmarks/retrieval.py, whose indexes are used. For every query of the sets, the first ten hits with whether they are right: a
logistic regression on the development half, the sets weighing the same, prints what stands in index/calibration.py; on the test half, the expected
calibration error over ten bins, for each set and for all, and WORKDIR/reliability.png.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from retrieval_sets import RetrievalSet, load_sets
from sklearn.linear_model import LogisticRegression

from index import PatentIndex
from index.calibration import measures
from ingest.anchor import covers

DOCUMENTS = ("title-claims", "paper-passages", "zh-title-claims", "en-zh", "zh-en", "en-zh-title", "zh-en-title")
PASSAGES = ("questions-en", "questions-zh", "questions-en-zh", "claim-support")
FIRST = 10
BINS = 10


def rows(retrieval_set: RetrievalSet, index: PatentIndex) -> Iterator[tuple[tuple[float, float, float], bool, bool]]:
    """(measures, whether it is right, whether it is of the test part) of each of the first hits."""
    documents = {d.number: d for d in retrieval_set.documents}
    for query in retrieval_set.queries:
        terms = len(index.understand(query.text).readings[0].weights)
        gold = retrieval_set.relevance[query.id]
        if retrieval_set.unit == "document":
            found = index.search_documents(query.text, FIRST, retrieval_set.where)
            right = [h.number in gold for h in found]
            scores = [h.score for h in found]
        else:
            hits = index.search(query.text, FIRST, retrieval_set.where, late=True)
            right = [any(g.partition("#")[0] == h.number and covers(h.anchor, g, documents[h.number]) for g in gold) for h in hits]
            scores = [h.score for h in hits]
        for measured, each in zip(measures(scores, terms), right, strict=True):
            yield measured, each, query.part == "test"


def calibration_error(p: np.ndarray, y: np.ndarray) -> float:
    bins = np.minimum((p * BINS).astype(int), BINS - 1)
    return float(sum((bins == b).mean() * abs(p[bins == b].mean() - y[bins == b].mean()) for b in set(bins)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("workdir", type=Path)
    parser.add_argument("--described", type=int, default=2, help="as benchmarks/retrieval.py was run")
    options = parser.parse_args()
    work: Path = options.workdir
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(1, 2, figsize=(9, 4.4), layout="constrained")
    for axis, (unit, names) in zip(axes, (("documents", DOCUMENTS), ("passages", PASSAGES)), strict=True):
        x, y, test, of, weights = [], [], [], [], []
        for number, each in enumerate(load_sets(names, options.described)):
            with PatentIndex(work / "indexes" / each.collection) as index:
                found = list(rows(each, index))
            x += [r[0] for r in found]
            y += [r[1] for r in found]
            test += [r[2] for r in found]
            of += [number] * len(found)
            weights += [1 / len(found)] * len(found)
        features, right, held, sets, weight = np.array(x), np.array(y), np.array(test), np.array(of), np.array(weights) * len(x)
        model = LogisticRegression(C=1e3).fit(features[~held], right[~held], sample_weight=weight[~held])
        print(unit, "constant, score, gap, length:", [round(float(v), 2) for v in (model.intercept_[0], *model.coef_[0])])
        p = model.predict_proba(features[held])[:, 1]
        for number, name in enumerate(names):
            mine = sets[held] == number
            print(f"  {name:18} {mine.sum():6} hits   calibration error {calibration_error(p[mine], right[held][mine]):.3f}")
        print(f"  {'all':18} {len(p):6} hits   calibration error {calibration_error(p, right[held]):.3f}")
        edges = np.minimum((p * BINS).astype(int), BINS - 1)
        there = [b for b in range(BINS) if (edges == b).sum() >= 5]
        axis.plot([0, 1], [0, 1], color="#999999", linewidth=1, linestyle="--")
        axis.plot([p[edges == b].mean() for b in there], [right[held][edges == b].mean() for b in there], marker="o", color="#1f5fa8")
        for b in there:
            axis.annotate(
                f"{(edges == b).sum():,}", (p[edges == b].mean(), right[held][edges == b].mean()), (6, -10), textcoords="offset points", fontsize=7
            )
        axis.set(title=f"{unit}, test part", xlabel="probability given", ylabel="share that was right", xlim=(0, 1), ylim=(0, 1))
    figure.savefig(work / "reliability.png", dpi=130)


if __name__ == "__main__":
    main()
