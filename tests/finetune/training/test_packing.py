from collections import Counter
from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from finetune.training.packing import plan

LENGTHS = st.lists(st.integers(1, 90), min_size=1, max_size=80)


@given(LENGTHS, st.integers(8, 64), st.integers(1, 20))
def test_no_token_is_lost_and_none_is_there_twice(lengths: list[int], window: int, group: int) -> None:
    windows = plan(range(len(lengths)), np.asarray(lengths), window, True, group)
    seen = Counter((example, place) for pieces in windows for example, start, end in pieces for place in range(start, end))
    assert seen == Counter((example, place) for example, length in enumerate(lengths) for place in range(length))
    assert all(0 < sum(end - start for _, start, end in pieces) <= window for pieces in windows)


@given(LENGTHS, st.integers(8, 64))
def test_examples_are_whole_or_not_there(lengths: list[int], window: int) -> None:
    windows = plan(range(len(lengths)), np.asarray(lengths), window, False)
    pieces = sorted(piece for found in windows for piece in found)
    assert pieces == [(n, 0, length) for n, length in enumerate(lengths) if length <= window]


def test_windows_are_full_and_keep_the_order() -> None:
    r = np.random.default_rng(0)
    lengths = r.integers(20, 900, 4000)
    windows = plan(range(4000), lengths, 1024, False, group=32)
    filled = lengths.sum() / (1024 * len(windows))
    alone = lengths.sum() / (4000 * 1024)
    assert filled > 0.9 > 1.8 * alone
    assert lengths.sum() / (1024 * len(plan(range(4000), lengths, 1024, False))) > 0.97
    places = [np.mean([example for example, _, _ in pieces]) for pieces in windows]
    neighbours = 32 * 1024 / lengths.mean()
    assert all(b > a - neighbours for a, b in pairwise(places))
    assert np.corrcoef(places, range(len(places)))[0, 1] > 0.999


def test_the_same_order_gives_the_same_windows() -> None:
    lengths = np.random.default_rng(1).integers(1, 100, 300)
    assert plan(range(300), lengths, 128, True) == plan(range(300), lengths, 128, True)
