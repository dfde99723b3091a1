"""The place of US patents in the IPC: python benchmarks/classification.py WORKDIR, and small WORKDIR

WORKDIR is that of benchmarks/retrieval.py, which makes the two indexes that this reads: nine tenths of `us_ipc`, and the entries of the IPC and
CPC. The other tenth is classified by title and abstract: by the vote of the ten nearest patents (by cosine), by a linear support vector machine on
TF-IDF, and by `assistant.classification`. Prints how often the first code is the first or among the first three, how often the first is any of the
patent's codes, and the expected calibration error over ten bins; draws WORKDIR/classification.png.

`small` fits the ranking that comes with the program, for indexes with few classified patents: on samples of a few hundred patents.
"""

import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from calibration import BINS, calibration_error
from retrieval_sets import load_sets, place, us_patents
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC

from assistant.classification import model as fitted
from assistant.classification.material import Material, Wording, material_of
from assistant.classification.model import LEVELS, Level, Model, joined
from assistant.classification.ranking import Ranking
from assistant.classification.store import Store
from index import PatentIndex, load_encoder
from ingest import PatentDocument

SAMPLES, SAMPLE = 6, (150, 300, 600)


def material(work: Path) -> Material:
    """The patents of one index and the scheme of the other."""
    with PatentIndex(work / "indexes" / "us-patents") as patents, PatentIndex(work / "indexes" / "schemes") as schemes:
        found, scheme = material_of(patents), material_of(schemes)
    found.entries, found.places, found.place_vectors = scheme.entries, scheme.places, scheme.place_vectors
    return found


def codes(document: PatentDocument, level: Level) -> list[str]:
    named = {"subclass": "subclass", "group": "main group"}[level]
    return [p for c in document.classifications if (p := place(c.symbol, named))]


def report(name: str, level: Level, ranked: Sequence[Sequence[str]], asked: Sequence[PatentDocument], p: np.ndarray | None = None) -> None:
    gold = [codes(d, level) for d in asked]
    first = np.array([r[:1] == g[:1] for r, g in zip(ranked, gold, strict=True)])
    three = np.mean([g[0] in r[:3] for r, g in zip(ranked, gold, strict=True)])
    any_code = np.mean([bool(r) and r[0] in g for r, g in zip(ranked, gold, strict=True)])
    error = "" if p is None else f"   calibration error {calibration_error(p, first):.3f}"
    print(f"{level:9} {name:34} first code at 1 {first.mean():.3f}   in 3 {three:.3f}   any code at 1 {any_code:.3f}{error}", flush=True)


def evaluate(work: Path) -> None:
    known = material(work)
    (retrieval_set,) = load_sets(["neighbours-subclass"])
    there = {d.number for d in retrieval_set.documents}
    asked = [d for d in us_patents() if d.number not in there and d.classifications and d.classifications[0].first]
    asked = [d for d in asked if codes(d, "subclass") and codes(d, "group")]
    wordings = [Wording.of(d) for d in asked]
    vectors = load_encoder().encode([w.whole for w in wordings])
    print(f"{len(known.numbers):,} patents to learn from, {len(asked):,} asked")
    nearest = np.argsort(-(vectors @ known.vectors.T), axis=1)[:, :10]
    for level in LEVELS:
        first = [s[0][:4] if level == "subclass" else next((each for each in s if len(each) > 4), "") for s in known.symbols]
        report("vote of ten neighbours", level, [[s for s, _ in Counter(first[i] for i in row).most_common()] for row in nearest], asked)
        vectorizer = TfidfVectorizer(sublinear_tf=True, ngram_range=(1, 2), min_df=2, stop_words="english")
        counted = vectorizer.fit_transform([w.whole for w in known.wordings])
        if level == "subclass":
            machine = LinearSVC(C=0.5).fit(counted, first)
            order = np.argsort(-machine.decision_function(vectorizer.transform([w.whole for w in wordings])), axis=1)[:, :3]
            report("TF-IDF, linear SVM", level, [[str(machine.classes_[i]) for i in row] for row in order], asked)
    started = time.monotonic()
    model = Model.fit(known)
    print(f"fitted in {time.monotonic() - started:.0f} s")
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(1, 2, figsize=(9, 4.4), layout="constrained")
    for axis, level in zip(axes, LEVELS, strict=True):
        found = [
            each
            for start in range(0, len(asked), 256)
            for each in model.probabilities(model.asked(wordings[start : start + 256], vectors[start : start + 256]), level)
        ]
        p = np.array([f[0][1] for f in found])
        report("assistant.classification", level, [[s for s, _ in f] for f in found], asked, p)
        right = np.array([f[0][0] == codes(d, level)[0] for f, d in zip(found, asked, strict=True)])
        bins = np.minimum((p * BINS).astype(int), BINS - 1)
        filled = [b for b in range(BINS) if (bins == b).sum() >= 5]
        axis.plot([0, 1], [0, 1], color="#999999", linewidth=1, linestyle="--")
        axis.plot([p[bins == b].mean() for b in filled], [right[bins == b].mean() for b in filled], marker="o", color="#1f5fa8")
        axis.set(title=f"{level}, {len(asked):,} patents", xlabel="probability given", ylabel="share that was right", xlim=(0, 1), ylim=(0, 1))
    figure.savefig(work / "classification.png", dpi=130)


def small(work: Path) -> None:
    """Fit the ranking that comes with the program to patents left out one at a time of samples of them."""
    known = material(work)
    chance = np.random.default_rng(0)
    samples: dict[Level, list[tuple[np.ndarray, np.ndarray]]] = {level: [] for level in LEVELS}
    for number in range(SAMPLES):
        rows = chance.choice(len(known.numbers), SAMPLE[number % len(SAMPLE)], replace=False)
        some = Material(
            [known.numbers[r] for r in rows], [known.wordings[r] for r in rows], [known.symbols[r] for r in rows],
            known.vectors[rows], known.entries, known.places, known.place_vectors,
        )  # fmt: skip
        model = Model.fit(some, few=0)
        for _, asked in model.left_out(some):
            for level, sample in model.samples(asked).items():
                samples[level].append(sample)
        print(f"sample {number + 1} of {SAMPLES}: {len(rows)} patents", flush=True)
    to = Store()
    for level in LEVELS:
        Ranking.fit(*joined(samples[level])).save(to, level)
    to.write(Path(fitted.__file__).with_name("ranking.npz"), "small samples of US patents")


if __name__ == "__main__":
    arguments = sys.argv[1:]
    if len(arguments) not in (1, 2) or arguments[0] in ("-h", "--help"):
        sys.exit(__doc__)
    small(Path(arguments[1])) if arguments[0] == "small" else evaluate(Path(arguments[0]))
