"""`patent classify`: the places of a text in the International Patent Classification."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal

import click

from assistant.commands.terminal import console, emit, hanging, index_option, json_option, not_blank, one_line_errors, print_json

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from assistant.classification.classifier import Tick
    from assistant.classification.place import Place

_WORDS = {
    "en": {
        "assigned": "assigned", "no title": "no entry of a scheme in the index",
        "none": "No place fits: ingest more classified patents, or a scheme.", "by": "Probability of being the first code",
    },
    "zh": {
        "assigned": "已有", "no title": "索引中没有该分类条目", "none": "没有合适的分类位置：请导入更多已分类的专利或分类表。",
        "by": "作为主分类号的概率",
    },
}  # fmt: skip
_DOING = {
    "reading": "reading the index", "scheme": "the scheme's texts", "patents": "the patents' texts",
    "regression": "fitting the regression", "ranking": "fitting the ranking",
}  # fmt: skip
_BAR = 10


@click.command(short_help="Find the place of a text in the IPC.")
@click.argument("asked", metavar="TEXT|FILE|NUMBER", callback=not_blank)
@index_option
@click.option("--level", default="subclass", show_default=True, type=click.Choice(["subclass", "group"]), help="H04L, or H04L 9/00.")
@click.option("-k", default=3, show_default=True, type=click.IntRange(1, 20), help="How many places.")
@json_option
@one_line_errors
def classify(asked: str, directory: str, level: Literal["subclass", "group"], k: int, as_json: bool) -> None:
    """Say where a text belongs in the IPC, how probably, and why: an abstract or a description, a file in any format that is ingested
    (- is standard input), or a document of the index. It is learned from the classified patents in the index and from the texts of the
    scheme, when it is first asked and when the index has changed."""
    from assistant.classification.asking import what_is_asked
    from assistant.classification.classifier import Classifier
    from assistant.patents import PatentAssistant
    from ingest.language import detect_language

    with PatentAssistant.open(directory, create=False) as assistant:
        question = what_is_asked(assistant.index, asked)
        with _progress(as_json) as tick:
            places = Classifier(assistant.index).classify(question, level, k, tick)
    if as_json:
        for place in places:
            print_json(place.model_dump(mode="json"))
        return
    text = question if isinstance(question, str) else f"{question.title} {question.abstract}"
    print_places(places, detect_language(text), console())


def print_places(places: "Sequence[Place]", language: str, out: "Console") -> None:
    """The places with their titles, the innermost in bold, and under each its reasons."""
    from rich.text import Text

    words = _WORDS.get(language, _WORDS["en"])
    if not places:
        out.print(Text(words["none"], style="bold yellow"))
        return
    out.print(Text(words["by"], style="dim"))
    width = max(len(place.symbol) for place in places)
    for place in places:
        full = round(place.probability * _BAR)
        head = Text(f"{place.symbol:<{width}} ", style="bold cyan")
        head.append("━" * full, style="not bold green").append(" " * (_BAR - full))
        head.append(f" {place.probability:>4.0%}", style="bold default")
        if place.assigned:
            head.append(f"  {words['assigned']}", style="not bold green")
        out.print(head)
        rows: list[tuple[str | Text, Text]] = [("  ", _title(place.title, words["no title"]))]
        for reason in place.reasons:
            line = Text(f"{reason.anchor}  ", style="cyan") + Text(reason.title, style="default")
            rows += [("  ", line), ("  ", Text(f"{', '.join(reason.symbols)}   {reason.score:.2f}", style="dim"))]
        emit(out, hanging(*rows))


def _title(title: str, missing: str) -> "Text":
    from rich.text import Text

    if not title:
        return Text(missing, style="dim italic")
    above, _, own = title.rpartition(" > ")
    return Text(f"{above} > " if above else "", style="dim") + Text(own, style="bold")


@contextmanager
def _progress(quiet: bool) -> "Iterator[Tick]":
    """A line on a terminal that says what a fit is at."""
    err = console(stderr=True)
    if quiet or not err.is_terminal:
        yield lambda what, share: None
        return
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    with Progress(TextColumn("learning to classify: {task.description}"), BarColumn(), TimeElapsedColumn(), console=err, transient=True) as bar:
        task = bar.add_task("", total=None, visible=False)

        def tick(what: str, share: float) -> None:
            bar.update(task, description=_DOING[what], total=1.0 if share else None, completed=share, visible=True)

        yield tick
