"""Ingesting, killed at any moment: what was reported stays, what is found is whole, and the next run completes."""

import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import pytest

from assistant import PatentAssistant
from index import Filter, PatentIndex
from index.encoder import cache_folder

# Ingests the files one after the other, or the whole folder at once, and says what is done.
RUN = """
import sys
from pathlib import Path
from assistant import PatentAssistant
index, collection, whole = sys.argv[1:]
print("started", flush=True)
with PatentAssistant.open(index) as patents:
    print("opened", flush=True)
    for path in [Path(collection)] if whole == "whole" else sorted(Path(collection).iterdir()):
        report = patents.ingest([path], lambda progress: print("written", flush=True))
        print("done", path.stem, flush=True)
print("end", flush=True)
"""
KILLS = 10
FREQUENT = ["方法", "冲洗", "控制", "阻塞", "method", "compris", "seal", "accord"]


@pytest.fixture
def collection(sample, patents, tmp_path) -> Path:
    folder = tmp_path / "collection"
    folder.mkdir()
    for number in patents:
        shutil.copy(next(sample.rglob(f"{number}.xml")), folder)
    shutil.copy(next(sample.rglob("ipc_excerpt_zh.xml")), folder)
    return folder


def start(index: Path, collection: Path, whole: str) -> subprocess.Popen:
    environment = {**os.environ, "PATENT_CACHE": str(cache_folder().parent)}
    return subprocess.Popen([sys.executable, "-c", RUN, str(index), str(collection), whole], stdout=subprocess.PIPE, text=True, env=environment)


def run_until(process: subprocess.Popen, batches: int, seconds: float) -> tuple[list[str], bool]:
    """What the process said until it was killed, `seconds` after it had written so many batches; and whether it had ended."""
    said: list[str] = []
    enough = threading.Event()

    def listen() -> None:
        for line in process.stdout:
            said.append(line.strip())
            if said.count("written") == batches:
                enough.set()
        enough.set()

    listener = threading.Thread(target=listen)
    listener.start()
    assert batches == 0 or enough.wait(120)
    time.sleep(seconds)
    process.send_signal(signal.SIGKILL)
    process.wait()
    listener.join()
    process.stdout.close()
    return said, process.returncode == 0


def assert_whole(index: PatentIndex, reference: PatentIndex, reported: set[str]) -> None:
    """Everything in the index is a complete document, and everything that was reported as done is in it."""
    index._encoder = reference.encoder  # to save the time of loading it
    there = {d.number for d in index.catalogue.documents()}
    assert reported <= there
    status = index.status()
    assert status["documents"] == len(there)
    assert index.catalogue.counts()["waiting"] == 0
    for number in there:
        assert index.document(number).model_copy(update={"source": reference.document(number).source}) == reference.document(number)
        assert index.passages(number) == reference.passages(number)
    assert status["passages"] == sum(len(reference.passages(n)) for n in there)
    sides = index.sides.current()
    lexical, vectors = sides.passages, sides.vectors
    assert vectors.size == status["passages"]
    found = [i for i, _ in lexical.search(Counter(FREQUENT), 5000, Filter())]
    assert len(found) == len(set(found))
    assert set(found) <= set(index.catalogue.matching(Filter()).tolist())  # nothing of an earlier run is left in the lexical index
    for query, mode in (("反冲洗触发阈值", "hybrid"), ("输液泵 seal", "lexical"), ("drain chamber", "dense")):
        hits = index.search(query, 30, mode=mode)
        assert len({h.anchor for h in hits}) == len(hits)
        for hit in hits:
            assert hit.number in there
            assert hit.passage in reference.passages(hit.number)
    for number in there - {n for n in there if n.startswith("IPC:")}:
        for mode in ("lexical", "dense"):
            assert index.search(index.document(number).title, 1, Filter(numbers=(number,)), mode=mode), (number, mode)


def test_ten_kills(tmp_path, collection, sample_index, patents):
    folder, moments = tmp_path / "index", random.Random(20)
    reported: set[str] = set()
    cut_short = 0
    for kill in range(KILLS):
        batches = kill % 3  # while it starts, or after the first or the second batch of this run
        said, ended = run_until(start(folder, collection, "each"), batches, moments.uniform(0, 0.2 if batches else 0.8))
        cut_short += not ended
        reported |= {line.partition(" ")[2] for line in said if line.startswith("done ")} & patents.keys()
        with PatentIndex(folder, create=True) as index:
            assert_whole(index, sample_index, reported)
    assert cut_short >= 6  # the kills came while there was something to do
    assert len(reported) >= 3

    said, _ = run_until(start(folder, collection, "whole"), -1, 0)
    assert said[-1] == "end"
    with PatentIndex(folder) as index:
        assert_whole(index, sample_index, set(patents))
        expected = {n: sample_index.passages(n) for n in (d.number for d in sample_index.catalogue.documents()) if not n.endswith("@en")}
        assert index.status()["documents"] == len(expected)
        assert index.status()["passages"] == sum(len(p) for p in expected.values())
        assert index.status()["failed"] == []
    with PatentAssistant.open(folder) as assistant:
        again = assistant.ingest([collection])
        assert (again.documents, again.failed) == (0, [])
        assert again.skipped == {"file unchanged since it was read": len(patents) + 1}


@pytest.mark.parametrize("delay", [0.0, 0.02])
def test_a_kill_between_the_catalogue_and_the_lexical_index(tmp_path, collection, sample_index, delay):
    """Right after a batch was written: durable, though not yet searchable."""
    folder = tmp_path / "index"
    kept = {"CN199000004A", "CN199000006B"}
    for path in collection.iterdir():
        if path.stem not in kept:
            path.unlink()
    said, _ = run_until(start(folder, collection, "whole"), 1, delay)
    assert said[:3] == ["started", "opened", "written"]
    with PatentIndex(folder) as index:
        assert_whole(index, sample_index, kept)
