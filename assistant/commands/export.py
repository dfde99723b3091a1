"""`patent export`: the documents of the index in the project's own format."""

import gzip
import sys
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TextIO

import click

from assistant.commands.terminal import index_option, one_line_errors, plural


@click.command(short_help="Write the documents of the index as JSON lines.")
@click.option("--out", default="-", show_default=True, metavar="FILE", help="A .jsonl or .jsonl.gz file, or - for standard output.")
@index_option
@one_line_errors
def export(out: str, directory: str) -> None:
    """Write every document as one line of JSON; `patent ingest` reads them back without loss."""
    from assistant.patents import PatentAssistant

    with PatentAssistant.open(directory, create=False) as assistant, _open(out) as stream:
        count = 0
        for count, document in enumerate(assistant.export(), start=1):  # noqa: B007
            stream.write(document.model_dump_json() + "\n")
    click.echo(f"{plural(count, 'document')} -> {out}", err=True)


def _open(out: str) -> AbstractContextManager[TextIO]:
    if out == "-":
        return nullcontext(sys.stdout)
    if out.endswith(".gz"):
        return gzip.open(out, "wt", encoding="utf-8")
    return Path(out).open("w", encoding="utf-8")
