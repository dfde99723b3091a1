"""The dense side against a brute-force search in numpy, and its snapshots."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.vectors import VectorIndex

DIMENSION = 24
ROUNDING = 5e-4


def unit_vectors(n: int, seed: int) -> np.ndarray:
    vectors = np.random.default_rng(seed).standard_normal((n, DIMENSION)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def filled(ids: np.ndarray, vectors: np.ndarray) -> VectorIndex:
    index = VectorIndex(DIMENSION)
    index.add(ids, vectors)
    return index


def brute_force(ids: np.ndarray, vectors: np.ndarray, query: np.ndarray, k: int) -> list[tuple[int, float]]:
    scores = vectors.astype(np.float16).astype(np.float32) @ query
    return [(int(ids[i]), float(scores[i])) for i in np.argsort(-scores, kind="stable")[:k]]


def assert_same(found: list[tuple[int, float]], expected: list[tuple[int, float]]) -> None:
    """The same scores rank by rank, within what half precision allows; the same passages where no two are closer than that."""
    assert [s for _, s in found] == pytest.approx([s for _, s in expected], abs=ROUNDING)
    by_id = dict(expected)
    least = expected[-1][1] if expected else 0.0
    for identity, score in found:
        assert score == pytest.approx(by_id.get(identity, least), abs=ROUNDING)
    assert len({i for i, _ in found}) == len(found)


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 300), st.integers(1, 320), st.integers(0, 2**31), st.data())
def test_search_is_exact_with_and_without_a_selection_and_after_removals(n, k, seed, data):
    rng = np.random.default_rng(seed)
    ids = np.sort(rng.choice(5000, size=n, replace=False)).astype(np.int64) + 1
    vectors, query = unit_vectors(n, seed), unit_vectors(1, seed + 1)[0]
    index = filled(ids, vectors)
    assert_same(index.search(query, k), brute_force(ids, vectors, query, k))

    wanted = rng.random(n) < data.draw(st.sampled_from([0.02, 0.5, 0.98]))
    assert_same(index.search(query, k, ids[wanted]), brute_force(ids[wanted], vectors[wanted], query, k))

    first, last = sorted(data.draw(st.tuples(st.integers(0, 5001), st.integers(0, 5001))))
    index.remove([(first, last)])
    left = (ids < first) | (ids > last)
    assert index.size == left.sum()
    assert_same(index.search(query, k), brute_force(ids[left], vectors[left], query, k))
    assert_same(index.search(query, k, ids[wanted & left]), brute_force(ids[wanted & left], vectors[wanted & left], query, k))


def test_a_selection_may_name_what_is_not_there():
    ids, vectors = np.arange(1, 51), unit_vectors(50, 3)
    index = filled(ids, vectors)
    found = index.search(vectors[6], 10, np.array([3, 7, 60, 900], dtype=np.int64))
    assert_same(found, brute_force(ids[[2, 6]], vectors[[2, 6]], vectors[6], 10))


def test_nothing_to_find():
    index = VectorIndex(DIMENSION)
    query = unit_vectors(1, 0)[0]
    assert index.search(query, 5) == []
    index.remove([(1, 10)])
    index.add(np.arange(1, 4), unit_vectors(3, 0))
    assert index.search(query, 0) == []
    assert index.search(query, 5, np.array([], dtype=np.int64)) == []
    index.remove([])
    assert index.size == 3


def test_unsaved_counts_changes():
    index = filled(np.arange(1, 11), unit_vectors(10, 0))
    index.remove([(3, 5), (100, 200)])
    assert index.unsaved == 13


def test_a_snapshot_is_read_back(tmp_path):
    ids, vectors = np.arange(1, 41), unit_vectors(40, 1)
    index = filled(ids, vectors)
    index.generation = 7
    index.save(tmp_path)
    assert index.unsaved == 0
    assert [p.name for p in tmp_path.iterdir()] == ["vectors-7.faiss"]
    loaded = VectorIndex.load(tmp_path, DIMENSION, 7)
    assert (loaded.generation, loaded.size, loaded.unsaved) == (7, 40, 0)
    assert loaded.search(vectors[8], 5) == index.search(vectors[8], 5)


def test_a_new_snapshot_replaces_older_ones_and_what_a_killed_process_left(tmp_path):
    (tmp_path / ".vectors-3.faiss.999.partial").write_bytes(b"half")
    (tmp_path / "other").write_bytes(b"kept")
    index = filled(np.arange(1, 5), unit_vectors(4, 1))
    for generation in (3, 5):
        index.generation = generation
        index.save(tmp_path)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["other", "vectors-5.faiss"]


def test_the_newest_snapshot_that_is_not_too_new_is_loaded(tmp_path):
    index = filled(np.arange(1, 5), unit_vectors(4, 1))
    saved = {}
    for generation in (2, 4, 10):
        index.generation = generation
        index.save(tmp_path)
        saved[generation] = (tmp_path / f"vectors-{generation}.faiss").read_bytes()
    for generation, content in saved.items():
        (tmp_path / f"vectors-{generation}.faiss").write_bytes(content)
    assert VectorIndex.load(tmp_path, DIMENSION, 10).generation == 10
    assert VectorIndex.load(tmp_path, DIMENSION, 9).generation == 4
    empty = VectorIndex.load(tmp_path, DIMENSION, 1)
    assert (empty.generation, empty.size) == (0, 0)


@pytest.mark.parametrize("length", [0, 3, 50, 300, -1])
def test_a_truncated_snapshot_is_passed_over(tmp_path, length):
    index = filled(np.arange(1, 41), unit_vectors(40, 1))
    for generation in (2, 3):
        index.generation = generation
        index.save(tmp_path)
        if generation == 2:
            older = (tmp_path / "vectors-2.faiss").read_bytes()
    (tmp_path / "vectors-2.faiss").write_bytes(older)
    newest = tmp_path / "vectors-3.faiss"
    newest.write_bytes(newest.read_bytes()[:length])
    loaded = VectorIndex.load(tmp_path, DIMENSION, 3)
    assert (loaded.generation, loaded.size) == (2, 40)


def test_a_snapshot_of_another_dimension_is_passed_over(tmp_path):
    index = filled(np.arange(1, 5), unit_vectors(4, 1))
    index.generation = 1
    index.save(tmp_path)
    assert VectorIndex.load(tmp_path, DIMENSION + 1, 1).size == 0
