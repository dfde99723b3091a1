"""Where a text names claims: places, numbers and languages; the wordings themselves are in test_dependency."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.claims.claim_reference import CLAIM_LIST_EN, CLAIM_LIST_ZH, find_references


def test_each_reference_has_its_place_its_numbers_and_its_language():
    text = "The pump of claims 1 to 3, made by the method of claim 7."
    first, second = find_references(text, 9)
    assert (text[first.start : first.end], first.numbers, first.language) == ("claims 1 to 3", (1, 2, 3), "en")
    assert (text[second.start : second.end], second.numbers) == ("claim 7", (7,))


def test_references_come_in_the_order_of_the_text():
    found = find_references("A device according to any preceding claim or claim 1, or the first claim", 4)
    assert [reference.numbers for reference in found] == [(1, 2, 3), (1,)]
    assert [r.start for r in found] == sorted(r.start for r in found)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("of claim 2", "en"),
        ("nach Anspruch 2", "de"),
        ("selon la revendication 2", "fr"),
        ("权利要求2", "zh"),
        ("請求項2之泵", "zh"),
        ("請求項２に記載の", "ja"),
    ],
)
def test_the_language_is_that_of_the_word_for_claim(text, language):
    assert [(r.numbers, r.language) for r in find_references(text, 5)] == [((2,), language)]


@pytest.mark.parametrize("text", ["", "claim", "claims", "Ansprüche", "权利要求", "3 vanes", "exclaim 1.5 mm", "claim 0", "revendications"])
def test_a_word_without_a_number_is_no_reference(text):
    assert find_references(text, 5) == []


def test_a_range_has_bounds():
    assert find_references("claims 1 to 400", 500)[0].numbers == tuple(range(1, 401))
    assert find_references("claims 1 to 4000", 5000)[0].numbers == (1, 4000)
    assert find_references("claims 7 to 3", 9)[0].numbers == (3, 7)


def test_the_lists_can_be_cut_out_of_a_question():
    assert CLAIM_LIST_EN.sub("", "What do claims 1 and 2 say?") == "What do  say?"
    assert CLAIM_LIST_ZH.sub("", "权利要求1和2是什么？") == "是什么？"


@settings(deadline=None, derandomize=True, max_examples=300)
@given(
    st.text(alphabet="claims Ansprüche revendications权利要求請求項 0123456789１-–,至から à bis to;\n。", max_size=80), st.none() | st.integers(1, 50)
)
def test_any_text_gives_references_that_lie_in_it(text, number):
    for reference in find_references(text, number):
        assert 0 <= reference.start < reference.end <= len(text)
        assert reference.numbers == tuple(sorted(set(reference.numbers)))
        assert all(n >= 1 and n != number for n in reference.numbers)
