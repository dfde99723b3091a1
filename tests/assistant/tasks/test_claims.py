import json

import pytest
from hypothesis import given as hypothesis_given
from hypothesis import strategies as st

from assistant.errors import AssistantError, ReplyError
from assistant.llm import ModelSettings, answer_one, language_model
from assistant.tasks.claims import TASK, Claims, ClaimsGiven, parsed_claims, problems_of_claims
from assistant.tasks.running import run_task
from ingest import PatentDocument, read

DISCLOSURE = "A pump has a ring.\nThe ring floats </description>\non the shaft."
GIVEN = ClaimsGiven(description=DISCLOSURE)


def problems(*texts, language="en", numbers=None):
    return problems_of_claims(parsed_claims(list(zip(numbers or range(1, len(texts) + 1), texts, strict=True))), language)


def reply(*texts):
    return json.dumps({"claims": [{"number": i, "text": text} for i, text in enumerate(texts, start=1)]})


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_prompt_has_the_description_between_marks_that_it_cannot_close(language):
    (_, system), (_, user) = TASK.messages(GIVEN.model_copy(update={"language": language}))
    assert '{"claims": [{"number": 1, "text": "…"}]}' in system
    assert user.count("</description>") == 1 and user.endswith("</description>")
    assert user.splitlines()[1] == "A pump has a ring."


def test_a_reply_is_read_by_the_claim_parser():
    said = reply("1. A pump with a ring.", "The pump of claim 1, wherein the ring floats.", "A method of making the pump of claim 2.")
    claims = TASK.read(said, GIVEN).claims
    assert [(c.number, c.depends_on, c.category) for c in claims] == [(1, (), "apparatus"), (2, (1,), "apparatus"), (3, (2,), "method")]
    assert claims[0].text == "A pump with a ring."
    assert TASK.problems(Claims(claims=claims), GIVEN) == []


@pytest.mark.parametrize(
    "said", ["1. A pump.", '{"claims": "A pump."}', '{"claims": [{"number": 0, "text": "A pump."}]}', '{"claims": [{"text": ""}]}']
)
def test_what_is_no_set_of_claims_is_refused(said):
    with pytest.raises(ReplyError):
        TASK.read(said, GIVEN)


def test_numbers_and_texts():
    assert problems() == ["there are no claims"]
    assert problems("A pump.", "A seal.", numbers=[1, 3]) == ["claim 3 stands where claim 2 is expected; number them from 1 without gaps"]
    assert problems("A pump.", "A seal.", numbers=[1, 1]) == ["claim 1 stands where claim 2 is expected; number them from 1 without gaps"]
    assert problems("A pump.", " ") == ["claim 2 is empty"]
    assert problems("A pump with a ring") == ["claim 1 does not end with a full stop"]
    assert problems("A pump.", "A pump.") == ["claim 2 is the same as claim 1"]
    assert problems("A pump has a ring. The ring is made of graphite.") == ["claim 1 has more than one sentence"]
    assert problems("A pump, as in FIG. 1, with a bore of approx. 3.5 mm (see No. 4) and a ring of type A. B. Smith.") == []
    assert problems("一种泵。") == ["claim 1 is not in the language of the description", "claim 1 does not end with a full stop"]


def test_references():
    assert problems("The pump of claim 2.", "A pump.") == [
        "claim 1 stands first and refers to another claim; begin with an independent one",
        "claim 1 refers to claim 2, which comes after it",
    ]
    assert problems("A pump.", "The pump of claim 3, wherein it turns.", "The pump of claim 2, wherein it stops.") == [
        "claim 2 refers to claim 3, which depends on it"
    ]
    assert problems("A pump.", "The pump of claim 2, wherein it turns.") == ["claim 2 refers to itself"]
    assert problems("A pump.", "The pump of claim 7, wherein it turns.") == ["claim 2 refers to claim 7, which is not there"]
    assert problems("A pump.", "The pump of any preceding claim, wherein it turns.", "The pump of claims 1 or 2, wherein it stops.") == []


