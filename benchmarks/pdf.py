"""How well and how fast PDFs are read: python benchmarks/pdf.py [--no-ocr | --dpi 300]

Character error rate (Levenshtein distance over the length of the truth) of the text layer and of OCR as `ingest.pages.pdf` reads them,
beside `pypdf` and unstructured's "fast" strategy, and pages a second. Before the comparison all is put into small letters, white space
becomes one blank, typographic quotation marks and dashes become plain ones, and compatibility characters are decomposed (NFKC).

The truth of old patents is the transcripts of the shared data. Of these many are abridged or retold, so only those pages count that
were transcribed in full: they are named in `TRANSCRIBED`, the others in the note under the table. The truth of the EPO's document is
the same document's XML. Drawing sheets are no part of the comparison. unstructured is compared where `unstructured[pdf]` is installed; it
would download a spaCy model, so a blank pipeline stands in its place.
"""

import os

os.environ.update(OMP_NUM_THREADS="1", OMP_THREAD_LIMIT="1", UNSTRUCTURED_DISABLE_NOTICE="1", SCARF_NO_ANALYTICS="true", DO_NOT_TRACK="true")

import argparse
import io
import logging
import re
import statistics
import time
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pypdf
import pypdfium2
from blank_pipeline import put_blank_pipeline
from collection import DATA
from lxml import etree
from rapidfuzz.distance import Levenshtein

import ingest.pages.pdf
from ingest.pages.pdf import blocks_of_pdf
from ingest.printed.blocks import Block

CLASSIC = DATA / "pdf" / "classic"
EUROPEAN = DATA / "pdf" / "st36a.pdf", DATA / "epo" / "st36a" / "DOC00001.xml"
TRANSCRIBED = {  # pages of the PDF, and the pages of the transcript that hold their text
    "us-132-davenport-electric-motor": ([2, 3], [2, 3]),
    "us-157124-glidden-barbed-wire": ([2], [2]),
    "us-1781541-einstein-refrigerator": ([2, 3, 4], [2, 3, 4]),
    "us-223898-edison-lightbulb": ([2, 3, 4], [2, 3, 4]),
    "us-247804-delaval-separator": ([2, 3], [2, 3]),
    "us-36836-gatling-gun": ([2, 3], [2, 3]),
    "us-6469-lincoln-buoy": ([2, 3], [1, 2, 3]),
    "us-879532-de-forest-audion": ([2, 3, 4], [2, 3, 4]),
}
TYPESET = "gb-1420-cort-puddling-rolling", ([1], [1])
"""A PDF that is no scan, and its transcript."""
_PLAIN = str.maketrans("’‘“”—–‐", "''\"\"---")
_PAGE = re.compile(r"^--- REVIEWED TRANSCRIPTION PAGE (\d+) OF \d+ ---$", re.MULTILINE)


def normal(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text.translate(_PLAIN)).lower().split())


def error_rate(truth: str, text: str) -> float:
    return Levenshtein.distance(truth, text) / len(truth)


def transcript(name: str, numbers: list[int]) -> str:
    path = next(p for p in (CLASSIC / f"{name}-reviewed.txt", CLASSIC / f"{name}.txt") if p.exists())
    pieces = _PAGE.split(path.read_text(encoding="utf-8"))
    pages = dict(zip(map(int, pieces[1::2]), pieces[2::2], strict=True))
    return normal("\n".join(pages[number] for number in numbers))


def some_pages(path: Path, numbers: list[int]) -> bytes:
    """A PDF of these pages of another."""
    writer, buffer = pypdf.PdfWriter(), io.BytesIO()
    for number in numbers:
        writer.add_page(pypdf.PdfReader(path).pages[number - 1])
    writer.write(buffer)
    return buffer.getvalue()


def joined(blocks: list[Block]) -> str:
    return " ".join(block.text for block in blocks)


def by_text_layer(data: bytes) -> str:
    return joined(blocks_of_pdf(data, ocr=False)[0])


def by_ocr(data: bytes) -> str:
    return joined(blocks_of_pdf(data, ocr=True)[0])


def by_pypdf(data: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages)


def by_pdfium(data: bytes) -> str:
    """The text as pdfium gives it."""
    document = pypdfium2.PdfDocument(data)
    texts = []
    for page in document:
        text_page = page.get_textpage()
        texts.append(text_page.get_text_range())
        text_page.close()
        page.close()
    document.close()
    return "\n".join(texts)


