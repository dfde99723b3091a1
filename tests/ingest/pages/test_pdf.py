"""Printed pages come back as the text that was set: the columns, heads, line numbers and divided words of the offices' layouts."""

import io
import re
import unicodedata
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from random import Random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from ingest import PatentDocument
from ingest.errors import ReadError
from ingest.pages.pdf import blocks_of_pdf
from ingest.printed.blocks import Block

pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))


NUMBER = "US 99,123,456 B2"


class Heading(str):
    """A line that stands as a heading."""


def texts(blocks: list[Block], kind: str = "paragraph") -> list[str]:
    return [block.text for block in blocks if block.kind == kind]


class Press:
    """Sets text in pages as offices do."""

    def __init__(self, width: float = 612, height: float = 792, **options: object) -> None:
        self.file = io.BytesIO()
        self.canvas = Canvas(self.file, pagesize=(width, height), **options)
        self.width, self.height = width, height

    def put(self, text: str, x: float, y: float, size: float = 9.5, font: str = "Times-Roman", align: str = "left") -> None:
        """One line; y from the top."""
        length = pdfmetrics.stringWidth(text, font, size)
        self.canvas.setFont(font, size)
        self.canvas.drawString(x - {"left": 0.0, "centre": length / 2, "right": length}[align], self.height - y, text)

    def line(self, words: list[str], x: float, y: float, width: float, size: float, justified: bool) -> None:
        natural = sum(pdfmetrics.stringWidth(word, "Times-Roman", size) for word in words)
        blank = (width - natural) / max(1, len(words) - 1) if justified else 0.26 * size
        for word in words:
            self.put(word, x, y, size)
            x += pdfmetrics.stringWidth(word, "Times-Roman", size) + blank

    def page(self) -> None:
        self.canvas.showPage()

    def pdf(self) -> bytes:
        self.canvas.save()
        return self.file.getvalue()


def set_lines(text: str, width: float, size: float, indent: float) -> Iterator[tuple[list[str], float, bool]]:
    """The lines of a paragraph, with their indents and whether they are justified; long words are divided."""
    line: list[str] = []
    left = indent

    def length(words: list[str]) -> float:
        return pdfmetrics.stringWidth(" ".join(words), "Times-Roman", size)

    for word in text.split(" "):
        rest = word
        while length([*line, rest]) > width - left:
            cuts = [c for c in range(3, len(rest) - 2) if rest.isalpha() and length([*line, rest[:c] + "-"]) <= width - left]
            cuts += [m.end() for m in re.finditer("-", rest) if length([*line, rest[: m.end()]]) <= width - left]
            if cuts:
                cut = max(cuts)
                line.append(rest[:cut] + ("" if rest[cut - 1] == "-" else "-"))
                rest = rest[cut:]
            yield line, left, True
            line, left = [], 0.0
        line.append(rest)
    yield line, left, False


def grant(parts: Iterable[str | Heading], gutter: float = 30, rows: int = 66) -> bytes:
    """A US grant: two columns with their numbers, a number at every fifth line between them, the patent's number over each page."""
    size, pitch, top = 9.0, 10.0, 70.0
    press = Press()
    width = (612 - 2 * 64 - gutter) / 2
    lines: list[tuple[str, object]] = []
    for part in parts:
        if isinstance(part, Heading):
            lines += [("", None), *(("head", " ".join(words)) for words, _, _ in set_lines(part, width * 0.8, size, 0)), ("", None)]
        else:
            lines += [("text", line) for line in set_lines(part, width, size, 10)]
    columns = [lines[i : i + rows] for i in range(0, len(lines), rows)]
    for n, column in enumerate(columns):
        x = 64 + (n % 2) * (width + gutter)
        if n % 2 == 0:
            if n:
                press.page()
            press.put(NUMBER, 306, 40, 10, align="centre")
            for row in range(5, rows + 1, 5):
                press.put(str(row), 306 + 4, top + (row - 1) * pitch, 7.5, align="right")
        press.put(str(n + 1), x + width / 2, 56, 9, align="centre")
        for row, (kind, content) in enumerate(column):
            y = top + row * pitch
            if kind == "head":
                press.put(str(content), x + width / 2, y, size, align="centre")
            elif kind:
                words, left, justified = content  # type: ignore[misc]
                press.line(words, x + left, y, width - left, size, justified)
    return press.pdf()


