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
    assert set(report) == {"documents", "passages", "skipped", "failed", "seconds"}
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
