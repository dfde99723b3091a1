"""What is wrong with a directory is said, and what is derived is made again; what is stored stays."""

import shutil
import sqlite3
import threading
from pathlib import Path

import faiss
import pytest

from index import Filter, IndexDamagedError, IndexLockedError, PatentIndex
from index.catalogue import Catalogue
from index.repair import being_written, catalogue_problems, derived_problems, readable_documents
from index.vector_file import _write, flat, update

FOLDERS = ("lexical", "lexical-documents")


def wrong(folder: Path) -> list[tuple[str, str]]:
    """(part, name) of the problems; looking changes nothing."""
    before = sorted(folder.rglob("*"))
    with PatentIndex(folder, mend=False) as index:
        found = index.problems()
    assert [p for p in sorted(folder.rglob("*")) if p not in before] == []
    assert all(p.reason and "\n" not in p.reason for p in found)
    return [(p.part, Path(p.path).name) for p in found]


def vector_files(folder: Path) -> list[Path]:
    return sorted(folder.glob("vectors-*.faiss"))


@pytest.fixture
def copy(sample_copy: Path) -> Path:
    """An index with a vector file that holds everything."""
    catalogue = Catalogue(sample_copy / "catalogue.sqlite")
    update(sample_copy, catalogue, always=True)
    catalogue.close()
    assert wrong(sample_copy) == []
    return sample_copy


def truncate(path: Path, length: int) -> None:
    path.write_bytes(path.read_bytes()[:length])


def repaired(folder: Path, sample_index: PatentIndex) -> list[tuple[str, str]]:
    """Repair, and hold the index against the whole one. Returns what was repaired."""
    with PatentIndex(folder, mend=False) as index:
        index._encoder = sample_index.encoder
        done = index.repair()
        assert index.repair() == []
        assert index.status()["documents"] == sample_index.status()["documents"]
        for query, mode in (("反冲洗的触发阈值", "hybrid"), ("slope of the drain chamber", "lexical"), ("draw solution", "dense")):
            found, expected = ([h.passage for h in i.search(query, 8, mode=mode)] for i in (index, sample_index))
            assert found == expected, (query, mode)
    assert wrong(folder) == []
    return [(p.part, Path(p.path).name) for p in done]


def a_missing_folder(folder):
    shutil.rmtree(folder / "lexical")
    return [("lexical", "lexical")]


def an_empty_folder(folder):
    for path in (folder / "lexical-documents").iterdir():
        path.unlink()
    return [("lexical-documents", "lexical-documents")]


