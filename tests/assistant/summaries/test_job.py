import json

import pytest

from assistant.summaries.job import summaries_in, summarize_into
from assistant.summaries.summary import Length
from ingest import PatentDocument, ReadError, read


@pytest.fixture(scope="module")
def documents(sample):
    return [d for d in read([sample / "en", sample / "zh"]) if isinstance(d, PatentDocument)][:6]


def test_each_document_gets_its_two_files(documents, tmp_path):
    job = summarize_into(tmp_path / "out", documents)
    assert (job.made, job.there, job.failed) == (6, 0, [])
    assert {p.name for p in (tmp_path / "out").iterdir()} == {f"{d.number}.{kind}" for d in documents for kind in ("md", "json")}
    assert [s.number for s in summaries_in(tmp_path / "out")] == sorted(d.number for d in documents)


def test_what_is_there_is_not_made_again_and_what_was_cut_off_is(documents, tmp_path):
    summarize_into(tmp_path, documents[:3])
    before = {p: p.stat().st_mtime_ns for p in tmp_path.iterdir()}
    (tmp_path / f"{documents[0].number}.json").write_text('{"summary": {')  # a kill without the rename can't do this, a full disk can
    (tmp_path / f"{documents[1].number}.md").unlink()
    job = summarize_into(tmp_path, documents)
    assert (job.made, job.there) == (5, 1)
    kept = tmp_path / f"{documents[2].number}.json"
    assert kept.stat().st_mtime_ns == before[kept]
    assert len(list(summaries_in(tmp_path))) == 6


def test_another_length_or_another_text_is_made_again(documents, tmp_path):
    summarize_into(tmp_path, documents[:1])
    assert summarize_into(tmp_path, documents[:1], Length(sentences=1)).made == 1
    changed = documents[0].model_copy(update={"titles": {"en": "Another thing"}})
    assert summarize_into(tmp_path, [changed], Length(sentences=1)).made == 1
    assert next(summaries_in(tmp_path)).title == "Another thing"


def test_what_can_not_be_read_or_summarized_is_named_and_the_rest_goes_on(documents, tmp_path):
    bare = PatentDocument(number="US1A", titles={"en": "A seal"})
    told = []
    job = summarize_into(tmp_path, [ReadError("x.xml: broken"), bare, documents[0]], done=lambda j: told.append(j.made + len(j.failed)))
    assert job.made == 1
    assert [number for number, _ in job.failed] == ["", "US1A"]
    assert "x.xml" in job.failed[0][1]
    assert told == [1, 2, 3]


def test_a_number_can_not_leave_the_folder(documents, tmp_path):
    strange = documents[0].model_copy(update={"number": "FILE:../../x"})
    summarize_into(tmp_path / "out", [strange])
    assert {p.name for p in tmp_path.iterdir()} == {"out"}
    assert len(list((tmp_path / "out").glob("*.json"))) == 1


def test_the_marks_of_markdown_in_a_text_are_text(tmp_path, documents):
    document = documents[0].model_copy(update={"titles": {"en": "Seal | <script> *x* _y_"}})
    summarize_into(tmp_path, [document])
    head = (tmp_path / f"{document.number}.md").read_text().splitlines()[0]
    assert head.endswith("Seal \\| &lt;script> \\*x\\* \\_y\\_")


def test_the_command(patent, sample, tmp_path):
    result = patent("summarize", sample / "zh", "US1A", "--out", tmp_path / "out", "--index", tmp_path / "none", "--json")
    assert result.exit_code == 3
    report = json.loads(result.stdout)
    assert report["made"] == 8
    assert "US1A" in result.stderr or "no index" in result.stderr
    text = (tmp_path / "out" / "CN199000004A.md").read_text(encoding="utf-8")
    assert "## 解决的问题" in text
    assert "[p0006]" in text
    again = patent("summarize", sample / "zh", "--out", tmp_path / "out")
    assert again.stdout.startswith("0 summaries")
