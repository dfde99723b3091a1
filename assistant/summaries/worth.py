"""What sentences and terms are worth for an abstract-length summary, by features whose weights were learned.

Learned on the development halves of the US applications of boschresearch/Pap2Pat (CC-BY), whole and with their claims alone, and of the
Chinese documents of KPPatent-ZH (MIT; title and claims): for sentences a ridge regression of how much of the abstract they say, for terms
a logistic regression of whether the abstract has them. No feature is a word, so that the weights serve any language;
`python benchmarks/summaries.py --learn` makes `weights.json`.
"""

import json
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np

from assistant.summaries.candidates import Candidate
from assistant.summaries.covering import TermSpace, Vector
from assistant.summaries.wording import INVENTION, matches
from index.terms import terms

WEIGHTS = Path(__file__).with_name("weights.json")
SENTENCE = (
    "constant",
    "centre",
    "claims",
    "first_claim",
    "title",
    "invention",
    "early_in_section",
    "early_in_document",
    "length",
    "cut",
    "linked",
    "figure",
    "signs",
    "field",
    "background",
    "summary",
    "description",
    "is_first_claim",
    "is_first_claim_alone",
    "is_independent",
    "is_dependent",
    "share_of_first_claim",
    "share_of_document",
)
TERM = (
    "constant",
    "frequency",
    "share_of_sentences",
    "title",
    "first_claim",
    "first_claim_alone",
    "independent_claims",
    "dependent_claims",
    "invention",
    "field",
    "background",
    "summary",
    "claims",
    "places",
    "short",
)


@lru_cache(maxsize=1)
def weights() -> dict[str, Vector]:
    """The learned weights of `SENTENCE` and `TERM`, under `sentence` and `term`."""
    said = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    return {name: np.array([said[name][feature] for feature in features]) for name, features in (("sentence", SENTENCE), ("term", TERM))}


def about_the_invention(candidate: Candidate, language: str) -> bool:
    """Whether a sentence says by its words that it is about the invention as such."""
    return matches(INVENTION, candidate.text, language)


def quality(features: Vector) -> Vector:
    """Of each sentence, from (sentences, features): about how much of an abstract it says, 0 to 1."""
    return features @ weights()["sentence"]


def term_worth(features: Vector) -> Vector:
    """Of each term, from (terms, features): the probability that an abstract has it."""
    return np.asarray(1 / (1 + np.exp(-(features @ weights()["term"]))))


def sentence_features(found: Sequence[Candidate], space: TermSpace, title: str, language: str) -> Vector:
    """(sentences, features)."""
    columns: dict[str, Vector] = {}
    independent = [candidate for candidate in found if candidate.independent]
    first = independent[0] if independent else None
    claim, named = space.has(first.terms if first else ()), space.has(terms(title))
    centre = np.asarray(space.vectors.sum(axis=0)).ravel()
    claimed = space.has([term for candidate in independent for term in candidate.terms])
    alone = all(candidate.kind == "claims" for candidate in found)
    in_claim = claim * space.weights
    columns["constant"] = np.ones(len(found))
    columns["centre"] = space.vectors @ _unit(centre)
    columns["claims"] = space.vectors @ _unit(claimed)
    columns["first_claim"] = space.vectors @ _unit(claim)
    columns["title"] = space.rows @ named / max(1.0, float(named.sum()))
    columns["share_of_first_claim"] = space.rows @ in_claim / max(1e-12, float(in_claim.sum()))
    columns["share_of_document"] = np.sqrt(np.minimum(1, space.rows @ space.weights))
    columns["early_in_document"] = 1 / (1 + np.arange(len(found)) / 10)
    columns["invention"] = _flags(about_the_invention(c, language) for c in found)
    columns["early_in_section"] = np.array([1 / (1 + c.order) for c in found])
    columns["length"] = np.log1p([c.size for c in found]) / np.log1p(max((c.size for c in found), default=1))
    for name in ("cut", "linked", "figure", "signs"):
        columns[name] = _flags(getattr(c, name) for c in found)
    for kind in ("field", "background", "summary", "description"):
        columns[kind] = _flags(c.kind == kind for c in found)
    columns["is_first_claim"] = _flags(c is first for c in found)
    columns["is_first_claim_alone"] = columns["is_first_claim"] * alone
    columns["is_independent"] = _flags(c.independent and c is not first for c in found)
    columns["is_dependent"] = _flags(c.kind == "claims" and not c.independent for c in found)
    return np.column_stack([columns[name] for name in SENTENCE])


def term_features(found: Sequence[Candidate], space: TermSpace, title: str, language: str) -> Vector:
    """(terms, features)."""
    columns: dict[str, Vector] = {}
    every = space.spread(range(len(found)))
    independent = [i for i, c in enumerate(found) if c.independent]
    dependent = [i for i, c in enumerate(found) if c.kind == "claims" and not c.independent]
    columns["constant"] = np.ones(len(space.vocabulary))
    columns["frequency"] = np.log1p(every) / np.log1p(max(1.0, float(every.max(initial=0))))
    columns["share_of_sentences"] = every / max(1, len(found))
    columns["title"] = space.has(terms(title))
    columns["first_claim"] = np.minimum(1, space.spread(independent[:1]))
    columns["first_claim_alone"] = columns["first_claim"] * all(c.kind == "claims" for c in found)
    columns["independent_claims"] = space.spread(independent) / max(1, len(independent))
    columns["dependent_claims"] = np.minimum(1, space.spread(dependent) / 5)
    columns["invention"] = np.minimum(1, space.spread([i for i, c in enumerate(found) if about_the_invention(c, language)]) / 3)
    for kind in ("field", "background", "summary"):
        columns[kind] = np.minimum(1, space.spread([i for i, c in enumerate(found) if c.kind == kind]))
    columns["claims"] = space.spread([*independent, *dependent]) / max(1, len(independent) + len(dependent))
    columns["places"] = columns["field"] + columns["background"] + columns["summary"] + columns["first_claim"]
    columns["short"] = _flags(term.isascii() and len(term) <= 3 for term in space.vocabulary)
    return np.column_stack([columns[name] for name in TERM])


def _unit(vector: Vector) -> Vector:
    length = float(np.linalg.norm(vector))
    return vector / length if length else vector


def _flags(values: Iterable[bool]) -> Vector:
    return np.fromiter((float(value) for value in values), dtype=np.float64)
