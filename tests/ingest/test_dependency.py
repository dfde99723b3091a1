"""Which claims a claim refers back to, by wording; the offices' own references are compared in test_uspto and test_cnipa."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.dependency import claim_category, referenced_claims

ENGLISH = [
    ("The pump of claim 1, wherein the seal is dry.", 2, (1,)),
    ("The pump as recited in claim 4", 5, (4,)),
    ("A pump according to claim 10.", 11, (10,)),
    ("A pump as set forth in Claim 3", 4, (3,)),
    ("The pump of claims 1 to 3", 9, (1, 2, 3)),
    ("The pump of claims 2 through 4", 9, (2, 3, 4)),
    ("The pump of claims 2 thru 4", 9, (2, 3, 4)),
    ("The pump of any one of claims 1-3", 9, (1, 2, 3)),
    ("The pump of any one of claims 1–3", 9, (1, 2, 3)),
    ("The pump of claims 1, 2, and 5", 9, (1, 2, 5)),
    ("The pump of claim 1 or 2", 9, (1, 2)),
    ("The pump of claim 1, 2 or 3", 9, (1, 2, 3)),
    ("The pump of claims 1 and/or 2", 9, (1, 2)),
    ("The pump of claim 1 or claim 3", 9, (1, 3)),
    ("The pump of any of claims 1 to 3 or claim 5", 9, (1, 2, 3, 5)),
    ("The pump of any one of claims 1 to 3 and 5 to 7", 9, (1, 2, 3, 5, 6, 7)),
    ("The pump of claim 3, when dependent on claim 2", 5, (2, 3)),
    ("A system comprising the pump of claim 1 and the valve of claim 4", 9, (1, 4)),
    ("A pump as claimed in any preceding claim, wherein", 4, (1, 2, 3)),
    ("A pump according to any one of the preceding claims", 4, (1, 2, 3)),
    ("A pump according to one or more of the previous claims", 4, (1, 2, 3)),
    ("A pump according to any of the foregoing claims", 4, (1, 2, 3)),
    ("A pump according to any one of the above claims", 4, (1, 2, 3)),
    ("A pump according to any one of the above-mentioned claims", 4, (1, 2, 3)),
    ("The pump of any prior claim", 4, (1, 2, 3)),
]
NOISE = [
    ("The pump ofclaim 1", 3, (1,)),
    ("The pump according toclaim 2", 3, (2,)),
    ("The pump of claim 1wherein the seal is dry", 3, (1,)),
    ("The pump of claim1", 3, (1,)),
    ("The pump of claim １", 3, (1,)),
    ("The pump of\nclaim\n1", 3, (1,)),
]
NO_REFERENCE = [
    ("A pump comprising a seal.", 1),
    ("A pump comprising 3 vanes.", 5),
    ("A pump as described above.", 5),
    ("一种泵，包括叶轮。", 1),
    ("一种泵，包括3至5个叶片。", 6),
    ("一种系统，包括如权利要求1所述的泵。", 5),
    ("一种系统，其特征在于，包括权利要求1-4任一项所述的泵。", 5),
]
QUANTITIES = [
    ("The pump of claim 1 or 2, wherein 5 to 10 parts of carbon are used", 20, (1, 2)),
    ("The pump of claim 1 having 3 to 5 vanes", 9, (1,)),
    ("The apparatus of claim 2 or 3 mm", 5, (2,)),
    ("The composition of claims 1 to 3, 90 parts by weight", 9, (1, 2, 3)),
    ("根据权利要求1所述的泵，其特征在于，所述间隙为2至3mm", 5, (1,)),
]
CHINESE = [
    ("根据权利要求1所述的泵，其特征在于", 2, (1,)),
    ("权利要求5的抗体，其中", 7, (5,)),
    ("如权利要求 1 所述的泵", 2, (1,)),
    ("根据权利要求1至3中任一项所述的泵", 5, (1, 2, 3)),
    ("根据权利要求1到3任一项所述的泵", 5, (1, 2, 3)),
    ("根据权利要求1-3任意一项所述的泵", 5, (1, 2, 3)),
    ("根据权利要求1～3任一项所述的泵", 5, (1, 2, 3)),
    ("根据权利要求1~3任一项所述的泵", 5, (1, 2, 3)),
    ("根据权利要求1—3中任意一项所述的泵", 5, (1, 2, 3)),
    ("根据权利要求1至权利要求3中任意一项所述的泵", 5, (1, 2, 3)),
    ("根据权利要求1或2所述的泵", 5, (1, 2)),
    ("根据权利要求1或权利要求3所述的泵", 5, (1, 3)),
    ("如权利要求1、2或4所述的泵", 5, (1, 2, 4)),
    ("根据权利要求1，2或3所述的泵", 5, (1, 2, 3)),
    ("根据权利要求1及2所述的泵", 5, (1, 2)),
    ("根据权利要求1以及3所述的泵", 5, (1, 3)),
    ("根据权利要求1至3、5至7中任一项所述的泵", 9, (1, 2, 3, 5, 6, 7)),
    ("根据权利要求1至3中任一项或权利要求5所述的泵", 9, (1, 2, 3, 5)),
    ("根据权利要求1-3中任一项或5所述的泵", 9, (1, 2, 3, 5)),
    ("根据权利要求１至３中任一项所述的泵", 5, (1, 2, 3)),
    ("根据权利要求１０所述的泵", 11, (10,)),
    ("根据前述权利要求中任一项所述的泵", 4, (1, 2, 3)),
    ("根据以上权利要求中任意一项所述的泵", 4, (1, 2, 3)),
    ("如前述任一项权利要求所述的泵", 4, (1, 2, 3)),
    ("如上述任一权利要求所述的泵", 4, (1, 2, 3)),
    ("一种如权利要求1所述的泵的制造方法，其特征在于，包括", 6, (1,)),
    ("一种应用于权利要求1所述动力电池模组的热管理方法，其特征在于，包括", 8, (1,)),
    ("如请求项1所述的泵", 2, (1,)),
    ("如請求項1至3中任一項所述的泵", 5, (1, 2, 3)),
    ("根據權利要求2所述的泵", 3, (2,)),
]


@pytest.mark.parametrize(("text", "number", "expected"), [*ENGLISH, *NOISE, *QUANTITIES, *CHINESE])
def test_the_claims_that_a_wording_names(text, number, expected):
    assert referenced_claims(text, number) == expected


@pytest.mark.parametrize(("text", "number"), NO_REFERENCE)
def test_an_independent_claim_names_none(text, number):
    assert referenced_claims(text, number) == ()


def test_any_preceding_claim_needs_to_know_which_claim_asks():
    assert referenced_claims("A pump according to any preceding claim") == ()
    assert referenced_claims("A pump according to any preceding claim", 1) == ()


def test_a_claim_never_depends_on_itself():
    assert referenced_claims("The pump of claim 4", 4) == ()
    assert referenced_claims("根据权利要求1至4中任一项所述的泵", 4) == (1, 2, 3)


numbers = st.lists(st.integers(1, 60), min_size=1, max_size=5, unique=True).map(sorted)


@settings(deadline=None, derandomize=True, max_examples=150)
@given(numbers, st.sampled_from([", ", " or ", " and ", ", or "]), st.sampled_from(["claim ", "claims ", "any one of claims ", "CLAIMS "]))
def test_every_member_of_an_english_list_is_found(members, separator, opening):
    text = f"The pump of {opening}{separator.join(map(str, members))}, wherein the seal is dry."
    assert referenced_claims(text, 61) == tuple(members)


@settings(deadline=None, derandomize=True, max_examples=150)
@given(numbers, st.sampled_from(["、", "或", "和", "，", "或者", "及"]), st.booleans())
def test_every_member_of_a_chinese_list_is_found(members, separator, wide):
    listing = separator.join(map(str, members))
    if wide:
        listing = listing.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    assert referenced_claims(f"根据权利要求{listing}所述的泵，其特征在于，所述密封是干的。", 61) == tuple(members)


@settings(deadline=None, derandomize=True, max_examples=100)
@given(st.integers(1, 40), st.integers(1, 20), st.sampled_from([" to ", "-", " through ", "–", "至", "～", "到", "~"]))
def test_a_range_holds_all_of_its_members(low, length, separator):
    high = low + length
    form = f"the pump of any one of claims {low}{separator}{high}" if separator.isascii() or separator == "–" else None
    texts = [f"根据权利要求{low}{separator.strip()}{high}中任一项所述的泵"] if separator.strip() in "至～到~-–" else []
    texts += [form] if form else []
    for text in texts:
        assert referenced_claims(text, high + 1) == tuple(range(low, high + 1)), text


@settings(deadline=None, derandomize=True, max_examples=300)
@given(st.text(alphabet="claim 0123456789-,至或权利要求项任一述前的种包括.；\n（", max_size=80), st.integers(1, 99))
def test_any_text_gives_ascending_numbers_without_the_claim_itself(text, number):
    found = referenced_claims(text, number)
    assert list(found) == sorted(set(found))
    assert number not in found
    assert all(n >= 1 for n in found)


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("A method for sealing a shaft, comprising", "method"),
        ("The method of claim 1, wherein the seal is dry.", "method"),
        ("A computer-implemented method of ranking, comprising", "method"),
        ("A process for making a seal, comprising", "method"),
        ("Use of a compound of formula (I) for the treatment of rust", "use"),
        ("A pharmaceutical composition comprising a compound", "composition"),
        ("An isolated nucleic acid encoding", "composition"),
        ("A pump comprising a seal", "apparatus"),
        ("An apparatus for performing the method of claim 1", "apparatus"),
        ("A non-transitory computer-readable medium storing instructions for a method", "apparatus"),
        ("A kit comprising the composition of claim 1", "apparatus"),
        ("A process cartridge comprising a photosensitive drum", "apparatus"),
        ("A membrane filtration plant for surface water, comprising", "apparatus"),
        ("A plant pot comprising a rim", "apparatus"),
        ("一种密封方法，其特征在于，包括", "method"),
        ("根据权利要求1所述的方法，其特征在于", "method"),
        ("一种筛选方法，该方法为用于筛选所述至少两种物质的方法，包括", "method"),
        ("一种泵，其特征在于，包括叶轮", "apparatus"),
        ("一种用于执行所述方法的装置，包括", "apparatus"),
        ("一种药物输送装置，包括", "apparatus"),
        ("一种涂料喷涂装置，包括", "apparatus"),
        ("一种药物组合物，包含", "composition"),
        ("权利要求1所述的组合物的用途", "use"),
        ("权利要求1所述甘草发酵所得烟用香料在卷烟生产中的应用，具体为", "use"),
    ],
)
def test_the_category_is_that_of_the_thing_claimed(text, category):
    assert claim_category(text) == category


def test_the_categories_of_the_independent_claims_of_the_sample_collection(sample_documents):
    """As a reader would label them."""
    expected = {
        ("US99000001B2", 1): "apparatus",  # a labyrinth shaft seal
        ("US99000001B2", 14): "method",
        ("US99000008B2", 1): "method",
        ("US99000008B2", 17): "apparatus",
        ("US99000011B2", 1): "apparatus",  # a filtration plant
        ("US99000011B2", 11): "method",
        ("US20990000023A1", 1): "composition",
        ("US20990000023A1", 15): "method",
        ("CN199000001A", 1): "apparatus",
        ("CN199000001A", 8): "method",
        ("CN199000002A", 6): "method",
        ("CN199000002A", 10): "apparatus",
        ("CN199000003B", 9): "method",
        ("CN199000004A", 1): "method",  # 反冲洗控制方法
        ("CN199000004A", 8): "apparatus",
        ("CN199000005A", 1): "method",
        ("CN199000005A", 9): "apparatus",
        ("CN199000007A", 10): "apparatus",
    }
    found = {(number, claim): sample_documents[number].claim(claim).category for number, claim in expected}
    assert found == expected
