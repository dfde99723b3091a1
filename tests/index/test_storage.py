"""A full disk: one clear error, nothing that was reported is lost, and the same run completes when there is room."""

import errno
import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from index.errors import DiskFullError, IndexDamagedError
from index.storage import disk_is_full, storage_errors

# In a mount namespace of its own: adds the documents one by one to an index in a small file system, then again when that has grown.
RUN = """
import json, subprocess, sys
from index import PatentIndex
from index.repair import catalogue_problems
from ingest import PatentDocument
place, size, documents = sys.argv[1:]
documents = [PatentDocument.model_validate(d) for d in json.loads(documents)]
subprocess.run(["mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", place], check=True)
said, reported = "", 0
try:
    with PatentIndex(place + "/index", create=True) as index:
        for document in documents:
            index.add([document])
            reported += 1
except Exception as error:
    said = type(error).__name__ + ": " + str(error)
broken = [p.reason for p in catalogue_problems(__import__("pathlib").Path(place + "/index"))]
subprocess.run(["mount", "-o", "remount,size=64m", place], check=True)
with PatentIndex(place + "/index", create=True) as index:
    kept = index.status()["documents"]
    index.add(documents)
    found = [len(index.search(d.titles[d.language], 3, mode="lexical")) for d in documents]
    index.repair()
    print(json.dumps([said, reported, broken, kept, index.status()["documents"], found, len(index.problems())]))
"""


@pytest.fixture
def small(tmp_path, claims_only):
    """A function: what the run above prints, of an index in a file system of some size."""
    namespace = ["unshare", "--map-root-user", "--mount"]
    try:
        subprocess.run([*namespace, "mount", "-t", "tmpfs", "tmpfs", str(tmp_path)], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("file systems can't be mounted here, not even in a namespace")
    documents = [claims_only(n).model_dump(mode="json") for n in ("US99000001B2", "CN199000004A", "US99000012B2")]

    def run(size: str) -> list:
        command = [*namespace, sys.executable, "-c", RUN, str(tmp_path), size, json.dumps(documents)]
        done = subprocess.run(command, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    return run


@pytest.mark.parametrize("size", ["200k", "500k", "700k"])
def test_a_full_disk_is_one_error_and_the_next_run_completes(small, size):
    said, reported, broken, kept, documents, found, problems = small(size)
    assert said.startswith("DiskFullError: ")
    assert "/index: the disk is full, 0." in said and "make room" in said and "\n" not in said
    assert broken == [] and kept >= reported < 3
    assert (documents, problems) == (3, 0)
    assert all(found)


def test_errors_of_a_full_disk_are_known_by_what_they_say(tmp_path):
    full = [
        OSError(errno.ENOSPC, "No space left on device"), OSError(errno.EDQUOT, "Disk quota exceeded"),
        sqlite3.OperationalError("database or disk is full"), ValueError("An IO error occurred: 'No space left on device (os error 28)'"),
    ]  # fmt: skip
    for error in full:
        assert disk_is_full(error, tmp_path)
        with pytest.raises(DiskFullError, match="MB free"), storage_errors(tmp_path):
            try:
                raise error
            finally:
                raise ValueError("the writer was killed")
    for error in (OSError(errno.EACCES, "Permission denied"), ValueError("os error 2"), KeyError("x")):
        assert not disk_is_full(error, tmp_path)
        with pytest.raises(type(error)), storage_errors(tmp_path):
            raise error


def test_an_error_of_the_database_is_damage(tmp_path):
    with pytest.raises(IndexDamagedError, match="patent status"), storage_errors(tmp_path):
        raise sqlite3.DatabaseError("database disk image is malformed")


def test_reading_and_writing_errors_count_as_a_full_disk_only_where_it_is_full(tmp_path, monkeypatch):
    path = Path(tmp_path) / "no" / "database"
    with pytest.raises(sqlite3.OperationalError) as caught:
        sqlite3.connect(path)
    assert not disk_is_full(caught.value, path.parent)
    monkeypatch.setattr("index.storage.free", lambda directory: 0)
    assert disk_is_full(caught.value, path.parent)
