"""The second stage: the best documents, and their passages against each other."""

import pytest

from index import Filter, PatentIndex
from index.catalogue import Catalogue
from index.rerank import DOCUMENTS, best_documents
from ingest import Passage


def found(*scored: tuple[int, str, float]):
    fused = [(identity, score) for identity, _, score in scored]
    passages = {i: (Passage(anchor=f"{n}#c{i}", text="", section="claims", language="en", tokens=0), "") for i, n, _ in scored}
    return fused, passages


def test_a_document_scores_as_its_best_passages_with_smaller_shares():
    fused, passages = found((1, "US1A1", 1.0), (2, "US2A1", 0.9), (3, "US2A1", 0.8), (4, "US1A1", 0.1), (5, "US2A1", 0.4))
    assert best_documents(fused, passages) == {"US2A1": pytest.approx(0.9 + 0.4 + 0.1), "US1A1": pytest.approx(1.05)}
    assert list(best_documents(fused, passages)) == ["US2A1", "US1A1"]


def test_a_sixth_passage_does_not_count():
    fused, passages = found(*((i, "US1A1", 1.0) for i in range(8)))
    assert best_documents(fused, passages) == {"US1A1": pytest.approx(1 + 1 / 2 + 1 / 4 + 1 / 8 + 1 / 16)}


def test_ten_documents_at_most_and_none_that_is_gone():
    fused, passages = found(*((i, f"US{i}A1", 1 - i / 100) for i in range(1, 15)))
    del passages[3]
    assert list(best_documents(fused, passages)) == [f"US{i}A1" for i in range(1, 13) if i != 3][:DOCUMENTS]


def test_each_anchor_comes_once(sample_index):
    """The parts of a long claim share its anchor."""
    anchors = [p.anchor for n in ("CN199000004A", "CN199000006B") for p in sample_index.passages(n)]
    assert len(anchors) > len(set(anchors))
    hits = sample_index.search("反冲洗 阻塞", 60, Filter(numbers=("CN199000004A", "CN199000006B")))
    assert len(hits) == len({h.anchor for h in hits}) == min(60, len(set(anchors)))


def test_a_passage_with_the_quantity_asked_for_is_preferred(sample_index):
    hits = sample_index.search("How long does the reversal of the water transport last?", 3, Filter(numbers=("US99000012B2",)))
    assert "6 minutes" in hits[0].passage.text


class Vanishing(Catalogue):
    """A catalogue from which another process removes documents at the worst moment: after the filter has found their passages."""

    doomed: tuple[str, ...] = ()

    def matching(self, where):
        ids = super().matching(where)
        if self.doomed:
            other = Catalogue(self._path)
            other.remove(self.doomed)
            other.close()
            self.doomed = ()
        return ids


@pytest.mark.parametrize("query", ["labyrinth seal drain chamber", "反冲洗触发阈值"])
def test_documents_that_vanish_during_the_search_do_no_harm(sample_copy, sample_index, query):
    gone = ("US99000001B2", "CN199000004A")
    with PatentIndex(sample_copy) as index:
        assert index.search(query, 1)[0].number in gone
        index.catalogue.close()
        index.catalogue = Vanishing(sample_copy / "catalogue.sqlite")
        index.catalogue.doomed = gone
        for hit in index.search(query, 5):
            assert hit.passage in sample_index.passages(hit.number)
        assert len(index.search(query, 5)) == 5  # removed and not published yet: still there, whole
        with index._locked():
            index.sides.publish()
        hits = index.search(query, 5)
        assert len(hits) == 5
        assert not {h.number for h in hits} & set(gone)
