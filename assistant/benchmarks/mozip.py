"""MoZIP: IPQuiz, IPQA and PatentMatch (Ni et al., LREC-COLING 2024, arXiv 2402.16389).

IPQuiz (huggingface.co/datasets/BNNT/IPQuiz: `zh.json`, `en.json`, `xl.json`): a JSON object a line, as its loader `ipquiz.py` reads it, with
`language`, `problem`, `candidates` and `answer`; `candidates` is {"A": "…"}, or, as that loader gave it out at times, its text or
{"options": […], "texts": […]}.

PatentMatch (BNNT/PatentMatch: `PatentMatch_en.json`, `PatentMatch_zh.json`): a JSON object a line with `instruction`, `input` and `output`, as
github.com/NEUIR/MemGraph `src/data_processing.py` takes it apart: what is asked, up to a question mark, the patent, and the lines `A: …` to `D: …`;
`output` is the letter.

IPQA (BNNT/IPQA): its form is described nowhere that could be found; objects with `question` and `answer` are read, or with the names that its
two sisters use (`problem`, `instruction`, `output`).
"""

import ast
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from assistant.benchmarks.item import MultipleChoice, OpenQuestion, letters
from assistant.benchmarks.reading import BenchmarkError, Names, answer_letters, field, json_rows, made, optional, split_options
from ingest.language import detect_language

_ASKED = re.compile(r"(?:请从|Please\s+select).{0,400}?[?？]\s*", re.DOTALL)


def read_ipquiz(path: str | Path) -> list[MultipleChoice]:
    """The questions of a file of IPQuiz. Raises BenchmarkError."""
    name, items = Names(), list[MultipleChoice]()
    for line, row in json_rows(path):
        question = field(path, line, row, "problem", "question")
        items.append(
            made(
                MultipleChoice,
                path,
                line,
                id=name(optional(row, "id") or f"{Path(path).stem}-{len(items) + 1}"),
                question=question,
                options=_candidates(path, line, row.get("candidates")),
                answer=answer_letters(path, line, optional(row, "answer")),
                subject="IPQuiz",
                language=optional(row, "language") or detect_language(question),
            )
        )
    return items


def _candidates(path: str | Path, line: int, written: Any) -> dict[str, str]:
    if isinstance(written, str):
        try:
            written = ast.literal_eval(written)
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            written = None
    if isinstance(written, Mapping) and isinstance(written.get("options"), list) and isinstance(written.get("texts"), list):
        written = dict(zip(written["options"], written["texts"], strict=False))
    if isinstance(written, Mapping):
        options = {letters(str(key)): str(text).strip() for key, text in written.items()}
        if len(options) == len(written) > 1 and all(len(letter) == 1 for letter in options):
            return dict(sorted(options.items()))
    raise BenchmarkError(f'{path}, line {line}: `candidates` is not {{"A": "…", "B": "…"}}; is this a file of IPQuiz?')


def read_patent_match(path: str | Path) -> list[MultipleChoice]:
    """The questions of a file of PatentMatch: `question` is the patent that a match is looked for. Raises BenchmarkError."""
    name, items = Names(), list[MultipleChoice]()
    for line, row in json_rows(path):
        text = "\n".join(filter(None, (field(path, line, row, "instruction"), optional(row, "input"))))
        asked, options = split_options(text)
        if not options:
            raise BenchmarkError(f"{path}, line {line}: no lines `A: …`, `B: …` in the instruction; is this a file of PatentMatch?")
        instruction = match[0] if (match := _ASKED.match(asked)) and asked[match.end() :].strip() else ""
        items.append(
            made(
                MultipleChoice,
                path,
                line,
                id=name(optional(row, "id") or f"{Path(path).stem}-{len(items) + 1}"),
                question=asked[len(instruction) :].strip(),
                options=options,
                answer=answer_letters(path, line, optional(row, "output")),
                subject="PatentMatch",
                language=detect_language(asked),
                instruction=instruction.strip(),
            )
        )
    return items


def read_ipqa(path: str | Path) -> list[OpenQuestion]:
    """The questions of a file of IPQA. Raises BenchmarkError."""
    name, items = Names(), list[OpenQuestion]()
    for line, row in json_rows(path):
        question = "\n".join(filter(None, (field(path, line, row, "question", "problem", "instruction"), optional(row, "input"))))
        items.append(
            made(
                OpenQuestion,
                path,
                line,
                id=name(optional(row, "id") or f"{Path(path).stem}-{len(items) + 1}"),
                question=question,
                answer=optional(row, "answer", "output", "response") or None,
                subject="IPQA",
                language=optional(row, "language") or detect_language(question),
            )
        )
    return items
