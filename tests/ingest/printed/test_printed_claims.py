import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.printed.printed_claims import begins_claim, claims_of_text, refers_to_claim


def numbers(*blocks: str) -> list[int]:
    return [claim.number for claim in claims_of_text(blocks).claims]


def texts(*blocks: str) -> list[str]:
    return [claim.text for claim in claims_of_text(blocks).claims]


def test_a_claim_has_a_line_for_each_block() -> None:
    found = claims_of_text(["1. A pump comprising:", "a housing; and", "an impeller.", "2. The pump of claim 1."])
    assert [(c.number, c.text, c.depends_on) for c in found.claims] == [
        (1, "A pump comprising:\na housing; and\nan impeller.", ()),
        (2, "The pump of claim 1.", (1,)),
    ]
    assert found.before == "" and found.warnings == ()


@pytest.mark.parametrize(
    "blocks",
    [
        ["1. A pump.", "2. The pump of claim 1."],
        ["1) A pump.", "2) The pump of claim 1."],
        ["1 . A pump.", "2 . The pump of claim 1."],
        ["1、一种泵。", "2、根据权利要求1所述的泵。"],
        ["１．一种泵。", "２．根据权利要求1所述的泵。"],
        ["Claim 1. A pump.", "Claim 2: The pump of claim 1."],
        ["[Claim 1] A pump.", "[Claim 2] The pump of claim 1."],
        ["【請求項１】ポンプ。", "【請求項２】請求項１に記載のポンプ。"],
        ["1. A pump. 2. The pump of claim 1."],
        ["1. A pump. * * * * *".replace(" * * * * *", ""), "2. The pump of claim 1.", "* * * * *"],
        ["l. A pump.", "2. The pump of claim 1."],
        ["A pump.", "2. The pump of claim 1."],
    ],
)
def test_numbers_in_every_form(blocks: list[str]) -> None:
    found = claims_of_text(blocks)
    assert [claim.number for claim in found.claims] == [1, 2]
    assert found.claims[1].depends_on == (1,)
    assert found.before == ""
    assert not found.claims[0].text[0].isdigit()
    assert "*" not in found.claims[1].text


def test_the_steps_of_a_claim_are_no_claims() -> None:
    assert texts("1. A method comprising:", "1. heating;", "2. cooling.", "2. The method of claim 1.") == [
        "A method comprising:\n1. heating;\n2. cooling.",
        "The method of claim 1.",
    ]
    assert numbers("1. A method: 1. heating; 2. Cooling; 3. drying. 2. The method of claim 1, at 2.5 mm.") == [1, 2]
    assert numbers("1. A use", "1) a;", "2) b;", "3) c.", "2. The use of claim 1:", "1) a;", "3) x.") == [1, 2]


def test_a_number_in_a_sentence_is_no_claim() -> None:
    assert numbers("1. A pump of 2. generation", "as in FIG. 2.", "2. The pump of claim 1.") == [1, 2]


def test_missing_numbers_are_told() -> None:
    found = claims_of_text(["1. A pump.", "3. The pump of claim 1.", "6. The pump of claim 3."])
    assert [c.number for c in found.claims] == [1, 3, 6]
    assert found.warnings == ("claim 2 is missing: no such number before claim 3", "claims 4 to 5 are missing: no such number before claim 6")


def test_a_lost_full_stop_does_not_lose_a_claim() -> None:
    assert numbers("1. A pump", "2. The pump of claim 1", "3. The pump of claim 2.") == [1, 2, 3]


def test_text_before_the_first_claim_is_handed_back() -> None:
    assert claims_of_text(["Some words.", "1. A pump."]).before == "Some words."


def test_claims_without_numbers_are_counted() -> None:
    found = claims_of_text(["The pump as described.", "The combination of x with y,", "as set forth.", "In a pump, z."])
    assert [(c.number, c.text) for c in found.claims] == [
        (1, "The pump as described."),
        (2, "The combination of x with y,\nas set forth."),
        (3, "In a pump, z."),
    ]
    assert len(found.warnings) == 1
    assert claims_of_text(["The ornamental design for a lamp."]).warnings == ()


def test_nothing_is_no_claim() -> None:
    assert claims_of_text([]) == claims_of_text(["", " "]) == ((), "", ())


def test_what_begins_a_claim() -> None:
    assert begins_claim("2. The pump", 2)
    assert not begins_claim("2. The pump", 1)
    assert not begins_claim("2.5 mm", 2)
    assert refers_to_claim("The pump according to any one of claims 1 to 3")
    assert not refers_to_claim("The claims are broad")


BODIES = st.text(alphabet="abc ,;", min_size=1, max_size=30).map(lambda text: f"A {text.strip()} pump.")


@given(st.lists(BODIES, min_size=1, max_size=40), st.sampled_from([". ", ".", " . ", ") ", ": ", "、"]), st.booleans())
def test_every_numbered_claim_is_found(bodies: list[str], mark: str, in_one_block: bool) -> None:
    lines = [f"{number}{mark}{body}" for number, body in enumerate(bodies, start=1)]
    if in_one_block and mark in (". ", " . ", ") "):
        lines = [" ".join(lines)]
    assert texts(*lines) == [" ".join(body.split()) for body in bodies]


@given(
    st.lists(
        st.sampled_from(["1. A pump.", "2. a", "2) The", "7. Seven.", "3.", "word", "甲。", "10. Ten", "  ", "* * *", "【請求項１】甲"]), max_size=20
    )
)
def test_nothing_is_lost_and_numbers_rise(blocks: list[str]) -> None:
    found = claims_of_text(blocks)
    kept = "".join(found.before + "".join(c.text for c in found.claims))
    assert [c.number for c in found.claims] == sorted({c.number for c in found.claims})
    for letters in ("pump", "Seven", "word", "甲", "Ten"):
        assert kept.count(letters) == "".join(blocks).count(letters)


@pytest.mark.parametrize(
    "text", ["1. A pump.\n" * 50_000, "1. a\n" * 100_000, "1" * 500_000, " " * 500_000, ". " * 300_000, "claim " * 100_000, "((" * 300_000]
)
def test_the_time_grows_with_the_length(text: str) -> None:
    begin = time.process_time()
    claims_of_text([text])
    assert time.process_time() - begin < 15
