import pytest
from pydantic import ValidationError

from assistant import Answer, Statement
from index import Hit
from ingest import Citation, Passage

PASSAGE = Passage(anchor="US1A#c1", text="A ring.", section="claims", language="en", tokens=3)
ANSWER = Answer(
    question="What?",
    status="answered",
    statements=(Statement(text="A ring.", verdict="supported", citations=(Citation(anchor="US1A#c1", quote="A ring."),)),),
    hits=(Hit(rank=1, passage=PASSAGE, score=0.5, scores={"lexical": 2.0}, title="Ring"),),
)
HIT = {"rank", "anchor", "number", "section", "language", "probability", "score", "scores", "text"}


def test_the_record_of_an_answer():
    record = ANSWER.model_dump(mode="json")
    assert record["statements"] == [
        {"text": "A ring.", "verdict": "supported", "citations": [{"anchor": "US1A#c1", "quote": "A ring."}], "reason": ""}
    ]
    assert set(record) == {"question", "status", "statements", "hits", "model", "missing", "left_out"}
    assert set(record["hits"][0]) == HIT


def test_model_dump_has_the_names_of_the_record():
    dumped = ANSWER.model_dump()
    assert set(dumped) == {"question", "status", "statements", "hits", "model", "missing", "left_out"}
    assert set(dumped["statements"][0]) == {"text", "verdict", "citations", "reason"}
    assert set(dumped["hits"][0]) >= HIT


def test_an_answer_can_not_be_changed():
    with pytest.raises(ValidationError):
        ANSWER.status = "not_found"


@pytest.mark.parametrize("values", [{"status": "maybe"}, {"statements": ({"text": "A", "verdict": "true", "citations": ()},)}])
def test_unknown_words_for_status_and_verdict_are_refused(values):
    with pytest.raises(ValidationError):
        Answer(**({"question": "What?", "status": "answered"} | values))
