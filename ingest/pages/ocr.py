"""The words of a page's picture by OCR: tesseract, a program of the system (Debian: tesseract-ocr, and a package for each language)."""

import os
import re
import shutil
import statistics
import subprocess
from dataclasses import dataclass
from functools import lru_cache

from ingest.errors import ReadError
from ingest.pages.page import Word
from ingest.pages.page_picture import Picture, straight

DPI = 200
"""Of the pictures. More is slower, and old print is not read better (benchmarks/pdf.py --dpi 300)."""
PACKAGES = {"eng": "tesseract-ocr-eng", "chi_sim": "tesseract-ocr-chi-sim"}
"""The languages that are read, by tesseract's names, and the Debian package of each."""
SECONDS = 120.0
"""For a page; one of dense print takes 2 to 6."""
_SURE = 70.0
"""Percent; pages in the language of the model are read with more."""
_DESCENDER = re.compile(r"[gjpqy,;()\[\]{}|/Q]")


@dataclass(frozen=True, slots=True)
class Reading:
    """The words of a picture, places in points, in tesseract's order; `confidence` is their mean in percent, weighted by length."""

    words: list[Word]
    confidence: float


class PageReader:
    """Reads the pages of one document, each in the language of the one before until tesseract is unsure of it.

    Raises ReadError where tesseract or its English is not installed.
    """

    def __init__(self) -> None:
        require("eng")
        self._language, self._other = "eng", "chi_sim"

    def read(self, picture: Picture) -> Reading:
        """What stands in a picture. Raises ReadError as `read_picture` does."""
        picture = straight(picture)
        reading = read_picture(picture, self._language)
        if not reading.words or reading.confidence > _SURE:
            return reading
        try:
            other = read_picture(picture, self._other)
        except ReadError:
            if len(reading.words) > 50 and reading.confidence < 50:  # a page of text, and not in this language
                raise
            return reading
        if other.confidence > reading.confidence + 5:
            self._language, self._other = self._other, self._language
            return other
        return reading


def require(languages: str) -> None:
    """Raises ReadError where tesseract or a language (`chi_sim+eng`) is not installed, with the packages to install."""
    program = shutil.which("tesseract")
    if program is None:
        missing = ["tesseract-ocr", *PACKAGES.values()]
    else:
        missing = [PACKAGES[language] for language in languages.split("+") if language not in _installed(program)]
    if missing:
        raise ReadError(f"scanned pages need OCR, and it is not installed: apt-get install {' '.join(missing)}")


@lru_cache(maxsize=4)
def _installed(program: str) -> frozenset[str]:
    listed = subprocess.run([program, "--list-langs"], capture_output=True, timeout=60, check=False)
    return frozenset((listed.stdout + listed.stderr).decode("utf-8", "replace").split())


def read_picture(picture: Picture, languages: str, layout: int = 3) -> Reading:
    """What stands in a picture. `layout` is tesseract's page segmentation mode.

    Raises ReadError where tesseract or a language is not installed, where it fails, and where it takes longer than SECONDS.
    """
    require(languages)
    height, width = picture.pixels.shape
    command = ["tesseract", "stdin", "stdout", "-l", languages, "--psm", str(layout), "--dpi", str(picture.dpi), "-c", "tessedit_create_tsv=1"]
    image = b"P5 %d %d 255\n" % (width, height) + picture.pixels.tobytes()
    try:
        done = subprocess.run(command, input=image, capture_output=True, timeout=SECONDS, check=False, env={**os.environ, "OMP_THREAD_LIMIT": "1"})
    except subprocess.TimeoutExpired as error:
        raise ReadError(f"tesseract took longer than {SECONDS:.0f} s") from error
    if done.returncode:
        problem = " ".join(done.stderr.decode("utf-8", "replace").split())
        raise ReadError(f"tesseract failed: {problem[:200] or f'exit status {done.returncode}'}")
    return _reading(done.stdout.decode("utf-8", "replace"), picture.dpi)


def _reading(table: str, dpi: int) -> Reading:
    """From tesseract's TSV: level, page, block, paragraph, line, word, left, top, width, height, confidence, text."""
    lines: dict[tuple[str, ...], list[tuple[str, float, float, float, float]]] = {}
    weight = total = 0.0
    for row in table.split("\n"):
        cells = row.split("\t")
        if len(cells) != 12 or cells[0] != "5" or not (text := cells[11].strip()):
            continue
        left, top, width, height = (int(cell) * 72 / dpi for cell in cells[6:10])
        lines.setdefault(tuple(cells[2:5]), []).append((text, left, top, left + width, top + height))
        weight += len(text)
        total += float(cells[10]) * len(text)
    words = [word for line in lines.values() for word in _on_one_base(line)]
    return Reading(words, total / weight if weight else 0.0)


def _on_one_base(line: list[tuple[str, float, float, float, float]]) -> list[Word]:
    """The words of a line. Their boxes end where their letters do, so the base is that of the words without descenders."""
    feet = [bottom for text, _, _, _, bottom in line if not _DESCENDER.search(text)]
    base = statistics.median(feet) if feet else statistics.median(bottom - 0.2 * (bottom - top) for _, _, top, _, bottom in line)
    size = max(1.0, 1.3 * statistics.median(base - top for _, _, top, _, _ in line))
    return [Word(text, left, right, base, size) for text, left, _, right, _ in line if right > left]
