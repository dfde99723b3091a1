"""Claim charts: how long they take, whether the nearest reference is the right one, and how many cells are right to a reader.

`python benchmarks/claim_chart.py speed INDEX` charts first claims of about twenty features against what the index has from before their priority:
in one process, and each in a fresh one, where opening the index and loading the encoder count.

`python benchmarks/claim_chart.py nearest INDEX` names references and asks which is nearest. Own description: the document's own description,
without claims, abstract and summary, given as a file under another number beside the four documents nearest to the claim and four
random ones. Own paper: title and abstract of the paper by the same inventors (`us_applications/paper_queries`) beside nine others. Of the
test half of the documents (by a hash of the number; `assistant/prior_art/coverage.py` was fitted on the other).

`python benchmarks/claim_chart.py numbers INDEX` counts the features with numbers that are present in the document's own description and in near
documents, with and without the limit for passages that have other numbers.

`python benchmarks/claim_chart.py cells INDEX` draws cells of retrieval charts of documents of the test half, of features with four terms or
more, and prints them to be judged by hand, with the feature, the quotation, and what else of the reference comes nearest to it. Judgements
stand in `claim_chart_judged.jsonl` (document, reference, label, anchor, verdict, and `read`, the verdict of the reader), and
`python benchmarks/claim_chart.py judged` counts them.
"""

import argparse
import collections
import gzip
import json
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from assistant.claims.chart import ClaimChart, claim_chart
from assistant.prior_art import coverage
from assistant.prior_art.coverage import Coverage, cover, disclosure, prepare
from assistant.prior_art.features import Feature, features
from benchmarks.collection import DATA
from benchmarks.prior_art import is_test
from index import PatentIndex
from index.filter import Filter
from index.terms import terms
from ingest import PatentDocument

JUDGED = Path(__file__).with_name("claim_chart_judged.jsonl")
CELLS = {"present": 30, "partly": 15, "absent": 15}
DOCUMENTS, SAMPLE, OTHERS, CHARTS, TERMS = 10, 60, 4, 12, 4


def charted(index: PatentIndex, least: int = 4, most: int = 24) -> list[PatentDocument]:
    """English documents with a date whose first claim has so many features, in an order that is always the same."""
    some = [d for d in index.catalogue.documents() if d.language == "en" and d.dates.filing and d.claims and d.claims[0].independent]
    some = sorted((d for d in some if least <= len(features(d.claims)) <= most), key=lambda d: d.number)
    random.Random(6).shuffle(some)
    return some


def speed(directory: str) -> None:
    with PatentIndex(directory) as index:
        counts = index.catalogue.counts()
        chosen = charted(index, 18, 22)[:CHARTS]
        _ = index.encoder
        claim_chart(index, chosen[0])
        warm, from_file = [], []
        for document in chosen:
            started = time.perf_counter()
            claim_chart(index, document)
            warm.append(time.perf_counter() - started)
            other = random.Random(document.number).choice(chosen)
            started = time.perf_counter()
            claim_chart(index, document, against=[other.model_copy(update={"number": "file"})])
            from_file.append(time.perf_counter() - started)
    print(f"{counts['documents']} documents, {counts['passages']:,} passages; {len(chosen)} claims of 18 to 22 features")
    once = (
        "import sys; from index import PatentIndex; from assistant.claims.chart import claim_chart\n"
        "with PatentIndex(sys.argv[1]) as index: claim_chart(index, index.document(sys.argv[2]))"
    )
    cold = []
    for document in chosen[:5]:
        started = time.perf_counter()
        subprocess.run([sys.executable, "-c", once, directory, document.number], check=True, cwd=Path(__file__).resolve().parents[1])
        cold.append(time.perf_counter() - started)
    for name, times in (("retrieval, warm", warm), ("retrieval, a fresh process", cold), ("one reference from a file, warm", from_file)):
        print(f"{name:34} median {statistics.median(times):.2f} s, longest {max(times):.2f} s")


def nearest(directory: str) -> None:
    with PatentIndex(directory) as index:
        chosen = [d for d in charted(index) if is_test(d.number)]
        described = [d for d in chosen if sum(len(s.paragraphs) for s in d.sections) > 5][:SAMPLE]
        report("own description", [own_description(index, d, described) for d in described])
        papers = own_papers(chosen)
        report("own paper", [own_paper(index, d, papers) for d in chosen if d.number in papers][:SAMPLE])


def report(name: str, found: list[tuple[bool, float, float]]) -> None:
    """(whether the right one is nearest, its share of the features, the greatest share of the others) of each document."""
    first, own, others = zip(*found, strict=True)
    print(f"{name:16} nearest in {np.mean(first):.1%} of {len(found)} charts; expected share {np.mean(own):.2f}, best other {np.mean(others):.2f}")


def described_by(document: PatentDocument) -> PatentDocument:
    """The description alone, without the summary, which repeats the claims."""
    sections = tuple(s for s in document.sections if s.kind != "summary")
    return document.model_copy(update={"number": "own", "claims": (), "translated_claims": {}, "abstracts": {}, "sections": sections})


def near_to(index: PatentIndex, document: PatentDocument) -> list[str]:
    hits = index.search(document.claims[0].text, 300, Filter(languages=("en",)), mode="lexical")
    return [n for n in dict.fromkeys(h.number for h in hits) if n != document.number][:OTHERS]


def own_description(index: PatentIndex, document: PatentDocument, described: list[PatentDocument]) -> tuple[bool, float, float]:
    own, near = described_by(document), near_to(index, document)
    apart = random.Random(document.number).sample([d.number for d in described if d.number not in (document.number, *near)], OTHERS)
    return of_own(claim_chart(index, document, against=[own, *near, *apart]))


