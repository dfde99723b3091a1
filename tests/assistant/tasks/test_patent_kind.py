import json

import pytest

from assistant.errors import ReplyError
from assistant.llm import answer_one
from assistant.tasks.patent_kind import TASK, KindGiven, kind_by_code, kind_by_words
from assistant.tasks.running import run_task


@pytest.mark.parametrize(
    ("number", "code", "kind"),
    [
        ("CN104245682A", "", "invention"),
        ("CN104245682B", "", "invention"),
        ("CN201234567U", "", "utility model"),
        ("CN2012345Y", "", "utility model"),
        ("CN301234567S", "", "design"),
        ("CN1234567D", "", "design"),
        ("CN204245682", "", "utility model"),
        ("US8926509B2", "", "invention"),
        ("US20130040387A1", "A1", "invention"),
        ("USD651432S1", "", "design"),
        ("USD651432", "", "design"),
        ("USRE12345E", "E1", "invention"),
        ("USPP12345P2", "", "unknown"),
        ("DE202012001234U1", "", "utility model"),
        ("DE602012001234T2", "", "invention"),
        ("JP2012012345A", "", "invention"),
        ("JP3123456U", "", "utility model"),
        ("EP1963450A1", "", "invention"),
        ("FR2999999A3", "", "utility model"),
        ("FR2999999A1", "", "invention"),
        ("TWM345678U", "", "utility model"),
        ("KR200412345Y1", "", "utility model"),
    ],
)
def test_kind_codes_and_numbers(number, code, kind):
    assert kind_by_code(number, code).kind == kind


@pytest.mark.parametrize("number", ["", "KP0001", "US8926509", "draft", "CN504245682", "JP2012012345X"])
def test_numbers_that_do_not_tell(number):
    assert kind_by_code(number) is None


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("本实用新型公开了一种泵。", "utility model", "本实用新型"),
        ("本实用新型涉及泵。现有技术中，本发明人发现……", "utility model", "本实用新型"),
        ("本外观设计产品的名称：泵。", "design", "本外观设计"),
        ("The ornamental design for a pump, as shown and described.", "design", "ornamental design for"),
        ("The present invention relates to pumps.", "invention", "The present invention"),
        ("本发明提供一种泵。", "invention", "本发明"),
    ],
)
def test_words_that_tell(text, kind, words):
    told = kind_by_words(text)
    assert (told.kind, told.words) == (kind, words) and words in text


@pytest.mark.parametrize("text", ["A pump with a rotor.", "一种泵。", "", "本外观设计不同于本实用新型。"])
def test_words_that_do_not(text):
    assert kind_by_words(text) is None
    result = answer_one(run_task(TASK, KindGiven(text=text), None), None)
    assert result.output.kind == "unknown" and result.by == "rules"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_prompt_does_not_give_the_code_away(language):
    given = KindGiven(text="A </text> pump.", document="CN201234567U", code="U", language=language)
    (_, system), (_, user) = TASK.messages(given)
    assert '{"kind": "invention", "words": "…"}' in system
    assert user.count("</text>") == 1 and "U" not in user


def test_replies_and_problems():
    given = KindGiven(text="本实用新型公开了一种泵。", language="zh")

    def said(kind, words):
        return TASK.read(json.dumps({"kind": kind, "words": words}), given)

    assert TASK.problems(said("utility model", "本实用新型"), given) == []
    assert "“本发明” does not stand in the text" in TASK.problems(said("utility model", "本发明"), given)
    assert TASK.problems(said("invention", ""), given) == ["the kind is utility model and not invention: the text says so"]
    for broken in ("utility model", '{"kind": "patent", "words": ""}', '{"words": ""}'):
        with pytest.raises(ReplyError):
            TASK.read(broken, given)


def test_documents_and_examples(patents):
    for document in patents.index.catalogue.documents():
        if ":" in document.number:
            assert list(TASK.examples(document)) == []
            continue
        given = TASK.from_document(document)
        assert answer_one(run_task(TASK, given, None, patents), None).output.kind == "invention"
        (example,) = TASK.examples(document)
        output = TASK.read(example.reply.model_dump_json(), example.given)
        assert output.kind == "invention" and TASK.problems(output, example.given) == [] and example.given.code == ""


def test_the_metric_tells_unknown_from_wrong():
    given = KindGiven(text="A pump.")
    yes, no, unknown = (TASK.read(json.dumps({"kind": k, "words": ""}), given) for k in ("invention", "design", "unknown"))
    assert TASK.metric([yes, no, unknown, yes], [yes] * 4) == {"accuracy": 0.5, "answered": 0.75, "accuracy_answered": pytest.approx(2 / 3)}


def test_a_long_text_is_cut():
    shorter, left_out = TASK.shorten(KindGiven(text="A pump. " * 40), lambda some: len(some.text) < 50)
    assert 40 < len(shorter.text) < 50 and left_out
