"""`Answer`: statements, each with the quotations that back it, and what all of them together are worth."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from index.hit import Hit
from ingest.document import Citation

Verdict = Literal["supported", "weak", "unsupported", "unchecked"]
Status = Literal["answered", "partly", "not_found"]


class Statement(BaseModel):
    """One sentence of the answer, the citations that back it, and how well they do.

    `unchecked` means that the checker could not run; it never means supported.
    """

    model_config = ConfigDict(frozen=True)

    text: str
    verdict: Verdict
    citations: tuple[Citation, ...]


class Answer(BaseModel):
    """What came of a question; `model_dump` gives {question, status, statements, hits, model}.

    `hits` are the passages that the answerer saw; `model` is who wrote the statements. `status` is `answered` when the
    passages answer the question, `partly` when they answer some of it or the support is weak, `not_found` when nothing in
    the collection does; then there are no statements.
    """

    model_config = ConfigDict(frozen=True)

    question: str
    status: Status
    statements: tuple[Statement, ...] = ()
    hits: tuple[Hit, ...] = ()
    model: str = "evidence"
