"""What the sources give: documents of files and indexes, rows of data sets and of published instruction data, one after another."""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from finetune.errors import DataError, StageError
from finetune.instructions.published import messages_of, rows_in
from finetune.instructions.settings import DataSet, Documents, Published, Source
from finetune.running import StageContext
from ingest.document import PatentDocument
from ingest.outcome import Failed
from ingest.reading import find_files, read

_CATALOGUE = "catalogue.sqlite"
_DRY = 12
"""Documents or lines of a source in a dry run."""
Given = tuple[str, str, str, PatentDocument | dict[str, Any]]


def given_by(sources: Iterable[Source], context: StageContext, failed: Counter[tuple[str, str]]) -> Iterator[Given]:
    """(source, kind, name, document or row) in a fixed order. A document that stands there twice comes once. Failures are counted by source and
    reason. Raises StageError for a source that isn't there, DataError for rows that can't be read. In a dry run a few of each, and the sample
    collection for what is missing."""
    seen: set[str] = set()
    for source in sources:
        paths = _present(source, context)
        limit = min(source.limit or _DRY, _DRY) if context.dry_run else source.limit
        if isinstance(source, Documents):
            documents = _documents(paths, source.name, failed) if paths else _sample()
            for document in islice(documents, limit):
                if document.number in seen:
                    failed[source.name, "a document that was there already"] += 1
                    continue
                seen.add(document.number)
                yield source.name, "document", document.number, document
        else:
            rows = _rows(source, paths) if paths or not context.dry_run else _sample_rows(source)
            for name, row in islice(rows, limit):
                kind = source.form if isinstance(source, DataSet) else "published"
                yield source.name, kind, f"{source.name} {name}", row


def _present(source: Source, context: StageContext) -> list[Path]:
    paths = [context.path(p) for p in source.paths]
    missing = [p for p in paths if not p.exists()]
    if missing and not context.dry_run:
        raise StageError(f"stage {context.name}: source {source.name}: {missing[0]}: no such file or folder; mend its paths, or take it out")
    return [p for p in paths if p not in missing]


def _sample() -> Iterator[PatentDocument]:
    from finetune.bases.tiny import sample_documents

    yield from sample_documents()


def _sample_rows(source: Source) -> Iterator[tuple[str, dict[str, Any]]]:
    """Rows in the form of the source, with titles and abstracts of the sample collection."""
    for document in _sample():
        title, abstract = document.title, next(iter(document.abstracts.values()), "")
        if not title or not abstract:
            continue
        if isinstance(source, Published):
            row: dict[str, Any] = {"messages": [{"role": "user", "content": title}, {"role": "assistant", "content": abstract}]}
        elif isinstance(source, DataSet) and source.form == "entities":
            row = {"text": abstract, "entities": [{"start": 0, "end": len(abstract) // 10, "type": "sample"}]}
        else:
            row = {"input": f"标题：{title}\n摘要：{abstract}", "output": title}
        yield f"sample:{document.number}", row


def _documents(paths: Iterable[Path], name: str, failed: Counter[tuple[str, str]]) -> Iterator[PatentDocument]:
    for path in paths:
        if (path / _CATALOGUE).is_file():
            from index.catalogue import Catalogue

            catalogue = Catalogue(path / _CATALOGUE)
            try:
                yield from catalogue.documents()
            finally:
                catalogue.close()
            continue
        for outcome in read(path):
            if isinstance(outcome, PatentDocument):
                yield outcome
            elif isinstance(outcome, Failed):
                failed[name, f"can't be read: {outcome.reason}"[:100]] += 1


def _rows(source: Source, paths: Iterable[Path]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each file's rows, checked for their form."""
    for path in paths:
        for file in find_files([path]):
            if isinstance(file, Failed):
                raise DataError(f"{file.path}: {file.reason}")
            for line, row in rows_in(file):
                where = f"{file}, line {line}"
                if isinstance(source, Published):
                    yield f"{file.name}:{line}", {"messages": messages_of(row, {str(k): v for k, v in source.fields.items()}, where)}
                elif isinstance(source, DataSet):
                    yield f"{file.name}:{line}", _checked(source, row, where)


def _checked(source: DataSet, row: Any, where: str) -> dict[str, Any]:
    from assistant.entities.annotated import annotated
    from assistant.errors import AssistantError
    from assistant.tasks.keyphrases import examples_of_rows

    try:
        if not isinstance(row, dict):
            raise DataError(f"{where}: not an object; mend or remove the line")
        if source.form == "entities":
            annotated(row)
        else:
            list(examples_of_rows([row]))
    except AssistantError as error:
        raise DataError(f"{where}: {error}; mend or remove the line") from error
    return row
