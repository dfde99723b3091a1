"""`patent backup`: a copy of the index, made while others read and write."""

import click

from assistant.commands.terminal import console, index_option, json_option, one_line_errors, plural, print_json


@click.command(short_help="Copy the index to a new directory, while others use it.")
@click.argument("target", metavar="DIR", type=click.Path())
@index_option
@json_option
@one_line_errors
def backup(target: str, directory: str, as_json: bool) -> None:
    """Copy the index, as of this moment, to the new directory DIR, which opens like any index: patent search --index DIR. Others may search
    it and write to it meanwhile. The copy is checked, and appears under its name when it is whole."""
    from index.patent_index import PatentIndex

    out = console(stderr=True)
    with PatentIndex(directory, mend=False) as index:
        if out.is_terminal and not as_json:
            from rich.progress import BarColumn, DownloadColumn, TextColumn, TimeRemainingColumn
            from rich.progress import Progress as Bar

            with Bar(TextColumn("copying"), BarColumn(), DownloadColumn(), TimeRemainingColumn(), console=out, transient=True) as bar:
                task = bar.add_task("copying", total=None)
                done = index.backup(target, lambda done, total: bar.update(task, completed=done, total=total))
        else:
            done = index.backup(target)
    if as_json:
        print_json(done.model_dump())
        return
    held = f"{plural(done.documents, 'document')}, {plural(done.passages, 'passage')}"
    click.echo(f"{held}, {done.bytes / 1e6:.1f} MB in {done.seconds:.1f} s -> {done.directory}")
    if done.left_out:
        click.echo(f"  {', '.join(done.left_out)}: being written, and so not in the copy; made again when it is first opened")
