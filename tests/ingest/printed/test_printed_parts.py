import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.printed.blocks import Block
from ingest.printed.printed_parts import claims_opening, is_heading, is_name, is_signature, labelled_title, looks_like_heading, part_of


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("Claims", ("claims", "en")),
        ("CLAIMS:", ("claims", "en")),
        ("Claims (20)", ("claims", "en")),
        ("Patentansprüche", ("claims", "de")),
        ("Revendications", ("claims", "fr")),
        ("权利要求书", ("claims", "zh")),
        ("权 利 要 求 书", ("claims", "zh")),
        ("CN 104245143 A 权 利 要 求 书 1/2 页", ("claims", "zh")),
        ("【特許請求の範囲】", ("claims", "ja")),
        ("ABSTRACT OF THE DISCLOSURE", ("abstract", "en")),
        ("Zusammenfassung", ("abstract", "de")),
        ("说明书摘要", ("abstract", "zh")),
        ("Description", ("description", "en")),
        ("说 明 书 1/10 页", ("description", "zh")),
        ("TITLE OF THE INVENTION", ("title", "en")),
        ("发明名称", ("title", "zh")),
        ("说明书附图", None),
        ("DETAILED DESCRIPTION", None),
        ("The claims are broad.", None),
        ("Abstract art", None),
    ],
)
def test_names_of_parts(text: str, part: tuple[str, str] | None) -> None:
    assert part_of(text) == part


@pytest.mark.parametrize(
    ("text", "before", "after"),
    [
        ("What is claimed is:", "", ""),
        ("I claim as my invention—", "", ""),
        ("What I claim as my invention, and desire to secure by Letters Patent, is—", "", ""),
        ("What I do claim as new and as my invention, and desire to secure by Letters Patent, is—", "", ""),
        ("The discovery here claimed, and desired to be secured by Letters Patent, consists in-", "", ""),
        ("What I claim as my invention and desire to secure by letters patent, is the union of x", "", "the union of x"),
        ("The invention claimed is:", "", ""),
        ("We claim:", "", ""),
        ("It is broad. What is claimed is: 1. A pump", "It is broad. ", "1. A pump"),
        ("Having thus described it, what I claim is: 1. A pump", "Having thus described it, ", "1. A pump"),
        ("I claim 1. A pump", "", "1. A pump"),
        ("1 claim as my invention I. An electric pump", "", "I. An electric pump"),
        ("what I claim as new, and desire to secure by Letters Patent, is The pump, as shown", "", "The pump, as shown"),
        ("what I claim and secure by the said Letters Patent is:", "", ""),
        ("What I claim as new in the process of brewing is", "", ""),
        ("The discovery-here.claimed, and desired to be secured. by Letters Patent, consists in—", "", ""),
    ],
)
def test_words_that_open_claims(text: str, before: str, after: str) -> None:
    span = claims_opening(text)
    assert span is not None
    assert (text[: span[0]], text[span[1] :].strip()) == (before, after)


@pytest.mark.parametrize(
    "text",
    [
        "I do not claim the valve; neither do I claim that it",
        "The scope of what is claimed is broad.",
        "we claim the benefit of it",
        "As claimed in claim 1",
    ],
)
def test_words_that_open_none(text: str) -> None:
    assert claims_opening(text) is None


def test_titles_after_their_label() -> None:
    assert labelled_title("Title: A pump") == "A pump"
    assert labelled_title("发明名称：一种泵") == "一种泵"
    assert labelled_title("【発明の名称】ポンプ") == "ポンプ"
    assert labelled_title("Note: A pump") == ""


@pytest.mark.parametrize(
    ("text", "yes"),
    [
        ("BACKGROUND OF THE INVENTION", True),
        ("Brief Description of the Drawings", True),
        ("2. Technical Field", True),
        ("技术领域", True),
        ("The embodiments are shown in the drawings", False),
        ("The background is known.", False),
        ("本发明的背景技术是已知的，并且泄漏。", False),
        ("summary of what was said before, in short,", False),
    ],
)
def test_headings_by_their_look(text: str, yes: bool) -> None:
    assert is_heading(Block("paragraph", text)) is yes


def test_headings_by_their_mark() -> None:
    assert is_heading(Block("heading", "whatever it is."))
    assert not is_heading(Block("table", "BACKGROUND"))
    assert not looks_like_heading("12")


def test_signatures_and_names() -> None:
    for line in (
        "In testimony whereof I affix my signature",
        "Witnesses:",
        "Witness",
        "Signed by me this 1st day",
        "Attest: X",
        "[L.S.]",
        "J. DOE, Witnesses:",
        "JANE DOE. (L.S.)",
    ):
        assert is_signature(line)
    assert not is_signature("The witnesses of it are many")
    assert is_name("THOMAS A. EDISON.")
    assert is_name("OSCAR LAMM, JR.,")
    assert not is_name("a housing; and")
    assert not is_name("LED")


@given(st.text(max_size=120))
def test_no_text_is_an_error(text: str) -> None:
    part_of(text), labelled_title(text), is_name(text), is_signature(text), looks_like_heading(text)
    span = claims_opening(text)
    assert span is None or 0 <= span[0] < span[1] <= len(text)


@pytest.mark.parametrize("text", ["what is claimed " * 30_000, "I claim " * 60_000, " " * 500_000, "A" * 500_000, "A. " * 200_000, ":" * 500_000])
def test_the_time_does_not_grow_out_of_proportion(text: str) -> None:
    begin = time.process_time()
    part_of(text), claims_opening(text), is_name(text), is_signature(text), labelled_title(text), is_heading(Block("paragraph", text))
    assert time.process_time() - begin < 5
