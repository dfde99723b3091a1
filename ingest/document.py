"""`PatentDocument` and its parts: what every reader yields, and what the index stores.

The JSON of a `PatentDocument` is the project's own document format, one object a line.
"""

import re
from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from ingest.claims.cited import cited_documents
from ingest.claims.dependency import claim_category, claim_references
from ingest.language import CJK


class Frozen(BaseModel):
    """Immutable, and strict about names: a misspelt field is an error and not a loss."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Citation(Frozen):
    """Where a quotation stands (the anchor), and the quotation, verbatim."""

    anchor: str
    quote: str


class Claim(Frozen):
    """One claim, without its printed number.

    `text` has a line for each nested part. `depends_on`, `mentions` (claims that it names without depending on them)
    and `category` are read off the text where the source does not give them.
    """

    number: int = Field(ge=1, le=9999)
    text: str
    depends_on: tuple[int, ...] = ()
    mentions: tuple[int, ...] = ()
    category: str = ""

    @model_validator(mode="before")
    @classmethod
    def _read_off_text(cls, data: Any) -> Any:
        if isinstance(data, dict) and isinstance(data.get("text"), str):
            data = dict(data)
            if data.get("depends_on") is None:
                number = str(data.get("number") or "")
                data["depends_on"], mentions = claim_references(data["text"], int(number) if re.fullmatch(r"[0-9]{1,4}", number) else None)
                if not data.get("mentions"):
                    data["mentions"] = mentions
            if not data.get("category"):
                data["category"] = claim_category(data["text"])
        return data

    @property
    def independent(self) -> bool:
        return not self.depends_on


class Paragraph(Frozen):
    """A numbered paragraph. `number` is the office's own, as printed, such as `0042`."""

    number: str
    text: str

    @field_validator("number")
    @classmethod
    def _printable_in_an_anchor(cls, number: str) -> str:
        number = number.strip(" []【】")
        if not re.fullmatch(r"[0-9A-Za-z.]+", number):
            raise ValueError(f"{number!r} is not a paragraph number; write it like 0042")
        return number


class Section(Frozen):
    """Paragraphs under one heading.

    `kind` is one of `cross_reference`, `field`, `background`, `summary`, `drawings`,
    `description`, `scheme` (an entry of a classification scheme) and `law` (articles of a law, each a paragraph).
    """

    heading: str = ""
    kind: str = "description"
    paragraphs: tuple[Paragraph, ...] = ()

    def part(self, number: str) -> str:
        """How an anchor names the paragraph with this number: `p0042`, or `art26` in a law."""
        return f"art{number}" if self.kind == "law" else f"p{number}"


class Classification(Frozen):
    """A classification symbol in its standard form (`H04L 9/08`)."""

    scheme: str = "ipc"
    symbol: str
    first: bool = False
    inventive: bool = True


class Party(Frozen):
    """`role` is `applicant`, `inventor`, `assignee` or `agent`."""

    role: str
    name: str


class Dates(Frozen):
    """`priority` is the earliest priority date. What the source does not say is None."""

    filing: date | None = None
    publication: date | None = None
    priority: date | None = None


class Source(Frozen):
    """Where a document was read: the file (`archive.zip!member` inside one), the byte offset of its
    first byte there, and the format it was read as."""

    path: str = ""
    offset: int = 0
    format: str = ""


class PatentDocument(Frozen):
    """A patent document of any office, or one entry of a classification scheme.

    `number` is the key: country, number without padding or spaces, kind code (`US8926509B2`). `claims` are those in the
    document's own language, `translated_claims` those that it has in others. `warnings` tell what the reader had to mend.
    """

    number: str = Field(min_length=1, max_length=128)
    kind: str = ""
    language: str = ""
    dates: Dates = Dates()
    titles: dict[str, str] = {}
    abstracts: dict[str, str] = {}
    claims: tuple[Claim, ...] = ()
    translated_claims: dict[str, tuple[Claim, ...]] = {}
    sections: tuple[Section, ...] = ()
    classifications: tuple[Classification, ...] = ()
    parties: tuple[Party, ...] = ()
    citations: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    source: Source = Source()

    @field_validator("number")
    @classmethod
    def _key(cls, number: str) -> str:
        if any(c.isspace() or c in "#<>" or ord(c) < 32 for c in number):
            raise ValueError(f"{number!r} has white space, '#', '<' or '>' in it; write it like US8926509B2")
        return number

    @model_validator(mode="after")
    def _has_text(self) -> "PatentDocument":
        if not (
            any(t.strip() for t in self.titles.values())
            or any(t.strip() for t in self.abstracts.values())
            or any(c.text.strip() for c in self.claims)
            or any(p.text.strip() for s in self.sections for p in s.paragraphs)
        ):
            raise ValueError("no text: give at least a title, an abstract, a claim or a paragraph")
        for claims in (self.claims, *self.translated_claims.values()):
            if len({c.number for c in claims}) != len(claims):
                raise ValueError("two claims have the same number")
        paragraphs = [p.number for s in self.sections for p in s.paragraphs]
        if len(set(paragraphs)) != len(paragraphs):
            raise ValueError("two paragraphs have the same number")
        return self

    @property
    def country(self) -> str:
        """The two letters of the office, or "" where the number is of another kind (`IPC:H04L9/08@en`)."""
        return self.number[:2] if re.match(rf"[A-Z]{{2}}[0-9A-Z{CJK}]", self.number) and ":" not in self.number else ""

    @property
    def title(self) -> str:
        """The title in the document's own language, or in any other, or ""."""
        return self.titles.get(self.language) or next(iter(self.titles.values()), "")

    @property
    def abstract(self) -> str:
        """The abstract in the document's own language, or in any other, or ""."""
        return self.abstracts.get(self.language) or next(iter(self.abstracts.values()), "")

    @property
    def printed(self) -> bool:
        """Whether it was read off pages or a text, and not from an office's own data."""
        return self.source.format in ("pdf", "docx", "html", "text")

    def cited_in_description(self) -> dict[str, list[str]]:
        """The patent documents that the description names, each with the anchors of the paragraphs that do."""
        found: dict[str, list[str]] = {}
        for section in self.sections:
            for paragraph in section.paragraphs:
                for number in cited_documents(paragraph.text):
                    found.setdefault(number, []).append(f"{self.number}#{section.part(paragraph.number)}")
        return found

    def claim(self, number: int, language: str = "") -> Claim | None:
        """The claim with this number, in the document's own language or in another that it has."""
        claims = self.translated_claims.get(language, ()) if language and language != self.language else self.claims
        return next((c for c in claims if c.number == number), None)

    def summary(self) -> str:
        """One line: the number, the title and how much there is of it."""
        paragraphs = sum(len(s.paragraphs) for s in self.sections)
        return f"{self.number}  {self.title}  ({len(self.claims)} claims, {paragraphs} paragraphs)"
