import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.grounding.checking import check, quoted_verbatim
from ingest import Citation

ANCHOR = "US1A#p0001"
ENGLISH = (
    "The plug 42 is 4 mm long and consists of a eutectic of 58% bismuth and 42% tin by weight.",
    "The gear case 10 contains about 420 liters of a synthetic gear oil of viscosity grade ISO VG 320.",
    "Gold is chosen for the second electrode on purpose.",
    "A check flap 33 of spring steel covers each opening on the inside and opens at a pressure difference of 8 kPa.",
)
CHINESE = (
    "水泵40的额定流量为70m3/h，因而最多允许三个轮灌区同时灌水。",
    "凸轮轴111每转一周排出0.12mL。",
    "簇头20失效时，簇内剩余电量最高的节点接替。",
)


def citation(quote: str, anchor: str = ANCHOR) -> Citation:
    return Citation(anchor=anchor, quote=quote)


def checked(statement: str, *quotes: str) -> str:
    return check(statement, [citation(q) for q in quotes], {ANCHOR: " ".join(quotes)}).verdict


def full_width(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if c.isascii() and c.isalnum() else c for c in text)


@given(st.sampled_from(ENGLISH), st.data())
@settings(max_examples=60, deadline=None)
def test_a_quotation_is_verbatim_whatever_its_white_space(sentence, data):
    runs = st.text(alphabet=" \t\n\u00a0\u3000", min_size=1, max_size=3)
    respaced = re.sub(" ", lambda _: data.draw(runs), sentence)
    assert quoted_verbatim(citation(respaced), f"Before. {sentence} After.")
    assert quoted_verbatim(citation(sentence), f"Before. {respaced} After.")


@given(st.sampled_from(ENGLISH), st.data())
@settings(max_examples=60, deadline=None)
def test_a_quotation_is_verbatim_across_hyphenation_at_line_ends(sentence, data):
    inside_words = [m.end() for m in re.finditer(r"[a-z](?=[a-z])", sentence)]
    at = data.draw(st.sampled_from(inside_words))
    broken = sentence[:at] + "-\n" + sentence[at:]
    assert quoted_verbatim(citation(sentence), broken)
    assert quoted_verbatim(citation(broken), sentence)


@given(st.sampled_from(ENGLISH + CHINESE), st.data())
@settings(max_examples=60, deadline=None)
def test_a_quotation_is_verbatim_in_full_or_half_width(sentence, data):
    start = data.draw(st.integers(0, len(sentence) - 1))
    wide = sentence[:start] + full_width(sentence[start:])
    assert quoted_verbatim(citation(wide), sentence)
    assert quoted_verbatim(citation(sentence), wide)


@given(st.sampled_from(CHINESE), st.data())
@settings(max_examples=40, deadline=None)
def test_a_line_break_between_chinese_characters_leaves_a_quotation_verbatim(sentence, data):
    between = [m.end() for m in re.finditer("[一-鿿](?=[一-鿿])", sentence)]
    at = data.draw(st.sampled_from(between))
    assert quoted_verbatim(citation(sentence), sentence[:at] + "\n" + sentence[at:])


@given(st.sampled_from(ENGLISH + CHINESE), st.data())
@settings(max_examples=100, deadline=None)
def test_a_quotation_with_one_other_character_is_not_verbatim(sentence, data):
    at = data.draw(st.sampled_from([i for i, c in enumerate(sentence) if c.isalnum()]))
    other = data.draw(st.sampled_from([c for c in "abz7530阻塞" if c != sentence[at]]))
    assert unicodedata.normalize("NFKC", other) != unicodedata.normalize("NFKC", sentence[at])
    assert not quoted_verbatim(citation(sentence[:at] + other + sentence[at + 1 :]), sentence)


@pytest.mark.parametrize("quote", ["", " \n "])
def test_an_empty_quotation_is_not_verbatim(quote):
    assert not quoted_verbatim(citation(quote), ENGLISH[0])


@pytest.mark.parametrize(
    ("quote", "passage"),
    [
        ("The seal is notable to open.", "The seal is not able to open."),
        ("THE PLUG MELTS.", "The plug melts."),
    ],
)
def test_joined_words_and_other_case_are_not_verbatim(quote, passage):
    assert not quoted_verbatim(citation(quote), passage)


@given(st.sampled_from(ENGLISH + CHINESE))
@settings(max_examples=20, deadline=None)
def test_a_statement_that_is_its_quotation_is_supported(sentence):
    assert checked(sentence, sentence) == "supported"


@given(st.sampled_from(ENGLISH), st.integers(1000, 9_999_999))
@settings(max_examples=40, deadline=None)
def test_a_number_that_no_quotation_has_makes_a_statement_unsupported(sentence, number):
    assert checked(f"{sentence[:-1]} for {number} hours.", sentence) == "unsupported"


