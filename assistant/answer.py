"""`Answer`: statements, each with the quotations that back it, and what all of them together are worth."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from index.hit import Hit
from ingest.document import Citation

Verdict = Literal["supported", "weak", "unsupported", "unchecked"]
Status = Literal["answered", "partly", "not_found"]


class Statement(BaseModel):
    """One sentence of the answer, the citations that back it, and how well they do.

    `unchecked` means that the checker could not run; it never means supported. `reason` says why it is not `supported`.
    """

    model_config = ConfigDict(frozen=True)

    text: str
    verdict: Verdict
    citations: tuple[Citation, ...]
    reason: str = ""


class Answer(BaseModel):
    """What came of a question; `model_dump` gives {question, status, statements, hits, model, missing, left_out}.

    `hits` are the passages that the answerer saw; `model` is who wrote the statements. `status` is `answered` when the
    passages answer the question, `partly` when they answer some of it or the support is weak, `not_found` when nothing in
    the collection does; then there are no statements, and `missing` says what an answer would need, where the answerer can tell. `left_out` are
    the passages that were found and did not fit into the language model's window.
    """

    model_config = ConfigDict(frozen=True)

    question: str
    status: Status
    statements: tuple[Statement, ...] = ()
    hits: tuple[Hit, ...] = ()
    model: str = "evidence"
    missing: str = ""
    left_out: tuple[str, ...] = ()
