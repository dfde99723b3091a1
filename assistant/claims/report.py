"""The report on the claims of a document: their tree and elements, what the checks find, and the support in the description. No language
model, no encoder."""

import re
from collections import Counter
from collections.abc import Mapping
from functools import cached_property

from assistant.claims.chart import ClaimChart
from assistant.claims.claim_set import ClaimSet, claim_set
from assistant.claims.comparison import ClaimComparison
from assistant.claims.elements import ClaimElements, claim_elements
from assistant.claims.finding import Finding
from assistant.claims.rules import check
from assistant.claims.support import ElementSupport, held_against
from assistant.claims.tree import Node, drawing, tree
from assistant.errors import ClaimError
from ingest.claims.dependency import Practice
from ingest.document import Frozen, PatentDocument

_SEVERITIES = ("error", "warning", "note")
_DESIGN = re.compile(r"\b(?:the\s+)?ornamental\s+design\b", re.IGNORECASE)


class ClaimReport(Frozen):
    """`language` is that of the claims, `practice` whose rules were applied. `unchecked` says, where it is not empty, what was not checked
    and why. Charts and the comparison with an earlier claim set are there where they were asked for."""

    document: str
    title: str
    language: str
    practice: Practice
    tree: tuple[Node, ...]
    elements: tuple[ClaimElements, ...]
    findings: tuple[Finding, ...]
    unchecked: tuple[str, ...] = ()
    support: tuple[ElementSupport, ...] = ()
    charts: tuple[ClaimChart, ...] = ()
    comparison: ClaimComparison | None = None

    @cached_property
    def drawing(self) -> str:
        """The tree as text."""
        return drawing(self.tree)

    @property
    def counts(self) -> Mapping[str, int]:
        """How many findings each rule has, the most first."""
        return dict(Counter(f.rule for f in self.findings).most_common())


def claim_report(document: PatentDocument, claims_language: str = "", report_language: str = "") -> ClaimReport:
    """The report on the claims of a document, in its own language or in another that it has them in.

    `report_language` (`en` or `zh`) is the language of messages and remedies, by default Chinese for Chinese claims and English for others. Findings
    are in the order of the claims and of the text; those on the whole set come first. Raises ClaimError where there are no claims.
    """
    if report_language not in ("", "en", "zh"):
        raise ClaimError(f"{report_language}: findings are written in en or zh")
    claims = claim_set(document, claims_language, report_language)
    if not claims.claims:
        raise ClaimError(f"{document.number}: there are no claims to analyse")
    checked = not _is_design(document, claims)
    findings = sorted(check(claims) if checked else (), key=lambda f: (f.claim, f.start, f.end, _SEVERITIES.index(f.severity), f.rule))
    return ClaimReport(
        document=document.number,
        title=document.title,
        language=claims.language,
        practice=claims.practice,
        tree=tuple(tree(claims)),
        elements=tuple(claim_elements(c, claims.language) for c in claims.claims),
        findings=tuple(findings),
        unchecked=_unchecked(claims, checked),
        support=tuple(held_against(claims.claims, claims.language, document)) if checked else (),
    )


def _is_design(document: PatentDocument, claims: ClaimSet) -> bool:
    """A design or a plant has one claim of a fixed form."""
    return claims.practice == "us" and (document.kind[:1] in ("S", "P") or (len(claims.claims) == 1 and bool(_DESIGN.search(claims.claims[0].text))))


def _unchecked(claims: ClaimSet, checked: bool) -> tuple[str, ...]:
    zh = claims.report_language == "zh"
    notes = []
    if not checked:
        notes.append("外观设计或植物专利的权利要求未作检查。" if zh else "The claim of a design or a plant has a fixed form: nothing was checked.")
    elif claims.practice == "jp":
        notes.append("没有日本实务的检查规则。" if zh else "There are no checks for the practice of Japan.")
    elif claims.language not in ("en", "zh"):
        notes.append(
            "仅检查了编号和引用关系：措辞检查只适用于英文和中文。"
            if zh
            else "Numbers and references alone were checked: the wording is read in English and Chinese."
        )
    elif not claims.passages:
        notes.append(
            "没有与权利要求同语种的说明书：未检查用语是否见于说明书。"
            if zh
            else "There is no description in the language of the claims: whether it uses their terms was not checked."
        )
    return tuple(notes)