def printable(text: str) -> str:
    """Without the characters that the standard fonts lack."""
    plain = unicodedata.normalize("NFKD", text.replace("μ", "u").replace("—", "-"))
    return " ".join("".join(character for character in plain if ord(character) < 128).split())


def paragraphs_of(document: PatentDocument) -> list[str | Heading]:
    """What a printer gets to set: headings, paragraphs and numbered claims, but no tables."""
    parts: list[str | Heading] = []
    for section in document.sections:
        parts += [Heading(printable(section.heading).upper())] if section.heading else []
        parts += [printable(p.text) for p in section.paragraphs if "\n" not in p.text]
    return [*parts, "What is claimed is:", *(printable(f"{c.number}. {c.text}") for c in document.claims)]


def read_back(data: bytes) -> list[str | Heading]:
    blocks, warnings = blocks_of_pdf(data, ocr=False)
    assert warnings == []
    assert all(block.page > 0 for block in blocks)
    return [Heading(block.text) if block.kind == "heading" else block.text for block in blocks]


@pytest.mark.parametrize("gutter", [14, 30])
def test_a_grant_in_two_columns_comes_back_without_column_and_line_numbers(sample_documents, gutter):
    parts = paragraphs_of(sample_documents["US99000001B2"])
    assert read_back(grant(parts, gutter)) == [NUMBER, *parts]


def test_of_a_collection_only_hyphens_at_the_ends_of_lines_are_in_doubt(sample_documents):
    doubtful = joints = 0
    for document in [d for d in sample_documents.values() if d.language == "en"][:8]:
        parts = [part for part in paragraphs_of(document) if type(part) is str]
        read = [part for part in read_back(grant(parts, 20))[1:] if type(part) is str]
        assert [part.replace("-", "") for part in read] == [part.replace("-", "") for part in parts]
        words = zip(" ".join(parts).split(), " ".join(read).split(), strict=True)
        doubtful += sum(a != b for a, b in words)
        joints += sum(line[-1].endswith("-") for part in parts for line, _, _ in set_lines(part, 232, 9.0, 10))
    assert joints > 400
    assert doubtful < 0.02 * joints


def test_a_paragraph_goes_on_over_columns_and_pages_and_so_does_a_word():
    text = " ".join(f"The lubrication of bearing {n} is independent of the temperature." for n in range(150))
    parts = [text, "A second paragraph ends the description."]
    for rows in (20, 21, 22, 23):
        assert read_back(grant(parts, rows=rows)) == [NUMBER, *parts]


def test_a_hyphen_at_the_end_of_a_line_stays_where_the_document_has_it_elsewhere():
    press = Press()
    lines = [
        "The low-cost pump and the high-",
        "pressure line are joined. A high-pressure line is costly, but the low-",
        "cost pump is not, and neither is its lubri-",
        "cation.",
    ]
    for row, line in enumerate(lines):
        press.put(line, 72, 100 + 12 * row, 10)
    assert read_back(press.pdf()) == [
        "The low-cost pump and the high-pressure line are joined. A high-pressure line is costly, but the low-cost pump is not,"
        " and neither is its lubrication."
    ]


def test_the_fields_of_a_front_page_stay_together():
    press = Press()
    for x, size, text in ((64, 10, "(12)"), (90, 16, "United States Patent"), (320, 11, "(10) Patent No.: US 99,123,456 B2")):
        press.put(text, x, 60, size)
    left = {
        "(54)": ["ROTARY VALVE AND METHOD OF CLOSING", "THE SAME WITH LITTLE WEAR"],
        "(71)": ["Applicant: Valve Works Ltd.,", "Springfield, OH (US)"],
        "(72)": ["Inventors: Jane Doe, Springfield, OH (US);", "Richard Roe, Dayton, OH (US)"],
        "(21)": ["Appl. No.: 98/765,432"],
        "(22)": ["Filed: Jan. 2, 2098"],
        "(51)": ["Int. Cl.", "F16K 5/04   (2006.01)", "F16K 27/06   (2006.01)"],
        "(52)": ["U.S. Cl.", "CPC .......... F16K 5/0407 (2013.01)"],
    }
    right = {
        "(58)": ["Field of Classification Search", "CPC ...... F16K 5/04; F16K 27/06", "See application file for complete search history."],
        "(56)": ["References Cited", "4,111,222 A 9/1978 Smith .......... 137/625", "5,222,333 A 6/1993 Jones .......... 251/309"],
        "(57)": [
            "ABSTRACT",
            "A rotary valve has a housing with a bore and",
            "a plug (12) that turns in the bore. A spring presses",
            "a seal against the",
            "plug when it rests.",
        ],
    }
    for x, fields in ((64, left), (320, right)):
        y = 110
        for code, lines in fields.items():
            press.put(code, x, y, 9)
            for line in lines:
                press.put(line, x + 26, y, 9, "Times-Bold" if code == "(54)" else "Times-Roman")
                y += 11
            y += 5
    expected = [f"{code} {' '.join(' '.join(lines).split())}" for fields in (left, right) for code, lines in fields.items()]
    assert read_back(press.pdf()) == ["(12) United States Patent", *expected[:7], "(10) Patent No.: US 99,123,456 B2", *expected[7:]]


