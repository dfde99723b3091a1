from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from finetune.training.curriculum import competence, difficulty, order
from finetune.training.settings import Curriculum

HARD = np.random.default_rng(0).permutation(200) / 199


def test_difficulty_is_the_mean_of_ranks() -> None:
    found = difficulty({"length": np.asarray([10.0, 1000.0, 20.0]), "depth": np.asarray([1.0, 5.0, 3.0])})
    assert found.tolist() == [0.0, 1.0, 0.5]
    assert difficulty({"labels": np.asarray([2.0, 2.0, 2.0])}).tolist() == [0.5, 0.5, 0.5]
    assert difficulty({"length": np.asarray([7.0])}).tolist() == [0.0]


@given(
    st.sampled_from(["shuffle", "ordered", "paced", "staged"]),
    st.lists(st.floats(0, 1), min_size=1, max_size=60),
    st.integers(0, 5),
    st.floats(0.05, 1),
    st.integers(2, 9),
)
def test_in_one_epoch_every_example_is_seen_once(schedule: str, hard: list[float], seed: int, share: float, buckets: int) -> None:
    curriculum = Curriculum.model_validate({"schedule": schedule, "start": share, "horizon": share, "buckets": buckets})
    first = order(curriculum, np.asarray(hard), 1.0, seed)
    assert sorted(first.tolist()) == list(range(len(hard)))
    assert np.array_equal(first, order(curriculum, np.asarray(hard), 1.0, seed))
    assert len(order(curriculum, np.asarray(hard), 2.5, seed)) == max(1, round(2.5 * len(hard)))


def test_ordered_is_by_difficulty() -> None:
    seen = HARD[order(Curriculum(schedule="ordered"), HARD, 2.0, 0)]
    assert (np.diff(seen[:200]) >= 0).all() and (np.diff(seen[200:]) >= 0).all()


def test_staged_is_shuffled_inside_of_buckets() -> None:
    seen = HARD[order(Curriculum(schedule="staged", buckets=4), HARD, 1.0, 0)]
    parts = np.array_split(seen, 4)
    assert all(a.max() < b.min() for a, b in pairwise(parts))
    assert all((np.diff(part) < 0).any() for part in parts)


def test_paced_never_draws_what_is_beyond_competence() -> None:
    curriculum = Curriculum(schedule="paced", start=0.1, horizon=0.5)
    seen = HARD[order(curriculum, HARD, 1.0, 3)]
    for n, hard in enumerate(seen):
        assert hard <= competence(curriculum, n / 200) * 200 / 199
    assert seen[:20].mean() < 0.25 < seen[120:].mean()
    easy = order(curriculum, HARD, 3.0, 3)
    assert np.bincount(easy, minlength=200).min() >= 1


def test_competence_rises_as_the_square_root() -> None:
    curriculum = Curriculum(schedule="paced", start=0.1, horizon=0.5)
    assert competence(curriculum, 0) == pytest.approx(0.1)
    assert competence(curriculum, 0.25) == pytest.approx((0.5 * 0.99 + 0.01) ** 0.5)
    assert competence(curriculum, 0.5) == competence(curriculum, 1) == pytest.approx(1)


def test_another_seed_is_another_order() -> None:
    for schedule in ("shuffle", "paced", "staged"):
        curriculum = Curriculum.model_validate({"schedule": schedule})
        assert not np.array_equal(order(curriculum, HARD, 1.0, 0), order(curriculum, HARD, 1.0, 1))


def test_what_does_not_go_together() -> None:
    with pytest.raises(ValidationError, match="needs a model"):
        Curriculum(schedule="ordered", score=("loss",))
    with pytest.raises(ValidationError, match="one or more"):
        Curriculum(score=())
