"""The lexical side against BM25 as it is defined, computed here from the same terms, and against bm25s."""

import math
from collections import Counter

import numpy as np
import pytest

from index import Filter
from index.lexical import TITLE_WEIGHT, LexicalIndex
from index.terms import terms

QUERIES = [
    "drain chamber of a labyrinth seal",
    "at what temperature do the pores of the separator close",
    "draw solution regeneration cloud point temperature",
    "key rotation epoch token hash chain beacon",
    "occlusion detection motor current harmonics",
    "backwash turbidity threshold 0.5 mm",
    "输液泵下游阻塞的判定",
    "反冲洗的触发阈值与浊度",
    "相变材料与液冷板",
    "焊缝跟踪 LED sensor 线激光",
]


@pytest.fixture(scope="module")
def passages(sample_index):
    """(id, terms of the text, terms of title and heading) of every passage of the sample index."""
    found = []
    for document in sample_index.catalogue.documents():
        ids = sample_index.catalogue.passage_ids(document.number)
        for identity, passage in zip(ids, sample_index.passages(document.number), strict=True):
            found.append((identity, terms(passage.text), terms(document.title) + terms(passage.heading)))
    return found


@pytest.fixture(scope="module")
def lexical(sample_folder):
    return LexicalIndex(sample_folder / "lexical")


def bm25(query: list[str], texts: list[list[str]], k1: float = 1.2, b: float = 0.75) -> np.ndarray:
    """Robertson and Zaragoza (2009), with the inverse document frequency of Lucene."""
    counts = [Counter(t) for t in texts]
    lengths = np.array([len(t) for t in texts])
    norm = k1 * (1 - b + b * lengths / lengths.mean())
    scores = np.zeros(len(texts))
    for term in query:
        frequency = np.array([c[term] for c in counts])
        n = (frequency > 0).sum()
        scores += math.log(1 + (len(texts) - n + 0.5) / (n + 0.5)) * frequency * (k1 + 1) / (frequency + norm)
    return scores


def assert_close(found: list[tuple[int, float]], ids: list[int], exact: np.ndarray) -> None:
    """The same passages with scores within 8%, and no two in the wrong order that differ by more than that: tantivy keeps
    lengths in one byte, which rounds them by up to an eighth."""
    by_id = dict(zip(ids, exact, strict=True))
    assert {i for i, _ in found} == {i for i, s in by_id.items() if s > 0}
    assert [s for _, s in found] == sorted((s for _, s in found), reverse=True)
    assert [s for _, s in found] == pytest.approx([by_id[i] for i, _ in found], rel=0.08)


@pytest.mark.parametrize("query", QUERIES)
def test_scores_are_bm25_of_the_text(lexical, passages, query):
    ids = [i for i, _, _ in passages]
    words = terms(query)
    assert_close(lexical.search(Counter(words), len(ids), Filter(), titles=False), ids, bm25(words, [t for _, t, _ in passages]))


@pytest.mark.parametrize("query", QUERIES)
def test_titles_and_headings_count_a_little(lexical, passages, query):
    ids = [i for i, _, _ in passages]
    words = terms(query)
    exact = bm25(words, [t for _, t, _ in passages]) + TITLE_WEIGHT * bm25(words, [t for _, _, t in passages])
    assert_close(lexical.search(Counter(words), len(ids), Filter()), ids, exact)


@pytest.mark.parametrize("query", QUERIES)
def test_the_order_is_that_of_bm25s(lexical, passages, query):
    bm25s = pytest.importorskip("bm25s", reason="bm25s comes with the extra bench")
    vocabulary: dict[str, int] = {}
    texts = [[vocabulary.setdefault(w, len(vocabulary)) for w in t] for _, t, _ in passages]
    retriever = bm25s.BM25(method="lucene", k1=1.2, b=0.75)
    retriever.index((texts, vocabulary), show_progress=False)
    words = [w for w in terms(query) if w in vocabulary]
    theirs = np.asarray(retriever.get_scores(words))
    order = np.argsort(-theirs, kind="stable")[: min(50, (theirs > 0).sum())]
    ours = dict(lexical.search(Counter(words), len(texts), Filter(), titles=False))
    ranks = np.argsort(np.argsort([-ours[passages[i][0]] for i in order]))
    assert np.corrcoef(ranks, np.arange(len(order)))[0, 1] > 0.97
    found = sorted(ours, key=lambda i: -ours[i])
    assert len(set(found[:10]) & {passages[i][0] for i in order[:12]}) >= 9


