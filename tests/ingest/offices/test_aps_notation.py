"""The character notation of the Greenbook."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.offices.aps_notation import readable_aps


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("10.sup.-3 cm", "10⁻³ cm"),
        ("H.sub.2 O", "H₂O"),
        ("H.sub.2 SO.sub.4, C.sub.2 H.sub.5 OH and CO.sub.2 as a gas", "H₂SO₄, C₂H₅OH and CO₂ as a gas"),
        ("(CH.sub.2).sub.3 COONa", "(CH₂)₃COONa"),
        ("C.sub.1 -C.sub.6 alkyl", "C₁-C₆ alkyl"),
        ("CH.sub.2 .dbd.CH--", "CH₂=CH--"),
        ("R.sub.1 through R.sub.7 are", "R₁ through R₇ are"),
        ("the gas H.sub.2 In this case", "the gas H₂ In this case"),
        ("at T.sub.1 C is", "at T₁ C is"),
        ("r.sub.1 ' and r.sub.2 \" are", "r₁' and r₂\" are"),
        ("V.sub.1 /V.sub.2", "V₁/V₂"),
        ("X.sub.1.sup.2", "X₁²"),
        ("X.sub.2.sup..crclbar. represents", "X₂^⊖ represents"),
        ("R.sub..alpha. is", "R_α is"),
        ("V.sub.max. The", "Vₘₐₓ. The"),
        ("V.sub.out, then", "Vₒᵤₜ, then"),
        ("Q.sub.AB is", "Q_{AB} is"),
        ("Ga.sub.0.5 and x.sup.(n+1)", "Ga_{0.5} and x⁽ⁿ⁺¹⁾"),
        ("90.degree. C., 5.times.10.sup.3, a.ltoreq.b, .+-.2, .alpha.-.BETA.", "90° C., 5×10³, a≤b, ±2, α-Β"),
        (".di-elect cons. and .left brkt-top.x.right brkt-top.", "∈ and ⌈x⌉"),
        ("claim 1,.[.in which.]. .Iadd.wherein .Iaddend.it", "claim 1,[in which] wherein it"),
        ("a &lt; b &amp; c", "a < b & c"),
    ],
)
def test_marks_become_what_is_printed(written, read):
    assert readable_aps(written) == read


@pytest.mark.parametrize(
    "text",
    [
        "i.e. this, e.g. that",
        "the .nosuchmark. stays",
        "www.angle.com",
        "version 2.0.1 of it",
        "the U.S. Pat. No. 3.5",
        "x.sub. y",
        "",
        "...",
        "##STR1##",
    ],
)
def test_what_is_no_mark_stays(text):
    assert readable_aps(text) == text


def test_a_name_that_is_lowered_is_no_character():
    assert unicodedata.normalize("NFKC", readable_aps("the sum x.sub.xi. The")) == "the sum xxi. The"


def test_in_a_table_a_blank_ends_a_cell():
    assert readable_aps("BF.sub.4 H CH.sub.3 H", in_table=True) == "BF₄ H CH₃ H"
    assert readable_aps("(CH.sub.2).sub.3COO.sup..crclbar. Na.sup..sym.R'.sub.2 '", in_table=True) == "(CH₂)₃COO^⊖ Na^⊕R'₂'"


@given(
    st.lists(
        st.sampled_from([".sub.", ".sup.", ".alpha.", ".", "2", "H", "(", ")", " ", "x", "'", ".crclbar.", "In", "-", "\n", "&lt;"]), max_size=40
    )
)
def test_every_letter_arrives_in_order(pieces):
    read = unicodedata.normalize("NFKC", readable_aps("".join(pieces)))
    written = "".join(pieces)
    for name in ("sub", "sup", "alpha", "crclbar", "lt"):
        written = written.replace(name, "")
        read = read.replace(name, "")  # marks that mark nothing stay
    assert [c for c in read.replace("α", "").replace("_", "") if c.isalnum()] == [c for c in written if c.isalnum()]


@pytest.mark.parametrize("piece", [".", ".sub.", ".sub.1 H", ".sup.((", ".sub.1.1", ".alpha", "H.sub.2 CHCHCHCHCH", "' .sub.1 '"])
def test_a_hostile_megabyte_takes_no_time(piece):
    start = time.perf_counter()
    readable_aps(piece * (1_000_000 // len(piece)))
    readable_aps(piece * (1_000_000 // len(piece)), in_table=True)
    assert time.perf_counter() - start < 4
