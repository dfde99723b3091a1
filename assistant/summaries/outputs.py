"""The outputs of a job, written anew from its record: JSONL, Markdown, HTML, and CSV of the answers to a question.

    summaries.jsonl   markdown/NUMBER.md   summaries.html                   of a job without a question
    answers.jsonl     answers.md           answers.html     answers.csv     of one with a question

Up to `WHOLE` documents the HTML is one page with all that is cited; of more it is a table, with a page for each document in pages/.
"""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Literal, get_args

from assistant.summaries.manifest import Asked
from assistant.summaries.markdown import LabelLanguage, markdown, markdown_table
from assistant.summaries.page import Shown, index_page, page
from assistant.summaries.record import Outcome
from assistant.summaries.summary import Summary
from index.storage import storage_errors

Format = Literal["markdown", "html", "csv"]
FORMATS: tuple[Format, ...] = get_args(Format)
WHOLE = 200
_NAME = str.maketrans(dict.fromkeys('/\\:*?"<>|\x00', "_"))
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_file(path: Path, pieces: Iterable[str]) -> None:
    """A file that is there whole or as it was before. Raises DiskFullError."""
    partial = path.with_name(f".{path.name}.partial")
    with storage_errors(path.parent):
        path.parent.mkdir(parents=True, exist_ok=True)
        with partial.open("w", encoding="utf-8", errors="replace", newline="") as file:
            file.writelines(pieces)
        partial.replace(path)


def as_lines(lines: Iterable[str]) -> Iterator[str]:
    return (f"{line}\n" for line in lines)


def write_outputs(
    folder: Path,
    outcomes: Callable[[], Iterator[Outcome]],
    asked: Asked,
    formats: Sequence[Format] = FORMATS,
    labels: LabelLanguage | None = None,
) -> list[Path]:
    """The files that were written, those of the single documents left out. JSONL always is. `labels` is the language of headings, by default that
    which was asked for, or the first document's."""
    name = "answers" if asked.question else "summaries"
    language = labels or asked.language or _language(outcomes())
    written = [folder / f"{name}.jsonl"]
    write_file(written[0], as_lines(json.dumps(outcome.made, ensure_ascii=False) for outcome in outcomes()))
    if "markdown" in formats and asked.question:
        written.append(folder / f"{name}.md")
        write_file(written[-1], as_lines(markdown_table(asked.question, _made(outcomes()), language)))
    elif "markdown" in formats:
        written.append(folder / "markdown")
        _write_markdown(written[-1], outcomes(), labels or asked.language)
    if "csv" in formats and asked.question:
        written.append(folder / f"{name}.csv")
        write_file(written[-1], as_lines(_csv(asked.question, _made(outcomes()))))
    if "html" in formats:
        written.append(folder / f"{name}.html")
        _write_html(written[-1], outcomes, asked, language)
    return written


def file_name(number: str) -> str:
    """A document's number as the name of a file."""
    return number.translate(_NAME)


def _made(outcomes: Iterator[Outcome]) -> Iterator[dict[str, Any]]:
    return (outcome.made for outcome in outcomes if outcome.made is not None)


def _language(outcomes: Iterator[Outcome]) -> LabelLanguage:
    """That of the first document's text."""
    from assistant.tasks.task import language_of

    for made in islice(_made(outcomes), 1):
        return language_of(made.get("question") or made["title"] or "")
    return "en"


def _write_markdown(folder: Path, outcomes: Iterator[Outcome], labels: LabelLanguage | None) -> None:
    from assistant.tasks.task import language_of

    kept = set()
    for made in _made(outcomes):
        summary = Summary.model_validate(made)
        path = folder / f"{file_name(summary.number)}.md"
        write_file(path, [markdown(summary, labels or language_of(" ".join(s.text for s in summary.abstract)))])
        kept.add(path)
    _remove_others(folder, "*.md", kept)


def _write_html(path: Path, outcomes: Callable[[], Iterator[Outcome]], asked: Asked, language: LabelLanguage) -> None:
    pages, kept = path.parent / "pages", set()
    some = list(islice(outcomes(), WHOLE + 1))
    if len(some) <= WHOLE:
        write_file(path, [page([Shown.of(each) for each in some], language, asked.question)])
    else:
        for outcome in outcomes():
            target = pages / f"{file_name(outcome.number)}.html"
            write_file(target, [page([Shown.of(outcome)], language, asked.question, above=f"../{path.name}")])
            kept.add(target)
        rows = ((f"pages/{file_name(outcome.number)}.html", Shown.of(outcome)) for outcome in outcomes())
        write_file(path, index_page(rows, language, asked.question))
    _remove_others(pages, "*.html", kept)


def _remove_others(folder: Path, pattern: str, kept: set[Path]) -> None:
    """Pages of documents that are no longer among the outputs."""
    for path in folder.glob(pattern):
        if path not in kept:
            path.unlink()
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()


def _csv(question: str, rows: Iterator[dict[str, Any]]) -> Iterator[str]:
    """Lines with a byte order mark, by which spreadsheets know UTF-8. A cell that a spreadsheet would take for a formula gets an apostrophe
    before it."""
    yield "\ufeff" + _csv_line(["number", "title", "status", question, "quotations", "anchors", "missing", "unread"])
    for row in rows:
        said = row["statements"]
        citations = [c for each in said for c in each["citations"]]
        yield _csv_line(
            [
                row["number"],
                row["title"],
                row["status"],
                "\n".join(each["text"] for each in said),
                "\n".join(dict.fromkeys(c["quote"] for c in citations)),
                "; ".join(dict.fromkeys(c["anchor"] for c in citations)),
                row["missing"],
                "; ".join(row["unread"]),
            ]
        )


def _csv_line(cells: Sequence[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in cells])
    return line.getvalue()
