"""`patent run`: the tasks of the patent LLM, one or many at a time."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from assistant.commands.language_model import model_options, open_assistant, open_model
from assistant.commands.terminal import (
    SOME_FAILED,
    backend_option,
    console,
    emit,
    hanging,
    index_option,
    json_option,
    one_line_errors,
    print_json,
    progress_bar,
)

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from assistant.patents import PatentAssistant
    from assistant.tasks.running import TaskResult


@click.command(short_help="Do a task: title, abstract, claims, translation, keyphrases, …")
@click.argument("task", required=False)
@click.argument("sources", nargs=-1, metavar="[FILE|NUMBER]...")
@click.option("--given", "given", multiple=True, metavar="NAME=VALUE", help="A field that the task takes; lists by commas, or as JSON.")
@index_option
@model_options
@backend_option
@json_option
@one_line_errors
def run(
    task: str | None,
    sources: tuple[str, ...],
    given: tuple[str, ...],
    directory: str,
    llm: str,
    settings: tuple[str, ...],
    backend: str,
    as_json: bool,
) -> None:
    """Do TASK with each patent, text or line of the FILEs and each document NUMBER of the index. Without TASK, list the tasks there are.

    Exit code 3 where some inputs failed; each is named on standard error.
    """
    from assistant.errors import NoModelError
    from assistant.llm.exchange import answer_all
    from assistant.tasks import TASKS, task_named
    from assistant.tasks.running import NEEDS_MODEL, run_task
    from assistant.tasks.sources import inputs
    from ingest.errors import PatentAssistantError

    if task is None:
        _print_tasks(TASKS, as_json)
        return
    named = task_named(task)
    fields = dict(_pair(each) for each in given)
    if not sources and not fields:
        raise click.UsageError(f"{task} takes {', '.join(named.given.model_fields)}: name a FILE or NUMBER, or give them with --given NAME=VALUE")
    if llm == "evidence" and named.offline is None:
        raise NoModelError(f"{task}: {NEEDS_MODEL}")
    assistant, model = _opened(directory, backend, llm, settings, sources)
    try:
        taken = [each for source in sources or ("",) for each in inputs(named, source, fields, assistant)]
        good = [(name, what) for name, what in taken if not isinstance(what, PatentAssistantError)]
        with progress_bar(task, len(good)) as tell:
            results = answer_all([run_task(named, what, model, assistant) for _, what in good], model, tell)
    finally:
        if assistant is not None:
            assistant.close()
        elif model is not None:
            model.close()
    failed: list[tuple[str, PatentAssistantError]] = [(n, w) for n, w in taken if isinstance(w, PatentAssistantError)]
    out = console()
    for (name, _), result in zip(good, results, strict=True):
        if isinstance(result, PatentAssistantError):
            failed.append((name, result))
        elif as_json:
            print_json({"source": name, **result.model_dump(mode="json")})
        else:
            _print_result(name, result, out, len(taken) > 1)
    for name, error in failed:
        click.echo(f"Error: {error}" if str(error).startswith(name) else f"Error: {name}: {error}", err=True)
    if failed:
        sys.exit(SOME_FAILED if len(failed) < len(taken) else 1)


def _opened(directory: str, backend: str, llm: str, settings: tuple[str, ...], sources: tuple[str, ...]) -> "tuple[PatentAssistant | None, Any]":
    """The assistant, None where there is no index and none is needed, and the language model, if any."""
    if (Path(directory) / "catalogue.sqlite").exists() or any(not Path(s).is_file() for s in sources):
        assistant = open_assistant(directory, backend, llm, settings)
        return assistant, assistant.model
    return None, open_model(llm, settings)


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise click.BadParameter(f"{text!r}: write it like NAME=VALUE", param_hint="'--given'")
    return name.strip(), value


def _print_tasks(names: tuple[str, ...], as_json: bool) -> None:
    from rich.text import Text

    from assistant.tasks import task_named

    tasks = [task_named(name) for name in names]
    if as_json:
        for task in tasks:
            print_json(
                {"task": task.name, "summary": task.summary, "takes": list(task.given.model_fields), "without_model": task.offline is not None}
            )
        return
    rows = [(Text(t.name, style="cyan"), Text(t.summary + ("" if t.offline else "  (needs --llm)"))) for t in tasks]
    from rich.table import Table

    grid = Table.grid(padding=(0, 2))
    grid.add_column(no_wrap=True)
    grid.add_column()
    for row in rows:
        grid.add_row(*row)
    emit(console(), grid)


def _print_result(name: str, result: "TaskResult", out: "Console", named: bool) -> None:
    from rich.text import Text

    if named:
        out.print(Text(name, style="bold"))
    output = result.output.model_dump(mode="json")
    values = [v for v in output.values() if v not in (None, "", [], {})]
    if len(values) == 1 and isinstance(values[0], str):
        out.print(Text(values[0]))
    else:
        emit(out, hanging(*_rows(output)))
    for problem in result.problems:
        out.print(Text(f"! {problem}", style="yellow"))
    for left in result.left_out:
        out.print(Text(f"left out: {left}", style="dim"))
    out.print(Text(f"by: {result.by}", style="dim"))


def _rows(output: dict[str, Any]) -> "list[tuple[str | Text, Text]]":
    from rich.text import Text

    rows: list[tuple[str | Text, Text]] = []
    for key, value in output.items():
        if value in (None, "", [], {}):
            continue
        label: str | Text = Text(key.replace("_", " "), style="cyan")
        for each in value if isinstance(value, list) else [value]:
            rows.append((label, _line(each)))
            label = ""
    return rows


_MAIN = ("text", "phrase", "symbol", "title", "answer", "number", "name", "quote")
_FOR_PROGRAMS = ("start", "end", "in_scheme", "score")


def _line(value: Any) -> "Text":
    """One line for a value: its texts, and what else it says behind them. Positions in texts are left to programs."""
    from rich.text import Text

    if not isinstance(value, dict):
        return Text(f"{value:.2f}" if isinstance(value, float) else str(value))
    text = Text()
    for key, each in sorted(value.items(), key=lambda item: item[0] not in _MAIN):
        if each in (None, "", [], {}) or key in _FOR_PROGRAMS:
            continue
        if isinstance(each, list):
            positions = all(isinstance(e, list) for e in each)
            shown = ", ".join(dict.fromkeys(str(e[0]) for e in each)) if positions else "; ".join(str(_line(e)) for e in each)
        else:
            shown = str(_line(each))
        text.append("  " if text else "")
        text.append(shown if key in _MAIN else f"{key.replace('_', ' ')} {shown}", style="" if key in _MAIN else "dim")
    return text
