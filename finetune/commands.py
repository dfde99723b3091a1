"""`patent finetune`: run the stages of a recipe."""

from pathlib import Path
from typing import Any

import click

from assistant.commands.terminal import json_option, one_line_errors, print_json
from finetune.stages import KINDS


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
def finetune() -> None:
    """Make the domain model: corpus, tokenizer, instructions, training, evaluation, export; and the encoder and the reranker of search.

    A RECIPE is a YAML file, or the name of one that is shipped (`patent finetune recipes`).
    """


def _options(command: Any) -> Any:
    for option in reversed(
        (
            click.argument("recipe"),
            click.option(
                "--set", "overrides", multiple=True, metavar="STAGE.NAME=VALUE", help="Another value for a setting; `out=FOLDER` for the folder."
            ),
            click.option(
                "--dry-run", is_flag=True, help="Only a first step, with a tiny model of the same architecture, and what the real one needs."
            ),
            click.option("--again", is_flag=True, help="Make anew what was made from other settings or inputs."),
            json_option,
        )
    ):
        command = option(command)
    return command


@finetune.command("run", short_help="All stages of a recipe, in their order.")
@click.option("--only", multiple=True, metavar="STAGE", help="Only this stage; may be given more than once.")
@_options
@one_line_errors
def run(recipe: str, only: tuple[str, ...], overrides: tuple[str, ...], dry_run: bool, again: bool, as_json: bool) -> None:
    """Run the stages of a recipe. What is done is not done again; what was interrupted goes on."""
    _run(recipe, overrides, only, "", dry_run, again, as_json)


@finetune.command("recipes", short_help="The recipes that are shipped.")
@json_option
@one_line_errors
def recipes(as_json: bool) -> None:
    """List the recipes that come with the program."""
    from finetune.recipe import read_recipe, shipped

    for name in shipped():
        found = read_recipe(name)
        stages = [f"{n} ({s.kind})" if n != s.kind else n for n, s in found.stages.items()]
        if as_json:
            print_json({"name": name, "about": found.head.about, "stages": {n: s.kind for n, s in found.stages.items()}})
        else:
            click.echo(f"{name}\n    {found.head.about}\n    stages: {', '.join(stages)}")


@finetune.command("apply", short_help="Make a model of its delta and its base.")
@click.argument("delta", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--base", required=True, type=click.Path(exists=True, file_okay=False, path_type=Path), help="The folder of the base model.")
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="A new folder for the model.")
@one_line_errors
def apply(delta: Path, base: Path, out: Path) -> None:
    """Make a model again of the delta weights in DELTA and the base that they were made of; every tensor is checked."""
    from finetune.export.delta import apply_delta

    click.echo(f"{apply_delta(delta, base, out)} tensors, each with the SHA-256 that was written down, in {out}")


def _of_kind(kind: str) -> click.Command:
    @click.command(kind, short_help=KINDS[kind].summary, help=f"{KINDS[kind].summary}\n\nRuns the stages of this kind that RECIPE has.")
    @_options
    @one_line_errors
    def command(recipe: str, overrides: tuple[str, ...], dry_run: bool, again: bool, as_json: bool) -> None:
        _run(recipe, overrides, (), kind, dry_run, again, as_json)

    return command


for _kind in KINDS:
    finetune.add_command(_of_kind(_kind))


def _run(source: str, overrides: tuple[str, ...], only: tuple[str, ...], kind: str, dry_run: bool, again: bool, as_json: bool) -> None:
    from finetune.recipe import read_recipe
    from finetune.running import run_recipe

    recipe = read_recipe(source, overrides)
    for result in run_recipe(recipe, only, kind, dry_run, again, lambda line: click.echo(line, err=True)):
        if as_json:
            print_json(
                {
                    "stage": result.name,
                    "kind": result.kind,
                    "folder": str(result.folder),
                    "fresh": result.fresh,
                    "seconds": result.seconds,
                    "report": result.report,
                }
            )
        else:
            done = f"{result.seconds:.0f} s" if result.fresh else "was there"
            click.echo(f"{result.name} ({result.kind}): {done}, in {result.folder}")
            for name, value in result.report.items():
                if not isinstance(value, dict | list):
                    click.echo(f"    {name}: {value}")
