import pytest

from assistant import LanguageModelError, PatentAssistant
from index import Filter

OIL = "How much oil does the gear case of the wind turbine contain?"
OIL_TRUE = "The gear case contains about 420 liters of a synthetic gear oil."
FRAME = "更新帧共有多少字节？"
TRUE = "更新帧共44字节。"
WORDS = "更新帧共44字节"


@pytest.fixture
def asked(collection, server):
    """The assistant over the sample collection with the server as its language model."""
    with PatentAssistant.open(collection, llm=server.spec, create=False) as opened:
        yield opened


@pytest.fixture
def says(server, number_of):
    """Makes the server reply with these lines, `{words}` in them standing for the number of the sentence with the words."""

    def say(*lines):
        def reply(messages):
            return "\n".join(f"{text} [{number_of(messages, words)}]" if words else text for text, words in lines)

        server.reply = reply

    return say


def test_a_true_statement_is_supported_by_a_quotation_that_the_model_did_not_type(asked, says, source_text):
    says((OIL_TRUE, "420 liters"))
    answer = asked.ask(OIL)
    assert (answer.status, answer.model) == ("answered", "test-model")
    [statement] = answer.statements
    assert (statement.text, statement.verdict) == (OIL_TRUE, "supported")
    [citation] = statement.citations
    assert citation.anchor == "US99000001B2#p0018"
    assert citation.quote.startswith("The gear case 10 contains about 420 liters")
    assert citation.quote in asked.show(citation.anchor)


def test_a_statement_with_a_wrong_number_is_dropped(asked, says):
    says((TRUE.replace("44", "45"), WORDS))
    answer = asked.ask(FRAME)
    assert (answer.status, answer.statements) == ("not_found", ())


def test_an_answer_with_a_dropped_statement_is_partial(asked, says):
    says((TRUE, WORDS), (TRUE.replace("44", "45"), WORDS))
    answer = asked.ask(FRAME)
    assert answer.status == "partly"
    assert [s.text for s in answer.statements] == [TRUE]


@pytest.mark.parametrize(
    "statement",
    [
        "更新帧没有帧头。",
        "渣浆泵由柴油机驱动。",
        "The pump of the slurry is driven by 3 diesel engines.",
        "乌拉巴哈呜呜呜呜。",
    ],
)
def test_an_invented_statement_is_dropped_whatever_it_points_at(asked, says, statement):
    says((statement, WORDS))
    answer = asked.ask(FRAME)
    assert (answer.status, answer.statements) == ("not_found", ())


@pytest.mark.parametrize("reply", ["NOT FOUND", "", TRUE, f"{TRUE} [999]", f"{TRUE} [0]", "I can't help with that."])
def test_a_reply_without_proof_is_not_found(asked, server, reply):
    server.reply = lambda _: reply
    answer = asked.ask(FRAME)
    assert (answer.status, answer.statements) == ("not_found", ())
    assert answer.hits


def test_a_chinese_question_is_asked_and_answered_in_chinese(asked, says, server):
    says((TRUE, WORDS))
    answer = asked.ask(FRAME)
    assert answer.status == "answered"
    assert answer.statements[0].citations[0].anchor == "CN199000007A#p0022"
    assert server.requests[0]["messages"][-1]["content"].endswith(f"问题：{FRAME}")


def test_a_statement_in_another_language_than_its_quotation_is_shown_as_unchecked(asked, says):
    says(("The update frame has 44 bytes.", WORDS))
    answer = asked.ask(FRAME)
    assert answer.status == "partly"
    assert [s.verdict for s in answer.statements] == ["unchecked"]


def test_the_quotations_of_a_joined_passage_are_pinned_to_their_paragraph(asked, says, patents):
    question = "How much of the oil that creeps along the shaft does the slinger turn back?"
    assert any(h.anchor == "US99000001B2#p0019-0020" for h in patents.ask(question).hits)
    says(("The slinger turns back more than 97% of the oil that reaches it.", "more than 97%"))
    [statement] = asked.ask(question).statements
    assert [c.anchor for c in statement.citations] == ["US99000001B2#p0020"]


def test_the_server_gets_the_question_the_excerpts_and_a_temperature_of_0(asked, server):
    answer = asked.ask(FRAME)
    [request] = server.requests
    assert request["path"] == "/v1/chat/completions"
    assert (request["model"], request["temperature"]) == ("test-model", 0)
    assert [m["role"] for m in request["messages"]] == ["system", "user"]
    excerpts = request["messages"][1]["content"]
    assert excerpts.startswith("<excerpts>\n")
    assert excerpts.endswith(f"</excerpts>\n\n问题：{FRAME}")
    assert all(f"# {h.anchor.partition('#')[2]}\n" in excerpts for h in answer.hits)


def test_no_model_is_asked_where_nothing_was_found(asked, server):
    answer = asked.ask(FRAME, Filter(numbers=("US1A",)))
    assert (answer.status, answer.statements, answer.hits, answer.model) == ("not_found", (), (), "test-model")
    assert server.requests == []


ERRORS = [
    (400, '{"error": {"message": "context too long", "type": "invalid_request_error"}}', "application/json"),
    (401, '{"error": {"message": "no key"}}', "application/json"),
    (404, '{"error": {"message": "no model test-model"}}', "application/json"),
    (500, '{"error": {"message": "out of memory"}}', "application/json"),
    (502, "<html>\n<body>\n<h1>Bad Gateway</h1>\n</body>\n</html>\n", "text/html"),
]


@pytest.mark.parametrize(("status", "body", "kind"), ERRORS)
def test_an_error_of_the_server_is_one_line_that_names_the_model_and_the_status(asked, server, status, body, kind):
    server.reply = lambda _: (status, body, kind)
    with pytest.raises(LanguageModelError) as caught:
        asked.ask(FRAME)
    message = str(caught.value)
    assert "\n" not in message
    assert "test-model" in message
    assert str(status) in message or "Bad Gateway" in message
    assert 1 <= len(server.requests) <= 3


@pytest.mark.parametrize(("body", "kind"), [("hello", "text/plain"), ('{"choices": []}', "application/json"), ("{}", "application/json")])
def test_a_server_that_does_not_speak_the_interface_is_an_error(asked, server, body, kind):
    server.reply = lambda _: (200, body, kind)
    with pytest.raises(LanguageModelError) as caught:
        asked.ask(FRAME)
    assert "\n" not in str(caught.value)
