"""The dense side against a brute-force search in numpy: exact and clustered, filtered, while documents come and go, and its files."""

import os
import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import Filter, vector_file
from index.catalogue import Catalogue, Stored, document_digest, text_digest
from index.selection import Selection
from index.vectors import VectorIndex
from ingest import Passage, PatentDocument

DIMENSION = 32
ROUNDING = 5e-4
SECTIONS = ("claims", "description")
EVERYTHING = Filter()


class Collection:
    """A catalogue with documents of random passages, and a search of it by brute force."""

    def __init__(self, folder):
        self.folder = folder
        self.catalogue = Catalogue(folder / "catalogue.sqlite", create=True)
        self.catalogue.set_meta("signature", f'{{"dimension": {DIMENSION}}}')
        self.rng, self.held = np.random.default_rng(7), {}
        self.themes = unit(self.rng.standard_normal((40, DIMENSION)))

    def near(self, n):
        """Unit vectors around 40 themes, as passages of patents are."""
        return unit(self.themes[self.rng.integers(len(self.themes), size=n)] + 0.15 * self.rng.standard_normal((n, DIMENSION)))

    def add(self, *numbers, passages=20, publish=True):
        stored = []
        for number in numbers:
            document = PatentDocument(number=number, language="en", abstracts={"en": "a seal"})
            held = [
                Passage(anchor=f"{number}#p{i}", text=f"{number} {i}", section=SECTIONS[i % 10 > 0], language="en", tokens=2) for i in range(passages)
            ]
            stored.append(Stored(document, document_digest(document), held, [text_digest(p.text) for p in held], self.near(passages)))
        self.catalogue.write(stored)
        if publish:
            self.publish()

    def remove(self, *numbers):
        self.catalogue.remove(numbers)
        self.publish()

    def publish(self):
        self.catalogue.publish(self.catalogue.generation)

    def update(self, always=False):
        return vector_file.update(self.folder, self.catalogue, always)

    def opened(self):
        index = VectorIndex(self.folder, self.catalogue)
        index.refresh()
        return index

    def exact(self, query, k, where=EVERYTHING):
        if (held := self.held.get((self.catalogue.searchable, where))) is None:
            ids = self.catalogue.matching(where)
            held = self.held[(self.catalogue.searchable, where)] = ids, self.catalogue.vectors(ids)
        ids, vectors = held
        scores = vectors @ query
        return [(int(ids[i]), float(scores[i])) for i in np.argsort(-scores, kind="stable")[:k]]


def unit(vectors):
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def assert_same(found, expected):
    """The same scores rank by rank, within what half precision allows; the same passages where no two are closer than that."""
    assert [s for _, s in found] == pytest.approx([s for _, s in expected], abs=ROUNDING)
    by_id = dict(expected)
    least = expected[-1][1] if expected else 0.0
    for identity, score in found:
        assert score == pytest.approx(by_id.get(identity, least), abs=ROUNDING)
    assert len({i for i, _ in found}) == len(found)


def recall(found, expected):
    return len({i for i, _ in found} & {i for i, _ in expected}) / max(1, len(expected))


@pytest.fixture
def collection(tmp_path):
    made = Collection(tmp_path)
    yield made
    made.catalogue.close()


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    """6,000 passages in a clustered file, 200 more beside it, and 100 removed of each."""
    made = Collection(tmp_path_factory.mktemp("large"))
    made.add(*(f"US{n}A1" for n in range(60)), passages=100)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(vector_file, "EXACT", 2000)
        assert made.update()
    made.add("US100A1", "US101A1", passages=100)
    made.remove("US7A1", "US101A1")
    yield made
    made.catalogue.close()


