import json

import pytest


@pytest.fixture
def draft(tmp_path):
    path = tmp_path / "draft.txt"
    path.write_text(
        "What is claimed is:\n\n1. A pump comprising a housing and a rotor.\n\n2. The pump of claim 1, wherein the impeller is made of steel.\n\n"
        "3. The pump of claim 7, wherein the rotor is hollow\n",
        encoding="utf-8",
    )
    return path


def test_the_report_for_programs(patent, draft, tmp_path):
    result = patent("claims", draft, "--index", tmp_path / "none", "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    report = json.loads(result.stdout)
    assert [(n["number"], n["kind"]) for n in report["tree"]] == [(1, "independent"), (2, "dependent"), (3, "dependent")]
    antecedent = [f for f in report["findings"] if "antecedent" in f["rule"]]
    assert [f["quoted"] for f in antecedent if f["claim"] == 2] == ["the impeller"]
    assert "112(b)" in antecedent[0]["basis"]
    assert ("unknown-claim", 3) in [(f["rule"], f["claim"]) for f in report["findings"]]
    assert all(f["message"] and f["remedy"] is not None and f["basis"] for f in report["findings"])


def test_the_report_for_people(patent, draft, collection):
    shown = patent("claims", draft, "US99000001B2", "--elements", "--index", collection).stdout
    assert "1 pump" in shown
    assert "2 warning" in shown or "2 error" in shown
    assert "1a" in shown
    assert "US99000001B2" in shown
    chinese = patent("claims", "CN199000004A", "--index", collection).stdout
    assert "反冲洗控制方法" in chinese


def test_what_can_not_be_read_is_named_and_the_rest_goes_on(patent, draft, tmp_path):
    result = patent("claims", draft, "US1A", "--index", tmp_path / "none", "--json")
    assert result.exit_code == 3
    assert len(result.stdout.splitlines()) == 1
    assert "patent ingest" in result.stderr
