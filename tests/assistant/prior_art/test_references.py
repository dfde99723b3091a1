import pytest

from assistant.errors import ClaimError
from assistant.prior_art.asked import asked_for
from assistant.prior_art.references import pairs, references
from index import Filter

ASKED = "US8000001B2"


def by_number(found):
    return {r.number: r for r in found}


def verdicts(coverages):
    return {c.feature.label: c.verdict for c in coverages}


def test_the_reference_that_covers_most_is_first(pumps):
    found = pumps.search(like=ASKED, view="novelty", k=20)
    assert [r.rank for r in found] == list(range(1, len(found) + 1))
    assert [r.share for r in found] == sorted((r.share for r in found), reverse=True)
    assert {"present"} == set(verdicts(found[0].coverages).values())
    cooled = by_number(found)["US8000002B2"]
    assert verdicts(cooled.coverages) == {"1pre": "present", "1a": "present", "1b": "present", "1c": "absent"}
    assert "US8000005B2" not in by_number(found)  # rain


def test_where_a_feature_stands(pumps):
    cooled = by_number(pumps.search(like=ASKED, view="novelty", k=20))["US8000002B2"]
    seal = {c.feature.label: c for c in cooled.coverages}["1b"]
    assert seal.citation.anchor == "US8000002B2#p0002"
    assert seal.citation.quote == pumps.show("US8000002B2#p0002")
    assert {c.feature.label: c.citation for c in cooled.coverages}["1c"] is None


def test_a_quotation_stands_in_its_place(patents):
    for view in ("novelty", "obviousness"):
        for each in patents.search(like="US99000002B2", view=view, k=10):
            cited = [c.citation for c in each.coverages if c.citation]
            assert cited or {c.verdict for c in each.coverages} == {"unchecked"}
            assert all(c.quote in patents.show(c.anchor) for c in cited)
            assert all(c.verdict in ("present", "partly") for c in each.coverages if c.citation)


def test_the_pair_that_covers_all_together(pumps):
    where = Filter(numbers=("US8000002B2", "US8000003B2", "US8000005B2"))
    [best, *_] = pumps.search(like=ASKED, view="obviousness", where=where)
    assert (best.first.number, best.second.number, best.adds) == ("US8000002B2", "US8000003B2", ("1c",))
    assert {"present"} == set(verdicts(best.coverages).values())
    assert {c.feature.label: c.citation.anchor for c in best.coverages}["1c"] == "US8000003B2#p0001"
    assert best.share > best.first.share > best.second.share


def test_pairs_only_where_the_second_adds_something(pumps):
    asked = asked_for(pumps.index, like=ASKED)
    found = references(pumps.index, asked, Filter(numbers=("US8000004B2", "EP8000007A1")))
    assert len(found) == 2
    assert pairs(found) == []


def test_pairs_are_all_pairs_and_the_better_of_both(pumps):
    found = references(pumps.index, asked_for(pumps.index, like=ASKED), Filter())
    made = pairs(found)
    assert len({frozenset((p.first.number, p.second.number)) for p in made}) == len(made) > 1
    for pair in made:
        for both, a, b in zip(pair.coverages, pair.first.coverages, pair.second.coverages, strict=True):
            assert both.score == max(a.score, b.score)
    assert [p.share for p in made] == sorted((p.share for p in made), reverse=True)


def test_both_of_a_pair_are_within_the_date_limit(pumps):
    made = pumps.search(like=ASKED, view="obviousness", k=50, prior_art=True)
    assert made
    assert {r.number for p in made for r in (p.first, p.second)} <= {"US8000002B2", "US8000003B2", "EP8000008A1", "CN8000010A"}


def test_a_dependent_claim_is_held_with_its_parents(pumps):
    [best, *_] = pumps.search(like=ASKED, view="novelty", claim=2)
    assert list(verdicts(best.coverages)) == ["1pre", "1a", "1b", "1c", "2a"]
    assert verdicts(best.coverages)["2a"] != "present"
    assert pumps.search(like=f"{ASKED}#c2", view="novelty")[0].coverages == best.coverages


def test_a_query_is_a_claim(pumps):
    text = "A pump comprising a strainer basket with a magnetic trap; and a tipping bucket that measures rain."
    found = pumps.search(text, view="obviousness", where=Filter(numbers=("US8000003B2", "US8000005B2")))
    assert [(p.first.number, p.second.number) for p in found] in ([("US8000003B2", "US8000005B2")], [("US8000005B2", "US8000003B2")])


def test_across_languages_features_are_held_against_the_gloss(pumps):
    [chinese] = [r for r in pumps.search("一种泵，包括转子，所述转子具有空心陶瓷轴。", view="novelty", k=30) if r.number == "CN8000010A"]
    assert "present" in verdicts(chinese.coverages).values()
    found = pumps.search("一种泵，包括空心陶瓷轴。 slurry rotor", view="novelty", k=30)
    english = [r for r in found if r.number != "CN8000010A"]
    assert english
    assert "unchecked" not in {v for r in english for v in verdicts(r.coverages).values()}
    assert max(r.share for r in english) > 0.2


def test_no_claims_and_no_such_claim(pumps):
    with pytest.raises(ClaimError, match="US8000001B2: there is no claim 9; the claims are 1, 2"):
        pumps.search(like=ASKED, view="novelty", claim=9)


def test_what_programs_read(pumps):
    [reference, *_] = pumps.search(like=ASKED, view="novelty", prior_art=True)
    record = reference.model_dump(mode="json")
    assert set(record) == {"rank", "number", "title", "date", "dated", "share", "features"}
    assert (record["number"], record["date"], record["dated"]) == ("US8000002B2", "2009-03-03", "published")
    assert all(set(f) == {"label", "text", "verdict", "score", "anchor", "quote"} for f in record["features"])
    [pair, *_] = pumps.search(like=ASKED, view="obviousness", prior_art=True)
    record = pair.model_dump(mode="json")
    assert set(record) == {"rank", "numbers", "titles", "dates", "share", "adds", "features"}
    assert record["numbers"] == ["US8000002B2", "US8000003B2"]
