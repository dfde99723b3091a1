"""The words of a PDF page with their places, from its text layer.

pdfium (through pypdfium2) gives characters in the order in which they were drawn, which is seldom the order of reading; so a word
carries where it stands, and the order is found from that. pdfium is not thread-safe: whoever calls this holds `PDFIUM`.
"""

import ctypes
import re
import threading
from collections.abc import Iterator

import pypdfium2
import pypdfium2.raw as pdfium

from ingest.errors import ReadError
from ingest.mathml import SUBSCRIPT, SUPERSCRIPT
from ingest.pages.hyphens import DIVIDED
from ingest.pages.page import Page, Word

PDFIUM = threading.Lock()
CHARACTER_LIMIT = 200_000
"""Characters of a page; a page of a patent has 3,000 to 10,000."""
FARTHEST = 20_000.0
"""Points; a page has 14,400 at most (ISO 32000, annex C)."""
_MUCH = 1500
"""Characters; a drawing has fewer."""
PIECE_LIMIT = 20_000
"""Text objects of a page; pdfium's time grows with their square, and these take it two seconds."""
_WORD = re.compile(r"[^\s\x00]+")
_SCRIPT = re.compile(r"[A-Za-z)\]\d][\d+\-−–]")
"""A character after which a raised or lowered one is usual: H2O, 10-3."""
_UNREADABLE = re.compile(r"[\x00\x01\x03-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ue000-\uf8ff\ufffd]")


def page_of(page: pypdfium2.PdfPage, number: int) -> Page:
    """The text layer of a page. Raises ReadError where it has more than CHARACTER_LIMIT characters or PIECE_LIMIT pieces of text."""
    left, bottom, right, top = (max(-FARTHEST, min(FARTHEST, edge)) for edge in page.get_bbox())
    seen = Page(number, right - left, top - bottom)
    if page.get_rotation() in (90, 270):
        seen.width, seen.height = seen.height, seen.width
    paths = _look_at(page, seen)
    text_page = page.get_textpage()
    try:
        _read_words(text_page, seen, (left, bottom, right, top))
        seen.drawn = seen.drawn or (paths > 20 and text_page.count_chars() < _MUCH)
    finally:
        text_page.close()
    return seen


def _look_at(page: pypdfium2.PdfPage, seen: Page) -> int:
    """Finds out whether images, or strips of one, cover two thirds of the page, or some of it; the number of its lines.

    Raises ReadError where there are more than PIECE_LIMIT pieces of text, also in forms.
    """
    texts = paths = looked = 0
    images = framed = 0.0
    forms = [(pdfium.FPDFPage_CountObjects, pdfium.FPDFPage_GetObject, page.raw)]
    while forms and looked < 10 * PIECE_LIMIT:
        count, get, holder = forms.pop()
        outermost = looked == 0
        for i in range(min(count(holder), 10 * PIECE_LIMIT - looked)):
            thing = get(holder, i)
            kind = pdfium.FPDFPageObj_GetType(thing)
            texts += kind == pdfium.FPDF_PAGEOBJ_TEXT
            if kind == pdfium.FPDF_PAGEOBJ_FORM:
                forms.append((pdfium.FPDFFormObj_CountObjects, pdfium.FPDFFormObj_GetObject, thing))
            if outermost and kind in (pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_FORM):
                images += _area(thing) * (kind == pdfium.FPDF_PAGEOBJ_IMAGE)
                framed += _area(thing) * (kind == pdfium.FPDF_PAGEOBJ_FORM)
            paths += kind == pdfium.FPDF_PAGEOBJ_PATH
            looked += 1
        if texts > PIECE_LIMIT:
            raise ReadError(f"page {seen.number} has more than {PIECE_LIMIT} pieces of text, for which pdfium takes too long")
    area = max(seen.width * seen.height, 1.0)
    seen.scanned, seen.drawn = images > 0.66 * area, images + framed > 0.2 * area
    return paths


def _area(thing: object) -> float:
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    pdfium.FPDFPageObj_GetBounds(thing, left, bottom, right, top)
    return (right.value - left.value) * (top.value - bottom.value)


def _read_words(text_page: pypdfium2.PdfTextPage, page: Page, bounds: tuple[float, float, float, float]) -> None:
    """Fills `page` with the words of the direction that most of the text runs in, and counts the others: a number up the margin."""
    count = text_page.count_chars()
    if count > CHARACTER_LIMIT:
        raise ReadError(f"page {page.number} has {count} characters of text; more than {CHARACTER_LIMIT} on a page are not read")
    if count <= 0:
        return
    text = _text(text_page, count)
    doubtful = _UNREADABLE.search(text) is not None
    places = _Places(text_page, bounds)
    turns: dict[int, list[Word]] = {}
    line: list[Word] = []
    end, turn = -1, 0
    for match in _WORD.finditer(text):
        if end < 0 or "\n" in text[end : match.start()]:  # these are the same for a whole line
            if line and places.bold(end - 1):
                _embolden(line)
            turn, line = places.turn(match.start()), []
            starts_bold = places.bold(match.start())
        start, end = match.span()
        if doubtful and len(_UNREADABLE.findall(match.group())) * 2 > end - start:
            page.unreadable += 1
            continue
        for direction, word in _words(match.group(), start, turn, places):
            turns.setdefault(direction, []).append(word)
            if starts_bold:
                line.append(word)
    if line and places.bold(end - 1):
        _embolden(line)
    if turns:
        upright = max(turns, key=lambda turn: sum(len(word.text) for word in turns[turn]))
        page.words = turns[upright]
        page.sideways = sum(map(len, turns.values())) - len(page.words)
        width, height = bounds[2] - bounds[0], bounds[3] - bounds[1]
        page.width, page.height = (height, width) if upright % 2 else (width, height)