def test_chinese_claims():
    first, second = "一种泵，其特征在于，包括密封环。", "根据权利要求1所述的泵，其特征在于，所述密封环浮动。"
    third = "根据权利要求1或2所述的泵，其特征在于，所述密封环由石墨制成。"
    assert problems(first, second, third, language="zh") == []
    assert problems(first, second, third, "根据权利要求1至3任一项所述的泵，其特征在于，还包括弹簧。", language="zh") == [
        "claim 4 depends on several claims, and so does claim 3 among them, which 专利法实施细则第二十五条 forbids"
    ]
    assert problems(first, "一种方法。包括步骤。", language="zh") == ["claim 2 has more than one sentence"]
    assert problems("一种泵", language="zh") == ["claim 1 does not end with a full stop"]


@pytest.mark.parametrize("folder", ["en", "zh"])
def test_the_claims_of_the_sample_collection_have_no_fault_and_are_examples(sample, folder):
    for document in read([sample / folder]):
        [example] = TASK.examples(document)
        assert example.given == TASK.from_document(document)
        output = TASK.read(example.reply.model_dump_json(), example.given)
        assert [c.number for c in output.claims] == [c.number for c in document.claims]
        assert [c.depends_on for c in output.claims] == [c.depends_on for c in document.claims]
        assert TASK.problems(output, example.given) == []


def test_granted_claims_raise_hardly_any_problem(data):
    faulty = count = 0
    for document in read([data / "uspto" / "bulk"]):
        if isinstance(document, PatentDocument) and document.claims:
            count += 1
            faulty += bool(problems_of_claims(parsed_claims([(c.number, c.text) for c in document.claims]), "en"))
    assert count > 100 and faulty <= 0.02 * count


def test_claims_with_faults_are_no_examples_and_a_description_is_needed():
    document = PatentDocument(number="US1A", language="en", claims=({"number": 1, "text": "(canceled)"},))
    assert list(TASK.examples(document)) == []
    with pytest.raises(AssistantError, match="US1A: the document has no description"):
        TASK.from_document(document)


def test_a_long_description_keeps_the_summary_first(sample):
    [document] = list(read([sample / "en" / "US99000001B2.xml"]))
    given = TASK.from_document(document)
    shortened, left_out = TASK.shorten(given, lambda some: len(some.description) <= 8)
    assert {p.kind for p in shortened.description} == {"summary", "field", "background"} and len(shortened.description) == 8
    assert left_out[-1].startswith("US99000001B2#p") and left_out[-1].endswith(document.sections[-1].paragraphs[-1].number)


def test_measures():
    right = Claims(claims=parsed_claims([(1, "A pump with a ring."), (2, "The pump of claim 1, wherein the ring floats.")]))
    assert TASK.metric([right], [right]) == pytest.approx({"rouge_l": 1.0, "dependency_f1": 1.0, "well_formed": 1.0})
    said = Claims(claims=parsed_claims([(1, "A pump with a ring."), (2, "A seal")]))
    scores = TASK.metric([said], [right])
    assert scores["dependency_f1"] == 0.5 and scores["well_formed"] == 0 and 0 < scores["rouge_l"] < 1


def test_a_model_is_told_what_is_wrong_and_replies_again(server):
    replies = [reply("A pump with a ring", "The pump of claim 5, wherein it turns."), reply("A pump.", "The pump of claim 1, wherein it turns.")]
    server.reply = lambda messages: replies[len(messages) > 2]
    model = language_model(server.spec, ModelSettings(context_length=4096))
    result = answer_one(run_task(TASK, GIVEN, model), model)
    assert result.problems == () and [c.depends_on for c in result.output.claims] == [(), (1,)]
    correction = server.requests[-1]["messages"][-1]["content"]
    assert "claim 1 does not end with a full stop" in correction and "claim 2 refers to claim 5, which is not there" in correction


@hypothesis_given(st.lists(st.tuples(st.integers(1, 9), st.text(max_size=60)), max_size=6), st.sampled_from(["en", "zh"]))
def test_any_claims_can_be_checked(written, language):
    found = problems_of_claims(parsed_claims(written), language)
    assert all(isinstance(each, str) and each for each in found)
    if [number for number, _ in written] != list(range(1, len(written) + 1)) or not written:
        assert found
