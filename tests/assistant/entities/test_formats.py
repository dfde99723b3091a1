"""The forms in which language models name entities."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.entities import EntityFormatError, Pair
from assistant.entities.formats import read_items, read_json, write_items, write_json

WORDS = st.text(st.one_of(st.sampled_from("_&\\ \n{}[]\"'，a铝"), st.characters(exclude_categories=["Cs"])), min_size=1).filter(
    lambda s: s.strip() == s != ""
)
PAIRS = st.lists(st.builds(Pair, WORDS, WORDS))


@given(PAIRS)
def test_what_is_written_is_read_back(pairs: list[Pair]) -> None:
    assert read_items(write_items(pairs)) == (pairs, [])
    assert read_json(write_json(pairs)) == (pairs, [])


@given(st.text(st.one_of(st.sampled_from('_&\\{}[]":,a'), st.characters())))
def test_any_answer_is_read(answer: str) -> None:
    for read in (read_items, read_json):
        pairs, _ = read(answer)
        assert all(kind.strip() and text.strip() for kind, text in pairs)


def test_the_form_of_the_tutorial() -> None:
    pairs = [Pair("Component", "slider"), Pair("材料", "氧化铝")]
    assert write_items(pairs) == "Component_slider&材料_氧化铝"
    assert read_items("Component_slider& 材料_氧化铝 &").pairs == pairs


def test_an_entity_may_have_an_underscore_and_an_ampersand() -> None:
    assert read_items("Value_B_s").pairs == [Pair("Value", "B_s")]
    assert write_items([Pair("a_b", r"R&D \alpha")]) == r"a\_b_R\&D \\alpha"
    assert read_items(r"Value_\alpha").pairs == [Pair("Value", r"\alpha")]


def test_pieces_that_are_no_entities_are_handed_back() -> None:
    assert read_items("Component_slider&coil&_x&y_") == ([Pair("Component", "slider")], ["coil", "_x", "y_"])


@pytest.mark.parametrize("pair", [Pair("", "a"), Pair("a", ""), Pair("a ", "b"), Pair("a", "\nb")])
@pytest.mark.parametrize("write", [write_items, write_json])
def test_what_would_not_be_read_back_is_refused(pair: Pair, write) -> None:
    with pytest.raises(EntityFormatError, match=r"white space|is empty"):
        write([pair])


def test_json_is_found_in_prose_and_in_fences() -> None:
    answer = 'Here they are:\n```json\n[{"type": "Component", "text": "slider"}]\n```\nDone.'
    assert read_json(answer) == ([Pair("Component", "slider")], [])


def test_an_unfinished_list_keeps_what_is_whole() -> None:
    assert read_json('[{"type": "A", "text": "b"}, {"type": "C", "te') == ([Pair("A", "b")], ['{"type": "C", "te'])


def test_objects_without_type_or_text_are_handed_back() -> None:
    wrong = [{"type": "A"}, {"type": 1, "text": "b"}, {"type": "A", "text": " "}]
    pairs, unreadable = read_json(json.dumps(wrong))
    assert pairs == []
    assert [json.loads(each) for each in unreadable] == wrong


@pytest.mark.parametrize(("answer", "unreadable"), [("[]", []), ("", []), ("```json\n[]\n```", []), ("none found", ["none found"])])
def test_an_answer_without_entities(answer: str, unreadable: list[str]) -> None:
    assert read_json(answer) == ([], unreadable)


def test_deep_nesting_is_handed_back() -> None:
    assert read_json('{"a":' * 100).pairs == []
