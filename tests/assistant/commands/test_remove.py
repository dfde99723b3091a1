import json


def test_remove_takes_documents_out(patent, sample, tmp_path):
    index = tmp_path / "index"
    patent("ingest", sample / "zh" / "CN199000006B.xml", sample / "zh" / "CN199000007A.xml", "--index", index)
    refused = patent("remove", "CN199000006B", "US1A", "--index", index)
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert json.loads(patent("status", "--index", index, "--json").stdout)["documents"] == 2
    result = patent("remove", "CN199000006B", "--index", index, "--json")
    assert (result.exit_code, json.loads(result.stdout)) == (0, {"removed": ["CN199000006B"]})
    assert patent("show", "CN199000006B", "--index", index).exit_code == 1
    assert patent("remove", "CN199000007A", "--index", index).stdout == "Removed 1 document: CN199000007A\n"
    assert json.loads(patent("status", "--index", index, "--json").stdout)["documents"] == 0
