import json

import pytest

from assistant import PatentAssistant

CLAIM = "What does claim 1 of US99000001B2 say?"


def cited(answer):
    return [c.anchor for s in answer.statements for c in s.citations]


def test_a_claim_of_the_document_that_is_talked_about(patents):
    talk = patents.converse()
    assert cited(talk.ask(CLAIM)) == ["US99000001B2#c1"]
    assert cited(talk.ask("And claim 2?")) == ["US99000001B2#c2"]
    assert cited(talk.ask("那么权利要求3呢？")) == ["US99000001B2#c3"]
    assert talk.numbers == ("US99000001B2",)


def test_another_document_that_is_named_is_the_new_subject(patents):
    talk = patents.converse()
    talk.ask(CLAIM)
    talk.ask("CN199000007A的权利要求1是什么？")
    assert cited(talk.ask("那么权利要求2呢？")) == ["CN199000007A#c2"]


@pytest.mark.parametrize("question", ["Which other patents have a drain?", "还有哪些专利涉及密封？"])
def test_a_question_about_all_documents_leaves_the_subject(patents, question):
    talk = patents.converse()
    talk.ask(CLAIM)
    assert talk.standalone(question) == question


def test_a_follow_up_names_what_was_asked_about(patents):
    talk = patents.converse()
    answer = talk.ask("How many nodes can a segment hold?")
    assert answer.status == "answered"
    standalone = talk.standalone("Why is it limited?")
    assert standalone.startswith("In US99000007B2: Why is it limited?")
    assert "segment" in standalone
    assert "nodes" in standalone


def test_a_first_question_and_one_that_names_its_document_stay_as_they_are(patents):
    talk = patents.converse()
    assert talk.standalone("How thick is it?") == "How thick is it?"
    talk.ask(CLAIM)
    assert talk.standalone("What does claim 4 of US99000002B2 say?") == "What does claim 4 of US99000002B2 say?"


def test_to_forget_is_to_begin_anew(patents):
    talk = patents.converse()
    talk.ask(CLAIM)
    talk.forget()
    assert talk.standalone("And claim 2?") == "And claim 2?"
    assert talk.history() == ()


def rewriting(said, answer='{"statements": [], "missing": "x"}'):
    def reply(messages):
        if "<conversation>" in messages[1]["content"]:
            return json.dumps({"question": said}, ensure_ascii=False)
        return answer

    return reply


def test_a_model_rewrites_a_follow_up(collection, server):
    said = "What does claim 2 of US99000001B2 say?"
    server.reply = rewriting(said)
    with PatentAssistant.open(collection, llm=server.spec, create=False) as patents:
        talk = patents.converse()
        talk.ask(CLAIM)
        assert talk.ask("And the next one?").question == "In US99000001B2: And the next one?" or talk.turns[-1].standalone == said
        prompt = next(r["messages"][1]["content"] for r in server.requests if "<conversation>" in r["messages"][1]["content"])
    assert CLAIM in prompt
    assert prompt.endswith("Follow-up: And the next one?")


@pytest.mark.parametrize("said", ["What does claim 77 of US1234567B2 say?", "", "这是什么？", "x" * 500])
def test_a_rewriting_that_invents_or_strays_is_not_taken(collection, server, said):
    server.reply = rewriting(said)
    with PatentAssistant.open(collection, llm=server.spec, create=False) as patents:
        talk = patents.converse()
        talk.ask(CLAIM)
        assert talk.standalone("And claim 2?") == "In US99000001B2: And claim 2?"


def test_the_history_is_bounded_by_tokens_and_keeps_the_newest(patents):
    talk = patents.converse()
    for number in range(1, 14):
        talk.ask(f"What does claim {number} of US99000001B2 say?")
    history = talk.history()
    assert history[-1].question == "What does claim 13 of US99000001B2 say?"
    assert 1 < len(history) < 13
    for number in range(30):
        talk.ask(f"Is there a claim {number} in US1A?")
    assert len(talk.turns) == 20


def test_a_model_that_is_gone_leaves_the_rules(collection, server):
    server.reply = lambda messages: (500, "", "text/plain") if "<conversation>" in messages[1]["content"] else '{"statements": [], "missing": ""}'
    with PatentAssistant.open(collection, llm=server.spec, create=False) as patents:
        talk = patents.converse()
        talk.ask(CLAIM)
        assert talk.standalone("And claim 2?") == "In US99000001B2: And claim 2?"