def test_numbered_paragraphs_and_bold_headings_of_an_application():
    press = Press()
    parts = [Heading("Technical Field"), "[0001] The invention relates to pumps.", "[0002] It relates to valves as well. One of them is shown."]
    y = 90.0
    for part in parts * 6:
        press.put(str(part), 72, y, 10, "Times-Bold" if isinstance(part, Heading) else "Times-Roman")
        y += 12
    assert read_back(press.pdf()) == parts * 6


def test_a_double_spaced_draft_in_one_column():
    parts = ["The draft has wide lines, and a paragraph begins with an indent. " * 6, "1. A pump comprising a housing. ", "2. The pump of claim 1. "]
    parts = [part.strip() for part in parts]
    press = Press()
    y = 72.0
    for part in parts:
        for words, left, _ in set_lines(part, 440, 12, 36):
            press.line(words, 86 + left, y, 440, 12, False)
            y += 28
    assert read_back(press.pdf()) == parts


def test_raised_and_lowered_characters_stay_so():
    press = Press()
    x = 72.0
    for text, rise, size in [
        ("Water (H", 0, 10),
        ("2", -2, 6.5),
        ("O) at 10", 0, 10),
        ("-3", 3.5, 6.5),
        (" mol of SO", 0, 10),
        ("4", -2, 6.5),
        ("2-", 3.5, 6.5),
        (" on", 0, 10),
        (" 5 cm", 0, 10),
        ("2", 3.5, 6.5),
        (" in the 25", 0, 10),
        ("th", 3.5, 6.5),
        (" class H04N 1/40", 0, 10),
        ("(2006.01)", 3.5, 6.5),
    ]:
        press.put(text, x, 100 - rise, size)
        x += pdfmetrics.stringWidth(text, "Times-Roman", size)
    assert read_back(press.pdf()) == ["Water (H₂O) at 10⁻³ mol of SO₄²⁻ on 5 cm² in the 25th class H04N 1/40 (2006.01)"]


def test_a_table_keeps_its_cells():
    press = Press()
    for row, cells in enumerate([("Example", "Life (days)", "Loss"), ("1", "180", "< 0.5 %"), ("2", "165", "1.5 %")]):
        for x, cell in zip((72, 200, 320), cells, strict=True):
            press.put(cell, x, 100 + 12 * row, 10)
    (block,), _ = blocks_of_pdf(press.pdf())
    assert block == Block("table", "Example | Life (days) | Loss\n1 | 180 | < 0.5 %\n2 | 165 | 1.5 %", 1)


def test_letters_set_apart_make_a_word():
    press = Press()
    text = press.canvas.beginText(150, press.height - 80)
    text.setFont("Times-Roman", 12)
    text.setCharSpace(2.2)
    text.textOut("MANUFACTURE OF IRON")
    press.canvas.drawText(text)
    assert read_back(press.pdf()) == [Heading("MANUFACTURE OF IRON")]


@pytest.mark.parametrize("angle", [0, 90, 180, 270])
def test_a_turned_page_and_turned_text_read_the_same(angle):
    lines = [f"Line {n} of a page that lies on its side." for n in range(9)]
    page = Press()
    page.canvas.setPageRotation(angle)
    text = Press()
    text.canvas.translate(306, 396)
    text.canvas.rotate(angle)
    text.canvas.translate(-306, -396)
    for press in (page, text):
        for row, line in enumerate(lines):
            press.put(line, 130, 200 + 12 * row, 10)
        assert read_back(press.pdf()) == [" ".join(lines)]


