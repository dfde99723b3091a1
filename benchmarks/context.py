"""What to embed with a passage that its citation does not hold: python benchmarks/context.py [papers|questions] [--documents N]

Today's context is the title of the document and the heading of the section (`index.writing.embedded_text`). Measured against it,
with the default encoder and exact search over its vectors, without terms and without reranking: no context, the title alone,
and for a dependent claim the preamble of the independent claim that it goes back to.

papers       934 applications, each by its claims 1 to 20 alone, cut to passages. The query is the title of the inventors' scientific
             paper, or its title and abstract; the application scores as its best passage. The title of an application gives
             it away here, so that only the rows without a title are a fair test of claims.
questions    The answerable English questions of questions/development.jsonl: whether a gold anchor is among the first hits, in all
             documents with an answer and N others of the English collection. The default encoder reads no Chinese; the dense
             side has no part in Chinese questions, and they are left out.

Below each mean stands the difference to today's context, below that the one to no context, with the 95 % interval of 10,000
paired bootstrap samples of the queries.
"""

import argparse
import gzip
import json
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from collection import DATA, documents

from index.encoder import Encoder, Vectors, load_encoder
from ingest import Claim, PatentDocument, read
from ingest.anchor import covers
from ingest.claims.claim_parts import claim_parts
from ingest.passages import Passage, cut

QUESTIONS = Path(__file__).parent / "questions" / "development.jsonl"
CLAIMS = 20
PREAMBLE_CHARACTERS = 120
"""As many as of a title."""
TODAY = "title + heading"
NOTHING = "nothing"
Pieces = list[tuple[Passage, PatentDocument]]


def preamble(passage: Passage, document: PatentDocument) -> str:
    """The beginning of the preamble of the independent claim to which a dependent claim goes back by its first references; else ""."""
    if passage.section != "claims":
        return ""
    number = passage.anchor.partition("#c")[2].partition("-")[0]
    claim = document.claim(int(number))
    if claim is None or claim.independent:
        return ""
    while claim.depends_on:
        parent: Claim | None = document.claim(claim.depends_on[0])
        if parent is None or parent.number >= claim.number:
            break
        claim = parent
    return "" if claim.depends_on else claim_parts(claim.text, document.language).preamble.strip(" ,:\n")[:PREAMBLE_CHARACTERS]


def title(_: Passage, document: PatentDocument) -> str:
    return document.title[:120]


def title_and_heading(passage: Passage, document: PatentDocument) -> str:
    if passage.section in ("scheme", "title") and not passage.heading:
        return ""
    heading = f" - {passage.heading}" if passage.heading and len(passage.heading) < 60 else ""
    return title(passage, document) + heading


def title_heading_and_preamble(passage: Passage, document: PatentDocument) -> str:
    return "\n".join(filter(None, (title_and_heading(passage, document), preamble(passage, document))))


VARIANTS: dict[str, Callable[[Passage, PatentDocument], str]] = {
    NOTHING: lambda _, __: "",
    "preamble": preamble,
    "title": title,
    TODAY: title_and_heading,
    TODAY + " + preamble": title_heading_and_preamble,
}


class Vectorizer:
    """The vectors of texts; none is encoded twice, so that the variants share what they have in common."""

    def __init__(self, encoder: Encoder) -> None:
        self.encoder = encoder
        self._known: dict[str, Vectors] = {}

    def __call__(self, texts: Sequence[str]) -> Vectors:
        fresh = [t for t in dict.fromkeys(texts) if t not in self._known]
        if fresh:
            self._known.update(zip(fresh, self.encoder.encode(fresh), strict=True))
        return np.stack([self._known[t] for t in texts])

    def passages(self, pieces: Pieces, variant: str) -> Vectors:
        """(n, d) vectors of the passages, each after its context."""
        return self([f"{context}\n{p.text}" if (context := VARIANTS[variant](p, d)) else p.text for p, d in pieces])


def cut_all(some: Sequence[PatentDocument], encoder: Encoder) -> Pieces:
    return [(p, d) for d in some for p in cut(d, encoder.count_tokens, encoder.info.window)]


def report(name: str, measures: dict[str, dict[str, np.ndarray]]) -> None:
    """`measures`: by variant, by measure, the value of each query."""
    columns = list(measures[NOTHING])
    count = len(measures[NOTHING][columns[0]])
    samples = np.random.default_rng(0).integers(0, count, (10_000, count))
    print(f"\n{name}: {count} queries\n{'':28}" + "".join(f"{c:>28}" for c in columns))
    for variant, values in measures.items():
        print(f"{variant:28}" + "".join(f"{values[c].mean():>28.3f}" for c in columns))
        for base in (TODAY, NOTHING):
            if base == variant or base not in measures:
                continue
            cells = []
            for column in columns:
                difference = values[column] - measures[base][column]
                low, high = np.percentile(difference[samples].mean(axis=1), [2.5, 97.5])
                cells.append(f"{difference.mean():+.3f} ({low:+.3f} to {high:+.3f})")
            print(f"{'  less ' + base:28}" + "".join(f"{c:>28}" for c in cells))


