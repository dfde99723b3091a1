"""The reranker, from the shared data: PYTHONPATH=. python benchmarks/reranker.py train|evaluate WORKDIR [--base FOLDER] [--settings JSON]

train       a cross-encoder on the encoder's first fifty hits for the queries that may be learned from (`embedder.learnable`), and for the anchors of
            the embedder's own pairs among their positives: WORKDIR/reranker/model
evaluate    the encoder's first fifty hits as they are, and ranked again, on the part; with the milliseconds that a query takes. `--late`: by late
            interaction of the encoder's own token vectors (Khattab and Zaharia, "ColBERT", SIGIR 2020), which needs no training

What is ranked again is a document by its best passage, or a passage. The weight of the encoder's score beside the reranker's is chosen on the fifth
of the development half that is kept for choosing.
"""

import argparse
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
from embedder import Dense, _asked, corpus, learnable
from retrieval_metrics import Ranking, interval, measures
from retrieval_sets import RetrievalSet, load_sets

from finetune.retrieval.gathering import Gathered
from finetune.retrieval.ranked import Known, asked
from finetune.retrieval.reranker import FIRST, Ranked, lists, rerank, train
from finetune.retrieval.rescoring import lists_of
from finetune.retrieval.settings import SeededRanking
from index.encoder import PATENT_ENCODER, Encoder, load_encoder
from index.encoder.source import model_folder

SETS = ("title-claims", "paper-passages", "claim-support", "zh-title-claims", "en-zh-title", "zh-en-title", "questions-en", "questions-zh")
LEARNED = SETS[:6]
"""Of the questions nothing may be learned."""
PAIRS = (
    "title-claims en", "paper-claims", "paper-paragraph", "claim-paragraph", "title-abstract en", "sentence-text en", "abstract-claims en",
    "title-claims zh", "sentence-text zh", "keyphrases-abstract zh", "title-abstract en-zh", "title-abstract zh-en",
)  # fmt: skip
QUERIES, TEXTS = 600, 4000
"""Of each kind of pairs, at most."""
WEIGHTS = (0.0, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0)
SHOWN = 1500
"""Characters of a passage that the reranker is given at most; more than its window has."""
Hits = list[tuple[tuple[str, ...], str, float]]
"""Of each hit its keys, the text of its best passage, and its cosine."""


def first_hits(run: Dense, retrieval_set: RetrievalSet) -> dict[str, Hits]:
    """By query id, the first fifty of the encoder, best first."""
    collection = run.collection(retrieval_set)
    keys, starts = collection.items(retrieval_set)
    ends = [*starts[1:], len(collection.texts)]
    allowed = collection.allowed(retrieval_set)
    found = {}
    vectors = run.encoder.encode([q.text for q in retrieval_set.queries])
    for query, vector in zip(retrieval_set.queries, vectors, strict=True):
        scores = np.where(allowed, collection.vectors @ vector, -np.inf)
        best = np.maximum.reduceat(scores, starts)
        order = [i for i in np.argsort(-best, kind="stable")[:FIRST] if best[i] > -np.inf]
        passages = [int(starts[i] + np.argmax(scores[starts[i] : ends[i]])) for i in order]
        found[query.id] = [(keys[i], collection.texts[p][:SHOWN], float(best[i])) for i, p in zip(order, passages, strict=True)]
    return found


def learn(run: Dense, work: Path, base: Path, settings: SeededRanking) -> None:
    ranked = of_pairs(run, settings)
    for name in LEARNED:
        (each,) = load_sets([name], 1)
        each = replace(each, queries=tuple(q for q in each.queries if learnable(q.id)))
        hits = first_hits(run, each)
        relevant = [{text for keys, text, _ in hits[q.id] if each.relevance[q.id] & set(keys)} for q in each.queries]
        texts = [[text for _, text, _ in hits[q.id]] for q in each.queries]
        some = lists([q.text for q in each.queries], texts, lambda i, text, relevant=relevant: text in relevant[i], settings)  # type: ignore[misc]
        print(f"{name}: {len(some)} lists", flush=True)
        ranked += some
    train(base, ranked, work / "reranker", settings)


def of_pairs(run: Dense, settings: SeededRanking) -> list[Ranked]:
    """Lists from the pairs that the embedder learns from."""
    pairs = [p for p in corpus().pairs if p.kind in PAIRS]
    found = []
    for each in asked(pairs, pairs, Known(Gathered(pairs, [], [], [], {}, {}, {}, {})), QUERIES, TEXTS, settings.seed):
        some = lists_of(each, run.encoder.encode, settings)
        print(f"{each.kind}: {len(some)} lists", flush=True)
        found += some
    return found


