"""What the commands share: options, errors in one line, and printing for people and for programs."""

import json
import sys
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

import click

from ingest.errors import PatentAssistantError

if TYPE_CHECKING:
    from rich.console import Console

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
    """Errors of the project in one line on standard error; exit code 2 for a filter that can't be read, else 1."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except PatentAssistantError as error:
            from index.errors import FilterError

            click.echo(f"Error: {error}", err=True)
            sys.exit(2 if isinstance(error, FilterError) else 1)
        except KeyboardInterrupt:
            click.echo("Interrupted. What was reported as done is in the index; run the command again to go on.", err=True)
            sys.exit(130)
        except BrokenPipeError:
            sys.stderr.close()
            sys.exit(0)

    return run


def print_json(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False))


def console(stderr: bool = False) -> "Console":
    from rich.console import Console

    made = Console(stderr=stderr, highlight=False)
    if not made.is_terminal:
        made.width = max(made.width, 100)
    return made


def plural(count: int, one: str, many: str = "") -> str:
    return f"{count:,} {one if count == 1 else many or one + 's'}"
