"""USPTO applications of 2001 to 2004: `patent-application-publication`, the USPTO's DTD PAP v1.5 and v1.6."""

import re

from lxml import etree

from ingest.build import SectionBuilder, claims_of, classification, distinct, parse_date, with_printed_numbers
from ingest.document import Classification, Dates, Party, PatentDocument, Section, Source
from ingest.errors import ReadError
from ingest.number import document_number
from ingest.offices.us_description import Layout, add_description
from ingest.xml_text import plain, readable

_EARLIER = (
    "foreign-priority-data/filing-date",
    "continuity-data//parent/document-id/document-date",
    "continuity-data//parent-pct/document-id/document-date",
    "continuity-data/non-provisional-of-provisional/document-id/document-date",
    "international-conventions/pct-application/document-id/document-date",
)
_PARTIES = (("inventor", "inventors/first-named-inventor"), ("inventor", "inventors/inventor"), ("assignee", "assignee"))
_NAME = ("given-name", "middle-name", "family-name", "name-suffix")
_UNITS = ("chemistry-cwu", "math-cwu", "table-cwu", "sequence-cwu")
_DIGITS = re.compile(r"[0-9]{1,8}")


def read_pap(root: etree._Element, source: Source) -> PatentDocument:
    """One application. Raises ReadError where it has no number."""
    bibliography = root.find("subdoc-bibliographic-information")
    identity = bibliography.find("document-id") if bibliography is not None else None
    if bibliography is None or identity is None or not (number := plain(identity.find("doc-number"))):
        raise ReadError("no document-id with a doc-number, so the document has no number")
    kind = plain(identity.find("kind-code"))
    _drop_labels(root)
    title = readable(bibliography.find("technical-information/title-of-invention"))
    abstract = "\n".join(readable(block) for block in root.iterfind("subdoc-abstract/*") if block.tag != "heading")
    return PatentDocument(
        number=document_number(plain(identity.find("country-code")) or "US", number, kind),
        kind=kind,
        language="en",
        dates=_dates(bibliography, identity),
        titles={"en": title} if title else {},
        abstracts={"en": abstract} if abstract else {},
        claims=claims_of(with_printed_numbers(root.iterfind("subdoc-claims/claim"), "id")),
        sections=_sections(root),
        classifications=_classifications(bibliography),
        parties=_parties(bibliography),
        citations=_citations(bibliography),
        source=source,
    )


def _drop_labels(root: etree._Element) -> None:
    """What is no text of the place where it stands: the running numbers of tables and formulas, which are those of their IDs,
    and the claim-text around a reference to a claim, which is no part of its own."""
    for unit in root.iter(*_UNITS):
        if (number := unit.find("number")) is not None:
            _empty(number)
    for reference in root.iter("dependent-claim-reference"):
        for part in reference.iter("claim-text"):
            part.tag = "reference-text"


def _printed_number(paragraph: etree._Element) -> str:
    """`[0042]` or `7.`, taken out of the paragraph."""
    number = paragraph.find("number")
    if number is None:
        return ""
    printed = _DIGITS.search(plain(number))
    _empty(number)
    return printed[0] if printed else ""


def _empty(element: etree._Element) -> None:
    element.text = None
    for child in list(element):
        element.remove(child)


_LAYOUT = Layout(
    paragraphs=frozenset(("paragraph", "paragraph-federal-research-statement")),
    headings=frozenset(("heading",)),
    parts=frozenset(
        "copyright-statement cross-reference-to-related-applications federal-research-statement background-of-invention summary-of-invention"
        " brief-description-of-drawings brief-description-of-sequences detailed-description program-listing-deposit section".split()
    ),
    number=_printed_number,
)


def _dates(bibliography: etree._Element, identity: etree._Element) -> Dates:
    filing = parse_date(plain(bibliography.find("domestic-filing-data/filing-date")))
    earlier = [parse_date(plain(day)) for path in _EARLIER for day in bibliography.iterfind(path)]
    known = [day for day in (*earlier, filing) if day is not None]
    return Dates(filing=filing, publication=parse_date(plain(identity.find("document-date"))), priority=min(known, default=None))


def _sections(root: etree._Element) -> tuple[Section, ...]:
    builder = SectionBuilder()
    for description in root.iterchildren("subdoc-description", "sequence-cwu"):
        add_description(description, builder, _LAYOUT)
    return builder.build()


def _classifications(bibliography: etree._Element) -> tuple[Classification, ...]:
    paths = [f"technical-information/classification-ipc/classification-ipc-{place}" for place in ("primary", "secondary")]
    written = [element for path in paths for element in bibliography.iterfind(f"{path}/ipc")]
    return distinct(classification(plain(ipc), "ipc", first=i == 0) for i, ipc in enumerate(written))


def _parties(bibliography: etree._Element) -> tuple[Party, ...]:
    found: dict[tuple[str, str], Party] = {}
    for role, path in _PARTIES:
        for element in bibliography.iterfind(path):
            person = " ".join(part for tag in _NAME if (part := plain(element.find(f"name/{tag}"))))
            if name := plain(element.find("organization-name")) or person:
                found.setdefault((role, name), Party(role=role, name=name))
    return tuple(found.values())


def _citations(bibliography: etree._Element) -> tuple[str, ...]:
    numbers: dict[str, None] = {}
    for cited in bibliography.iterfind("technical-information/citation/cited-patent-literature/document-id"):
        if number := plain(cited.find("doc-number")):
            numbers[document_number(plain(cited.find("country-code")) or "US", number, plain(cited.find("kind-code")))] = None
    return tuple(numbers)
