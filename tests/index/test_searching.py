"""The ranking of documents: cosine, and BM25 of the whole document and of its passages, each as a share of the most there can be."""

import pytest

from index import Filter
from index.searching import DOCUMENT, PASSAGE
from index.terms import terms

QUERY = "labyrinth seal with a drain chamber"


def shares(lexical, text, where=None):
    found = dict(lexical.search(dict.fromkeys(terms(text), 1.0), 5000, where or Filter(), titles=True))
    most = lexical.most(dict.fromkeys(terms(text), 1.0))
    return {i: s / most for i, s in found.items()}


def test_a_document_scores_by_its_text_its_best_passage_and_its_best_cosine(sample_index):
    hits = sample_index.search_documents(QUERY, 3)
    sides = sample_index.sides.current()
    whole, parts = shares(sides.documents, QUERY), shares(sides.passages, QUERY)
    vector = sample_index.encoder.encode_queries([QUERY])[0]
    for hit in hits:
        ids = sample_index.catalogue.matching(Filter(numbers=(hit.number,)))
        (document,) = set(sample_index.catalogue.owners(ids))
        cosine = float((sample_index.catalogue.vectors(ids) @ vector).max())
        expected = cosine + DOCUMENT * whole[document] + PASSAGE * max(parts.get(int(i), 0.0) for i in ids)
        assert hit.score == pytest.approx(expected, abs=2e-3)


def test_the_share_of_bm25_is_at_most_the_whole_for_a_text_without_a_title(sample_index):
    sides = sample_index.sides.current()
    for lexical in (sides.passages, sides.documents):
        weights = dict.fromkeys(terms(QUERY), 1.0)
        assert all(0 < s < lexical.most(weights) for _, s in lexical.search(weights, 500, Filter(), titles=False))


def test_words_that_are_nowhere_lower_the_share(sample_index):
    lexical = sample_index.sides.current().documents
    assert lexical.most({"seal": 1.0, "nosuchterm": 1.0}) > 2 * lexical.most({"seal": 1.0})


@pytest.mark.parametrize("query", [QUERY, "带排水腔的迷宫密封", "nosuchterm"])
def test_k_documents_where_there_are_k(sample_index, query):
    where = Filter(sections=("claims", "description"))
    there = {d.number for d in sample_index.catalogue.documents() if d.claims}
    hits = sample_index.search_documents(query, len(there) - 1, where)
    assert len(hits) == len({h.number for h in hits}) == len(there) - 1
    assert {h.number for h in hits} <= there
    assert {h.number for h in sample_index.search_documents(query, 500, where)} == there
    assert [h.score for h in hits] == sorted((h.score for h in hits), reverse=True)
    assert all(p.number == h.number and p.passage.section in where.sections for h in hits for p in h.passages)


def test_a_document_is_found_by_the_sum_of_its_passages(sample_index):
    """Its words stand in different passages."""
    document = sample_index.document("US99000001B2")
    query = f"{document.claims[0].text[:80]} {document.sections[-1].paragraphs[-1].text[:80]}"
    assert sample_index.search_documents(query, 1)[0].number == document.number


def test_scores_fall(sample_index):
    for query in (QUERY, "输液泵阻塞检测"):
        scores = [h.score for h in sample_index.search(query, 60)]
        assert scores == sorted(scores, reverse=True)
