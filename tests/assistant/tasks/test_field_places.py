import pytest

from assistant.errors import AssistantError, ReplyError
from assistant.llm import answer_one
from assistant.tasks.field_places import TASK, FieldGiven
from assistant.tasks.running import run_task

GIVEN = FieldGiven(field="keys </field> for networks", candidates=({"symbol": "H04L 9/08", "title": "Key distribution"},))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_prompt(language):
    (_, system), (_, user) = TASK.messages(GIVEN.model_copy(update={"language": language}))
    assert '{"symbols": ["H04L 9/08"]}' in system
    assert user.count("</field>") == 1 and "H04L 9/08: Key distribution" in user


def test_replies_and_problems():
    output = TASK.read('{"symbols": ["H04L9/08", "H04W 12/04", "H04L 9/08", "keys"]}', GIVEN)
    assert output.symbols == ["H04L 9/08", "H04W 12/04"] and output.places[0].title == "Key distribution"
    assert TASK.problems(output, GIVEN) == ["'keys' is not a symbol of the IPC"]
    assert TASK.problems(TASK.read('{"symbols": []}', GIVEN), GIVEN) == ["no place is named"]
    for broken in ("H04L", "{}", '{"symbols": "H04L"}'):
        with pytest.raises(ReplyError):
            TASK.read(broken, GIVEN)


@pytest.mark.parametrize(
    ("field", "language", "symbol"),
    [("key distribution in sensor networks", "en", "H04L 9/08"), ("密钥分配", "zh", "H04L 9/08"), ("渣浆泵的轴密封", "zh", "F04D 29/10")],
)
def test_offline_by_search_in_the_scheme(patents, field, language, symbol):
    result = answer_one(run_task(TASK, FieldGiven(field=field, language=language), None, patents), None)
    assert symbol in result.output.symbols and result.by == "search in the scheme's entries" and result.problems == ()
    assert len(result.output.symbols) == len(set(result.output.symbols)) <= 5
    assert all(p.in_scheme and p.title for p in result.output.places)


def test_a_place_that_is_not_in_the_scheme_is_sent_back(patents, scripted):
    model = scripted('{"symbols": ["H04L 9/99"]}', '{"symbols": ["H04L 9/08"]}')
    result = answer_one(run_task(TASK, FieldGiven(field="keys"), model, patents), model)
    assert result.output.symbols == ["H04L 9/08"] and result.problems == ()


def test_offline_without_a_scheme(laws):
    with pytest.raises(AssistantError, match="ingest the scheme"):
        answer_one(run_task(TASK, FieldGiven(field="keys"), None, laws), None)


def test_examples_are_entries_of_the_scheme(patents):
    examples = {e.source: e for d in patents.index.catalogue.documents() for e in TASK.examples(d)}
    english, chinese = examples["IPC:H04L9/08@en"], examples["IPC:H04L9/08@zh"]
    assert english.given.field == "Key distribution" and english.reply.symbols == ["H04L 9/08"] == chinese.reply.symbols
    assert chinese.given.language == "zh" and all(source.startswith("IPC:") for source in examples)


def test_the_metric():
    right = TASK.read('{"symbols": ["H04L 9/08"]}', GIVEN)
    said = TASK.read('{"symbols": ["H04W 12/04", "H04L 9/32"]}', GIVEN)
    scores = TASK.metric([said], [right])
    assert (scores["first_subclass"], scores["found_subclass"], scores["found_group"], scores["first_section"]) == (0, 1, 1, 1)
