import pytest

from assistant.question import understand


@pytest.mark.parametrize(
    ("text", "numbers", "claims"),
    [
        ("What does claim 7 of US8926509B2 cover?", ("US8926509B2",), (7,)),
        ("What does US 8,926,509 B2 say about glucose?", ("US8926509B2",), ()),
        ("CN104245682A的权利要求3保护什么？", ("CN104245682A",), (3,)),
        ("请问EP1963450A1中密封环的材料是什么？", ("EP1963450A1",), ()),
        ("How does the seal of US8926509 differ from that of EP1963450A1?", ("US8926509", "EP1963450A1"), ()),
        ("what does claim 7 of us8926509b2 cover?", ("US8926509B2",), (7,)),
        ("How is the seal kept dry at 20000 rpm?", (), ()),
        ("What is claim 7 about?", (), ()),
    ],
)
def test_numbers_and_claims_are_read_off_a_question(text, numbers, claims):
    understood = understand(text)
    assert understood.text == text
    assert understood.numbers == numbers
    assert understood.claims == claims


@pytest.mark.parametrize(
    ("text", "claims"),
    [
        ("What do claims 2 and 3 of US99000001B2 say?", (2, 3)),
        ("What do claims 2, 3 and 5 of US99000001B2 say?", (2, 3, 5)),
        ("What do claims 2 to 4 of US99000001B2 say?", (2, 3, 4)),
        ("CN199000001A的权利要求2和3分别限定了什么？", (2, 3)),
    ],
)
def test_several_claims_are_read_off_a_question(text, claims):
    assert understand(text).claims == claims


@pytest.mark.parametrize(("text", "language"), [("How long is an epoch?", "en"), ("更新帧共有多少字节？", "zh"), ("LED怎样接收数据？", "zh")])
def test_the_language_of_a_question(text, language):
    assert understand(text).language == language


def test_the_topic_leaves_out_the_document_and_the_claim():
    topic = understand("What does claim 7 of US8926509B2 say about glucose?").topic
    assert "glucose" in topic
    assert "8926509" not in topic
    assert "7" not in topic


@pytest.mark.parametrize("text", ["US8926509B2", "claim 1 of US8926509B2"])
def test_a_question_that_is_only_a_name_keeps_something_to_search_for(text):
    assert any(c.isalnum() for c in understand(text).topic)


@pytest.mark.parametrize(
    ("text", "symbols", "scheme"),
    [
        ("What does H04L 9/08 cover?", ("H04L 9/08",), True),
        ("Where are labyrinth seals classified?", (), True),
        ("迷宫密封的分类号是什么？", (), True),
        ("How is the key rotated?", (), False),
        ("How does the robot classify the soil?", (), False),
    ],
)
def test_questions_about_the_classification_are_recognised(text, symbols, scheme):
    understood = understand(text)
    assert (understood.symbols, understood.scheme) == (symbols, scheme)


@pytest.mark.parametrize(
    ("text", "articles"),
    [
        ("专利法第二十六条第四款怎么规定？", (("专利法", "26", ("4",)),)),
        ("CN104245682A的权利要求3是否符合专利法第22条？", (("专利法", "22", ()),)),
        ("What does Article 26 of the Patent Law say?", (("Patent Law", "26", ()),)),
        ("What does claim 7 of US8926509B2 cover?", ()),
    ],
)
def test_articles_of_laws_are_read_off_a_question(text, articles):
    assert understand(text).articles == articles


def test_a_number_that_no_office_gives_is_known_where_a_document_has_it():
    question = "What does claim 3 of Draft-2024/7 say?"
    assert understand(question).numbers == ()
    known = understand(question, {"Draft-2024/7"}.__contains__)
    assert (known.numbers, known.claims) == (("Draft-2024/7",), (3,))
    chinese = understand("KP0636的权利要求13是什么？", {"KP0636"}.__contains__)
    assert (chinese.numbers, chinese.claims) == (("KP0636",), (13,))
