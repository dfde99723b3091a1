from hypothesis import given
from hypothesis import strategies as st

from finetune.retrieval import pairs
from finetune.retrieval.pairs import Excluded, Pair, sampled
from ingest import Claim, Paragraph, PatentDocument, Section

TEXT = "A pump with a shaft turns in a housing. The housing is closed by a seal of graphite. Water flows around the seal and cools it."


def document(number="D1", **more):
    return PatentDocument(
        **{
            "number": number,
            "language": "en",
            "titles": {"en": "Pump seal", "zh": "泵的密封件"},
            "abstracts": {"en": TEXT, "zh": "一种泵，包括轴。壳体由石墨密封件封闭，水在其周围流动。"},
            "claims": (
                Claim(number=1, text="A pump comprising a shaft and a seal."),
                Claim(number=2, text="The pump of claim 1, wherein the seal is graphite.", depends_on=(1,)),
                Claim(number=3, text="A method of sealing a pump."),
            ),
            "sections": (Section(kind="description", paragraphs=(Paragraph(number="1", text=TEXT), Paragraph(number="2", text="Short."))),),
            **more,
        }
    )


def test_titles_go_with_abstracts_of_their_language_and_with_independent_claims():
    d = document()
    assert {(p.kind, p.anchor) for p in pairs.title_abstract(d)} == {("title-abstract en", "Pump seal"), ("title-abstract zh", "泵的密封件")}
    assert [p.positive for p in pairs.title_claims(d)] == [d.claims[0].text, d.claims[2].text]
    assert [p.positive for p in pairs.abstract_claims(d)] == [d.claims[0].text]


def test_nothing_comes_of_what_is_not_there():
    bare = PatentDocument(number="D2", language="en", titles={"en": "Pump"})
    for some in (
        pairs.title_abstract,
        pairs.title_claims,
        pairs.abstract_claims,
        pairs.sentence_paragraphs,
        pairs.sentence_abstract,
        pairs.languages,
    ):
        assert list(some(bare)) == []


def test_claims_go_with_the_paragraphs_that_support_them():
    found = list(pairs.claim_paragraphs(document(), lambda d: ["D1#p1", "D1#p9"]))
    assert [(p.anchor, p.positive) for p in found] == [("A pump comprising a shaft and a seal.", TEXT)]


def test_a_sentence_is_taken_out_of_its_paragraph():
    (pair,) = pairs.sentence_paragraphs(document())
    assert pair.anchor in TEXT and pair.anchor not in pair.positive
    assert sorted(f"{pair.anchor} {pair.positive}".split()) == sorted(TEXT.split())
    assert [p.anchor for p in pairs.sentence_paragraphs(document())] == [pair.anchor]
    kinds = {p.kind for p in pairs.sentence_abstract(document())}
    assert kinds == {"sentence-text en"}


def test_two_languages_go_both_ways():
    found = {p.kind: (p.anchor, p.positive) for p in pairs.languages(document())}
    assert found["titles en-zh"] == ("Pump seal", "泵的密封件")
    assert found["title-abstract zh-en"] == ("泵的密封件", TEXT)
    assert len(found) == 6


def test_documents_of_one_place_stand_in_a_ring():
    some = [document(f"D{i}", titles={"en": f"Pump {i}"}) for i in range(5)]
    found = list(pairs.same_place(some, lambda d: "F04D" if d.number != "D4" else "H02K"))
    assert len(found) == 4
    assert {p.anchor for p in found} == {p.positive for p in found} == {pairs.whole(d) for d in some[:4]}
    assert found == list(pairs.same_place(some[::-1], lambda d: "F04D" if d.number != "D4" else "H02K"))


def test_citations_need_both_abstracts():
    some = {d.number: d for d in (document("D1"), document("D2", titles={"en": "Other"}))}
    assert [(p.family, p.positive) for p in pairs.citing({"D1": ["D2", "D9"], "D8": ["D1"]}, some)] == [("D1", pairs.whole(some["D2"]))]


def test_what_is_measured_on_is_kept_away():
    excluded = Excluded({"D1"}, [TEXT])
    assert excluded.document(document("D1"))
    assert excluded.document(document("D7"))  # a copy under another number
    other = {"en": "A lamp with a bulb that glows in a dark room for many hours of the night."}
    assert not excluded.document(document("D7", abstracts=other))
    assert excluded.text(f"Before it. {TEXT} And after it.") and not excluded.text("A pump with a shaft") and not excluded.text("")
    assert Excluded((), ["壳体由石墨密封件封闭，水在其周围流动并冷却密封件。"]).text("所述壳体由石墨密封件封闭，水在其周围流动并冷却密封件")


@given(st.lists(st.text(), max_size=20), st.integers(0, 5), st.randoms())
def test_a_sample_does_not_depend_on_the_order(texts, most, random):
    some = [Pair("k", t, t, t) for t in dict.fromkeys(texts)]
    mixed = random.sample(some, len(some))
    assert sampled(some, most, 0) == sampled(mixed, most, 0)
    assert len(sampled(some, most, 0)) == min(most, len(some))
