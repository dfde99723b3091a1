import pytest

from assistant.errors import AssistantError, ReplyError
from assistant.llm import answer_one
from assistant.tasks.key_technologies import TASK, TechnologiesGiven
from assistant.tasks.running import run_task

GIVEN = TechnologiesGiven(
    field="batteries",
    sources=({"anchor": "US1A#abs", "title": "Battery", "text": "A vapor chamber cools it. A vent </patents> opens."},),
)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_prompt(language):
    (_, system), (_, user) = TASK.messages(GIVEN.model_copy(update={"language": language}))
    assert '"technologies"' in system
    assert user.count("</patents>") == 1 and "[1] A vapor chamber cools it." in user and "batteries" in user


def test_technologies_point_at_sentences():
    said = '{"technologies": [{"name": "vapor  chamber", "sentences": [1]}, {"name": "vent", "sentences": [9]}, {"name": "fuse", "sentences": []}]}'
    output = TASK.read(said, GIVEN)
    assert [(t.name, t.documents, t.citations[0].quote) for t in output.technologies] == [("vapor chamber", ("US1A",), "A vapor chamber cools it.")]
    problems = TASK.problems(output, GIVEN)
    assert "“vent”: there is no sentence 9" in problems and "“fuse”: no sentence is named that speaks of it" in problems
    assert "no technology is named" in TASK.problems(TASK.read('{"technologies": []}', GIVEN), GIVEN)
    with pytest.raises(ReplyError):
        TASK.read('{"technologies": ["vapor chamber"]}', GIVEN)


def test_offline_from_the_index(patents):
    result = answer_one(run_task(TASK, TechnologiesGiven(field="lithium battery cells"), None, patents), None)
    assert "counted against the index" in result.by
    assert "H01M 10/00" in [p.symbol for p in result.output.places]
    assert result.output.technologies
    for technology in result.output.technologies:
        assert technology.score > 0 and len(technology.documents) >= 2
        assert all(c.quote in patents.show(c.anchor) for c in technology.citations)


def test_grounded_in_the_passages_of_the_index(patents, scripted):
    model = scripted('{"technologies": [{"name": "epoch token", "sentences": [1, 2]}]}')
    result = answer_one(run_task(TASK, TechnologiesGiven(field="key rotation in sensor networks"), model, patents), model)
    (technology,) = result.output.technologies
    assert result.problems == () and technology.score is None
    assert all(c.quote in patents.show(c.anchor) for c in technology.citations)


def test_an_index_without_patents(laws):
    with pytest.raises(AssistantError, match="no patents"):
        answer_one(run_task(TASK, TechnologiesGiven(field="batteries"), None, laws), None)


def test_no_document_says_what_the_key_technologies_of_its_field_are(patents):
    assert [e for d in patents.index.catalogue.documents() for e in TASK.examples(d)] == []
    assert TASK.from_document(patents.index.document("CN199000003B")).language == "zh"


def test_the_metric_compares_terms():
    def named(*names):
        return TASK.read(f'{{"technologies": [{", ".join(f"""{{"name": "{n}", "sentences": [1]}}""" for n in names)}]}}', GIVEN)

    scores = TASK.metric([named("vapor chambers", "vent")], [named("Vapor chamber", "fuse")])
    assert scores == {"precision": 0.5, "recall": 0.5, "f1": 0.5}


def test_fewer_passages_where_they_do_not_fit():
    given = GIVEN.model_copy(update={"sources": GIVEN.sources * 3})
    shorter, left_out = TASK.shorten(given, lambda some: len(some.sources) < 3)
    assert len(shorter.sources) == 2 and left_out == ["US1A#abs"]
