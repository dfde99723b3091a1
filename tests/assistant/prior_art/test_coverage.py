from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.prior_art.coverage import PARTLY, PRESENT, cover, expected_share, prepare
from assistant.prior_art.features import Feature


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
