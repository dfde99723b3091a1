import json
import shutil


def test_the_json_of_a_report_and_3_where_some_inputs_failed(patent, sample, tmp_path):
    shutil.copy(sample / "zh" / "CN199000006B.xml", tmp_path)
    (tmp_path / "broken.xml").write_text('<?xml version="1.0"?>\n<us-patent-grant>')
    (tmp_path / "letter.xml").write_text('<?xml version="1.0"?>\n<letter/>')
    index = tmp_path / ".index"
    result = patent("ingest", tmp_path, "--index", index, "--json")
    assert (result.exit_code, result.stderr) == (3, "")
    [line] = result.stdout.splitlines()
    report = json.loads(line)
    assert set(report) == {"documents", "passages", "skipped", "failed", "warnings", "seconds"}
    assert (report["documents"], report["skipped"]) == (1, {"letter": 1})
    [failed] = report["failed"]
    assert set(failed) == {"path", "offset", "reason"}
    assert failed["path"] == str(tmp_path / "broken.xml")
    assert json.loads(patent("status", "--index", index, "--json").stdout)["failed"] == [failed]
    listed = patent("status", "--index", index, "--failed")
    assert listed.exit_code == 0
    assert listed.stdout == f"{failed['path']}: {failed['reason']}\n"


def test_a_report_for_people(patent, sample, tmp_path):
    shutil.copy(sample / "zh" / "CN199000006B.xml", tmp_path)
    (tmp_path / "empty.xml").write_text("")
    index = tmp_path / ".index"
    result = patent("ingest", tmp_path, "--index", index)
    assert result.exit_code == 3
    text = " ".join(result.stdout.split())
    assert text.startswith("1 document, ")
    assert "empty.xml" in text
    assert "the file is empty" in text
    (tmp_path / "empty.xml").unlink()
    again = patent("ingest", tmp_path, "--index", index)
    assert again.exit_code == 0
    assert " ".join(again.stdout.split()).startswith("0 documents, 0 passages in ")
    assert "skipped 1: file unchanged since it was read" in again.stdout


def test_a_path_that_is_not_there_is_a_failed_input(patent, tmp_path):
    missing = tmp_path / "missing.zip"
    result = patent("ingest", missing, "--index", tmp_path / "index", "--json")
    assert result.exit_code == 3
    assert [f["path"] for f in json.loads(result.stdout)["failed"]] == [str(missing)]
    assert str(missing) in patent("status", "--index", tmp_path / "index", "--failed").stdout


def test_all_done_is_0(patent, sample, tmp_path):
    result = patent("ingest", sample / "zh" / "CN199000006B.xml", "--index", tmp_path / "index", "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    assert json.loads(result.stdout)["documents"] == 1


def test_an_encoder_that_is_not_there_is_one_line(patent, sample, tmp_path):
    result = patent("ingest", sample / "zh" / "CN199000006B.xml", "--index", tmp_path / "index", "--encoder", "/no/such/encoder")
    assert (result.exit_code, result.stdout) == (1, "")
    [line] = result.stderr.splitlines()
    assert "/no/such/encoder" in line


def test_what_failed_is_tried_again_on_demand_only(patent, sample, tmp_path):
    folder, index = tmp_path / "in", tmp_path / "index"
    folder.mkdir()
    shutil.copy(sample / "zh" / "CN199000006B.xml", folder)
    good = (sample / "en" / "US99000001B2.xml").read_bytes()
    (folder / "week.xml").write_bytes(good[:-30])
    assert patent("ingest", folder, "--index", index).exit_code == 3
    again = json.loads(patent("ingest", folder, "--index", index, "--json").stdout)
    assert (again["documents"], again["skipped"], again["failed"]) == (0, {"file unchanged since it was read": 2}, [])
    result = patent("ingest", "--retry-failed", "--index", index, "--json")  # broken as before
    assert result.exit_code == 3
    assert [f["path"] for f in json.loads(result.stdout)["failed"]] == [str(folder / "week.xml")]
    (folder / "week.xml").write_bytes(good)
    retried = json.loads(patent("ingest", "--retry-failed", "--index", index, "--json").stdout)
    assert (retried["documents"], retried["failed"]) == (1, [])
    assert patent("status", "--index", index, "--failed").stdout == "Nothing failed.\n"


def test_a_file_that_failed_and_is_gone_is_forgotten(patent, tmp_path):
    (tmp_path / "empty.xml").write_text("")
    index = tmp_path / "index"
    assert patent("ingest", tmp_path / "empty.xml", "--index", index).exit_code == 3
    (tmp_path / "empty.xml").unlink()
    result = patent("ingest", "--retry-failed", "--index", index, "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["skipped"] == {"file that failed before and is gone": 1}
    assert json.loads(patent("status", "--index", index, "--json").stdout)["failed"] == []


def test_without_paths_there_is_nothing_to_do(patent, tmp_path):
    result = patent("ingest", "--index", tmp_path / "index")
    assert result.exit_code == 2
    assert "PATHS" in result.stderr


def test_workers_read_the_same(patent, sample, tmp_path):
    assert patent("ingest", sample / "zh", "--index", tmp_path / "one", "--json").exit_code == 0
    result = patent("ingest", sample / "zh", "--workers", "2", "--index", tmp_path / "two", "--json")
    assert result.exit_code == 0
    exported = [patent("export", "--index", tmp_path / name).stdout for name in ("one", "two")]
    assert exported[0] == exported[1]


def test_what_was_mended_is_told(patent, sample, tmp_path):
    text = (sample / "zh" / "CN199000006B.xml").read_bytes()
    (tmp_path / "a.xml").write_bytes(text.replace("。".encode(), " & 。".encode(), 1))
    index = tmp_path / ".index"
    result = patent("ingest", tmp_path / "a.xml", "--index", index, "--json")
    assert result.exit_code == 0
    [warning] = json.loads(result.stdout)["warnings"]
    assert (warning["number"], warning["path"], warning["offset"]) == ("CN199000006B", str(tmp_path / "a.xml"), 0)
    assert "mended" in warning["reason"]
    assert json.loads(patent("status", "--index", index, "--json").stdout)["warnings"] == [warning]
    assert "mended" in patent("status", "--index", index, "--warnings").stdout
    assert "warnings" in patent("status", "--index", index).stdout