@settings(max_examples=15, deadline=None)
@given(st.lists(st.sampled_from(["add", "remove", "update", "refresh"]), min_size=1, max_size=12), st.integers(0, 2**31), st.integers(1, 400))
def test_search_is_exact_whatever_came_and_went(tmp_path_factory, steps, seed, k):
    made = Collection(tmp_path_factory.mktemp("steps"))
    made.rng = np.random.default_rng(seed)
    index = made.opened()
    for at, step in enumerate(steps):
        if step == "add":
            made.add(f"US{at}A1", f"US{at}B2", passages=int(made.rng.integers(0, 40)))
        elif step == "remove":
            made.remove(f"US{at - 1}A1", f"US{at - 3}B2")
        elif step == "update":
            made.update(always=True)
        else:
            index.refresh()
    query = made.near(1)[0]
    for each in (index, made.opened()):
        each.refresh()
        assert_same(each.search(query, k), made.exact(query, k))
        for where in (Filter(sections=("claims",)), Filter(numbers=("US0A1", "US2B2")), Filter(numbers=("EP1A1",))):
            assert_same(each.search(query, k, made.catalogue.selected(where)), made.exact(query, k, where))
    made.catalogue.close()


def test_nothing_to_find(collection):
    index = collection.opened()
    query = unit(np.ones((1, DIMENSION)))[0]
    assert index.search(query, 5) == []
    collection.add("US1A1", passages=3)
    index.refresh()
    assert index.search(query, 0) == []
    assert index.search(query, 5, Selection.of(np.array([], dtype=np.int64))) == []
    assert index.search(query, 5, Selection.of(np.array([700, 900]))) == []
    assert len(index.search(query, 5)) == 3


def test_what_is_not_published_is_not_found(collection):
    collection.add("US1A1", passages=3)
    collection.add("US2A1", passages=3, publish=False)
    assert len(collection.opened().search(collection.near(1)[0], 10)) == 3


# -- clustered


def test_a_large_collection_is_clustered(large):
    index = large.opened()
    assert not index.exact
    assert index.size == 6100
    assert large.opened()._state.file.code_size < 2 * DIMENSION


def test_recall_and_scores_without_a_filter(large):
    index, queries = large.opened(), large.near(50)
    found = [index.search(q, 10) for q in queries]
    expected = [large.exact(q, 10) for q in queries]
    assert np.mean([recall(f, e) for f, e in zip(found, expected, strict=True)]) >= 0.97
    for hits, query in zip(found, queries, strict=True):
        assert len(hits) == 10
        assert [s for _, s in hits] == sorted((s for _, s in hits), reverse=True)
        vectors = large.catalogue.vectors([i for i, _ in hits])
        assert [s for _, s in hits] == pytest.approx((vectors @ query).tolist(), abs=ROUNDING)


@pytest.mark.parametrize("documents", [1, 2, 5, 20, 59])
def test_recall_under_filters_of_every_width(large, documents):
    index = large.opened()
    where = Filter(numbers=tuple(f"US{n}A1" for n in (*range(documents - 1), 100)))
    only = large.catalogue.selected(where)
    recalls = []
    for query in large.near(40):
        found = index.search(query, 10, only)
        assert len(found) == 10
        assert {i for i, _ in found} <= set(only.ids().tolist())
        recalls.append(recall(found, large.exact(query, 10, where)))
    assert np.mean(recalls) >= 0.95


@pytest.mark.parametrize(
    "where", [Filter(), Filter(numbers=("US3A1", "US100A1")), Filter(sections=("claims",)), Filter(sections=("description",))], ids=str
)
@pytest.mark.parametrize("k", [150, 5000, 10_000])
def test_never_fewer_than_there_are(large, where, k):
    only = None if where.empty else large.catalogue.selected(where)
    for query in large.near(3):
        found = large.opened().search(query, k, only)
        assert len(found) == min(k, large.catalogue.selected(where).count)
        assert len({i for i, _ in found}) == len(found)


def test_a_passage_that_is_far_from_all_others_is_found_behind_a_filter(large):
    """Its cluster is the last that would be looked into."""
    index = large.opened()
    for identity in large.catalogue.passage_ids("US3A1")[:5]:
        away = -large.catalogue.vectors([identity])[0]
        only = Selection.of(np.array([identity], dtype=np.int64))
        assert [i for i, _ in index.search(away, 10, only)] == [identity]


