"""Questions over an index, answered by a language model that was trained to answer from its context; nothing in between is replaced.

The documents are of the grammar that the model knows, with names that it was never trained on.
"""

import asyncio
import re

import pytest

from assistant import PatentAssistant
from assistant.answer import Statement
from assistant.grounding.answering import Grounding
from assistant.llm import ModelSettings
from ingest.document import Claim, Paragraph, PatentDocument, Section
from tests.assistant.synthetic_patents import held_out

pytestmark = pytest.mark.slow  # the model is trained first, which takes some three minutes

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


def cited(answer):
    return [(c.anchor, c.quote) for s in answer.statements for c in s.citations]


def test_the_documents_name_what_the_model_has_never_seen():
    english, chinese = "annular piston,threaded shaft,upper lens,conical shaft", "环形阀,柔性轴承,上部透镜,主电缆"
    assert all(held_out(name) for name in f"{english},{chinese}".split(","))


@pytest.fixture(scope="module")
def answers(pointing):
    return {question: pointing.ask(question) for question in [*ENGLISH, *CHINESE, *UNANSWERABLE]}


@pytest.mark.parametrize("asked", [ENGLISH, CHINESE], ids=["english", "chinese"])
def test_questions_are_answered_by_the_sentences_that_answer_them(answers, asked):
    """The small model may point wrongly at times; two thirds is far from chance, which is a tenth."""
    right = [q for q, place in asked.items() if cited(answers[q]) == [place]]
    assert len(right) >= len(asked) * 0.6, {q: (answers[q].statements, answers[q].missing) for q in asked}


def test_what_is_shown_as_supported_stands_in_the_documents_and_says_what_its_quotation_says(answers, pointing):
    shown = [s for answer in answers.values() for s in answer.statements if s.verdict == "supported"]
    assert shown
    for statement in shown:
        for citation in statement.citations:
            assert citation.quote in pointing.show(citation.anchor)
        quotes = " ".join(c.quote for c in statement.citations)
        assert set(re.findall(r"[0-9.]+", statement.text)) <= set(re.findall(r"[0-9.]+", quotes))


def test_the_status_is_that_of_the_statements(answers, pointing):
    for answer in answers.values():
        assert (answer.status == "not_found") == (not answer.statements)
        assert answer.model == pointing.model.name
        assert answer.hits


def test_where_no_sentence_answers_the_answer_says_so_and_what_is_missing(answers):
    refused = [q for q in UNANSWERABLE if answers[q].status == "not_found" and UNANSWERABLE[q] in answers[q].missing]
    assert refused


@pytest.mark.parametrize("question", [next(iter(ENGLISH)), next(iter(CHINESE)), next(iter(UNANSWERABLE))])
def test_the_streamed_statements_are_those_of_the_answer(pointing, answers, question):
    *statements, answer = pointing.stream(question)
    assert answer == answers[question]
    assert tuple(statements) == answer.statements


def test_a_statement_is_shown_while_the_reply_is_still_being_written(pointing, answers, monkeypatch):
    question = next(q for q, answer in answers.items() if answer.statements)
    written = []
    stream = pointing.model.stream

    def watched(messages, schema=None):
        for piece in stream(messages, schema):
            written.append(piece)
            yield piece
        written.append("the end")

    monkeypatch.setattr(pointing.model, "stream", watched)
    assert isinstance(next(pointing.stream(question)), Statement)
    assert written[-1] != "the end"
    assert '"missing"' not in "".join(written)


def test_many_questions_are_answered_in_their_order(pointing, answers):
    ended = []
    assert pointing.ask_all(answers, done=ended.append) == list(answers.values())
    assert ended == list(range(1, len(answers) + 1))


def test_asked_asynchronously_the_answer_is_the_same(pointing, answers):
    async def both():
        return await asyncio.gather(*(pointing.aask(q) for q in questions))

    questions = [next(iter(ENGLISH)), next(iter(CHINESE))]
    assert asyncio.run(both()) == [answers[q] for q in questions]


def test_retyped_quotations_are_shown_only_where_they_are_verbatim(quoting):
    """A model that types its quotations mistypes some; such a statement is dropped."""
    replies = []
    reply = quoting.model.replies

    def watched(prompts, schema=None):
        replies.extend(said := reply(prompts, schema))
        return said

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(quoting.model, "replies", watched)
        answers = quoting.ask_all([*ENGLISH, *CHINESE])
    typed = [q for r in replies if "quotations" in r for q in re.findall(r'"quote": "([^"]*)"', r)]
    assert typed
    for answer in answers:
        for anchor, quote in cited(answer):
            assert quote in quoting.show(anchor)
            assert quote in typed
