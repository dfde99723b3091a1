"""`patent search`: ranked passages or documents."""

import click

from assistant.commands.terminal import (
    console,
    emit,
    hanging,
    index_option,
    json_option,
    not_blank,
    one_line_errors,
    parse_where,
    print_json,
    where_option,
)


@click.command(short_help="Find passages or documents.")
@click.argument("query", callback=not_blank)
@index_option
@click.option("-k", default=10, show_default=True, type=click.IntRange(1, 1000), help="How many.")
@click.option("--unit", default="passage", show_default=True, type=click.Choice(["passage", "document"]))
@where_option
@json_option
@one_line_errors
def search(query: str, directory: str, k: int, unit: str, where: tuple[str, ...], as_json: bool) -> None:
    """Rank the passages (or documents) of the index for QUERY: words, a question, a claim."""
    from assistant.patents import PatentAssistant
    from index.hit import DocumentHit

    chosen = parse_where(where)
    with PatentAssistant.open(directory, create=False) as assistant:
        found = assistant.search(query, k, chosen, unit="document") if unit == "document" else assistant.search(query, k, chosen)
    if as_json:
        for hit in found:
            print_json(hit.model_dump(mode="json"))
        return
    from rich.text import Text

    out = console()
    if not found:
        out.print("Nothing found. Try other words, or a wider --where.")
    for hit in found:
        text = " ".join((hit.passages[0] if isinstance(hit, DocumentHit) else hit).passage.text.split())
        anchor = hit.passages[0].anchor if isinstance(hit, DocumentHit) else hit.anchor
        head = Text(anchor, style="cyan") + Text(f"  {hit.title}", style="bold")
        emit(out, hanging((f"{hit.rank:>3}", head), ("", Text(text[:240] + (" …" if len(text) > 240 else ""), style="dim"))))