def test_removed_passages_are_not_found(large):
    gone = Filter(numbers=("US7A1", "US101A1"))
    assert large.catalogue.selected(gone).count == 0
    shown = set(large.catalogue.matching(Filter()).tolist())
    assert {i for i, _ in large.opened().search(large.near(1)[0], 10_000)} == shown


def test_removed_passages_are_out_of_the_next_file(collection, monkeypatch):
    monkeypatch.setattr(vector_file, "EXACT", 500)
    collection.add("US1A1", "US2A1", passages=600)
    collection.update()
    collection.remove("US1A1")
    index = collection.opened()
    assert index.size == 1200
    assert collection.update(always=True)
    assert index.refresh()
    assert index.size == 600
    assert not index.exact


# -- files


def test_a_new_file_is_made_when_enough_has_changed(collection):
    collection.add("US1A1", passages=1000)
    assert not collection.update()
    assert not vector_file.lost(collection.folder, collection.catalogue)
    collection.add("US2A1", passages=24)
    assert collection.update()
    assert not collection.update()
    collection.add("US3A1", passages=600)
    collection.remove("US2A1")
    assert not collection.update()
    collection.remove("US1A1")  # and what is removed counts
    assert collection.update()
    assert collection.opened().beside == 0


@pytest.mark.parametrize(
    ("indexed", "least"), [(0, 1024), (5000, 1024), (80_000, 10_000), (200_000, 16_384), (1_000_000, 16_384), (10_000_000, 156_250)]
)
def test_when_a_file_is_due(indexed, least):
    assert vector_file.due(indexed, least)
    assert not vector_file.due(indexed, least - 1)


@pytest.mark.parametrize(("count", "clusters"), [(0, 0), (200_000, 0), (200_001, 2048), (1_000_000, 4096), (10_000_000, 16384), (10**9, 16384)])
def test_clusters_by_size(count, clusters):
    assert vector_file.lists(count) == clusters


def test_clusters_are_trained_again_when_the_collection_has_outgrown_them(collection, monkeypatch):
    monkeypatch.setattr(vector_file, "EXACT", 500)
    seen = []
    for n in range(4):
        collection.add(f"US{n}A1", f"US{n}B2", passages=400 * 2**n)
        assert collection.update(always=True)
        seen.append(int(collection.opened()._state.file.nlist))
    assert seen == sorted(seen)
    assert seen[-1] >= 2 * seen[0]
    query = collection.near(1)[0]
    assert recall(collection.opened().search(query, 10), collection.exact(query, 10)) >= 0.8


def test_a_collection_that_has_shrunk_is_exact_again(collection, monkeypatch):
    monkeypatch.setattr(vector_file, "EXACT", 1000)
    collection.add(*(f"US{n}A1" for n in range(12)), passages=200)
    collection.update()
    assert not collection.opened().exact
    collection.remove(*(f"US{n}A1" for n in range(1, 12)))
    assert collection.update()
    assert collection.opened().exact
    query = collection.near(1)[0]
    assert_same(collection.opened().search(query, 50), collection.exact(query, 50))


def test_a_newer_file_is_taken_up_and_the_older_deleted(collection):
    collection.add("US1A1", passages=50)
    collection.update(always=True)
    index = collection.opened()
    (collection.folder / ".vectors-3.faiss.999.partial").write_bytes(b"half")
    (collection.folder / "other").write_bytes(b"kept")
    collection.add("US2A1", passages=50)
    collection.update(always=True)
    assert sorted(p.name for p in collection.folder.iterdir() if not p.name.startswith("catalogue")) == ["other", "vectors-2.faiss"]
    query = collection.near(1)[0]
    assert len(index.search(query, 200)) == 50  # of the file that is deleted
    assert index.refresh()
    assert len(index.search(query, 200)) == 100
    assert not index.refresh()


