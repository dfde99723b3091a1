"""The readers as a LangChain document loader."""

import pytest

from ingest import Failed, PatentLoader, cut
from ingest.anchor import text_at


def test_passages_become_documents_with_anchors(sample, sample_documents):
    loader = PatentLoader([sample / "en", sample / "zh"])
    loaded = loader.load()
    assert loader.failed == []
    assert {d.metadata["number"] for d in loaded} == set(sample_documents)
    for document in loaded:
        patent = sample_documents[document.metadata["number"]]
        assert document.metadata["title"] == patent.title
        assert document.metadata["language"] == patent.language
        assert document.metadata["source"] == patent.source.path
        assert "".join(document.page_content.split()) in "".join(text_at(patent, document.metadata["anchor"]).split())
    first = next(d for d in loaded if d.metadata["anchor"] == "US99000001B2#c15")
    assert (first.page_content, first.metadata["section"]) == (sample_documents["US99000001B2"].claim(15).text, "claims")


def test_the_counter_and_the_window_are_the_caller_s(sample, sample_documents, count_words):
    path = sample / "en" / "US99000001B2.xml"
    loaded = PatentLoader(path, window=100, count_tokens=count_words).load()
    expected = cut(sample_documents["US99000001B2"], count_words, 100)
    assert [(d.metadata["anchor"], d.page_content) for d in loaded] == [(p.anchor, p.text) for p in expected]


def test_what_could_not_be_read_is_told_after_loading(sample, tmp_path):
    (tmp_path / "a.xml").write_bytes((sample / "en" / "US99000001B2.xml").read_bytes()[:5000])
    (tmp_path / "b.xml").write_bytes((sample / "en" / "US99000002B2.xml").read_bytes())
    loader = PatentLoader([tmp_path, tmp_path / "missing.xml"])
    for _ in range(2):  # a second load tells it once again, not twice
        assert {d.metadata["number"] for d in loader.lazy_load()} == {"US99000002B2"}
        assert [type(f) for f in loader.failed] == [Failed, Failed]
        assert [f.path for f in loader.failed] == [str(tmp_path / "a.xml"), str(tmp_path / "missing.xml")]


def test_without_a_tokenizer_the_estimate_holds_the_window(sample):
    """Words and a third, and each Chinese character: of a whole passage it must not exceed the room either."""
    for document in PatentLoader(sample, window=256).lazy_load():
        text = document.page_content
        estimate = int(len(text.split()) * 1.33) + sum("一" <= c <= "鿿" for c in text)
        assert estimate <= 256 - 40, document.metadata["anchor"]


def test_loading_is_lazy(sample, tmp_path):
    (tmp_path / "a.xml").write_bytes((sample / "en" / "US99000001B2.xml").read_bytes())
    documents = PatentLoader(tmp_path).lazy_load()
    assert next(documents).metadata["anchor"] == "US99000001B2#abs"
    documents.close()
    with pytest.raises(StopIteration):
        next(documents)
