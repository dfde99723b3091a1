"""C-Eval (Huang et al., arXiv 2305.08322; github.com/hkust-nlp/ceval): 52 subjects in Chinese, `legal_professional` and `law` among them.

As published (`ceval-exam.zip`): UTF-8 CSV files `dev/SUBJECT_dev.csv`, `val/SUBJECT_val.csv` and `test/SUBJECT_test.csv` with the columns `id`,
`question`, `A`, `B`, `C`, `D`, then `answer` (not in test) and `explanation` (in dev). Answers on the test split are not published; they are sent
in as {"SUBJECT": {"ID": "LETTER"}}.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from assistant.benchmarks.item import MultipleChoice, letters
from assistant.benchmarks.reading import BenchmarkError, answer_letters, csv_rows, field, made

SPLITS = ("dev", "val", "test")
_FILE = re.compile(r"(?P<subject>.+)_(?P<split>dev|val|test)")


def read_ceval(path: str | Path, split: str = "val", subjects: Sequence[str] = ()) -> list[MultipleChoice]:
    """The questions of one file, or of one split of the folder that the archive was unpacked to: of all `subjects`, or of those named.

    An id is `SUBJECT/ID`. Raises BenchmarkError.
    """
    if split not in SPLITS:
        raise BenchmarkError(f"{split!r}: the splits of C-Eval are {', '.join(SPLITS)}")
    folder = Path(path)
    if not folder.is_dir():
        return _file(folder)
    files = sorted(f for f in folder.rglob(f"*_{split}.csv") if not subjects or f.stem.removesuffix(f"_{split}") in subjects)
    there = {f.stem.removesuffix(f"_{split}") for f in files}
    if missing := [s for s in subjects if s not in there] or ([] if files else ["any subject"]):
        raise BenchmarkError(f"{path}: no file of {', '.join(missing)} for {split}; unpack ceval-exam.zip there, or check the names")
    return [item for file in files for item in _file(file)]


def _file(path: Path) -> list[MultipleChoice]:
    match = _FILE.fullmatch(path.stem)
    subject = match["subject"] if match else path.stem
    items: dict[str, MultipleChoice] = {}
    for line, row in csv_rows(path, ("id", "question", "A", "B", "C", "D")):
        identity = f"{subject}/{field(path, line, row, 'id')}"
        if identity in items:
            raise BenchmarkError(f"{path}, line {line}: the id {row['id']} stands twice in the file; download it again")
        items[identity] = made(
            MultipleChoice,
            path,
            line,
            id=identity,
            question=field(path, line, row, "question"),
            options={letter: row[letter].strip() for letter in "ABCD"},
            answer=answer_letters(path, line, row.get("answer", "").strip()),
            subject=subject,
            language="zh",
            explanation=row.get("explanation", "").strip(),
        )
    return list(items.values())


def submission(items: Sequence[MultipleChoice], predictions: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """What C-Eval takes in for its test split: {subject: {id: letter}}. A question without a prediction has ""."""
    sent: dict[str, dict[str, str]] = {}
    for item in items:
        sent.setdefault(item.subject, {})[item.id.removeprefix(f"{item.subject}/")] = letters(predictions.get(item.id, ""))
    return sent
