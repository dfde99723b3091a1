import json

HIT = {"rank", "anchor", "number", "section", "language", "score", "scores", "text"}


def test_the_json_is_a_hit_a_line(patent, collection, patents):
    result = patent("search", "labyrinth seal with drain", "--index", collection, "-k", "4", "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    hits = [json.loads(line) for line in result.stdout.splitlines()]
    assert [h["rank"] for h in hits] == [1, 2, 3, 4]
    assert all(set(h) == HIT for h in hits)
    assert all(h["anchor"].startswith(f"{h['number']}#") for h in hits)
    assert all(set(h["scores"]) <= {"lexical", "dense", "late"} for h in hits)
    assert all(h["text"] in patents.show(h["anchor"]) for h in hits)
    assert hits[0]["number"] == "US99000001B2"


def test_the_json_of_documents(patent, collection):
    result = patent("search", "相变材料与液冷板组合的电池模组", "--index", collection, "-k", "3", "--unit", "document", "--json")
    hits = [json.loads(line) for line in result.stdout.splitlines()]
    assert [h["rank"] for h in hits] == [1, 2, 3]
    assert hits[0]["number"] == "CN199000001A"
    assert len({h["number"] for h in hits}) == 3
    for hit in hits:
        assert set(hit) == HIT | {"title", "passages"}
        assert hit["passages"][0] == hit["anchor"]


def test_a_filter(patent, collection):
    result = patent("search", "seal", "--index", collection, "--json", "--where", "ipc=F16J country=CN before=2024-01-01 section=claims")
    hits = [json.loads(line) for line in result.stdout.splitlines()]
    assert {h["number"] for h in hits} == {"CN199000003B"}
    assert {h["section"] for h in hits} == {"claims"}


def test_nothing_found_is_no_line_of_json(patent, collection):
    result = patent("search", "seal", "--index", collection, "--json", "--where", "number=US1A")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "Nothing found" in patent("search", "seal", "--index", collection, "--where", "number=US1A").stdout


def test_hits_for_people(patent, collection):
    result = patent("search", "labyrinth seal with drain", "--index", collection, "-k", "2")
    lines = result.stdout.splitlines()
    assert lines[0].startswith("  1 US99000001B2#")
    assert "Labyrinth shaft seal with drain chamber for a wind turbine gearbox" in " ".join(" ".join(lines[:2]).split())
    assert len([line for line in lines if not line.startswith("    ")]) == 2
    assert [line for line in lines if line != line.rstrip()] == []
