"""Are two texts about the same thing, and which of four is: python benchmarks/matching.py [fit]

Pairs of texts of the same patent from the shared data: a paper and the application of its inventors (English), the abstract and the claims of a
patent (Chinese), and the abstract in both languages. Against each stand the pair with the nearest other patent (by BM25 on the true text) and
one with a patent at random. Four-way items have the true text among the three nearest others; in the last set the true one is another patent of
the same subgroup of the IPC, among patents of other subclasses, as near as there are. Halves by a hash of the first text's id: `fit`
prints the weights that are best on one half, the rest is measured on the other.

MoZIP's own PatentMatch items are not here. Published for them, in %, English and Chinese: MoZi-7B 25.8 and 29.0, Qwen2-7B 31.4 and 47.0 (with
retrieval 49.2 and 68.2), PatentGPT-1.0-Dense-70B 66.2 and 72.0, GLM-4-9B 66.4 and 65.0, GLM-4-9B with MemGraph 82.8 and 80.8. Chance is 25.
"""

import gzip
import json
import random
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from itertools import chain, islice

import bm25s
import numpy as np
from collection import DATA, keyphrase_documents
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from assistant import matching
from index import load_encoder
from index.terms import terms

NEAREST = 3


@dataclass
class Pairs:
    """`first[i]` and `second[i]` are texts of the same patent; `indexed[i]` is what the nearest other patents are found by."""

    name: str
    ids: list[str]
    first: list[str]
    second: list[str]
    indexed: list[str]
    places: list[str] | None = None
    """Where patents count as like: others of the same place are none of the nearest others."""

    @cached_property
    def test(self) -> np.ndarray:
        return np.array([blake2b(i.encode(), digest_size=4).digest()[0] % 2 == 1 for i in self.ids])

    @cached_property
    def bm25(self) -> bm25s.BM25:
        model = bm25s.BM25()
        model.index([terms(t) for t in self.second], show_progress=False)
        return model

    @cached_property
    def near(self) -> list[list[int]]:
        """Of each patent the nearest others of its own half."""
        model = bm25s.BM25()
        model.index([terms(t) for t in self.indexed], show_progress=False)
        found = []
        for i, text in enumerate(self.indexed):
            scores = model.get_scores(terms(text))
            order = (int(j) for j in np.argsort(-scores) if self.is_other(i, int(j)))
            found.append(list(islice(order, NEAREST)))
        return found

    def is_other(self, i: int, j: int) -> bool:
        alike = self.places is not None and self.places[i] == self.places[j]
        return bool(i != j and self.test[j] == self.test[i] and self.second[j] != self.second[i] and not alike)

    def scores_by_words(self, i: int) -> np.ndarray:
        words = [t for t in terms(self.first[i]) if t in self.bm25.vocab_dict]
        return self.bm25.get_scores(words) if words else np.zeros(len(self.second))


def papers() -> Pairs:
    applications = {}
    for part in range(4):
        for row in rows(f"us_applications/part-{part}.jsonl.gz"):
            applications[row["id"]] = f"{row['title']}\n{row['abstract']}"
    asked = [r for r in rows("us_applications/paper_queries.jsonl.gz") if r["patent_id"] in applications]
    second = [applications[r["patent_id"]] for r in asked]
    return Pairs(
        "paper - application, en", [r["patent_id"] for r in asked], [f"{r['paper_title']}\n{r['paper_abstract']}" for r in asked], second, second
    )


def claims() -> Pairs:
    found = [d for d in keyphrase_documents() if d.claims]
    second = ["\n".join(c.text for c in d.claims) for d in found]
    return Pairs("abstract - claims, zh", [d.number for d in found], [f"{d.title}\n{d.abstract}" for d in found], second, second)


def languages(chinese_first: bool) -> Pairs:
    found = [r for r in rows("cross_lingual/triples.jsonl.gz") if r["en"] and r["zh"]]
    texts = {language: [r[language].replace("|", "\n", 1) for r in found] for language in ("en", "zh")}
    first, second = ("zh", "en") if chinese_first else ("en", "zh")
    return Pairs(f"{first} - {second}", [r["id"] for r in found], texts[first], texts[second], texts["en"])


def titles(chinese_first: bool) -> Pairs:
    """The title and not the whole abstract in the first language, so that little stands in both."""
    pairs = languages(chinese_first)
    pairs.name = f"title {pairs.name}"
    pairs.first = [re.split(r"\n", t, maxsplit=1)[0] for t in pairs.first]
    return pairs


