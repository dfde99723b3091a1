from pathlib import Path

import pytest

from assistant.summaries.sources import Sources, open_index
from index.patent_index import PatentIndex
from ingest import PatentDocument


def said(found):
    return [each.number if isinstance(each, PatentDocument) else str(each) for each in found]


def test_numbers_files_and_documents_in_their_order_with_the_index_opened_once(collection, sample):
    opened = []

    def opening():
        opened.append(open_index(collection)())
        return opened[-1]

    given = PatentDocument(number="US1A", titles={"en": "A seal"})
    sources = Sources(["US99000001B2", sample / "zh" / "CN199000003B.xml", given, "CN199000004A"], opening)
    for _ in range(2):
        assert said(sources) == ["US99000001B2", "CN199000003B", "US1A", "CN199000004A"]
    sources.close()
    assert len(opened) == 1


def test_an_open_index_stays_open(collection):
    with PatentIndex(collection) as index:
        sources = Sources(["US99000001B2"], index)
        assert said(sources) == ["US99000001B2"]
        sources.close()
        assert index.document("US99000001B2")


@pytest.mark.parametrize(("source", "message"), [("US1A", "US1A: no such file or folder, and no index"), (Path("no.xml"), "no.xml: no such file")])
def test_what_is_not_there_is_told_in_its_place(sample, tmp_path, source, message):
    sources = Sources([source, str(sample / "zh" / "CN199000003B.xml")], open_index(tmp_path / "none"))
    found = said(sources)
    assert found[0].startswith(message)
    assert found[1] == "CN199000003B"
    assert not (tmp_path / "none").exists()


def test_names_are_such_that_another_folder_does_not_matter(sample, monkeypatch):
    monkeypatch.chdir(sample)
    document = PatentDocument(number="US1A", titles={"en": "A seal"})
    assert Sources(["zh", "US99000001B2", document], None).names() == (str(sample / "zh"), "US99000001B2")
