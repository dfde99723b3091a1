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


def test_a_chart_and_a_comparison_for_people_and_programs(patent, draft, collection, tmp_path):
    shown = patent("claims", "US99000001B2", "--against", "US20990000021A1", "--support", "--index", collection).stdout
    assert "Claim chart: Claim 1" in shown and "○" in shown and "Nearest single reference" in shown
    assert "found to disclose" in patent("claims", "US99000001B2", "--against", "search", "--index", collection).stdout
    assert "supported" in shown and "US99000001B2#p" in shown
    amended = tmp_path / "amended.txt"
    amended.write_text(draft.read_text(encoding="utf-8").replace("a housing and", "a steel housing and"), encoding="utf-8")
    compared = patent("claims", amended, "--earlier", draft, "--report-language", "zh").stdout
    assert "权利要求比较" in compared and "修改" in compared and "steel" in compared
    report = json.loads(patent("claims", amended, "--earlier", draft, "--json").stdout)
    assert report["comparison"]["changes"][0]["narrowing"] == ["steel"]
    assert report["charts"] == []


def test_pages_and_word_files(patent, draft, collection, tmp_path):
    page, word, folder = tmp_path / "report.html", tmp_path / "report.docx", tmp_path / "many"
    assert patent("claims", draft, "--html", page, "--word", word).exit_code == 0
    assert "the impeller" in page.read_text(encoding="utf-8")
    assert word.read_bytes()[:2] == b"PK"
    both = patent("claims", draft, "US99000001B2", "--html", folder, "--index", collection)
    assert both.exit_code == 0 and len(list(folder.glob("*.html"))) == 2
    second = patent("claims", draft, "US99000001B2", "--html", page, "--index", collection)
    assert second.exit_code == 3 and "name a folder" in second.stderr


def test_options_that_do_not_go_together(patent, draft, collection):
    assert patent("claims", draft, "--filed", draft).exit_code == 2
    assert patent("claims", draft, "--against", "search", "--against", "US99000001B2", "--index", collection).exit_code == 2
    undated = patent("claims", draft, "--against", "search", "--index", collection)
    assert undated.exit_code == 1 and "date" in undated.stderr
    assert patent("claims", draft, "--against", "search", "--before", "2015-01-01", "--index", collection).exit_code == 0
