import json


def test_a_backup_opens_like_any_index(patent, collection, tmp_path):
    target = tmp_path / "backup"
    result = patent("backup", target, "--index", collection, "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    done = json.loads(result.stdout)
    assert set(done) == {"directory", "documents", "passages", "left_out", "bytes", "seconds"}
    ours, theirs = (json.loads(patent("status", "--index", d, "--json").stdout) for d in (collection, target))
    for key in ("signature", "documents", "passages", "languages", "failed", "warnings", "problems"):
        assert ours[key] == theirs[key]
    assert (done["directory"], done["documents"], done["left_out"]) == (str(target), ours["documents"], [])
    searched = [patent("search", "反冲洗触发阈值", "--index", d, "--json").stdout for d in (collection, target)]
    assert searched[0] == searched[1]


def test_the_backup_for_people(patent, collection, tmp_path):
    result = patent("backup", tmp_path / "backup", "--index", collection)
    [line] = result.stdout.splitlines()
    assert line.endswith(f" s -> {tmp_path / 'backup'}")
    assert " documents, " in line


def test_a_backup_that_can_not_be_made_is_one_line(patent, collection, tmp_path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").write_text("dear")
    for target, index in ((tmp_path / "full", collection), (tmp_path / "new", tmp_path / "none")):
        result = patent("backup", target, "--index", index)
        assert (result.exit_code, result.stdout) == (1, "")
        [line] = result.stderr.splitlines()
        assert line.startswith("Error: ")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["full"]
