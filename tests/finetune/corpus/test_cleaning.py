import pytest
from hypothesis import given
from hypothesis import strategies as st

from finetune.corpus.cleaning import CUT_ROWS, clean

LINES = st.one_of(
    st.text(max_size=80),
    st.sampled_from(
        [
            "权 利 要 求 书 1/2页",
            "12 | 3.4 | 5",
            "atgcatgcat gcatgcatgc 60",
            "",
            "-3-",
            "第3页",
            "A ring is pressed.",
            "<210> 7",
            CUT_ROWS,
            "{",
            "１２ＡＢ",
        ]
    ),
)


@given(st.lists(LINES, max_size=40).map("\n".join), st.booleans())
def test_cleaning_twice_changes_nothing(text: str, web: bool) -> None:
    once = clean(text, web).text
    assert clean(once, web).text == once


@given(st.text("abé泵壳。. \n\t", max_size=400))
def test_no_letter_is_lost_that_is_not_counted(text: str) -> None:
    cleaned = clean(text)
    if not cleaned.cut:
        assert "".join(cleaned.text.split()) == "".join(text.split())


@pytest.mark.parametrize(
    "line",
    ["权 利 要 求 书 1/2页", "说 明 书 3/12 页", "CN 104245682 A 权利要求书 2/3 页", "第 3 页 共 10 页", "- 12 -", "Page 3 of 10", "17",
     "U.S. Patent Jan. 6, 2015 Sheet 1 of 5 US 8,926,509 B2"],
)  # fmt: skip
def test_running_heads_are_cut(line: str) -> None:
    cleaned = clean(f"1. 一种密封环，\n{line}\n其特征在于弹簧。")
    assert cleaned.text == "1. 一种密封环，\n其特征在于弹簧。"
    assert cleaned.cut == {"page head": 1}


@pytest.mark.parametrize("line", ["权利要求书", "说明书", "1. A ring of 3/4 inch.", "第3页的图示出壳体", "A pump", "GATTACA is a film"])
def test_headings_and_sentences_are_not(line: str) -> None:
    assert clean(line).text == line


@pytest.mark.parametrize(
    "line", ["atgcatgcat gcatgcatgc atgcatgcat 60", "Met Ala Gly Ser Thr Val 15", "<400> 12", "MKTAYIAKQRQISFVKSHFSRQLEERLGLIEV"]
)
def test_sequences_are_cut(line: str) -> None:
    assert clean(f"The protein.\n{line}").cut == {"sequence": 1}


def test_a_long_line_of_letters_costs_no_time() -> None:
    assert clean("A" * 200_000 + "x").text
    assert clean("ACGT" * 100_000 + "?").text


def test_a_long_table_of_figures_keeps_its_beginning() -> None:
    table = "\n".join(f"{n} | {n / 3:.2f} | {n * n}" for n in range(200))
    cleaned = clean(f"Table 1\nTime | Heat\n{table}\nThe heat rises.")
    assert cleaned.cut == {"rows of figures": 188}
    lines = cleaned.text.split("\n")
    assert lines[:3] == ["Table 1", "Time | Heat", "0 | 0.00 | 0"]
    assert lines[-2:] == [CUT_ROWS, "The heat rises."]


def test_formulas_and_superscripts_stay() -> None:
    assert clean("V=(4/3)π(D/2)³ at 10⁻³ mol").text == "V=(4/3)π(D/2)³ at 10⁻³ mol"


def test_wide_letters_are_narrow_and_chinese_is_not_spaced() -> None:
    assert clean("权 利 要求：ＬＥＤ１２，长\u00ad度").text == "权利要求：LED12，长度"


def test_boilerplate_is_cut_of_the_web_alone() -> None:
    text = "The pump turns.\nWe use cookies and accept cookies.\nfunction run() {"
    assert clean(text, web=True).text == "The pump turns."
    assert clean(text).text == text
