"""Summaries of documents of any length by a language model.

A document that fits into the model's window is summarised as it stands. A longer one is read in chunks that fill the window, and what is noted
of them is read in its place; where the notes don't fit either, they are condensed in the same way. Each note and each sentence is checked
against the document's own sentences, whose citations are carried along (`assistant.summaries.asking`).
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from itertools import zip_longest
from typing import Literal

from assistant.answer import Statement, Verdict
from assistant.errors import AssistantError, TooLongError
from assistant.grounding.answering import Grounding
from assistant.llm.exchange import Exchange
from assistant.llm.language_model import LanguageModel
from assistant.summaries.asking import Asker, Replied
from assistant.summaries.candidates import language_of, sections_of, size
from assistant.summaries.chunks import chunks, parts_of
from assistant.summaries.extraction import NOTHING, chooser, extractive, translations
from assistant.summaries.summary import NAMES, Length, Name, Note, SectionCoverage, Summary, SummaryPart, SummarySentence
from assistant.tasks.orders import orders
from assistant.tasks.parts import Part
from assistant.tasks.summary import ABOUT, TASK, About, Asked, PointedSentence, SummaryGiven, wrong_with
from ingest.anchor import split_anchor
from ingest.document import Citation, PatentDocument
from ingest.sentences import sentences

NOTE_TOKENS = 64
"""Of a reply, for each sentence of it: so many sentences are asked for as it has room."""
FEWEST, MOST = 4, 16
"""Sentences that are noted of a chunk."""
ABSTRACT_SENTENCES = 8
SHORT = Length(abstract=40, abstract_characters=100)
"""The longest that a sentence is that is noted without the model."""
_WORD_TOKENS = {"zh": 1.2, "ja": 1.5}
"""For each character; for each word of other languages 1.6."""


def summarize(
    document: PatentDocument,
    model: LanguageModel,
    length: Length | None = None,
    language: Literal["", "en", "zh"] = "",
    grounding: Grounding | None = None,
) -> Exchange[Summary]:
    """The exchange that summarises a document in `language`, by default its own.

    Each sentence has a verdict. In another language than the document's, only an entailment model can support one: else it is `unchecked`, and
    the notes of the summary say so. What the model could not do twice is done without it, word for word, and noted. Raises AssistantError where
    the document has no text besides a title, TooLongError where the model's window is too small to work in.
    """
    return (yield from _Work(document, model, length or Length(), language or language_of(document), grounding or Grounding()).summary())


@dataclass
class _Text:
    """What is summarised: the document's own parts, or notes, whose citations are `carried` by the note's id."""

    parts: Sequence[Part]
    carried: dict[str, tuple[Citation, ...]] | None = None

    def add(self, about: str, text: str, citations: Sequence[Citation]) -> Part:
        """A note."""
        assert self.carried is not None
        note = Part(id=str(len(self.carried) + 1), text=text, kind=about, heading=about)
        self.carried[note.id] = tuple(citations)
        return note


@dataclass
class _Work:
    document: PatentDocument
    model: LanguageModel
    length: Length
    written: str
    grounding: Grounding
    notes: list[Note] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.own = language_of(self.document)
        self.parts = parts_of(self.document)
        if not self.parts:
            raise AssistantError(f"{self.document.number}: {NOTHING}")
        passages = {part.id: part.text for part in self.parts}
        self.noting = Asker(self.model, self.grounding, passages, self.document.title)
        self.writing = Asker(self.model, self.grounding, passages, self.document.title, self.written != self.own)
        self.reply_tokens = self.model.settings.reply_tokens(self.model.context_length)

    @cached_property
    def without_model(self) -> Summary:
        return extractive(self.document, self.length)

    def summary(self) -> Exchange[Summary]:
        wanted = list(self._wanted())
        text = _Text(self.parts)
        while text.parts and any(self.writing.room(TASK, self._given(text.parts, asked)) < 0 for asked in wanted):
            text = yield from self._condensed(text)
        said: dict[About, list[Statement]] = {}
        failed: list[About] = []
        for asked in wanted:
            replied = Replied((), True)
            if text.parts:
                given = self._given(text.parts, asked)
                replied = yield from self.writing.ask(TASK, given, text.carried, partial(self._wrong, given=given))
            for each in replied.statements:
                said.setdefault(each.said.about, []).append(each.statement)
            failed += [each.about for each in asked if replied.failed and not self._shown(said.get(each.about, ()))]
        return self._made(said, failed)

    # -- what is asked

    def _wanted(self) -> Iterator[tuple[Asked, ...]]:
        """The parts, in groups whose sentences a reply has room for."""
        most = self.length.sentences
        every = [
            Asked(about="gist", sentences=1, words=self.length.of("gist", self.written)),
            Asked(about="abstract", sentences=ABSTRACT_SENTENCES, words=self.length.of("abstract", self.written)),
            *(Asked(about=name, sentences=most) for name in NAMES),
        ]
        group: list[Asked] = []
        used = 0
        for asked in every:
            cost = int(asked.words * _WORD_TOKENS.get(self.written, 1.6)) + 20 * asked.sentences if asked.words else NOTE_TOKENS * asked.sentences
            if group and used + cost > self.reply_tokens:
                yield tuple(group)
                group, used = [], 0
            group.append(asked)
            used += cost
        yield tuple(group)

    def _given(self, parts: Sequence[Part], asked: tuple[Asked, ...]) -> SummaryGiven:
        return _given(parts, asked, sum(each.sentences for each in asked), self.written)

    def _noted(self, parts: Sequence[Part], most: int) -> SummaryGiven:
        """Notes are in the document's own language, so that they can be checked by their words."""
        asked = tuple(Asked(about=name, sentences=min(most, 5)) for name in NAMES)
        return _given(parts, asked, most, self.own)

    def _wrong(self, said: PointedSentence, given: SummaryGiven) -> Iterator[str]:
        yield from wrong_with(said, given)
        most = self.length.of("gist", self.written)
        if said.about == "gist" and size(said.text, self.written) > most:
            yield f"the gist has over {most} {'characters' if self.written in ('zh', 'ja') else 'words'}"

    def _size(self, part: Part) -> int:
        """About the tokens that a part takes in a prompt."""
        return self.model.count(f"# {split_anchor(part.id)[1]}\n" + "".join(f"[100] {sentence}\n" for sentence in sentences(part.text)))

    # -- reading in chunks

    def _condensed(self, text: _Text) -> Exchange[_Text]:
        """The notes of a text that does not fit; those of notes take at most half of their room."""
        most = min(MOST, max(FEWEST, self.reply_tokens // NOTE_TOKENS))
        into = _Text((), {})
        kept: list[Part] = []
        cut = list(chunks(text.parts, lambda parts: self.noting.room(TASK, self._noted(parts, most)), self._size))
        if text.carried is not None and all(len(chunk) == 1 for chunk in cut):
            raise TooLongError(f"{self.model.name}: two notes don't fit into its context of {self.model.context_length:,} tokens; take more context")
        for chunk in cut:
            room = sum(map(self._size, chunk)) // 2
            if text.carried is not None and len(chunk) == 1:
                kept += [self._again(part, text, into) for part in chunk]
                continue
            given = self._noted(chunk, most if text.carried is None else min(most, len(chunk) // 2))
            replied = yield from self.noting.ask(TASK, given, text.carried, partial(wrong_with, given=given))
            said = [into.add(each.said.about, each.statement.text, each.statement.citations) for each in replied.good]
            noted = self._within(said, room)
            if not noted and text.carried is not None:
                noted = self._within([self._again(part, text, into) for part in chunk], room) or [self._again(min(chunk, key=self._size), text, into)]
            elif not noted:
                noted = said[:1] or self._not_noted(chunk, most, into, replied.failed)
            kept += noted
        into.parts = kept
        return into

    def _again(self, note: Part, text: _Text, into: _Text) -> Part:
        assert text.carried is not None
        return into.add(note.kind, note.text, text.carried[note.id])

    def _not_noted(self, chunk: Sequence[Part], most: int, into: _Text, failed: bool) -> list[Part]:
        """Where the model failed, sentences of the chunk chosen without it; a note of the summary says so, or that the model had nothing to say."""
        first, last = (split_anchor(part.id)[1] for part in (chunk[0], chunk[-1]))
        self.notes.append(Note(kind="without_model" if failed else "nothing_noted", about=(first if first == last else f"{first}–{last}",)))
        try:
            best = self._choose({part.id for part in chunk}, most) if failed else []
        except AssistantError:  # no sentence of the whole document can be read alone
            best = []
        return [into.add(about, sentence.text, sentence.citations) for about, sentence in best]

    @cached_property
    def _choose(self) -> Callable[[Collection[str], int], list[tuple[Name, SummarySentence]]]:
        return chooser(self.document, SHORT)

    def _within(self, notes: Sequence[Part], room: int) -> list[Part]:
        """As many notes as the room holds, of all parts in turn, in their order; text that was noted before is left out."""
        by_about: dict[str, list[int]] = {}
        for i in {note.text: i for i, note in reversed(list(enumerate(notes)))}.values():
            by_about.setdefault(notes[i].kind, []).insert(0, i)
        kept = []
        for i in (i for turn in zip_longest(*by_about.values()) for i in turn if i is not None):
            if (need := self._size(notes[i])) <= room:
                kept.append(i)
                room -= need
        return [notes[i] for i in sorted(kept)]

    # -- what came of it

    def _shown(self, statements: Sequence[Statement]) -> list[Statement]:
        return [s for s in statements if self.writing.shown(s)]

    def _made(self, said: dict[About, list[Statement]], failed: list[About]) -> Summary:
        shown = {about: [_sentence(s) for s in self._shown(statements)] for about, statements in said.items()}
        abstract = self._of_length(shown.get("abstract", []))
        needed: set[About] = {"gist", "abstract", "claimed"} if self.document.claims else {"gist", "abstract"}
        has = {about for about, found in shown.items() if found} - ({"abstract"} if not abstract else set())
        plain = [about for about in ABOUT if about not in has and (about in failed or about in needed)]
        parts: dict[Name, Sequence[SummarySentence]] = {name: shown.get(name, ())[: self.length.sentences] for name in NAMES}
        for name in NAMES:
            if name in plain:
                parts[name] = self.without_model.part(name)
        summary = Summary(
            number=self.document.number,
            title=self.document.title,
            language=self.written,
            how=self.model.name,
            gist=self.without_model.gist if "gist" in plain else shown["gist"][0],
            abstract=self.without_model.abstract if "abstract" in plain else tuple(abstract),
            parts=tuple(SummaryPart(name=name, sentences=tuple(parts[name])) for name in NAMES),
        )
        dropped = sum(len(statements) - len(shown[about]) for about, statements in said.items())
        notes = (*self.notes, *self._notes(summary, plain, dropped))
        return summary.model_copy(update={"coverage": tuple(self._coverage(summary)), "notes": notes})

    def _of_length(self, sentences: Sequence[SummarySentence]) -> list[SummarySentence]:
        """The first sentences that are together no longer than an abstract."""
        room, kept = self.length.of("abstract", self.written), []
        for sentence in sentences:
            room -= size(sentence.text, self.written)
            if room < 0:
                break
            kept.append(sentence)
        return kept

    def _notes(self, summary: Summary, plain: Sequence[About], dropped: int) -> Iterator[Note]:
        if plain:
            yield Note(kind="parts_without_model", about=tuple(plain))
        verdicts = [sentence.verdict for sentence in summary.sentences()]
        told: dict[str, Verdict] = {"unchecked": "unchecked", "weak": "weak", "not_supported": "unsupported"}
        for kind, verdict in told.items():
            if count := verdicts.count(verdict):
                yield Note(kind=kind, about=(str(count),))
        if dropped:
            yield Note(kind="dropped", about=(str(dropped),))
        if empty := [part.name for part in summary.parts if not part.sentences]:
            yield Note(kind="nothing_found", about=tuple(empty))
        if others := translations(self.document):
            yield Note(kind="translations", about=tuple(sorted(others)))

    def _coverage(self, summary: Summary) -> Iterator[SectionCoverage]:
        """All that has text was shown, but for sentences that give orders."""
        cited = {citation for sentence in summary.sentences() for citation in sentence.citations}
        for section, texts in sections_of(self.document):
            shown = [[not orders(sentence) for sentence in sentences(text)] for _, text, _ in texts]
            withheld = sum(not each for unit in shown for each in unit)
            anchors = [anchor for anchor, _, _ in texts]
            here = [citation for citation in cited if citation.anchor in set(anchors)]
            yield SectionCoverage(
                kind=section.kind,
                heading=section.heading,
                first=anchors[0],
                last=anchors[-1],
                units=len(anchors),
                units_considered=sum(map(any, shown)),
                sentences=sum(map(len, shown)),
                considered=sum(map(len, shown)) - withheld,
                left_out={"orders": withheld} if withheld else {},
                drawn_on=len(here),
                units_drawn_on=len({citation.anchor for citation in here}),
            )


def _given(parts: Sequence[Part], asked: tuple[Asked, ...], most: int, written: str) -> SummaryGiven:
    """Not validated, since the room beside no parts at all is asked for, too."""
    return SummaryGiven.model_construct(language="zh" if written == "zh" else "en", parts=tuple(parts), asked=asked, most=most, written=written)


def _sentence(statement: Statement) -> SummarySentence:
    return SummarySentence(text=statement.text, citations=statement.citations, verdict=statement.verdict, reason=statement.reason)
