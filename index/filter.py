"""`Filter`: what to search in. Applied before the search on both sides, so that k hits come back wherever k exist."""

from datetime import date

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from index.errors import FilterError
from ingest.errors import ReadError, first_problem
from ingest.schemes.symbol import Symbol

SECTIONS = ("abstract", "claims", "title", "cross_reference", "field", "background", "summary", "drawings", "description", "scheme", "law")


class Filter(BaseModel):
    """Every field that is given must match; within a field, any of its values.

    `ipc` and `cpc` are symbols or their beginnings (`H`, `H04L`, `H04L 9/00` for the whole main group, `H04L 9/08`).
    `before` and `after` are about publication, or filing where that is unknown: before the day, or on the day and after.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    numbers: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    ipc: tuple[str, ...] = ()
    cpc: tuple[str, ...] = ()
    before: date | None = None
    after: date | None = None

    @field_validator("ipc", "cpc", mode="before")
    @classmethod
    def _symbols(cls, values: object) -> object:
        values = [values] if isinstance(values, str) else values
        try:
            return tuple(str(Symbol(v)) for v in values) if isinstance(values, list | tuple) else values
        except ReadError as error:
            raise ValueError(str(error)) from error

    @field_validator("sections")
    @classmethod
    def _known_sections(cls, values: tuple[str, ...]) -> tuple[str, ...]:
        for value in values:
            if value not in SECTIONS:
                raise ValueError(f"{value!r} is not a kind of section; there are {', '.join(SECTIONS)}")
        return values

    @property
    def empty(self) -> bool:
        return self == Filter()

    @classmethod
    def parse(cls, text: str | list[str] | tuple[str, ...]) -> "Filter":
        """`ipc=H04L country=US,EP before=2015-01-01 section=claims` to a Filter. Raises FilterError."""
        fields = {
            "number": "numbers", "country": "countries", "language": "languages", "section": "sections",
            "ipc": "ipc", "cpc": "cpc", "before": "before", "after": "after",
        }  # fmt: skip
        written: dict[str, str] = {}
        key = ""
        for word in " ".join([text] if isinstance(text, str) else text).split():
            name, equals, rest = word.partition("=")
            if not equals and key in ("ipc", "cpc"):  # "ipc=H04L 9/08" with a blank
                written[key] += f" {word}"
                continue
            key = fields.get(name.lower(), "") or fields.get(name.lower().removesuffix("s"), "")
            if not equals or not rest or not key:
                raise FilterError(f"{word!r}: write a filter as {', '.join(f'{f}=…' for f in fields)}, separated by blanks")
            written[key] = f"{written[key]},{rest}" if key in written else rest
        values: dict[str, object] = {}
        changes = {"countries": str.upper, "languages": str.lower, "sections": str.lower}
        for key, value in written.items():
            change = changes.get(key, str)
            values[key] = value if key in ("before", "after") else [change(v.strip()) for v in value.split(",") if v.strip()]
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            raise FilterError(first_problem(error)) from error


def symbol_terms(symbol: str) -> list[str]:
    """The places that a symbol stands in, as its filters may name them: `H`, `H04`, `H04L`, `H04L 9`, `H04L 9/08`."""
    found = Symbol(symbol)
    terms = [found.section, found.section + found.cls, found.section + found.cls + found.subclass]
    if found.group:
        terms += [f"{terms[-1]} {found.group}", str(found)]
    return list(dict.fromkeys(terms))


def filter_term(symbol: str) -> str:
    """The term of `symbol_terms` that a filter on this symbol asks for; a main group asks for all of its subgroups."""
    found = Symbol(symbol)
    return str(found).partition("/")[0] if found.level == "main group" else str(found)
