"""USPTO grants and applications in Red Book XML: `us-patent-grant` and `us-patent-application`, DTD v4.0 to v4.5."""

from lxml import etree

from ingest.build import SectionBuilder, claims_of, classification, distinct, parse_date
from ingest.document import Classification, Dates, Party, PatentDocument, Section, Source
from ingest.errors import ReadError
from ingest.number import document_number
from ingest.section_kind import kind_of_mark
from ingest.xml_text import all_text, children, first, local_name, plain, readable


def read_uspto(root: etree._Element, source: Source) -> PatentDocument:
    """One grant or application. Raises ReadError where it has no number."""
    bibliography = first(root, "us-bibliographic-data-grant")
    if bibliography is None:
        bibliography = first(root, "us-bibliographic-data-application")
    publication = first(bibliography, "publication-reference", "document-id")
    number = plain(publication, "doc-number")
    if not number:
        raise ReadError("no publication-reference with a doc-number, so the document has no number")
    kind = plain(publication, "kind")
    language = (root.get("lang") or "EN").lower()[:2]
    abstract = "\n".join(readable(p) for p in children(root, "abstract", "p")) or readable(first(root, "abstract"))
    title = readable(first(bibliography, "invention-title"))
    return PatentDocument(
        number=document_number(plain(publication, "country") or "US", number, kind),
        kind=kind,
        language=language,
        dates=_dates(bibliography, publication),
        titles={language: title} if title else {},
        abstracts={language: abstract} if abstract else {},
        claims=claims_of(children(root, "claims", "claim")),
        sections=_sections(first(root, "description")),
        classifications=_classifications(bibliography),
        parties=_parties(bibliography),
        citations=_citations(bibliography),
        source=source,
    )


def _dates(bibliography: etree._Element | None, publication: etree._Element | None) -> Dates:
    filing = parse_date(plain(bibliography, "application-reference", "document-id", "date"))
    priorities = [parse_date(plain(claim, "date")) for claim in children(bibliography, "priority-claims", "priority-claim")]
    related = first(bibliography, "us-related-documents")
    if related is not None:
        priorities += [parse_date(plain(p, "document-id", "date")) for p in related.iter("parent-doc")]
        priorities += [parse_date(plain(p, "document-id", "date")) for p in related.iter("us-provisional-application")]
    known = [d for d in [*priorities, filing] if d is not None]
    return Dates(filing=filing, publication=parse_date(plain(publication, "date")), priority=min(known, default=None))


def _sections(description: etree._Element | None) -> tuple[Section, ...]:
    builder = SectionBuilder()
    if description is not None:
        _add_blocks(description, builder)
    return builder.build()


def _add_blocks(parent: etree._Element, builder: SectionBuilder) -> None:
    for child in parent:
        if isinstance(child, etree._ProcessingInstruction):
            kind = kind_of_mark(str(child.target or ""))
            if kind:
                builder.mark(kind if 'end="lead"' in (child.text or "") else None)
            continue
        name = local_name(child)
        if name == "heading":
            builder.heading(readable(child).replace("\n", " "))
        elif name == "p":
            builder.paragraph(child.get("num") or "", readable(child))
        elif name in ("description-of-drawings", "div"):
            _add_blocks(child, builder)
        elif name:
            builder.paragraph("", readable(child))


def _classifications(bibliography: etree._Element | None) -> tuple[Classification, ...]:
    if bibliography is None:
        return ()
    found: list[Classification | None] = []
    for element in children(bibliography, "classifications-ipcr", "classification-ipcr"):
        found.append(_split_symbol(element, "ipc", first_of_all=not found))
    old = first(bibliography, "classification-ipc")
    if old is not None:  # IPC before 2006: "A01B  102" in one element
        for position, name in enumerate(["main-classification", *["further-classification"] * 40]):
            group = list(children(old, name))
            index = 0 if position == 0 else position - 1
            if index < len(group):
                found.append(classification(_old_ipc(all_text(group[index])), "ipc", first=position == 0))
    for name in ("main-cpc", "further-cpc"):
        for element in children(bibliography, "classifications-cpc", name, "classification-cpc"):
            found.append(_split_symbol(element, "cpc", first_of_all=name == "main-cpc"))
    return distinct(found)


def _old_ipc(text: str) -> str:
    """`A61B  512` (four characters, then the group right-aligned in three, then the subgroup) to `A61B 5/12`."""
    text = text.strip("\r\n\t").upper()
    group, subgroup = text[4:7].strip(), text[7:].strip()
    return f"{text[:4]} {group}/{subgroup.ljust(2, '0')}" if group.isdigit() and "/" not in text else " ".join(text.split())


def _split_symbol(element: etree._Element, scheme: str, first_of_all: bool) -> Classification | None:
    parts = [plain(element, name) for name in ("section", "class", "subclass", "main-group", "subgroup")]
    position = plain(element, "symbol-position")
    return classification(
        f"{parts[0]}{parts[1].zfill(2)}{parts[2]} {parts[3]}/{parts[4].ljust(2, '0')}",
        scheme,
        first=position == "F" or (not position and first_of_all),
        inventive=plain(element, "classification-value") != "N" and plain(element, "classification-value") != "A",
    )


def _parties(bibliography: etree._Element | None) -> tuple[Party, ...]:
    roles = (
        ("applicant", ("parties", "applicants", "applicant")),
        ("applicant", ("us-parties", "us-applicants", "us-applicant")),
        ("inventor", ("us-parties", "inventors", "inventor")),
        ("assignee", ("assignees", "assignee")),
    )
    found: dict[tuple[str, str], Party] = {}
    for role, path in roles:
        for element in children(bibliography, *path):
            book = first(element, "addressbook")
            book = book if book is not None else element
            person = " ".join(p for p in (plain(book, "first-name"), plain(book, "last-name")) if p)
            name = plain(book, "orgname") or person
            actual = "inventor" if role == "applicant" and element.get("app-type") == "applicant-inventor" else role
            if name:
                found.setdefault((actual, name), Party(role=actual, name=name))
    return tuple(found.values())


def _citations(bibliography: etree._Element | None) -> tuple[str, ...]:
    numbers: list[str] = []
    for top in ("references-cited", "us-references-cited"):
        for name in ("citation", "us-citation"):
            for document in children(bibliography, top, name, "patcit", "document-id"):
                number = plain(document, "doc-number")
                if number:
                    numbers.append(document_number(plain(document, "country") or "US", number, plain(document, "kind")))
    return tuple(dict.fromkeys(numbers))
