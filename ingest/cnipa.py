"""The two XML families of the CNIPA: `cn-patent-document` (DTD of 2006) and `business:PatentDocumentAndRelated`."""

import re
from collections.abc import Iterable
from datetime import date

from lxml import etree

from ingest.build import SectionBuilder, claims_of, classification, distinct, parse_date
from ingest.document import Claim, Classification, Dates, Party, PatentDocument, Section, Source
from ingest.errors import ReadError
from ingest.number import document_number
from ingest.section_kind import kind_of_heading, kind_of_mark
from ingest.xml_text import children, first, local_name, plain, readable

_IPC_TEXT = re.compile(r"[A-H]\d{2}[A-Z]\s*\d{1,4}\s*/\s*\d{2,6}")


def read_cn_patent_document(root: etree._Element, source: Source) -> PatentDocument:
    """The older family. Raises ReadError where it has no number."""
    bibliography = first(root, "cn-bibliographic-data")
    publication = first(bibliography, "cn-publication-reference", "document-id")
    body = first(root, "application-body")
    filing = parse_date(plain(bibliography, "application-reference", "document-id", "date"))
    priorities = [
        parse_date(plain(claim, "date"))
        for group, name in (("priority-claims", "priority-claim"), ("cn-domestic-priority-claims", "cn-domestic-priority-claim"))
        for claim in children(bibliography, group, name)
    ]
    return _document(
        source,
        country=plain(publication, "country"),
        number=plain(publication, "doc-number"),
        kind=plain(publication, "kind"),
        title=readable(first(bibliography, "invention-title")),
        abstract="\n".join(readable(p) for p in children(bibliography, "abstract", "p")),
        dates=_dates(filing, parse_date(plain(publication, "date")), priorities),
        claims=claims_of(children(body, "claims", "claim")),
        sections=_sections(first(body, "description")),
        classifications=_classifications(plain(c, "text") for c in children(bibliography, "classifications-ipcr", "classification-ipcr")),
        parties=_parties(
            bibliography,
            ("applicant", ("cn-parties", "cn-applicants", "cn-applicant")),
            ("inventor", ("cn-parties", "cn-inventors", "cn-inventor")),
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
    abstracts = [*children(bibliography, "Abstract"), *children(root, "Abstract")]
    return _document(
        source,
        country=plain(publication, "WIPOST3Code") or root.get("country") or "",
        number=plain(publication, "DocNumber") or root.get("docNumber") or "",
        kind=plain(publication, "Kind") or root.get("kind") or "",
        title=readable(first(bibliography, "InventionTitle")),
        abstract="\n".join(readable(p) for p in children(abstracts[0], "Paragraphs")) if abstracts else "",
        dates=_dates(
            next((f for f in filings if f), None),
            parse_date(plain(publication, "Date") or root.get("datePublication")),
            priorities,
        ),
        claims=claims_of(children(root, "Claims", "Claim")),
        sections=_sections(first(root, "Description")),
        classifications=_classifications(
            plain(c, "Text") or "{}{}{} {}/{}".format(*(plain(c, n) for n in ("Section", "MainClass", "Subclass", "MainGroup", "Subgroup")))
            for c in children(bibliography, "ClassificationIPCRDetails", "ClassificationIPCR")
        ),
        parties=_parties(
            bibliography,
            ("applicant", ("Parties", "ApplicantDetails", "Applicant")),
            ("inventor", ("Parties", "InventorDetails", "Inventor")),
        ),
    )


def _document(
    source: Source,
    country: str,
    number: str,
    kind: str,
    title: str,
    abstract: str,
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
        titles={"zh": title} if title else {},
        abstracts={"zh": abstract} if abstract else {},
        claims=claims,
        sections=sections,
        classifications=classifications,
        parties=parties,
        source=source,
    )


def _dates(filing: date | None, publication: date | None, priorities: list[date | None]) -> Dates:
    known = [d for d in [*priorities, filing] if d is not None]
    return Dates(filing=filing, publication=publication, priority=min(known, default=None))


def _sections(description: etree._Element | None) -> tuple[Section, ...]:
    builder = SectionBuilder()
    if description is not None:
        _add_blocks(description, builder)
    return builder.build()


def _add_blocks(parent: etree._Element, builder: SectionBuilder) -> None:
    for child in parent:
        name = local_name(child)
        if name in ("p", "Paragraphs"):
            text, number = readable(child), child.get("num") or ""
            if _is_heading(text):
                builder.heading(text)
            else:
                builder.paragraph(re.sub(r"^n(?=\d)", "", number), text)
        elif name in ("heading", "Heading"):
            builder.heading(readable(child).replace("\n", " "))
        elif kind := kind_of_mark(name):
            builder.mark(kind)
            _add_blocks(child, builder)
            builder.mark(None)
        elif name and name not in ("invention-title", "InventionTitle", "drawings", "Drawings"):
            builder.paragraph("", readable(child))


def _is_heading(text: str) -> bool:
    """A paragraph that is nothing but the name of a part of the description, such as 背景技术."""
    return len(text) <= 14 and not re.search("[。；，,]", text) and kind_of_heading(text) is not None


def _classifications(texts: Iterable[str]) -> tuple[Classification, ...]:
    found: list[Classification | None] = []
    for text in texts:
        match = _IPC_TEXT.search(text)
        if match:
            found.append(classification(re.sub(r"\s+", "", match.group()), "ipc", first=not found))
    return distinct(found)


def _parties(bibliography: etree._Element | None, *roles: tuple[str, tuple[str, ...]]) -> tuple[Party, ...]:
    found: dict[tuple[str, str], Party] = {}
    for role, path in roles:
        for element in children(bibliography, *path):
            names = [e for e in element.iter("{*}name", "{*}Name", "{*}OrganizationName", "name") if plain(e)]
            if names:
                name = plain(names[0])
                found.setdefault((role, name), Party(role=role, name=name))
    return tuple(found.values())
