"""Parsing speed and memory: python benchmarks/throughput.py [--megabytes 500] [--langchain 12]

One concatenation of so many megabytes, made of the weekly grant files with the document numbers changed, parsed without embedding:
in one process, in two worker processes, and one of a tenth of the size for the memory. Then LangChain's usual way over unstructured's
XML partition, on the first megabytes of the same records (it can't read a concatenation: they are cut apart first, untimed), beside
this project on the same records. Each measurement runs in a process of its own, the two of a ratio right after each other, `--rounds`
times; the medians are printed.
"""

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from footprint import concatenation

ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


def parse(path: Path, workers: int) -> dict[str, float]:
    """Seconds, documents, paragraphs, and the peak memory of this process and of its largest child, in MiB."""
    import resource

    from ingest import PatentDocument, read

    started = time.perf_counter()
    documents = paragraphs = 0
    for outcome in read(path, workers):
        if isinstance(outcome, PatentDocument):
            documents += 1
            paragraphs += sum(len(s.paragraphs) for s in outcome.sections)
    seconds = time.perf_counter() - started
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024
    return {"seconds": seconds, "documents": documents, "paragraphs": paragraphs, "peak": peak}


def langchain(path: Path) -> dict[str, float]:
    """UnstructuredXMLLoader's way: unstructured's partition of each record, without its download."""
    import resource

    from ingest.files.offline import partitioner

    partitioner("text")  # what replaces the model that unstructured would download
    from unstructured.partition.xml import partition_xml

    records = [r for r in re.split(rb"(?=<\?xml[ \t])", path.read_bytes()) if r.strip()]
    started = time.perf_counter()
    pieces = 0
    with tempfile.TemporaryDirectory() as folder:
        for i, record in enumerate(records):
            file = Path(folder) / f"{i}.xml"
            file.write_bytes(record)
            pieces += len(partition_xml(filename=str(file)))
    seconds = time.perf_counter() - started
    return {"seconds": seconds, "documents": len(records), "paragraphs": pieces, "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def run(*arguments: object) -> dict[str, float]:
    command = [sys.executable, __file__, "--child", *map(str, arguments)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, env={**os.environ, **ONE_THREAD})
    result: dict[str, float] = json.loads(done.stdout)
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, default=500)
    parser.add_argument("--langchain", type=int, default=12, help="megabytes for the comparison")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--child", nargs="+")
    options = parser.parse_args()
    if options.child:
        way, path, *rest = options.child
        print(json.dumps(langchain(Path(path)) if way == "langchain" else parse(Path(path), int(rest[0]))))
        return
    with tempfile.TemporaryDirectory() as folder:
        large, small, few = (Path(folder) / f"{name}.xml" for name in ("large", "small", "few"))
        concatenation(large, options.megabytes)
        concatenation(small, options.megabytes // 10)
        concatenation(few, options.langchain)
        size = large.stat().st_size / 1e6
        ratios, speeds = [], []
        for _ in range(options.rounds):
            one, two = run("ours", large, 1), run("ours", large, 2)
            assert one["paragraphs"] == two["paragraphs"]
            ratios.append(one["seconds"] / two["seconds"])
            speeds.append((size / one["seconds"], size / two["seconds"]))
        print(f"{size:.0f} MB, {one['documents']:.0f} documents, {one['paragraphs']:,.0f} paragraphs")
        print(f"one process   {statistics.median(s for s, _ in speeds):5.1f} MB/s, peak {one['peak']:.0f} MiB")
        print(f"two workers   {statistics.median(s for _, s in speeds):5.1f} MB/s, {statistics.median(ratios):.2f} times, ", end="")
        print(f"peak {two['peak']:.0f} MiB each")
        tenth = run("ours", small, 1)
        print(f"a tenth of it: peak {tenth['peak']:.0f} MiB")
        ours, theirs = run("ours", few, 1), run("langchain", few)
        mb = few.stat().st_size / 1e6
        print(
            f"on {mb:.0f} MB: ours {mb / ours['seconds']:.1f} MB/s, peak {ours['peak']:.0f} MiB; unstructured {mb / theirs['seconds']:.2f} MB/s, ",
            end="",
        )
        print(f"peak {theirs['peak']:.0f} MiB: {theirs['seconds'] / ours['seconds']:.0f} times")


if __name__ == "__main__":
    main()
