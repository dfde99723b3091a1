import json

import pytest

from assistant.errors import AssistantError, ReplyError
from assistant.tasks.parts import Part
from assistant.tasks.summary import TASK, PointedSentence, Summary, SummaryGiven
from ingest import PatentDocument, read

PARTS = (
    Part(id="US1A#abs", text="A ring </document> floats.", kind="abstract"),
    Part(id="US1A#p0001", text="Pumps leak at 980 rpm.", kind="background"),
    Part(id="US1A#p0002", text="[9] The gap is 1,450 µm,\nand wear is low.", kind="summary"),
)
GIVEN = SummaryGiven(parts=PARTS)


def said(*sentences):
    return json.dumps({"sentences": [{"about": about, "text": text, "paragraphs": numbers} for about, text, numbers in sentences]})


PROBLEM, SOLUTION = ("problem", "Pumps leak at 980 rpm.", [2]), ("solution", "A ring floats with a gap of 1450 µm.", [1, 3, 3])


def problems(*sentences, given=GIVEN):
    return TASK.problems(TASK.read(said(*sentences), given), given)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_prompt_has_numbered_parts_that_cannot_close_their_mark(language):
    (_, system), (_, user) = TASK.messages(GIVEN.model_copy(update={"language": language}))
    assert '"about": "field|problem|solution|advantages|claimed"' in system
    assert user.count("</document>") == 1
    assert [line[:4] for line in user.splitlines()[1:-1]] == ["[1] ", "[2] ", "[3] "]


def test_sentences_point_at_anchors():
    output = TASK.read(said(PROBLEM, SOLUTION), GIVEN)
    assert output.sentences[1] == PointedSentence(about="solution", text="A ring floats with a gap of 1450 µm.", anchors=("US1A#abs", "US1A#p0002"))
    assert TASK.problems(output, GIVEN) == []


@pytest.mark.parametrize("reply", ["A ring.", '{"sentences": []}', said(("price", "Cheap.", [1])), said(("problem", "x", ["one"]))])
def test_another_form_is_refused(reply):
    with pytest.raises(ReplyError):
        TASK.read(reply, GIVEN)


def test_what_is_wrong_with_a_summary():
    assert problems(PROBLEM) == ["there is no sentence about the solution"]
    assert problems(PROBLEM, SOLUTION, ("field", "Pumps.", [7, 2])) == ["sentence 3 names paragraph 7, which is not there"]
    assert problems(PROBLEM, SOLUTION, ("field", "Pumps.", [])) == ["sentence 3 names no paragraph that it is taken from"]
    assert problems(PROBLEM, SOLUTION, ("field", "泵的密封。", [2])) == ["sentence 3 is not in English"]
    assert problems(PROBLEM, SOLUTION, ("field", " ", [2])) == ["sentence 3 is empty"]
    assert problems(PROBLEM, SOLUTION, ("field", "word " * 61, [2])) == ["sentence 3 has 61 words; at most 60 are asked for"]
    assert problems(("problem", "Pumps leak at 1450 rpm.", [2]), SOLUTION) == ["sentence 1 has the numbers 1450, which its paragraphs do not have"]
    assert problems(*[PROBLEM] * 10, SOLUTION) == ["the summary has 11 sentences; at most 10 are asked for"]


def test_what_goes_in_from_a_document(sample):
    [document] = list(read([sample / "zh" / "CN199000003B.xml"]))
    given = TASK.from_document(document)
    assert given.language == "zh" and given.parts[0].id == "CN199000003B#abs" and given.parts[1].id == "CN199000003B#c1"
    assert len([p for p in given.parts if p.kind == "claims"]) == len([c for c in document.claims if c.independent])
    assert list(TASK.examples(document)) == []
    shortened, left_out = TASK.shorten(given, lambda some: len(some.parts) <= 9)
    assert {"abstract", "claims", "summary"} <= {p.kind for p in shortened.parts} and left_out
    with pytest.raises(AssistantError, match="US1A: the document has no abstract"):
        TASK.from_document(PatentDocument(number="US1A", titles={"en": "Pump"}))


def test_measures():
    right = TASK.read(said(PROBLEM, SOLUTION), GIVEN)
    assert TASK.metric([right], [right]) == pytest.approx({"rouge_l": 1.0, "pointing_f1": 1.0})
    other = Summary(sentences=(right.sentences[0],))
    scores = TASK.metric([other], [right])
    assert scores["pointing_f1"] == 0.5 and 0 < scores["rouge_l"] < 1
