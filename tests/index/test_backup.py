"""A backup is an index of one moment, and appears whole or not at all."""

import errno
import multiprocessing
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from index import Filter, PatentIndex
from index.backup import backup
from index.errors import BackupError, DiskFullError
from index.repair import catalogue_problems, derived_problems


def entries(folder: Path) -> set[str]:
    return {p.name for p in folder.iterdir()}


def test_a_backup_is_an_index_that_opens(sample_copy, sample_index, tmp_path):
    target, told = tmp_path / "backups" / "first", []
    done = backup(sample_copy, target, lambda *step: told.append(step))
    status = sample_index.status()
    assert (done.documents, done.passages, done.left_out) == (status["documents"], status["passages"], [])
    assert done.bytes == sum(p.stat().st_size for p in target.rglob("*") if p.is_file())
    assert told[-1][0] == told[-1][1] == (target / "catalogue.sqlite").stat().st_size
    assert entries(target.parent) == {"first"}
    assert entries(target) == {p for p in entries(sample_copy) if not p.endswith(("-wal", "-shm", ".lock"))}
    with PatentIndex(target, mend=False) as index:
        index._encoder = sample_index.encoder
        assert index.problems() == []
        assert list(index.catalogue.documents()) == list(sample_index.catalogue.documents())
        for query, mode in (("反冲洗的触发阈值", "hybrid"), ("slope of the drain chamber", "lexical"), ("draw solution", "dense")):
            assert [h.passage for h in index.search(query, 8, mode=mode)] == [h.passage for h in sample_index.search(query, 8, mode=mode)]


def test_what_is_damaged_is_left_out_and_made_again(sample_copy, sample_index, tmp_path):
    for path in (sample_copy / "lexical").glob("*.term"):
        path.write_bytes(b"")
    done = backup(sample_copy, tmp_path / "copy of it")
    assert done.left_out == ["lexical"]
    assert not (tmp_path / "copy of it" / "lexical").exists()
    with PatentIndex(tmp_path / "copy of it") as index:
        assert index.problems() == []
        query = "slope of the drain chamber"
        assert [h.passage for h in index.search(query, 8, mode="lexical")] == [h.passage for h in sample_index.search(query, 8, mode="lexical")]


def test_a_damaged_catalogue_is_not_backed_up(sample_copy, tmp_path):
    path = sample_copy / "catalogue.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (page,) = connection.execute("SELECT max(pageno) FROM dbstat WHERE name = 'vectors'").fetchone()
    connection.close()
    with path.open("r+b") as stream:
        stream.seek((page - 1) * 4096)
        stream.write(b"\xff" * 4096)
    before = entries(tmp_path)
    with pytest.raises(BackupError, match="no backup was made") as caught:
        backup(sample_copy, tmp_path / "target")
    assert "\n" not in str(caught.value)
    assert entries(tmp_path) == before


def test_a_target_that_is_in_the_way(sample_copy, tmp_path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").write_text("dear")
    (tmp_path / "file").write_text("dear")
    for target in (tmp_path / "full", tmp_path / "file", sample_copy, sample_copy / "inside"):
        with pytest.raises(BackupError, match="give"):
            backup(sample_copy, target)
    assert (tmp_path / "full" / "letter.txt").read_text() == (tmp_path / "file").read_text() == "dear"
    (tmp_path / "empty").mkdir()
    backup(sample_copy, tmp_path / "empty")
    assert (tmp_path / "empty" / "catalogue.sqlite").exists()


def test_no_room_is_said_before_anything_is_copied(sample_copy, tmp_path, monkeypatch):
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage._replace(free=1000))
    with pytest.raises(DiskFullError, match=r"takes \d+\.\d MB.*0\.0 of [\d,.]+ MB free"):
        backup(sample_copy, tmp_path / "target")
    assert not (tmp_path / "target").exists()


def test_a_disk_that_is_full_halfway(sample_copy, tmp_path, monkeypatch):
    def full(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(shutil, "copyfile", full)
    before = entries(tmp_path)
    with pytest.raises(DiskFullError, match="no backup was made"):
        backup(sample_copy, tmp_path / "target")
    assert entries(tmp_path) == before


def test_a_backup_that_is_killed_has_no_name(sample_copy, tmp_path):
    code = (
        "import os, signal, sys; from pathlib import Path; from index import backup as module\n"
        "module._to_disk = lambda partial: os.kill(os.getpid(), signal.SIGKILL)\n"
        "module.backup(Path(sys.argv[1]), Path(sys.argv[2]))"
    )
    run = subprocess.run([sys.executable, "-c", code, str(sample_copy), str(tmp_path / "target")], capture_output=True)
    assert run.returncode == -signal.SIGKILL, run.stderr.decode()
    assert not (tmp_path / "target").exists()
    assert backup(sample_copy, tmp_path / "target").left_out == []


def write(folder: Path, documents: list, stop: "multiprocessing.synchronize.Event", wrote: "multiprocessing.synchronize.Event") -> None:
    """Adds documents together and removes them together, until it is told to stop."""
    with PatentIndex(folder) as index:
        while not stop.is_set():
            index.add(documents)
            wrote.set()
            index.remove([d.number for d in documents])


def test_backups_beside_a_writer_are_each_of_one_moment(sample_copy, sample_index, claims_only, tmp_path):
    clones = [claims_only(n, f"XX{i}A") for i, n in enumerate(("CN199000004A", "CN199000006B", "US99000001B2", "US99000012B2"), 1)]
    numbers = {d.number for d in clones}
    always = {d.number: len(sample_index.passages(d.number)) for d in sample_index.catalogue.documents()}
    context = multiprocessing.get_context("spawn")
    stop, wrote = context.Event(), context.Event()
    writer = context.Process(target=write, args=(sample_copy, clones, stop, wrote))
    writer.start()
    try:
        assert wrote.wait(120)
        for at in range(6):
            time.sleep(0.03 * at)
            backup(sample_copy, tmp_path / f"backup-{at}")
        assert writer.is_alive()
    finally:
        stop.set()
        writer.join(120)
    assert writer.exitcode == 0
    for at in range(6):
        folder = tmp_path / f"backup-{at}"
        assert catalogue_problems(folder) == []
        with PatentIndex(folder) as index:  # which makes what was left out
            assert derived_problems(folder, index.catalogue) == []
            there = {d.number: len(index.passages(d.number)) for d in index.catalogue.documents()}
            assert {n: c for n, c in there.items() if n not in numbers} == always
            assert there.keys() & numbers in (set(), numbers)
            found = {h.number for h in index.search("chamber 反冲洗 输液泵", 100, Filter(numbers=tuple(numbers)), mode="lexical")}
            assert bool(found) == bool(there.keys() & numbers)
