"""Reading in several processes gives what reading in one gives, and a process that dies takes one record with it."""

import gc
import gzip
import multiprocessing
import os
import signal
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ingest import Failed, PatentDocument, Skipped, read, workers
from ingest.reading import pieces
from ingest.records import Record
from ingest.workers import parse_in_processes


class Killer(Record):
    """A record that ends the process it is unpacked in, as a crash in a native library does."""

    def __reduce__(self) -> tuple[Any, ...]:
        return os._exit, (17,)


class Killed(Record):
    """The same, by a signal: what happens when memory runs out."""

    def __reduce__(self) -> tuple[Any, ...]:
        return signal.raise_signal, (signal.SIGKILL,)


@pytest.fixture(scope="module")
def folder(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Documents of several forms, archives, schemes that name each other's titles, and everything that goes wrong."""
    folder = tmp_path_factory.mktemp("workers")
    grant, chinese = (sample / "en" / "US99000001B2.xml").read_bytes(), (sample / "zh" / "CN199000001A.xml").read_bytes()
    with zipfile.ZipFile(folder / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in {"1.xml": grant, "2.tif": b"II*\x00", "3.xml": chinese, "4.bin": b"\x00\x01", "5.xml": grant[:9000]}.items():
            archive.writestr(name, data)
    with tarfile.open(folder / "b.tgz", "w:gz") as archive:
        archive.add(sample / "ipc" / "ipc_excerpt_en.xml", "scheme.xml")
        archive.add(sample / "zh" / "CN199000005A.xml", "new.xml")
    (folder / "c.xml").write_bytes((grant + chinese[:5000] + b"<?xml version='1.0'?><other/>" + chinese) * 12)
    (folder / "d-classes.tsv").write_text("A\tHUMAN NECESSITIES\nA01\tAGRICULTURE\nA01B\tSOIL WORKING\n")
    (folder / "e-groups.tsv").write_text("A01B 1/00\tHand tools\nno symbol here\tnothing\nA01B 1/02\tSpades\n")
    lines = "\n".join(d.model_dump_json() for d in read(sample / "zh") if isinstance(d, PatentDocument))
    (folder / "f.jsonl.gz").write_bytes(gzip.compress(f"{lines}\n{{broken\n[]\n{lines}".encode()))
    (folder / "i.xml").write_bytes(b"")
    return folder


def test_two_processes_give_what_one_gives_in_its_order(folder, sample, monkeypatch):
    monkeypatch.setattr(workers, "BATCH", 60_000)  # so that there are many batches
    paths = [folder, sample / "zh", folder / "missing"]
    alone = list(read(paths))
    assert list(read(paths, workers=2)) == alone
    assert {type(o) for o in alone} == {PatentDocument, Skipped, Failed}
    assert len({o.source.format for o in alone if isinstance(o, PatentDocument)}) >= 5


def test_files_of_a_scheme_know_the_titles_of_each_other_in_processes_too(folder):
    titles = [o for o in read(folder, workers=2) if isinstance(o, PatentDocument) and o.source.format == "ipc-titles"]
    (spade,) = [o for o in titles if "Spades" in o.model_dump_json()]
    assert "SOIL WORKING" in spade.model_dump_json()


@pytest.mark.parametrize("killer", [Killer, Killed])
def test_a_record_that_kills_its_process_is_a_failure_and_the_rest_is_read(sample, monkeypatch, killer):
    monkeypatch.setattr(workers, "BATCH", 100_000)
    good = list(pieces([sample / "en"]))
    given = [*good[:4], killer("xml", "bad.xml", 7, b"x"), *good[4:]]
    found = list(parse_in_processes(given, 2))
    (failed,) = [o for o in found if isinstance(o, Failed)]
    assert found.index(failed) == 4
    assert (failed.path, failed.offset) == ("bad.xml", 7)
    assert "crashed" in failed.reason
    assert [o for o in found if o is not failed] == list(read(sample / "en"))


def test_two_killers_in_one_batch(sample):
    good = list(pieces([sample / "zh"]))
    given = [Killer("xml", "1", 0, b"x"), good[0], Killer("xml", "2", 0, b"x"), good[1]]
    found = list(parse_in_processes(given, 2))
    assert [o.number if isinstance(o, PatentDocument) else o.path for o in found] == ["1", "CN199000001A", "2", "CN199000002A"]


def test_a_pool_that_was_closed_for_another_batch_is_no_loss(sample, monkeypatch):
    """Killers in every batch but one, so that batches wait in pools that are closed before their turn."""
    monkeypatch.setattr(workers, "BATCH", 1)
    good = list(pieces([sample / "zh"]))[:2]
    given = [Killer("xml", "1", 0, b"x"), good[0], Killer("xml", "2", 0, b"x"), Killer("xml", "3", 0, b"x"), good[1]]
    found = list(parse_in_processes(given, 1))
    assert [o.number if isinstance(o, PatentDocument) else o.path for o in found] == ["1", "CN199000001A", "2", "3", "CN199000002A"]


def test_reading_may_be_left_off_at_any_time(sample):
    outcomes = read([sample / "en"] * 3, workers=2)
    assert isinstance(next(outcomes), PatentDocument)
    del outcomes
    gc.collect()
    assert not multiprocessing.active_children()


def test_nothing_to_read_starts_no_process(tmp_path):
    assert list(read(tmp_path, workers=2)) == []


def test_no_more_is_read_ahead_than_two_batches_for_each_process(sample, monkeypatch):
    monkeypatch.setattr(workers, "BATCH", 1)
    taken = 0

    def counted() -> Iterator[Any]:
        nonlocal taken
        for piece in pieces([sample / "en"]):
            taken += 1
            yield piece

    for given, _ in enumerate(parse_in_processes(counted(), 2), start=1):
        assert taken <= given + 2 * 2 + 1
    assert taken == given
