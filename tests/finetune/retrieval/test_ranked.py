import numpy as np
import pytest

from finetune.retrieval.gathering import Gathered
from finetune.retrieval.pairs import Pair
from finetune.retrieval.placing import placed
from finetune.retrieval.ranked import Known, asked, first, measured, ndcg
from finetune.retrieval.rescoring import best_weight, compared, lists_of, scored
from finetune.retrieval.settings import SeededRanking

WORDS = ["pump", "lamp", "seal", "gear", "valve"]


def encode(texts):
    """By their words."""
    found = np.array([[w in t for w in WORDS] for t in texts], dtype=np.float32) + 0.01
    return found / np.linalg.norm(found, axis=1, keepdims=True)


def found(train=(), held_out=(), places=None, names=None):
    return Gathered(list(train), list(held_out), [], [], places or {}, names or {}, {}, {})


def test_ndcg_is_that_of_the_definition():
    from sklearn.metrics import ndcg_score

    random = np.random.default_rng(0)
    for _ in range(20):
        order = random.permutation(30)
        right = frozenset(random.choice(30, random.integers(1, 15), replace=False).tolist())
        truth, scores = np.zeros((1, 30)), np.zeros((1, 30))
        truth[0, list(right)], scores[0, order] = 1, np.arange(30)[::-1]
        assert ndcg(order.tolist(), right) == pytest.approx(ndcg_score(truth, scores, k=10))


def test_a_query_has_all_its_right_texts_and_nothing_of_its_family_against_it():
    train = [Pair("k", "lamp", "a lamp", "F2"), Pair("k", "gear", "a gear", "F1")]
    held_out = [Pair("k", "pump", "a pump", "F1"), Pair("k", "pump", "seal of it", "F1"), Pair("k", "valve", "a valve", "F3")]
    known = Known(found(train, held_out))
    (each,) = asked(held_out, train, known, 10, 10, 0)
    assert sorted(each.texts) == ["a gear", "a lamp", "a pump", "a valve", "seal of it"]
    row = each.queries.index("pump")
    assert {each.texts[i] for i in each.right[row]} == {"a pump", "seal of it"}
    assert {each.texts[i] for i in each.neither[row]} == {"a gear"}
    hits = first(each, encode, 10)[row]
    assert each.texts[hits[0][0]] == "a pump" and len(hits) == 4
    assert measured([each], encode)["k"] == {
        "queries": 2,
        "texts": 5,
        "nDCG@10": pytest.approx(ndcg([0, 2, 3, 1], frozenset({0, 1})) / 2 + 0.5, abs=0.12),
        "hit@1": 1.0,
    }
    assert not known.wrong(held_out[0], "a gear") and known.wrong(held_out[0], "a lamp") and not known.wrong(held_out[0], "seal of it")
    (few,) = asked(held_out, train, known, 1, 3, 0)
    assert len(few.queries) == 1 and len(few.texts) == 3


def test_documents_are_right_at_all_their_places():
    places = {"pump one": ["F04D", "F04D 29/00"], "pump two": ["F04D", "F04D 29/00"], "lamp": ["F21S", "F21S 1/00"]}
    names = {"pumps": ["F04D"], "seals": ["F04D 29/00"], "lamps": ["F21S"], "lights": ["F21S 1/00"], "fans": ["F04D 17/00"]}
    train = [
        Pair("document-subclass en", "pump one", "pumps", "A"),
        Pair("document-main group en", "pump one", "seals", "A"),
        Pair("document-subclass en", "lamp", "lamps", "C"),
        Pair("document-main group en", "lamp", "lights", "C"),
        Pair("document-main group en", "other", "fans", "D"),
        Pair("same-place", "pump one", "pump two", "A"),
    ]
    known = Known(found(train, [], places, names))
    assert known.right("document-subclass en", "pump two") == {"pumps", "seals"}
    assert known.right("same-place", "pump two") == {"pump one"} and not known.wrong(train[-1], "pump two") and known.wrong(train[-1], "lamp")
    (one, two) = placed(train, names, known, encode)
    assert (one.document, one.wide, one.not_wide, one.narrow, one.not_narrow) == (
        "lamp",
        "lamps",
        "pumps",
        "lights",
        "seals",
    ) or one.document == "pump one"
    by_document = {p.document: p for p in (one, two)}
    assert by_document["pump one"].not_narrow == "fans"  # of the same subclass
    assert by_document["lamp"].not_narrow in ("seals", "fans")


class Perfect:
    """Knows the right text by its last word."""

    def predict(self, both, show_progress_bar=False):
        return [0.1 * text.endswith(query) for query, text in both]


def test_hits_are_ranked_again_with_the_weight_that_is_best():
    pairs = [Pair("k", f"{w} {i}", f"{w} text {w} {i}", f"F{w}{i}") for w in WORDS for i in range(6)]
    known = Known(found([], pairs))
    (each,) = asked(pairs, pairs, known, 100, 100, 0)
    some = [scored(Perfect(), each, encode)]
    weight = best_weight(some)
    assert weight in (0.0, 1.0)  # the encoder can't tell the numbers apart, so more of it adds nothing
    kinds, seconds = compared(some, weight)
    assert kinds["k"]["encoder"]["nDCG@10"] < 0.9 < kinds["k"]["reranked"]["nDCG@10"] == 1.0 and seconds > 0
    rows = lists_of(each, encode, SeededRanking(wrong=3))
    assert len(rows) == len(pairs) and all(r.right.endswith(r.query) and len(r.wrong) == 3 and r.right not in r.wrong for r in rows)
