"""One question asked of one document: a cell of a table with a row for each document.

With a language model the whole document is read, in chunks that fill the model's window; what the chunks say is merged, and checked as answers
are. Without one, the sentences that hold the question's terms are quoted, or nothing is found.
"""

from collections.abc import Callable, Sequence

from assistant.answer import Statement, Status
from assistant.errors import AssistantError
from assistant.grounding.answering import Grounding
from assistant.llm.exchange import Exchange
from assistant.llm.language_model import LanguageModel
from assistant.summaries.asking import Asker
from assistant.summaries.candidates import language_of
from assistant.summaries.chunks import chunks, parts_of
from assistant.summaries.extraction import NOTHING
from assistant.summaries.selection import ANSWERED, FOUND, TELLING, answer_probability, best, searched, select
from assistant.tasks.grounded_answer import TASK, GroundedGiven, Source
from assistant.tasks.parts import Part
from assistant.tasks.task import language_of as prompt_language
from ingest.anchor import split_anchor
from ingest.document import Frozen, PatentDocument
from ingest.language import detect_language
from ingest.sentences import sentences

MOST = 3
"""Statements of a cell that is made without a language model."""


class Cell(Frozen):
    """What one document says to a question.

    `status` is `answered` when it answers, `partly` when it answers some of it, the support is weak, or not all of it could be read, `not_found`
    when it does not; then `missing` says what an answer would need, where that can be told. `how` is the name of the language model, or
    `extractive`. `unread` are the pieces of the document on which the model gave twice no reply that could be used.
    """

    number: str
    title: str = ""
    question: str
    status: Status
    statements: tuple[Statement, ...] = ()
    how: str = "extractive"
    missing: str = ""
    unread: tuple[str, ...] = ()


def cell(document: PatentDocument, question: str, model: LanguageModel | None = None, grounding: Grounding | None = None) -> Exchange[Cell]:
    """The exchange that answers a question from a document; nothing is asked where there is no model.

    Raises AssistantError where the document has no text besides a title, or the question no word; TooLongError where the model's window is too
    small for the question and some text.
    """
    if not detect_language(question):
        raise AssistantError(f"{question!r} is no question; ask it in words")
    parts = parts_of(document)
    if not parts:
        raise AssistantError(f"{document.number}: {NOTHING}")
    if model is None:
        return _by_terms(document, question, parts)
    return (yield from _by_model(document, question, parts, model, grounding or Grounding()))


_NOT_SEARCHED = {
    "en": "not searched: without a language model, a question in {asked!r} can't be asked of a document in {language!r}",
    "zh": "未检索：没有语言模型时，不能以{asked!r}提问检索{language!r}的文件",
}


def _by_terms(document: PatentDocument, question: str, parts: Sequence[Part]) -> Cell:
    language, asked = language_of(document), detect_language(question)
    nothing = Cell(number=document.number, title=document.title, question=question, status="not_found")
    if not searched(asked, language):
        said = _NOT_SEARCHED[prompt_language(question)].format(asked=asked, language=language)
        return nothing.model_copy(update={"missing": said})
    found = select(parts, question, language)
    probability = answer_probability(found, asked != language)
    if probability < FOUND:
        return nothing
    answered = probability >= ANSWERED and found[0].terms >= TELLING
    statements = [
        Statement(text=" ".join(each.citation.quote.split()), verdict="supported" if answered else "weak", citations=(each.citation,))
        for each in best(found, MOST)
    ]
    return nothing.model_copy(update={"status": "answered" if answered else "partly", "statements": tuple(statements)})


def _by_model(document: PatentDocument, question: str, parts: Sequence[Part], model: LanguageModel, grounding: Grounding) -> Exchange[Cell]:
    language, own = prompt_language(question), language_of(document)
    asker = Asker(model, grounding, {part.id: part.text for part in parts}, question, own != detect_language(question) and own not in ("", language))

    def given(some: Sequence[Part]) -> GroundedGiven:
        return GroundedGiven(
            question=question, language=language, sources=tuple(Source(anchor=p.id, title=document.title, text=p.text) for p in some)
        )

    def room(some: Sequence[Part]) -> int:
        return asker.room(TASK, given(some))

    def size(part: Part) -> int:
        return model.count(f"# {split_anchor(part.id)[1]}\n" + "".join(f"[100] {sentence}\n" for sentence in sentences(part.text)))

    said: list[list[Statement]] = []
    bad: list[Statement] = []
    unread: list[str] = []
    missing = ""
    for chunk in chunks(parts, room, size):
        replied = yield from asker.ask(TASK, given(chunk))
        if replied.failed:
            first, last = (split_anchor(part.id)[1] for part in (chunk[0], chunk[-1]))
            unread.append(first if first == last else f"{first}–{last}")
        bad += [each.statement for each in replied.statements if not each.good]
        missing = missing or replied.missing
        if replied.good:
            said.append([each.statement for each in replied.good])
    while len(said) > 1:
        groups = len(said)
        said = yield from _merged(document.number, said, asker, given, chunks_of=lambda notes: list(chunks(notes, room, size)))
        if len(said) >= groups:
            break
    good = [statement for some in said for statement in some]
    whole = not (bad or unread) and all(statement.verdict == "supported" for statement in good)
    status: Status = "not_found" if not good else "answered" if whole else "partly"
    return Cell(
        number=document.number,
        title=document.title,
        question=question,
        status=status,
        statements=tuple(statement for statement in (*good, *bad) if asker.shown(statement)),
        how=model.name,
        missing="" if good else missing,
        unread=tuple(unread),
    )


def _merged(
    number: str,
    said: Sequence[Sequence[Statement]],
    asker: Asker,
    given: Callable[[Sequence[Part]], GroundedGiven],
    chunks_of: Callable[[Sequence[Part]], list[tuple[Part, ...]]],
) -> Exchange[list[list[Statement]]]:
    """What the chunks say, asked about again as if it were the document: as many groups as that takes prompts. Citations are carried along. What
    the model makes nothing good of remains as it is."""
    notes = {f"{number}#n{i}": statement for i, statement in enumerate((s for some in said for s in some), start=1)}
    carried = {anchor: statement.citations for anchor, statement in notes.items()}
    merged: list[list[Statement]] = []
    for chunk in chunks_of([Part(id=anchor, text=statement.text) for anchor, statement in notes.items()]):
        before = [notes[anchor] for anchor in dict.fromkeys(part.id for part in chunk)]
        replied = (yield from asker.ask(TASK, given(chunk), carried)) if len(before) > 1 else None
        merged.append([each.statement for each in replied.good] if replied and replied.good else before)
    return merged
