import json
import os
import signal
import subprocess
import sys
import threading
import time

import pytest
from filelock import FileLock
from langchain_core.language_models import SimpleChatModel

from assistant.errors import LanguageModelError
from assistant.llm import LanguageModel, ModelSettings, Request
from assistant.summaries import job as jobs
from assistant.summaries import making
from assistant.summaries.batch import summarize_into
from assistant.summaries.errors import JobError
from assistant.summaries.manifest import Asked
from assistant.summaries.record import NAME as RECORD
from assistant.summaries.summary import Length, Summary
from index.errors import DiskFullError
from ingest import PatentDocument, read

BARE = PatentDocument(number="US1A", titles={"en": "A seal"})


@pytest.fixture(scope="module")
def documents(sample):
    return [d for d in read([sample / "en", sample / "zh"]) if isinstance(d, PatentDocument)]


def numbers_in(folder):
    return [json.loads(line)["number"] for line in (folder / "summaries.jsonl").read_text(encoding="utf-8").splitlines()]


def recorded(folder):
    return [json.loads(line)["number"] for line in (folder / RECORD).read_text(encoding="utf-8").splitlines()]


def outputs(folder):
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file() and p.name not in (RECORD, ".lock", "manifest.json")}


def test_the_outputs_hold_each_document_in_the_order_of_the_sources(documents, tmp_path):
    some = [documents[3], documents[0], documents[20]]
    report = summarize_into(tmp_path, some)
    assert (report.made, report.there, report.failed) == (3, 0, [])
    assert numbers_in(tmp_path) == [d.number for d in some]
    for line in (tmp_path / "summaries.jsonl").read_text(encoding="utf-8").splitlines():
        assert Summary.model_validate_json(line).abstract
    assert {p.stem for p in (tmp_path / "markdown").iterdir()} == {d.number for d in some}
    assert all(d.number in (tmp_path / "summaries.html").read_text(encoding="utf-8") for d in some)
    assert report.model_dump()["tokens_per_second"] > report.model_dump()["documents_per_second"] > 0


def test_what_is_there_is_not_made_again(documents, tmp_path):
    summarize_into(tmp_path, documents[:3])
    before = (tmp_path / RECORD).read_bytes()
    report = summarize_into(tmp_path, documents[:5])
    assert (report.made, report.there) == (2, 3)
    assert (tmp_path / RECORD).read_bytes().startswith(before)
    assert numbers_in(tmp_path) == [d.number for d in documents[:5]]


def test_another_text_is_made_again(documents, tmp_path):
    summarize_into(tmp_path, documents[:2])
    changed = documents[0].model_copy(update={"titles": {"en": "Another thing"}})
    report = summarize_into(tmp_path, [changed, documents[1]])
    assert (report.made, report.there) == (1, 1)
    assert json.loads((tmp_path / "summaries.jsonl").read_text().splitlines()[0])["title"] == "Another thing"


def test_two_texts_under_one_number_are_named_and_one_text_twice_is_one(documents, tmp_path):
    changed = documents[0].model_copy(update={"titles": {"en": "Another thing"}})
    report = summarize_into(tmp_path, [documents[0], documents[0], changed])
    assert (report.made, report.there) == (1, 1)
    assert [number for number, _ in report.failed] == [documents[0].number]
    assert "another text" in report.failed[0][1]


def test_other_options_are_an_error_that_names_the_difference(documents, tmp_path):
    summarize_into(tmp_path, documents[:1])
    with pytest.raises(JobError, match=r"length\.sentences was 3 and is now 1; question was not given and is now 'Why\?'|question.*length"):
        summarize_into(tmp_path, documents[:1], Length(sentences=1), question="Why?")
    report = summarize_into(tmp_path, documents[:1], Length(sentences=1), again=True)
    assert report.made == 1


def test_without_sources_the_job_has_those_of_before(sample, tmp_path):
    made = summarize_into(tmp_path, [sample / "zh"]).made
    report = summarize_into(tmp_path)
    assert made > 1
    assert (report.made, report.there) == (0, made)


def test_what_fails_is_recorded_and_tried_again_on_request(documents, tmp_path):
    (tmp_path / "broken.xml").write_text("<us-patent-grant><claims>")
    sources = [tmp_path / "broken.xml", BARE, tmp_path / "none.xml", documents[0]]
    out = tmp_path / "out"
    report = summarize_into(out, sources)
    assert report.made == 1
    assert [number for number, _ in report.failed] == ["", "", "US1A"]
    assert [json.loads(line) for line in (out / "failed.jsonl").read_text().splitlines()] == report.model_dump()["failed"]
    assert recorded(out) == ["US1A", documents[0].number]
    assert summarize_into(out, sources).failed == report.failed
    assert recorded(out) == ["US1A", documents[0].number]  # not tried
    summarize_into(out, sources, retry_failed=True)
    assert recorded(out) == ["US1A", documents[0].number, "US1A"]


