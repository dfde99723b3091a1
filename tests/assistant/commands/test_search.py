import json

from click.testing import CliRunner

from assistant.commands import patent as command

TWO_IN_ONE = (
    "A machine comprising: a labyrinth with a drain chamber between a seal housing and a rotor ring of a wind turbine gearbox; and "
    "an infusion pump with detection of an occlusion from harmonics of the motor current."
)
HIT = {"rank", "anchor", "number", "section", "language", "probability", "score", "scores", "text"}


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


# -- by a document, by claims


def test_like_is_never_its_own_hit(patent, collection):
    result = patent("search", "--like", "US99000001B2", "--index", collection, "-k", "30", "--json")
    hits = [json.loads(line) for line in result.stdout.splitlines()]
    assert (result.exit_code, len(hits)) == (0, 30)
    assert "US99000001B2" not in {h["number"] for h in hits}


def test_prior_art_and_a_filter(patent, collection, patents):
    result = patent("search", "--like", "US99000012B2", "--prior-art", "--where", "country=US", "--unit", "document", "--index", collection, "--json")
    hits = [json.loads(line) for line in result.stdout.splitlines()]
    assert hits
    assert all(h["number"].startswith("US") for h in hits)
    assert all(patents.show(h["number"]).dates.publication < patents.show("US99000012B2").dates.priority for h in hits)


def test_claims_from_standard_input(collection):
    text = "一种机械密封，包括：动环；静环；以及冲洗环，所述冲洗环上均布有多个切向孔。"
    result = CliRunner().invoke(
        command, ["search", "--claims", "-", "--index", str(collection), "--json", "-k", "2", "--view", "novelty"], input=text
    )
    [best, *_] = [json.loads(line) for line in result.stdout.splitlines()]
    assert (result.exit_code, best["number"]) == (0, "CN199000003B")
    assert [f["label"] for f in best["features"]] == ["1pre", "1a", "1b", "1c"]
    assert best["features"][3]["verdict"] in ("present", "partly")


def test_the_json_of_the_views(patent, collection, patents):
    result = patent("search", "--like", "US99000002B2", "--view", "novelty", "--before", "2026-01-01", "--index", collection, "--json")
    found = [json.loads(line) for line in result.stdout.splitlines()]
    assert [r["rank"] for r in found] == list(range(1, len(found) + 1))
    assert 2 <= len(found) <= 5
    for each in found:
        assert set(each) == {"rank", "number", "title", "date", "dated", "share", "features"}
        for feature in each["features"]:
            assert set(feature) == {"label", "text", "verdict", "score", "anchor", "quote"}
            assert feature["quote"] is None or feature["quote"] in patents.show(feature["anchor"])
    result = patent("search", TWO_IN_ONE, "--view", "obviousness", "-k", "2", "--index", collection, "--json")
    found = [json.loads(line) for line in result.stdout.splitlines()]
    assert all(set(p) == {"rank", "numbers", "titles", "dates", "share", "adds", "features"} for p in found)
    assert set(found[0]["numbers"]) == {"US99000001B2", "US99000014B2"}
    assert all(p["adds"] for p in found)


def test_the_views_for_people(patent, collection, monkeypatch):
    monkeypatch.setenv("COLUMNS", "100")
    lines = patent("search", "--like", "US99000002B2", "--view", "novelty", "-k", "2", "--index", collection).stdout.splitlines()
    assert lines[0] == "Claim 1 of US99000002B2  7 features"
    assert lines[1].split() == ["1pre", "A", "mechanical", "seal", "for", "a", "slurry", "pump"]
    assert [line for line in lines if line.startswith("  1 CN199000003B")]  # the flushing of a slurry pump's seal, in Chinese
    assert [line for line in lines if " of 7 features (" in line]
    assert max(map(len, lines)) <= 100
    assert [line for line in lines if line != line.rstrip()] == []
    chinese = "一种设备，包括：冲洗环，所述冲洗环的内圆周上均布有多个切向孔；以及节流衬套"
    lines = patent("search", chinese, "--view", "novelty", "--before", "2026-01-01", "--index", collection).stdout.splitlines()
    assert lines[0] == "该权利要求  3 个特征，公开日早于 2026-01-01"
    assert any(line.startswith("  1 CN199000003B") and "公开日 2023-05-16" in line for line in lines)
    text = patent("search", TWO_IN_ONE, "--view", "obviousness", "-k", "1", "--index", collection).stdout
    assert "\n  + " in text
    nothing = patent("search", "A zebra; an okapi.", "--view", "novelty", "--where", "language=en", "--index", collection).stdout
    assert nothing.startswith("No document discloses")


def test_documents_for_people(patent, collection):
    lines = patent("search", "labyrinth seal with drain", "--unit", "document", "-k", "2", "--index", collection).stdout.splitlines()
    assert lines[0].startswith("  1 US99000001B2  ")
    assert any(line.startswith("    #") for line in lines[1:4])


def test_wrong_usage(patent, collection):
    for arguments in ([], ["  "], ["seal", "--like", "US99000001B2"], ["--like", "US99000001B2", "--claims", "x"], ["seal", "--claim", "2"]):
        result = patent("search", *arguments, "--index", collection)
        assert (result.exit_code, result.stdout) == (2, ""), arguments
    assert patent("search", "seal", "--before", "yesterday", "--index", collection).exit_code == 2


def test_errors_are_one_line(patent, collection, tmp_path):
    claim = tmp_path / "claim.txt"
    claim.write_text("A pump comprising a rotor; and a seal ring.")
    for arguments, problem in (
        (["--like", "US1A"], "US1A: not in the index"),
        (["--like", "US99000001B2#p9999"], "no such paragraph"),
        (["--like", "US99000001B2", "--claim", "99"], "there is no claim 99"),
        (["--claims", tmp_path / "missing.txt"], "missing.txt"),
        (["--claims", claim, "--prior-art"], "claim.txt: no priority or filing date is known"),
        (["pump", "--prior-art"], "no priority or filing date is known"),
    ):
        result = patent("search", *arguments, "--index", collection)
        assert (result.exit_code, result.stdout) == (1, ""), arguments
        assert result.stderr.startswith("Error: ")
        assert result.stderr.count("\n") == 1
        assert problem in result.stderr
