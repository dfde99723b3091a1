"""The answerer that needs no language model: it selects the sentences that answer, and quotes them.

Each sentence of the best passages is scored by how much of the question's information it holds (terms weighted by their
rarity in the index), by its meaning (cosine to the question, where the encoder reads the language), and by the rank of
its passage. Whether the collection answers the question at all is a calibrated probability over the same measures
(`benchmarks/answerability.py` fits and tests it); below the threshold the answer is `not_found`.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assistant.answer import Answer, Statement
from assistant.law import NAMED
from assistant.question import Question
from index.hit import Hit
from index.patent_index import PatentIndex
from index.quantity import asked_quantity, gives_quantity
from index.terms import terms
from ingest.document import Citation
from ingest.sentences import sentence_spans

MODEL = "evidence"
PASSAGES = 8
CHARACTERS = 2400
"""Of sentences that are compared with the question by meaning; what they cost in time is their length."""
MAX_STATEMENTS = 3
GLOSSED_WEIGHT = 0.5
"""Of a sentence's cosine to a question that the encoder reads by its gloss alone."""
_ABOUT_PLACES = re.compile(
    r"\b(?:IPC|CPC|class(?:es|ified|ification)?|symbols?|places?|groups?|subclass(?:es)?|codes?|belongs?|fall|covers?)\b|分类号|国际专利分类|分类|属于|哪个|号",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Candidate:
    """A sentence of a hit: the quotation, and its measures, each 0 to 1."""

    hit: Hit
    quote: str
    coverage: float
    """Share of the question's term weight that stands in the sentence."""
    around: float
    """The same for its passage with the title."""
    similarity: float
    """Cosine of sentence and question; 0 where the encoder does not read the language."""
    quantity: bool
    """Gives a quantity of the kind that is asked for; true where none is asked."""

    @property
    def score(self) -> float:
        return 0.45 * self.coverage + 0.25 * self.around + 0.6 * self.similarity + (0.15 if self.quantity else 0.0) + 0.3 / (2 + self.hit.rank)


def candidates(question: str, hits: Sequence[Hit], index: PatentIndex) -> list[Candidate]:
    """The sentences of the first hits, scored, best first."""
    query = index.understand(question)
    weights = index.term_weights(query.readings[0].weights)
    total = sum(weights.values()) or 1.0
    renderings = {t: {t, *query.renderings(t)} for t in weights}

    def share(text: str) -> float:
        held = set(terms(text))
        return sum(w for t, w in weights.items() if not held.isdisjoint(renderings[t])) / total

    kind = asked_quantity(question)
    found: list[tuple[Hit, str, float, float]] = []
    for hit in hits[:PASSAGES]:
        around = share(f"{hit.title}\n{hit.passage.heading}\n{hit.passage.text}")
        for quote in [hit.passage.text] if hit.passage.section == "scheme" else _quotes(hit.passage.text):
            found.append((hit, quote, share(quote), around))
    gives = {q: kind is None or gives_quantity(q, kind) for _, q, _, _ in found}
    found.sort(key=lambda f: -(f[2] + f[3] / 2 + 0.2 / (1 + f[0].rank) + (0.3 if gives[f[1]] else 0.0)))
    lengths = np.cumsum([len(quote) for _, quote, _, _ in found])
    found = found[: max(8, int(np.searchsorted(lengths, CHARACTERS)))]
    similarities = (1.0 if query.native else GLOSSED_WEIGHT) * index.similarities(query, [q for _, q, _, _ in found])
    scored = [
        Candidate(hit, quote, coverage, around, max(0.0, float(similarity)), gives[quote])
        for (hit, quote, coverage, around), similarity in zip(found, similarities, strict=True)
    ]
    return sorted(scored, key=lambda c: -c.score)


def _quotes(text: str) -> list[str]:
    """The sentences that can be quoted alone: a short one goes with the next, a list keeps its lead."""
    quotes: list[str] = []
    start: int | None = None
    for first, end in sentence_spans(text):
        if start is None and end - first < 8 and text[first:end].isascii() and text[first:end].isalpha():
            continue  # "and" on a line of its own, between the parts of a claim
        start = first if start is None else start
        if end - start >= 25 or (not text[start:end].isascii() and end - start >= 8):
            quotes.append(text[start:end])
            start = None
    if start is not None and text[start:].strip():
        quotes.append(text[start:].strip())
    return quotes


def measures(hits: Sequence[Hit], found: Sequence[Candidate]) -> list[float]:
    """What the probability that the question is answered is computed from, each about 0 to 1: the best late interaction, cosine and
    share of BM25 of the first passages, and the share of the question's term weight in the best passage."""

    def best(name: str) -> float:
        return max((h.scores.get(name, 0.0) for h in hits[:5]), default=0.0)

    return [best("late"), best("dense"), best("lexical"), max(c.around for c in found)]


# Constant and weights of `measures`, for questions in a language that the encoder reads itself and for others: the logistic
# regression of benchmarks/answerability.py on the development questions.
NATIVE = (-7.81, 7.23, 7.47, 0.0, 0.0)
GLOSSED = (-5.21, 5.98, 2.48, 7.78, 0.2)
FOUND = 0.4
"""From here on quotations are shown, …"""
ANSWERED = 0.6
"""… and from here on they count as the answer and not as a part of it."""


def answer_probability(measured: Sequence[float], native: bool) -> float:
    """The calibrated probability that passages with these measures answer the question."""
    constant, *weights = NATIVE if native else GLOSSED
    return 1 / (1 + math.exp(-constant - sum(w * m for w, m in zip(weights, measured, strict=True))))


def answer_from_evidence(question: Question, hits: Sequence[Hit], index: PatentIndex) -> Answer:
    """Quotations that answer the question, or `not_found`. Claims and articles that the question names are quoted whole."""
    nothing = Answer(question=question.text, status="not_found", hits=tuple(hits), model=MODEL)
    named = [h for h in hits if h.passage.section == "claims" and int(h.anchor.rpartition("#c")[2] or 0) in question.claims]
    if not question.numbers:
        named += [h for h in hits if NAMED in h.scores]
    if named:
        return nothing.model_copy(update={"status": "answered", "statements": tuple(_statement(h, h.passage.text, True) for h in named)})
    if question.scheme and hits and hits[0].passage.section == "scheme":
        return _places(question, hits, nothing)
    found = candidates(question.topic, hits, index)
    fitting = [c for c in found if c.quantity]
    if not fitting:
        return nothing.model_copy(update={"missing": _missing(question, hits)})
    probability = answer_probability(measures(hits, found), index.understand(question.text).native)
    if probability < FOUND:
        return nothing.model_copy(update={"missing": _missing(question, hits)})
    answered = probability >= ANSWERED
    statements = tuple(_statement(c.hit, c.quote, answered) for c in _choose(fitting))
    return nothing.model_copy(update={"status": "answered" if answered else "partly", "statements": statements})


_LACKS = {"en": ("a passage with {}", "a passage that gives the {}", ", "), "zh": ("含有{}的段落", "给出相应数值的段落", "、")}


def _missing(question: Question, hits: Sequence[Hit]) -> str:
    """What an answer would need: the words of the question that no passage of its language holds, or the quantity that it asks for."""
    holds, gives, comma = _LACKS["zh" if question.language == "zh" else "en"]
    texts = [f"{h.title}\n{h.passage.text}" for h in hits if h.passage.language == question.language]
    held = {t for text in texts for t in terms(text)}
    words = [w for run in re.findall(r"[A-Za-z][\w-]+|[一-鿿]+", question.topic) for w in ([run] if run.isascii() else terms(run))]
    lacking = [w for w in dict.fromkeys(words) if (own := set(terms(w))) and not own & held]
    kind = asked_quantity(question.text)
    if texts and lacking:
        return holds.format(comma.join(f"“{w}”" for w in lacking[:4]))
    return gives.format(kind) if kind and not any(gives_quantity(text, kind) for text in texts) else ""


def _places(question: Question, hits: Sequence[Hit], nothing: Answer) -> Answer:
    """The places that the question names, or else those whose own title holds what it asks about."""
    asked = set(terms(_ABOUT_PLACES.sub(" ", question.topic)))
    exact = [h for h in hits if any(h.title.startswith(f"{s} ") for s in question.symbols)]
    if exact:
        return nothing.model_copy(update={"status": "answered", "statements": tuple(_statement(h, h.passage.text, True) for h in exact)})
    shares = [(len(asked & set(terms(h.title))) / (len(asked) or 1), h) for h in hits]
    best = max((share for share, _ in shares), default=0.0)
    if best < 0.5:
        return nothing
    chosen = [h for share, h in shares if share >= best][:MAX_STATEMENTS]
    status = "answered" if best >= 0.99 else "partly"
    return nothing.model_copy(update={"status": status, "statements": tuple(_statement(h, h.passage.text, status == "answered") for h in chosen)})


def _statement(hit: Hit, quote: str, answered: bool) -> Statement:
    return Statement(text=quote, verdict="supported" if answered else "weak", citations=(Citation(anchor=hit.anchor, quote=quote),))


def _choose(found: Sequence[Candidate]) -> list[Candidate]:
    """The best sentence, and those nearly as good that say something else; the best first."""
    chosen: list[Candidate] = []
    for each in found:
        if each.score < found[0].score * 0.82 or len(chosen) == MAX_STATEMENTS:
            break
        mine = set(terms(each.quote))
        if all(len(mine & set(terms(c.quote))) < 0.7 * min(len(mine), len(set(terms(c.quote)))) for c in chosen):
            chosen.append(each)
    return chosen
