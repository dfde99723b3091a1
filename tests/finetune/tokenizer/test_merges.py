from collections import Counter
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from finetune.tokenizer.merges import more_merges

words = st.dictionaries(st.lists(st.sampled_from("abcd"), min_size=1, max_size=8).map(tuple), st.integers(1, 9), min_size=1, max_size=20)


def test_the_most_frequent_pair_is_joined_first() -> None:
    found = more_merges({("l", "o", "w"): 5, ("l", "o"): 2, ("n", "e", "w"): 6}, 3, 1, lambda token: True, frozenset())
    assert found == [("l", "o"), ("e", "w"), ("n", "ew")]


def slowly(given_words: dict[tuple[str, ...], int], most: int, least: int) -> list[tuple[str, str]]:
    pieces = [(list(word), count) for word, count in given_words.items()]
    found: list[tuple[str, str]] = []
    made: set[str] = set()
    while len(found) < most:
        counts: Counter[tuple[str, str]] = Counter()
        for word, count in pieces:
            for pair in pairwise(word):
                counts[pair] += count
        best = min(((-n, pair) for pair, n in counts.items() if n >= least and "".join(pair) not in made), default=None)
        if best is None:
            break
        pair = best[1]
        found.append(pair)
        made.add("".join(pair))
        pieces = [(_apply(word, pair), count) for word, count in pieces]
    return found


def _apply(word: list[str], pair: tuple[str, str]) -> list[str]:
    made: list[str] = []
    i = 0
    while i < len(word):
        if i + 1 < len(word) and (word[i], word[i + 1]) == pair:
            made.append(word[i] + word[i + 1])
            i += 2
        else:
            made.append(word[i])
            i += 1
    return made


@given(words, st.integers(1, 12), st.integers(1, 6))
def test_it_finds_what_counting_anew_each_time_finds(given_words: dict[tuple[str, ...], int], most: int, least: int) -> None:
    assert more_merges(given_words, most, least, lambda token: True, frozenset()) == slowly(given_words, most, least)


def test_what_is_not_allowed_or_known_is_not_made() -> None:
    found = more_merges({("a", "b", "c"): 9}, 9, 1, lambda token: token != "ab", frozenset({"bc"}))
    assert found == []