def by_rank(ranks: np.ndarray) -> dict[str, np.ndarray]:
    """Measures of queries with one right document each, from its ranks, the first of which is 1."""
    return {"hit@1": ranks == 1, "recall@10": ranks <= 10, "nDCG@10": np.where(ranks <= 10, 1 / np.log2(ranks + 1), 0.0)}


def as_numbers(measures: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    return {name: values.astype(np.float64) for name, values in measures.items()}


def papers(vectorizer: Vectorizer) -> None:
    applications = [d for d in read(sorted((DATA / "us_applications").glob("part-*.jsonl.gz"))) if isinstance(d, PatentDocument)]
    pieces = cut_all([d.model_copy(update={"abstracts": {}, "sections": (), "claims": d.claims[:CLAIMS]}) for d in applications], vectorizer.encoder)
    numbers = list(dict.fromkeys(d.number for _, d in pieces))
    starts = [0] + [i for i in range(1, len(pieces)) if pieces[i][0].number != pieces[i - 1][0].number]
    with gzip.open(DATA / "us_applications" / "paper_queries.jsonl.gz", "rt", encoding="utf-8") as lines:
        queries = [json.loads(line) for line in lines]
    gold = np.array([numbers.index(q["patent_id"]) for q in queries])
    asked = {
        "title of the paper": vectorizer([q["paper_title"] for q in queries]),
        "title and abstract of the paper": vectorizer([f"{q['paper_title']}\n{q['paper_abstract']}" for q in queries]),
    }
    print(f"{len(numbers)} applications, {len(pieces):,} passages, {sum(bool(preamble(*p)) for p in pieces):,} with a preamble from elsewhere")
    found: dict[str, dict[str, dict[str, np.ndarray]]] = {name: {} for name in asked}
    for variant in VARIANTS:
        if variant == "title":
            continue  # claims stand under no heading: it is today's
        vectors = vectorizer.passages(pieces, variant)
        for name, query in asked.items():
            scores = np.maximum.reduceat(query @ vectors.T, starts, axis=1)
            right = scores[np.arange(len(gold)), gold]
            found[name][variant] = as_numbers(by_rank(1 + (scores > right[:, None]).sum(axis=1)))
    for name, measures in found.items():
        report(f"Papers to claims, {name}", measures)


def questions(vectorizer: Vectorizer, others: int) -> None:
    rows = [json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    rows = [r for r in rows if r["answerable"] and r["language"] == "en" and not r["id"].startswith("x")]
    wanted = {anchor.partition("#")[0] for r in rows for anchor in r["gold"]}
    english = [d for d in documents() if d.language == "en"]
    rest = [d for d in english if d.number not in wanted]
    spread = rest[:: max(1, len(rest) // others)][:others] if others else []  # evenly over the files
    chosen = [d for d in english if d.number in wanted] + spread
    pieces = cut_all(chosen, vectorizer.encoder)
    print(f"{len(chosen)} documents, {len(pieces):,} passages, {sum(bool(preamble(*p)) for p in pieces):,} with a preamble from elsewhere")
    right = [{p.anchor for p, d in pieces if any(covers(p.anchor, g, d) for g in r["gold"] if g.partition("#")[0] == d.number)} for r in rows]
    asked = vectorizer([r["question"] for r in rows])
    found: dict[str, dict[str, np.ndarray]] = {}
    for variant in VARIANTS:
        ranks = []
        for order, anchors in zip(np.argsort(-(asked @ vectorizer.passages(pieces, variant).T), axis=1), right, strict=True):
            distinct = list(dict.fromkeys(pieces[i][0].anchor for i in order[:1000]))  # the parts of a long paragraph share its anchor
            ranks.append(next((rank for rank, anchor in enumerate(distinct, start=1) if anchor in anchors), 10**6))
        at = np.array(ranks)
        found[variant] = as_numbers({"hit@1": at == 1, "hit@5": at <= 5, "hit@10": at <= 10, "reciprocal rank": 1 / at})
    report("Questions to passages", found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("part", nargs="?", choices=["papers", "questions"])
    parser.add_argument("--documents", type=int, default=0, help="so many documents without an answer among the questions'")
    options = parser.parse_args()
    vectorizer = Vectorizer(load_encoder())
    if options.part != "questions":
        papers(vectorizer)
    if options.part != "papers":
        questions(vectorizer, options.documents)


if __name__ == "__main__":
    main()
