"""`patent status`: what is in the index, and what failed and why."""

import click

from assistant.commands.terminal import console, index_option, json_option, one_line_errors, place, plural, print_json


@click.command(short_help="What is in the index, and what failed and why.")
@index_option
@click.option("--failed", is_flag=True, help="List what failed: file, byte offset and reason.")
@click.option("--warnings", is_flag=True, help="List what was mended or is uncertain in the documents that were read.")
@json_option
@one_line_errors
def status(directory: str, failed: bool, warnings: bool, as_json: bool) -> None:
    """Print what the index holds, and what is wrong with its files: nothing is changed. Mend it with: patent repair."""
    from index.patent_index import PatentIndex

    with PatentIndex(directory, mend=False) as index:
        with console(stderr=True).status("reading the index"):
            problems = index.problems()
        found = {**index.status(), "problems": [p.model_dump() for p in problems]}
        waiting = index.catalogue.counts()["waiting"]
    if as_json:
        print_json(found)
        return
    out = console()
    if failed:
        for each in found["failed"]:
            out.print(f"{place(each['path'], each['offset'])}: {each['reason']}", markup=False, soft_wrap=True)
        if not found["failed"]:
            out.print("Nothing failed.")
        return
    if warnings:
        for each in found["warnings"]:
            out.print(f"{each['number']}: {each['reason']} ({place(each['path'], each['offset'])})", markup=False, soft_wrap=True)
        if not found["warnings"]:
            out.print("No warnings.")
        return
    signature = found["signature"]
    languages = ", ".join(f"{name or '?'} {count:,}" for name, count in found["languages"].items())
    out.print(f"{directory}: {plural(found['documents'], 'document')} ({languages}), {plural(found['passages'], 'passage')}", markup=False)
    out.print(f"  encoder   {signature['encoder']}, {signature['dimension']} dimensions, {signature['window']} tokens", markup=False)
    sizes = ", ".join(f"{name} {size / 1e6:.1f} MB" for name, size in found["bytes"].items())
    out.print(f"  on disk   {sizes}")
    if waiting:
        out.print(f"  waiting   {plural(waiting, 'document')} stored and not searchable yet: another process is writing, or was cut short")
    if found["failed"]:
        out.print(f"  failed    {len(found['failed'])}: patent status --failed --index {directory}", markup=False)
    if found["warnings"]:
        out.print(f"  warnings  {len(found['warnings'])}: patent status --warnings --index {directory}", markup=False)
    for problem in problems:
        out.print(f"  problem   {problem.path}: {problem.reason}", markup=False, soft_wrap=True)
    if problems:
        mend = "restore it from a backup, or see: patent repair --help" if problems[0].part == "catalogue" else f"patent repair --index {directory}"
        out.print(f"  mend it   {mend}", markup=False)
