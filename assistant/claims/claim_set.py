"""The claims of a document as the checks see them: who depends on whom, the practice that they are read by, and the text of the description."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from ingest.claims.category import claim_language
from ingest.claims.claim_reference import Reference, find_references
from ingest.claims.claim_relation import Relation, relations_of
from ingest.claims.dependency import Practice, practice_of
from ingest.document import Claim, PatentDocument

Path = tuple[int, ...]
_CANCELLED = re.compile(r"[\W\d]*(?:cancell?ed|deleted|已?删除|已?取消)\W*", re.IGNORECASE)
_PRACTICE_OF_LANGUAGE: dict[str, Practice] = {"zh": "cn", "ja": "jp", "de": "ep", "fr": "ep", "en": "us"}


@dataclass(frozen=True)
class ClaimSet:
    """Claims in the document's own language or in another that it has.

    `language` is that of the claims; `report_language` (`en` or `zh`) that of the findings; `passages` are the abstract and the paragraphs of
    the description. `cancelled` are the numbers of claims of which only the word "(canceled)" is left.
    """

    document: str
    claims: tuple[Claim, ...]
    practice: Practice
    language: str
    report_language: str
    translation: str = ""
    passages: tuple[str, ...] = ()
    cancelled: frozenset[int] = frozenset()
    _references: dict[int, tuple[tuple[Reference, Relation], ...]] = field(default_factory=dict)

    @cached_property
    def by_number(self) -> Mapping[int, Claim]:
        return {c.number: c for c in self.claims}

    @cached_property
    def texts(self) -> Mapping[int, str]:
        return {c.number: c.text for c in self.claims}

    @cached_property
    def description(self) -> str:
        return "\n".join(self.passages)

    def anchor(self, claim: Claim) -> str:
        return f"{self.document}#c{claim.number}" + (f"-{self.translation}" if self.translation else "")

    def references(self, claim: Claim) -> tuple[tuple[Reference, Relation], ...]:
        """The references of a claim, with the places where they stand in its text, and how each stands to the claim."""
        if claim.number not in self._references:
            found = find_references(claim.text, claim.number)
            texts = {n: t for n, t in self.texts.items() if n != claim.number}
            self._references[claim.number] = tuple(zip(found, relations_of(claim.text, found, texts), strict=True))
        return self._references[claim.number]


def claim_set(document: PatentDocument, claims_language: str = "", report_language: str = "") -> ClaimSet:
    """The claims of a document, in its own language or in another that it has.

    The findings are in Chinese where the practice is China's and in English elsewhere, if no `report_language` is given.
    """
    translation = claims_language if claims_language != document.language and claims_language in document.translated_claims else ""
    claims = document.translated_claims[translation] if translation else document.claims
    sample = next((c.text for c in claims if not _CANCELLED.fullmatch(c.text)), "")
    language = claim_language(sample) if sample.strip() else document.language or "en"
    practice = practice_of(document.country) or _PRACTICE_OF_LANGUAGE.get(language, "us")
    return ClaimSet(
        document=document.number,
        claims=tuple(c for c in claims if not _CANCELLED.fullmatch(c.text)),
        practice=practice,
        language=language,
        report_language=report_language or ("zh" if practice == "cn" else "en"),
        translation=translation,
        passages=tuple(_passages(document, language)),
        cancelled=frozenset(c.number for c in claims if _CANCELLED.fullmatch(c.text)),
    )


def _passages(document: PatentDocument, language: str) -> Iterator[str]:
    """The description, where it is in the language of the claims, with its title and abstract; nothing where there is no description."""
    paragraphs = [p.text for s in document.sections for p in s.paragraphs]
    if paragraphs and (not document.language or document.language == language):
        yield from (t for texts in (document.titles, document.abstracts) for code, t in texts.items() if code == language)
        yield from paragraphs