def own_papers(documents: list[PatentDocument]) -> dict[str, PatentDocument]:
    numbers = {d.number for d in documents}
    with gzip.open(DATA / "us_applications" / "paper_queries.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [row for row in map(json.loads, lines) if row["patent_id"] in numbers]
    return {
        row["patent_id"]: PatentDocument(
            number=f"paper-{row['patent_id']}", language="en", titles={"en": row["paper_title"]}, abstracts={"en": row["paper_abstract"]}
        )
        for row in rows
    }


def own_paper(index: PatentIndex, document: PatentDocument, papers: dict[str, PatentDocument]) -> tuple[bool, float, float]:
    apart = random.Random(document.number).sample(sorted(papers.keys() - {document.number}), 9)
    own = papers[document.number].model_copy(update={"number": "own"})
    return of_own(claim_chart(index, document, against=[own, *(papers[n] for n in apart)]))


def of_own(chart: ClaimChart) -> tuple[bool, float, float]:
    share = {r.number: r.share for r in chart.references}
    return chart.nearest == "own", share.pop("own"), max(share.values())


def numbers(directory: str) -> None:
    limit, counts = coverage.OTHER_NUMBERS, collections.Counter[tuple[str, float]]()
    with PatentIndex(directory) as index:
        chosen = [d for d in charted(index) if sum(len(s.paragraphs) for s in d.sections) > 5]
        told = [(d, [f for f in features(d.claims) if any(c.isdigit() for c in f.text)]) for d in chosen]
        for document, some in [each for each in told if each[1]][:SAMPLE]:
            wanted = prepare(some, "en", index)
            for kind, references in (("own", [described_by(document)]), ("near", near_to(index, document))):
                for reference in references:
                    for coverage.OTHER_NUMBERS in (1.0, limit):
                        covered = cover(wanted, reference, index)
                        counts[kind, coverage.OTHER_NUMBERS] += sum(c.verdict == "present" for c in covered)
                        counts[kind, 0.0] += len(covered) if limit == coverage.OTHER_NUMBERS else 0
    for kind in ("own", "near"):
        print(f"{kind:4} {counts[kind, 0.0]} features with numbers; present {counts[kind, 1.0]} without the limit, {counts[kind, limit]} with it")


def cells(directory: str) -> None:
    with PatentIndex(directory) as index:
        drawn = collections.Counter[str]()
        for number, (document, reference, cell) in enumerate(draw(index), start=1):
            if drawn[cell.verdict] >= CELLS[cell.verdict]:
                continue
            drawn[cell.verdict] += 1
            print(f"\n=== {number} {document.number} {reference} {cell.feature.label} {cell.verdict} {cell.score:.2f}")
            print(f"of: {document.title}\nin: {index.catalogue.title(reference)}\nfeature: {cell.feature.text}")
            if cell.citation:
                print(f"quoted: {cell.citation.anchor}: {cell.citation.quote}")
            for text in likest(index, cell.feature, reference):
                print(f"  likest: {text}")
        print(f"\ndrawn: {dict(drawn)}")


def draw(index: PatentIndex) -> Iterator[tuple[PatentDocument, str, Coverage]]:
    """Cells in rounds, one of each verdict of each document a round."""
    chosen: list[dict[str, list[tuple[PatentDocument, str, Coverage]]]] = []
    for document in charted(index):
        if is_test(document.number) and len(chosen) < DOCUMENTS:
            chart = claim_chart(index, document)
            found = [(document, r.number, c) for r in chart.references for c in r.coverages if c.verdict in CELLS and telling(c.feature)]
            if sum(c.verdict == "present" for _, _, c in found) >= 3:
                random.Random(document.number).shuffle(found)
                chosen.append({v: [cell for cell in found if cell[2].verdict == v] for v in CELLS})
    for _ in range(max(CELLS.values())):
        for by_verdict in chosen:
            yield from (some.pop() for some in by_verdict.values() if some)


def telling(feature: Feature) -> bool:
    """Not "A device" or "the processor", which most documents have."""
    return len(set(terms(feature.text))) >= TERMS


def likest(index: PatentIndex, feature: Feature, number: str) -> list[str]:
    """What of the reference has most of the feature's terms, and what has the nearest vectors."""
    wanted = prepare([feature], "en", index)
    said = disclosure(number, index)
    shares = wanted.shares([p.text for p in said.passages])[0]
    cosines = (wanted.vectors @ said.vectors.T)[0] if wanted.vectors is not None and said.vectors is not None else shares
    best = dict.fromkeys([*np.argsort(-shares)[:1], *np.argsort(-cosines)[:2]])
    return [f"{said.passages[i].anchor} {' '.join(said.passages[i].text.split())[:400]}" for i in best]


def judged() -> None:
    with JUDGED.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    for verdict in CELLS:
        read = collections.Counter(row["read"] for row in rows if row["verdict"] == verdict)
        print(f"{verdict:8} {read[verdict]} of {read.total()} right; read as {', '.join(f'{v} {n}' for v, n in read.most_common())}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["speed", "nearest", "numbers", "cells", "judged"])
    parser.add_argument("index", nargs="?", default="", help="an index directory of US applications and grants")
    given: Any = parser.parse_args()
    if given.what == "judged":
        judged()
    else:
        {"speed": speed, "nearest": nearest, "numbers": numbers, "cells": cells}[given.what](given.index)


if __name__ == "__main__":
    main()