def test_processes_make_the_same_to_the_byte(documents, tmp_path):
    summarize_into(tmp_path / "here", documents)
    summarize_into(tmp_path / "there", documents, workers=2)
    assert outputs(tmp_path / "here") == outputs(tmp_path / "there")
    assert sorted(recorded(tmp_path / "here")) == sorted(recorded(tmp_path / "there"))


def fatal(asked, packed):
    if packed["number"] == "US99000003B2":
        os.kill(os.getpid(), signal.SIGKILL)
    if packed["number"] == "US99000005B2":
        time.sleep(60)
    return making.make(asked, packed)


def test_a_document_that_kills_or_hangs_its_process_fails_alone(documents, tmp_path, monkeypatch):
    monkeypatch.setattr(jobs, "make", fatal)
    report = summarize_into(tmp_path, documents, workers=2, time_limit=2.0)
    assert report.made == len(documents) - 2
    assert {number for number, _ in report.failed} == {"US99000003B2", "US99000005B2"}
    monkeypatch.undo()
    assert len(summarize_into(tmp_path, documents, workers=1).failed) == 2  # not tried again
    assert summarize_into(tmp_path, documents, workers=1, retry_failed=True).made == 2
    assert len(numbers_in(tmp_path)) == len(documents)


def test_an_error_nobody_foresaw_is_the_documents_alone(documents, tmp_path, monkeypatch):
    def odd(document, length):
        raise ZeroDivisionError("by zero")

    monkeypatch.setattr("assistant.summaries.extraction.extractive", odd)
    assert summarize_into(tmp_path, documents[:1]).failed == [(documents[0].number, f"{documents[0].number}: ZeroDivisionError: by zero")]


def test_one_process_at_a_time(documents, tmp_path):
    with FileLock(tmp_path / ".lock"), pytest.raises(JobError, match="another process"):
        summarize_into(tmp_path, documents[:1])


def test_a_full_disk_ends_the_job_and_the_next_run_goes_on(documents, tmp_path, monkeypatch):
    sync = os.fsync
    calls = []

    def full(descriptor):
        calls.append(descriptor)
        if len(calls) == 3:
            raise OSError(28, "No space left on device")
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DiskFullError, match="the disk is full"):
        summarize_into(tmp_path, documents[:5])
    monkeypatch.undo()
    report = summarize_into(tmp_path, documents[:5])
    assert (report.made, report.there) == (3, 2)
    assert recorded(tmp_path) == [d.number for d in documents[:5]]


def test_progress_says_how_long_it_will_take(documents, tmp_path):
    told = []
    summarize_into(tmp_path, documents[:4], progress=told.append)
    assert [(p.stage, p.done, p.total) for p in told] == [("reading", n, 0) for n in (1, 2, 3, 4)] + [("making", n, 4) for n in (1, 2, 3, 4)]
    assert told[4].seconds_left > 0
    assert told[-1].seconds_left == 0


def test_a_folder_with_another_manifest_is_left_alone(documents, tmp_path):
    (tmp_path / "manifest.json").write_text('{"name": "an extension"}')
    with pytest.raises(JobError, match="not the manifest of a job"):
        summarize_into(tmp_path, documents[:1])
    assert [p.name for p in tmp_path.iterdir() if p.name != ".lock"] == ["manifest.json"]


def test_a_number_can_not_leave_the_folder(documents, tmp_path):
    strange = documents[0].model_copy(update={"number": "FILE:../../x"})
    summarize_into(tmp_path / "out", [strange])
    assert {p.name for p in tmp_path.iterdir()} == {"out"}
    assert [p.name for p in (tmp_path / "out" / "markdown").iterdir()] == ["FILE_.._.._x.md"]


def test_the_marks_of_markdown_in_a_text_are_text(tmp_path, documents):
    document = documents[0].model_copy(update={"titles": {"en": "Seal | <script> *x* _y_"}})
    summarize_into(tmp_path, [document])
    head = (tmp_path / "markdown" / f"{document.number}.md").read_text().splitlines()[0]
    assert head.endswith("Seal \\| &lt;script> \\*x\\* \\_y\\_")


KILLED = """
import os, random, signal, sys, time
from pathlib import Path
from assistant.summaries.batch import summarize_into
from ingest import PatentDocument, read

out, sample, size = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
documents = [d for d in read([sample / "en", sample / "zh"]) if isinstance(d, PatentDocument)]
summarize_into(out.with_name("first"), documents[:1])  # everything is imported now
moments = random.Random(7)
for target in sorted(moments.randrange(size) for _ in range(9)) + [size]:
    child = os.fork()
    if not child:
        summarize_into(out, documents)
        os._exit(0)
    while not os.waitpid(child, os.WNOHANG)[0]:
        if (out / "record.jsonl").exists() and (out / "record.jsonl").stat().st_size >= target:
            time.sleep(moments.random() / 20)
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            break
        time.sleep(0.0005)
"""


