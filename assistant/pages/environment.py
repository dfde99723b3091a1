"""Templates of pages that need no script and no network, in which text of documents is never markup."""

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from assistant.pages.printable import printable


@cache
def environment(folder: Path) -> Environment:
    """Of the templates in a folder: everything that is put in is escaped, and a name that is not there is an error."""
    return Environment(
        loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, finalize=_printable
    )


def style(*more: Path) -> Markup:
    """The style of all pages, and that of files besides."""
    files = (Path(__file__).parent / "page.css", *more)
    return Markup("".join(file.read_text(encoding="utf-8") for file in files))  # the project's own


def _printable(value: Any) -> Any:
    return type(value)(printable(value)) if isinstance(value, str) else value  # markup stays markup
