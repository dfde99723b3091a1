"""What a query is to the index: terms with weights for the lexical sides, and how far the encoder can be trusted with it."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from index.bilingual import translations
from index.reading import for_encoder, reads, trust
from index.terms import terms
from ingest.language import detect_language

TRANSLATED = 0.7
"""How far what is found by translated terms counts, against what is found by the query's own."""
LIKELY = 0.1
LONG = 24
"""Different terms."""
_OTHER = {"en": "zh", "zh": "en"}


@dataclass(frozen=True)
class Reading:
    """One way to put a query into terms: as it is written, or translated. `trust` is how far its matches count, 0 to 1."""

    weights: Mapping[str, float]
    trust: float = 1.0


@dataclass(frozen=True)
class Query:
    """`text` as it was asked, `encoded` what the encoder is given for it, `trust` how far its cosines count, 0 to 1; `native` says whether
    the encoder reads the query itself."""

    text: str
    language: str
    encoded: str
    readings: tuple[Reading, ...]
    native: bool
    trust: float

    @property
    def long(self) -> bool:
        """Whether it is as long as a claim or an abstract, and not a question."""
        return len(self.readings[0].weights) > LONG

    def renderings(self, term: str) -> list[str]:
        """The terms of the other language that one of the query's may stand for."""
        return [other for other, probability in _translations(term, self.language) if probability >= LIKELY]


def understand(text: str, readable: Sequence[str], present: Collection[str]) -> Query:
    """A query for an encoder that reads the languages `readable` and an index of documents in those that are `present`."""
    language = detect_language(text)
    own = Counter(terms(text))
    readings = [Reading(own)]
    if _OTHER.get(language) in present and (other := _translated(own, language)):
        readings.append(Reading(other, TRANSLATED))
    return Query(text, language, for_encoder(text, language, readable), tuple(readings), reads(language, readable), trust(text, language, readable))


def _translated(own: Mapping[str, float], language: str) -> dict[str, float]:
    """The terms of the other language, each with the probability that it translates one of the query's: a probabilistic structured
    query (Darwish and Oard, SIGIR 2003)."""
    weights: dict[str, float] = {}
    for term, count in own.items():
        for other, probability in _translations(term, language):
            weights[other] = weights.get(other, 0.0) + count**0.5 * probability
    return weights


def _translations(term: str, language: str) -> list[tuple[str, float]]:
    return translations(term, "zh" if language == "zh" else "en") if language in _OTHER else []
