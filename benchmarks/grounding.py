"""Citations of answers, measured as ALCE does (Gao et al., "Enabling Large Language Models to Generate Text with Citations", EMNLP 2023).

PYTHONPATH=.:benchmarks python benchmarks/grounding.py INDEX [development|test] [--llm SPEC] [--llm-set NAME=VALUE] [--quotations quoting]

INDEX is that of benchmarks/questions.py. By the checker: citation recall is the share of statements that their citations support together;
citation precision the share of citations that are needed (one is not where it supports nothing alone and the statement is supported without it).
By the gold anchors of the question set: the share of citations that stand in a gold passage, and of answerable questions of which one does. The
last table asks what a claim says, which needs no other passage, with more and more passages in the context: the right share must not fall.
"""

import argparse
import json
import random
import time
from collections.abc import Sequence
from pathlib import Path

from questions import QUESTIONS

from assistant import Answer, PatentAssistant, Statement
from assistant.grounding.answering import Grounding
from assistant.grounding.checking import check
from assistant.llm import ModelSettings
from index import Filter
from ingest import PatentDocument
from ingest.anchor import covers, split_anchor, text_at

CONTEXTS = (1, 4, 12, 20)
CLAIMS = 60


def supported(statement: Statement, citations: Sequence[object], texts: dict[str, str]) -> bool:
    return bool(citations) and check(statement.text, [c for c in statement.citations if c in citations], texts).verdict == "supported"


def by_checker(answers: Sequence[Answer], assistant: PatentAssistant) -> tuple[list[bool], list[bool]]:
    """(of each statement, whether it is supported; of each citation, whether it is needed)."""
    recall: list[bool] = []
    precision: list[bool] = []
    for statement in (s for a in answers for s in a.statements):
        texts = {c.anchor: text_at(assistant.index.document(split_anchor(c.anchor)[0]), c.anchor) for c in statement.citations}
        whole = supported(statement, statement.citations, texts)
        recall.append(whole)
        for citation in statement.citations:
            others = [c for c in statement.citations if c != citation]
            precision.append(whole and (supported(statement, [citation], texts) or not supported(statement, others, texts)))
    return recall, precision


def by_gold(rows: Sequence[dict], answers: Sequence[Answer], documents: dict[str, PatentDocument]) -> tuple[list[bool], list[bool]]:
    """(of each citation of an answer to an answerable question, whether it stands in gold; of each such question, whether one does)."""
    precision: list[bool] = []
    recall: list[bool] = []
    for row, answer in zip(rows, answers, strict=True):
        if row["gold"]:
            right = [any(inside(c.anchor, gold, documents) for gold in row["gold"]) for s in answer.statements for c in s.citations]
            precision.extend(right)
            recall.append(any(right))
    return precision, recall


def inside(anchor: str, gold: str, documents: dict[str, PatentDocument]) -> bool:
    number = split_anchor(gold)[0]
    return split_anchor(anchor)[0] == number and (covers(anchor, gold, documents[number]) or covers(gold, anchor, documents[number]))


def interval(values: Sequence[bool], seed: int = 0) -> str:
    """The mean with its 95 % bootstrap interval."""
    if not values:
        return "-"
    drawn = random.Random(seed)
    means = sorted(sum(drawn.choices(values, k=len(values))) / len(values) for _ in range(1000))
    return f"{sum(values) / len(values):.2f} ({means[25]:.2f}-{means[974]:.2f})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("index")
    parser.add_argument("part", nargs="?", default="test", choices=["development", "test"])
    parser.add_argument("--llm", default="evidence")
    parser.add_argument("--llm-set", action="append", default=[])
    parser.add_argument("--quotations", default="pointing", choices=["pointing", "quoting"])
    parser.add_argument("--questions", type=Path)
    options = parser.parse_args()
    source = options.questions or QUESTIONS / f"{options.part}.jsonl"
    rows = [json.loads(line) for line in source.read_text(encoding="utf-8").splitlines()]
    grounding = Grounding(form=options.quotations)
    settings = ModelSettings.parse(options.llm_set)
    with PatentAssistant.open(options.index, llm=options.llm, create=False, settings=settings, grounding=grounding) as assistant:
        documents = {n: assistant.index.document(n) for n in {split_anchor(g)[0] for row in rows for g in row["gold"]}}
        started = time.perf_counter()
        made = [assistant.ask_all([row["question"]], Filter.parse(row["where"]) if "where" in row else None)[0] for row in rows]
        seconds = time.perf_counter() - started
        failed = [a for a in made if not isinstance(a, Answer)]
        kept = [(r, a) for r, a in zip(rows, made, strict=True) if isinstance(a, Answer)]
        rows, answers = [r for r, _ in kept], [a for _, a in kept]
        recall, precision = by_checker(answers, assistant)
        gold_precision, gold_recall = by_gold(rows, answers, documents)
        print(f"{options.llm}, {options.quotations}: {len(answers)} questions, {len(failed)} failed, {seconds / len(rows):.2f} s each")
        print(f"  statements {len(recall)}, citations {len(precision)}")
        print(f"  by the checker: citation recall {interval(recall)}, precision {interval(precision)}")
        print(f"  by gold anchors: citations in gold {interval(gold_precision)}, answerable questions with gold cited {interval(gold_recall)}")
        answerable = [bool(r["gold"]) for r in rows]
        for name, wanted in (("answerable", True), ("unanswerable", False)):
            statuses = [a.status for a, can in zip(answers, answerable, strict=True) if can == wanted]
            print(f"  {name}: " + ", ".join(f"{s} {statuses.count(s)}" for s in ("answered", "partly", "not_found")))
        if options.questions:
            print(f"  answerable questions with gold cited, by passages in the context: {more_of(rows, assistant, documents)}")
        else:
            print(f"  what a claim says, {CLAIMS} claims: right by passages in the context: {more_context(assistant)}")


def more_of(rows: Sequence[dict], assistant: PatentAssistant, documents: dict[str, PatentDocument]) -> str:
    """The questions whose best hit alone answers them: what more passages do to them."""
    rows = [row for row in rows if row["gold"]]
    shares = []
    alone: list[bool] = []
    for k in CONTEXTS:
        answers = [assistant.ask_all([row["question"]], Filter.parse(row["where"]) if "where" in row else None, k)[0] for row in rows]
        _, right = by_gold(rows, answers, documents)
        alone = alone or right
        shares.append(f"{k}: {sum(r for r, a in zip(right, alone, strict=True) if a)} of {sum(alone)}")
    return ", ".join(shares)


def more_context(assistant: PatentAssistant) -> str:
    """Asked of claims that their number names."""
    drawn = random.Random(0)
    numbers = sorted(d.number for d in assistant.export() if len(d.claims) >= 3)
    asked = []
    for number in drawn.choices(numbers, k=CLAIMS):
        document = assistant.index.document(number)
        claim = drawn.choice(document.claims).number
        asked.append(
            (f"{number}#c{claim}", f"What does claim {claim} of {number} say?" if document.language != "zh" else f"{number}的权利要求{claim}是什么？")
        )
    shares = []
    for k in CONTEXTS:
        answers = assistant.ask_all([question for _, question in asked], Filter(), k)
        right = [
            isinstance(a, Answer) and anchor in {c.anchor for s in a.statements for c in s.citations}
            for (anchor, _), a in zip(asked, answers, strict=True)
        ]
        shares.append(f"{k}: {sum(right) / len(right):.2f}")
    return ", ".join(shares)


if __name__ == "__main__":
    main()