@pytest.mark.parametrize("length", [0, 3, 50, 3000, -1])
@pytest.mark.parametrize("exact", [True, False])
def test_a_file_that_was_cut_short_is_passed_over(collection, monkeypatch, length, exact):
    monkeypatch.setattr(vector_file, "EXACT", 10_000 if exact else 500)
    collection.add("US1A1", passages=1500)
    collection.update()
    query = collection.near(1)[0]
    (path,) = collection.folder.glob("vectors-*.faiss")
    path.write_bytes(path.read_bytes()[:length])
    assert vector_file.newest(collection.folder, DIMENSION) is None
    assert vector_file.lost(collection.folder, collection.catalogue)
    assert_same(collection.opened().search(query, 30), collection.exact(query, 30))  # from the catalogue
    assert collection.update()
    assert not vector_file.lost(collection.folder, collection.catalogue)
    assert vector_file.newest(collection.folder, DIMENSION)[1].ntotal == 1500


def test_the_newest_whole_file_is_taken(collection):
    collection.add("US1A1", passages=10)
    collection.update(always=True)
    older = (collection.folder / "vectors-1.faiss").read_bytes()
    collection.add("US2A1", passages=10)
    collection.update(always=True)
    (collection.folder / "vectors-1.faiss").write_bytes(older)
    assert vector_file.newest(collection.folder, DIMENSION)[0] == 2
    newest = collection.folder / "vectors-2.faiss"
    newest.write_bytes(newest.read_bytes()[:-20])
    assert vector_file.newest(collection.folder, DIMENSION)[0] == 1
    query = collection.near(1)[0]
    assert_same(collection.opened().search(query, 30), collection.exact(query, 30))


def test_a_file_of_another_dimension_is_passed_over(collection):
    collection.add("US1A1", passages=10)
    collection.update(always=True)
    assert vector_file.newest(collection.folder, DIMENSION + 1) is None


def test_a_file_that_cannot_be_written_is_an_error_that_leaves_the_old_one(collection):
    collection.add("US1A1", passages=10)
    collection.update(always=True)
    collection.add("US2A1", passages=10)
    (collection.folder / f".vectors-2.faiss.{os.getpid()}.partial").mkdir()
    with pytest.raises(OSError, match=r"vectors-2\.faiss: the vectors can't be written"):
        collection.update(always=True)
    assert vector_file.newest(collection.folder, DIMENSION)[0] == 1
    query = collection.near(1)[0]
    assert_same(collection.opened().search(query, 30), collection.exact(query, 30))


# -- many at once


@pytest.mark.parametrize("exact", [True, False])
def test_readers_beside_a_writer_get_right_scores_and_all_they_ask_for(collection, monkeypatch, exact):
    monkeypatch.setattr(vector_file, "EXACT", 10**6 if exact else 500)
    collection.add(*(f"US{n}A1" for n in range(20)), passages=60)
    collection.update(always=True)
    shared, query = collection.opened(), collection.near(1)[0]
    vectors = {i: v for ids, some in collection.catalogue.vectors_since(0, 1, DIMENSION) for i, v in zip(ids.tolist(), some, strict=True)}
    steady = collection.catalogue.selected(Filter(numbers=tuple(f"US{n}A1" for n in range(10))))
    stop, wrong = threading.Event(), []

    def read():
        try:
            while not stop.is_set():
                shared.refresh()
                found = shared.search(query, 600, steady)
                assert len(found) == 600
                for identity, score in found[:20] + shared.search(query, 20):
                    if identity in vectors:
                        assert score == pytest.approx(float(vectors[identity] @ query), abs=ROUNDING)
        except BaseException as error:
            wrong.append(error)

    threads = [threading.Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    for n in range(12):
        collection.add(f"US{n + 30}A1", passages=60)
        collection.remove(f"US{n + 10 if n < 10 else n + 20}A1")
        if n % 3 == 0:
            collection.update(always=True)
    stop.set()
    for thread in threads:
        thread.join()
    assert not wrong, wrong[0]
    shared.refresh()
    assert {i for i, _ in shared.search(query, 10_000)} == set(collection.catalogue.matching(Filter()).tolist())
