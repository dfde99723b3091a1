"""Blocks of web pages and of plain text; those of Word files are in test_docx_markup."""

import contextlib
import io
import time
import zipfile

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.errors import ReadError
from ingest.files.elements import blocks_of_docx, blocks_of_html, blocks_of_text
from ingest.printed.blocks import Block


def page(body: str) -> bytes:
    return f"<!DOCTYPE html><html><head><title>site</title></head><body>{body}</body></html>".encode()


def texts(body: str) -> list[str]:
    return [block.text for block in blocks_of_html(page(body))]


def test_headings_paragraphs_items_and_tables() -> None:
    table = "<table><tr><th>x</th><th>y</th></tr><tr><td>1</td><td>2</td></tr></table>"
    body = f"<h2>Background</h2><p>A pump\n is known.</p><ul><li>a seal</li></ul>{table}"
    assert blocks_of_html(page(body)) == [
        Block("heading", "Background"),
        Block("paragraph", "A pump is known."),
        Block("item", "a seal"),
        Block("table", "x | y\n1 | 2"),
    ]


def test_superscripts_subscripts_and_formulas() -> None:
    assert texts("<p>H<sub>2</sub>O, 10<sup>-3</sup>, v<sub>max,y</sub>, Brand<sup>®</sup></p>") == ["H₂O, 10⁻³, v_{max,y}, Brand®"]
    formula = "<math><mfrac><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow><mi>c</mi></mfrac></math>"
    assert texts(f"<p>with {formula} volts</p><p><math alttext='x^2'></math></p>") == ["with (a+b)/c volts", "x^2"]


def test_line_breaks_separate_lines() -> None:
    assert texts("<div>1. A pump.<br><br>2. The pump of claim 1.<br/>It leaks.<hr>3. A seal.</div>") == [
        "1. A pump.",
        "2. The pump of claim 1.",
        "It leaks.",
        "3. A seal.",
    ]


def test_what_surrounds_the_text_is_left_out() -> None:
    body = (
        "<header><h1>Site</h1></header><nav><a>Home</a></nav><div id='cookie-consent'>We use cookies</div><div role='search'>Search</div>"
        "<script>var x = 1;</script><style>p {}</style><noscript>Switch it on</noscript><aside>Also read</aside><div class='share-links'>Share</div>"
        "<form><button>Go</button><select><option>DE</option></select><p>The text.</p></form><iframe>no</iframe><footer>Imprint</footer>"
    )
    assert texts(body) == ["The text."]


def test_the_text_is_kept_whatever_holds_it() -> None:
    body = (
        "<form><fieldset><legend>Title</legend><label>A pump</label></fieldset></form><details><summary>More</summary>of it</details>"
        "<figure><figcaption>Fig. 1</figcaption></figure><main><article><header><h1>Head</h1></header></article></main><p>after</p>"
        f"<div class='main-banner'>{'long text ' * 400}</div><x-claim>custom</x-claim>"
    )
    assert texts(body) == ["Title", "A pump", "More", "of it", "Fig. 1", "Head", "after", ("long text " * 400).strip(), "custom"]


def test_bullets_dashes_and_single_characters_stay() -> None:
    assert texts("<p>– 5 °C</p><ul><li>- CH</li><li>• dot</li></ul><p>x</p><p>e is a number</p>") == ["– 5 °C", "- CH", "• dot", "x", "e is a number"]


def test_tables_that_only_place_things_are_not_tables() -> None:
    body = (
        "<table><tr><td><h2>Claims</h2><p>1. A pump.</p></td></tr></table>"
        f"<table><tr><td>left</td><td>{'word ' * 300}</td></tr></table>"
        "<table><tr><td><table><tr><td>a</td><td>b</td></tr></table></td><td>c</td></tr></table>"
        "<table>loose<tr><td>d</td><td>e</td></tr></table>"
    )
    found = blocks_of_html(page(body))
    assert [b.text for b in found] == ["Claims", "1. A pump.", "left", ("word " * 300).strip(), "a | b", "c", "loose", "d", "e"]


def test_a_cell_is_one_text() -> None:
    body = "<table><caption>T<sub>1</sub></caption><tr><td>H<sub>2</sub>O<p>two</p>words</td><td>a<br>b &lt;c&gt;</td></tr></table>"
    assert blocks_of_html(page(body)) == [Block("table", "T₁\nH₂O two words | a b <c>")]


def test_preformatted_text_is_joined() -> None:
    line = "The pump has a housing and in it an impeller that is driven by"
    assert texts(f"<pre>{line}\n{line} it\n\nEnd.</pre>") == [f"{line} {line} it", "End."]


def test_deleted_text_is_not_shown_and_inserted_is() -> None:
    assert texts("<p>a <del>old</del><ins>new</ins> pump</p>") == ["a new pump"]


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ('<meta charset="gb2312"><p>一种镕化装置</p>'.encode("gbk"), "一种镕化装置"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1"><p>für “5 µm”</p>'.encode("cp1252"), "für “5 µm”"),
        ('<meta charset="gb2312"><p>一种泵</p>'.encode(), "一种泵"),
        ('<meta charset="utf-8"><p>Gerät für Öl</p>'.encode("latin-1"), "Gerät für Öl"),
        ('<meta charset="no-such"><p>Gerät</p>'.encode("latin-1"), "Gerät"),
        ("<p>一种泵，包括壳体</p>".encode("utf-16"), "一种泵，包括壳体"),
        ('<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml"><body><p>Gerät</p></body></html>'.encode(), "Gerät"),
    ],
)
def test_encodings_of_pages(data: bytes, text: str) -> None:
    assert [b.text for b in blocks_of_html(data)] == [text]


