"""USPTO grants and applications in Red Book XML: `us-patent-grant` and `us-patent-application`, DTD v4.0 to v4.5."""

from functools import lru_cache

from lxml import etree

from ingest.build import SectionBuilder, claims_of, classification, distinct, parse_date
from ingest.document import Classification, Dates, Party, PatentDocument, Section, Source
from ingest.errors import ReadError
from ingest.number import document_number
from ingest.offices.us_description import Layout, add_description
from ingest.schemes.symbol import Symbol
from ingest.xml_text import all_text, plain, readable

_PARTIES = (
    ("applicant", "parties/applicants/applicant"),
    ("applicant", "us-parties/us-applicants/us-applicant"),
    ("inventor", "parties/inventors/*"),
    ("inventor", "us-parties/inventors/*"),
    ("assignee", "assignees/assignee"),
    ("agent", "parties/agents/agent"),
    ("agent", "us-parties/agents/agent"),
)
_NAME = ("first-name", "middle-name", "last-name", "suffix")
_LAYOUT = Layout(
    paragraphs=frozenset(("p",)),
    headings=frozenset(("heading",)),
    parts=frozenset(("description-of-drawings", "div")),
    number=lambda paragraph: paragraph.get("num") or "",
)
_CITED = ("references-cited/citation", "us-references-cited/us-citation")
_TEXTLESS = frozenset(("us-patent-grant", "description", "description-of-drawings", "abstract", "claims", "claim"))
_BRACKETS = {"delete-start": "[", "delete-end": "]"}


def read_uspto(root: etree._Element, source: Source) -> PatentDocument:
    """One grant or application. Raises ReadError where it has no number.

    What a reissue deletes of the first patent stands in brackets, as in print; what it adds is not marked.
    """
    bibliography = root.find("us-bibliographic-data-grant")
    if bibliography is None:
        bibliography = root.find("us-bibliographic-data-application")
    publication = bibliography.find("publication-reference/document-id") if bibliography is not None else None
    if bibliography is None or publication is None or not (number := _text(publication, "doc-number")):
        raise ReadError("no publication-reference with a doc-number, so the document has no number")
    kind = _text(publication, "kind")
    if kind.startswith("E"):
        _bracket_deletions(root)
    language = (root.get("lang") or "EN").lower()[:2]
    abstract = readable(root.find("abstract"))
    title = readable(bibliography.find("invention-title"))
    return PatentDocument(
        number=document_number(_text(publication, "country") or "US", number, kind),
        kind=kind,
        language=language,
        dates=_dates(bibliography, publication),
        titles={language: title} if title else {},
        abstracts={language: abstract} if abstract else {},
        claims=claims_of(root.iterfind("claims/claim")),
        sections=_sections(root),
        classifications=_classifications(bibliography),
        parties=_parties(bibliography),
        citations=_citations(bibliography),
        source=source,
    )


def column_symbol(text: str) -> str:
    """The IPC before 2006, in columns (`A61B  512`: four characters, the group in three to the right, the subgroup), as `A61B 5/12`.

    What has a stroke is returned as it is written.
    """
    text = text.strip("\r\n\t").upper()
    group, subgroup = text[4:7].strip(), text[7:].strip()
    return f"{text[:4]} {group}/{subgroup.ljust(2, '0')}" if group.isdigit() and "/" not in text else " ".join(text.split())


def _text(element: etree._Element, path: str) -> str:
    """The characters of a field that has no elements in it, on one line."""
    return " ".join((element.findtext(path) or "").split())


def _dates(bibliography: etree._Element, publication: etree._Element) -> Dates:
    filing = parse_date(_text(bibliography, "application-reference/document-id/date"))
    earlier = [parse_date(_text(claim, "date")) for claim in bibliography.iterfind("priority-claims/priority-claim")]
    related = bibliography.find("us-related-documents")
    if related is not None:
        earlier += [parse_date(_text(parent, "document-id/date")) for parent in related.iter("parent-doc", "us-provisional-application")]
    known = [day for day in (*earlier, filing) if day is not None]
    return Dates(filing=filing, publication=parse_date(_text(publication, "date")), priority=min(known, default=None))


