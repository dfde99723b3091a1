"""IPBench (Wang et al., arXiv 2504.15524; huggingface.co/datasets/IPBench/IPBench): a file for each task and language.

As its own `src/inference.py` and `eval/*.py` read them (github.com/IPBench/IPBench): a JSON object a line with `instruction`, the question with its
options, and `output`. The task is `x-x-EN` or `x-x-CH`, or `1-5-1-EN` (IPC) and `1-5-2-EN` (CPC); these and 3-5 (allowed or rejected), 4-1 and 4-2
(abstracts, dependent claims) have written answers, all others letters.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from assistant.benchmarks.item import Item, MultipleChoice, OpenQuestion
from assistant.benchmarks.reading import BenchmarkError, Names, answer_letters, field, json_rows, made, optional, split_options
from ingest.language import detect_language

_TASK = re.compile(r"(?<!\d)([1-4])[-_.]([1-9])(?:[-_.]([12]))?(?:[-_. ]?(EN|CH|ZH|CN))?(?![0-9A-Za-z])", re.IGNORECASE)
_SYMBOLS = ("1-5-1", "1-5-2", "1-5")
_DECISION, _WRITTEN = ("3-5",), ("4-1", "4-2")
_SYMBOL = re.compile(r"([A-HY])\s*(\d{2})\s*([A-Z])?\s*(\d{1,4}\s*/\s*\d{1,6})?", re.IGNORECASE)


def read_ipbench(path: str | Path, task: str = "") -> list[Item]:
    """The questions of one task. `task` is its name, such as `1-1-CH`, by default what the file's name says. Raises BenchmarkError."""
    match = _TASK.search(task or Path(path).stem)
    if match is None:
        raise BenchmarkError(f"{path}: no task such as 1-1-EN or 3-5-CH in the file's name; give it as the task")
    number = "-".join(filter(None, match.groups()[:3]))
    name, items = Names(), list[Item]()
    for line, row in json_rows(path):
        text = field(path, line, row, "instruction")
        identity = name(optional(row, "id") or f"{match[0]}-{len(items) + 1}")
        language = {"EN": "en"}.get((match[4] or "").upper(), "zh") if match[4] else detect_language(text)
        written = optional(row, "output")
        if number in (*_SYMBOLS, *_DECISION, *_WRITTEN):
            exact = number not in _WRITTEN
            items.append(
                made(OpenQuestion, path, line, id=identity, question=text, answer=written or None, subject=number, language=language, exact=exact)
            )
            continue
        question, options = split_options(text)
        if not options:
            raise BenchmarkError(f"{path}, line {line}: no options A, B … in the instruction of a multiple-choice task; is this task {number}?")
        items.append(
            made(
                MultipleChoice,
                path,
                line,
                id=identity,
                question=question,
                options=options,
                answer=answer_letters(path, line, written),
                subject=number,
                language=language,
            )
        )
    return items


def symbol_accuracy(items: Sequence[OpenQuestion], predictions: Mapping[str, str]) -> dict[str, float]:
    """How many symbols are right up to the section, the class, the subclass, and to the last figure, as `eval/eval-classification.py` counts:
    of all questions that have an answer. A prediction without a symbol is wrong."""
    right = dict.fromkeys(("section", "class", "subclass", "exact"), 0)
    asked = [item for item in items if item.answer is not None]
    for item in asked:
        wanted, found = _levels(item.answer or ""), _levels(predictions.get(item.id, ""))
        for n, level in enumerate(right):
            right[level] += bool(found) and wanted[: n + 1] == found[: n + 1]
    return {level: count / max(1, len(asked)) for level, count in right.items()}


def _levels(text: str) -> list[str]:
    match = _SYMBOL.search(text)
    return ["".join((part or "").split()).upper() for part in match.groups()] if match else []
