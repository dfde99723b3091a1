"""Where the entities that a language model named stand."""

from hypothesis import given
from hypothesis import strategies as st

from assistant.entities import Pair, located

TEXT = st.text(st.one_of(st.sampled_from("aAb -\n铝ﬁ㎜Ａ"), st.characters(exclude_categories=["Cs"])), max_size=60)


@given(TEXT, st.data())
def test_places_are_exact_and_every_pair_is_found_or_missing(text: str, data: st.DataObject) -> None:
    inside = st.tuples(st.integers(0, len(text)), st.integers(0, len(text))).map(lambda p: text[min(p) : max(p)])
    pairs = data.draw(st.lists(st.builds(Pair, st.sampled_from(["x", "y"]), st.one_of(inside, TEXT)), max_size=5))
    found, missing = located(pairs, text)
    assert all(text[e.start : e.end] == e.text and e.start < e.end for e in found)
    assert {e.type for e in found} <= {p.type for p in pairs}
    assert set(missing) <= set(pairs)
    assert len({p for p in pairs if p not in missing}) == 0 or found


def spans(pairs: list[Pair], text: str) -> list[tuple[str, int, int]]:
    return [(e.type, e.start, e.end) for e in located(pairs, text).found]


def test_every_place_is_found() -> None:
    assert spans([Pair("C", "coil")], "a coil on the coil") == [("C", 2, 6), ("C", 14, 18)]


def test_a_word_inside_a_longer_one_is_none() -> None:
    assert located([Pair("C", "head")], "overhead heads") == ([], [Pair("C", "head")])


def test_chinese_words_need_no_gap() -> None:
    assert spans([Pair("M", "铝")], "含铝的") == [("M", 1, 2)]


def test_the_longer_one_has_its_place() -> None:
    assert spans([Pair("M", "铝"), Pair("O", "氧化铝")], "氧化铝和铝") == [("O", 0, 3), ("M", 4, 5)]


def test_one_that_stands_nowhere_else_is_found_inside_the_longer_one() -> None:
    assert spans([Pair("M", "铝"), Pair("O", "氧化铝")], "氧化铝") == [("O", 0, 3), ("M", 2, 3)]


def test_the_same_words_of_two_types() -> None:
    assert spans([Pair("A", "coil"), Pair("B", "coil")], "a coil") == [("A", 2, 6), ("B", 2, 6)]


def test_width_capitals_hyphens_and_white_space_do_not_count() -> None:
    [entity] = located([Pair("C", "thin-film head")], "A ＴＨＩＮ‑Film\n  head.").found
    assert entity.text == "ＴＨＩＮ‑Film\n  head"


def test_what_is_not_there_is_missing_in_the_order_asked() -> None:
    pairs = [Pair("A", "x"), Pair("B", "longer"), Pair("C", "")]
    assert located(pairs, "nothing of it") == ([], pairs)
