"""Retrieval, ours beside what it must be better than: PYTHONPATH=. python benchmarks/retrieval.py WORKDIR [--sets a,b] [--systems x,y] [--part test]

Prints one table of all sets (`retrieval_sets`) and systems (`retrieval_systems`) with the measures of `retrieval_metrics`, intervals of 95 % by
bootstrap over the queries, and for each set ours less the best single system (BM25, the encoder or LangChain alone, whichever has the largest
nDCG@10 on the same queries) with the interval of the paired difference; the last rows average over the sets. Writes
results.json with the values of every query, nDCG.png and recall.png into WORKDIR. What was encoded and indexed stays there, so that a
second run takes minutes. From Python, for choosing a ranking:

    systems = Systems(Path("work"))
    for each in load_sets(["title-claims"]):
        print(mean(measured(each, systems.rank("ours", each), "development"), "nDCG@10"))
"""

import argparse
import json
import sys
import time
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
from retrieval_metrics import MEASURES, Ranking, bootstrap_means, interval, measures, wins
from retrieval_plots import draw
from retrieval_sets import APPLICATION_PARTS, DESCRIBED, SETS, RetrievalSet, load_sets
from retrieval_systems import Systems

SYSTEMS = ("bm25s", "dense", "fusion", "langchain", "ours")
SINGLE = ("bm25s", "dense", "langchain")
WITH_INTERVAL = ("hit@1", "nDCG@10")
Values = dict[str, dict[str, float]]
"""By query id and measure."""


def in_part(retrieval_set: RetrievalSet, part: str) -> RetrievalSet:
    """The set with the queries of a part alone, or of `all`."""
    return replace(retrieval_set, queries=tuple(q for q in retrieval_set.queries if part in (q.part, "all")))


def measured(retrieval_set: RetrievalSet, rankings: Mapping[str, Ranking], part: str = "all") -> Values:
    """The measures of each query of a part."""
    return {q.id: measures(rankings[q.id], retrieval_set.relevance[q.id]) for q in in_part(retrieval_set, part).queries}


def mean(values: Values, measure: str) -> float:
    return float(np.mean([v[measure] for v in values.values()]))


def evaluate(retrieval_set: RetrievalSet, systems: Systems, names: Iterable[str], part: str) -> dict[str, Values]:
    """By system, the measures of each query of the part."""
    found: dict[str, Values] = {}
    asked = in_part(retrieval_set, part)
    bm25 = "bm25s"
    for name in names:
        started = time.perf_counter()
        if name in ("bm25s", "fusion"):
            bm25 = _better_bm25(retrieval_set, systems)
        if name == "fusion":
            systems.rank("dense", asked)
            rankings = systems.fuse(bm25, "dense", asked)
        else:
            rankings = systems.rank(bm25 if name == "bm25s" else name, asked)
        found[name] = measured(asked, rankings)
        as_whole = ", each document as one text" if name == "bm25s" and bm25 != name else ""
        print(f"{retrieval_set.name}, {name}{as_whole}: {time.perf_counter() - started:.0f} s", file=sys.stderr)
    return found


def _better_bm25(retrieval_set: RetrievalSet, systems: Systems) -> str:
    """The better on the development queries of passages and whole documents."""
    if retrieval_set.unit == "passage":
        return "bm25s"
    both = {name: mean(measured(retrieval_set, systems.rank(name, retrieval_set), "development"), "nDCG@10") for name in ("bm25s", "bm25s-whole")}
    return max(both, key=lambda name: both[name])


def best_single(by_system: Mapping[str, Values]) -> str:
    """The single system with the largest nDCG@10; "" where none was run."""
    return max((s for s in SINGLE if s in by_system), key=lambda s: mean(by_system[s], "nDCG@10"), default="")


HEAD = f"{'set':24}{'n':>5}  {'system':11}" + "".join(f"{m:>{27 if m in WITH_INTERVAL else 12}}" for m in MEASURES)


def rows(name: str, by_system: Mapping[str, Values]) -> Iterable[str]:
    """The rows of a set: one for each system, and ours against the best single one."""
    for i, (system, values) in enumerate(by_system.items()):
        cells = []
        for measure in MEASURES:
            cell = f"{mean(values, measure):.3f}"
            if measure in WITH_INTERVAL:
                low, high = interval([v[measure] for v in values.values()])
                cell += f" ({low:.3f} to {high:.3f})"
            cells.append(f"{cell:>{27 if measure in WITH_INTERVAL else 12}}")
        yield (f"{name:24}{len(values):>5}" if not i else " " * 29) + f"  {system:11}" + "".join(cells)
    if "ours" in by_system and (best := best_single(by_system)):
        yield " " * 31 + _compared(by_system["ours"], by_system[best], best)


