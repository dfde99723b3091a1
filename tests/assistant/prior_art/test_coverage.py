from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.prior_art.coverage import PARTLY, PRESENT, cover, expected_share, prepare
from assistant.prior_art.features import Feature
from ingest import PatentDocument


def made(*texts):
    return [Feature(label=f"1{'abcdef'[i]}", text=t) for i, t in enumerate(texts)]


def test_a_feature_to_the_letter_another_in_other_words_and_one_that_is_not_there(pumps):
    wanted = prepare(
        made(
            "a rubber lip seal that surrounds the shaft",
            "an elastomer sealing lip around the rotor shaft keeps slurry away",
            "a display with a touch screen for the operator",
        ),
        "en",
        pumps.index,
    )
    same, alike, none = cover(wanted, "US8000002B2", pumps.index)
    assert (same.verdict, none.verdict) == ("present", "absent")
    assert same.score > PRESENT
    assert same.score > alike.score > none.score
    assert none.score < PARTLY
    assert none.citation is None
    assert expected_share((same, alike, none)) == (same.score + alike.score + none.score) / 3


def test_two_sentences_are_quoted_where_both_are_needed(pumps):
    text = "It rains. The rotor is of steel. The rotor turns in a ceramic bush. It snows."
    wanted = prepare(made("a steel rotor that turns in a ceramic bush", "snows"), "en", pumps.index)
    from assistant.prior_art.coverage import _quote

    assert _quote(wanted, 0, text) == "The rotor is of steel. The rotor turns in a ceramic bush."
    assert _quote(wanted, 1, text) == "It snows."


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(max_size=60), min_size=1, max_size=5), st.sampled_from(["US8000002B2", "CN8000010A"]), st.sampled_from(["en", "zh", ""]))
def test_anything_can_be_a_feature(pumps, texts, number, language):
    wanted = prepare(made(*(t or "x" for t in texts)), language, pumps.index)
    covered = cover(wanted, number, pumps.index)
    assert len(covered) == len(texts)
    for each in covered:
        assert 0.0 <= each.score <= 1.0
        assert (each.citation is not None) == (each.verdict in ("present", "partly"))
        if each.citation:
            assert each.citation.quote in pumps.show(each.citation.anchor)


def reference(*texts):
    """A document that is not in the index, each text under a heading of its own."""
    sections = [{"heading": f"PART {i}", "paragraphs": [{"number": f"{i:04d}", "text": t}]} for i, t in enumerate(texts, start=1)]
    return PatentDocument.model_validate({"number": "file", "language": "en", "titles": {"en": "Seal"}, "sections": sections})


def test_other_numbers_disclose_a_feature_partly_at_most(pumps):
    wanted = prepare(made("a rubber lip seal with a width of 20 mm"), "en", pumps.index)
    [same] = cover(wanted, reference("The rubber lip seal has a width of 20 mm."), pumps.index)
    [other] = cover(wanted, reference("The rubber lip seal has a width of 35 mm."), pumps.index)
    assert (same.verdict, other.verdict) == ("present", "partly")
    assert PARTLY < other.score < PRESENT < same.score


def test_a_passage_with_the_numbers_goes_before_one_with_others(pumps):
    wanted = prepare(made("a rubber lip seal with a width of 20 mm"), "en", pumps.index)
    [found] = cover(wanted, reference("The rubber lip seal with a width of 35 mm.", "The rubber lip seal is 20 mm wide, and elastic."), pumps.index)
    assert found.citation and "20 mm" in found.citation.quote


def test_reference_signs_and_claim_numbers_are_no_numbers_of_a_feature(pumps):
    told = "The rubber lip seal surrounds the rotor shaft."
    for text in ("a rubber lip seal (12) that surrounds the rotor shaft (7a)", "the rubber lip seal of claim 3 that surrounds the rotor shaft"):
        [found] = cover(prepare(made(text), "en", pumps.index), reference(told), pumps.index)
        assert found.verdict == "present"


def test_a_document_that_is_not_in_the_index_is_read_as_one_that_is(pumps):
    wanted = prepare(made("a rubber lip seal that surrounds the shaft", "a tipping bucket"), "en", pumps.index)
    held = pumps.show("US8000002B2")
    assert cover(wanted, held, pumps.index) == cover(wanted, "US8000002B2", pumps.index)
    changed = held.model_copy(update={"titles": {"en": "Pump with a cooled shaft"}})  # encoded here, since it is another document
    for one, two in zip(cover(wanted, changed, pumps.index), cover(wanted, held, pumps.index), strict=True):
        assert (one.verdict, one.citation) == (two.verdict, two.citation)


def test_a_document_with_a_title_alone(pumps):
    wanted = prepare(made("a rubber lip seal", "a tipping bucket"), "en", pumps.index)
    titled = PatentDocument.model_validate({"number": "file", "language": "en", "titles": {"en": "Rubber lip seal"}})
    seal, bucket = cover(wanted, titled, pumps.index)
    assert (seal.verdict, seal.citation.anchor, bucket.verdict) == ("present", "file#title", "absent")
