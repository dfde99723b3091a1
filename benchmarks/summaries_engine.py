"""A summary job before vLLM, documents side by side against one after the other: .venv-vllm/bin/python benchmarks/summaries_engine.py

    VLLM_CPU_KVCACHE_SPACE=1 HF_HUB_OFFLINE=1 .venv-vllm/bin/python benchmarks/summaries_engine.py [MODEL] [--documents 32] [--question TEXT]

The documents are the shipped sample and, beyond it, the shortest of the shared US applications. Without MODEL the small language model of the
tests is taken. The model is loaded once; the engine's cache of prompts is emptied before each run. Tokens are those of prompts and replies.
"""

import argparse
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from collection import APPLICATIONS, DATA
from platformdirs import user_cache_dir

from assistant.grounding.answering import Grounding
from assistant.llm import LanguageModel, ModelSettings, language_model
from assistant.summaries.batch import summarize_into
from assistant.summaries.job import JobReport
from ingest import PatentDocument, read

SAMPLE = Path(__file__).resolve().parents[1] / "assistant" / "sample"
TESTS_MODEL = "small-model-*"


def documents(most: int) -> list[PatentDocument]:
    found = [d for d in read([SAMPLE / "en", SAMPLE / "zh"]) if isinstance(d, PatentDocument)]
    if most > len(found):
        more = (d for d in read(DATA / APPLICATIONS) if isinstance(d, PatentDocument))
        found += sorted(more, key=lambda d: len(d.model_dump_json()))[: most - len(found)]
    return found[:most]


def run(model: LanguageModel, given: list[PatentDocument], batch: int, question: str) -> tuple[JobReport, list[str]]:
    """What the job reports, and its results."""
    model.chat.engine.reset_prefix_cache()  # type: ignore[attr-defined]
    with TemporaryDirectory() as folder:
        report = summarize_into(folder, given, question=question, llm="vllm", model=lambda: (model, Grounding()), batch=batch, formats=[], workers=0)
        name = "answers" if question else "summaries"
        return report, (Path(folder) / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()


def main() -> None:
    parser = argparse.ArgumentParser(description="A summary job before vLLM.")
    parser.add_argument("model", nargs="?")
    parser.add_argument("--documents", type=int, default=32)
    parser.add_argument("--question", default="")
    parser.add_argument("--max-tokens", type=int, default=160)
    asked = parser.parse_args()
    cached = sorted((Path(user_cache_dir("patent-assistant")) / "tests").glob(TESTS_MODEL), key=lambda p: p.stat().st_mtime)
    path = asked.model or str([p for p in cached if p.is_dir()][-1])
    began = time.perf_counter()
    model = language_model(f"vllm:{path}", ModelSettings(max_tokens=asked.max_tokens))
    print(f"{path}: loaded in {time.perf_counter() - began:.0f} s, window {model.context_length}")
    given = documents(asked.documents)
    run(model, given[:2], 2, asked.question)  # what is compiled and loaded at the first request
    results = {}
    for batch in (1, asked.documents):
        report, results[batch] = run(model, given, batch, asked.question)
        numbers = report.model_dump()
        print(
            f"{batch:3} at once: {report.made} documents in {report.making:.1f} s, {numbers['documents_per_second']:.2f} documents/s, "
            f"{report.tokens:,} tokens, {numbers['tokens_per_second']:,.0f} tokens/s, {len(report.failed)} failed"
        )
    same = sum(a == b for a, b in zip(*results.values(), strict=True))
    print(f"{same} of {len(given)} results are the same to the letter")


if __name__ == "__main__":
    main()
