"""Which reader takes a record, and the edge where every fault of a record becomes a `Failed`.

Readers are imported when the first record of their form comes by, so that reading XML does not load what reads PDF.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from typing import TYPE_CHECKING

from pydantic import ValidationError

from ingest.document import PatentDocument, Source
from ingest.errors import ReadError, first_problem
from ingest.outcome import Failed, Outcome, Skipped
from ingest.records import Piece, Record, root_name

if TYPE_CHECKING:
    from ingest.printed.blocks import Block
    from ingest.printed.hints import Hints
    from ingest.schemes.scheme import Entries, Given, Schemes


def outcomes_of(record: Record, schemes: "Schemes | None" = None) -> Iterator[Outcome]:
    """What the record holds: a document, for a classification scheme one for each entry, or why not.

    `schemes` is shared by the records of a run, for the files of a scheme to know the titles of each other.
    """
    try:
        if record.form in ALONE:
            yield from _scheme(record, schemes.given(record.path) if schemes else {})
        else:
            yield from _READERS[record.form](record)
    except ReadError as error:
        yield Failed(record.path, record.offset, " ".join(str(error).split())[:400])
    except ValidationError as error:
        yield Failed(record.path, record.offset, first_problem(error))
    except Exception as error:  # the edge: whatever else a hostile record does to a reader is recorded
        yield Failed(record.path, record.offset, " ".join(f"{type(error).__name__}: {error}".split())[:400])


def parsed(pieces: Iterable[Piece], schemes: "Schemes | None" = None) -> Iterator[Outcome]:
    """The outcomes of pieces of files, in order: what the records hold, and what was none."""
    for piece in pieces:
        yield from outcomes_of(piece, schemes) if isinstance(piece, Record) else [piece]


def _source(record: Record, form: str) -> Source:
    return Source(path=record.path, offset=record.offset, format=form)


def _xml(record: Record) -> Iterator[Outcome]:
    from ingest.offices.entities import resolve_entities
    from ingest.xml_text import local_name, parse_xml

    data, warnings = resolve_entities(record.data.lstrip(b"\xef\xbb\xbf")), list[str]()
    try:
        root = parse_xml(data, warnings)
    except ReadError as error:
        name = root_name(data)
        if not name:
            raise ReadError("XML without a root element") from error
        if name != "PATDOC":
            raise
        from ingest.offices.patdoc import close_empty

        root = parse_xml(close_empty(data), warnings)
    name = local_name(root)
    if name not in _OFFICES:
        yield Skipped(record.path, record.offset, name)
        return
    module, reader = _OFFICES[name]
    document = getattr(import_module(f"ingest.offices.{module}"), reader)(root, _source(record, name))
    yield document.model_copy(update={"warnings": (*warnings, *document.warnings)}) if warnings else document


_OFFICES = {
    "us-patent-grant": ("uspto", "read_uspto"),
    "us-patent-application": ("uspto", "read_uspto"),
    "patent-application-publication": ("pap", "read_pap"),
    "PATDOC": ("patdoc", "read_patdoc"),
    "ep-patent-document": ("epo", "read_epo"),
    "cn-patent-document": ("cnipa", "read_cn_patent_document"),
    "PatentDocumentAndRelated": ("cnipa", "read_patent_document_and_related"),
    "jp-official-gazette": ("jpo", "read_jpo"),
    "PatentPublication": ("st96", "read_st96"),
    "UnexaminedPatentPublication": ("st96", "read_st96"),
    "RegisteredPatentPublication": ("st96", "read_st96"),
    "InternationalPatentPublication": ("st96", "read_st96"),
}
"""The module and the function that read each root element."""


def _greenbook(record: Record) -> Iterator[Outcome]:
    from ingest.offices.greenbook import read_greenbook

    if record.data.lstrip().startswith(b"PATN"):
        yield read_greenbook(record.data, _source(record, "greenbook"))
    else:
        yield Skipped(record.path, record.offset, "header of a Greenbook file")


def _pdf(record: Record) -> Iterator[Outcome]:
    from ingest.pages.pdf import blocks_of_pdf

    blocks, warnings = blocks_of_pdf(record.data)
    yield _printed(record, blocks, warnings)


def _docx(record: Record) -> Iterator[Outcome]:
    from ingest.files.elements import blocks_of_docx

    try:
        blocks = blocks_of_docx(record.data)
    except ReadError:
        raise
    except Exception as error:  # python-docx and lxml have an error of their own for every way of being broken
        raise ReadError(f"a broken Word file: {error}; open and save it again with a word processor") from error
    yield _printed(record, blocks)


def _html(record: Record) -> Iterator[Outcome]:
    from ingest.files.elements import blocks_of_html, hints_of_html

    yield _printed(record, blocks_of_html(record.data), hints=hints_of_html(record.data))


def _text(record: Record) -> Iterator[Outcome]:
    from ingest.files.elements import blocks_of_text

    yield _printed(record, blocks_of_text(record.data))


def _printed(record: Record, blocks: "list[Block]", warnings: Iterable[str] = (), hints: "Hints | None" = None) -> PatentDocument:
    from ingest.laws.reading import law_of_blocks
    from ingest.printed.structure import document_of_blocks

    name = re.split(r"[/\\!]", record.path)[-1]
    told = list(warnings)
    law = law_of_blocks(blocks, _source(record, record.form), name, (hints or {}).get("title", ""), told)
    return law or document_of_blocks(blocks, _source(record, record.form), name, hints, told)


def _json(record: Record) -> Iterator[Outcome]:
    from ingest.json_lines import read_json_line

    yield read_json_line(record.data, _source(record, "jsonl"))


def _scheme(record: Record, given: "Given") -> Iterator[Outcome]:
    form, reader = _scheme_reader(root_name(record.data) if record.form == "scheme" else "")
    source = _source(record, form)
    empty = True
    for entry in reader(record.data, given):
        empty = False
        yield Failed(record.path, record.offset, str(entry)) if isinstance(entry, ReadError) else entry.document(source)
    if empty:
        yield Skipped(record.path, record.offset, "classification scheme without entries")


def _scheme_reader(name: str) -> "tuple[str, Callable[[bytes, Given], Entries]]":
    """The format and the reader for a root element of a classification scheme; "" is a list of titles."""
    if not name:
        from ingest.schemes.title_list import read_title_list

        return "ipc-titles", read_title_list
    if name == "class-scheme":
        from ingest.schemes.cpc import read_cpc_scheme

        return "cpc-xml", read_cpc_scheme
    if name == "definitions":
        from ingest.schemes.cpc_definitions import read_cpc_definitions

        return "cpc-definitions", read_cpc_definitions
    from ingest.schemes.ipc import read_ipc_scheme

    return "ipc-xml", read_ipc_scheme


_READERS: dict[str, Callable[[Record], Iterator[Outcome]]] = {
    "xml": _xml,
    "json": _json,
    "greenbook": _greenbook,
    "pdf": _pdf,
    "docx": _docx,
    "html": _html,
    "text": _text,
}
ALONE = frozenset({"scheme", "titles"})
"""Forms whose records hold many small entries: parsing them elsewhere costs more than it saves, and they are read in order."""
