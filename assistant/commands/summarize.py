"""`patent summarize`: summaries of many documents, every sentence quoted and cited."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from assistant.commands.claims import documents_of
from assistant.commands.terminal import SOME_FAILED, index_option, json_option, one_line_errors, plural, print_json, progress_bar

if TYPE_CHECKING:
    from assistant.tasks.task import Language


@click.command(short_help="Summarize documents, every sentence cited; into a folder, resumable.")
@click.argument("sources", nargs=-1, required=True, metavar="PATH|NUMBER...")
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="The folder for NUMBER.md and NUMBER.json.")
@click.option("--words", type=click.IntRange(min=20), help="Of the abstract-length version (120); in Chinese, 2.5 characters for each.")
@click.option("--sentences", type=click.IntRange(min=1), help="Of each part (3).")
@click.option("--labels", type=click.Choice(["en", "zh"]), help="Language of headings; by default that of the document.")
@index_option
@json_option
@one_line_errors
def summarize(
    sources: tuple[str, ...], out: Path, words: int | None, sentences: int | None, labels: "Language | None", directory: str, as_json: bool
) -> None:
    """Summarize the documents of files and folders, and documents of the index by number, without a language model: sentences that together
    cover the document, in reading order, each with the claim or paragraph that it stands in, and how much of each section was drawn on.

    Run again, it goes on where it was interrupted. Exit code 3 where some inputs failed; each is named on standard error.
    """
    from assistant.summaries.job import summarize_into
    from assistant.summaries.summary import Length

    sizes: dict[str, int] = {}
    if words:
        sizes.update(abstract=words, abstract_characters=words * 5 // 2)
    if sentences:
        sizes.update(sentences=sentences)
    documents = (each for source in sources for each in documents_of(source, directory))
    with progress_bar("documents") as tell:
        job = summarize_into(out, documents, Length(**sizes), labels, lambda job: tell(job.made + job.there + len(job.failed)))
    if as_json:
        failed = [{"number": number, "reason": reason} for number, reason in job.failed]
        print_json({"out": str(out), "made": job.made, "there": job.there, "failed": failed})
    else:
        there = f"; {plural(job.there, 'was', 'were')} there already" if job.there else ""
        click.echo(f"{plural(job.made, 'summary', 'summaries')} in {out}{there}")
    for _, reason in job.failed:
        click.echo(f"Error: {reason}", err=True)
    if job.failed:
        sys.exit(SOME_FAILED if job.made + job.there else 1)
