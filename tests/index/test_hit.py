"""Hits as programs read them."""

from index import DocumentHit, Hit
from ingest import Passage


def hit(rank: int, anchor: str, score: float) -> Hit:
    passage = Passage(anchor=anchor, text="A seal.", section="claims", language="en", tokens=3)
    return Hit(rank=rank, passage=passage, score=score, scores={"lexical": 2.00000049}, probability=0.98765432, title="Seal")


def test_the_record_of_a_passage():
    assert hit(1, "US1A1#c7", 0.123456789).model_dump(mode="json") == {
        "rank": 1,
        "anchor": "US1A1#c7",
        "number": "US1A1",
        "section": "claims",
        "language": "en",
        "probability": 0.9877,
        "score": 0.123457,
        "scores": {"lexical": 2.0},
        "text": "A seal.",
    }


def test_the_record_of_a_document_is_that_of_its_best_passage():
    passages = (hit(3, "US1A1#c7", 0.9), hit(5, "US1A1#abs", 0.5))
    record = DocumentHit(rank=2, number="US1A1", title="Seal", score=1.15, passages=passages).model_dump(mode="json")
    assert record == {
        **passages[0].model_dump(mode="json"),
        "rank": 2,
        "probability": None,
        "score": 1.15,
        "title": "Seal",
        "passages": ["US1A1#c7", "US1A1#abs"],
    }
