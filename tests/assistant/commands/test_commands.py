"""The command line as a whole; what the single commands print is in the modules beside this one."""

import json
import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress

import pytest

COMMANDS = "ask backup benchmark claims classify demo export finetune ingest remove repair run search show status summarize".split()


def test_importing_the_commands_imports_nothing_heavy():
    heavy = ("faiss", "torch", "openvino", "tantivy", "langchain", "lxml", "transformers", "numpy", "sqlite3")
    code = f"import assistant, assistant.commands, sys; print([m for m in sys.modules if m.startswith({heavy!r})])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_help_lists_every_command(patent):
    result = patent("--help")
    assert result.exit_code == 0
    assert [line.split()[0] for line in result.stdout.partition("Commands:\n")[2].splitlines()] == COMMANDS


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(patent, command):
    result = patent(command, "--help")
    assert result.exit_code == 0
    assert result.stdout.startswith("Usage:")


def test_the_version(patent):
    from importlib.metadata import version

    assert version("patent-assistant") in patent("--version").stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["ask"],
        ["search", "x", "-k", "0"],
        ["search", "x", "--unit", "page"],
        ["ingest"],
        ["remove"],
        ["ask", "x", "--no-such-option"],
        ["search", "x", "--where", "nonsense"],
        ["search", "x", "--where", "colour=red"],
        ["ask", "x", "--where", "before=yesterday"],
        ["ask", "x", "--where", "ipc=Z99"],
        ["ask", "x", "--where", "section=poem"],
        ["ask", ""],
        ["search", "  "],
    ],
)
def test_wrong_usage_is_2(patent, collection, arguments):
    where = [] if len(arguments) == 1 else ["--index", collection]
    result = patent(*arguments, *where)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "Error: " in result.stderr.splitlines()[-1]


@pytest.mark.parametrize(
    "arguments",
    [
        ["show", "US1A"],
        ["show", "US99000001B2#c99"],
        ["show", "US9900000"],
        ["remove", "US1A"],
        ["ask", "How?", "--llm", "transformers:/no/such/model"],
        ["ask", "How?", "--llm", "openai:model@http://127.0.0.1:1/v1"],
        ["export", "--out", "/no/such/folder/out.jsonl"],
        ["export", "--out", "/no/such/folder/out.jsonl.gz"],
    ],
)
def test_an_error_is_1_and_one_line(patent, collection, monkeypatch, arguments):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    result = patent(*arguments, "--index", collection)
    assert result.exit_code == 1
    assert result.stdout == ""
    [line] = result.stderr.splitlines()
    assert line.startswith("Error: ")


@pytest.mark.parametrize("arguments", [["ask", "x"], ["search", "x"], ["show", "x"], ["remove", "x"], ["export"], ["status"], ["repair"]])
def test_without_an_index_every_command_says_how_to_make_one(patent, tmp_path, arguments):
    result = patent(*arguments, "--index", tmp_path / "none")
    assert result.exit_code == 1
    [line] = result.stderr.splitlines()
    assert line.startswith("Error: ")
    assert "patent ingest" in line
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("command", ["ingest", "demo"])
def test_an_index_that_can_not_be_made_is_one_line(patent, sample, tmp_path, command):
    (tmp_path / "file").write_text("in the way")
    paths = [sample / "en" / "US99000001B2.xml"] if command == "ingest" else []
    result = patent(command, *paths, "--index", tmp_path / "file" / "index")
    assert result.exit_code == 1
    [line] = result.stderr.splitlines()
    assert line.startswith("Error: ")


def test_the_index_may_come_from_the_environment(patent, collection, monkeypatch):
    monkeypatch.setenv("PATENT_INDEX", str(collection))
    assert json.loads(patent("status", "--json").stdout)["directory"] == str(collection)


def test_a_reader_that_hangs_up_is_no_error(collection):
    code = "from assistant.commands import patent; patent()"
    with subprocess.Popen([sys.executable, "-c", code, "export", "--index", collection], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as run:
        run.stdout.read(10)
        run.stdout.close()
        errors = run.stderr.read().decode()
    assert run.returncode == 0
    assert "Traceback" not in errors


def test_an_interrupt_is_130_and_one_line(collection, server):
    asked, done = threading.Event(), threading.Event()

    def reply(_):
        asked.set()
        done.wait(60)
        return "NOT FOUND"

    server.reply = reply
    code = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); from assistant.commands import patent; patent()"
    run = subprocess.Popen(
        [sys.executable, "-c", code, "ask", "更新帧共有多少字节？", "--llm", server.spec, "--index", collection, "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "NO_PROXY": "127.0.0.1"},
    )
    assert asked.wait(60)
    for _ in range(6):  # a signal that comes while Python is within a destructor is lost
        run.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            output, errors = run.communicate(timeout=10)
            break
    done.set()
    assert run.returncode == 130
    assert output == ""
    [line] = errors.splitlines()
    assert line.startswith("Interrupted")
