"""What is derived is made again when it is lost or broken; a broken catalogue is named."""

import os
import shutil
import sqlite3

import pytest

from index import Filter, IndexDamagedError, PatentIndex

QUERIES = ["反冲洗的触发阈值", "输液泵 阻塞"]


def results(index: PatentIndex) -> list:
    """What is found, and by each side alone; without the encoder, which would have to be loaded for every test."""
    found = [[(h.anchor, round(h.score, 5), h.scores.keys()) for h in index.search(q, 8)] for q in QUERIES]
    lexical = [(h.anchor, round(h.score, 5)) for h in index.search("slope of the drain chamber", 30, mode="lexical")]
    vectors = index.sides.current().vectors
    query = index.catalogue.vectors([index.catalogue.passage_ids("US99000001B2")[20]])[0]
    nearest = [(i, round(s, 5)) for i, s in vectors.search(query, 30)]
    counts = index.catalogue.counts()
    return [*found, lexical, nearest, counts]


@pytest.fixture(scope="module")
def undamaged(sample_index):
    return results(sample_index)


def snapshot(folder):
    (found,) = folder.glob("vectors-*.faiss")
    return found


def truncate(path, length):
    path.write_bytes(path.read_bytes()[:length])


def test_reopening_changes_nothing(sample_copy, undamaged):
    for _ in range(2):
        with PatentIndex(sample_copy) as index:
            assert results(index) == undamaged


def test_a_deleted_snapshot(sample_copy, undamaged):
    snapshot(sample_copy).unlink()
    with PatentIndex(sample_copy) as index:
        assert results(index) == undamaged
    assert snapshot(sample_copy)


@pytest.mark.parametrize("length", [0, 100, -1])
def test_a_truncated_snapshot(sample_copy, undamaged, length):
    truncate(snapshot(sample_copy), length)
    with PatentIndex(sample_copy) as index:
        assert results(index) == undamaged


def test_a_snapshot_of_something_else(sample_copy, undamaged):
    snapshot(sample_copy).write_bytes(b"not an index" * 500)
    with PatentIndex(sample_copy) as index:
        assert results(index) == undamaged


def test_a_snapshot_that_cannot_be_written_does_not_stop_the_search(sample_copy, undamaged):
    name = snapshot(sample_copy).name
    snapshot(sample_copy).unlink()
    (sample_copy / f".{name}.{os.getpid()}.partial").mkdir()  # where it would be written first
    with PatentIndex(sample_copy) as index:
        assert results(index) == undamaged


def test_a_deleted_lexical_folder(sample_copy, undamaged):
    shutil.rmtree(sample_copy / "lexical")
    with PatentIndex(sample_copy) as index:
        assert results(index) == undamaged


def test_an_empty_lexical_folder(sample_copy, undamaged):
    for path in (sample_copy / "lexical").iterdir():
        path.unlink()
    with PatentIndex(sample_copy) as index:
        assert results(index) == undamaged


@pytest.mark.parametrize("content", ["", "{", '{"segments": []}'])
def test_a_broken_lexical_meta_file(sample_copy, undamaged, content):
    (sample_copy / "lexical" / "meta.json").write_text(content)
    with PatentIndex(sample_copy) as index:
        assert results(index) == undamaged


@pytest.mark.parametrize(
    ("kind", "harm"),
    [("idx", "deleted"), ("term", "deleted"), ("fast", "deleted"), ("fieldnorm", "deleted"), ("pos", "deleted"), ("idx", "cut"), ("term", "emptied")],
)
def test_a_lexical_file_that_is(sample_copy, undamaged, kind, harm):
    paths = list((sample_copy / "lexical").glob(f"*.{kind}"))
    assert paths
    for path in paths:
        if harm == "deleted":
            path.unlink()
        else:
            truncate(path, 0 if harm == "emptied" else path.stat().st_size // 2)
    with PatentIndex(sample_copy) as index:
        assert results(index) == undamaged


def test_everything_derived_is_gone(sample_copy, undamaged):
    for path in sample_copy.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        elif not path.name.startswith("catalogue"):
            path.unlink()
    with PatentIndex(sample_copy) as index:
        assert results(index) == undamaged


def test_results_do_not_depend_on_the_history(sample_copy, undamaged, claims_only):
    """Documents that came and went leave no trace, neither in the running index nor in one made again from the catalogue."""
    extra = [claims_only("US99000001B2", "US1A1"), claims_only("CN199000004A", "CN1A")]
    with PatentIndex(sample_copy) as index:
        index.add(extra)
        index.remove(["US1A1", "CN1A"])
        assert results(index) == undamaged
    shutil.rmtree(sample_copy / "lexical")
    with PatentIndex(sample_copy) as index:
        assert results(index) == undamaged


def test_a_run_that_was_killed_before_it_published_is_completed(sample_copy, claims_only):
    """The catalogue has a document that the lexical index has not, as after a kill between the two."""
    with PatentIndex(sample_copy) as index:
        index.add([claims_only("US99000001B2", "US1A1")])
        whole = results(index)
        searchable = index.catalogue.searchable
        index.catalogue.set_meta("searchable", str(searchable - 1))
        index.catalogue.set_meta("lexical", str(searchable - 1))
    with PatentIndex(sample_copy) as index:
        assert index.catalogue.searchable == searchable
        assert results(index) == whole  # and the document is not found twice


@pytest.mark.parametrize("size", [4096, 100_000, -4096])
def test_a_truncated_catalogue(sample_copy, size):
    truncate(sample_copy / "catalogue.sqlite", size)
    with pytest.raises(IndexDamagedError, match=r"catalogue\.sqlite: the catalogue can't be read") as caught, PatentIndex(sample_copy) as index:
        results(index)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("table", ["documents", "passages", "vectors", "places"])
def test_a_damaged_page_of_the_catalogue_is_named_when_it_is_met(sample_copy, table):
    path = sample_copy / "catalogue.sqlite"
    connection = sqlite3.connect(path)
    (root,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()
    (page,) = connection.execute("PRAGMA page_size").fetchone()
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    content = bytearray(path.read_bytes())
    content[(root - 1) * page : root * page] = b"\xff" * page
    path.write_bytes(content)
    snapshot(sample_copy).unlink()
    with pytest.raises(IndexDamagedError, match=r"restore .* from a backup"), PatentIndex(sample_copy) as index:
        index.search("labyrinth seal", 5, Filter(ipc=("F16J",)))
        index.search("labyrinth seal", 5)
