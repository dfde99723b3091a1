import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.grounding.context import build_context, reading_order
from index import Hit
from ingest import Claim, Paragraph, Passage, PatentDocument, Section

DOCUMENT = PatentDocument(
    number="US1A",
    language="en",
    titles={"en": "Seal"},
    abstracts={"en": "A seal with a ring."},
    claims=(
        Claim(number=1, text="A seal comprising a ring."),
        Claim(number=2, text="The seal of claim 1, wherein the ring is of graphite."),
        Claim(number=3, text="The seal of claim 2, wherein the ring is 4 mm thick."),
        Claim(number=4, text="A pump with a shaft."),
    ),
    translated_claims={"de": (Claim(number=1, text="Dichtung mit einem Ring."), Claim(number=2, text="Dichtung nach Anspruch 1.", depends_on=(1,)))},
    sections=(Section(paragraphs=tuple(Paragraph(number=f"{n:04d}", text=f"Paragraph {n} tells of springs and rings.") for n in range(1, 9))),),
)
FAMILY = DOCUMENT.model_copy(update={"number": "EP1A1"})
DOCUMENTS = {d.number: d for d in (DOCUMENT, FAMILY)}


def hit(anchor, text, section="description", rank=1):
    return Hit(rank=rank, passage=Passage(anchor=anchor, text=text, section=section, language="en", tokens=9), score=1.0, title="Seal")


def claim(number, of="US1A"):
    return hit(f"{of}#c{number}", DOCUMENT.claims[number - 1].text, "claims")


def paragraph(number, of="US1A"):
    return hit(f"{of}#p{number:04d}", f"Paragraph {number} tells of springs and rings.")


def words(text):
    return len(text.split())


def context(hits, room=10_000):
    return build_context(hits, DOCUMENTS.__getitem__, words, room)


def anchors(built):
    return [s.anchor.partition("#")[2] for s in built.sources]


def test_a_claim_comes_with_the_claims_it_depends_on_in_reading_order():
    assert anchors(context([claim(3)])) == ["c1", "c2", "c3"]
    assert anchors(context([claim(4), claim(2)])) == ["c1", "c2", "c4"]


def test_claims_in_another_language_come_with_those_of_that_language():
    built = context([hit("US1A#c2-de", "Dichtung nach Anspruch 1.", "claims")])
    assert [(s.anchor, s.text) for s in built.sources] == [
        ("US1A#c1-de", "Dichtung mit einem Ring."),
        ("US1A#c2-de", "Dichtung nach Anspruch 1."),
    ]


def test_a_part_of_a_long_claim_brings_the_whole_claim():
    built = context([hit("US1A#c1", "comprising a ring.", "claims")])
    assert built.sources[0].text == DOCUMENT.claims[0].text


def test_documents_stand_in_the_order_of_their_best_hit_and_parts_in_reading_order():
    built = context(
        [hit("EP1A1#p0001", "Other words of pumps."), paragraph(5), claim(1), paragraph(2), hit("US1A#abs", "A seal with a ring.", "abstract")]
    )
    assert [s.anchor for s in built.sources] == ["EP1A1#p0001", "US1A#abs", "US1A#c1", "US1A#p0002", "US1A#p0005"]


def test_what_does_not_fit_is_left_out_whole_and_named_and_the_next_is_tried():
    long = hit("US1A#p0009", "word " * 500)
    built = context([long, paragraph(1)], room=60)
    assert anchors(built) == ["p0001"]
    assert built.left_out == ("US1A#p0009",)


def test_a_claim_whose_ancestors_do_not_fit_is_left_out_with_them():
    size = words("## US1A#c1: Seal\n[100] " + DOCUMENT.claims[0].text)
    built = context([claim(3), claim(1)], room=size + 4)
    assert anchors(built) == ["c1"]
    assert built.left_out == ("US1A#c3",)


def test_a_family_members_passage_is_folded_into_the_first():
    built = context([paragraph(1), paragraph(1, of="EP1A1"), paragraph(2, of="EP1A1")])
    assert [s.anchor for s in built.sources] == ["US1A#p0001", "EP1A1#p0002"]
    assert built.folded == {"EP1A1#p0001": "US1A#p0001"}


def test_another_number_is_another_passage():
    built = context(
        [
            hit("US1A#p0001", "The ring of the seal is 4 mm thick at the shaft."),
            hit("EP1A1#p0001", "The ring of the seal is 5 mm thick at the shaft."),
        ]
    )
    assert len(built.sources) == 2


def test_the_parts_of_a_long_paragraph_both_stand():
    built = context([hit("US1A#p0001", "The first part of it."), hit("US1A#p0001", "The second part of it.")])
    assert [s.text for s in built.sources] == ["The first part of it.", "The second part of it."]


@given(st.lists(st.sampled_from([claim(n) for n in range(1, 5)] + [paragraph(n) for n in range(1, 9)]), max_size=12), st.integers(0, 200))
@settings(max_examples=100, deadline=None)
def test_whatever_fits_is_whole_and_unique_and_the_rest_is_named(hits, room):
    built = context(hits, room)
    found = [s.anchor for s in built.sources]
    assert len(found) == len(set(found))
    for source in built.sources:
        part = source.anchor.partition("#")[2]
        if part[0] == "c":
            held = DOCUMENT.claim(int(part[1:]))
            assert source.text == held.text
            assert {f"US1A#c{n}" for n in held.depends_on} <= set(found)
    assert {h.anchor for h in hits} <= {*found, *built.left_out, *built.folded}


@pytest.mark.parametrize(("first", "second"), [("A#abs", "A#c1"), ("A#c2", "A#c10"), ("A#c9", "A#p0001"), ("A#p0002", "A#p0010-0011")])
def test_the_reading_order(first, second):
    assert reading_order(first) < reading_order(second)
