import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from finetune.corpus.mixing import mixed
from finetune.corpus.settings import CorpusSettings, CorpusSource


def source(name: str, weight: float | None, repeat: float = 1) -> CorpusSource:
    return CorpusSource.model_validate({"name": name, "paths": ["x"], "weight": weight, "repeat": repeat})


@given(
    st.lists(st.tuples(st.floats(0.01, 100), st.floats(1, 10), st.integers(1, 10**9)), min_size=1, max_size=5),
)
def test_shares_are_the_weights_and_nothing_is_taken_more_often_than_allowed(given_: list[tuple[float, float, int]]) -> None:
    sources = [source(f"s{n}", weight, repeat) for n, (weight, repeat, _) in enumerate(given_)]
    mix = mixed(sources, {n: characters for n, (_, _, characters) in enumerate(given_)}, None)
    assert mix.quotas is not None
    total, weights = sum(mix.quotas.values()), sum(w for w, _, _ in given_)
    for n, (weight, repeat, characters) in enumerate(given_):
        assert mix.quotas[n] / total == pytest.approx(weight / weights, rel=1e-6)
        assert mix.quotas[n] <= repeat * characters * (1 + 1e-9)
    assert any(mix.quotas[n] == pytest.approx(r * c) for n, (_, r, c) in enumerate(given_))


def test_a_total_takes_what_there_is() -> None:
    mix = mixed([source("a", 1, 2), source("b", 3)], {0: 100, 1: 10_000}, 4000)
    assert mix.quotas == {0: 200, 1: 3000}
    assert mixed([source("a", None)], {0: 5}, None).quotas is None
    assert mixed([source("a", 1), source("b", 1)], {1: 10}, None).quotas == {1: 10}


@pytest.mark.parametrize(
    ("sources", "settings", "problem"),
    [
        ([("a", 1, 1), ("b", None, 1)], {}, "without one is b"),
        ([("a", None, 1), ("a", None, 1)], {}, "same name"),
        ([("a", None, 2)], {}, "need weights"),
        ([("a", None, 1)], {"characters": 10}, "need weights"),
    ],
)
def test_inconsistent_weights_are_refused(sources: list[tuple[str, float | None, float]], settings: dict[str, int], problem: str) -> None:
    with pytest.raises(ValidationError, match=problem):
        CorpusSettings.model_validate({"kind": "corpus", "sources": [source(*s).model_dump() for s in sources]} | settings)
