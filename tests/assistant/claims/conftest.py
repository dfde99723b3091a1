"""Fixtures of the tests of claims analysis."""

from collections.abc import Callable

import pytest

from assistant.claims.claim_set import ClaimSet, claim_set
from assistant.claims.finding import Finding
from assistant.claims.rules import check
from ingest.document import Claim, Paragraph, PatentDocument, Section

NUMBERS = {"us": "US1A1", "ep": "EP1B1", "cn": "CN1A", "jp": "JP1A"}


def made(*texts: str, practice: str = "us", description: str = "", numbers: tuple[int, ...] = ()) -> PatentDocument:
    """A document with these claims, numbered from 1, and a description."""
    claims = tuple(Claim(number=n, text=t, depends_on=None) for n, t in zip(numbers or range(1, len(texts) + 1), texts, strict=True))
    sections = (Section(paragraphs=(Paragraph(number="0001", text=description),)),) if description else ()
    language = "zh" if practice == "cn" else "en"
    return PatentDocument(number=NUMBERS[practice], language=language, titles={language: "t"}, claims=claims, sections=sections)


@pytest.fixture
def claims() -> Callable[..., ClaimSet]:
    return lambda *texts, **options: claim_set(made(*texts, **options))


@pytest.fixture
def found() -> Callable[..., list[Finding]]:
    """The findings of one rule, or of all, on claims."""

    def findings(rule: str, *texts: str, report_language: str = "", **options: object) -> list[Finding]:
        return [f for f in check(claim_set(made(*texts, **options), report_language=report_language)) if rule in ("", f.rule)]  # type: ignore[arg-type]

    return findings


@pytest.fixture
def document() -> Callable[..., PatentDocument]:
    return made
