import pytest

from finetune.retrieval.reranker import FIRST, Ranked, lists, rerank, train
from finetune.retrieval.settings import SeededRanking

WORDS = ["fuel", "pump", "water", "motor", "gear", "lamp", "valve", "steel"]


class Counting:
    """Scores a hit by how many of the query's words it has."""

    def predict(self, asked, show_progress_bar=False):
        return [float(len(set(q.split()) & set(t.split()))) for q, t in asked]


def test_the_first_fifty_are_ranked_again_and_the_rest_stay():
    hits = [f"text {i}" for i in range(60)]
    hits[40] = hits[55] = "pump seal"
    order = rerank(Counting(), "pump seal", hits)
    assert order[0] == 40 and order[1:41] == list(range(40)) and order[FIRST:] == list(range(FIRST, 60))
    assert rerank(Counting(), "pump", []) == []
    assert rerank(Counting(), "pump", ["pump", "no"], 5.0, [0.1, 0.9]) == [1, 0]


def test_lists_have_a_right_hit_and_wrong_ones():
    settings = SeededRanking(wrong=2)
    found = lists(["q1", "q2", "q3"], [["a", "b", "c", "d"], ["a", "b"], ["a", "b", "c"]], lambda i, t: t == "b" and i < 2, settings)
    assert [(r.query, r.right, len(set(r.wrong) - {"b"})) for r in found] == [("q1", "b", 2)]
    assert found == lists(["q1", "q2", "q3"], [["a", "b", "c", "d"], ["a", "b"], ["a", "b", "c"]], lambda i, t: t == "b" and i < 2, settings)


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_it_learns_which_hit_is_right(tiny, tmp_path):
    ranked = [Ranked(f"method for {a}", f"the {a} cooling", tuple(f"the {b} heat" for b in WORDS if b != a)[:3]) for a in WORDS for _ in range(4)]
    model = train(tiny, ranked[4:], tmp_path, SeededRanking(epochs=8, batch=8, rate=5e-3, wrong=3, bf16=False, tokens=24))
    assert rerank(model, ranked[0].query, [*ranked[0].wrong, ranked[0].right])[0] == 3  # of a query that it was not trained on
    assert (tmp_path / "model" / "model.safetensors").exists()
