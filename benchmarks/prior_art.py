"""Coverage of a claim's features, and what to search by for the documents nearest to one.

`python benchmarks/prior_art.py coverage INDEX` takes the features of claim 1 of each sampled document and looks for them in its own
description (in Chinese also its abstract, as few have a description there), in four near documents (by a search for the claim) and in
four random ones. Claims are left out, and of English documents the abstract and the summary, which repeat them. The logistic regressions
of `assistant/prior_art/coverage.py` are fitted on one half of the documents (by a hash of the number) and reported on the other, beside
the ones in use.

`python benchmarks/prior_art.py like INDEX` ranks the documents of an index of the shared US applications for each one that shares an
inventor with others, by several queries made from it; those others are the gold.
"""

import argparse
import collections
import gzip
import hashlib
import itertools
import json
import random
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from assistant.prior_art.coverage import BOTH, PARTLY, PRESENT, TERMS, VECTORS, prepare
from assistant.prior_art.features import features
from benchmarks.collection import DATA
from index import PatentIndex
from index.filter import Filter
from ingest import PatentDocument

KINDS = ("own", "near", "random")
SAMPLE = 120
OTHERS = 4


class Row(NamedTuple):
    """The best passage of one document for one feature."""

    test: bool
    kind: str
    cosine: float
    share: float


def is_test(number: str) -> bool:
    return hashlib.blake2b(number.encode()).digest()[0] % 2 == 1


def rows(index: PatentIndex, language: str, weights: tuple[float, float, float]) -> Iterator[Row]:
    """The passage with the best probability under `weights`, for each feature and document."""
    described = [d for d in index.catalogue.documents() if d.claims and d.language == language and _has_text(d, language)]
    chosen = random.Random(1).sample(described, min(SAMPLE, len(described)))
    for document in chosen:
        found = features(document.claims)
        wanted = prepare(found, language, index)
        if weights[1] and wanted.vectors is None:
            return
        hits = index.search(document.claims[0].text, 300, Filter(languages=(language,)), mode="lexical")
        near = [n for n in dict.fromkeys(h.number for h in hits) if n != document.number][:OTHERS]
        apart = random.Random(document.number).sample([d.number for d in described if d.number not in (document.number, *near)], OTHERS)
        for kind, numbers in zip(KINDS, ([document.number], near, apart), strict=True):
            for number in numbers:
                passages = index.passages(number)
                kept = [i for i, p in enumerate(passages) if p.section not in _repeats(language)]
                if not kept:
                    continue
                shares = wanted.shares([passages[i].text for i in kept])
                cosine = np.zeros_like(shares)
                if wanted.vectors is not None:
                    cosine = wanted.vectors @ index.catalogue.vectors([index.catalogue.passage_ids(number)[i] for i in kept]).T
                best = (weights[1] * cosine + weights[2] * shares).argmax(axis=1)
                for row, column in enumerate(best):
                    yield Row(is_test(document.number), kind, float(cosine[row, column]), float(shares[row, column]))


def _repeats(language: str) -> tuple[str, ...]:
    return ("claims",) if language == "zh" else ("claims", "abstract", "summary")


def _has_text(document: PatentDocument, language: str) -> bool:
    return bool(document.abstract) if language == "zh" else sum(len(s.paragraphs) for s in document.sections) > 5


def coverage(directory: str) -> None:
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score

    with PatentIndex(directory) as index:
        for language, name, weights in (("en", "BOTH", BOTH), ("en", "VECTORS", VECTORS), ("zh", "TERMS", TERMS), ("en", "TERMS", TERMS)):
            found = list(rows(index, language, weights))
            if not found:
                continue
            columns = [i for i, w in enumerate(weights[1:]) if w]
            x = np.array([[(r.cosine, r.share)[c] for c in columns] for r in found])
            own = np.array([r.kind == "own" for r in found])
            test = np.array([r.test for r in found])
            model = LogisticRegression(C=100).fit(x[~test], own[~test])
            fitted = model.predict_proba(x[test])[:, 1]
            in_use = 1 / (1 + np.exp(-(weights[0] + x[test] @ np.array([weights[1:][c] for c in columns]))))
            print(f"{language} {name}: fitted {model.intercept_[0]:.2f} {np.round(model.coef_[0], 2)}, in use {weights}")
            kinds = np.array([r.kind for r in found])[test]
            for what, probability in (("fitted", fitted), ("in use", in_use)):
                print(f"  {what:7} AUC {roc_auc_score(own[test], probability):.3f}, {test.sum()} on the test half")
                for verdict, threshold in (("present", PRESENT), ("partly and better", PARTLY)):
                    print(f"    {verdict:18}" + "  ".join(f"{k} {np.mean(probability[kinds == k] >= threshold):.3f}" for k in KINDS))
            bins = [(in_use >= low) & (in_use < low + 0.2) for low in (0, 0.2, 0.4, 0.6, 0.8)]
            print("  reliability  " + "  ".join(f"{in_use[b].mean():.2f}: {own[test][b].mean():.2f} ({b.sum()})" for b in bins if b.any()))


def like(directory: str) -> None:
    by_inventor: dict[str, set[str]] = collections.defaultdict(set)
    for path in sorted((DATA / "us_applications").glob("part-*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for row in map(json.loads, lines):
                for inventor in row["authors"]:
                    by_inventor[inventor].add(row["id"])
    with PatentIndex(directory) as index:
        documents = {d.number: d for d in index.catalogue.documents()}
        gold: dict[str, set[str]] = collections.defaultdict(set)
        for numbers in by_inventor.values():
            for one, other in itertools.permutations(sorted(numbers & documents.keys()), 2):
                gold[one].add(other)
        print(f"{len(gold)} documents, {sum(map(len, gold.values()))} others with an inventor in common")
        forms: dict[str, Callable[[PatentDocument], list[str]]] = {
            "title": lambda d: [d.title],
            "claim 1": lambda d: [d.claims[0].text if d.claims else d.title],
            "title, abstract": lambda d: [f"{d.title}\n{d.abstract}"],
            "title, abstract, claim 1": lambda d: ["\n".join([d.title, d.abstract, *(c.text for c in d.claims[:1])])],
            "title, abstract + claim 1": lambda d: [f"{d.title}\n{d.abstract}", *(c.text for c in d.claims[:1])],
        }
        for name, form in forms.items():
            started, ranks = time.perf_counter(), []
            for number in sorted(gold):
                scores: dict[str, float] = collections.defaultdict(float)
                for query in form(documents[number]):
                    for hit in index.search_documents(query, 60):
                        scores[hit.number] += 1 / (60 + hit.rank)
                order = [n for n in sorted(scores, key=lambda n: -scores[n]) if n != number]
                ranks.append([order.index(n) + 1 if n in order else 10**9 for n in gold[number]])
            took = (time.perf_counter() - started) / len(gold)
            mrr = np.mean([1 / min(r) for r in ranks])
            recall = {k: np.mean([np.mean([rank <= k for rank in r]) for r in ranks]) for k in (3, 10)}
            print(f"{name:28} MRR {mrr:.3f}  recall@3 {recall[3]:.3f}  recall@10 {recall[10]:.3f}  {1000 * took:.0f} ms")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["coverage", "like"])
    parser.add_argument("index", help="an index directory: of the question collection for coverage, of the US applications for like")
    given: Any = parser.parse_args()
    (coverage if given.what == "coverage" else like)(given.index)


if __name__ == "__main__":
    main()
