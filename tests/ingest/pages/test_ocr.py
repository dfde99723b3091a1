"""Scanned pages: what tesseract reads on them comes in the order of reading, and its absence is an error that says what to install."""

import io
import shutil
import subprocess
import unicodedata
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from PIL import Image
from rapidfuzz.distance import Levenshtein
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from ingest.errors import ReadError
from ingest.pages import ocr
from ingest.pages.ocr import PageReader, read_picture
from ingest.pages.page_picture import Picture, shows_text, straight
from ingest.pages.pdf import blocks_of_pdf

pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))

LANGUAGES = (
    subprocess.run(["tesseract", "--list-langs"], capture_output=True, text=True, check=False).stdout.split() if shutil.which("tesseract") else []
)
needs_english = pytest.mark.skipif("eng" not in LANGUAGES, reason="tesseract is not installed: apt-get install tesseract-ocr tesseract-ocr-eng")
needs_chinese = pytest.mark.skipif("chi_sim" not in LANGUAGES, reason="its Chinese is not installed: apt-get install tesseract-ocr-chi-sim")

LEFT = """The valve described below closes a pipe within a few
milliseconds. It has a housing of cast iron with two
flanges, between which a plug turns in a bore. A coil
spring presses a ring of graphite against the plug, but
only while the plug stands still, so that the ring does
not wear. When the plug is to be turned, a magnet lifts
the ring from it against the force of the spring, and a
switch reports that the ring has been lifted. Only then
does a motor begin to turn the plug."""
RIGHT = """After a quarter of a turn the motor stops. The magnet
lets go of the ring, and the spring brings it back to the
plug. A sensor measures the force between both. If it
is too small, the ring is worn or the spring is broken,
and a lamp lights up. The ring can be replaced without
taking the valve out of the pipe, through a cover that is
held by four screws. In tests the ring was still tight
after two million turns, which is twenty times as many
as with valves in which the ring always slides."""
TITLE = "A VALVE WITH A RING THAT DOES NOT WEAR"
TEXT = f"{TITLE} {' '.join(LEFT.split())} {' '.join(RIGHT.split())}"
CHINESE = [
    "一种水泵，包括壳体、电机和控制器，其特征在于，所述电机转动时所述控制器测量水的压力，",
    "压力过低时所述控制器停止所述电机，并且发出报警信号，因此水泵不会在没有水的情况下工作。",
    "传感器安装在壳体的出口处，与控制器连接，每隔一秒发送一次数据。",
] * 4


def printed(title: str = TITLE) -> bytes:
    """A page with a title over two columns and a number at every fifth line."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(595, 842))
    canvas.setFont("Times-Bold", 14)
    canvas.drawCentredString(297, 780, title)
    canvas.setFont("Times-Roman", 10)
    for x, column in ((60, LEFT), (312, RIGHT)):
        for row, line in enumerate(column.splitlines()):
            canvas.drawString(x, 740 - 13 * row, line)
    canvas.drawString(292, 740 - 13 * 4, "5")
    canvas.save()
    return file.getvalue()


def printed_chinese() -> bytes:
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(595, 842))
    canvas.setFont("STSong-Light", 12)
    for row, line in enumerate(CHINESE):
        canvas.drawString(30, 780 - 22 * row, line)
    canvas.save()
    return file.getvalue()


def picture(data: bytes, dpi: int = 200, turn: float = 0.0) -> Image.Image:
    document = pypdfium2.PdfDocument(data)
    page = document[0]
    bitmap = page.render(scale=dpi / 72, grayscale=True)
    image = bitmap.to_pil().copy().rotate(turn, fillcolor=255, resample=Image.Resampling.BICUBIC)
    bitmap.close()
    page.close()
    document.close()
    return image


def scan(*images: Image.Image, layer: str = "") -> bytes:
    """A PDF of pictures only, or with a text layer that nobody sees."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(595, 842))
    for image in images:
        canvas.drawImage(ImageReader(image), 0, 0, 595, 842)
        text = canvas.beginText(60, 780)
        text.setTextRenderMode(3)
        text.setFont("Times-Roman", 10)
        for start in range(0, len(layer), 60):
            text.textLine(layer[start : start + 60])
        canvas.drawText(text)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def drawing() -> Image.Image:
    pixels = np.full((2339, 1653), 255, np.uint8)
    for i in range(12):
        pixels[200 + i * 150 : 203 + i * 150, 200:1400] = 0
        pixels[200:2000, 200 + i * 100 : 203 + i * 100] = 0
    return Image.fromarray(pixels)


