"""What the commands share: options, errors in one line, and printing for people and for programs."""

import json
import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

import click

from ingest.errors import PatentAssistantError

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.table import Table
    from rich.text import Text

    from index.filter import Filter

P = ParamSpec("P")
R = TypeVar("R")
SOME_FAILED = 3

index_option = click.option(
    "--index",
    "directory",
    default="my-index",
    show_default=True,
    envvar="PATENT_INDEX",
    type=click.Path(file_okay=False),
    help="The index directory.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
where_option = click.option(
    "--where",
    multiple=True,
    metavar="FILTER",
    help="Search only in these: number= country= language= section= ipc= cpc= before= after=, e.g. 'ipc=H04L country=US,EP before=2015-01-01'.",
)
backend_option = click.option(
    "--encoder-backend", "backend", default="auto", type=click.Choice(["auto", "openvino", "torch"]), help="What runs the encoder."
)


def parse_where(where: tuple[str, ...]) -> "Filter":
    from index.filter import Filter

    return Filter.parse(where)


def one_line_errors(command: Callable[P, R]) -> Callable[P, R]:
    """Errors of the project in one line on standard error; exit code 2 for a filter or a model's spec that can't be read, else 1."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except PatentAssistantError as error:
            from assistant.errors import SpecError
            from index.errors import FilterError

            click.echo(f"Error: {error}", err=True)
            sys.exit(2 if isinstance(error, FilterError | SpecError) else 1)
        except BrokenPipeError:
            sys.stderr.close()
            sys.exit(0)
        except OSError as error:
            click.echo(f"Error: {error.filename or ''}: {error.strerror or error}; check the path and its permissions", err=True)
            sys.exit(1)
        except KeyboardInterrupt:
            click.echo("Interrupted. What was reported as done is in the index; run the command again to go on.", err=True)
            sys.exit(130)

    return run


def print_json(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False))


def not_blank(ctx: click.Context, parameter: click.Parameter, value: str) -> str:
    """A question or query with something in it."""
    if not value.strip():
        raise click.BadParameter("it is empty; write what you want to know", ctx, parameter)
    return value


def console(stderr: bool = False) -> "Console":
    """For printing to a person; lines are as wide as the terminal, and not cut where there is none."""
    from rich.console import Console

    made = Console(stderr=stderr, highlight=False)
    if not made.is_terminal and "COLUMNS" not in os.environ:
        made.width = 8192
    return made


def emit(out: "Console", *renderables: "RenderableType") -> None:
    """Print without the blanks that fill lines up."""
    with out.capture() as captured:
        for each in renderables:
            out.print(each)
    text = re.sub(r" +((?:\x1b\[[0-9;]*m)*)$", r"\1", captured.get(), flags=re.MULTILINE)
    out.file.write(text)


def hanging(*rows: "tuple[str | Text, Text]") -> "Table":
    """Rows of a mark and a text, the text's lines under each other."""
    from rich.table import Table

    grid = Table.grid(padding=(0, 1))
    grid.add_column(justify="right", no_wrap=True)
    grid.add_column(overflow="fold")
    for mark, text in rows:
        grid.add_row(mark, text)
    return grid


def plural(count: int, one: str, many: str = "") -> str:
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def place(path: str, offset: int) -> str:
    """A file, and the byte in it where that says more."""
    return f"{path} at byte {offset:,}" if offset else path


@contextmanager
def progress_bar(what: str, total: int | None = None) -> "Iterator[Callable[[int], None]]":
    """A bar on standard error, where that is a terminal, that is told how many are done."""
    if not sys.stderr.isatty():
        yield lambda done: None
        return
    from rich.progress import Progress

    with Progress(console=console(stderr=True), transient=True) as progress:
        bar = progress.add_task(what, total=total)
        yield lambda done: progress.update(bar, completed=done)