@pytest.mark.parametrize("data", [b"", b"   ", b"<html></html>", b"<html><body><script>x</script></body></html>", b"<!-- only -->"])
def test_a_page_without_text_is_an_error(data: bytes) -> None:
    with pytest.raises(ReadError):
        blocks_of_html(data)


@pytest.mark.parametrize("depth", [50, 200, 5_000, 200_000])
def test_deep_pages_are_read_whole_or_refused(depth: int) -> None:
    body = "<div>" * depth + "the text" + "</div>" * depth + "<p>after</p>"
    try:
        assert texts(f"<p>before</p>{body}") == ["before", "the text", "after"]
    except ReadError as error:
        assert depth > 200, error


def test_a_long_text_on_a_page_is_read_whole_or_refused() -> None:
    words = "word " * 390_000
    assert texts(f"<p>{words}<b>bold</b>{words}</p><p>after</p>") == [f"{words}bold{words}".strip(), "after"]
    with pytest.raises(ReadError, match="two million"):
        texts(f"<p>{words * 2}</p>")


INLINE = st.sampled_from(["{}", "<b>{}</b>", "<span>{}</span>", "<a href='x'>{}</a>", "<i>{}</i> ", "<font>{}</font>"])
BLOCK = st.sampled_from(
    "<p>{}</p>|<div>{}</div>|<h3>{}</h3>|<ul><li>{}</li></ul>|<blockquote>{}</blockquote>|<center>{}</center>|<dl><dt>{}</dt></dl>|<form>{}</form>"
    "|<table><tr><td>{}</td><td>Z</td></tr></table>|<section>{}</section>|<details>{}</details>|{}<br>|<dd>{}</dd>".split("|")
)
WORDS = st.text(alphabet="ab1甲- •·–*().\n ", min_size=1, max_size=12)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(BLOCK, BLOCK, st.lists(st.tuples(INLINE, WORDS), min_size=1, max_size=4)), min_size=1, max_size=5))
def test_no_character_of_a_page_is_lost(pieces: list[tuple[str, str, list[tuple[str, str]]]]) -> None:
    body = "".join(outer.format(inner.format("".join(mark.format(words) for mark, words in runs))) for outer, inner, runs in pieces)
    words = "".join(words for outer, inner, runs in pieces for _, words in runs)
    expected = sorted(c for c in words if not c.isspace())
    with contextlib.suppress(ReadError):
        found = "".join(texts(body))
        assert sorted(c for c in found if not c.isspace() and c not in "|Z") == expected


def test_plain_text_has_headings_items_and_pages() -> None:
    data = b"A PUMP WITH A SEAL\n\nBACKGROUND\n\nThe pump is known, and it leaks.\n\n1. A pump comprising\n\nand a seal,\f- 5 degrees"
    found = blocks_of_text(data)
    assert [(b.kind, b.page) for b in found[:3]] == [("heading", 1), ("heading", 1), ("paragraph", 1)]
    assert [b.text for b in found] == [
        "A PUMP WITH A SEAL",
        "BACKGROUND",
        "The pump is known, and it leaks.",
        "1. A pump comprising",
        "and a seal,",
        "- 5 degrees",
    ]
    assert found[4].kind != "heading"
    assert found[5].page == 2


def test_chinese_headings_and_sentences() -> None:
    found = blocks_of_text("技术领域\n本发明涉及一种泵，其包括壳体。\n背景技术\n泵是已知的。".encode("gb18030"))
    assert [b.text for b in found] == ["技术领域", "本发明涉及一种泵，其包括壳体。", "背景技术", "泵是已知的。"]
    assert [b.kind for b in found][::2] == ["heading", "heading"]


@pytest.mark.parametrize("data", [b"", b" \n\t\n", b"\xef\xbb\xbf"])
def test_blank_text_is_an_error(data: bytes) -> None:
    with pytest.raises(ReadError, match="no text"):
        blocks_of_text(data)


def test_long_texts_are_fast() -> None:
    data = ("The pump is known and it has a housing. " * 40 + "\n\nBACKGROUND\n\n").encode() * 200
    begin = time.perf_counter()
    assert len(blocks_of_text(data)) == 400
    assert time.perf_counter() - begin < 5


@settings(max_examples=60, deadline=None)
@given(st.one_of(st.binary(max_size=400), st.text(max_size=200).map(str.encode)))
def test_any_bytes_give_blocks_or_a_read_error(data: bytes) -> None:
    for read in (blocks_of_docx, blocks_of_html, blocks_of_text):
        try:
            found = read(data)
        except ReadError:
            continue
        assert found
        assert all(b.text.strip() == b.text and b.text for b in found)


def word_file() -> bytes:
    document = docx.Document()
    document.add_heading("A pump", 0)
    document.add_paragraph("1. A pump.", style="List Number")
    document.add_table(2, 2).cell(0, 0).text = "x"
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


WORD_FILE = word_file()


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_damaged_word_file_gives_blocks_or_a_read_error(data: st.DataObject) -> None:
    part = data.draw(
        st.sampled_from(["word/document.xml", "word/numbering.xml", "word/styles.xml", "[Content_Types].xml", "word/_rels/document.xml.rels"])
    )
    with zipfile.ZipFile(io.BytesIO(WORD_FILE)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    damaged = bytearray(members[part])
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(damaged) - 1))
        damaged[at : at + data.draw(st.integers(0, 30))] = data.draw(st.sampled_from([b"", b"<", b'"', b"0", b"<w:p>", b"-9999999999"]))
    members[part] = bytes(damaged)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    with contextlib.suppress(ReadError):
        blocks_of_docx(made.getvalue())