def test_a_repeated_word_counts_as_often(lexical):
    once = dict(lexical.search(Counter(["chamber"]), 2000, Filter(), titles=False))
    twice = dict(lexical.search(Counter(["chamber", "chamber"]), 2000, Filter(), titles=False))
    assert twice == {i: pytest.approx(2 * s, rel=1e-5) for i, s in once.items()}


def test_a_filter_keeps_the_scores(lexical, selected):
    where = Filter(countries=("US",), sections=("claims",))
    everywhere = dict(lexical.search(Counter(["chamber", "seal"]), 2000, Filter()))
    inside = dict(lexical.search(Counter(["chamber", "seal"]), 2000, where))
    assert inside == {i: pytest.approx(s, rel=1e-5) for i, s in everywhere.items() if i in set(selected(where))}
    assert 0 < len(inside) < len(everywhere)


def test_k_best_are_the_first_of_all(lexical):
    every = lexical.search(Counter(terms(QUERIES[0])), 2000, Filter())
    assert lexical.search(Counter(terms(QUERIES[0])), 7, Filter()) == every[:7]


def test_nothing_to_find(lexical):
    assert lexical.search(Counter([]), 5, Filter()) == []
    assert lexical.search(Counter(["seal"]), 0, Filter()) == []
    assert lexical.search(Counter(["nosuchterm"]), 5, Filter()) == []
    assert lexical.search(Counter(["seal"]), 5, Filter(numbers=("EP1A1",))) == []


@pytest.mark.parametrize("term", ["chamber", "冲洗", "nosuchterm"])
def test_inverse_document_frequency(lexical, passages, term):
    n = sum(term in t for _, t, _ in passages)
    assert lexical.inverse_document_frequency(term) == pytest.approx(math.log(1 + (len(passages) - n + 0.5) / (n + 0.5)))


def test_added_replaced_removed(tmp_path, sample_index, claims_only):
    document = claims_only("US99000001B2")
    held = [(i, p) for i, p in enumerate(sample_index.passages(document.number), 1) if p.section == "claims"]
    index = LexicalIndex(tmp_path / "lexical")
    index.add(1, document, held)
    assert index.search(Counter(["labyrinth"]), 50, Filter()) == []  # not before the commit
    index.commit()
    before = {i for i, _ in index.search(Counter(["labyrinth"]), 50, Filter(), titles=False)}
    assert before == {i for i, p in held if "labyrinth" in terms(p.text)}

    index.add(1, document, [(100, held[0][1])])
    index.commit()
    assert [i for i, _ in index.search(Counter(["labyrinth"]), 50, Filter())] == [100]

    index.remove(1)
    index.commit()
    assert index.search(Counter(["labyrinth"]), 50, Filter()) == []
    index.close()

    reopened = LexicalIndex(tmp_path / "lexical")
    assert reopened.search(Counter(["labyrinth"]), 50, Filter()) == []


def test_a_reader_sees_what_another_wrote_after_it_reloads(tmp_path, sample_index, claims_only):
    document = claims_only("US99000001B2")
    writer, reader = LexicalIndex(tmp_path / "lexical"), LexicalIndex(tmp_path / "lexical")
    writer.add(1, document, [(5, sample_index.passages(document.number)[0])])
    writer.commit()
    assert reader.search(Counter(["labyrinth"]), 5, Filter()) == []
    reader.reload()
    assert [i for i, _ in reader.search(Counter(["labyrinth"]), 5, Filter())] == [5]
    writer.close()


def test_fresh_is_empty(tmp_path, sample_index, claims_only):
    document = claims_only("US99000001B2")
    index = LexicalIndex(tmp_path / "lexical")
    index.add(1, document, [(5, sample_index.passages(document.number)[0])])
    index.commit()
    index.close()
    assert LexicalIndex.fresh(tmp_path / "lexical").search(Counter(["labyrinth"]), 5, Filter()) == []
