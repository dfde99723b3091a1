"""The second stage: the best documents, and their passages against each other."""

import pytest

from index import Filter, PatentIndex
from index.catalogue import Catalogue


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
