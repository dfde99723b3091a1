import asyncio
import json

import pytest

from assistant import Answer, LanguageModelError, PatentAssistant
from assistant.grounding.answering import Grounding
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
            statements = [{"sentences": [number_of(messages[:2], words)], "text": text} for text, words in lines]
            return json.dumps({"statements": statements, "missing": ""}, ensure_ascii=False)

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
    assert request["response_format"]["json_schema"]["schema"]["required"] == ["statements", "missing"]
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
    assert 1 <= len(server.requests) <= 4


@pytest.mark.parametrize(("body", "kind"), [("hello", "text/plain"), ('{"choices": []}', "application/json"), ("{}", "application/json")])
def test_a_server_that_does_not_speak_the_interface_is_an_error(asked, server, body, kind):
    server.reply = lambda _: (200, body, kind)
    with pytest.raises(LanguageModelError) as caught:
        asked.ask(FRAME)
    assert "\n" not in str(caught.value)


def statements(*said, missing=""):
    return json.dumps({"statements": [{"sentences": n, "text": t} for t, n in said], "missing": missing}, ensure_ascii=False)


def test_what_fails_is_sent_back_once_with_the_reason_and_its_correction_is_taken(asked, server, number_of):
    def reply(messages):
        number = number_of(messages, WORDS)
        return statements((TRUE, [number])) if len(messages) > 2 else statements((TRUE.replace("44", "45"), [number]))

    server.reply = reply
    answer = asked.ask(FRAME)
    assert (answer.status, [s.text for s in answer.statements]) == ("answered", [TRUE])
    first, second = server.requests
    assert second["messages"][:2] == first["messages"]
    assert [m["role"] for m in second["messages"][2:]] == ["assistant", "user"]
    assert "45 does not stand in the quotation" in second["messages"][3]["content"]


def test_what_fails_twice_is_dropped_and_nothing_is_sent_a_third_time(asked, says, server):
    says((TRUE, WORDS), (TRUE.replace("44", "45"), WORDS))
    answer = asked.ask(FRAME)
    assert [s.text for s in answer.statements] == [TRUE]
    assert len(server.requests) == 2


def test_a_reply_that_can_not_be_read_is_sent_back(asked, server, number_of):
    server.reply = lambda messages: statements((TRUE, [number_of(messages, WORDS)])) if len(messages) > 2 else "I can't do JSON."
    assert asked.ask(FRAME).statements[0].text == TRUE
    server.reply = lambda messages: "I can't do JSON."
    answer = asked.ask(FRAME)
    assert (answer.status, answer.statements) == ("not_found", ())
    assert "neither a JSON object" in answer.missing


def test_what_is_missing_is_told_and_the_answer_is_not_found_or_partly(asked, server, number_of):
    server.reply = lambda messages: statements(missing="需要更新帧的格式。")
    answer = asked.ask(FRAME)
    assert (answer.status, answer.missing) == ("not_found", "需要更新帧的格式。")
    server.reply = lambda messages: statements((TRUE, [number_of(messages, WORDS)]), missing="需要更新帧的格式。")
    assert asked.ask(FRAME).status == "partly"


def opened(collection, server, **grounding):
    return PatentAssistant.open(collection, llm=server.spec, create=False, grounding=Grounding(**grounding))


@pytest.mark.parametrize(("show", "count"), [("supported", 1), ("weak", 2), ("all", 3)])
def test_only_what_the_caller_asks_for_is_shown_and_the_status_is_the_same(collection, server, number_of, show, count):
    def reply(messages):
        number = number_of(messages, WORDS)
        return statements((TRUE, [number]), ("The update frame has 44 bytes.", [number]), (TRUE.replace("44", "45"), [number]))

    server.reply = reply
    with opened(collection, server, show=show, repair=False) as patents:
        answer = patents.ask(FRAME)
    assert answer.status == "partly"
    assert [s.verdict for s in answer.statements] == ["supported", "unchecked", "unsupported"][:count]
    assert len(server.requests) == 1


