"""Summaries and cells by a language model that was trained to point at sentences; nothing in between is replaced."""

import pytest

from assistant.grounding.checking import quoted_verbatim
from assistant.llm import ModelSettings, language_model
from assistant.llm.exchange import answer_all, answer_one
from assistant.summaries.hierarchy import summarize
from assistant.summaries.table import cell
from ingest import Paragraph, PatentDocument, Section
from ingest.anchor import text_at
from tests.assistant.synthetic_patents import Grammar

pytestmark = pytest.mark.slow  # the model is trained first, which takes some three minutes


def asked_and_document(language, paragraphs):
    """Questions, each answered by the paragraph of its place, and a document of these paragraphs with names that the model was never trained on."""
    items = [Grammar(7, test=True).item(language, 6, True)]
    grammar = Grammar(8, test=True)
    items += [grammar.item(language, 6, True) for _ in range(paragraphs - 1)]
    join = " " if language == "en" else ""
    texts = [join.join(source.text for source in item.given.sources) for item in items]
    section = Section(paragraphs=tuple(Paragraph(number=str(n), text=text) for n, text in enumerate(texts, start=1)))
    title = {language: "Device" if language == "en" else "一种装置"}
    document = PatentDocument(number="US7000001B2", language=language, titles=title, sections=(section,))
    answers = [[item.given.sentences()[n - 1].quote for n in item.answers] for item in items]
    return [item.given.question for item in items], answers, document


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_document_longer_than_the_window_is_asked_and_most_answers_are_right(small_model, language):
    model = language_model(f"transformers:{small_model}", ModelSettings(max_tokens=160))
    model.context_length = 560  # three or four paragraphs: about as many sentences as it was trained on
    questions, answers, document = asked_and_document(language, 9)
    cells = answer_all([cell(document, question, model) for question in questions], model)
    right = 0
    for made, wanted in zip(cells, answers, strict=True):
        assert all(quoted_verbatim(c, text_at(document, c.anchor)) for s in made.statements for c in s.citations)
        assert made.status in ("answered", "partly") or not made.statements
        right += any(c.quote in wanted for s in made.statements for c in s.citations)
    assert right >= 5


def test_a_summary_is_sound_whatever_the_model_writes(small_model):
    model = language_model(f"transformers:{small_model}", ModelSettings(max_tokens=100))
    _, _, document = asked_and_document("zh", 3)
    summary = answer_one(summarize(document, model), model)
    assert summary.gist and summary.abstract
    assert all(quoted_verbatim(c, text_at(document, c.anchor)) for s in summary.sentences() for c in s.citations)
    assert sum(section.units_considered for section in summary.coverage) == 3
