import json

import pytest


@pytest.fixture
def titles(server):
    server.reply = lambda messages: json.dumps({"title": "Seal with a drain" if "shaft" in messages[1]["content"] else "Other thing"})
    return server.spec


def test_the_tasks_are_listed(patent):
    from assistant.tasks import TASKS

    result = patent("run")
    assert result.exit_code == 0
    assert [line.split()[0] for line in result.stdout.splitlines() if not line.startswith(" ")] == list(TASKS)
    listed = [json.loads(line) for line in patent("run", "--json").stdout.splitlines()]
    assert {t["task"] for t in listed if t["without_model"]} >= {
        "ipc", "keyphrases", "key_information", "entities", "patent_match", "same_subject", "multiple_choice", "patent_kind",
    }  # fmt: skip
    assert "abstract" in next(t["takes"] for t in listed if t["task"] == "title")


def test_a_task_over_files_and_numbers(patent, collection, sample, titles):
    result = patent("run", "title", sample / "en" / "US99000001B2.xml", "CN199000007A", "--index", collection, "--llm", titles, "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    first, second = [json.loads(line) for line in result.stdout.splitlines()]
    assert (first["source"], first["output"], first["by"], first["problems"]) == ("US99000001B2", {"title": "Seal with a drain"}, "test-model", [])
    assert second["problems"] == ["the title is not in the language of the abstract"]


def test_a_task_for_people(patent, sample, titles, tmp_path):
    result = patent("run", "title", sample / "en" / "US99000001B2.xml", "--llm", titles, "--index", tmp_path / "none")
    assert result.stdout.splitlines() == ["Seal with a drain", "by: test-model"]


def test_given_on_the_command_line(patent, tmp_path, titles):
    result = patent("run", "title", "--given", "abstract=A shaft with a seal.", "--llm", titles, "--index", tmp_path / "none", "--json")
    assert json.loads(result.stdout)["output"] == {"title": "Seal with a drain"}


def test_lines_of_fields_and_those_that_are_wrong(patent, tmp_path, titles):
    path = tmp_path / "rows.jsonl"
    path.write_text('{"abstract": "A shaft with a seal."}\n{"abstract": 7}\n\n{"abstract": "A lamp.", "language": "en"}\n')
    result = patent("run", "title", path, "--llm", titles, "--index", tmp_path / "none", "--json")
    assert result.exit_code == 3
    assert [json.loads(line)["output"]["title"] for line in result.stdout.splitlines()] == ["Seal with a drain", "Other thing"]
    [line] = result.stderr.splitlines()
    assert f"{path}:2" in line
    assert "abstract" in line


def test_a_file_of_plain_text(patent, tmp_path):
    path = tmp_path / "note.txt"
    path.write_text("一种风筝，由竹条和纸制成，用于在风中飞行，竹条涂有清漆。", encoding="utf-8")
    result = patent("run", "keyphrases", path, "--index", tmp_path / "none", "--json")
    assert result.exit_code == 0
    phrases = [p["text"] for p in json.loads(result.stdout)["output"]["keyphrases"]]
    assert any("风筝" in p for p in phrases)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["nonsense", "x"], 1, "there are abstract"),
        (["title"], 2, "title takes"),
        (["title", "--given", "abstract"], 2, "NAME=VALUE"),
        (["title", "--given", "abstract=A lamp."], 1, "needs a language model"),
        (["keyphrases", "--given", "colour=red"], 1, "'colour' is nothing that it takes"),
        (["keyphrases", "/no/such/file.xml"], 1, "there is no index here"),
    ],
)
def test_what_can_not_be_done_is_one_clear_line(patent, tmp_path, arguments, code, said):
    result = patent("run", *arguments, "--index", tmp_path / "none")
    assert result.exit_code == code
    assert said in result.stderr
    assert "Traceback" not in result.stderr
    assert result.stdout == ""
