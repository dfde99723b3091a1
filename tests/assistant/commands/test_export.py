import gzip
import json

import pytest

KEYS = {
    "number", "kind", "language", "dates", "titles", "abstracts", "claims", "sections", "classifications", "parties", "citations", "source",
    "translated_claims", "warnings",
}  # fmt: skip


def without_source(text):
    return [{k: v for k, v in json.loads(line).items() if k != "source"} for line in text.splitlines()]


def test_the_export_is_one_document_a_line(patent, collection):
    result = patent("export", "--index", collection)
    assert result.exit_code == 0
    documents = [json.loads(line) for line in result.stdout.splitlines()]
    assert len([d for d in documents if not d["number"].startswith("IPC:")]) == 24
    assert all(set(d) == KEYS for d in documents)
    [seal] = [d for d in documents if d["number"] == "US99000001B2"]
    assert seal["dates"] == {"filing": "2017-05-18", "publication": "2019-03-12", "priority": "2016-05-20"}
    assert seal["claims"][1]["depends_on"] == [1]


@pytest.mark.parametrize("name", ["documents.jsonl", "documents.jsonl.gz"])
def test_what_is_exported_and_ingested_is_exported_again_the_same(patent, sample, tmp_path, name):
    first, second, out = tmp_path / "first", tmp_path / "second", tmp_path / name
    patent("ingest", sample / "zh" / "CN199000003B.xml", sample / "en" / "US99000012B2.xml", "--index", first)
    result = patent("export", "--index", first, "--out", out)
    assert (result.exit_code, result.stdout) == (0, "")
    text = gzip.decompress(out.read_bytes()).decode() if name.endswith("gz") else out.read_text("utf-8")
    report = json.loads(patent("ingest", out, "--index", second, "--json").stdout)
    assert (report["documents"], report["failed"]) == (2, [])
    again = patent("export", "--index", second).stdout
    assert without_source(again) == without_source(text) == without_source(patent("export", "--index", first).stdout)
    statuses = [json.loads(patent("status", "--index", i, "--json").stdout) for i in (first, second)]
    assert statuses[0]["passages"] == statuses[1]["passages"]
