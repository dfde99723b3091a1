"""The sentences of one document that answer a question, by its terms alone: no index, no encoder, no language model.

As in `assistant.evidence`, a sentence is worth the share of the question's terms that it holds, each by its rarity, and a smaller part of the
share that its paragraph holds. Rarity is that within the document; a term that the document does not have is as rare as can be. Where the
languages differ, a term counts as held where one of its translations is.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.grounding.checking import RELATIONS
from assistant.tasks.orders import orders
from assistant.tasks.parts import Part
from index.quantity import asked_quantity, gives_quantity
from index.query import understand
from index.terms import terms
from ingest.document import Citation
from ingest.sentences import sentences

NEAR = 0.85
"""The share of the best score from which on a sentence is taken beside the best one."""
ALIKE = 0.7
"""The share of common terms from which on a sentence says the same as one that was taken."""
FEWEST_HELD = 2
"""Terms of the question that a sentence must hold, where it has so many, and as many besides words for being and having, …"""
APART = 6
"""… and how far apart they may stand: within a stretch of so many terms for each of them besides the first."""
_FEWEST = 3
"""Terms of a sentence that can be read alone."""


@dataclass(frozen=True)
class Found:
    """A sentence, and the shares of the question's weight that it holds, and that its paragraph and heading hold, each 0 to 1; and how many of
    the question's terms it holds."""

    citation: Citation
    held: float
    around: float
    terms: int

    @property
    def score(self) -> float:
        return self.held + 0.4 * self.around


def searched(question_language: str, language: str) -> bool:
    """Whether texts in a language can be searched by the terms of a question in another one: within one language, and between English and
    Chinese."""
    return question_language == language or {question_language, language} == {"en", "zh"}


def select(parts: Sequence[Part], question: str, language: str) -> list[Found]:
    """Sentences of a document in `language`, best first; where a quantity is asked for, only those that give one."""
    query = understand(question, (), (language,))
    own = list(query.readings[0].weights)
    telling = [term for term in own if term not in RELATIONS]
    fewest, fewest_telling = min(FEWEST_HELD, len(own)), min(FEWEST_HELD, len(telling))
    crossing = query.language != language
    ways = {term: {term, *(query.renderings(term) if crossing else ())} for term in own}
    texts = [set(terms(f"{part.heading}\n{part.text}")) for part in parts]
    weights = {}
    for term, some in ways.items():
        spread = sum(not some.isdisjoint(held) for held in texts)
        weights[term] = math.log(1 + (len(texts) - spread + 0.5) / (spread + 0.5))
    total = sum(weights.values()) or 1.0

    def share(held: set[str]) -> float:
        return sum(weight for term, weight in weights.items() if not ways[term].isdisjoint(held)) / total

    kind = asked_quantity(question)
    found = []
    for part, held in zip(parts, texts, strict=True):
        around = share(held)
        for sentence in sentences(part.text) if around else ():
            said = terms(sentence)
            count = sum(not some.isdisjoint(said) for some in ways.values())
            if count < fewest or sum(not ways[term].isdisjoint(said) for term in telling) < fewest_telling:
                continue
            if len(said) < _FEWEST or orders(sentence) or (kind and not gives_quantity(sentence, kind)):
                continue
            if _apart(said, ways) <= APART * max(1, count - 1):
                found.append(Found(Citation(anchor=part.id, quote=sentence), share(set(said)), around, count))
    return sorted(found, key=lambda each: -each.score)


# Constant and weights of `around` and `terms`, for questions in the document's language and others: the logistic regression of
# benchmarks/question_table.py on the development questions.
NATIVE = (-4.36, 6.64, 1.58)
CROSSED = (-2.56, 0.07, 3.42)
FOUND = 0.4
"""The probability from which on sentences are shown, …"""
ANSWERED = 0.6
"""… and from which on they count as the answer and not as a part of it, where the best one holds …"""
TELLING = 3
"""… so many of the question's terms: a sentence with the two of a short question is right half of the time."""


def answer_probability(found: Sequence[Found], crossing: bool) -> float:
    """The calibrated probability that the document answers the question, from the best sentence."""
    if not found:
        return 0.0
    constant, around, count = CROSSED if crossing else NATIVE
    return 1 / (1 + math.exp(-constant - around * found[0].around - count * found[0].terms))


def _apart(said: Sequence[str], ways: Mapping[str, set[str]]) -> int:
    """The length of the shortest stretch of terms that holds each term of the question that the whole holds."""
    places = [(place, term) for place, each in enumerate(said) for term, some in ways.items() if each in some]
    wanted, last, shortest = {term for _, term in places}, dict[str, int](), len(said)
    for place, term in places:
        last[term] = place
        if len(last) == len(wanted):
            shortest = min(shortest, place - min(last.values()) + 1)
    return shortest


def best(found: Sequence[Found], most: int) -> list[Found]:
    """The best sentence, and those nearly as good that say something else."""
    chosen: list[Found] = []
    for each in found:
        if len(chosen) == most or each.score < NEAR * found[0].score:
            break
        said = set(terms(each.citation.quote))
        if all(len(said & (other := set(terms(c.citation.quote)))) < ALIKE * min(len(said), len(other)) for c in chosen):
            chosen.append(each)
    return chosen
