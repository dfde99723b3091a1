import json

import pytest
from pydantic import ValidationError

from assistant.errors import AssistantError, ReplyError
from assistant.llm import answer_one
from assistant.tasks.entailment import TASK, EntailmentGiven
from assistant.tasks.running import run_task
from index.errors import NotInIndexError

CLAIM = "A slurry pump comprising:\na rotor with a hollow ceramic shaft; and\na rubber lip seal that surrounds the shaft."
TEXT = "The rotor of the slurry pump has a hollow ceramic shaft. It </text> is cooled."
GIVEN = EntailmentGiven(claim=CLAIM, text=TEXT)


def reply(*held):
    return json.dumps({"features": [{"label": label, "verdict": verdict, "sentences": list(numbers)} for label, verdict, *numbers in held]})


def test_the_features_of_the_claim():
    assert [f.label for f in GIVEN.wanted()] == ["1pre", "1a", "1b"]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_prompt(language):
    (_, system), (_, user) = TASK.messages(GIVEN.model_copy(update={"language": language}))
    assert '"verdict": "present"' in system
    assert user.count("</text>") == 1 and "[1] The rotor of the slurry pump" in user and "1b: a rubber lip seal" in user


def test_a_good_reply():
    output = TASK.read(reply(("1pre", "present", 1), ("1a", "present", 1), ("1b", "absent")), GIVEN)
    assert not output.entails and [h.verdict for h in output.features] == ["present", "present", "absent"]
    assert output.features[1].citations[0].quote == "The rotor of the slurry pump has a hollow ceramic shaft."
    assert TASK.problems(output, GIVEN) == []
    assert TASK.read(reply(("1pre", "present", 1), ("1a", "present", 1), ("1b", "present", 2)), GIVEN).entails


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        (reply(("1pre", "present", 1), ("1a", "present", 1)), "feature 1b is missing"),
        (reply(("1pre", "present", 1), ("1a", "present", 1), ("1b", "present")), "feature 1b: present, and no sentence"),
        (reply(("1pre", "present", 9), ("1a", "present", 1), ("1b", "absent")), "feature 1pre: there is no sentence 9"),
        (reply(("1pre", "present", 1), ("1a", "present", 1), ("1b", "absent"), ("2a", "present", 1)), "there is no feature '2a'"),
    ],
)
def test_what_points_nowhere_counts_as_absent(written, problem):
    output = TASK.read(written, GIVEN)
    assert not output.entails and any(p.startswith(problem) for p in TASK.problems(output, GIVEN))


@pytest.mark.parametrize("written", ["present", "{}", '{"features": [{"label": "1a", "verdict": "yes", "sentences": []}]}'])
def test_a_broken_reply(written):
    with pytest.raises(ReplyError):
        TASK.read(written, GIVEN)


def offline(patents, **given):
    return answer_one(run_task(TASK, EntailmentGiven(**given), None, patents), None).output


def test_offline_in_a_text(patents):
    output = offline(patents, claim=CLAIM, text="The rotor of the slurry pump has a hollow ceramic shaft, that is cooled from inside.")
    verdicts = {h.label: h for h in output.features}
    assert not output.entails and verdicts["1a"].verdict == "present" and verdicts["1b"].verdict == "absent"
    assert verdicts["1a"].score > 0.5 > verdicts["1b"].score
    assert "hollow ceramic shaft" in verdicts["1a"].citations[0].quote and verdicts["1b"].citations == ()


def test_offline_a_claim_entails_itself_and_not_what_a_dependent_one_adds(patents):
    for number in ("US99000001B2", "CN199000003B"):
        document = patents.index.document(number)
        first = document.claims[0].text
        assert offline(patents, claim=first, text=first, language="zh" if number[:2] == "CN" else "en").entails
        assert not offline(patents, claim=first, text=patents.index.document("US99000004B2").abstract).entails