def a_file_cut_short(folder):
    for path in (folder / "lexical").glob("*.term"):
        truncate(path, path.stat().st_size // 2)
    return [("lexical", "lexical")]


def a_folder_of_something_else(folder):
    (folder / "lexical" / "meta.json").write_text('{"segments": []}')
    return [("lexical", "lexical")]


def a_vector_file_cut_short(folder):
    [path] = vector_files(folder)
    truncate(path, path.stat().st_size // 2)
    return [("vectors", path.name)]


def a_vector_file_of_something_else(folder):
    [path] = vector_files(folder)
    path.write_bytes(b"not an index" * 500)
    return [("vectors", path.name)]


def a_second_vector_file(folder):
    [path] = vector_files(folder)
    shutil.copy(path, folder / "vectors-0.faiss")
    return [("vectors", "vectors-0.faiss")]


def a_vector_file_from_another_time(folder):
    [path] = vector_files(folder)
    path.rename(folder / "vectors-99.faiss")
    return [("vectors", "vectors-99.faiss")]


def leftovers(folder):
    (folder / ".vectors-7.faiss.123.partial").write_bytes(b"half")
    (folder / ".lexical.partial").mkdir()
    (folder / ".lexical.partial" / "meta.json").write_text("{}")
    return [("leftover", ".lexical.partial"), ("leftover", ".vectors-7.faiss.123.partial")]


def all_that_is_derived(folder):
    for name in FOLDERS:
        shutil.rmtree(folder / name)
    return [*((name, name) for name in FOLDERS), *a_vector_file_cut_short(folder), *leftovers(folder)]


HARM = [
    a_missing_folder, an_empty_folder, a_file_cut_short, a_folder_of_something_else, a_vector_file_cut_short, a_vector_file_of_something_else,
    a_second_vector_file, a_vector_file_from_another_time, leftovers, all_that_is_derived,
]  # fmt: skip


@pytest.mark.parametrize("harm", HARM)
def test_harm_is_said_and_repaired(copy, sample_index, harm):
    expected = harm(copy)
    assert sorted(wrong(copy)) == sorted(expected) == sorted(wrong(copy))
    assert sorted(repaired(copy, sample_index)) == sorted(expected)


def test_nothing_to_repair_changes_nothing(copy, sample_index):
    before = {p: p.stat().st_mtime_ns for p in copy.rglob("*") if p.is_file() and "catalogue" not in p.name and "lock" not in p.name}
    assert repaired(copy, sample_index) == []
    assert {p: p.stat().st_mtime_ns for p in before} == before


def test_a_vector_file_with_another_vector(copy, sample_index):
    """Of the right size and generation, and with one passage's vector under an id that another document had."""
    [path] = vector_files(copy)
    index = faiss.read_index(str(path))
    ids = faiss.vector_to_array(index.id_map)
    ids[5] = ids.max() + 1000
    other = flat(384)
    other.add_with_ids(index.index.reconstruct_n(0, index.ntotal), ids)
    _write(other, copy, int(path.stem.removeprefix("vectors-")))
    assert wrong(copy) == [("vectors", path.name)]
    assert repaired(copy, sample_index) == [("vectors", path.name)]


def test_a_run_cut_short_before_it_published(copy, claims_only, encoder):
    with PatentIndex(copy) as index:
        index._encoder = encoder
        index.sides.publish = lambda: None  # as if it were killed there
        index.add([claims_only("US99000001B2", "US1A1")])
    assert wrong(copy) == [(name, name) for name in FOLDERS]
    with PatentIndex(copy, mend=False) as index:
        with pytest.raises(Exception, match="US1A1"):
            index.document("US1A1")
        assert [p.behind for p in index.repair()] == [True, True]
        assert index.document("US1A1").number == "US1A1"
        assert {h.number for h in index.search("seal", 3, Filter(numbers=("US1A1",)), mode="lexical")} == {"US1A1"}
    assert wrong(copy) == []


def test_an_older_catalogue_beside_newer_sides_is_noticed(copy, claims_only, encoder, tmp_path):
    """As when a catalogue alone is copied back from a backup."""
    shutil.copytree(copy, tmp_path / "older")
    with PatentIndex(copy) as index:
        index._encoder = encoder
        index.add([claims_only("US99000001B2", "US1A1")])
        index.catalogue._connect().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy(tmp_path / "older" / "catalogue.sqlite", copy / "catalogue.sqlite")
    assert wrong(copy) == [(name, name) for name in FOLDERS]
    with PatentIndex(copy) as index:
        index.repair()
        assert index.search("seal", 3, Filter(numbers=("US1A1",)), mode="lexical") == []
    assert wrong(copy) == []


def test_while_another_writes_what_is_derived_is_not_judged(copy):
    shutil.rmtree(copy / "lexical")
    with PatentIndex(copy, mend=False) as index, PatentIndex(copy, mend=False) as other:
        started, done = threading.Event(), threading.Event()

        def write() -> None:
            with other._locked():
                started.set()
                done.wait(60)

        writer = threading.Thread(target=write)
        writer.start()
        assert started.wait(60)
        assert being_written(copy)
        assert index.problems() == []
        index._locked = lambda wait=0.0, locked=index._locked: locked(0.0)  # not a minute
        with pytest.raises(IndexLockedError):
            index.repair()
        done.set()
        writer.join()
        assert not being_written(copy)
        assert [p.part for p in index.problems()] == ["lexical"]


def harm_page(path: Path, table: str) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (size,) = connection.execute("PRAGMA page_size").fetchone()
        (page,) = connection.execute("SELECT max(pageno) FROM dbstat WHERE name = ? AND pagetype = 'leaf'", (table,)).fetchone()
    connection.close()
    with path.open("r+b") as stream:
        stream.seek((page - 1) * size)
        stream.write(b"\xff" * size)


@pytest.mark.parametrize("table", ["documents", "passages", "vectors"])
def test_a_damaged_catalogue_is_said_and_what_can_be_read_is_saved(copy, sample_index, table):
    harm_page(copy / "catalogue.sqlite", table)
    assert [p.part for p in catalogue_problems(copy)] == ["catalogue"]
    assert wrong(copy) == [("catalogue", "catalogue.sqlite")]
    before = {p.name for p in copy.iterdir()}
    with (
        PatentIndex(copy, mend=False) as index,
        pytest.raises(IndexDamagedError, match=r"restore it from a backup, or save the \d+ documents") as caught,
    ):
        index.repair()
    assert "\n" not in str(caught.value)
    assert {p.name for p in copy.iterdir()} == before
    whole = {d.number: d for d in sample_index.catalogue.documents()}
    saved = {d.number: d for d in readable_documents(copy)}
    assert all(whole[n] == d for n, d in saved.items())
    assert len(saved) == len(whole) if table != "documents" else 0 < len(saved) < len(whole)


def test_a_catalogue_without_its_first_page(copy):
    with (copy / "catalogue.sqlite").open("r+b") as stream:
        stream.write(b"\xff" * 4096)
    assert [p.part for p in catalogue_problems(copy)] == ["catalogue"]
    assert list(readable_documents(copy)) == []
    with pytest.raises(IndexDamagedError, match="restore it from a backup"):
        PatentIndex(copy, mend=False)


def test_derived_problems_of_an_empty_index(tmp_path):
    with PatentIndex(tmp_path / "index", create=True) as index:
        assert derived_problems(index.directory, index.catalogue) == []
        assert index.repair() == []
