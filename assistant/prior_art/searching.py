"""One search for prior art: the best passages or documents, or references held against a claim."""

from typing import Literal

from assistant.prior_art.asked import Asked, limited, others
from assistant.prior_art.references import Pair, Reference, pairs, references
from index.filter import Filter
from index.hit import DocumentHit, Hit
from index.patent_index import PatentIndex

Unit = Literal["passage", "document"]
View = Literal["novelty", "obviousness"]


def find(
    index: PatentIndex, asked: Asked, k: int, where: Filter | None = None, unit: Unit = "passage", view: View | None = None
) -> list[Hit] | list[DocumentHit] | list[Reference] | list[Pair]:
    """The k best of what is asked for, within its date limit and the filter. Raises ClaimError where a view has no claim to go by."""
    where = limited(asked, where or Filter())
    if view == "novelty":
        return references(index, asked, where)[:k]
    if view == "obviousness":
        return pairs(references(index, asked, where))[:k]
    words = asked.document is None
    if unit == "document":
        return others(lambda depth: index.search_documents(asked.query, depth, where), k, asked, index, schemes=words)
    return others(lambda depth: index.search(asked.query, depth, where, late=words), k, asked, index, schemes=words)
