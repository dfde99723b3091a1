import sqlite3

from hypothesis import given
from hypothesis import strategies as st

from finetune.corpus.settings import Duplicates
from finetune.instructions.families import Families, fraction, is_held_out

TEXT = (
    "A pump has a housing with an inlet and an outlet between which a rotor "
    "turns about an axis that is fixed in the cover of the housing by two bearings"
)


def families() -> Families:
    return Families(sqlite3.connect(":memory:"), Duplicates())


def test_members_that_share_a_key_are_a_family() -> None:
    found = families()
    members = [found.add(keys, []) for keys in (["a"], ["b"], ["c"], ["b", "c"], ["d"])]
    assert [found.of(m) for m in members] == [0, 1, 1, 1, 4]


def test_the_same_or_nearly_the_same_text_is_a_family() -> None:
    found = families()
    words = TEXT.split() * 6
    long = " ".join(f"{w}{n}" for n, w in enumerate(words))
    near = long.replace("pump0", "fan").replace("rotor14", "wheel")
    texts = (long, long.upper() + ".", near, " ".join(reversed(long.split())))
    members = [found.add([], [("en", text)]) for text in texts]
    assert [found.of(m) for m in members] == [0, 0, 0, 3]


def test_short_texts_tell_no_family() -> None:
    found = families()
    assert found.of(found.add([], [("en", "A pump.")])) != found.of(found.add([], [("en", "A pump.")]))


@given(st.text(), st.integers(0, 5))
def test_the_split_is_the_same_for_a_family_and_grows_with_its_share(family: str, seed: int) -> None:
    assert 0 <= fraction(family) < 1
    held = [is_held_out(family, share, seed) for share in (0.0, 0.1, 0.5, 0.9, 1.0)]
    assert held == sorted(held) and held[0] is False and held[-1] is True
    assert held == [is_held_out(family, share, seed) for share in (0.0, 0.1, 0.5, 0.9, 1.0)]
