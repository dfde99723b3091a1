"""`patent demo`: the sample collection indexed, and three questions asked of it."""

from pathlib import Path

import click

from assistant.commands.terminal import backend_option, console, one_line_errors, plural

SAMPLE = Path(__file__).resolve().parents[1] / "sample"
QUESTIONS = (
    "How much plated lithium is recovered when the stripping pulses start within two minutes?",
    "休眠节点错过多次密钥更新后，怎样恢复组密钥？",
    "How is the sourdough starter kept at a constant temperature while it ferments?",
)


@click.command(short_help="Try it on the sample collection that comes with the program.")
@click.option("--index", "directory", default=".demo/index", show_default=True, type=click.Path(file_okay=False), help="Where to put the index.")
@backend_option
@one_line_errors
def demo(directory: str, backend: str) -> None:
    """Index the sample collection (24 fictional patents, English and Chinese, with the IPC places of their subjects) and ask
    three questions: one in English, one in Chinese, and one that it can't answer. A second run only asks."""
    from rich.text import Text

    from assistant.commands.ask import print_answer
    from assistant.patents import PatentAssistant

    out = console()
    with PatentAssistant.open(directory, backend=backend) as assistant:
        report = assistant.ingest([SAMPLE])
        found = assistant.status()
        new = f"{plural(report.documents, 'new document')} in {report.seconds:.1f} s" if report.documents else "nothing new to read"
        out.print(
            f"The sample collection is in {directory}: {plural(found['documents'], 'document')}, {plural(found['passages'], 'passage')} ({new}).",
            markup=False,
        )
        for question in QUESTIONS:
            out.print()
            out.print(Text(f'$ patent ask "{question}"', style="bold"))
            print_answer(assistant.ask(question), out)
    out.print(
        f"""
Try next:
  patent search "labyrinth seal with drain" --index {directory}
  patent show US99000006B2#p0037 --index {directory}
  patent ask "…" --where "ipc=F16J language=en" --index {directory}
  patent status --index {directory}
  patent ingest YOUR_FILES --index my-index""",
        markup=False,
        soft_wrap=True,
    )
