"""Start-up times and memory: python benchmarks/footprint.py [--megabytes 500]

`patent --help`; `patent ask` in a cold process and an answer in a warm one, on an index of 500 documents (150 grants, 344
applications, 6 Chinese); then the ingest of one concatenation of so many megabytes, made of the weekly grant files with the document
numbers changed, with its speed and peak memory, beside those of a file of a tenth of the size. Texts that come again are
not encoded again, so this shows the reading, the catalogue and the memory, not the encoder.
"""

import argparse
import json
import re
import statistics
import subprocess
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path

from collection import APPLICATIONS, CHINESE, DATA, GRANTS

from assistant import PatentAssistant
from ingest import PatentDocument, read

PATENT = str(Path(sys.executable).with_name("patent"))
CHILD = """
import resource, sys
from assistant.commands import patent
try:
    patent(sys.argv[1:])
finally:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, file=sys.stderr)
"""


def timed(*command: str, runs: int = 5) -> float:
    """The median of some runs, in seconds, after one that fills the disk's cache."""
    seconds = []
    for _ in range(runs + 1):
        started = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        seconds.append(time.perf_counter() - started)
    return statistics.median(seconds[1:])


def concatenation(path: Path, megabytes: int) -> None:
    """Weekly files again and again, each time with other document numbers."""
    weeks = [p.read_bytes() for p in sorted((DATA / GRANTS).glob("*.xml"))]
    with path.open("wb") as out:
        round_ = 0
        while out.tell() < megabytes << 20:
            for week in weeks:
                out.write(re.sub(rb"(<publication-reference>\s*<document-id>\s*<country>US</country>\s*<doc-number>)", rb"\g<1>%04d" % round_, week))
            round_ += 1


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, default=500)
    options = parser.parse_args()
    print(f"patent --help            {timed(PATENT, '--help'):.2f} s")
    with tempfile.TemporaryDirectory() as folder:
        index = f"{folder}/index"
        sources = [DATA / GRANTS, DATA / CHINESE, DATA / APPLICATIONS, DATA / "us_applications/part-1.jsonl.gz"]
        with PatentAssistant.open(index) as assistant:
            made = assistant.ingest(list(islice((d for d in read(sources) if isinstance(d, PatentDocument)), 500)))
        print(f"index of {made.documents} documents, {made.passages:,} passages: {made.seconds:.0f} s")
        question = "How is the outer diameter of a gastric band adjusted?"
        print(f"patent ask, cold         {timed(PATENT, 'ask', question, '--index', index):.2f} s")
        with PatentAssistant.open(index) as assistant:
            rows = [json.loads(line) for line in (Path(__file__).parent / "questions/development.jsonl").read_text("utf-8").splitlines()]
            assistant.ask(question)
            seconds = []
            for row in rows:
                started = time.perf_counter()
                assistant.ask(row["question"])
                seconds.append(time.perf_counter() - started)
        late = sorted(seconds)[int(len(seconds) * 0.95)]
        print(f"ask, warm                {statistics.median(seconds) * 1000:.0f} ms median, {late * 1000:.0f} ms p95")
    for megabytes in (options.megabytes // 10, options.megabytes):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "weeks.xml"
            concatenation(path, megabytes)
            started = time.perf_counter()
            ran = subprocess.run(
                [sys.executable, "-c", CHILD, "ingest", str(path), "--index", f"{folder}/index", "--json"], check=True, capture_output=True, text=True
            )
            seconds_all = time.perf_counter() - started
            report = json.loads(ran.stdout)
            print(
                f"ingest of {path.stat().st_size / 2**20:.0f} MiB        {report['documents']:,} documents, {report['passages']:,} passages, "
                f"{seconds_all:.0f} s, peak {ran.stderr.split()[-1]} MiB"
            )


if __name__ == "__main__":
    main()
