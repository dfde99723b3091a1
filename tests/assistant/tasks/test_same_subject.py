import pytest

from assistant.errors import AssistantError, ReplyError
from assistant.llm import answer_one
from assistant.tasks.running import run_task
from assistant.tasks.same_subject import TASK, SameGiven

GIVEN = SameGiven(first="A slurry pump </first> with a seal.", second="A pump for slurry, sealed.")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_prompt(language):
    (_, system), (_, user) = TASK.messages(GIVEN.model_copy(update={"language": language}))
    assert '"same": "yes"' in system
    assert user.count("</first>") == 1 and user.count("</second>") == 1


def test_replies_and_problems():
    output = TASK.read('{"same": "yes", "words": ["slurry  PUMP", "rotor"]}', GIVEN)
    assert output.same and output.words == ("slurry pump",) and output.probability is None
    assert TASK.problems(output, GIVEN) == ["“rotor” does not stand in the first text"]
    assert TASK.problems(TASK.read('{"same": "yes", "words": []}', GIVEN), GIVEN) == ["no words are given that say what both texts are about"]
    assert TASK.problems(TASK.read('{"same": "no", "words": []}', GIVEN), GIVEN) == []
    for broken in ("yes", '{"same": "perhaps", "words": []}', '{"same": "yes"}'):
        with pytest.raises(ReplyError):
            TASK.read(broken, GIVEN)


def test_offline_within_a_language_and_across(patents):
    english, chinese = patents.index.document("US99000007B2"), patents.index.document("CN199000007A")

    def asked(first, second, assistant=patents):
        result = answer_one(run_task(TASK, SameGiven(first=first, second=second), None, assistant), None)
        assert result.by == "likeness of vectors and terms" and result.problems == ()
        assert all(word in first for word in result.output.words)
        return result.output

    same = asked(english.abstract, english.claims[0].text)
    assert same.same and same.probability >= 0.5 and "segment" in same.words and not any(w.endswith(".") for w in same.words)
    assert not asked(english.abstract, patents.index.document("US99000001B2").abstract).same
    assert (
        asked(chinese.abstract, english.abstract).probability > asked(chinese.abstract, patents.index.document("US99000001B2").abstract).probability
    )
    assert asked(english.abstract, english.claims[0].text, None).probability == same.probability  # the same without an index


def test_examples_are_texts_of_one_document(patents):
    examples = [e for d in patents.index.catalogue.documents() for e in TASK.examples(d)]
    assert examples and {e.given.language for e in examples} <= {"en", "zh"}
    for example in examples:
        output = TASK.read(example.reply.model_dump_json(), example.given)
        assert output.same and TASK.problems(output, example.given) == []


def test_a_document_and_a_second_text(patents):
    given = TASK.from_document(patents.index.document("CN199000007A"))
    assert given.language == "zh" and "密钥" in given.first
    with pytest.raises(AssistantError, match="give both texts"):
        answer_one(run_task(TASK, given, None, patents), None)
    with pytest.raises(AssistantError, match="give both texts"):
        TASK.messages(given)


def test_the_metric():
    yes, no = (TASK.read(f'{{"same": "{s}", "words": []}}', GIVEN) for s in ("yes", "no"))
    assert TASK.metric([yes, yes, no, no], [yes, no, no, yes]) == {"accuracy": 0.5, "precision": 0.5, "recall": 0.5, "f1": 0.5}


def test_the_longer_text_is_cut_first():
    given = SameGiven(first="A pump. " * 60, second="A seal. " * 5)
    shorter, left_out = TASK.shorten(given, lambda some: len(some.first) + len(some.second) < 200)
    assert shorter.second == given.second and 100 < len(shorter.first) < 200 and len(left_out) == 1
    shorter, left_out = TASK.shorten(given, lambda some: len(some.first) + len(some.second) < 50)
    assert len(shorter.first) + len(shorter.second) < 50 and len(left_out) == 2
    assert TASK.shorten(given, lambda some: False) is None
