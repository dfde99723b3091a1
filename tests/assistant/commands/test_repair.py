import json
import shutil
import sqlite3

import pytest


@pytest.fixture
def copy(collection, patents, tmp_path):
    """A copy of the collection's index; tests change it."""
    return shutil.copytree(collection, tmp_path / "copy")


def test_status_says_what_is_wrong_and_repair_mends_it(patent, copy):
    shutil.rmtree(copy / "lexical")
    (copy / ".vectors-3.faiss.77.partial").write_bytes(b"half")
    for _ in range(2):  # looking changes nothing
        problems = json.loads(patent("status", "--index", copy, "--json").stdout)["problems"]
        assert {p["part"]: p["reason"] for p in problems} == {"lexical": "missing", "leftover": "left by a run that was cut short"}
    shown = patent("status", "--index", copy)
    assert shown.exit_code == 0
    assert f"problem   {copy / 'lexical'}: missing" in shown.stdout
    assert f"patent repair --index {copy}" in " ".join(shown.stdout.split())  # however it is broken into lines
    result = patent("repair", "--index", copy)
    assert result.exit_code == 0
    first, second, last = result.stdout.splitlines()
    assert first == f"{copy / 'lexical'}: missing; made again"
    assert second.endswith(".partial: left by a run that was cut short; deleted")
    assert last.startswith(f"{copy}: sound again: ")
    assert json.loads(patent("repair", "--index", copy, "--json").stdout) == {"repaired": []}
    assert json.loads(patent("status", "--index", copy, "--json").stdout)["problems"] == []
    assert "problem" not in patent("status", "--index", copy).stdout


def test_a_damaged_catalogue_can_be_saved_from(patent, copy, patents, tmp_path):
    path = copy / "catalogue.sqlite"
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    (page,) = connection.execute("SELECT max(pageno) FROM dbstat WHERE name = 'passages' AND pagetype = 'leaf'").fetchone()
    connection.close()
    with path.open("r+b") as stream:
        stream.seek((page - 1) * 4096)
        stream.write(b"\xff" * 4096)
    assert [p["part"] for p in json.loads(patent("status", "--index", copy, "--json").stdout)["problems"]] == ["catalogue"]
    result = patent("repair", "--index", copy)
    assert (result.exit_code, result.stdout) == (1, "")
    [line] = result.stderr.splitlines()
    assert line.startswith("Error: ") and "--save" in line and "backup" in line
    saved = tmp_path / "saved.jsonl"
    result = patent("repair", "--index", copy, "--save", saved, "--json")
    documents = list(patents.export())
    assert json.loads(result.stdout) == {"saved": len(documents), "path": str(saved)}
    assert {json.loads(line)["number"] for line in saved.read_text().splitlines()} == {d.number for d in documents}
    again = patent("repair", "--index", copy, "--save", saved)
    assert again.exit_code == 1
    assert len(again.stderr.splitlines()) == 1


@pytest.mark.parametrize("options", [[], ["--save", "saved.jsonl"]])
def test_repair_without_an_index(patent, tmp_path, options):
    result = patent("repair", "--index", tmp_path / "none", *options)
    assert result.exit_code == 1
    [line] = result.stderr.splitlines()
    assert "patent ingest" in line
    assert not (tmp_path / "none").exists()
