"""`Place`: where a text belongs in the classification, how probably, and why."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, model_serializer


class Reason(BaseModel):
    """A patent of the index that has the place and is like the text; or, where there is none, the entry of the scheme under the place
    that is. `anchor` is its nearest passage, `score` the likeness, 0 to 1, or for an entry the score of the search."""

    model_config = ConfigDict(frozen=True)

    number: str
    anchor: str
    title: str
    symbols: tuple[str, ...]
    score: float


class Place(BaseModel):
    """A subclass (`H04L`) or main group (`H04L 9/00`). `probability` is that of its being the first code of the text; `title` is the
    entry's with those above it, outermost first, where the index has the scheme; `assigned` says that the document has it already."""

    model_config = ConfigDict(frozen=True)

    symbol: str
    level: Literal["subclass", "group"]
    probability: float
    title: str = ""
    reasons: tuple[Reason, ...] = ()
    assigned: bool = False

    @model_serializer
    def _record(self) -> dict[str, Any]:
        """What programs read: {symbol, level, probability, title, reasons: [{number, anchor, title, symbols, score}]}."""
        return {
            "symbol": self.symbol,
            "level": self.level,
            "probability": round(self.probability, 4),
            "title": self.title,
            "reasons": [{**r.model_dump(), "symbols": list(r.symbols), "score": round(r.score, 4)} for r in self.reasons],
        }
