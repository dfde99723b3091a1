"""`patent summarize`: summaries of many documents, every sentence cited; or one question put to each of them."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from assistant.commands.language_model import checker_option, model_options
from assistant.commands.terminal import SOME_FAILED, console, index_option, json_option, one_line_errors, plural, print_json

if TYPE_CHECKING:
    from collections.abc import Callable

    from assistant.summaries.job import Progress
    from assistant.tasks.task import Language


@click.command(short_help="Summarize documents, or ask each one a question, every sentence cited; into a folder, resumable.")
@click.argument("sources", nargs=-1, metavar="[PATH|NUMBER]...")
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="The folder of the job.")
@click.option("--question", default="", metavar="TEXT", help="Put this to each document, instead of a summary: a table with a row a document.")
@click.option("--words", type=click.IntRange(min=20), help="Of the abstract-length version (120); in Chinese, 2.5 characters for each.")
@click.option("--sentences", type=click.IntRange(min=1), help="Of each part (3).")
@click.option("--language", type=click.Choice(["en", "zh"]), help="That the language model writes in; by default the document's.")
@click.option("--labels", type=click.Choice(["en", "zh"]), help="Language of headings; by default that of the summaries.")
@click.option(
    "--format", "formats", multiple=True, type=click.Choice(["jsonl", "markdown", "html", "csv"]),
    help="Write only these, and JSONL always; may be given more than once. CSV is of answers alone.",
)  # fmt: skip
@click.option("--workers", default=1, show_default=True, type=click.IntRange(min=1), help="Processes, where no language model is asked.")
@click.option("--batch", default=32, show_default=True, type=click.IntRange(min=1), help="Documents that are before the language model at once.")
@click.option("--time-limit", default=600.0, show_default=True, type=click.FloatRange(min=1), help="Seconds that a worker gets for one document.")
@click.option("--retry-failed", is_flag=True, help="Try again what failed before.")
@click.option("--again", is_flag=True, help="Throw away what is there, and begin anew.")
@model_options
@checker_option
@index_option
@json_option
@one_line_errors
def summarize(
    sources: tuple[str, ...],
    out: Path,
    question: str,
    words: int | None,
    sentences: int | None,
    language: "Language | None",
    labels: "Language | None",
    formats: tuple[str, ...],
    workers: int,
    batch: int,
    time_limit: float,
    retry_failed: bool,
    again: bool,
    llm: str,
    settings: tuple[str, ...],
    checker: str | None,
    directory: str,
    as_json: bool,
) -> None:
    """Summarize the documents of files and folders, and documents of the index by number: sentences that together cover the document, in reading
    order, each with the claim or paragraph that it stands in, and how much of each section was drawn on. With --llm a language model writes, and
    each of its sentences is checked. With --question each document is asked, and the answers are a table.

    Run again, it goes on where it was interrupted; without PATH or NUMBER, with those of before. Exit code 3 where some inputs failed; each is
    named on standard error and in DIR/failed.jsonl.
    """
    from assistant.llm.settings import ModelSettings
    from assistant.llm.spec import Spec
    from assistant.summaries.batch import summarize_into
    from assistant.summaries.manifest import read_manifest
    from assistant.summaries.outputs import FORMATS
    from assistant.summaries.summary import Length

    if not sources and (again or read_manifest(out) is None):
        raise click.UsageError("name a PATH or a NUMBER")
    if llm == "evidence" and language:
        raise click.UsageError("--language goes with --llm: without one the sentences are the document's own; headings have --labels")
    if question and language:
        raise click.UsageError("--language is of summaries; a question is answered in its own language")
    if llm != "evidence":
        Spec.parse(llm)
    sizes: dict[str, int] = {}
    if words:
        sizes.update(abstract=words, abstract_characters=words * 5 // 2)
    if sentences:
        sizes.update(sentences=sentences)
    try:
        with _progress() as tell:
            report = summarize_into(
                out, sources, Length(**sizes), language, question=question, llm=llm, settings=ModelSettings.parse(settings), checker=checker or "",
                index=directory, workers=workers, batch=batch, time_limit=time_limit, retry_failed=retry_failed, again=again,
                formats=[each for each in FORMATS if not formats or each in formats], labels=labels, progress=tell,
            )  # fmt: skip
    except KeyboardInterrupt:
        click.echo(f"Interrupted. What was made is kept in {out}; run the command again to go on.", err=True)
        sys.exit(130)
    if as_json:
        print_json(report.model_dump())
    else:
        what = plural(report.made, "answer") if question else plural(report.made, "summary", "summaries")
        there = f"; {plural(report.there, 'was', 'were')} there already" if report.there else ""
        numbers = report.model_dump()
        rate = f"; {numbers['documents_per_second']:,} documents/s, {numbers['tokens_per_second']:,.0f} tokens/s" if report.made else ""
        click.echo(f"{what} in {out}{there}{rate}")
    for _, reason in report.failed:
        click.echo(f"Error: {reason}", err=True)
    if report.failed:
        sys.exit(SOME_FAILED if report.made + report.there else 1)


@contextmanager
def _progress() -> "Iterator[Callable[[Progress], None]]":
    """A bar on standard error with the time that is left, where that is a terminal."""
    if not sys.stderr.isatty():
        yield lambda progress: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
    from rich.progress import Progress as Bar

    with Bar(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[left]}"),
        console=console(stderr=True),
        transient=True,
    ) as bar:
        task = bar.add_task("reading", total=None, left="")

        def tell(progress: "Progress") -> None:
            left = "" if progress.seconds_left is None else f"{_duration(progress.seconds_left)} left"
            if progress.failed:
                left = f"{left}  {plural(progress.failed, 'failed', 'failed')}".strip()
            bar.update(task, description=progress.stage, completed=progress.done, total=progress.total or None, left=left)

        yield tell


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
