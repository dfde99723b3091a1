"""IPEval (Wang et al., arXiv 2406.12386): questions of the Chinese patent agents' examination and of that of the USPTO.

As published (github.com/QiYao-Wang/ipeval: `data/patent.json`, `data/relation.json`, `english.json`; huggingface.co/datasets/Mathsion/IPEval): an
array of objects with `index`, `question`, `A` to `D` (in English to `E`), `answer` (`A`, or `A,C,D`), `type` (`single-choice`, also spelt
`singe-choice`, or `multi-choice`) and, in English, `analysis`.
"""

from pathlib import Path

from assistant.benchmarks.item import MultipleChoice
from assistant.benchmarks.reading import BenchmarkError, Names, answer_letters, field, json_rows, made, optional
from ingest.language import detect_language

_LETTERS = "ABCDEFGH"


def read_ipeval(path: str | Path) -> list[MultipleChoice]:
    """The questions of a file of IPEval; the subject is the file's name. Raises BenchmarkError."""
    name, items = Names(), list[MultipleChoice]()
    for line, row in json_rows(path):
        question = field(path, line, row, "question")
        options = {letter: text for letter in _LETTERS if (text := optional(row, letter))}
        if len(options) < 2:
            raise BenchmarkError(f"{path}, line {line}: no options A and B; is this a file of IPEval?")
        items.append(
            made(
                MultipleChoice,
                path,
                line,
                id=name(optional(row, "index") or str(len(items) + 1)),
                question=question,
                options=options,
                answer=answer_letters(path, line, optional(row, "answer")),
                subject=Path(path).stem,
                language=detect_language(question),
                several=optional(row, "type").lower().startswith("multi"),
                explanation=optional(row, "analysis"),
            )
        )
    return items
