"""Summaries without a language model: sentences of the document, word for word, that together say what it says."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from assistant.errors import AssistantError
from assistant.summaries.candidates import Candidate, SectionRead, candidates, clipped, language_of
from assistant.summaries.covering import TermSpace, Vector, choose
from assistant.summaries.summary import NAMES, Length, Name, Note, SectionCoverage, Summary, SummaryPart, SummarySentence
from assistant.summaries.wording import ADVANTAGE, OWN, matches
from assistant.summaries.worth import about_the_invention, quality, sentence_features, term_features, term_worth
from assistant.tasks.key_information import by_rules
from assistant.tasks.parts import Part
from index.terms import terms
from ingest.anchor import text_at
from ingest.document import Citation, PatentDocument

QUALITY = 20.0
"""What a sentence's quality is worth, in terms."""
PRICE, PRICE_OF_A_CHARACTER = 0.12, 0.03
"""What a word costs, and a character of Chinese or Japanese."""
AGAIN, AGAIN_IN_A_PART = 0.4, 0.15
"""What a term is worth once it has been mentioned: an abstract repeats itself, a part need not."""
FLOOR = 0.45
"""No sentence of less than this share of the best one's quality fills up an abstract-length version. All but `AGAIN_IN_A_PART` were chosen on
the development halves that the weights were learned on."""
NOTHING = "the document has no abstract, claims or description to summarise"
_UNLIMITED = 10**9
_EXAMPLES = re.compile(
    r"\bexamples?\b|^\W*(?:\w+\s+)?embodiment\s*\d|^\W*(?:beispiel|exemple)|实施例\s*[\d一二三四五六七八九十]|実施例\s*[\d０-９]", re.IGNORECASE
)
_EMBODIMENT = re.compile(
    r"\b(?:in|according\s+to)\s+(?:one|another|some|an?|certain|other|various|alternative|preferred|the\s+\w+)\s.{0,40}\bembodiments?\b|\bexample\s+\d"
    r"|实施例\s*[\d一二三四五六七八九十]|(?:一|另一|某)些?(?:个|种)?(?:优选|可选|具体)?的?(?:实施例|实施方式)",
    re.IGNORECASE,
)
_FIELD = re.compile(
    r"\b(?:relates?|pertains?|directed|concerns?)\b.{0,20}\b(?:to|with|generally|in\s+general|methods?|a|an)\b|涉及|属于|betrifft|concerne",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class _Reading:
    """A document as it was read: its candidates, and what their terms and they themselves are worth."""

    language: str
    title: str
    length: Length
    found: list[Candidate]
    read: list[SectionRead]
    space: TermSpace
    worth: Vector
    quality: Vector

    @classmethod
    def of(cls, document: PatentDocument, length: Length, language: str = "") -> "_Reading":
        language = language or language_of(document)
        found, read = candidates(document, language, length.of("abstract", language))
        if not found and language != language_of(document):
            raise AssistantError(
                f"{document.number}: the document has no abstract or claims in {language!r}; name a language model that writes it, with --llm"
            )
        if not found:
            raise AssistantError(f"{document.number}: {NOTHING}")
        title = document.title if language == language_of(document) else document.titles.get(language, "")
        space = TermSpace.of(found)
        worth, good = term_worth(term_features(found, space, title, language)), quality(sentence_features(found, space, title, language))
        return cls(language, title, length, found, read, space, worth, good)

    def where(self, *kinds: str) -> list[int]:
        return [i for i, candidate in enumerate(self.found) if candidate.kind in kinds]

    def best(self, allowed: Iterable[int], most: int, budget: int = _UNLIMITED, again: float = AGAIN_IN_A_PART) -> list[int]:
        """Those that stand for the invention, by what abstracts are made of."""
        price = PRICE_OF_A_CHARACTER if self.language in ("zh", "ja") else PRICE
        return choose(self.space, self.found, list(allowed), self.worth, QUALITY * self.quality, price, again, budget, most)

    def covering(self, allowed: Sequence[int], most: int) -> list[int]:
        """Those that cover what all of `allowed` say, a term by the sentences there that have it. A word costs half of what it brings on average."""
        if not allowed:
            return []
        spread = np.log1p(self.space.spread(allowed))
        worth = spread / max(1e-12, float(spread.max(initial=0)))
        price = 0.5 * float((self.space.rows[np.asarray(allowed)] @ worth).sum()) / max(1, sum(self.found[i].size for i in allowed))
        manner = QUALITY * self.quality - np.array([c.linked + c.cut + c.figure for c in self.found], dtype=np.float64)
        return choose(self.space, self.found, allowed, worth, manner, price, AGAIN_IN_A_PART, _UNLIMITED, most)


def extractive(document: PatentDocument, length: Length | None = None, language: str = "") -> Summary:
    """The summary of a document of any length, in its own language, or of its abstract and claims in another one that it has them in.

    English and Chinese are read by their wording too; of other languages only the sections, places and terms are known, and the notes of
    the summary say so. Raises AssistantError where the document has no text besides a title, or none in `language`.
    """
    length = length or Length()
    reading = _Reading.of(document, length, language)
    language, found, title = reading.language, reading.found, reading.title
    gist = _gist(reading, title)
    abstract = _abstract(reading)
    parts = _parts(reading)
    head = gist[0] if gist else _first_of(reading, abstract)
    said = {i: _sentence(found[i].anchor, found[i].text, found[i].cut) for i in {head, *abstract, *(i for part in parts.values() for i in part)}}
    claims = [_again(found[i], document, length.of("claim", language), language) for i in parts["claimed"]]
    return Summary(
        number=document.number,
        title=title,
        language=language,
        how="extractive",
        gist=said[head] if gist else _again(found[head], document, length.of("gist", language), language),
        abstract=tuple(said[i] for i in abstract),
        parts=tuple(SummaryPart(name=name, sentences=tuple(claims if name == "claimed" else (said[i] for i in parts[name]))) for name in NAMES),
        coverage=tuple(_coverage(reading.read, found, set(said))),
        notes=tuple(_notes(document, reading, parts)),
    )


_ABOUT: dict[str, Name] = {"field": "field", "background": "problem", "summary": "solution", "abstract": "solution", "claims": "claimed"}


def chooser(document: PatentDocument, length: Length) -> Callable[[Collection[str], int], list[tuple[Name, SummarySentence]]]:
    """What chooses the best sentences of some paragraphs and claims (anchors), so many at most, each with the part that its section is about."""
    reading = _Reading.of(document, length)

    def choose_in(anchors: Collection[str], most: int) -> list[tuple[Name, SummarySentence]]:
        chosen = reading.best([i for i, c in enumerate(reading.found) if c.anchor in anchors], most)
        return [(_ABOUT.get(c.kind, "how_it_works"), _sentence(c.anchor, c.text, c.cut)) for c in (reading.found[i] for i in chosen)]

    return choose_in


def _gist(reading: _Reading, title: str) -> list[int]:
    """The sentence that says in one line what the invention is: one that names it, by its title."""
    named = set(terms(title))
    fit = [
        i
        for i, c in enumerate(reading.found)
        if named and len(named.intersection(c.terms)) >= len(named) / 2 and not (c.cut or c.linked or c.figure or c.signs)
    ]
    said = [i for i in fit if reading.found[i].independent or about_the_invention(reading.found[i], reading.language)]
    within = reading.length.of("gist", reading.language)
    return reading.best(said, 1, within) or reading.best([i for i in fit if reading.found[i].kind in ("field", "summary")], 1, within)


def _abstract(reading: _Reading) -> list[int]:
    """The abstract-length version. A dependent claim can't be read without its parent: it counts only where there is nothing else."""
    every = range(len(reading.found))
    whole = [i for i in every if reading.found[i].kind != "claims" or reading.found[i].independent]
    allowed = whole if len(whole) > 1 else list(every)
    floor = FLOOR * max(float(reading.quality[allowed].max()), 0.0)
    good = [i for i in allowed if reading.quality[i] >= floor] or allowed
    within = reading.length.of("abstract", reading.language)
    return reading.best(good, len(good), within, AGAIN) or reading.best(every, 1)


def _first_of(reading: _Reading, abstract: Sequence[int]) -> int:
    """What a gist is cut from where no sentence will do: the first claim, else the first sentence of the abstract-length version."""
    return next((i for i, candidate in enumerate(reading.found) if candidate.independent), abstract[0])


def _parts(reading: _Reading) -> dict[Name, list[int]]:
    """Positions of the sentences of each part. A sentence of the description stands in one part at most."""
    most = reading.length.sentences
    found, used = reading.found, set[int]()
    parts: dict[Name, list[int]] = {}

    def take(name: Name, chosen: Iterable[int]) -> None:
        parts[name] = sorted(chosen)
        used.update(parts[name])

    def free(positions: Iterable[int]) -> list[int]:
        return [i for i in positions if i not in used]

    told = [i for i, c in enumerate(found) if c.kind != "claims"]
    start = told[: max(10, len(told) // 20)]
    of_field = reading.where("field")
    take("field", reading.best(of_field or [i for i in start if _FIELD.search(found[i].text)], min(most, 2 if of_field else 1)))
    ahead = reading.where("field", "background", "summary")
    take("problem", _by_rules(reading, free(ahead or told), "problem"))
    take("advantages", _advantages(reading, free(reading.where("summary")), free(told), most))
    described = [i for i in told if found[i].kind in ("description", "drawings")]
    of_invention = [i for i in told if about_the_invention(found[i], reading.language) and found[i].kind != "background"]
    take("solution", reading.best(free(reading.where("summary")) or free(of_invention) or free(described), most))
    examples = [i for i in described if _EXAMPLES.search(found[i].heading) or _EMBODIMENT.search(found[i].text)]
    apart = set(examples)
    take("how_it_works", reading.covering(free(i for i in described if i not in apart) or free(described), most))
    take("embodiments", reading.covering(_one_a_section(reading, free(examples), most), most))
    take("claimed", _claims(reading, most))
    return parts


def _advantages(reading: _Reading, in_summary: Sequence[int], told: Sequence[int], most: int) -> list[int]:
    """The sentences of the summary section that rules and wording take for an advantage, else those of the description that say besides that
    they are about the invention."""

    def worded(positions: Sequence[int], *patterns: dict[str, re.Pattern[str]]) -> list[int]:
        return [i for i in positions if all(matches(each, reading.found[i].text, reading.language) for each in patterns)]

    first = _by_rules(reading, worded(in_summary, ADVANTAGE), "effect")
    rest = worded([i for i in told if reading.found[i].kind == "description"], ADVANTAGE, OWN) if not first else []
    return first or reading.best([i for i in rest if _by_rules(reading, [i], "effect")], most)


def _by_rules(reading: _Reading, allowed: Sequence[int], kind: Literal["problem", "effect"]) -> list[int]:
    """The sentences that the rules of key information find; only English and Chinese have rules."""
    if reading.language not in ("en", "zh"):
        return []
    parts = [Part(id=str(i), text=reading.found[i].text, kind=reading.found[i].kind, heading=reading.found[i].heading) for i in allowed]
    phrases = by_rules(parts, kind, reading.language)
    return [int(anchor) for anchor in dict.fromkeys(phrase.anchor for phrase in phrases)][: reading.length.sentences]


def _one_a_section(reading: _Reading, allowed: Sequence[int], most: int) -> list[int]:
    """Where there are sections enough, the best sentence of each, so that different embodiments are shown."""
    best: dict[int, int] = {}
    for i in allowed:
        section = reading.found[i].section
        if section not in best or reading.quality[i] > reading.quality[best[section]]:
            best[section] = i
    return sorted(best.values()) if len(best) >= most else list(allowed)


def _claims(reading: _Reading, most: int) -> list[int]:
    """The independent claims, the first among them; where there are more than `most`, those that cover them all."""
    independent = [i for i, candidate in enumerate(reading.found) if candidate.independent] or reading.where("claims")
    if len(independent) <= most:
        return independent
    return [independent[0], *reading.covering(independent[1:], most - 1)] if most > 1 else independent[:1]


def _sentence(anchor: str, quote: str, cut: bool) -> SummarySentence:
    return SummarySentence(text=" ".join(quote.split()) + ("…" if cut else ""), citations=(Citation(anchor=anchor, quote=quote),), cut=cut)


def _again(candidate: Candidate, document: PatentDocument, longest: int, language: str) -> SummarySentence:
    """A sentence from its beginning on, at another length; a claim up to its end where that fits."""
    text = text_at(document, candidate.anchor)
    end = len(text.rstrip()) if candidate.kind == "claims" else candidate.start + len(candidate.text)
    last = clipped(text, candidate.start, end, language, longest)
    return _sentence(candidate.anchor, text[candidate.start : last], last < end or (candidate.cut and candidate.kind != "claims"))


def _coverage(read: Sequence[SectionRead], found: Sequence[Candidate], drawn: set[int]) -> Iterator[SectionCoverage]:
    considered: dict[int, set[str]] = {}
    for candidate in found:
        considered.setdefault(candidate.section, set()).add(candidate.anchor)
    for place, section in enumerate(read):
        here = [found[i] for i in drawn if found[i].section == place]
        yield SectionCoverage(
            kind=section.kind,
            heading=section.heading,
            first=section.anchors[0],
            last=section.anchors[-1],
            units=len(section.anchors),
            units_considered=len(considered.get(place, ())),
            sentences=section.sentences,
            considered=section.considered,
            left_out=dict(sorted(section.left_out.items())),
            drawn_on=len(here),
            units_drawn_on=len({candidate.anchor for candidate in here}),
        )


def _notes(document: PatentDocument, reading: _Reading, parts: dict[Name, list[int]]) -> Iterator[Note]:
    if reading.language not in ("en", "zh"):
        yield Note(kind="by_terms", about=(reading.language,))
    quoted = {reading.found[i].anchor for i in parts["claimed"]}
    if missing := [c.anchor.partition("#")[2] for c in reading.found if c.independent and c.anchor not in quoted]:
        yield Note(kind="claims_not_quoted", about=tuple(missing))
    if empty := [name for name in NAMES if not parts[name]]:
        yield Note(kind="nothing_found", about=tuple(empty))
    if reading.language != language_of(document):
        yield Note(kind="in_translation", about=(language_of(document),))
    elif others := translations(document):
        yield Note(kind="translations", about=tuple(sorted(others)))


def translations(document: PatentDocument) -> set[str]:
    """The languages besides its own that a document has claims or an abstract in."""
    return {*document.translated_claims, *(language for language in document.abstracts if document.abstracts[language] != document.abstract)}
