import asyncio
import time

import pytest
from langchain_core.language_models import FakeListChatModel, SimpleChatModel

from assistant.errors import LanguageModelError
from assistant.llm import LanguageModel, ModelSettings, Request, answer_all, answer_one
from assistant.llm.carrying import carrier
from assistant.llm.exchange import aanswer_one, answer_each
from ingest.errors import PatentAssistantError


class Broken(SimpleChatModel):
    responses: list[str]
    _llm_type = "broken"

    def _call(self, messages, *args, **kwargs):
        if "fail" in messages[-1].content:
            raise ConnectionError("gone\naway")
        return self.responses.pop(0)


def model(*replies):
    return LanguageModel(Broken(responses=list(replies)), "fake", 1000, ModelSettings(concurrency=1))


def asking(*prompts, schema=None):
    said = []
    for prompt in prompts:
        said.append((yield Request([("human", prompt)], schema)))
    return said


def forgiving():
    try:
        yield Request([("human", "fail")])
    except LanguageModelError as error:
        return str(error)


def failing():
    yield Request([("human", "one")])
    raise LanguageModelError("not good")


def silent():
    return "nothing asked"
    yield


def test_replies_go_where_they_were_asked():
    assert answer_one(asking("one", "two"), model("1", "2")) == ["1", "2"]
    assert asyncio.run(aanswer_one(asking("one", "two"), model("1", "2"))) == ["1", "2"]


def test_an_exchange_that_asks_nothing_needs_no_model():
    assert answer_one(silent(), None) == "nothing asked"
    assert answer_all([silent(), silent()], None) == ["nothing asked"] * 2


@pytest.mark.parametrize("drive", [answer_one, lambda e, m: asyncio.run(aanswer_one(e, m)), lambda e, m: answer_all([e], m)[0]])
def test_an_error_of_the_model_is_given_to_the_exchange_as_one_line(drive):
    assert drive(forgiving(), model("x")) == "fake: no answer: ConnectionError: gone away"


def test_side_by_side_each_goes_on_at_its_own_pace_and_failures_stay_in_their_place():
    told = []
    results = answer_all([asking("a"), asking("b", "c"), failing(), asking("fail"), silent()], model("1", "2", "3", "4"), told.append)
    assert results[0] == ["1"]
    assert len(results[1]) == 2
    assert isinstance(results[2], PatentAssistantError)
    assert "gone away" in str(results[3])
    assert results[4] == "nothing asked"
    assert told == [1, 2, 3, 4, 5]


class Paced(SimpleChatModel):
    """Takes as many seconds as the prompt says; `most` is how many it was asked at a time."""

    now: int = 0
    most: int = 0
    _llm_type = "paced"

    def _call(self, messages, *args, **kwargs):
        self.now += 1
        self.most = max(self.most, self.now)
        time.sleep(float(messages[-1].content))
        self.now -= 1
        return messages[-1].content


def test_a_slow_exchange_holds_nobody_up():
    chat = Paced()
    asked = LanguageModel(chat, "paced", 1000, ModelSettings(concurrency=2))
    with carrier(asked) as carrying:
        order = [number for number, _ in answer_each([asking("0.5"), *(asking("0.01", "0.01") for _ in range(5))], carrying)]
        assert carrying.tokens > 0
    assert order == [1, 2, 3, 4, 5, 0]
    assert chat.most == 2


def test_an_exchange_is_begun_when_there_is_room_for_it():
    begun = []

    def noted(number):
        begun.append(number)
        return (yield from asking("0.01"))

    asked = LanguageModel(Paced(), "paced", 1000, ModelSettings(concurrency=8))
    with carrier(asked) as carrying:
        results = answer_each((noted(n) for n in range(6)), carrying, at_once=2)
        assert len(begun) == 0
        next(results)
        assert len(begun) == 2
        assert len(list(results)) == 5


def test_exchanges_that_are_left_behind_are_closed():
    closed = []

    def left():
        try:
            yield Request([("human", "0.2")])
        finally:
            closed.append(True)

    asked = LanguageModel(Paced(), "paced", 1000, ModelSettings(concurrency=4))
    with carrier(asked) as carrying:
        results = answer_each([asking("0"), left()], carrying)
        assert next(results)[0] == 0
        results.close()
    assert closed == [True]


def test_what_is_no_error_of_the_model_is_raised_where_it_was_asked():
    asked = LanguageModel(Paced(), "paced", 1000, ModelSettings(), count=lambda text: 1 // 0)
    with pytest.raises(ZeroDivisionError):
        answer_all([asking("0")], asked)


def test_the_room_in_the_window_is_what_prompt_and_reply_leave():
    asked = LanguageModel(FakeListChatModel(responses=["x"]), "fake", 1000, ModelSettings(max_tokens=100), count=len)
    assert asked.room([("system", "s" * 200), ("human", "h" * 100)]) == 1000 - 100 - 300 - 2 * 16
    assert asked.room([("human", "h" * 1000)]) < 0
