"""The parts of an article."""

from hypothesis import given
from hypothesis import strategies as st

from ingest.laws.provision import place_of, provisions, text_of

CHINESE = "有下列情形之一的：\n（一）甲；\n（二）乙：\n1.丙；\n2.丁。\n另有规定的除外。"
ENGLISH = "Novelty\n(1) New is what is not known.\n(2) Known is\n(a) what was written;\n(b) what was said.\n(3) None of (2) applies."
CODE = "(a) In general.\n(1) One.\n(A) deep\n(B) deeper\n(2) Two.\n(b) Else.\n(i) roman\n(ii) more"


def places(text):
    return [".".join(p.place) for p in provisions(text)]


def test_paragraphs_and_items():
    assert places(CHINESE) == ["1", "1.1", "1.2", "1.2.1", "1.2.2", "2"]
    assert places(ENGLISH) == ["", "1", "2", "2.a", "2.b", "3"]
    assert places(CODE) == ["a", "a.1", "a.1.A", "a.1.B", "a.2", "b", "b.i", "b.ii"]
    assert places("One.\nTwo.") == ["1", "2"]
    assert text_of(CHINESE, ("1", "2")) == "（二）乙：\n1.丙；\n2.丁。"
    assert text_of(ENGLISH, ("2",)) == "(2) Known is\n(a) what was written;\n(b) what was said."
    assert text_of(ENGLISH, ("4",)) is None


def test_the_narrowest_part_that_holds_a_quotation():
    assert place_of(CHINESE, "丁") == ("1", "2", "2")
    assert place_of(CHINESE, "甲；\n（二）乙") == ("1",)
    assert place_of(CHINESE, "2.丁。\n另有") == ()
    assert place_of(CHINESE, "没有") == ()
    assert place_of("只有一款。", "一款") == ()


@given(st.lists(st.sampled_from(["文字", "（一）甲", "（十）乙", "(1) text", "(a) text", "(ii) text", "2. text", "words", ""]), max_size=12))
def test_every_line_is_a_part_and_can_be_found_again(lines):
    text = "\n".join(lines)
    found = provisions(text)
    assert [text[p.start : p.end] for p in found] == lines or (not lines and len(found) == 1)
    for part in found:
        if part.place:
            assert text_of(text, part.place) is not None