def test_offline_in_a_document_of_the_index(patents):
    document = patents.index.document("US99000001B2")
    output = offline(patents, claim=document.claims[0].text, document="US99000001B2")
    assert {h.verdict for h in output.features} <= {"present", "partly"}
    assert all(h.citations[0].quote in patents.show(h.citations[0].anchor) for h in output.features)
    with pytest.raises(NotInIndexError):
        offline(patents, claim=CLAIM, document="US1A")


def test_offline_in_a_document_that_is_not_in_the_index(patents, laws):
    document = patents.index.document("US99000001B2")
    given = TASK.from_document(document)
    with pytest.raises(AssistantError, match="give the claim"):
        answer_one(run_task(TASK, given, None, laws), None)
    output = answer_one(run_task(TASK, given.model_copy(update={"claim": document.claims[0].text}), None, laws), None).output
    assert output.entails and all(h.citations[0].quote in patents.show(h.citations[0].anchor) for h in output.features)
    assert output.features[1].citations[0].anchor.startswith("US99000001B2#c")


def test_a_language_that_can_not_be_compared_is_unchecked(patents):
    output = offline(patents, claim=CLAIM, text="これはポンプのシールです。")
    assert not output.entails and {h.verdict for h in output.features} == {"unchecked"}


def test_there_is_something_to_hold_the_claim_against():
    with pytest.raises(ValidationError, match="give a text, or the number of a document"):
        EntailmentGiven(claim=CLAIM)
    with pytest.raises(AssistantError, match="US1A: an index is needed"):
        TASK.messages(EntailmentGiven(claim=CLAIM, document="US1A"))


def test_offline_needs_an_index():
    with pytest.raises(AssistantError, match="an index is needed"):
        answer_one(run_task(TASK, GIVEN, None, None), None)


def test_a_model_is_shown_the_passages_of_the_document(patents, scripted):
    claim = patents.index.document("US99000001B2").claims[0].text
    given = EntailmentGiven(claim=claim, document="US99000001B2")
    labels = [f.label for f in given.wanted()]
    model = scripted(reply(*((label, "present", 1) for label in labels)))
    result = answer_one(run_task(TASK, given, model, patents), model)
    assert result.output.entails and result.problems == ()
    assert all(h.citations[0].quote in patents.show(h.citations[0].anchor) for h in result.output.features)


def test_examples_follow_from_how_claims_depend(patents):
    examples = [e for d in patents.index.catalogue.documents() for e in TASK.examples(d)]
    outputs = [TASK.read(e.reply.model_dump_json(), e.given) for e in examples]
    assert {o.entails for o in outputs} == {True, False} and {e.given.language for e in examples} == {"en", "zh"}
    for example, output in zip(examples, outputs, strict=True):
        assert TASK.problems(output, example.given) == []
        assert all(any(c.quote in example.given.text for c in h.citations) for h in output.features if h.verdict == "present")
    scores = TASK.metric(outputs, outputs)
    assert scores["accuracy"] == scores["features_accuracy"] == scores["features_f1"] == 1


def test_the_metric():
    right = TASK.read(reply(("1pre", "present", 1), ("1a", "present", 1), ("1b", "present", 1)), GIVEN)
    said = TASK.read(reply(("1pre", "present", 1), ("1a", "absent"), ("1b", "absent")), GIVEN)
    scores = TASK.metric([said], [right])
    assert (scores["accuracy"], scores["features_accuracy"]) == (0, pytest.approx(1 / 3))
    assert (scores["features_precision"], scores["features_recall"]) == (1, pytest.approx(1 / 3))


def test_a_long_text_and_many_passages_are_cut():
    shorter, left_out = TASK.shorten(EntailmentGiven(claim=CLAIM, text="A pump. " * 60), lambda some: len(some.text) < 100)
    assert 80 < len(shorter.text) < 100 and left_out
    many = EntailmentGiven(claim=CLAIM, document="US1A", sources=tuple({"anchor": f"US1A#p{i}", "text": "A pump."} for i in range(9)))
    shorter, left_out = TASK.shorten(many, lambda some: len(some.sources) < 4)
    assert len(shorter.sources) == 3 and left_out[0] == "US1A#p3"
