"""Questions over an index, answered by a language model that was trained to answer from its context; nothing in between is replaced.

The documents are of the grammar that the model knows, with names that it was never trained on.
"""

import asyncio

import pytest

from assistant import PatentAssistant
from assistant.answer import Answer, Statement
from assistant.grounding.answering import Grounding
from assistant.llm import ModelSettings
from ingest.document import Claim, Paragraph, PatentDocument, Section
from tests.assistant.synthetic_patents import held_out

SETTINGS = ModelSettings(max_tokens=160)
ENGLISH = {
    "What is the annular piston made of?": ("US7000001B2#c1", "The annular piston is made of sintered titanium."),
    "What does the annular piston hold?": ("US7000001B2#p0002", "The annular piston holds the threaded shaft."),
    "What thickness does the threaded shaft have?": ("US7000001B2#p0002", "The threaded shaft has a thickness of 12.5 mm."),
    "What is the upper lens connected to?": ("US7000002B2#c1", "The upper lens is connected to the conical shaft."),
    "What does the conical shaft contain?": ("US7000002B2#p0007", "The conical shaft contains liquid gelatin."),
}
CHINESE = {
    "环形阀由什么制成？": ("CN107000001A#c1", "环形阀由烧结钛制成。"),
    "环形阀夹持什么？": ("CN107000001A#p0002", "环形阀夹持柔性轴承。"),
    "柔性轴承的厚度是多少？": ("CN107000001A#p0002", "柔性轴承的厚度为125毫米。"),
    "上部透镜与什么相连？": ("CN107000002A#c1", "上部透镜与主电缆相连。"),
    "主电缆含有什么？": ("CN107000002A#p0007", "主电缆含有明胶。"),
}
UNANSWERABLE = {"What temperature does the threaded shaft have?": "threaded shaft", "主电缆的温度是多少？": "主电缆"}


def documents(facts, language):
    """The documents in which these sentences stand."""
    made = {}
    for anchor, sentence in facts.values():
        number, part = anchor.split("#")
        made.setdefault(number, {}).setdefault(part, []).append(sentence)
    for number, parts in made.items():
        joined = {part: (" " if language == "en" else "").join(texts) for part, texts in parts.items()}
        yield PatentDocument(
            number=number,
            kind=number[9:],
            language=language,
            titles={language: "Device" if language == "en" else "一种装置"},
            claims=tuple(Claim(number=int(p[1:]), text=t) for p, t in joined.items() if p[0] == "c"),
            sections=(Section(kind="description", paragraphs=tuple(Paragraph(number=p[1:], text=t) for p, t in joined.items() if p[0] == "p")),),
        )


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """An index of four documents; and one English and one Chinese document a language."""
    folder = tmp_path_factory.mktemp("grounding") / "index"
    with PatentAssistant.open(folder) as patents:
        patents.ingest([*documents(ENGLISH, "en"), *documents(CHINESE, "zh")])
    return folder


@pytest.fixture(scope="module")
def pointing(filled, small_model):
    with PatentAssistant.open(filled, llm=f"transformers:{small_model}", create=False, settings=SETTINGS) as patents:
        yield patents


@pytest.fixture(scope="module")
def quoting(filled, pointing):
    with PatentAssistant.open(filled, llm=pointing.llm, create=False, settings=SETTINGS, grounding=Grounding(form="quoting")) as patents:
        patents.model = pointing.model
        yield patents


def test_the_documents_name_what_the_model_has_never_seen():
    assert all(
        held_out(name) for name in ("annular piston", "threaded shaft", "upper lens", "conical shaft", "环形阀", "柔性轴承", "上部透镜", "主电缆")
    )


@pytest.mark.parametrize("question", [*ENGLISH, *CHINESE])
def test_a_question_is_answered_by_the_sentence_that_answers_it(pointing, question):
    anchor, sentence = {**ENGLISH, **CHINESE}[question]
    answer = pointing.ask(question)
    assert [(c.anchor, c.quote) for s in answer.statements for c in s.citations] == [(anchor, sentence)]
    assert (answer.status, answer.statements[0].verdict, answer.statements[0].text) == ("answered", "supported", sentence)
    assert answer.model == pointing.model.name


@pytest.mark.parametrize("question", UNANSWERABLE)
def test_a_question_that_no_sentence_answers_is_not_answered_and_says_what_is_missing(pointing, question):
    answer = pointing.ask(question)
    assert (answer.status, answer.statements) == ("not_found", ())
    assert UNANSWERABLE[question] in answer.missing
    assert answer.hits


@pytest.mark.parametrize("question", [*ENGLISH, *CHINESE])
def test_streamed_statements_come_before_the_end_and_are_those_of_the_answer(pointing, question):
    stream = pointing.stream(question)
    first = next(stream)
    assert isinstance(first, Statement)
    rest = list(stream)
    assert isinstance(rest[-1], Answer)
    assert (first, *rest[:-1]) == rest[-1].statements
    assert rest[-1] == pointing.ask(question)


def test_a_statement_is_shown_while_the_reply_is_still_being_written(pointing, monkeypatch):
    written = []
    stream = pointing.model.stream

    def watched(messages, schema=None):
        for piece in stream(messages, schema):
            written.append(piece)
            yield piece
        written.append("the end")

    monkeypatch.setattr(pointing.model, "stream", watched)
    assert isinstance(next(pointing.stream(next(iter(ENGLISH)))), Statement)
    assert written[-1] != "the end"
    assert '"missing"' not in "".join(written)


def test_many_questions_are_answered_in_their_order(pointing):
    questions = [*ENGLISH, *UNANSWERABLE, *CHINESE]
    ended = []
    answers = pointing.ask_all(questions, done=ended.append)
    assert answers == [pointing.ask(q) for q in questions]
    assert ended == list(range(1, len(questions) + 1))


def test_asked_asynchronously_the_answer_is_the_same(pointing):
    async def both():
        return await asyncio.gather(*(pointing.aask(q) for q in questions))

    questions = [next(iter(ENGLISH)), next(iter(CHINESE))]
    assert asyncio.run(both()) == [pointing.ask(q) for q in questions]


def test_retyped_quotations_are_checked_and_only_verbatim_ones_are_shown(quoting):
    """A model that types its quotations may mistype them; then the statement is dropped, and what is shown stands in the documents."""
    answers = quoting.ask_all([*ENGLISH, *CHINESE])
    shown = [(c.anchor, c.quote) for a in answers for s in a.statements for c in s.citations]
    for anchor, quote in shown:
        assert quote in quoting.show(anchor)
    right = {**ENGLISH, **CHINESE}
    assert sum(right[a.question] in [(c.anchor, c.quote) for s in a.statements for c in s.citations] for a in answers) >= len(right) // 2


@pytest.mark.parametrize("question", UNANSWERABLE)
def test_retyping_the_model_says_so_too_where_nothing_answers(quoting, question):
    answer = quoting.ask(question)
    assert (answer.status, answer.statements) == ("not_found", ())