def error_rate(read: bytes | str, truth: str) -> float:
    """Of a text, or of what is read of a PDF; white space does not count."""
    if isinstance(read, bytes):
        read = " ".join(block.text for block in blocks_of_pdf(read)[0])
    read, truth = ("".join(unicodedata.normalize("NFKC", text).split()) for text in (read, truth))
    return Levenshtein.distance(truth, read) / len(truth)


@needs_english
@pytest.mark.parametrize("turn", [0.0, 1.2, -1.2])
def test_a_scan_in_two_columns_is_read_column_by_column(turn):
    assert error_rate(scan(picture(printed(), turn=turn)), TEXT) < 0.02


@needs_english
def test_a_scan_in_strips_is_read_as_one():
    image = picture(printed())
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(595, 842))
    for i in range(10):
        strip = image.crop((0, image.height * i // 10, image.width, image.height * (i + 1) // 10))
        canvas.drawImage(ImageReader(strip), 0, 842 - 84.2 * (i + 1), 595, 84.2)
    canvas.save()
    assert error_rate(file.getvalue(), TEXT) < 0.02


@needs_english
def test_the_pages_that_ocr_read_are_told_with_its_confidence():
    blocks, warnings = blocks_of_pdf(scan(picture(printed()), drawing()))
    assert blocks[0].kind == "heading"
    assert blocks[0].text == TITLE
    (left_out, told) = warnings
    assert left_out == "page 2: drawings, left out"
    assert told.startswith("page 1: read by OCR, mean confidence 9")


@needs_chinese
def test_a_chinese_scan_is_read_without_blanks_between_the_characters():
    image = picture(printed_chinese(), 300)
    if not shows_text(Picture(np.asarray(image), 300)):
        pytest.skip("no font with Chinese characters is installed: apt-get install fonts-noto-cjk")
    read = " ".join(block.text for block in blocks_of_pdf(scan(image))[0])
    assert error_rate(read, "".join(CHINESE)) < 0.1
    assert "所述控制器" in read


@needs_english
def test_a_bad_text_layer_is_replaced_and_a_good_one_kept():
    image = picture(printed())
    garbled = "lnvr-ntoil on lmprovernent?n mnnr’na oi Azne's-lcmi7 0! carbOn a8 Se1 " * 12
    bad, good = scan(image, layer=garbled), scan(image, layer=TEXT)
    assert error_rate(bad, TEXT) < 0.02
    assert "lnvr" in blocks_of_pdf(bad, ocr=False)[0][0].text
    assert blocks_of_pdf(good)[1] == ["page 1: a scan, read from the text layer of somebody's OCR; check quotations against the page"]
    assert blocks_of_pdf(good, ocr=True)[1][0].startswith("page 1: read by OCR")


def test_a_scan_without_ocr_is_an_error():
    with pytest.raises(ReadError, match=r"the PDF has no text; page 1: pictures, left out"):
        blocks_of_pdf(scan(picture(printed())), ocr=False)


def test_without_tesseract_the_error_names_the_packages(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ReadError, match=r"apt-get install tesseract-ocr tesseract-ocr-eng tesseract-ocr-chi-sim"):
        blocks_of_pdf(scan(picture(printed())))


def test_without_tesseract_a_document_with_text_is_read_and_its_scans_are_told(monkeypatch, tmp_path):
    document, pages = pypdfium2.PdfDocument(printed()), pypdfium2.PdfDocument(scan(picture(printed())))
    document.import_pages(pages)
    file = io.BytesIO()
    document.save(file)
    for each in (document, pages):
        each.close()
    monkeypatch.setenv("PATH", str(tmp_path))
    blocks, warnings = blocks_of_pdf(file.getvalue())
    assert " ".join(block.text for block in blocks) == TEXT
    assert warnings[0].startswith("page 2: only as good as the text layer; scanned pages need OCR, and it is not installed: apt-get install")


@needs_english
def test_without_a_language_the_error_names_its_package(monkeypatch):
    monkeypatch.setattr(ocr, "_installed", lambda program: frozenset({"osd"}))
    with pytest.raises(ReadError, match=r"apt-get install tesseract-ocr-eng$"):
        blocks_of_pdf(scan(picture(printed())))


def fake_tesseract(folder: Path, script: str) -> None:
    program = folder / "tesseract"
    program.write_text(f'#!/bin/sh\nif [ "$1" = --list-langs ]; then echo eng; echo chi_sim; exit; fi\n{script}\n')
    program.chmod(0o755)


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("echo 'Error in pixRead' >&2; exit 1", "tesseract failed: Error in pixRead"),
        ("exit 3", "tesseract failed: exit status 3"),
        ("exec /bin/sleep 5", "tesseract took longer than 0 s"),
    ],
)
def test_a_tesseract_that_fails_is_an_error_with_its_reason(monkeypatch, tmp_path, script, reason):
    fake_tesseract(tmp_path, script)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(ocr, "SECONDS", 0.2)
    with pytest.raises(ReadError, match=reason):
        blocks_of_pdf(scan(picture(printed())))