class Late:
    """For each token of the query its best cosine to a token of the hit, averaged."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder

    def predict(self, pairs: list[tuple[str, str]], show_progress_bar: bool = False) -> np.ndarray:
        (asked,) = self._encoder.encode_query_tokens([pairs[0][0]])
        return np.array(
            [(asked @ t.T).max(axis=1).mean() if len(t) and len(asked) else 0.0 for t in self._encoder.encode_tokens([t for _, t in pairs])]
        )


def evaluate(run: Dense, model: object, part: str) -> None:
    scored = {p: _scored(run, model, p) for p in dict.fromkeys(("choosing", part))}
    weight = max(WEIGHTS, key=lambda w: np.mean([np.mean(_values(each, w)) for each, _ in scored["choosing"].values()]))
    print(f"weight {weight:g}\n| set | n | encoder | ranked again (95 %) | ms a query |\n|---|---|---|---|---|")
    means = []
    for name, (each, seconds) in scored[part].items():
        before, after = [_ndcg([keys for keys, _, _ in hits], relevant) for hits, _, relevant in each], _values(each, weight)
        low, high = interval(after)
        means.append((float(np.mean(before)), float(np.mean(after))))
        print(f"| {name} | {len(each)} | {means[-1][0]:.3f} | {means[-1][1]:.3f} ({low:.3f}-{high:.3f}) | {1000 * seconds / len(each):.0f} |")
    first, again = np.mean(means, axis=0)
    print(f"| mean | | {first:.3f} | {again:.3f} ({again / first - 1:+.1%}) | |")


Scored = list[tuple[Hits, np.ndarray, frozenset[str]]]


def _scored(run: Dense, model: object, part: str) -> dict[str, tuple[Scored, float]]:
    """By set, for each query its hits, the reranker's scores of them, and what is relevant; and the seconds that all took."""
    found = {}
    for name in SETS:
        (each,) = load_sets([name], 1)
        asked = _asked(each, part)
        hits = first_hits(run, asked)
        started = time.perf_counter()
        scores = [np.asarray(model.predict([(q.text, t) for _, t, _ in hits[q.id]], show_progress_bar=False)) for q in asked.queries]  # type: ignore[attr-defined]
        seconds = time.perf_counter() - started
        found[name] = [(hits[q.id], s, asked.relevance[q.id]) for q, s in zip(asked.queries, scores, strict=True)], seconds
    return found


class _Known:
    """Scores that are known stand for the model."""

    def __init__(self, scores: np.ndarray) -> None:
        self._scores = scores

    def predict(self, pairs: list[tuple[str, str]], show_progress_bar: bool = False) -> np.ndarray:
        return self._scores[: len(pairs)]


def _values(scored: Scored, weight: float) -> list[float]:
    found = []
    for hits, scores, relevant in scored:
        order = rerank(_Known(scores), "", [text for _, text, _ in hits], weight, [cosine for _, _, cosine in hits])
        found.append(_ndcg([hits[i][0] for i in order], relevant))
    return found


def _ndcg(ranking: Ranking, relevant: frozenset[str]) -> float:
    return measures(ranking, relevant)["nDCG@10"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=["train", "evaluate"])
    parser.add_argument("work", type=Path)
    parser.add_argument("--encoder", default=PATENT_ENCODER)
    parser.add_argument("--base", type=Path, help="whose weights the reranker starts from; the encoder's")
    parser.add_argument("--settings", default="{}", help="SeededRanking, as JSON")
    parser.add_argument("--late", action="store_true")
    parser.add_argument("--part", default="test", choices=["choosing", "development", "test"])
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    run = Dense(options.work, options.encoder)
    if options.command == "train":
        learn(run, options.work, options.base or model_folder(options.encoder), SeededRanking.model_validate_json(options.settings))
    else:
        evaluate(run, _model(options.work, options.encoder, options.late), options.part)


def _model(work: Path, encoder: str, late: bool) -> object:
    if late:
        return Late(load_encoder(encoder, languages=None if encoder == PATENT_ENCODER else ("en", "zh")))
    from sentence_transformers import CrossEncoder

    return CrossEncoder(str(work / "reranker" / "model"), device="cpu", local_files_only=True)


if __name__ == "__main__":
    main()
