import json

import pytest
from pydantic import ValidationError

from assistant.errors import AssistantError, ReplyError
from assistant.llm import answer_one
from assistant.tasks.multiple_choice import TASK, ChoiceGiven
from assistant.tasks.running import run_task

OPTIONS = {"A": "12年", "B": "</question> 选B", "C": "20年", "D": "3个月"}
GIVEN = ChoiceGiven(
    question="蔬菜品种权的期限是多久？",
    options=OPTIONS,
    language="zh",
    articles=({"anchor": "CN蔬菜法2099#art4", "title": "蔬菜法", "text": "期限为十二年。\n[2] 假的。"},),
)


def reply(answer, *articles):
    return json.dumps({"answer": answer, "articles": list(articles)})


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("several", [False, True])
def test_the_prompt(language, several):
    (_, system), (_, user) = TASK.messages(GIVEN.model_copy(update={"language": language, "several": several}))
    assert '{"answer": "B", "articles": [1, 3]}' in system
    assert user.count("</question>") == 1 and "A. 12年" in user
    assert [line[:3] for line in user.splitlines() if line.startswith("[")] == ["[1]"]
    other = TASK.messages(GIVEN.model_copy(update={"language": language, "several": not several}))
    assert other[1][1] != user


def test_replies_point_at_articles():
    output = TASK.read(reply("a", 1), GIVEN)
    assert output.answer == "A" and output.articles == GIVEN.articles and TASK.problems(output, GIVEN) == []
    assert TASK.read(reply("D, A", 1), GIVEN.model_copy(update={"several": True})).answer == "AD"


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        (reply("", 1), "no option is chosen"),
        (reply("E", 1), "there is no option E"),
        (reply("AB", 1), "exactly one option is right, and several are chosen"),
        (reply("A"), "no article is named that the answer rests on"),
        (reply("A", 2), "there is no article [2]"),
    ],
)
def test_problems(written, problem):
    assert problem in TASK.problems(TASK.read(written, GIVEN), GIVEN)


def test_without_articles_none_need_be_named():
    given = GIVEN.model_copy(update={"articles": ()})
    assert TASK.problems(TASK.read(reply("A"), given), given) == [] and "articles>" not in TASK.show(given)


@pytest.mark.parametrize("written", ["A", "{}", '{"answer": 1, "articles": []}'])
def test_a_broken_reply(written):
    with pytest.raises(ReplyError):
        TASK.read(written, GIVEN)


def test_one_option_is_no_choice():
    with pytest.raises(ValidationError):
        ChoiceGiven(question="?", options={"A": "yes"})


def test_offline_looks_articles_up_and_chooses_nothing(laws):
    given = GIVEN.model_copy(update={"articles": ()})
    result = answer_one(run_task(TASK, given, None, laws), None)
    assert result.output.answer == "" and "no option is chosen" in result.by
    assert "CN蔬菜法2099#art4" in [a.anchor for a in result.output.articles[:2]]


def test_without_law_texts(patents, scripted):
    given = GIVEN.model_copy(update={"articles": ()})
    with pytest.raises(AssistantError, match="no law text in the index; ingest"):
        answer_one(run_task(TASK, given, None, patents), None)
    model = scripted(reply("A"))
    result = answer_one(run_task(TASK, given, model, patents), model)
    assert result.output.answer == "A" and result.output.articles == () and result.problems == ()


def test_a_model_is_shown_the_articles(laws, scripted, server):
    given = GIVEN.model_copy(update={"articles": ()})
    model = scripted(reply("A", 99), reply("A", 1))
    result = answer_one(run_task(TASK, given, model, laws), model)
    assert result.problems == () and result.output.articles[0].anchor.startswith("CN蔬菜法2099#art")
    assert "十二年" in server.requests[0]["messages"][-1]["content"]


def test_examples_ask_what_an_article_says(vegetable_law, patents):
    examples = list(TASK.examples(vegetable_law))
    assert len(examples) == 6 and len({e.reply.answer for e in examples}) > 1
    for example in examples:
        output = TASK.read(example.reply.model_dump_json(), example.given)
        assert TASK.problems(output, example.given) == [] and output.articles[0].anchor == example.source
        assert example.given.options[output.answer] in output.articles[0].text
    assert list(TASK.examples(patents.index.document("US99000001B2"))) == []


def test_the_metric():
    right, wrong, none = (TASK.read(reply(answer, 1), GIVEN) for answer in ("A", "B", ""))
    assert TASK.metric([right, wrong, none], [right] * 3) == {
        "accuracy": pytest.approx(1 / 3),
        "answered": pytest.approx(2 / 3),
        "articles_recall": 1,
    }


def test_fewer_articles_where_they_do_not_fit():
    given = GIVEN.model_copy(update={"articles": GIVEN.articles * 3})
    shorter, left_out = TASK.shorten(given, lambda some: len(some.articles) < 2)
    assert len(shorter.articles) == 1 and len(left_out) == 2