def test_a_job_that_was_killed_ten_times_ends_as_if_it_had_not_been(documents, sample, tmp_path):
    summarize_into(tmp_path / "whole", documents)
    size = (tmp_path / "whole" / RECORD).stat().st_size
    subprocess.run(
        [sys.executable, "-c", KILLED, tmp_path / "out", sample, str(size)], check=True, timeout=120, env={**os.environ, "OMP_NUM_THREADS": "1"}
    )
    report = summarize_into(tmp_path / "out", documents)
    assert report.made + report.there == len(documents)
    assert outputs(tmp_path / "out") == outputs(tmp_path / "whole")
    assert (tmp_path / "out" / RECORD).read_bytes() == (tmp_path / "whole" / RECORD).read_bytes()  # in order, and nothing twice


class Slow(SimpleChatModel):
    """Says how many it was asked at a time; the first `down` are not answered."""

    _llm_type = "slow"
    now: int = 0
    most: int = 0
    down: int = 0

    def _call(self, messages, *args, **kwargs):
        with LOCK:
            self.now += 1
            self.most = max(self.most, self.now)
            self.down -= 1
            gone = self.down >= 0
        time.sleep(0.02)
        with LOCK:
            self.now -= 1
        if gone:
            raise ConnectionError("gone")
        return "said"


LOCK = threading.Lock()


def asking(asked, document, model, grounding):
    """A summary for which two things are asked, in place of the real one: what is tested here is who is asked when."""
    from assistant.summaries.extraction import extractive

    summary = extractive(document)
    for _ in range(2):
        assert (yield Request([("human", document.number)])) == "said"
    return summary


@pytest.fixture
def chat(monkeypatch):
    monkeypatch.setattr(making, "_exchange", asking)
    return Slow()


def written(chat, folder, documents, **options):
    model = LanguageModel(chat, "slow", 1000, ModelSettings(concurrency=8))
    with jobs.SummaryJob(folder, Asked(llm="slow")) as job:
        return job.run(jobs.Sources(documents, None), jobs.Work(lambda: (model, None), **options))


def test_the_documents_of_a_batch_are_before_the_model_together(chat, documents, tmp_path):
    report = written(chat, tmp_path, documents, batch=4)
    assert report.made == len(documents)
    assert chat.most == 4
    assert report.tokens > 0


def test_a_model_that_is_gone_ends_the_job_and_the_documents_are_not_blamed(chat, documents, tmp_path):
    chat.down = 10**6
    with pytest.raises(LanguageModelError, match="10 documents in a row"):
        written(chat, tmp_path, documents, batch=4)
    assert recorded(tmp_path) == []
    chat.down = 0
    assert written(chat, tmp_path, documents, batch=4).made == len(documents)


def test_a_few_requests_that_fail_are_failures_of_their_documents(chat, documents, tmp_path):
    chat.down = 3
    report = written(chat, tmp_path, documents, batch=1)
    assert len(report.failed) == 3
    assert report.made == len(documents) - 3


def test_the_model_is_not_loaded_where_nothing_is_to_be_asked(documents, tmp_path):
    def load():
        raise AssertionError

    with jobs.SummaryJob(tmp_path, Asked(llm="slow")) as job:
        assert job.run(jobs.Sources([], None), jobs.Work(load)).made == 0


def test_one_question_put_to_each_document_is_a_table(documents, tmp_path):
    report = summarize_into(tmp_path / "here", documents, question="What is the pore size of the separator film?")
    assert report.made == len(documents)
    rows = [json.loads(line) for line in (tmp_path / "here" / "answers.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [row["number"] for row in rows] == [d.number for d in documents]
    answered = [row for row in rows if row["status"] != "not_found"]
    assert answered
    texts = {d.number: d.model_dump_json() for d in documents}
    for row in answered:
        for statement in row["statements"]:
            for citation in statement["citations"]:
                assert json.dumps(citation["quote"], ensure_ascii=False)[1:-1] in texts[row["number"]]
    summarize_into(tmp_path / "there", documents, question="What is the pore size of the separator film?", workers=1)
    assert outputs(tmp_path / "here") == outputs(tmp_path / "there")


def test_what_was_asked_may_change_until_something_is_made(documents, tmp_path):
    summarize_into(tmp_path, [], question="Why?")
    assert summarize_into(tmp_path, documents[:1]).made == 1
    (tmp_path / "manifest.json").unlink()
    with pytest.raises(JobError, match="no manifest"):
        summarize_into(tmp_path, documents[:1])