def _sections(root: etree._Element) -> tuple[Section, ...]:
    builder = SectionBuilder()
    for part in root.iterchildren("description", "us-sequence-list-doc"):
        add_description(part, builder, _LAYOUT)
    return builder.build()


def _bracket_deletions(root: etree._Element) -> None:
    """Puts the brackets of the printed reissue where the processing instructions tell that matter was deleted."""
    for instruction in list(root.iter(etree.ProcessingInstruction)):
        if not isinstance(instruction, etree._ProcessingInstruction) or instruction.target not in _BRACKETS:
            continue
        parent = instruction.getparent()
        mark = etree.Element("deleted")
        mark.text = bracket = _BRACKETS[instruction.target]
        if parent is None:
            continue
        if parent.tag not in _TEXTLESS:
            mark.tail = instruction.tail
            parent.replace(instruction, mark)
            continue
        whole = instruction.itersiblings("*", preceding=bracket == "]")  # around whole paragraphs: into the first of them, and the last
        beside = next(whole, None)
        if beside is not None and bracket == "[":
            mark.tail, beside.text = beside.text, None
            beside.insert(0, mark)
        elif beside is not None:
            beside.append(mark)


def _classifications(bibliography: etree._Element) -> tuple[Classification, ...]:
    found: list[Classification | None] = []
    for element in bibliography.iterfind("classifications-ipcr/classification-ipcr"):
        found.append(_of_parts(element, "ipc", first_of_all=not found))
    for name in ("main-classification", "further-classification"):
        for element in bibliography.iterfind(f"classification-ipc/{name}"):
            found.append(classification(column_symbol(all_text(element)), "ipc", first=name == "main-classification"))
    for name in ("main-cpc", "further-cpc"):
        for element in bibliography.iterfind(f"classifications-cpc/{name}/classification-cpc"):
            found.append(_of_parts(element, "cpc", first_of_all=name == "main-cpc"))
    return distinct(found)


def _of_parts(element: etree._Element, scheme: str, first_of_all: bool) -> Classification | None:
    parts = {child.tag: (child.text or "").strip() for child in element}
    symbol = _symbol(*(parts.get(name, "") for name in ("section", "class", "subclass", "main-group", "subgroup")))
    position = parts.get("symbol-position")
    if symbol is None:
        return None
    return Classification(
        scheme=scheme,
        symbol=symbol,
        first=position == "F" or (not position and first_of_all),
        inventive=parts.get("classification-value") not in ("N", "A"),
    )


@lru_cache(maxsize=10_000)
def _symbol(section: str, class_: str, subclass: str, group: str, subgroup: str) -> str | None:
    try:
        return str(Symbol.of_parts(section, class_, subclass, group, subgroup))
    except ReadError:
        return None


def _parties(bibliography: etree._Element) -> tuple[Party, ...]:
    found: dict[tuple[str, str], Party] = {}
    for role, path in _PARTIES:
        for element in bibliography.iterfind(path):
            book = element.find("addressbook")
            name = _name(book if book is not None else element)
            actual = "inventor" if role == "applicant" and element.get("app-type") == "applicant-inventor" else role
            if name and (actual, name) not in found:
                found[actual, name] = Party(role=actual, name=name)
    return tuple(found.values())


def _name(book: etree._Element) -> str:
    """The organisation, or first name, then last name."""
    parts = {child.tag: plain(child) for child in book}
    return parts.get("orgname") or " ".join(parts[p] for p in _NAME if parts.get(p)) or parts.get("name", "")


def _citations(bibliography: etree._Element) -> tuple[str, ...]:
    numbers: dict[str, None] = {}
    for path in _CITED:
        for cited in bibliography.iterfind(f"{path}/patcit/document-id"):
            if number := _text(cited, "doc-number"):
                numbers[document_number(_text(cited, "country") or "US", number, _text(cited, "kind"))] = None
    return tuple(numbers)