def row(*cells: object) -> str:
    return "\t".join(map(str, cells))


def test_of_tesseracts_table_only_words_count(monkeypatch, tmp_path):
    word, nothing = (5, 1, 1, 1, 1, 1, 10, 20, 30, 40, 90, "Pump"), (5, 1, 1, 1, 1, 2, 50, 20, 0, 40, 90, "x")
    rows = [row("level", "page_num"), row(4, 1, 1, 1, 1, 0, 0, 0, 9, 9, -1, ""), row(*word), row(*nothing), "broken"]
    (tmp_path / "table").write_text("\n".join(rows))
    fake_tesseract(tmp_path, f"/bin/cat {tmp_path / 'table'}")
    monkeypatch.setenv("PATH", str(tmp_path))
    reading = read_picture(Picture(np.full((100, 100), 255, np.uint8), 72), "eng")
    assert [word.text for word in reading.words] == ["Pump"]
    assert (reading.words[0].left, reading.words[0].right, reading.confidence) == (10, 40, 90)


def test_a_page_that_english_does_not_read_is_tried_in_chinese_and_so_are_those_after_it(monkeypatch, tmp_path):
    for language, confidence in (("eng", 30), ("chi_sim", 80)):
        (tmp_path / f"{language}.tsv").write_text(row(5, 1, 1, 1, 1, 1, 10, 20, 30, 40, confidence, "Pump"))
    fake_tesseract(tmp_path, f'echo "$4" >> {tmp_path}/calls; /bin/cat {tmp_path}/"$4".tsv')
    monkeypatch.setenv("PATH", str(tmp_path))
    reader = PageReader()
    for _ in range(2):
        assert reader.read(Picture(np.full((100, 100), 255, np.uint8), 72)).confidence == 80
    assert (tmp_path / "calls").read_text().split() == ["eng", "chi_sim", "chi_sim"]


def test_a_slanted_picture_is_straightened():
    for turn in (-1.5, 0.0, 1.5):
        image = Picture(np.asarray(picture(printed(), turn=turn)), 200)
        rows = np.count_nonzero(straight(image).pixels < 128, axis=1)
        assert np.count_nonzero(rows == 0) > 0.85 * len(rows)  # white between the lines again


def test_text_and_drawings_are_told_apart():
    assert shows_text(Picture(np.asarray(picture(printed())), 200))
    assert not shows_text(Picture(np.asarray(drawing()), 200))
