"""`patent classify`."""

import json

PLACE = {"symbol", "level", "probability", "title", "reasons"}


def test_the_json_is_a_place_a_line(patent, collection):
    result = patent("classify", "A labyrinth seal for a shaft", "--index", collection, "--json", "-k", "2")
    assert result.exit_code == 0
    places = [json.loads(line) for line in result.stdout.splitlines()]
    assert [set(p) for p in places] == [PLACE, PLACE]
    assert places[0]["symbol"] == "F16J"
    assert set(places[0]["reasons"][0]) == {"number", "anchor", "title", "symbols", "score"}


def test_for_people(patent, collection):
    lines = patent("classify", "A labyrinth seal for a shaft", "--index", collection, "-k", "1").stdout.splitlines()
    assert lines[0] == "Probability of being the first code"
    assert lines[1].startswith("F16J ")
    assert "SEALINGS" in "".join(lines)
    assert patent("classify", "一种迷宫密封", "--index", collection, "-k", "1").stdout.startswith("作为主分类号的概率")


def test_a_document_of_the_index_and_a_file(patent, collection, tmp_path):
    assert patent("classify", "US99000001B2", "--index", collection).exit_code == 0
    draft = tmp_path / "draft.txt"
    draft.write_text("A separator for a lithium-ion cell with a ceramic coating.", encoding="utf-8")
    assert "H01M" in patent("classify", str(draft), "--index", collection).stdout


def test_nothing_to_learn_from_is_one_line(patent, tmp_path):
    document = tmp_path / "one.jsonl"
    document.write_text(json.dumps({"number": "US1A1", "abstracts": {"en": "A seal."}}) + "\n")
    index = tmp_path / "index"
    assert patent("ingest", str(document), "--index", index).exit_code == 0
    result = patent("classify", "A seal", "--index", index)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "nothing to classify by" in result.stderr
    assert len(result.stderr.splitlines()) == 1
