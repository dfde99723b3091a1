"""Summaries of many documents into a folder: two files a document, written whole or not at all, and not made again where nothing has changed."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from assistant.summaries.extraction import extractive
from assistant.summaries.markdown import markdown
from assistant.summaries.summary import Length, Summary
from assistant.tasks.task import Language, language_of
from index.catalogue import document_digest
from ingest.document import PatentDocument
from ingest.errors import PatentAssistantError

_NAME = str.maketrans(dict.fromkeys('/\\:*?"<>|\x00', "_"))


@dataclass
class Job:
    """What became of the documents: how many were made, were there already, and could not be made, with the reason."""

    made: int = 0
    there: int = 0
    failed: list[tuple[str, str]] = field(default_factory=list)


def summarize_into(
    folder: Path,
    documents: "Iterable[PatentDocument | PatentAssistantError]",
    length: Length | None = None,
    labels: Language | None = None,
    done: Callable[[Job], None] | None = None,
) -> Job:
    """Write `NUMBER.json` (a `Summary`) and `NUMBER.md` for each document. `labels` is the language of headings, by default the document's.

    A document that was summarized before, to the letter and at the same length, costs nothing: a job that was interrupted goes on.
    """
    folder.mkdir(parents=True, exist_ok=True)
    length = length or Length()
    job = Job()
    for document in documents:
        if isinstance(document, PatentAssistantError):
            job.failed.append(("", str(document)))
        else:
            _one(folder, document, length, labels, job)
        if done:
            done(job)
    return job


def _one(folder: Path, document: PatentDocument, length: Length, labels: Language | None, job: Job) -> None:
    name = document.number.translate(_NAME)
    of = {"document": document_digest(document).hex(), "length": length.model_dump(), "labels": labels}
    data = folder / f"{name}.json"
    if _made_of(data) == of and data.with_suffix(".md").exists():
        job.there += 1
        return
    try:
        summary = extractive(document, length)
    except PatentAssistantError as error:
        job.failed.append((document.number, str(error)))
        return
    _write(data.with_suffix(".md"), markdown(summary, labels or language_of(document.title or document.abstract)))
    _write(
        data, json.dumps({"summary": summary.model_dump(mode="json"), "of": of}, ensure_ascii=False, indent=1)
    )  # last: it says that both are there
    job.made += 1


def _made_of(path: Path) -> object:
    try:
        return json.loads(path.read_text(encoding="utf-8")).get("of")
    except (OSError, ValueError, AttributeError):
        return None


def _write(path: Path, text: str) -> None:
    partial = path.with_name(f".{path.name}.partial")
    partial.write_text(text, encoding="utf-8")
    partial.replace(path)


def summaries_in(folder: Path) -> Iterator[Summary]:
    """The summaries of a folder, by number."""
    for path in sorted(folder.glob("*.json")):
        yield Summary.model_validate(json.loads(path.read_text(encoding="utf-8"))["summary"])
