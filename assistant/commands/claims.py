"""`patent claims`: tree, elements, checks and support of a claim set, claim charts, and the comparison with an earlier set."""

import sys
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import click

from assistant.commands.language_model import model_options
from assistant.commands.terminal import (
    SOME_FAILED,
    backend_option,
    console,
    index_option,
    json_option,
    one_line_errors,
    parse_where,
    print_json,
    where_option,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from assistant.claims.report import ClaimReport
    from assistant.patents import PatentAssistant
    from ingest.document import PatentDocument
    from ingest.errors import PatentAssistantError

SEARCH = "search"


@click.command(short_help="Analyse claims: tree, elements, checks, support, charts, comparison.")
@click.argument("sources", nargs=-1, required=True, metavar="NUMBER|FILE...")
@click.option("--elements", is_flag=True, help="Print each claim cut into its elements, too.")
@click.option("--support", is_flag=True, help="Print the supporting paragraphs of every element, not only what lacks them.")
@click.option(
    "--against", multiple=True, metavar="NUMBER|FILE",
    help=f"A claim chart against this reference; may be given again. `{SEARCH}`: against the nearest found from before the priority date.",
)  # fmt: skip
@click.option("--claim", "only", multiple=True, type=click.IntRange(min=1), help="The claim of the chart; by default the first independent one.")
@click.option("-k", "--references", "k", default=5, show_default=True, type=click.IntRange(min=1), help="How many references a search gives.")
@click.option("--before", type=click.DateTime(["%Y-%m-%d"]), help="References of a search are from before this day; by default the priority date.")
@click.option("--earlier", metavar="NUMBER|FILE", help="Compare with this earlier claim set: the application of a grant, the claims as filed.")
@click.option("--filed", metavar="NUMBER|FILE", help="The description as filed, where it is not that of the earlier set.")
@click.option("--html", type=click.Path(path_type=Path), help="Write a page that stands alone; for several documents, a folder.")
@click.option("--word", type=click.Path(path_type=Path), help="Write a Word file; for several documents, a folder.")
@click.option("--claims-language", default="", metavar="LANGUAGE", help="Claims in another of the document's languages, such as de.")
@click.option("--report-language", default="", type=click.Choice(["", "en", "zh"]), help="Of messages; by default that of the claims.")
@where_option
@model_options
@backend_option
@index_option
@json_option
@one_line_errors
def claims(
    sources: tuple[str, ...],
    elements: bool,
    support: bool,
    against: tuple[str, ...],
    only: tuple[int, ...],
    k: int,
    before: datetime | None,
    earlier: str | None,
    filed: str | None,
    html: Path | None,
    word: Path | None,
    claims_language: str,
    report_language: str,
    where: tuple[str, ...],
    llm: str,
    settings: tuple[str, ...],
    backend: str,
    directory: str,
    as_json: bool,
) -> None:
    """Analyse the claims of documents of the index (NUMBER) or of files in any format that is ingested.

    Each finding names its rule, the statute or guideline, the place, and what to do; each element has the paragraphs that support it. Charts
    and comparisons are made where they are asked for; with a language model the verdicts of a chart get reasons. Exit code 3 where some inputs
    failed.
    """
    from assistant.claims.analysis import ClaimOptions, analyse
    from assistant.commands.claim_views import print_report
    from assistant.commands.language_model import open_assistant
    from assistant.patents import PatentAssistant
    from ingest.document import PatentDocument
    from ingest.errors import PatentAssistantError

    if filed and not earlier:
        raise click.UsageError("--filed goes with --earlier")
    references = [each for each in against if each != SEARCH]
    if references and len(references) < len(against):
        raise click.UsageError(f"--against takes references or `{SEARCH}`, not both")
    asked = ClaimOptions(
        claims_language=claims_language, report_language=report_language, against=references, search=bool(against) and not references,
        only=only, where=parse_where(where), k=k, before=before.date() if before else None, earlier=earlier, filed=filed,
    )  # fmt: skip
    charts_or_sets = bool(against) or any(not Path(each).exists() for each in (earlier, filed) if each)
    done, failed = 0, 0
    with ExitStack() as stack:

        @cache
        def patents() -> PatentAssistant:
            return stack.enter_context(open_assistant(directory, backend, llm, settings))

        used = patents() if charts_or_sets else None
        written = [_Written(path, kind) for path, kind in ((html, "html"), (word, "docx")) if path]
        for source in sources:
            for found in _documents(source, patents):
                try:
                    if not isinstance(found, PatentDocument):
                        raise found
                    report = analyse(found, used, **asked)
                    for each in written:
                        each.write(report, found, report_language)
                except PatentAssistantError as error:
                    click.echo(f"Error: {error}", err=True)
                    failed += 1
                    continue
                done += 1
                if as_json:
                    print_json(report.model_dump(mode="json"))
                elif not written:
                    print_report(report, console(), report_language, elements, support)
    if failed:
        sys.exit(SOME_FAILED if done else 1)


def _documents(source: str, patents: "Callable[[], PatentAssistant]") -> "Iterator[PatentDocument | PatentAssistantError]":
    """The documents of a file, or the one of the index with this number; and what can't be read."""
    from assistant.documents import documents_in
    from ingest.errors import PatentAssistantError

    try:
        if Path(source).exists():
            yield from documents_in(source)
        else:
            yield patents().index.document(source)
    except PatentAssistantError as error:
        yield error


@dataclass
class _Written:
    """Where reports are written: into a file, or into a folder where the path is one or has no ending."""

    path: Path
    ending: str
    last: str = ""

    def write(self, report: "ClaimReport", document: "PatentDocument", language: str) -> None:
        from assistant.errors import ClaimError

        target = self.path
        if target.is_dir() or not target.suffix:
            target.mkdir(parents=True, exist_ok=True)
            target /= f"{report.document.replace('/', '_')}.{self.ending}"
        elif self.last:
            raise ClaimError(f"{report.document}: {self.path} has the report on {self.last}; name a folder to write several")
        self.last = report.document
        if self.ending == "html":
            from assistant.claims.page import page

            target.write_text(page(report, document, language), encoding="utf-8")
        else:
            from assistant.claims.word import word

            target.write_bytes(word(report, document, language))
        click.echo(f"{report.document}: {target}", err=True)
