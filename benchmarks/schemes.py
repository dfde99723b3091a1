"""Reading whole classifications on one core: PYTHONPATH=. python benchmarks/schemes.py

For each file of schemes: how long it takes from the packed file to `SchemeEntry`s with the full path of titles, how many entries and
errors there are, how many megabytes of XML or text that is, and the peak of memory, each in a process of its own that keeps no entry.
`--documents` makes a `PatentDocument` of each as well. The last lines are what one `Symbol` costs.
"""

import argparse
import gzip
import multiprocessing
import resource
import time
import timeit
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from collection import DATA

from ingest import SchemeEntry, Source, Symbol
from ingest.schemes.cpc import read_cpc_scheme
from ingest.schemes.cpc_definitions import read_cpc_definitions
from ingest.schemes.ipc import read_ipc_scheme
from ingest.schemes.scheme import Entries, Given
from ingest.schemes.symbol import standard
from ingest.schemes.title_list import read_title_list

Reader = Callable[[bytes, Given], Entries]
SCHEMES: dict[str, tuple[str, Reader]] = {
    "IPC 2026 in Chinese, titles": ("ipc/ipc_2026_zh.tsv.gz", read_title_list),
    "IPC of about 1980, scheme": ("ipc/ipc_scheme_old_en.zip", read_ipc_scheme),
    "CPC 2019, scheme": ("cpc/CPCSchemeXML201908.zip", read_cpc_scheme),
    "CPC 2025, definitions": ("cpc/FullCPCDefinitionXML202505.zip", read_cpc_definitions),
}


def files(path: Path) -> Iterator[bytes]:
    if path.suffix == ".gz":
        yield gzip.decompress(path.read_bytes())
        return
    with zipfile.ZipFile(path) as archive:
        for name in sorted(archive.namelist()):
            yield archive.read(name)


def measure(name: str, documents: bool) -> tuple[float, int, int, int, float]:
    """Seconds, entries, errors, bytes, and the peak of memory in MB."""
    path, reader = SCHEMES[name]
    started = time.perf_counter()
    entries = errors = size = 0
    given: Given = {}
    for data in files(DATA / path):
        size += len(data)
        for entry in reader(data, given):
            if isinstance(entry, SchemeEntry):
                entries += bool(entry.text if not documents else entry.document(Source()).title)
            else:
                errors += 1
    return time.perf_counter() - started, entries, errors, size, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--documents", action="store_true")
    documents = parser.parse_args().documents
    print(f"{'scheme':30}{'entries':>9}{'errors':>8}{'MB':>7}{'s':>7}{'MB/s':>7}{'peak MB':>9}")
    total = 0.0
    for name in SCHEMES:
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            seconds, entries, errors, size, peak = pool.apply(measure, (name, documents))
        total += seconds
        print(f"{name:30}{entries:>9,}{errors:>8}{size / 1e6:>7.1f}{seconds:>7.2f}{size / 1e6 / seconds:>7.1f}{peak:>9.0f}")
    print(f"all: {total:.1f} s")
    for what, make in (
        ("Symbol('A01B0001020000')", lambda: Symbol("A01B0001020000")),
        ("standard, asked before", lambda: standard("A01B0001020000")),
        ("Symbol.of_parts, asked before", lambda: Symbol.of_parts("A", "01", "B", "1", "02")),
        ("ancestors of a subgroup", Symbol("A01B 1/02").ancestors),
    ):
        print(f"{what:30}{min(timeit.repeat(make, number=100_000, repeat=5)) * 1e4:>7.0f} ns")


if __name__ == "__main__":
    main()
