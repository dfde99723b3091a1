"""The command line: `patent`. Each command is a module that is imported when it is called, so that `--help` is quick."""

from importlib import import_module

import click

_COMMANDS = {
    "ask": "Answer a question with cited quotations.",
    "benchmark": "Answer and score a public benchmark.",
    "claims": "Analyse claims: tree, elements, checks.",
    "classify": "Find the place of a text in the IPC.",
    "backup": "Copy the index to a new directory, while others use it.",
    "demo": "Try it on the sample collection that comes with the program.",
    "export": "Write the documents of the index as JSON lines.",
    "finetune": "Make the domain model, by recipes.",
    "ingest": "Read files, folders and archives into the index.",
    "remove": "Take documents out of the index.",
    "repair": "Make again what is derived from the catalogue and damaged.",
    "run": "Do a task: title, claims, translation, keyphrases, …",
    "search": "Find passages or documents.",
    "show": "Print a document, or the passage at an anchor.",
    "summarize": "Summarize documents, every sentence cited.",
    "status": "What is in the index, and what failed and why.",
}


class _Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module = "finetune.commands" if cmd_name == "finetune" else f"assistant.commands.{cmd_name}"
        command = getattr(import_module(module), cmd_name)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(sorted(_COMMANDS.items()))


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="patent-assistant")
def patent() -> None:
    """Ask questions of patents, and get answers in which every statement is backed by a verbatim quotation.

    Exit codes: 0 all done, 1 an error, 2 wrong usage, 3 some inputs failed, 130 interrupted.
    """
