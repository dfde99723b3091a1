"""References against a claim: single ones that cover most of its features (novelty), pairs that cover them together (obviousness).

Candidates are the documents that the whole claim and each of its features find, fused by reciprocal rank; each is then held against
every feature (`coverage`); one that has none of them is no reference.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import partial
from itertools import combinations
from typing import Any

from pydantic import model_serializer

from assistant.prior_art.asked import Asked, others
from assistant.prior_art.coverage import Coverage, Wanted, cover, expected_share, prepare
from assistant.prior_art.features import Feature, features
from index.filter import Filter
from index.hit import Hit
from index.patent_index import PatentIndex
from index.searching import Mode
from ingest.document import Frozen, PatentDocument
from ingest.language import detect_language

CANDIDATES = 30
"""Documents that are held against every feature."""
_DEPTH = 100
"""Passages that each side finds for the whole claim and for each feature."""
_WHOLE = 3.0
"""How much more the whole claim counts than one feature, among the candidates."""
_K = 60
"""Of the reciprocal ranks (index/fusion.py)."""


class Reference(Frozen):
    """One document against a claim. `share` is the expected share of the features that it discloses; `day` is when it was published, or
    filed where that is unknown (`dated` says which)."""

    rank: int
    number: str
    title: str
    day: date | None
    dated: str
    share: float
    coverages: tuple[Coverage, ...]

    @model_serializer
    def _record(self) -> dict[str, Any]:
        """What programs read: {rank, number, title, date, dated, share, features: [{label, text, verdict, score, anchor, quote}]}."""
        return {
            "rank": self.rank,
            "number": self.number,
            "title": self.title,
            "date": self.day.isoformat() if self.day else None,
            "dated": self.dated,
            "share": round(self.share, 4),
            "features": _rows(self.coverages),
        }


class Pair(Frozen):
    """Two documents that together cover more features than the better of them alone, `first`. `coverages` has the better of both for each
    feature, `adds` the labels of those that `second` brings."""

    rank: int
    first: Reference
    second: Reference
    share: float
    coverages: tuple[Coverage, ...]
    adds: tuple[str, ...]

    @model_serializer
    def _record(self) -> dict[str, Any]:
        """What programs read: {rank, numbers, titles, dates, share, adds, features: [{label, text, verdict, score, anchor, quote}]}."""
        both = (self.first, self.second)
        return {
            "rank": self.rank,
            "numbers": [r.number for r in both],
            "titles": [r.title for r in both],
            "dates": [r.day.isoformat() if r.day else None for r in both],
            "share": round(self.share, 4),
            "adds": list(self.adds),
            "features": _rows(self.coverages),
        }


def _rows(coverages: Sequence[Coverage]) -> list[dict[str, Any]]:
    return [
        {
            **c.feature.model_dump(),
            "verdict": c.verdict,
            "score": round(c.score, 4),
            "anchor": c.citation.anchor if c.citation else None,
            "quote": c.citation.quote if c.citation else None,
        }
        for c in coverages
    ]


def wanted_by(index: PatentIndex, asked: Asked) -> Wanted:
    """The features of the claim asked about, ready to be compared. Raises ClaimError where there is no such claim."""
    wanted = features(asked.claims, asked.claim, asked.name)
    return prepare(wanted, asked.language or detect_language(" ".join(f.text for f in wanted)), index)


def held_against(index: PatentIndex, wanted: Wanted, documents: Iterable[str | PatentDocument]) -> list[Reference]:
    """Each of the documents, numbers of the index or any others, against the features; those that cover most first. Raises NotInIndexError."""
    found = []
    for each in documents:
        document = each if isinstance(each, PatentDocument) else index.document(each)
        covered = tuple(c.at_paragraph(document) for c in cover(wanted, each, index))
        day, dated = (document.dates.publication, "published") if document.dates.publication else (document.dates.filing, "filed")
        share = expected_share(covered)
        found.append(
            Reference(rank=0, number=document.number, title=document.title, day=day, dated=dated if day else "", share=share, coverages=covered)
        )
    return ranked(found)


def ranked(found: Iterable[Reference]) -> list[Reference]:
    """Those that cover most first."""
    return [r.model_copy(update={"rank": rank}) for rank, r in enumerate(sorted(found, key=lambda r: -r.share), start=1)]


def references(index: PatentIndex, asked: Asked, where: Filter, wanted: Wanted | None = None) -> list[Reference]:
    """The candidates for the claim asked about, those that cover most first; `wanted` are its features, where they are ready. Raises ClaimError
    where there is no such claim."""
    wanted = wanted or wanted_by(index, asked)
    found = held_against(index, wanted, _candidates(index, asked, wanted.features, where))
    return ranked(r for r in found if any(c.verdict != "absent" for c in r.coverages))


def pairs(found: Sequence[Reference]) -> list[Pair]:
    """All pairs of references in which the second improves the verdict on some feature, those that cover most first."""
    made = []
    for first, second in combinations(sorted(found, key=lambda r: r.rank), 2):
        better = [ORDER[b.verdict] > ORDER[a.verdict] for a, b in zip(first.coverages, second.coverages, strict=True)]
        if any(better):
            both = tuple(max(a, b, key=lambda c: c.score) for a, b in zip(first.coverages, second.coverages, strict=True))
            adds = tuple(c.feature.label for c, is_better in zip(both, better, strict=True) if is_better)
            made.append(Pair(rank=0, first=first, second=second, share=expected_share(both), coverages=both, adds=adds))
    made.sort(key=lambda p: -p.share)
    return [p.model_copy(update={"rank": rank}) for rank, p in enumerate(made, start=1)]


ORDER = {"unchecked": 0, "absent": 0, "partly": 1, "present": 2}
"""Verdicts, the better the greater."""


def _candidates(index: PatentIndex, asked: Asked, wanted: Sequence[Feature], where: Filter) -> list[str]:
    scores: dict[str, float] = {}
    modes: tuple[Mode, ...]
    whole = "\n".join(f.text for f in wanted)
    for query, weight in ((whole, _WHOLE), *((f.text, 1.0) for f in wanted)):
        modes = ("lexical", "dense") if index.understand(query).trust > 0 else ("lexical",)
        for mode in modes:
            hits = others(partial(_search, index, query, where, mode), _DEPTH, asked, index)
            for rank, number in enumerate(dict.fromkeys(h.number for h in hits), start=1):
                scores[number] = scores.get(number, 0.0) + weight / (_K + rank)
    return sorted(scores, key=lambda n: -scores[n])[:CANDIDATES]


def _search(index: PatentIndex, query: str, where: Filter, mode: Mode, depth: int) -> list[Hit]:
    return index.search(query, depth, where, mode=mode)
