import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import ClaimError
from assistant.prior_art.features import MOST, claim_chain, features
from ingest import PatentDocument, read
from ingest.document import Claim


def of(text, number=1, **more):
    return [(f.label, f.text) for f in features([Claim(number=number, text=text, depends_on=(), **more)])]


def test_the_preamble_and_the_lines_of_the_body():
    text = "A pump comprising:\na housing;\na rotor (12), which turns; and\na seal ring between them."
    assert of(text) == [("1pre", "A pump"), ("1a", "a housing"), ("1b", "a rotor (12), which turns"), ("1c", "a seal ring between them")]


def test_elements_between_commas_and_wherein_clauses():
    text = (
        "A gear pump comprising a housing with an inlet and an outlet, a driving gear supported in the housing, a driven gear meshing with the "
        "driving gear, and at least one bearing, wherein the bearing is lubricated by the pumped liquid through a groove in the housing."
    )
    assert [t for _, t in of(text)] == [
        "A gear pump",
        "a housing with an inlet and an outlet",
        "a driving gear supported in the housing",
        "a driven gear meshing with the driving gear",
        "at least one bearing",
        "wherein the bearing is lubricated by the pumped liquid through a groove in the housing",
    ]


def test_alternatives_are_no_features():
    text = (
        "A coating comprising a pigment selected from the group consisting of a titanium dioxide powder, a zinc oxide powder, an iron oxide powder, "
        * 1
    )
    assert len(of(text + "a carbon black of the furnace type, and a mixture of all of these pigments in any ratio.")) == 2


def test_brackets_are_not_cut():
    text = "A valve comprising a body (with a seat; and a spring) and a stem; and a handle that turns the stem."
    assert [t for _, t in of(text)] == ["A valve", "a body (with a seat; and a spring) and a stem", "a handle that turns the stem"]


def test_chinese_clauses():
    text = "一种离心泵，其特征在于，包括：泵壳；以及叶轮，所述叶轮设置在所述泵壳内，其中，所述叶轮由陶瓷制成。"
    assert of(text) == [("1pre", "一种离心泵"), ("1a", "泵壳"), ("1b", "叶轮，所述叶轮设置在所述泵壳内"), ("1c", "其中，所述叶轮由陶瓷制成")]


def test_a_known_part_before_the_characterising_one_has_features():
    text = "A pump comprising a housing and a rotor; characterised in that the rotor is hollow; and the housing has a window for looking in."
    assert [t for _, t in of(text)] == ["A pump", "a housing and a rotor", "the rotor is hollow", "the housing has a window for looking in"]


def test_a_dependent_claim_has_the_features_of_its_parents():
    claims = [
        Claim(number=1, text="A pump comprising a rotor; and a seal."),
        Claim(number=2, text="The pump of claim 1, wherein the seal is made of rubber."),
        Claim(number=3, text="The pump of claim 1 or 2, further comprising a filter."),
    ]
    assert [f.label for f in features(claims, 2)] == ["1pre", "1a", "1b", "2a"]
    assert features(claims, 2)[-1].text == "wherein the seal is made of rubber"
    assert [c.number for c in claim_chain(claims, 3)] == [1, 3]
    assert features(claims, 3)[-1].text == "further comprising a filter"


def test_the_first_independent_claim_is_the_default():
    claims = [Claim(number=2, text="The pump of claim 1, being red.", depends_on=(1,)), Claim(number=5, text="A valve comprising a spring; a seat.")]
    assert features(claims)[0].text == "A valve"


def test_claims_that_refer_to_each_other_end():
    claims = [Claim(number=1, text="The pump of claim 2.", depends_on=(2,)), Claim(number=2, text="The pump of claim 1.", depends_on=(1,))]
    assert [c.number for c in claim_chain(claims, 1)] == [2, 1]


def test_a_claim_that_is_not_there():
    with pytest.raises(ClaimError, match="US1A: there is no claim 7; the claims are 1"):
        features([Claim(number=1, text="A pump.")], 7, "US1A")
    with pytest.raises(ClaimError, match="US1A: there are no claims"):
        features([], None, "US1A")


def test_a_list_of_forty_is_no_forty_features():
    text = "A compound of formula I wherein R is\n" + "\n".join(f"({n}) a radical of kind {n}," for n in range(1, 41))
    assert 2 <= len(of(text)) <= MOST + 1


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.sampled_from("ab ,;:.\n()，；：。、其中包括一种泵和以及wherein comprising a the said and1"), min_size=1, max_size=300))
def test_features_are_verbatim_in_order_and_never_none(text):
    if not text.strip():
        return
    found = features([Claim(number=1, text=text, depends_on=())])
    at = 0
    for feature in found:
        at = text.index(feature.text, at) + len(feature.text)
        assert feature.text.strip()
    assert len({f.label for f in found}) == len(found) >= 1


def test_nothing_of_real_claims_is_lost_but_marks_and_conjunctions(data):
    """Every word of claim 1 stands in a feature, but for the transition, the conjunctions and leads such as "the steps of"."""
    documents = [d for d in read([data / "us_applications" / "part-0.jsonl.gz", data / "cnipa"]) if isinstance(d, PatentDocument) and d.claims]
    assert len(documents) > 250
    shares = []
    for document in documents:
        claim = claim_chain(document.claims)[-1]
        kept = sum(len(re.findall(r"\w", f.text)) for f in features(document.claims))
        shares.append(kept / len(re.findall(r"\w", claim.text)))
    assert max(shares) <= 1.0
    assert sorted(shares)[len(shares) // 20] > 0.8
    assert min(shares) > 0.3
