"""PDF documents: the text layer by pdfium, OCR for the pages that have none, and the blocks that they make.

pdfium is given the whole file and asked for one page at a time; nothing of it runs in two threads at once (`PDFIUM`). Damage that
pdfium can mend is mended; what can't be read is an error or a warning, never an empty page.
"""

import re
from collections.abc import Sequence
from itertools import groupby
from typing import Literal

import numpy as np
import pypdfium2

from ingest.errors import ReadError
from ingest.pages.ocr import DPI, PageReader, Reading
from ingest.pages.page import Page
from ingest.pages.page_blocks import blocks_of
from ingest.pages.page_picture import Picture, shows_text
from ingest.pages.pdf_words import FARTHEST, PDFIUM, page_of
from ingest.printed.blocks import Block

PAGE_LIMIT = 5_000
WORD_LIMIT = 2_000_000
"""Of a whole document: some 750 MB of memory. The longest patents have half a million."""
_PIXELS = 30_000_000
"""Of a page's picture at most: A1 at 200 dpi. A larger page is shown smaller."""
_FEW, _TEXT = 20, 60
"""Words: a page with fewer than the first has a head at most, one with more than the second has text."""
_STRAY = 6
"""Words, at most, that a barcode makes or a number up the margin."""
_CLEAN = re.compile(r"[\"'(“‘\[]*(?:[A-Z]?[a-z]+|[A-Z]+|\d[\d.,/]*)(?:[-’'](?:[a-z]+|[A-Z]+)?)*[)\]\"'”’.,;:—-]*")
_LATIN = re.compile(r"[\x21-\x7e]+")


def blocks_of_pdf(data: bytes, ocr: bool | Literal["auto"] = "auto") -> tuple[list[Block], list[str]]:
    """The blocks of a PDF in the order of reading, and what is to be known of them: pages read by OCR, drawings left out.

    `ocr`: "auto" reads the pages that have no text layer, or a scan's bad one, from their picture; True all scanned pages, whose
    text layer is somebody else's OCR; False none. Raises ReadError where the file can't be opened or has no text that can be read,
    and where it is a scan and tesseract is not installed.
    """
    document = _opened(data)
    try:
        pages, warnings = _pages(document)
        if b"%%EOF" not in data[-4096:]:
            warnings.append("the file breaks off before its end mark; pages may be missing")
        has_text = any(len(page.words) > _TEXT for page in pages)
        for_ocr = [page for page in pages if _needs_ocr(page, has_text, document, ocr)]
        layers = {page.number for page in pages if page.scanned and page.words}
        readings, problems = _read_by_ocr(for_ocr, has_text, document)
    finally:
        with PDFIUM:
            document.close()
    blocks, drawings = blocks_of(pages)
    warnings += problems
    if drawings:
        warnings.append(f"{_named(drawings)}: {'drawings' if ocr else 'pictures'}, left out")
    if not blocks:
        raise ReadError("; ".join(["the PDF has no text", *warnings]))
    if read := {number: reading for number, reading in readings.items() if number not in drawings and reading.words}:
        letters = {number: sum(len(word.text) for word in reading.words) for number, reading in read.items()}
        mean = sum(read[number].confidence * letters[number] for number in read) / sum(letters.values())
        warnings.append(f"{_named(list(read))}: read by OCR, mean confidence {mean:.0f} %; check quotations against the page")
    if left := sorted(layers - readings.keys() - set(drawings)):
        warnings.append(f"{_named(left)}: a scan, read from the text layer of somebody's OCR; check quotations against the page")
    if garbled := [page.number for page in pages if page.unreadable > _STRAY]:
        warnings.append(f"{_named(garbled)}: words in a private encoding were left out")
    if turned := [page.number for page in pages if page.sideways > _STRAY]:
        warnings.append(f"{_named(turned)}: words that run in another direction were left out")
    return blocks, warnings


