"""Questions over excerpts: the sentence that answers among sentences of the same document and of others that are like it, or without it."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from assistant.grounding.checking import check
from assistant.grounding.context import reading_order
from assistant.tasks.grounded_answer import GroundedGiven, GroundedReply, PointedStatement, Source
from assistant.tasks.quoted_answer import Quotation, QuotedReply, QuotedStatement
from assistant.tasks.task import Language, one_line
from finetune.instructions.collection import Collection, Item, Near
from finetune.instructions.questions.fact import Fact, facts_in
from finetune.instructions.settings import Questions
from index.terms import terms
from ingest.document import PatentDocument
from ingest.sentences import sentence_spans

MISSING = {"en": "A sentence that says {lack}.", "zh": "需要说明{lack}的句子。"}
CHINESE = 0.4
"""Characters of Chinese that say as much as one of English."""
_LONG = {"en": 240, "zh": 100}
"""Characters of a sentence that is said whole; of a longer one, the clause."""
_LONGEST = {"en": 900, "zh": 360}
_SAME_KIND = 2
_LIKE = 0.7
"""The share of the other excerpts that are those most like the questions."""
_RIGHT = 3
"""So many sentences at most answer a question."""


@dataclass(frozen=True)
class Unit:
    """A claim, paragraph or abstract with its sentences, each on one line, what they say, and their terms."""

    anchor: str
    text: str
    spans: tuple[tuple[int, int], ...]
    lines: tuple[str, ...]
    facts: tuple[tuple[Fact, ...], ...]
    terms: tuple[frozenset[str], ...]


@dataclass(frozen=True)
class Asked:
    """A question over excerpts. `right` are the sentences that answer it by number; `told` is what they say, and also what the sentence that was
    left out says where none answers."""

    fact: Fact
    lack: str
    given: GroundedGiven
    right: tuple[tuple[int, ...], ...]
    told: tuple[str, ...]

    def pointing(self) -> GroundedReply:
        if not self.right:
            return GroundedReply(statements=[], missing=self.missing())
        return GroundedReply(statements=[PointedStatement(sentences=list(n), text=t) for n, t in zip(self.right, self.told, strict=True)])

    def quoting(self) -> QuotedReply:
        if not self.right:
            return QuotedReply(statements=[], missing=self.missing())
        known = self.given.sentences()
        return QuotedReply(
            statements=[
                QuotedStatement(quotations=[Quotation(anchor=known[n - 1].anchor, quote=one_line(known[n - 1].quote)) for n in numbers], text=text)
                for numbers, text in zip(self.right, self.told, strict=True)
            ]
        )

    def missing(self) -> str:
        return MISSING[self.fact.language].format(lack=self.lack)

    def supported(self) -> bool:
        """Whether the checker of the assistant supports every statement."""
        known = self.given.sentences()
        passages = passages_of(self.given)
        return all(
            check(text, [known[n - 1] for n in numbers], passages, question=self.given.question).verdict == "supported"
            for numbers, text in zip(self.right, self.told, strict=bool(self.right))
        )


def passages_of(given: GroundedGiven) -> dict[str, str]:
    """The text that is shown at each anchor."""
    passages: dict[str, str] = {}
    for source in given.sources:
        passages[source.anchor] = f"{passages.get(source.anchor, '')}\n{source.text}"
    return passages


def units_of(document: PatentDocument, language: Language) -> list[Unit]:
    """Of the parts of a document in its own language, in reading order."""
    parts: list[tuple[str, str, int | None]] = [(f"{document.number}#abs", document.abstracts.get(language, ""), None)]
    parts += [(f"{document.number}#c{c.number}", c.text, c.number) for c in document.claims]
    parts += [
        (f"{document.number}#{s.part(p.number)}", p.text, None)
        for s in document.sections
        if s.kind not in ("law", "scheme", "cross_reference")
        for p in s.paragraphs
    ]
    found = []
    for anchor, text, claim in parts:
        spans = tuple(sentence_spans(text))
        lines = tuple(one_line(text[a:b]) for a, b in spans)
        if spans:
            facts = tuple(tuple(facts_in(line, language, claim)) for line in lines)
            found.append(Unit(anchor, text, spans, lines, facts, tuple(frozenset(terms(line)) for line in lines)))
    return found


@dataclass
class _Excerpts:
    """Pieces of units as they are chosen: the first and last sentence of each unit."""

    room: int
    taken: dict[str, tuple[Unit, int, int]] = field(default_factory=dict)
    others: list[Source] = field(default_factory=list)

    def add(self, unit: Unit, first: int, last: int) -> None:
        self.taken[unit.anchor] = (unit, first, last)
        self.room -= unit.spans[last][1] - unit.spans[first][0]


class Asking:
    """Makes the questions of one document."""

    def __init__(self, collection: Collection, item: Item, document: PatentDocument, language: Language, settings: Questions, seed: int) -> None:
        self.collection, self.item, self.document, self.language, self.settings = collection, item, document, language, settings
        self.random = random.Random(f"{seed} questions {document.number}")
        self.units = units_of(document, language)
        self.where: dict[str, list[tuple[Unit, int, Fact]]] = {}
        for unit in self.units:
            for n, some in enumerate(unit.facts):
                for fact in some:
                    self.where.setdefault(fact.question, []).append((unit, n, fact))

    def asked(self) -> Iterator[list[Asked]]:
        """Lists of questions over the same excerpts, `turns` of them at most."""
        chosen = self._chosen()
        turns = 1 if self.item.held_out else self.settings.turns
        for start in range(0, len(chosen), turns):
            if made := self._over_excerpts(chosen[start : start + turns]):
                yield made

    def _chosen(self) -> list[str]:
        """Questions of different kinds."""
        questions = [
            q
            for q, places in self.where.items()
            if len({u.lines[n] for u, n, _ in places}) <= _RIGHT and len(places[0][2].sentence) <= _LONGEST[self.language]
        ]
        self.random.shuffle(questions)
        kinds: dict[str, int] = {}
        subjects: dict[str, int] = {}
        chosen: list[str] = []
        for question in questions:
            fact = self.where[question][0][2]
            if (
                kinds.get(fact.kind, 0) < max(_SAME_KIND, self.settings.per_document // 4)
                and subjects.get(fact.subject, 0) < 2
                and len(chosen) < self.settings.per_document
            ):
                kinds[fact.kind] = kinds.get(fact.kind, 0) + 1
                subjects[fact.subject] = subjects.get(fact.subject, 0) + 1
                chosen.append(question)
        return chosen

    def _over_excerpts(self, questions: Sequence[str]) -> list[Asked]:
        answerable = {q: self.random.random() >= self.settings.unanswerable for q in questions}
        scale = CHINESE if self.language == "zh" else 1.0
        excerpts = _Excerpts(int(scale * self.random.uniform(self.settings.least, self.settings.most)))
        for question in questions:
            if answerable[question]:
                unit, n, _ = self.random.choice(self.where[question])
                self._take(excerpts, unit, n, answerable)
        self._fill(excerpts, answerable)
        sources = self._sources(excerpts)
        return [made for q in questions if (made := self._one(q, answerable[q], sources))]

    def _take(self, excerpts: _Excerpts, unit: Unit, n: int, answerable: dict[str, bool]) -> None:
        """The sentence with some of those around it."""
        if unit.anchor in excerpts.taken:
            _, first, last = excerpts.taken.pop(unit.anchor)
            excerpts.room += unit.spans[last][1] - unit.spans[first][0]
            low, high = min(first, n), max(last, n)
            if all(self._fits(unit.lines[i], answerable, unit.facts[i]) for i in range(low, high + 1)):
                excerpts.add(unit, low, high)
            else:
                excerpts.add(unit, first, last)
            return
        before, after = self.random.randint(0, 2), self.random.randint(0, 2)
        first = last = n
        while before and first > 0 and self._fits(unit.lines[first - 1], answerable, unit.facts[first - 1]):
            first, before = first - 1, before - 1
        while after and last + 1 < len(unit.lines) and self._fits(unit.lines[last + 1], answerable, unit.facts[last + 1]):
            last, after = last + 1, after - 1
        excerpts.add(unit, first, last)

    def _fits(self, line: str, answerable: dict[str, bool], facts: Sequence[Fact]) -> bool:
        """Whether a sentence may be shown: it answers none of the questions, or is known to answer one that may be answered."""
        if len(line) > _LONGEST[self.language]:
            return False
        for question, may in answerable.items():
            known = any(u.lines[n] == line for u, n, _ in self.where[question])
            if (known and not may) or (not known and self.where[question][0][2].might_answer(line, facts)):
                return False
        return True

    def _fill(self, excerpts: _Excerpts, answerable: dict[str, bool]) -> None:
        """Other excerpts, as long as there is room: most with the sentences that are most like the questions, some of other documents."""
        asked = {t for q in answerable for t in terms(q)}
        like = sorted((-max(len(asked & held) for held in u.terms), u.anchor, n) for n, u in enumerate(self.units) if u.anchor not in excerpts.taken)
        places = [n for _, _, n in like]
        near = self.collection.near(" ".join(answerable), self.item, 4, self.language)
        while excerpts.room > 0 and (places or near):
            if near and (not places or self.random.random() < self.settings.elsewhere):
                self._add_other(excerpts, near.pop(0), answerable)
            elif self.random.random() < _LIKE:
                unit = self.units[places.pop(0)]
                best = max(range(len(unit.lines)), key=lambda n: len(asked & unit.terms[n]))
                if run := self._run(unit.lines, answerable, unit.facts, max(0, best - self.random.randint(0, 1))):
                    excerpts.add(unit, *run)
            elif places:
                unit = self.units[places.pop(self.random.randrange(len(places)))]
                if run := self._run(unit.lines, answerable, unit.facts, self.random.randrange(len(unit.lines))):
                    excerpts.add(unit, *run)

    def _add_other(self, excerpts: _Excerpts, other: Near, answerable: dict[str, bool]) -> None:
        spans = sentence_spans(other.text)
        lines = [one_line(other.text[a:b]) for a, b in spans]
        facts = [tuple(facts_in(line, self.language)) for line in lines]
        if run := self._run(lines, answerable, facts, self.random.randrange(len(lines))):
            text = other.text[spans[run[0]][0] : spans[run[1]][1]]
            excerpts.others.append(Source(anchor=other.anchor, title=other.title, text=text))
            excerpts.room -= len(text)

    def _run(self, lines: Sequence[str], answerable: dict[str, bool], facts: Sequence[Sequence[Fact]], start: int) -> tuple[int, int] | None:
        """The first and last of up to four sentences that may be shown."""
        last = start - 1
        for n in range(start, min(len(lines), start + self.random.randint(1, 4))):
            if not self._fits(lines[n], answerable, facts[n]):
                break
            last = n
        return (start, last) if last >= start else None

    def _sources(self, excerpts: _Excerpts) -> tuple[Source, ...]:
        """As the assistant shows them: document by document, each in reading order."""
        own = [
            Source(anchor=unit.anchor, title=self.document.title, text=unit.text[unit.spans[first][0] : unit.spans[last][1]])
            for unit, first, last in excerpts.taken.values()
        ]
        groups: dict[str, list[Source]] = {}
        for source in [*own, *excerpts.others]:
            groups.setdefault(source.anchor.partition("#")[0], []).append(source)
        order = list(groups)
        self.random.shuffle(order)
        return tuple(source for number in order for source in sorted(groups[number], key=lambda s: reading_order(s.anchor)))

    def _one(self, question: str, answerable: bool, sources: tuple[Source, ...]) -> Asked | None:
        fact = self.where[question][0][2]
        wordings = fact.reworded if self.random.random() < self.settings.reworded else ()
        asked, lack = self.random.choice(wordings) if wordings else (question, fact.lack)
        given = GroundedGiven(question=asked, sources=sources, language=self.language)
        known = given.sentences()
        right = {(u.anchor, u.lines[n]): f for u, n, f in self.where[question]}
        told: dict[str, list[int]] = {}
        for number, citation in enumerate(known, start=1):
            found = right.get((citation.anchor, one_line(citation.quote)))
            if found:
                told.setdefault(self._told(found), []).append(number)
        if bool(told) != answerable or not known:
            return None
        if not told:
            return Asked(fact, lack, given, (), (self._told(fact),))
        return Asked(fact, lack, given, tuple(tuple(numbers) for numbers in told.values()), tuple(told))

    def _told(self, fact: Fact) -> str:
        return fact.sentence if len(fact.sentence) <= _LONG[self.language] else fact.clause