def test_a_statement_without_citations_is_unsupported():
    assert check(ENGLISH[0], [], {ANCHOR: ENGLISH[0]}).verdict == "unsupported"


def test_a_statement_is_unsupported_where_its_passage_is_not_there():
    assert check(ENGLISH[0], [citation(ENGLISH[0], "US2A#p0001")], {ANCHOR: ENGLISH[0]}).verdict == "unsupported"


def test_a_statement_is_unsupported_where_one_of_two_quotations_is_not_verbatim():
    citations = [citation(ENGLISH[0]), citation("The plug is made of gold.")]
    assert check(ENGLISH[0], citations, {ANCHOR: ENGLISH[0]}).verdict == "unsupported"


@pytest.mark.parametrize(
    ("statement", "quote"),
    [
        ("The plug melts at 183° C.", "The plug melts at 138° C."),
        ("The plug melts at 13.8° C.", "The plug melts at 138° C."),
        ("The canister holds 2000 L.", "The canister holds 20 L."),
        ("凸轮轴每转一周排出0.21mL。", "凸轮轴111每转一周排出0.12mL。"),
    ],
)
def test_a_wrong_number_is_unsupported(statement, quote):
    assert checked(statement, quote) == "unsupported"


@pytest.mark.parametrize(
    ("statement", "quote"),
    [
        ("The solution has 1000 mg/L of nitrogen.", "The nitrate solution has 1,000 mg/L of nitrogen."),
        ("The plug melts at １３８° C.", "The plug melts at 138° C."),
        ("The plug melts at 138° C.", "The plug melts at about 138° C. in operation."),
    ],
)
def test_the_same_number_written_otherwise_is_supported(statement, quote):
    assert checked(statement, quote) == "supported"


def test_a_number_may_stand_in_any_of_the_quotations():
    statement = "The plug of bismuth and tin is 4 mm long and melts at 138° C."
    assert checked(statement, "The plug of bismuth and tin is 4 mm long.", "It melts at 138° C.") == "supported"


def test_a_number_without_its_minus_is_not_supported():
    assert checked("The electrode is stepped to 0.45 V for 500 ms.", "The electrode is stepped to −0.45 V for 500 ms.") != "supported"


@pytest.mark.parametrize(
    ("statement", "quote"),
    [
        ("The plug does not melt in operation.", "The plug melts in operation."),
        ("The plug never melts in operation.", "The plug melts in operation."),
        ("The plug doesn't melt in operation.", "The plug melts in operation."),
        ("The plug melts without operation.", "The plug melts in operation."),
        ("节点不能推导组密钥。", "节点能够推导组密钥。"),
        ("节点未收到更新帧。", "节点收到更新帧。"),
    ],
)
def test_a_negation_that_no_quotation_has_is_unsupported(statement, quote):
    assert checked(statement, quote) == "unsupported"
    assert checked(quote, quote) == "supported"


@pytest.mark.parametrize(
    ("statement", "quote"),
    [("The plug must melt in operation.", "The plug must not melt in operation."), ("节点能推导组密钥。", "节点不能推导组密钥。")],
)
def test_a_statement_without_the_negation_of_its_quotation_is_weak(statement, quote):
    assert checked(statement, quote) == "weak"
    assert checked(quote, quote) == "supported"


def test_wireless_is_no_negation():
    quote = "节点组成传感网络。"
    assert check("节点组成无线传感网络。", [citation(quote)], {ANCHOR: quote}).reason == "not in the quotation: 无线"


@pytest.mark.parametrize(
    ("statement", "quote"),
    [
        ("水泵的额定流量为70m3/h。", "The rated flow of the pump is 70 m3/h."),
        ("The cam shaft delivers 0.12 mL per revolution.", CHINESE[1]),
    ],
)
def test_a_statement_in_another_language_is_unchecked(statement, quote):
    assert checked(statement, quote) == "unchecked"


def test_a_wrong_number_is_found_across_languages():
    assert checked("The cam shaft delivers 0.21 mL per revolution.", CHINESE[1]) == "unsupported"


@pytest.mark.parametrize(
    ("statement", "expected"),
    [  # the words of the statement that stand in the quotation are 4 of 4, 3 of 4, 2 of 4 and 0 of 4
        ("Copper tubes carry steam.", "supported"),
        ("Copper tubes carry lemonade.", "weak"),
        ("Copper tubes freeze lemonade.", "weak"),
        ("Violins delight young pianists.", "unsupported"),
    ],
)
def test_the_share_of_common_words_decides(statement, expected):
    assert checked(statement, "The copper tubes carry the steam upward.") == expected


