"""`patent ingest`: files, folders and archives into the index."""

import sys

import click

from assistant.commands.terminal import SOME_FAILED, backend_option, console, index_option, json_option, one_line_errors, place, plural, print_json

SHOWN = 10


@click.command(short_help="Read files, folders and archives into the index.")
@click.argument("paths", nargs=-1, type=click.Path())
@index_option
@click.option(
    "--encoder", metavar="NAME|FOLDER", help="Of a new index: all-MiniLM-L6-v2 (default), patent-minilm (reads Chinese), or a model's folder."
)
@click.option("--workers", metavar="N", type=click.IntRange(1, 256), default=1, show_default=True, help="Processes that parse files.")
@click.option("--retry-failed", is_flag=True, help="Read the files again in which something failed; PATHS may be left out.")
@backend_option
@json_option
@one_line_errors
def ingest(paths: tuple[str, ...], directory: str, encoder: str | None, workers: int, retry_failed: bool, backend: str, as_json: bool) -> None:
    """Read patents from PATHS, whatever they hold: XML of the USPTO (since 1976), EPO, CNIPA, JPO and WIPO, single, concatenated or
    in archives; PDF, scans too; Word, web pages and text; JSON lines; IPC and CPC. Unchanged files are not read again; a document
    with the same number is replaced."""
    from assistant.ingesting import Progress
    from assistant.patents import PatentAssistant

    if not paths and not retry_failed:
        raise click.UsageError("give PATHS, or --retry-failed")
    out = console(stderr=True)
    with PatentAssistant.open(directory, encoder=encoder, backend=backend) as assistant:
        if out.is_terminal and not as_json:
            from rich.progress import BarColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
            from rich.progress import Progress as Bar

            columns = (
                TextColumn("{task.description}"),
                BarColumn(),
                TextColumn("{task.fields[documents]} documents"),
                TimeElapsedColumn(),
                TimeRemainingColumn(),
            )
            with Bar(*columns, console=out, transient=True) as bar:
                task = bar.add_task("reading", total=None, documents=0)

                def show(progress: Progress) -> None:
                    name = progress.path.rpartition("/")[2]
                    bar.update(
                        task, completed=progress.done, total=progress.total or None, description=name[:40] or "reading", documents=progress.documents
                    )

                report = assistant.ingest(list(paths), show, workers, retry_failed)
        else:
            report = assistant.ingest(list(paths), None, workers, retry_failed)
    if as_json:
        print_json(report.model_dump())
    else:
        out = console()
        out.print(f"{plural(report.documents, 'document')}, {plural(report.passages, 'passage')} in {report.seconds:.1f} s -> {directory}")
        for what, count in report.skipped.most_common():
            out.print(f"  skipped {count:,}: {what}", markup=False)
        for mended in report.warnings[:SHOWN]:
            out.print(f"  {mended.number}: {mended.reason}", markup=False, soft_wrap=True)
        if len(report.warnings) > SHOWN:
            out.print(f"  … and {len(report.warnings) - SHOWN} more: patent status --warnings --index {directory}", markup=False)
        for failure in report.failed[:SHOWN]:
            out.print(f"  failed: {place(failure.path, failure.offset)}: {failure.reason}", markup=False, soft_wrap=True)
        if len(report.failed) > SHOWN:
            out.print(f"  … and {len(report.failed) - SHOWN} more: patent status --failed --index {directory}", markup=False)
    if report.failed:
        sys.exit(SOME_FAILED)