def test_what_runs_in_another_direction_is_told():
    press = Press()
    for row in range(20):
        press.put("A line of text as it is printed on most pages.", 120, 100 + 12 * row, 10)
    press.canvas.rotate(90)
    press.canvas.drawString(100, -60, "A note of more than six words up the margin")
    blocks, warnings = blocks_of_pdf(press.pdf())
    assert warnings == ["page 1: words that run in another direction were left out"]
    assert "margin" not in " ".join(texts(blocks))


def test_drawing_sheets_are_left_out_and_told():
    press = Press()
    for sheet in range(2):
        press.put(f"U.S. Patent      Sep. 1, 2099      Sheet {sheet + 1} of 2      US 99,123,456 B2", 72, 40, 11)
        for i in range(40):
            press.canvas.line(100 + i * 5, 150, 200 + i * 7, 400)
        for i in range(12):
            press.put(str(10 + 2 * i), 80 + i * 37 % 400, 150 + i * 41 % 500, 9)
        press.page()
    press.put("The sheets before this page show a valve and a pump.", 72, 100, 10)
    blocks, warnings = blocks_of_pdf(press.pdf(), ocr=False)
    assert texts(blocks) == ["The sheets before this page show a valve and a pump."]
    assert warnings == ["pages 1-2: pictures, left out"]


def chinese(document: PatentDocument) -> tuple[bytes, list[str | Heading]]:
    """A Chinese publication: one column, the part of the document over each page, and what should be read of it."""
    font = "STSong-Light"
    press = Press(595, 842)
    expected: list[str | Heading] = ["CN199000001A"]
    sections: list[str | Heading] = [Heading(document.titles["zh"])]
    for section in document.sections:
        sections += [Heading(section.heading), *(f"[{p.number}] {p.text}".replace("\n", "") for p in section.paragraphs)]
    claims: list[str | Heading] = [f"{c.number}.{c.text}".replace("\n", "") for c in document.claims]
    for part, contents in (("权 利 要 求 书", claims), ("说 明 书", sections)):
        expected += [Heading(part.replace(" ", "")), *contents]
        lines: list[tuple[str, float]] = []
        for n, content in enumerate(contents):
            indent = 0.0 if str(content).startswith("[") or isinstance(content, Heading) else 2.0
            if isinstance(content, Heading) and n == 0:
                indent = (34 - len(content)) / 2
            lines += chinese_lines(str(content), indent)
        pages = [lines[i : i + 40] for i in range(0, len(lines), 40)]
        for number, page in enumerate(pages, start=1):
            press.put("CN 199000001 A", 80, 50, 10, font)
            press.put(part, 297, 50, 14, font, "centre")
            press.put(f"{number}/{len(pages)} 页", 520, 50, 10, font, "right")
            for row, (text, indent) in enumerate(page):
                press.put(text, 80 + indent * 12.5, 90 + row * 17, 12.5, font)
            press.put(str(number), 297, 810, 10, font, "centre")
            press.page()
    return press.pdf(), expected


def chinese_lines(text: str, indent: float) -> Iterator[tuple[str, float]]:
    line, room = "", 34 - indent
    for token in re.findall(r"[A-Za-z0-9.,%/\-]+|.", text):
        if sum(1.0 if ord(c) > 255 else 0.5 for c in line + token) > room and token not in "，。；：、）":
            yield line, indent
            line, indent, room = "", 0.0, 34.0
        line += token
    yield line, indent


def squeezed(parts: Iterable[str | Heading]) -> list[str | Heading]:
    return [type(part)("".join(part.split())) for part in parts]


def test_a_chinese_publication_comes_back_with_its_parts_as_headings(sample_documents):
    for number in ("CN199000001A", "CN199000002A", "CN199000006B"):
        data, expected = chinese(sample_documents[number])
        assert squeezed(read_back(data)) == squeezed(expected)


def test_a_european_application_reads_as_its_xml(data):
    root = ET.parse(data / "epo" / "st36a" / "DOC00001.xml").getroot()
    expected = []
    for element in root.find("description").iter():
        if element.tag in ("heading", "p"):
            number = element.get("num") if element.tag == "p" else None
            expected.append((f"[{number}] " if number else "") + " ".join("".join(element.itertext()).split()))
    expected += [f"{int(claim.get('num'))}. " + " ".join("".join(claim.itertext()).split()) for claim in root.findall("claims/claim")]
    blocks, _ = blocks_of_pdf((data / "pdf" / "st36a.pdf").read_bytes(), ocr=False)
    read = [block.text for block in blocks if 2 <= block.page <= 10 and block.text not in ("Description", "Claims")]
    assert " ".join(read).replace("’", "'") == " ".join(expected).replace("’", "'")
    fields = [block.text for block in blocks if block.page == 1]
    assert "(54) Image forming method and image forming apparatus" in fields
    assert "(21) Application number: 05255002.7" in fields