@pytest.mark.parametrize(
    ("statement", "quote", "expected"),
    [
        ("The plug is 4 cm long.", "The plug is 4 mm long.", "unsupported"),
        ("The plug is 4 millimeters long.", "The plug is 4 mm long.", "supported"),
        ("The alloy holds 58 percent bismuth.", "The alloy holds 58% bismuth.", "supported"),
        ("The alloy holds 58 kg bismuth.", "The alloy holds 58% bismuth.", "unsupported"),
        ("The pump turns at 980 rpm.", "The pump turns at 980 Hz.", "unsupported"),
        ("合金含铋58千克。", "合金含铋58%。", "unsupported"),
        ("转轴长4毫米。", "转轴长4mm。", "supported"),
        ("水温为65摄氏度。", "水温为65℃。", "supported"),
        ("The gear has 12 teeth.", "The gear has 12 teeth and turns.", "supported"),
    ],
)
def test_a_unit_must_be_the_same_however_it_is_written(statement, quote, expected):
    assert checked(statement, quote) == expected


@pytest.mark.parametrize(
    ("statement", "anchor", "expected"),
    [
        ("Claim 7 requires a seal with a ring.", "US1A#c7", "supported"),
        ("Claim 8 requires a seal with a ring.", "US1A#c7", "unsupported"),
        ("According to claim 3 the seal has a ring.", "US1A#c7", "supported"),
        ("US8926509B2 requires a seal with a ring in claim 7.", "US8926509B2#c7", "supported"),
        ("US8926509B2 requires a seal with a ring.", "US1A#c7", "unsupported"),
    ],
)
def test_the_claims_and_documents_that_are_named_must_be_cited(statement, anchor, expected):
    quote = "The seal of claim 3, which requires a ring."
    assert check(statement, [citation(quote, anchor)], {anchor: quote}).verdict == expected


def test_a_chinese_claim_that_is_named_must_be_cited():
    quote = "一种密封环，其由石墨制成。"
    assert check("权利要求1的密封环由石墨制成。", [citation(quote, "CN1A#c1")], {"CN1A#c1": quote}).verdict == "supported"
    assert check("权利要求2的密封环由石墨制成。", [citation(quote, "CN1A#c1")], {"CN1A#c1": quote}).verdict == "unsupported"


@pytest.mark.parametrize(
    ("statement", "quotes", "reason"),
    [
        ("The plug melts at 183° C.", ("The plug melts at 138° C.",), "183"),
        ("The plug does not melt.", ("The plug melts.",), "negates"),
        ("Violins delight young pianists.", ("The copper tubes carry the steam.",), "not in the quotation: violin"),
        ("水泵的流量。", ("The flow of the pump.",), "different languages"),
    ],
)
def test_a_verdict_that_is_not_supported_has_its_reason(statement, quotes, reason):
    found = check(statement, [citation(q) for q in quotes], {ANCHOR: " ".join(quotes)})
    assert found.verdict != "supported"
    assert reason in found.reason


class Failing:
    def score(self, premise, hypothesis):
        raise MemoryError("no memory is left")


def test_a_checker_that_dies_leaves_a_statement_unchecked(caplog):
    found = check("The plug 42 is 4 mm long.", [citation(ENGLISH[0])], {ANCHOR: ENGLISH[0]}, Failing())
    assert found.verdict == "unchecked"
    assert "MemoryError" in found.reason
    assert "MemoryError" in caplog.text


@given(st.text(max_size=60), st.text(max_size=60))
@settings(max_examples=150, deadline=None)
def test_any_statement_gets_a_verdict_and_never_supported_without_its_quotation(statement, quote):
    found = check(statement, [citation(quote)], {ANCHOR: ENGLISH[0]})
    if not quoted_verbatim(citation(quote), ENGLISH[0]):
        assert found.verdict == "unsupported"


@pytest.mark.parametrize(("word", "expected"), [("graphite", "supported"), ("gold", "unsupported")])
def test_the_word_that_matters_must_be_there(word, expected):
    quote = "The sealing ring is made of graphite."
    assert check(f"The ring is made of {word}.", [citation(quote)], {ANCHOR: quote}, question="What is the ring made of?").verdict == expected


def test_words_of_the_question_may_stand_elsewhere_in_the_passage():
    passage, quote = "The sealing ring 12 is pressed by a spring. It is made of graphite.", "It is made of graphite."
    statement = "The sealing ring is made of graphite."
    assert check(statement, [citation(quote)], {ANCHOR: passage}, question="What is the sealing ring made of?").verdict == "supported"
    assert check(statement, [citation(quote)], {ANCHOR: passage}).verdict == "unsupported"
    assert check(statement, [citation(quote)], {ANCHOR: quote}, question="What is the sealing ring made of?").verdict == "weak"


@pytest.mark.parametrize("text", ["The mouthpiece 102B holds the reed 104.", "Strain NCC 2287 (SL131) is used.", "Laser D3L emits 5 mW."])
def test_signs_with_letters_are_words_and_no_quantities(text):
    assert checked(text, text) == "supported"
    assert checked(text.replace("102B", "102C").replace("SL131", "SL132").replace("D3L", "D4L"), text) != "supported"