def _compared(ours: Values, other: Values, name: str) -> str:
    mine, theirs = ({q: v["nDCG@10"] for q, v in some.items()} for some in (ours, other))
    differences = [mine[q] - theirs[q] for q in mine]
    low, high = interval(differences)
    better, same, worse = wins(mine, theirs)
    difference = float(np.mean(differences))
    verdict = "win" if low > 0 else "loss" if high < 0 else "even"
    relative = f"{difference / mean(other, 'nDCG@10'):+.1%}" if mean(other, "nDCG@10") else "-"
    return (
        f"ours less {name}: nDCG@10 {difference:+.3f} ({low:+.3f} to {high:+.3f}), relative {relative}, "
        f"better {better}, same {same}, worse {worse}: {verdict}"
    )


def averages(results: Mapping[str, Mapping[str, Values]], averaged: Iterable[str]) -> Iterable[str]:
    """Over the sets, nDCG@10: each system, the best single system of each set, and ours against that."""
    chosen = {name: results[name] for name in averaged if name in results}
    if not chosen:
        return
    common = [s for s in SYSTEMS if all(s in by_system for by_system in chosen.values())]
    yield f"\nnDCG@10, average over {len(chosen)} sets: {', '.join(chosen)}"
    samples: dict[str, np.ndarray] = {}
    for system in [*common, "best single"]:
        values = [by_system[best_single(by_system) if system == "best single" else system] for by_system in chosen.values() if best_single(by_system)]
        if len(values) == len(chosen):
            means = [bootstrap_means([v["nDCG@10"] for v in some.values()]) for some in values]  # the same queries of a set for all systems
            samples[system] = np.mean(means, axis=0)
            low, high = np.percentile(samples[system], [2.5, 97.5])
            yield f"{system:31}{np.mean([mean(some, 'nDCG@10') for some in values]):>8.3f} ({low:.3f} to {high:.3f})"
    if "ours" in samples and "best single" in samples:
        ratio = samples["ours"] / samples["best single"] - 1
        low, high = np.percentile(ratio, [2.5, 97.5])
        point = np.mean([mean(b["ours"], "nDCG@10") for b in chosen.values()]) / np.mean(
            [mean(b[best_single(b)], "nDCG@10") for b in chosen.values()]
        )
        yield f"{'ours over best single':31}{point - 1:>+8.1%} ({low:+.1%} to {high:+.1%})"
        at_least = sum(mean(b["ours"], "nDCG@10") >= mean(b[best_single(b)], "nDCG@10") - 1e-9 for b in chosen.values())
        yield f"{'sets where ours is at least equal':31} {at_least} of {len(chosen)}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("work", type=Path, metavar="WORKDIR")
    parser.add_argument("--sets", default=",".join(SETS), help=f"of {', '.join(SETS)}")
    parser.add_argument("--systems", default=",".join(SYSTEMS), help=f"of {', '.join(SYSTEMS)}")
    parser.add_argument("--part", default="test", choices=["development", "test", "all"])
    parser.add_argument(
        "--described", type=int, default=DESCRIBED, choices=range(1, APPLICATION_PARTS + 1), help="parts of the applications with description"
    )
    options = parser.parse_args()
    names, systems = options.sets.split(","), options.systems.split(",")
    if unknown := [*(set(names) - set(SETS)), *(set(systems) - set(SYSTEMS))]:
        parser.error(f"there is no {', '.join(unknown)}")
    options.work.mkdir(parents=True, exist_ok=True)
    run = Systems(options.work)
    results, averaged = {}, []
    print(HEAD, flush=True)
    for name in names:
        (each,) = load_sets([name], options.described)
        if each.averaged:
            averaged.append(name)
        results[name] = evaluate(each, run, systems, options.part)
        print(*rows(name, results[name]), sep="\n", flush=True)
    print(*averages(results, averaged), sep="\n")
    written = {"part": options.part, "described": options.described, "averaged": averaged, "values": results}
    (options.work / "results.json").write_text(json.dumps(written, ensure_ascii=False) + "\n", encoding="utf-8")
    draw(results, options.work)


if __name__ == "__main__":
    main()
