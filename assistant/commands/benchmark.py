"""`patent benchmark`: public benchmarks, from their own files."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from assistant.commands.language_model import model_options, open_assistant, open_model
from assistant.commands.terminal import SOME_FAILED, backend_option, console, emit, json_option, one_line_errors, plural, print_json, progress_bar

if TYPE_CHECKING:
    from rich.table import Table

    from assistant.benchmarks.running import Report

NAMES = ("ceval", "ipbench", "ipeval", "ipqa", "ipquiz", "patentmatch")


@click.command(short_help="Answer and score a public benchmark (MoZIP, IPBench, IPEval, C-Eval).")
@click.argument("name", type=click.Choice(NAMES))
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--index", "directory", type=click.Path(file_okay=False), help="An index with law texts, which questions are answered from.")
@click.option("--limit", type=click.IntRange(min=1), help="So many questions at most.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write the predictions there, a JSON object a line.")
@model_options
@backend_option
@json_option
@one_line_errors
def benchmark(
    name: str,
    files: tuple[Path, ...],
    directory: str | None,
    limit: int | None,
    out: Path | None,
    llm: str,
    settings: tuple[str, ...],
    backend: str,
    as_json: bool,
) -> None:
    """Answer the questions of FILES, in the form in which benchmark NAME is published, with the language model, and score the answers."""
    import json

    from assistant.benchmarks.running import evaluate

    assistant = open_assistant(directory, backend, llm, settings) if directory else None
    model = assistant.model if assistant else open_model(llm, settings)
    try:
        with progress_bar("questions") as tell:
            report = evaluate(name, files, model, assistant, limit, tell)
    finally:
        if assistant:
            assistant.close()
        elif model:
            model.close()
    if out:
        out.write_text(
            "".join(json.dumps({"id": i, "answer": a}, ensure_ascii=False) + "\n" for i, a in report.predictions.items()), encoding="utf-8"
        )
    if as_json:
        print_json(report.model_dump(mode="json"))
    else:
        _print(report)
    for identity, reason in list(report.failed.items())[:5]:
        click.echo(f"Error: {identity}: {reason}", err=True)
    if report.failed:
        click.echo(f"{plural(len(report.failed), 'question')} without an answer", err=True)
        sys.exit(SOME_FAILED if report.predictions else 1)


def _print(report: "Report") -> None:
    out = console()
    out.print(f"{report.benchmark}, {plural(report.questions, 'question')}, answered by {report.model}")
    if report.scores:
        emit(out, _table(report))
        if report.scores.without_answer:
            out.print(f"{plural(report.scores.without_answer, 'question')} without a published answer")
    if report.rouge_l is not None:
        out.print(f"ROUGE-L of the written answers: {report.rouge_l:.3f}")
    if report.published:
        out.print(f"published by others, not measured here: {report.published}", style="dim")


def _table(report: "Report") -> "Table":
    from rich.table import Table

    assert report.scores is not None
    table = Table("", "right", "of", "accuracy", "95 %", "unanswered", box=None, header_style="dim")
    for column in table.columns[1:]:
        column.justify = "right"
    rows = {"all": report.scores.overall}
    for some in (report.scores.languages, report.scores.subjects):
        rows.update(some if len(some) > 1 else {})
    for name, score in rows.items():
        interval = f"{score.low:.3f}-{score.high:.3f}"
        table.add_row(name, str(score.right), str(score.of), f"{score.accuracy:.3f}", interval, str(score.unanswered or ""))
    return table
