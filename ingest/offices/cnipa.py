"""The two XML families of the CNIPA: `cn-patent-document` (DTD of 2006) and `business:PatentDocumentAndRelated`."""

import re
from collections.abc import Iterable
from datetime import date

from lxml import etree

from ingest.build import claims_of, classification, distinct, parse_date
from ingest.document import Claim, Classification, Dates, Party, PatentDocument, Section, Source
from ingest.errors import ReadError
from ingest.number import document_number
from ingest.offices.description import sections_of
from ingest.section_kind import kind_of_heading
from ingest.xml_text import children, first, local_name, plain, readable

_SENTENCE = re.compile("[。；，,]")
_NAMES = ("{*}name", "{*}Name", "{*}OrganizationName")
_IPC_TEXT = re.compile(r"[A-H]\d{2}[A-Z]\s*\d{1,4}\s*/\s*\d{2,6}")


def read_cn_patent_document(root: etree._Element, source: Source) -> PatentDocument:
    """The older family. Raises ReadError where it has no number."""
    bibliography = first(root, "cn-bibliographic-data")
    publication = first(bibliography, "cn-publication-reference", "document-id")
    body = first(root, "application-body")
    filing = parse_date(plain(bibliography, "application-reference", "document-id", "date"))
    priorities = [parse_date(plain(claim, "date")) for claim in children(bibliography, "priority-claims", "priority-claim")]
    if bibliography is not None:  # the earlier Chinese application, however deep it stands
        priorities += [parse_date(plain(date)) for claim in bibliography.iter("{*}cn-domestic-priority-claim") for date in claim.iter("{*}date")]
    return _document(
        source,
        country=plain(publication, "country"),
        number=plain(publication, "doc-number"),
        kind=plain(publication, "kind"),
        titles=_by_language(children(bibliography, "invention-title")),
        abstracts=_by_language(children(bibliography, "abstract")),
        dates=_dates(filing, parse_date(plain(publication, "date")), priorities),
        claims=claims_of(children(body, "claims", "claim")),
        sections=sections_of(children(body, "description"), _is_heading),
        classifications=_classifications(plain(c, "text") for c in children(bibliography, "classifications-ipcr", "classification-ipcr")),
        parties=_parties(
            bibliography,
            ("applicant", ("cn-parties", "cn-applicants", "cn-applicant")),
            ("inventor", ("cn-parties", "cn-inventors", "cn-inventor")),
            ("assignee", ("cn-parties", "cn-assignees", "cn-assignee")),
            ("agent", ("cn-parties", "cn-agents", "cn-agent", "cn-agency")),
            ("agent", ("cn-parties", "cn-agents", "cn-agent")),
        ),
    )


def read_patent_document_and_related(root: etree._Element, source: Source) -> PatentDocument:
    """The newer family. Raises ReadError where it has no number."""
    bibliography = first(root, "BibliographicData")
    publication = None
    for reference in children(bibliography, "PublicationReference"):
        if publication is None or reference.get("dataFormat") == "standard":
            publication = first(reference, "DocumentID")
    filings = [parse_date(plain(a, "DocumentID", "Date")) for a in children(bibliography, "ApplicationReference")]
    priorities = [parse_date(plain(p, "Date")) for p in bibliography.iter("{*}Priority")] if bibliography is not None else []
    return _document(
        source,
        country=plain(publication, "WIPOST3Code") or root.get("country") or "",
        number=plain(publication, "DocNumber") or root.get("docNumber") or "",
        kind=plain(publication, "Kind") or root.get("kind") or "",
        titles=_by_language(children(bibliography, "InventionTitle")),
        abstracts=_by_language([*children(bibliography, "Abstract"), *children(root, "Abstract")]),
        dates=_dates(
            next((f for f in filings if f), None),
            parse_date(plain(publication, "Date") or root.get("datePublication")),
            priorities,
        ),
        claims=claims_of(children(first(root, "Claims"), "Claim")),
        sections=sections_of([d for d in [first(root, "Description")] if d is not None], _is_heading),
        classifications=_classifications(
            plain(c, "Text") or "{}{}{} {}/{}".format(*(plain(c, n) for n in ("Section", "MainClass", "Subclass", "MainGroup", "Subgroup")))
            for c in children(bibliography, "ClassificationIPCRDetails", "ClassificationIPCR")
        ),
        parties=_parties(
            bibliography,
            ("applicant", ("Parties", "ApplicantDetails", "Applicant")),
            ("inventor", ("Parties", "InventorDetails", "Inventor")),
            ("assignee", ("Parties", "AssigneeDetails", "Assignee")),
            ("agent", ("Parties", "AgentDetails", "Agent", "Agency")),
            ("agent", ("Parties", "AgentDetails", "Agent")),
        ),
    )


def _document(
    source: Source,
    country: str,
    number: str,
    kind: str,
    titles: dict[str, str],
    abstracts: dict[str, str],
    dates: Dates,
    claims: tuple[Claim, ...],
    sections: tuple[Section, ...],
    classifications: tuple[Classification, ...],
    parties: tuple[Party, ...],
) -> PatentDocument:
    if not number:
        raise ReadError("no publication reference with a number, so the document has no number")
    return PatentDocument(
        number=document_number(country or "CN", number, kind),
        kind=kind,
        language="zh",
        dates=dates,
        titles=titles,
        abstracts=abstracts,
        claims=claims,
        sections=sections,
        classifications=classifications,
        parties=parties,
        source=source,
    )


def _dates(filing: date | None, publication: date | None, priorities: list[date | None]) -> Dates:
    known = [d for d in [*priorities, filing] if d is not None]
    return Dates(filing=filing, publication=publication, priority=min(known, default=None))


def _by_language(elements: Iterable[etree._Element]) -> dict[str, str]:
    """The first text in each language; the office's own, where the element does not say."""
    texts: dict[str, str] = {}
    for element in elements:
        text = readable(element)
        if text:
            texts.setdefault((element.get("lang") or "zh").lower()[:2], text)
    return texts


def _is_heading(text: str) -> bool:
    """A paragraph that is nothing but the name of a part of the description, such as 背景技术."""
    return len(text) <= 14 and not _SENTENCE.search(text) and kind_of_heading(text) is not None


def _classifications(texts: Iterable[str]) -> tuple[Classification, ...]:
    found: list[Classification | None] = []
    for text in texts:
        match = _IPC_TEXT.search(text)
        if match:
            found.append(classification(re.sub(r"\s+", "", match.group()), "ipc", first=not found))
    return distinct(found)


def _parties(bibliography: etree._Element | None, *roles: tuple[str, tuple[str, ...]]) -> tuple[Party, ...]:
    """Each person or body once in a role; an agency stands before the agents in it, without its number."""
    found: dict[tuple[str, str], Party] = {}
    for role, path in roles:
        for element in children(bibliography, *path):
            own = (e for child in element if local_name(child) not in ("cn-agency", "Agency") for e in child.iter(*_NAMES))
            name = next((text for e in own if (text := re.sub(r"\s\d+$", "", plain(e)))), "")
            if name:
                found.setdefault((role, name), Party(role=role, name=name))
    return tuple(found.values())
