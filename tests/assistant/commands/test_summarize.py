import json
import os
import pty
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress

import pytest


def test_a_folder_and_a_number_that_is_not_there(patent, sample, tmp_path):
    result = patent("summarize", sample / "zh", "US1A", "--out", tmp_path / "out", "--index", tmp_path / "none", "--json")
    assert result.exit_code == 3
    report = json.loads(result.stdout)
    assert set(report) == {"out", "made", "there", "failed", "seconds", "documents_per_second", "tokens_per_second"}
    assert report["made"] == 8
    assert "US1A: no such file" in result.stderr
    text = (tmp_path / "out" / "markdown" / "CN199000004A.md").read_text(encoding="utf-8")
    assert "## 解决的问题" in text
    assert "[p0006]" in text
    again = patent("summarize", sample / "zh", "--out", tmp_path / "out")
    assert (again.exit_code, again.stdout) == (0, f"0 summaries in {tmp_path / 'out'}; 8 were there already\n")


def test_documents_of_the_index_by_number(patent, collection, tmp_path):
    result = patent("summarize", "US99000001", "CN199000004A", "--out", tmp_path, "--index", collection, "--words", 40, "--format", "jsonl")
    assert result.exit_code == 0, result.stderr
    assert result.stdout.startswith("2 summaries")
    assert "documents/s" in result.stdout
    lines = [json.loads(line) for line in (tmp_path / "summaries.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [line["number"] for line in lines] == ["US99000001B2", "CN199000004A"]
    assert not (tmp_path / "summaries.html").exists()
    assert patent("summarize", "--out", tmp_path, "--index", collection, "--words", 40).stdout.startswith("0 summaries")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "name a PATH or a NUMBER"),
        (["US1A", "--language", "zh"], "--language goes with --llm"),
        (["US1A", "--llm", "nonsense"], "nonsense"),
        (["US1A", "--workers", "0"], "--workers"),
    ],
)
def test_wrong_usage_is_told(patent, tmp_path, arguments, said):
    result = patent("summarize", "--out", tmp_path / "out", *arguments)
    assert result.exit_code == 2
    assert said in result.stderr
    assert not (tmp_path / "out").exists()


def test_another_length_is_another_job(patent, sample, tmp_path):
    one = sample / "en" / "US99000001B2.xml"
    patent("summarize", one, "--out", tmp_path)
    result = patent("summarize", one, "--out", tmp_path, "--sentences", 1)
    assert result.exit_code == 1
    assert "length.sentences was 3 and is now 1" in result.stderr
    assert patent("summarize", one, "--out", tmp_path, "--sentences", 1, "--again").stdout.startswith("1 summary")


def drain(terminal, said):
    with suppress(OSError):  # the other end is closed
        while piece := os.read(terminal, 1 << 12):
            said.append(piece)


def test_ctrl_c_leaves_a_job_that_goes_on(sample, tmp_path):
    code = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); from assistant.commands import patent; patent()"
    command = [sys.executable, "-c", code, "summarize", sample / "en", sample / "zh", "--out"]  # a shell's background jobs ignore the signal
    for attempt in range(5):  # on a busy machine the job may end before the signal comes
        out = tmp_path / str(attempt)
        code, said = interrupted([*command, out], out / "record.jsonl")
        if code != 0:
            break
    assert code == 130
    assert b"run the command again to go on" in said
    assert b"Traceback" not in said
    before = (out / "record.jsonl").read_bytes()
    done = subprocess.run([*command, out, "--json"], capture_output=True, text=True, check=True, timeout=60)
    report = json.loads(done.stdout)
    assert report["made"] + report["there"] == 24
    assert report["there"] == before.count(b"\n")
    assert (out / "record.jsonl").read_bytes().startswith(before)


def interrupted(arguments, record):
    """(exit code, what it wrote to the terminal) of a command that gets Ctrl-C after two documents."""
    leader, follower = pty.openpty()  # a terminal, so that there is a bar
    run = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=follower, start_new_session=True, env={**os.environ, "TERM": "xterm"})
    os.close(follower)
    said: list[bytes] = []
    reading = threading.Thread(target=drain, args=(leader, said))
    reading.start()
    while run.poll() is None and (not record.exists() or record.read_bytes().count(b"\n") < 2):
        time.sleep(0.01)
    if run.poll() is None:
        os.killpg(run.pid, signal.SIGINT)  # as a terminal does, to its workers, too
    run.communicate(timeout=60)
    reading.join()
    os.close(leader)
    return run.returncode, b"".join(said)


def test_a_question_put_to_documents_by_a_language_model(patent, server, number_of, tmp_path):
    texts = {f"US700000{n}B2": f"The ring of the pump is made of {what}." for n, what in enumerate(("graphite", "bronze", "steel"), start=1)}
    made = [{"number": n, "language": "en", "titles": {"en": "Pump"}, "claims": [{"number": 1, "text": text}]} for n, text in texts.items()]
    (tmp_path / "documents.jsonl").write_text("".join(json.dumps(each) + "\n" for each in made))

    def reply(messages):
        text = next(text for text in texts.values() if text in messages[1]["content"])
        return json.dumps({"statements": [{"sentences": [number_of(messages, text)], "text": text}], "missing": ""})

    server.reply = reply
    arguments = [tmp_path / "documents.jsonl", "--out", tmp_path / "out", "--question", "What is the ring made of?", "--llm", server.spec]
    result = patent("summarize", *arguments, "--json")
    assert result.exit_code == 0, result.stderr
    assert json.loads(result.stdout)["tokens_per_second"] > 0
    rows = [json.loads(line) for line in (tmp_path / "out" / "answers.jsonl").read_text().splitlines()]
    assert [(r["number"], r["status"], r["statements"][0]["citations"][0]["quote"]) for r in rows] == [(n, "answered", t) for n, t in texts.items()]
    asked = len(server.requests)
    assert asked == 3
    assert patent("summarize", *arguments).exit_code == 0
    assert len(server.requests) == asked  # nothing is asked twice
    other = patent("summarize", *arguments, "--llm-set", "temperature=0.5")
    assert "settings.temperature was 0.0 and is now 0.5" in other.stderr