def test_retyped_quotations_are_checked_letter_by_letter(collection, server):
    sentence = "The gear case 10 contains about 420 liters of a synthetic gear oil of viscosity grade ISO VG 320"

    def reply(messages):
        good = {"quotations": [{"anchor": "US99000001B2#p0018", "quote": sentence}], "text": OIL_TRUE}
        wrong = {"quotations": [{"anchor": "US99000001B2#p0018", "quote": sentence.replace("viscosity", "viscossity")}], "text": OIL_TRUE}
        elsewhere = {"quotations": [{"anchor": "US99000001B2#c1", "quote": sentence}], "text": OIL_TRUE}
        return json.dumps({"statements": [wrong, elsewhere, good], "missing": ""})

    server.reply = reply
    with opened(collection, server, form="quoting", show="all", repair=False) as patents:
        answer = patents.ask(OIL)
    assert [s.verdict for s in answer.statements] == ["unsupported", "unsupported", "supported"]
    assert "does not stand in US99000001B2#c1" in answer.statements[1].reason
    assert "[US99000001B2#p0018] " in server.requests[0]["messages"][1]["content"]


def test_statements_are_streamed_as_soon_as_they_are_closed(asked, server, number_of):
    def reply(messages):
        number = number_of(messages, WORDS)
        said = [
            {"sentences": [number], "text": TRUE},
            {"sentences": [number], "text": "更新帧{共}44字节}。"},
            {"sentences": [number], "text": "更新帧共45字节。"},
        ]
        return json.dumps({"statements": said, "missing": ""}, ensure_ascii=False)

    server.reply = reply
    pieces = list(asked.stream(FRAME))
    assert [p.text for p in pieces[:-1]] == [TRUE, "更新帧{共}44字节}。"], "braces inside a text close nothing"
    assert isinstance(pieces[-1], Answer)
    assert pieces[-1].statements == tuple(pieces[:-1])
    assert pieces[-1].status == "partly"
    assert server.requests[0]["stream"] is True


def test_a_stream_of_what_is_not_found_is_the_answer_alone(asked, server):
    server.reply = lambda _: statements(missing="x")
    [answer] = asked.stream(FRAME)
    assert answer.status == "not_found"


def test_many_questions_are_answered_side_by_side_and_one_that_fails_is_an_error_in_its_place(asked, server, number_of):
    def reply(messages):
        question = messages[1]["content"]
        if OIL in question:
            return statements((OIL_TRUE, [number_of(messages, "420 liters")]))
        return statements((TRUE, [number_of(messages, WORDS)])) if FRAME in question else (400, '{"error": {"message": "no"}}', "application/json")

    server.reply = reply
    done = []
    answers = asked.ask_all([OIL, "How hot is the slurry?", FRAME, OIL], done=done.append)
    assert [getattr(a, "status", type(a)) for a in answers] == ["answered", LanguageModelError, "answered", "answered"]
    assert answers[0] == asked.ask(OIL)
    assert done[-1] == 4
    assert done == sorted(done)


def test_the_asynchronous_answer_is_the_same(asked, says):
    says((OIL_TRUE, "420 liters"))

    async def both():
        return await asyncio.gather(asked.aask(OIL), asked.aask(OIL))

    first, second = asyncio.run(both())
    assert first == second == asked.ask(OIL)


def test_passages_that_do_not_fit_the_window_are_left_out_and_named(collection, server, says):
    server.models = [{"id": "test-model", "max_model_len": 1400}]
    says((TRUE, WORDS))
    with opened(collection, server) as patents:
        answer = patents.ask(FRAME)
    assert answer.status == "answered"
    assert answer.left_out
    assert set(answer.left_out) <= {h.anchor for h in answer.hits}
    assert len(json.dumps(server.requests[0]["messages"], ensure_ascii=False)) < 1400 * 4


def test_a_window_that_holds_no_passage_is_a_clear_error(collection, server):
    server.models = [{"id": "test-model", "max_model_len": 700}]
    with opened(collection, server) as patents, pytest.raises(LanguageModelError, match="none of 20 passages fits"):
        patents.ask(FRAME)


@pytest.mark.parametrize(("models", "expected"), [([{"id": "test-model"}], "context_length=TOKENS"), ([{"id": "other"}], "it serves other")])
def test_a_server_that_does_not_know_the_model_or_its_length_is_a_clear_error(collection, server, models, expected):
    server.models = models
    with opened(collection, server) as patents, pytest.raises(LanguageModelError, match=expected) as caught:
        patents.ask(FRAME)
    assert "\n" not in str(caught.value)
    assert server.requests == []
