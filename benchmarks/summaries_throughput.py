"""Summary jobs without a language model, in time and memory: python benchmarks/summaries_throughput.py [--documents N] [--pages N]

The same job with one and with two processes: documents and words a second, and the peak of the memory of all processes together (resident, what
they share counted in each). Then one document of growing length, each in a process of its own: pages of 500 words, made by joining the
descriptions of applications.
"""

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
from summaries import applications, without_abstract

from assistant.summaries.extraction import extractive
from ingest import Paragraph, PatentDocument, Section

WORDS_A_PAGE = 500
MIB = 1 << 20


def peak_of(process: "subprocess.Popen[str]") -> int:
    """Bytes that a process and those below it hold at most, asked twenty times a second until it ends."""
    most = 0
    while process.poll() is None:
        held = 0
        for each in _tree(process.pid):
            try:
                held += each.memory_info().rss
            except psutil.Error:  # it has ended
                continue
        most = max(most, held)
        time.sleep(0.05)
    return most


def _tree(pid: int) -> list[psutil.Process]:
    try:
        first = psutil.Process(pid)
        return [first, *first.children(recursive=True)]
    except psutil.Error:
        return []


def jobs(documents: Sequence[PatentDocument]) -> None:
    with TemporaryDirectory() as folder:
        source = Path(folder) / "documents.jsonl"
        source.write_text("".join(f"{d.model_dump_json()}\n" for d in documents), encoding="utf-8")
        for workers in (1, 2):
            arguments = ["summarize", source, "--out", Path(folder) / str(workers), "--workers", workers, "--json"]
            patent = Path(sys.executable).with_name("patent")
            with subprocess.Popen([patent, *map(str, arguments)], stdout=subprocess.PIPE, text=True) as process:
                peak = peak_of(process)
                assert process.stdout is not None
                report = json.loads(process.stdout.read())
            rate = f"{report['documents_per_second']:.1f} documents/s, {report['tokens_per_second']:,.0f} words/s"
            print(f"{workers} workers: {report['made']} documents in {report['seconds']:.1f} s, {rate}, peak {peak / MIB:.0f} MiB")
        same = [(Path(folder) / n / "summaries.jsonl").read_bytes() for n in ("1", "2")]
        print(f"the results are {'the same' if same[0] == same[1] else 'NOT the same'}")


def joined(documents: Sequence[PatentDocument], pages: int) -> PatentDocument:
    """One document with the descriptions of several, of about so many pages."""
    sections: list[Section] = []
    words = number = 0
    for document in documents:
        for section in document.sections:
            paragraphs = []
            for paragraph in section.paragraphs:
                if words >= pages * WORDS_A_PAGE:
                    break
                number += 1
                words += len(paragraph.text.split())
                paragraphs.append(Paragraph(number=f"{number:05d}", text=paragraph.text))
            sections.append(section.model_copy(update={"paragraphs": tuple(paragraphs)}))
    return documents[0].model_copy(update={"sections": tuple(sections)})


def alone(document: PatentDocument) -> tuple[float, int, int, int]:
    """(seconds, bytes held before, bytes held at most, sentences considered)."""
    extractive(document.model_copy(update={"sections": document.sections[:2]}))  # what is loaded at the first document
    before = most_held()
    began = time.perf_counter()
    summary = extractive(document)
    seconds = time.perf_counter() - began
    return seconds, before, most_held(), sum(s.considered for s in summary.coverage)


def most_held() -> int:
    """Bytes that this process has held at most; `ru_maxrss` would count what its parent held, too."""
    [line] = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")]
    return int(line.split()[1]) * 1024


def growth(documents: Sequence[PatentDocument], most: int) -> None:
    for pages in sorted({10, 30, 100, most}):
        document = without_abstract(joined(documents, pages))
        with ProcessPoolExecutor(1, get_context("spawn")) as pool:
            seconds, before, peak, considered = pool.submit(alone, document).result()
        print(
            f"{pages:5} pages, {considered:6} sentences considered: {seconds:6.2f} s, {pages / seconds:5.0f} pages/s, "
            f"peak {peak / MIB:.0f} MiB, {(peak - before) / MIB:.0f} of it for the document"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description="Summary jobs in time and memory.")
    parser.add_argument("--documents", type=int, default=300)
    parser.add_argument("--pages", type=int, default=300)
    asked = parser.parse_args()
    documents = applications("test", asked.documents)
    jobs(documents)
    growth(documents, asked.pages)


if __name__ == "__main__":
    main()
