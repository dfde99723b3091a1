"""`patent remove`: documents out of the index."""

import click

from assistant.commands.terminal import index_option, json_option, one_line_errors, plural, print_json


@click.command(short_help="Take documents out of the index.")
@click.argument("numbers", nargs=-1, required=True, metavar="NUMBER...")
@index_option
@json_option
@one_line_errors
def remove(numbers: tuple[str, ...], directory: str, as_json: bool) -> None:
    """Remove the documents with these NUMBERs. Where one is not in the index, nothing is removed."""
    from assistant.patents import PatentAssistant

    with PatentAssistant.open(directory, create=False) as assistant:
        gone = assistant.remove(numbers)
    if as_json:
        print_json({"removed": gone})
    else:
        click.echo(f"Removed {plural(len(gone), 'document')}: {', '.join(gone)}")
