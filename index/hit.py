"""`Hit`: a passage that was found, its rank, its score, and the scores that went into that."""

from typing import Any

from pydantic import BaseModel, ConfigDict, model_serializer

from ingest.passages import Passage


class Hit(BaseModel):
    """`score` is what the hits are ranked by; `scores` holds `lexical` (BM25, as a share of the most there can be), `dense` (cosine) and
    `late` (late interaction of the tokens, for the first hits), each where there is one. `probability` is how likely this is what is
    looked for (`index.calibration`); one side alone gives none."""

    model_config = ConfigDict(frozen=True)

    rank: int
    passage: Passage
    score: float
    scores: dict[str, float] = {}
    probability: float | None = None
    title: str = ""

    @property
    def anchor(self) -> str:
        return self.passage.anchor

    @property
    def number(self) -> str:
        return self.passage.number

    @model_serializer
    def _record(self) -> dict[str, Any]:
        """What programs read: {rank, anchor, number, section, language, probability, score, scores, text}."""
        return {
            "rank": self.rank,
            "anchor": self.anchor,
            "number": self.number,
            "section": self.passage.section,
            "language": self.passage.language,
            "probability": None if self.probability is None else round(self.probability, 4),
            "score": round(self.score, 6),
            "scores": {k: round(v, 6) for k, v in self.scores.items()},
            "text": self.passage.text,
        }


class DocumentHit(BaseModel):
    """A document that was found, with its best passages, best first."""

    model_config = ConfigDict(frozen=True)

    rank: int
    number: str
    title: str
    score: float
    probability: float | None = None
    passages: tuple[Hit, ...]

    @model_serializer
    def _record(self) -> dict[str, Any]:
        """What programs read: the record of the best passage, with the document's title and the other anchors."""
        best = self.passages[0].model_dump()
        return {
            **best,
            "rank": self.rank,
            "probability": None if self.probability is None else round(self.probability, 4),
            "score": round(self.score, 6),
            "title": self.title,
            "passages": [p.anchor for p in self.passages],
        }