def test_pages_are_read_in_any_thread(sample_documents):
    data = grant(paragraphs_of(sample_documents["US99000002B2"]))
    with ThreadPoolExecutor(4) as threads:
        first, *others = threads.map(read_back, [data] * 8)
    assert all(other == first for other in others)


def blank() -> bytes:
    press = Press()
    press.page()
    return press.pdf()


def small(**options: object) -> bytes:
    press = Press(**options)
    press.put("A page with a line of text, and no more.", 72, 100)
    return press.pdf()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "a broken PDF"),
        (b"%PDF-1.7 and nothing else", "a broken PDF"),
        (b"\x00\xff" * 5000, "a broken PDF"),
        (small(encrypt=StandardEncryption("secret", ownerPassword="owner")), "the PDF is encrypted; save it without its password"),
        (Press().pdf(), "without pages"),
        (blank(), "the PDF has no text"),
    ],
    ids=["empty", "only a header", "garbage", "encrypted", "no pages", "blank"],
)
def test_what_can_not_be_read_says_why(data, reason):
    with pytest.raises(ReadError, match=reason) as caught:
        blocks_of_pdf(data)
    assert "\n" not in str(caught.value)


def test_a_file_that_breaks_off_is_told_or_refused(sample_documents):
    data = grant(paragraphs_of(sample_documents["US99000001B2"]))
    for part in range(1, 10):
        try:
            _, warnings = blocks_of_pdf(data[: len(data) * part // 10], ocr=False)
        except ReadError:
            continue
        assert any("breaks off" in warning for warning in warnings)


@pytest.mark.parametrize(("limit", "value"), [("PAGE_LIMIT", 0), ("WORD_LIMIT", 5)])
def test_a_pdf_too_large_is_refused(monkeypatch, limit, value):
    monkeypatch.setattr(f"ingest.pages.pdf.{limit}", value)
    with pytest.raises(ReadError, match=r"up to 0 are read|more than 5 words"):
        blocks_of_pdf(small())


def test_a_page_with_too_many_characters_is_refused(monkeypatch):
    monkeypatch.setattr("ingest.pages.pdf_words.CHARACTER_LIMIT", 10)
    with pytest.raises(ReadError, match=r"page 1 has .* characters"):
        blocks_of_pdf(small())


WORDS = (
    "pump valve housing seal bearing shaft spring comprises wherein the of and is turned lubrication temperature between a pressure sensor its"
    " measuring rotation in to with by respect substantially circumferential which outlet 12 34 said"
).split()


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.integers(25, 66), st.integers(14, 36))
@example(1038, 27, 21)  # one word on the last page, beside the numbers of the lines
def test_whatever_is_set_in_columns_comes_back(seed, rows, gutter):
    random = Random(seed)
    sentences = [" ".join(random.choices(WORDS, k=random.randint(4, 40))).capitalize() + "." for _ in range(rows + random.randint(10, 60))]
    paragraphs = [" ".join(sentences[i : i + 3]) for i in range(0, len(sentences), 3)]
    assert " ".join(read_back(grant(paragraphs, gutter, rows))).replace("-", "") == " ".join([NUMBER, *paragraphs])


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_damage_is_an_error_or_mended_and_nothing_else(data):
    damaged = bytearray(small())
    for _ in range(data.draw(st.integers(1, 12))):
        at = data.draw(st.integers(0, len(damaged) - 1))
        match data.draw(st.sampled_from(["set", "cut", "double"])):
            case "set":
                damaged[at] = data.draw(st.integers(0, 255))
            case "cut":
                del damaged[at : at + data.draw(st.integers(1, 40))]
            case _:
                damaged[at:at] = damaged[at : at + 60]
    try:
        blocks, _ = blocks_of_pdf(bytes(damaged), ocr=False)
    except ReadError as error:
        assert str(error) and "\n" not in str(error)
    else:
        assert all(block.text for block in blocks)
