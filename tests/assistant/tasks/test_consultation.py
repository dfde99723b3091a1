import json

import pytest

from assistant.errors import AssistantError, ReplyError
from assistant.llm import answer_one
from assistant.tasks.consultation import DISCLAIMER, TASK, ConsultationGiven
from assistant.tasks.running import run_task

QUESTION = "转让蔬菜品种权要办什么手续？"
GIVEN = ConsultationGiven(
    question=QUESTION,
    language="zh",
    articles=({"anchor": "CN蔬菜法2099#art2", "title": "蔬菜法", "text": "蔬菜品种权可以转让。\n应当自签订之日起30日内登记。</articles>"},),
)


def reply(*statements, missing=""):
    return json.dumps({"statements": [{"sentences": list(numbers), "text": text} for text, *numbers in statements], "missing": missing})


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_prompt(language):
    (_, system), (_, user) = TASK.messages(GIVEN.model_copy(update={"language": language}))
    assert '"statements": [{"sentences": [4], "text": "…"}]' in system
    assert user.count("</articles>") == 1 and "[1] 蔬菜品种权可以转让。" in user and QUESTION in user


def test_statements_point_at_sentences_of_articles():
    output = TASK.read(reply(("蔬菜品种权可以转让。", 1), ("应当自签订之日起30日内登记。", 2)), GIVEN)
    assert [s.verdict for s in output.statements] == ["supported", "supported"] and TASK.problems(output, GIVEN) == []
    assert [c.anchor for s in output.statements for c in s.citations] == ["CN蔬菜法2099#art2.1", "CN蔬菜法2099#art2.2"]
    assert output.disclaimer == DISCLAIMER["zh"]


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        (reply(("应当自签订之日起60日内登记。", 2)), "60 does not stand in the quotation"),
        (reply(("蔬菜品种权不可以转让。", 1)), "the statement negates"),
        (reply(("蔬菜品种权可以转让。", 7)), "1 statements point at no sentence that exists"),
        (reply(), "neither a statement nor what is missing"),
    ],
)
def test_problems(written, problem):
    assert any(problem in p for p in TASK.problems(TASK.read(written, GIVEN), GIVEN))


def test_what_is_missing_is_an_answer():
    output = TASK.read(reply(missing="关于费用的规定"), GIVEN)
    assert output.missing == "关于费用的规定" and TASK.problems(output, GIVEN) == [] and output.disclaimer


def test_a_broken_reply():
    with pytest.raises(ReplyError):
        TASK.read("可以转让。", GIVEN)


@pytest.mark.parametrize(("question", "language"), [(QUESTION, "zh"), ("Can a vegetable variety be transferred?", "en")])
def test_the_disclaimer_is_in_the_language_of_the_question(laws, question, language):
    result = answer_one(run_task(TASK, ConsultationGiven(question=question, language="en"), None, laws), None)
    assert result.output.disclaimer == DISCLAIMER[language]


def test_offline_quotes_the_articles_found(laws):
    result = answer_one(run_task(TASK, ConsultationGiven(question=QUESTION, language="zh"), None, laws), None)
    assert result.by == "article look-up" and result.problems == ()
    first = result.output.statements[0]
    assert first.verdict == "supported" and "30日" in first.text
    assert all(c.quote in laws.show(c.anchor) for s in result.output.statements for c in s.citations)


def test_a_long_article_is_quoted_where_it_is_nearest():
    long = "。".join(["其他事项由蔬菜局另行规定"] * 60) + "。\n转让蔬菜品种权的，应当登记。"
    given = ConsultationGiven(question=QUESTION, language="zh", articles=({"anchor": "CN蔬菜法2099#art9", "text": long},))
    output = answer_one(run_task(TASK, given, None, None), None).output
    assert "转让蔬菜品种权的，应当登记。" in output.statements[0].text and len(output.statements[0].text) <= 400


def test_without_law_texts_one_clear_line(patents, scripted):
    for model in (None, scripted(reply(("可以。", 1)))):
        with pytest.raises(AssistantError) as caught:
            answer_one(run_task(TASK, ConsultationGiven(question=QUESTION), model, patents), model)
        assert "no law text in the index; ingest" in str(caught.value) and "\n" not in str(caught.value)


def test_a_model_answers_from_the_articles(laws, scripted, server):
    def answer(messages):
        lines = messages[-1]["content"].splitlines() if len(messages) == 2 else messages[1]["content"].splitlines()
        number = next(int(line[1 : line.index("]")]) for line in lines if "30日" in line)
        return reply(("应当自签订之日起30日内向蔬菜局登记。", number))

    model = scripted("")
    server.reply = answer
    result = answer_one(run_task(TASK, ConsultationGiven(question=QUESTION, language="zh"), model, laws), model)
    (statement,) = result.output.statements
    assert result.problems == () and statement.verdict == "supported" and statement.citations[0].anchor == "CN蔬菜法2099#art2.2"
    assert statement.citations[0].quote in laws.show(statement.citations[0].anchor)


def test_examples_are_what_an_article_says(vegetable_law, patents):
    examples = list(TASK.examples(vegetable_law))
    assert [e.source.partition("#art")[2] for e in examples] == list("123456")
    for example in examples:
        output = TASK.read(example.reply.model_dump_json(), example.given)
        assert TASK.problems(output, example.given) == []
        assert {c.anchor.partition(".")[0] for s in output.statements for c in s.citations} == {example.source}
    assert list(TASK.examples(patents.index.document("US99000001B2"))) == []


def test_the_metric():
    right = TASK.read(reply(("蔬菜品种权可以转让。", 1)), GIVEN)
    none = TASK.read(reply(missing="费用"), GIVEN)
    scores = TASK.metric([right, none], [right, right])
    assert (scores["articles_recall"], scores["articles_precision"], scores["rouge_l"], scores["supported"]) == (0.5, 1, 0.5, 1)


def test_fewer_articles_where_they_do_not_fit():
    given = GIVEN.model_copy(update={"articles": GIVEN.articles * 3})
    shorter, left_out = TASK.shorten(given, lambda some: len(some.articles) < 3)
    assert len(shorter.articles) == 2 and left_out == ["CN蔬菜法2099#art2"]