def subgroups() -> Pairs:
    """Two different patents of which the first code is the same subgroup; the others are of another subclass. Nothing is fitted to these."""
    by_symbol: dict[str, list[dict[str, str]]] = {}
    for row in rows("us_ipc/documents.jsonl.gz"):
        if row["ipc"] and row["abstract"]:
            by_symbol.setdefault(row["ipc"][0], []).append(row)
    twos = [(symbol, found[0], found[1]) for symbol, found in sorted(by_symbol.items()) if len(found) > 1 and found[0]["title"] != found[1]["title"]]
    texts = [[f"{two[n]['title']}\n{two[n]['abstract']}" for two in twos] for n in (1, 2)]
    return Pairs("same subgroup, en", [two[1]["id"] for two in twos], *texts, texts[1], [two[0][:4] for two in twos])


def rows(path: str) -> Iterator[dict[str, str]]:
    with gzip.open(DATA / path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def measures(pairs: Pairs, first: Sequence[matching.Text], second: Sequence[matching.Text]) -> dict[str, list[tuple[int, matching.Likeness]]]:
    chance = random.Random(0)
    kinds: dict[str, list[tuple[int, matching.Likeness]]] = {"same": [], "near": [], "random": []}
    for i in range(len(pairs.ids)):
        others = [j for j in range(len(pairs.ids)) if pairs.is_other(i, j)]
        for kind, j in (("same", i), ("near", pairs.near[i][0]), ("random", chance.choice(others))):
            kinds[kind].append((i, matching.likeness(first[i], second[j])))
    return kinds


def measured(all_pairs: Sequence[Pairs], fit: bool) -> None:
    encoder = load_encoder()
    samples: dict[bool, list[tuple[float, float, int]]] = {False: [], True: []}
    for pairs in all_pairs:
        read = matching.read([*pairs.first, *pairs.second], encoder)
        first, second = read[: len(pairs.ids)], read[len(pairs.ids) :]
        kinds = {} if pairs.places else measures(pairs, first, second)
        if fit:
            for kind, found in kinds.items():
                samples[first[0].language != second[0].language] += [(f.cosine, f.shared, int(kind == "same")) for i, f in found if not pairs.test[i]]
            continue
        if kinds:
            report_pairs(pairs, kinds)
        report_four(pairs, first, second)
    for across, sample in samples.items():
        if sample:
            x, y = np.array([s[:2] for s in sample]), np.array([s[2] for s in sample])
            model = LogisticRegression(C=100.0).fit(x, y)
            print("ACROSS" if across else "SAME", tuple(round(float(v), 2) for v in (model.intercept_[0], *model.coef_[0])), f"{len(y)} pairs")


def report_pairs(pairs: Pairs, kinds: dict[str, list[tuple[int, matching.Likeness]]]) -> None:
    kept = {kind: [f for i, f in found if pairs.test[i]] for kind, found in kinds.items()}
    for other in ("near", "random"):
        y = [1] * len(kept["same"]) + [0] * len(kept[other])
        line = f"{pairs.name:26} n {len(kept['same']):4} against {other:6}"
        for name in ("cosine", "shared", "probability"):
            line += f"   AUC by {name} {roc_auc_score(y, [getattr(f, name) for f in chain(kept['same'], kept[other])]):.3f}"
        said = [f.probability >= 0.5 for f in chain(kept["same"], kept[other])]
        print(line + f"   accuracy {np.mean(np.array(said) == np.array(y)):.3f}   found {np.mean(said[: len(kept['same'])]):.3f}", flush=True)


def report_four(pairs: Pairs, first: Sequence[matching.Text], second: Sequence[matching.Text]) -> None:
    right: dict[str, list[float]] = {"BM25": [], "encoder": [], "ours": []}
    for i in np.flatnonzero(pairs.test):
        options = [int(i), *pairs.near[i]]
        like = [matching.likeness(first[i], second[j]) for j in options]
        right["BM25"].append(chosen_first(pairs.scores_by_words(int(i))[options]))
        right["encoder"].append(chosen_first(np.array([each.cosine for each in like])))
        right["ours"].append(chosen_first(np.array([each.probability for each in like])))
    print(f"{pairs.name:26} n {len(right['ours']):4} one of four   " + "   ".join(f"{n} {np.mean(r):.3f}" for n, r in right.items()), flush=True)


def chosen_first(scores: np.ndarray) -> float:
    """1 where the first option scores best; its share where others score the same."""
    best = scores == scores.max()
    return float(best[0] / best.sum())


if __name__ == "__main__":
    if sys.argv[1:] not in ([], ["fit"]):
        sys.exit(__doc__)
    fit = sys.argv[1:] == ["fit"]
    measured([papers(), claims(), languages(False), languages(True), titles(False), titles(True), *([] if fit else [subgroups()])], fit)
