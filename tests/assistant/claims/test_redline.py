"""Redlines: to the letter, and such that they read well."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.claims.redline import Piece, edits, redline

TEXTS = st.lists(st.sampled_from([*"ab 1,;.\n-é所述泵体的内壁", "valve ", " the", "wherein ", "叶轮", "12"]), max_size=30).map("".join)


def shown(old: str, new: str) -> str:
    marks = {"same": "{}", "added": "{{+{}+}}", "removed": "[-{}-]"}
    return "".join(marks[p.kind].format(p.text) for p in redline(old, new))


def old_and_new(pieces: tuple[Piece, ...]) -> tuple[str, str]:
    return "".join(p.text for p in pieces if p.kind != "added"), "".join(p.text for p in pieces if p.kind != "removed")


@given(TEXTS, TEXTS)
def test_both_texts_to_the_letter(old: str, new: str) -> None:
    pieces = redline(old, new)
    assert old_and_new(pieces) == (old, new)
    assert all(p.text for p in pieces)
    assert all(a.kind != b.kind for a, b in pairwise(pieces))


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_characters_to_the_letter(old: str, new: str) -> None:
    assert old_and_new(redline(old, new)) == (old, new)


@given(TEXTS)
def test_nothing_changes_in_the_same_text(text: str) -> None:
    assert [p.kind for p in redline(text, text)] == (["same"] if text else [])


@given(TEXTS, TEXTS)
def test_edits_are_where_the_texts_differ(old: str, new: str) -> None:
    at_old = at_new = 0
    for edit in edits(redline(old, new)):
        assert old[at_old : edit.old_start] == new[at_new : edit.new_start]
        at_old, at_new = edit.old_end, edit.new_end
    assert old[at_old:] == new[at_new:]


@given(st.integers(0, 8), st.lists(st.sampled_from(["quartz", "blue", "glass", "spins"]), min_size=1, max_size=5))
def test_words_put_in_are_found_as_these_words(at: int, put: list[str]) -> None:
    words = "a pump comprising a rotor and a valve .".split()
    pieces = redline(" ".join(words), " ".join([*words[:at], *put, *words[at:]]))
    assert [p.text.split() for p in pieces if p.kind == "added"] == [put]
    assert not [p for p in pieces if p.kind == "removed"]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("a rotor, and a valve.", "a rotor, a stator, and a valve.", "a rotor{+, a stator+}, and a valve."),
        ("a seal of rubber", "a seal of silicone rubber", "a seal of{+ silicone+} rubber"),
        ("of claim 3, wherein it is red.", "of claim 1.", "of claim [-3-]{+1+}[-, wherein it is red-]."),
        ("a valve", "a\nvalve", "a[- -]{+\n+}valve"),
        ("the valve is closed", "a valve is open", "[-the-]{+a+} valve is [-closed-]{+open+}"),
        ("所述叶轮设于泵体内。", "所述叶轮可转动地设于泵体内。", "所述叶轮{+可转动地+}设于泵体内。"),
        ("包括泵体。", "包括泵体和电机。", "包括泵体{+和电机+}。"),
        ("12 mm", "120 mm", "[-12-]{+120+} mm"),
    ],
)
def test_reads_well(old: str, new: str, expected: str) -> None:
    assert shown(old, new) == expected


def test_a_small_word_between_two_replacements_is_part_of_them() -> None:
    assert shown("made of the copper, cold", "turned from the iron, cold") == "[-made of the copper-]{+turned from the iron+}, cold"


def test_long_texts() -> None:
    old = " ".join(f"w{i % 700}" for i in range(3000))
    new = " ".join(f"w{i % 700}" for i in range(3000) if i % 31)
    pieces = redline(old, new)
    assert old_and_new(pieces) == (old, new)
    assert sum(len(p.text) for p in pieces if p.kind == "same") > 0.8 * len(new)