def by_unstructured() -> Callable[[bytes], str] | None:
    try:
        put_blank_pipeline()
        from unstructured.partition.pdf import partition_pdf
    except ImportError as error:
        print(f"unstructured is left out: {error}")
        return None

    logging.getLogger("unstructured").setLevel(logging.ERROR)

    def read(data: bytes) -> str:
        elements = partition_pdf(file=io.BytesIO(data), strategy="fast", languages=["eng"])
        if not elements:
            raise RuntimeError("unstructured found no elements, which hides an error")
        return "\n".join(map(str, elements))

    return read


def european_truth() -> str:
    root = etree.parse(EUROPEAN[1], etree.XMLParser(resolve_entities=False, load_dtd=False)).getroot()
    parts = ["Description"]
    for element in root.find("description").iter("heading", "p"):
        number = element.get("num") if element.tag == "p" else None
        parts.append((f"[{number}] " if number else "") + " ".join("".join(element.itertext()).split()))
    parts.append("Claims")
    parts += [f"{int(claim.get('num'))}. " + " ".join("".join(claim.itertext()).split()) for claim in root.findall("claims/claim")]
    return normal(" ".join(parts))


def pages_a_second(read: Callable[[bytes], str], files: list[bytes], pages: int) -> float:
    seconds = []
    for _ in range(3):
        started = time.perf_counter()
        for data in files:
            read(data)
        seconds.append(time.perf_counter() - started)
    return pages / min(seconds)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--no-ocr", action="store_true")
    parser.add_argument("--dpi", type=int, default=ingest.pages.pdf.DPI, help="of the pictures for OCR")
    options = parser.parse_args()
    ingest.pages.pdf.DPI = options.dpi
    readers: dict[str, Callable[[bytes], str]] = {"text layer": by_text_layer, "pypdf": by_pypdf}
    if (unstructured := by_unstructured()) is not None:
        readers["unstructured"] = unstructured
    if not options.no_ocr:
        readers["OCR"] = by_ocr
    print(f"{'character error rate, %':36} {'truth':>7} " + " ".join(f"{name:>12}" for name in readers))
    rates: dict[str, list[float]] = {name: [] for name in readers}
    for name, (numbers, parts) in TRANSCRIBED.items():
        truth, data = transcript(name, parts), some_pages(CLASSIC / f"{name}.pdf", numbers)
        for reader, read in readers.items():
            rates[reader].append(error_rate(truth, normal(read(data))))
        print(f"{name:36} {len(truth):7} " + " ".join(f"{100 * values[-1]:12.2f}" for values in rates.values()), flush=True)
    print(f"{'median of the scans':36} {'':7} " + " ".join(f"{100 * statistics.median(values):12.2f}" for values in rates.values()))
    name, (numbers, parts) = TYPESET
    typeset = {
        name: (transcript(name, parts), some_pages(CLASSIC / f"{name}.pdf", numbers)),
        "EP 1 667 425 A1, pages 2-10": (european_truth(), some_pages(EUROPEAN[0], list(range(2, 11)))),
    }
    for name, (truth, data) in typeset.items():
        found = " ".join(f"{100 * error_rate(truth, normal(read(data))):12.2f}" for reader, read in readers.items() if reader != "OCR")
        print(f"{name:36} {len(truth):7} {found}")
    left = sorted(path.stem for path in CLASSIC.glob("*.pdf") if path.stem not in TRANSCRIBED and path.stem != TYPESET[0])
    print(f"Not compared, as their transcripts are abridged or retold: {', '.join(left)}")

    files = [path.read_bytes() for path in [EUROPEAN[0], *sorted(CLASSIC.glob("*.pdf"))]]
    pages = sum(len(pypdf.PdfReader(io.BytesIO(data)).pages) for data in files)
    print(f"\npages a second, of {pages}")
    for name, read in {"pdfium's text": by_pdfium, **readers}.items():
        if name != "OCR":
            print(f"{name:36} {pages_a_second(read, files, pages):7.0f}")
    if not options.no_ocr:
        data = files[1 + sorted(path.stem for path in CLASSIC.glob("*.pdf")).index("us-36836-gatling-gun")]
        started = time.perf_counter()
        by_ocr(data)
        print(f"{'OCR':36} {3 / (time.perf_counter() - started):7.2f}")


if __name__ == "__main__":
    main()
