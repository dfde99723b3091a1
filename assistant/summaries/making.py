"""What a job makes of one document: a summary or the answer to its question, with the texts that it cites; or the reason that there is none."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from assistant.errors import LanguageModelError, TooLongError
from assistant.llm.exchange import Exchange, answer_one
from assistant.summaries.manifest import Asked
from assistant.summaries.record import Outcome
from index.catalogue import document_digest
from ingest.anchor import text_at
from ingest.document import Citation, PatentDocument
from ingest.errors import PatentAssistantError
from ingest.transfer import Packed, unpack

if TYPE_CHECKING:
    from assistant.grounding.answering import Grounding
    from assistant.llm.language_model import LanguageModel
    from assistant.summaries.summary import Summary
    from assistant.summaries.table import Cell


def make(asked: Asked, packed: Packed) -> Outcome:
    """Without a language model; in a process of its own."""
    return answer_one(made(asked, unpack(packed), None, None), None)


def made(asked: Asked, document: PatentDocument, model: "LanguageModel | None", grounding: "Grounding | None") -> Exchange[Outcome]:
    """Whatever goes wrong with the document is its outcome. `no_model` says that the language model could not be asked at all."""
    number, digest = document.number, document_digest(document).hex()
    try:
        found = yield from _exchange(asked, document, model, grounding)
        cited = {c.anchor: text_at(document, c.anchor) for c in _citations(found)}
        return Outcome(number, digest, found.model_dump(mode="json"), cited)
    except PatentAssistantError as error:
        no_model = isinstance(error, LanguageModelError) and not isinstance(error, TooLongError)
        return Outcome(number, digest, failed=str(error), no_model=no_model)
    except Exception as error:  # the edge that records it: one odd document does not end a job of thousands
        return Outcome(number, digest, failed=f"{number}: {type(error).__name__}: {' '.join(str(error).split())[:300]}")


def _exchange(
    asked: Asked, document: PatentDocument, model: "LanguageModel | None", grounding: "Grounding | None"
) -> "Exchange[Summary] | Exchange[Cell]":
    if asked.question:
        from assistant.summaries.table import cell

        return cell(document, asked.question, model, grounding)
    if model is None:
        return _extracted(asked, document)
    from assistant.summaries.hierarchy import summarize

    return summarize(document, model, asked.length, asked.language or "", grounding)


def _extracted(asked: Asked, document: PatentDocument) -> "Exchange[Summary]":
    from assistant.summaries.extraction import extractive

    return extractive(document, asked.length)
    yield  # asks nothing


def _citations(found: "Summary | Cell") -> Iterator[Citation]:
    from assistant.summaries.summary import Summary

    for each in found.sentences() if isinstance(found, Summary) else found.statements:
        yield from each.citations