def _embolden(words: list[Word]) -> None:
    for word in words:
        word.bold = True


def _text(text_page: pypdfium2.PdfTextPage, count: int) -> str:
    """The characters, one for each index of pdfium (half of a surrogate pair is one)."""
    buffer = (ctypes.c_ushort * (count + 1))()
    if pdfium.FPDFText_GetText(text_page, 0, count, buffer) != count + 1:
        return "".join(chr(pdfium.FPDFText_GetUnicode(text_page, i)) for i in range(count))
    return "".join(map(chr, buffer[:count])).replace("\ufffe", DIVIDED)


def _words(text: str, start: int, turn: int, places: "_Places") -> Iterator[tuple[int, Word]]:
    """What pdfium has as one word, with its direction; two where the second stands elsewhere or runs another way."""
    left, right, base, size = places.of(start, turn)
    if len(text) > 1:
        _, right, last_base, last_size = places.of(start + len(text) - 1, turn)
        if right < left or abs(last_base - base) > 0.1 * size or not 0.85 * size < last_size < 1.18 * size or _SCRIPT.search(text):
            yield from _pieces(text, start, places)
            return
    if _is_on_page(left, right, base, size):
        yield turn, Word(_whole(text), left, right, base, size)


def _pieces(text: str, start: int, places: "_Places") -> Iterator[tuple[int, Word]]:
    """The same, character by character, with raised and lowered characters marked as such."""
    turn, word = 0, None
    small, raised = "", False  # the raised or lowered characters at the end of the word so far
    for i, character in enumerate(text, start=start):
        left, right, base, size = places.of(i, turn)
        if not _is_on_page(left, right, base, size):
            if word is not None:  # a generated character, such as the hyphen of a divided word, has no place of its own
                word.text, small = word.text + _script(small, raised) + character, ""
            continue
        if word is not None and abs(base - word.base) < 0.6 * word.size and -0.5 * word.size < left - word.right < 1.5 * word.size:
            word.right = max(word.right, right)
            if size < 0.85 * word.size and abs(base - word.base) > 0.08 * word.size:
                small, raised = small + character, base < word.base
            else:
                word.text, small = word.text + _script(small, raised) + character, ""
            continue
        if word is not None:
            word.text, small = _whole(word.text + _script(small, raised)), ""
            yield turn, word
        turn = places.turn(i)
        word = Word(character, *places.of(i, turn))
    if word is not None:
        word.text = _whole(word.text + _script(small, raised))
        yield turn, word


def _is_on_page(left: float, right: float, base: float, size: float) -> bool:
    """False for what has no place, or a senseless one (not a number, or further away than any page is large)."""
    return -FARTHEST < left < right < FARTHEST and -FARTHEST < base < FARTHEST and 0 < size < FARTHEST


def _script(small: str, raised: bool) -> str:
    """Unicode's superscript or subscript of a short run; a longer one, such as the edition after an IPC symbol, stands apart."""
    if len(small) > 4:
        return " " + small
    return small.translate(SUPERSCRIPT if raised else SUBSCRIPT)


def _whole(text: str) -> str:
    """Surrogate pairs as the characters that they stand for."""
    return text if text.isascii() else text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


class _Places:
    """Where the characters of a page stand, in the coordinates of `Word`."""

    def __init__(self, text_page: pypdfium2.PdfTextPage, bounds: tuple[float, float, float, float]) -> None:
        self._page = text_page.raw
        self._bounds = bounds
        self._x, self._y = ctypes.c_double(), ctypes.c_double()
        self._box = pdfium.FS_RECTF()
        self._at_x, self._at_y, self._at_box = ctypes.byref(self._x), ctypes.byref(self._y), ctypes.byref(self._box)
        self._font, self._flags = ctypes.create_string_buffer(64), ctypes.c_int()

    def turn(self, index: int) -> int:
        """By how many quarter turns clockwise the page is to be turned for this character to stand upright."""
        angle = pdfium.FPDFText_GetCharAngle(self._page, index)  # clockwise, in radians
        return -round(angle / 1.5707963) % 4 if angle >= 0 else 0

    def bold(self, index: int) -> bool:
        pdfium.FPDFText_GetFontInfo(self._page, index, self._font, 64, ctypes.byref(self._flags))
        return b"bold" in self._font.value.lower()

    def of(self, index: int, turn: int) -> tuple[float, float, float, float]:
        """Left, right, base and size."""
        box, (x0, y0, x1, y1) = self._box, self._bounds
        box.left = box.right = box.top = box.bottom = 0.0
        pdfium.FPDFText_GetCharOrigin(self._page, index, self._at_x, self._at_y)
        pdfium.FPDFText_GetLooseCharBox(self._page, index, self._at_box)
        if turn == 0:
            return box.left - x0, box.right - x0, y1 - self._y.value, box.top - box.bottom
        if turn == 1:
            return box.bottom - y0, box.top - y0, self._x.value - x0, box.right - box.left
        if turn == 2:
            return x1 - box.right, x1 - box.left, self._y.value - y0, box.top - box.bottom
        return y1 - box.top, y1 - box.bottom, x1 - self._x.value, box.right - box.left
