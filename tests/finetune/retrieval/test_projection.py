import numpy as np
import pytest

from finetune.retrieval.projection import Places, VectorPairs, project
from finetune.retrieval.settings import Projection

SETTINGS = Projection(steps=150, batch=32, rate=0.02, others=10, share=1)


def unit(vectors):
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@pytest.fixture
def world():
    """Documents of six places, hidden in twelve dimensions of which half say nothing but are louder."""
    random = np.random.default_rng(0)
    places = random.normal(size=(6, 12)).astype(np.float32)
    of = random.integers(0, 6, 300)
    noise = random.normal(size=(300, 12)) * np.array([0.3] * 6 + [3] * 6)
    return unit(places), unit(places[of] + noise).astype(np.float32), of


def right(world, projection):
    places, documents, of = world
    return float(((unit(documents @ projection) @ unit(places @ projection).T).argmax(axis=1) == of)[200:].mean())


@pytest.mark.slow
def test_documents_of_places_learn_what_tells_places_apart(world):
    places, documents, of = world
    found = project([Places(documents[:200], places, [[int(p)] for p in of[:200]])], {}, SETTINGS)
    assert found.shape == (12, 12) and found.dtype == np.float32
    assert right(world, found) > right(world, np.eye(12)) + 0.15


def test_pairs_alone_are_enough(world):
    places, documents, of = world
    pairs = {"pairs": VectorPairs(documents[:200], places[of[:200]], [str(p) for p in of[:200]])}
    assert right(world, project([], pairs, SETTINGS)) > right(world, np.eye(12)) + 0.1


def test_a_share_lies_between_and_a_seed_gives_the_same(world):
    places, documents, of = world
    level = [Places(documents[:200], places, [[int(p)] for p in of[:200]])]
    whole = project(level, {}, SETTINGS)
    half = project(level, {}, SETTINGS.model_copy(update={"share": 0.5}))
    assert np.allclose(half - np.eye(12), (whole - np.eye(12)) / 2, atol=1e-5)
    assert (project(level, {}, SETTINGS) == whole).all()


def test_documents_without_a_place_are_passed_over(world):
    places, documents, of = world
    level = Places(documents[:200], places, [[int(p)] if i % 2 else [] for i, p in enumerate(of[:200])])
    assert right(world, project([level], {}, SETTINGS)) > right(world, np.eye(12))
