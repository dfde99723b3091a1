import textwrap
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import ReadError
from ingest.files.plain_text import decode, paragraphs

CHINESE = "本发明涉及一种泵，其包括壳体和设置在所述壳体中的叶轮。\n所述叶轮为塑料。"
ENGLISH = (
    "A pump with a housing that holds an impeller, the impeller being driven by a motor that stands outside of the housing and is "
    "joined to it by a magnetic coupling, so that nothing leaks from the housing while the pump is running or stands still."
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "gb18030"])
@pytest.mark.parametrize("text", [CHINESE, f"{CHINESE}\nLED 5 V, {ENGLISH}"])
def test_chinese_in_every_encoding(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Vorrichtung für die Gärung von Öl, 5 µm groß", "latin-1"),
        ("Appareil “électrique” à 5 € – réglé", "cp1252"),
        ("本發明係關於一種泵，其包括殼體與葉輪，所述葉輪為塑料。", "big5"),
        ("ポンプであって、ハウジングを備えることを特徴とする。", "cp932"),
        ("ポンプであって、ハウジングを備えることを特徴とする。", "euc_jp"),
        ("하우징을 포함하는 펌프에 관한 것이다. 이는 임펠러의 하우징을 가진다.", "euc_kr"),
    ],
)
def test_the_encodings_of_other_languages(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize("data", [bytes(range(256)) * 4, b"\x00" * 100, b"%PDF-1.4\x00\x01\x02\x03\x04\x05\x06\x07\x08"])
def test_what_is_no_text_is_an_error(data: bytes) -> None:
    with pytest.raises(ReadError, match="UTF-8"):
        decode(data)


def test_wrapped_lines_are_joined_and_blank_lines_separate() -> None:
    text = "\n\n".join([textwrap.fill(ENGLISH, 72), "SUMMARY", textwrap.fill(ENGLISH, 72)])
    assert paragraphs(text) == [(0, ENGLISH), (0, "SUMMARY"), (0, ENGLISH)]


def test_an_indent_begins_a_paragraph() -> None:
    wrapped = textwrap.fill(ENGLISH, 72, initial_indent="    ")
    assert [p for _, p in paragraphs("\n".join([wrapped, wrapped, wrapped]))] == [ENGLISH] * 3


def test_hanging_lines_belong_to_their_number() -> None:
    claims = [f"{n}. {ENGLISH}" for n in range(1, 4)]
    wrapped = "\n".join(textwrap.fill(claim, 72, subsequent_indent="     ") for claim in claims)
    assert [p for _, p in paragraphs(wrapped)] == claims


def test_numbered_lines_begin_paragraphs_but_not_after_an_abbreviation() -> None:
    texts = [f"{ENGLISH} It is shown {'very ' * n}well in FIG. 10. {ENGLISH}" for n in range(30)]
    text, wrapped = next((t, w) for t, w in ((t, textwrap.fill(t, 72)) for t in texts) if "\n10. " in w)
    assert paragraphs(wrapped) == [(0, text)]
    assert [p[:2] for _, p in paragraphs("\n".join(textwrap.fill(f"{n}. {ENGLISH}", 72) for n in (1, 2)))] == ["1.", "2."]


def test_lines_that_were_not_wrapped_are_paragraphs() -> None:
    lines = ["A pump.", ENGLISH * 2, "Short.", ENGLISH * 3, "第一条为了保护。"]
    assert [p for _, p in paragraphs("\n".join(lines))] == lines


def test_wrapped_chinese_is_joined_without_blanks() -> None:
    sentence = "本发明涉及一种泵，其包括壳体和设置在所述壳体中的叶轮，所述叶轮由设置在所述壳体之外的电机通过磁力联轴器驱动，" * 2 + "因此不泄漏。"
    width = 36
    wrapped = "\n".join(f"　　{sentence}"[i : i + width] for i in range(0, len(sentence) + 2, width))
    assert [p for _, p in paragraphs("\n".join([wrapped] * 3))] == [sentence] * 3


@pytest.mark.parametrize(
    ("before", "after", "joined"),
    [
        ("the exam-", "ple of it", "the example of it"),
        ("a self-", "sealing valve", "a self-sealing valve"),
        ("the soft\xad", "ware of it", "the software of it"),
        ("the range of 5-", "10 mm", "the range of 5- 10 mm"),
    ],
)
def test_divided_words_are_joined_and_compounds_keep_their_hyphen(before: str, after: str, joined: str) -> None:
    filler = textwrap.fill(f"{ENGLISH} A self-sealing pump.", 60)
    start = "x" * (59 - len(before))
    text = f"{filler}\n\n{start} {before}\n{after} and so on until the margin is reached again by the\ntext that follows here and ends"
    assert joined in paragraphs(text)[-1][1]


def test_form_feeds_and_page_lines_separate_pages() -> None:
    text = "First.\f\nSecond page that goes\n--- Page 3 of 9 ---\non here.\n\n== REVIEWED TEXT PAGE 4 OF 9 ==\n\nFourth."
    assert paragraphs(text) == [(1, "First."), (2, "Second page that goes on here."), (4, "Fourth.")]


def test_no_page_is_no_page() -> None:
    assert paragraphs("one\n\ntwo") == [(0, "one"), (0, "two")]
    assert paragraphs(" \n\t\n") == []


@given(st.text(max_size=300))
def test_no_character_but_white_space_hyphens_and_page_lines_is_lost(text: str) -> None:
    text = text.replace("page", "leaf").replace("PAGE", "LEAF")
    given_characters = [c for c in text if c.isalnum()]
    found = [c for _, paragraph in paragraphs(text) for c in paragraph if c.isalnum()]
    assert [c for c in given_characters if c not in "pagePAGE"] == [c for c in found if c not in "pagePAGE"]


@given(
    st.lists(st.sampled_from(["a word", "AB", "1. A", "", "  in", "x" * 70, "y" * 64 + " zz", "--- page 2 of 3 ---", "甲" * 34, "\f"]), max_size=30)
)
def test_paragraphs_are_tidy(lines: list[str]) -> None:
    for page, paragraph in paragraphs("\n".join(lines)):
        assert page >= 0
        assert paragraph.strip() == paragraph != ""
        assert "\n" not in paragraph


@pytest.mark.parametrize("text", ["-" * 300_000, "page " * 60_000, " \n" * 150_000, "a-\n" * 100_000, "[" * 300_000, "\f" * 100_000])
def test_the_time_grows_with_the_length(text: str) -> None:
    begin = time.process_time()
    paragraphs(text)
    assert time.process_time() - begin < 10
