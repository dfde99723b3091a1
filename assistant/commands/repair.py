"""`patent repair`: what is derived from the catalogue and damaged is made again."""

import click

from assistant.commands.terminal import console, index_option, json_option, one_line_errors, plural, print_json


@click.command(short_help="Make again what is derived from the catalogue and damaged.")
@index_option
@click.option("--save", metavar="FILE", type=click.Path(dir_okay=False), help="Only write the documents that can be read to FILE, as JSON lines.")
@json_option
@one_line_errors
def repair(directory: str, save: str | None, as_json: bool) -> None:
    """Check the index as `patent status` does, and make again from the catalogue what is missing, damaged or behind; what runs that
    were cut short have left is deleted. Nothing that is stored is lost. A damaged catalogue can't be mended: restore it from a backup, or
    write what can be read with --save and ingest that into a new directory."""
    if save is not None:
        _save(directory, save, as_json)
        return
    from index.patent_index import PatentIndex

    out = console(stderr=True)
    with PatentIndex(directory, mend=False) as index:
        if out.is_terminal and not as_json:
            with out.status("") as doing:
                found = index.repair(doing.update)
        else:
            found = index.repair()
        counts = index.catalogue.counts()
    if as_json:
        print_json({"repaired": [p.model_dump() for p in found]})
        return
    for problem in found:
        done = "deleted" if problem.part == "leftover" else "made again"
        click.echo(f"{problem.path}: {problem.reason}; {done}")
    held = f"{plural(counts['documents'], 'document')}, {plural(counts['passages'], 'passage')}"
    click.echo(f"{directory}: {'sound again' if found else 'nothing is wrong'}: {held}")


def _save(directory: str, target: str, as_json: bool) -> None:
    from pathlib import Path

    from index.errors import NoIndexError
    from index.repair import readable_documents

    if not (Path(directory) / "catalogue.sqlite").is_file():
        raise NoIndexError(f"{directory}: there is no index here; make one with: patent ingest FILES --index {directory}")
    count = 0
    with Path(target).open("x", encoding="utf-8") as stream:
        for document in readable_documents(Path(directory)):
            stream.write(document.model_dump_json() + "\n")
            count += 1
    if as_json:
        print_json({"saved": count, "path": target})
    else:
        click.echo(f"{plural(count, 'document')} -> {target}; read them with: patent ingest {target} --index NEW")