def _opened(data: bytes) -> pypdfium2.PdfDocument:
    with PDFIUM:
        try:
            document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            if b"/Encrypt" in data and "password" in str(error):  # of a PDF without pages pdfium gives the reason of the last that failed
                raise ReadError("the PDF is encrypted; save it without its password") from error
            raise ReadError("a broken PDF, or one without pages, which pdfium can't open") from error
        if not 0 < len(document) <= PAGE_LIMIT:
            count = len(document)
            document.close()
            raise ReadError(f"a PDF of {count} pages; up to {PAGE_LIMIT} are read" if count else "a PDF without pages")
        return document


def _pages(document: pypdfium2.PdfDocument) -> tuple[list[Page], list[str]]:
    """The pages with their text layers, and a warning where some can't be loaded."""
    pages, broken = [], []
    words = 0
    for i in range(len(document)):
        with PDFIUM:
            try:
                page = document[i]
                try:
                    pages.append(page_of(page, i + 1))
                finally:
                    page.close()
            except pypdfium2.PdfiumError:
                broken.append(i + 1)
        words += len(pages[-1].words) if pages else 0
        if words > WORD_LIMIT:
            raise ReadError(f"more than {WORD_LIMIT} words on the first {i + 1} pages; split the PDF")
    return pages, [f"{_named(broken)}: broken, not read"] if broken else []


def _needs_ocr(page: Page, has_text: bool, document: pypdfium2.PdfDocument, ocr: bool | Literal["auto"]) -> bool:
    """Whether the text of a page is to be had from its picture only. Where others have text, one without is likely to be a drawing."""
    if ocr is False:
        return False
    if page.unreadable * 4 > len(page.words) or (ocr is True and page.scanned):
        return True
    if len(page.words) < _FEW:
        return page.drawn and (not has_text or shows_text(picture_of(document, page.number, 100)))
    return page.scanned and not _is_clean(page)


def _is_clean(page: Page) -> bool:
    """Whether the words of a scan's text layer look like words: no digits or signs inside, no capitals after small letters."""
    latin = [word.text for word in page.words if _LATIN.fullmatch(word.text)]
    return len(latin) < _TEXT or sum(_CLEAN.fullmatch(text) is not None for text in latin) > 0.95 * len(latin)


def _read_by_ocr(for_ocr: Sequence[Page], has_text: bool, document: pypdfium2.PdfDocument) -> tuple[dict[int, Reading], list[str]]:
    """Gives pages the words of their pictures. What can't be read is in the warnings; a mere scan without OCR is an error."""
    readings: dict[int, Reading] = {}
    if not for_ocr:
        return readings, []
    try:
        reader = PageReader()
    except ReadError as error:
        if not has_text:
            raise
        return readings, [f"{_named([page.number for page in for_ocr])}: only as good as the text layer; {error}"]
    warnings = []
    for page in for_ocr:
        picture = picture_of(document, page.number, DPI)
        try:
            reading = readings[page.number] = reader.read(picture)
        except ReadError as error:
            warnings.append(f"page {page.number}: not read; {error}")
            continue
        page.words, page.scanned, page.drawn, page.unreadable = reading.words, True, True, 0
        page.height, page.width = (side * 72 / picture.dpi for side in picture.pixels.shape)
    return readings, warnings


def picture_of(document: pypdfium2.PdfDocument, number: int, dpi: int) -> Picture:
    """A page (from 1) as it is seen; at fewer dots to the inch where it is very large."""
    with PDFIUM:
        page = document[number - 1]
        try:
            width, height = page.get_size()
            dpi = min(dpi, int(72 * (_PIXELS / max(width * height, 1)) ** 0.5))
            if dpi < 1 or max(width, height) > FARTHEST:
                raise ReadError(f"page {number} is {width:.0f} by {height:.0f} points: too large to be shown")
            bitmap = page.render(scale=dpi / 72, grayscale=True)
            try:
                pixels = np.array(bitmap.to_numpy()).reshape(bitmap.height, bitmap.width)
            finally:
                bitmap.close()
        finally:
            page.close()
    return Picture(pixels, dpi)


def _named(numbers: Sequence[int]) -> str:
    """`page 3`, `pages 2-4, 7`."""
    runs = [[number for _, number in run] for _, run in groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0])]
    text = ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else f"{run[0]}" for run in runs)
    return f"page{'s' if len(numbers) > 1 else ''} {text}"
