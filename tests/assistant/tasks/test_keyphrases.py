import json

import pytest
from pydantic import ValidationError

from assistant.errors import AssistantError, ReplyError
from assistant.tasks.keyphrases import TASK, Keyphrase, Keyphrases, KeyphrasesGiven, examples_of_rows, rows_of
from ingest import PatentDocument, read

GIVEN = KeyphrasesGiven(title="Pump", abstract="A pump has a ＬＥＤ and </abstract> a sealing ring.", most=3)


def said(*texts):
    return Keyphrases(keyphrases=tuple(Keyphrase(text=text) for text in texts))


@pytest.mark.parametrize(("language", "asked"), [("en", "At most 3 keyphrases."), ("zh", "最多3个关键词。")])
def test_the_prompt_has_the_texts_between_marks_that_they_cannot_close(language, asked):
    (_, system), (_, user) = TASK.messages(GIVEN.model_copy(update={"language": language}))
    assert '{"keyphrases": ["…"]}' in system
    assert user.count("</abstract>") == 1 and "<claims>" not in user and user.endswith(asked)


def test_each_keyphrase_once_and_whether_it_stands_in_the_text():
    output = TASK.read('{"keyphrases": ["sealing ring", "LED", "Sealing  Ring", "", "seal", "turbine"]}', GIVEN)
    assert [(k.text, k.places) for k in output.keyphrases] == [
        ("sealing ring", (("abstract", 35, 47),)),
        ("LED", (("abstract", 13, 16),)),
        ("seal", ()),
        ("turbine", ()),
    ]
    assert TASK.problems(output, GIVEN) == ["4 keyphrases are given; at most 3 are asked for"]


def test_problems_and_other_forms():
    assert TASK.problems(said(), GIVEN) == ["no keyphrase is given"]
    assert TASK.problems(said("泵", "密封环"), GIVEN) == ["the keyphrases are not in the language of the text"]
    assert TASK.problems(said("a b c d e f g h i"), GIVEN) == ['"a b c d e f g h i" is too long for a keyphrase']
    for broken in ("pump, ring", '{"keyphrases": "pump, ring"}', "{}"):
        with pytest.raises(ReplyError):
            TASK.read(broken, GIVEN)
    with pytest.raises(ValidationError):
        KeyphrasesGiven(most=0)


def test_rows_of_the_data_set():
    rows = [
        {"instruction": "…", "input": "摘要：一种泵，\n具有密封环。\n", "output": "泵,密封环,泵"},
        {"row": 7, "instruction": "…", "input": "标题：泵\n摘要：一种泵。\n权利声明：1.一种泵。\n2.根据权利要求1所述的泵。", "output": "泵，密封环"},
    ]
    first, second = examples_of_rows(rows)
    assert first.given == KeyphrasesGiven(abstract="一种泵，\n具有密封环。", language="zh")
    assert first.reply.keyphrases == ["泵", "密封环"] and first.source == "KPPatent-ZH row 1"
    assert second.given.title == "泵" and second.given.claims == "1.一种泵。\n2.根据权利要求1所述的泵。"
    assert second.reply.keyphrases == ["泵", "密封环"] and second.source == "KPPatent-ZH row 7"


@pytest.mark.parametrize("row", [{}, {"input": "一种泵。", "output": "泵"}, {"input": "摘要：一种泵。", "output": ["泵"]}])
def test_rows_of_another_form_are_refused_by_name(row):
    with pytest.raises(AssistantError, match="row 1: "):
        list(examples_of_rows([row]))


def test_rows_as_lines_and_as_one_list():
    rows = [{"a": 1}, {"a": 2}]
    assert list(rows_of(["\n", '{"a": 1}\n', "\n", '{"a": 2}'])) == rows
    assert list(rows_of(json.dumps(rows, indent=1).splitlines(keepends=True))) == rows
    assert list(rows_of([])) == []


def test_the_rows_of_the_shared_data_are_examples(data):
    import gzip

    with gzip.open(data / "kppatent_zh" / "train.jsonl.gz", "rt", encoding="utf-8") as lines:
        examples = list(examples_of_rows(rows_of(lines)))
    assert len(examples) == 3024
    assert all(example.given.abstract and example.reply.keyphrases for example in examples)
    faulty = [e for e in examples if TASK.problems(TASK.read(e.reply.model_dump_json(), e.given), e.given)]
    assert len(faulty) <= 0.1 * len(examples)


def test_claims_are_left_out_line_by_line():
    given = GIVEN.model_copy(update={"claims": "1. A pump.\n2. The pump of claim 1.\n3. The pump of claim 2."})
    shortened, left_out = TASK.shorten(given, lambda some: len(some.claims) < 40)
    assert shortened.claims == "1. A pump.\n2. The pump of claim 1." and shortened.abstract == GIVEN.abstract
    assert left_out == ["the claims from '3. The pump of claim 2.' on"]
    assert TASK.shorten(given, lambda some: False) is None


def test_what_goes_in_from_a_document(sample):
    [document] = list(read([sample / "zh" / "CN199000003B.xml"]))
    given = TASK.from_document(document)
    assert given.title == document.title and given.claims.startswith("1. ") and given.language == "zh"
    assert list(TASK.examples(document)) == []
    bare = PatentDocument(number="US1A", sections=({"paragraphs": [{"number": "1", "text": "x"}]},))
    with pytest.raises(AssistantError, match="US1A: the document has no title"):
        TASK.from_document(bare)


def test_f1_at_10():
    right = [said("a", "b"), said("c")]
    assert TASK.metric(right, right) == {"f1_at_10": 1.0}
    assert TASK.metric([said("A", "x"), said("y")], right)["f1_at_10"] == pytest.approx(0.25)
    late = said(*"0123456789", "a")
    assert TASK.metric([late], [said("a")]) == {"f1_at_10": 0.0}


def test_the_model_finds_keyphrases_of_the_sample_collection(sample):
    for document in read([sample / "zh"]):
        given = TASK.from_document(document)
        output, how = TASK.offline(given, None)
        assert how == "keyphrase model" and 0 < len(output.keyphrases) <= given.most
        assert all(k.probability is not None and 0 <= k.probability <= 1 for k in output.keyphrases)
