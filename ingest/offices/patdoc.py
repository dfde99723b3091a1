"""USPTO grants of 2001 to 2004: `PATDOC`, the USPTO's DTD v2.4 (SGML) and v2.5 (XML) on WIPO ST.32, with its B-tags.

The office printed no paragraph numbers in these years: the number is that of the paragraph's `ID` (`P-00002` is 0002).
"""

import re

from lxml import etree

from ingest.build import SectionBuilder, claims_of, classification, distinct, parse_date, with_printed_numbers
from ingest.document import Classification, Dates, Party, PatentDocument, Section, Source
from ingest.errors import ReadError
from ingest.number import document_number
from ingest.offices.us_description import Layout, add_description
from ingest.offices.uspto import column_symbol
from ingest.xml_text import all_text, plain, readable

_EMPTY = (
    "B221US B222US B473US B597US CHEMCDX CHEMMOL CITED-BY-EXAMINER CITED-BY-OTHER CLREF COLSPEC CRF CUSTOM-CHARACTER DEL-E DEL-S DFREF EMI EMR"
    " FGREF FOR INS-E INS-S LSTREF MATHEMATICA PAREF RTI SEQREF SPANSPEC TBLREF colspec spanspec maligngroup malignmark mprescripts mspace none sep"
).split()
_LAYOUT = Layout(
    paragraphs=frozenset(("PARA",)),
    headings=frozenset(("H",)),
    parts=frozenset(("RELAPP", "GOVINT", "BRFSUM", "DRWDESC", "DETDESC", "BTEXT")),
    number=lambda paragraph: re.sub(r"[^0-9]", "", paragraph.get("ID") or "").lstrip("0").zfill(4) if paragraph.get("ID") else "",
)
_BRACKETS = {"DEL-S": "[", "DEL-E": "]"}


def close_empty(data: bytes) -> bytes:
    """The SGML of v2.4 with its empty elements closed as XML wants them. An element that is closed somewhere in `data` is
    not empty in it (in v2.5 CLREF and FGREF have text)."""
    names = b"|".join(re.escape(name.encode()) for name in _EMPTY if f"</{name}".encode() not in data)
    return re.sub(rb"<(" + names + rb")((?:[ \t\r\n][^<>]*)?)(?<!/)>", rb"<\1\2/>", data) if names else data


def read_patdoc(root: etree._Element, source: Source) -> PatentDocument:
    """One grant. Raises ReadError where it has no number.

    What a reissue deletes of the first patent stands in brackets, as in print; what it adds is not marked.
    """
    number = plain(root.find("SDOBI/B100/B110")) or (root.get("DNUM") or "").strip()
    if not number:
        raise ReadError("no B110 with a DNUM, so the document has no number")
    kind = plain(root.find("SDOBI/B100/B130")) or (root.get("KIND") or "").strip()
    _write_out(root)
    title = readable(root.find("SDOBI/B500/B540"))
    abstract = "\n".join(readable(block) for block in root.iterfind("SDOAB/BTEXT/*") if block.tag != "H")
    return PatentDocument(
        number=document_number(plain(root.find("SDOBI/B100/B190")) or "US", number, kind),
        kind=kind,
        language="en",
        dates=_dates(root),
        titles={"en": title} if title else {},
        abstracts={"en": abstract} if abstract else {},
        claims=claims_of(with_printed_numbers(root.iterfind("SDOCL/CL/CLM"), "ID")),
        sections=_sections(root),
        classifications=_classifications(root),
        parties=_parties(root),
        citations=_citations(root),
        source=source,
    )


def _write_out(root: etree._Element) -> None:
    """The brackets of a reissue, and in v2.4 the words of a reference to a claim, which has none."""
    for mark in root.iter(*_BRACKETS):
        mark.text = _BRACKETS[str(mark.tag)]
    for reference in root.iter("CLREF"):
        if len(reference) == 0 and not reference.text and (digits := re.sub(r"[^0-9]", "", reference.get("ID") or "")[:6]):
            reference.text = f"claim {int(digits)}"


def _dates(root: etree._Element) -> Dates:
    filing = parse_date(plain(root.find("SDOBI/B200/B220")))
    earlier = [parse_date(plain(day)) for day in root.iterfind("SDOBI/B300/B320")]
    earlier += [parse_date(plain(day)) for day in root.iterfind("SDOBI/B600//PDOC/DOC/DATE")]
    earlier += [parse_date(plain(day)) for path in ("B600/B680US", "B800/B860/B861") for day in root.iterfind(f"SDOBI/{path}/DOC/DATE")]
    known = [day for day in (*earlier, filing) if day is not None]
    return Dates(filing=filing, publication=parse_date(plain(root.find("SDOBI/B100/B140"))), priority=min(known, default=None))


def _sections(root: etree._Element) -> tuple[Section, ...]:
    builder = SectionBuilder()
    for description in root.iterfind("SDODE"):
        add_description(description, builder, _LAYOUT)
    return builder.build()


def _classifications(root: etree._Element) -> tuple[Classification, ...]:
    """The IPC. Designs have a Locarno class in the same element, which is no symbol of it."""
    written = [element for name in ("B511", "B512") for element in root.iterfind(f"SDOBI/B500/B510/{name}")]
    return distinct(classification(column_symbol(all_text(e)), "ipc", first=e.tag == "B511") for e in written)


def _parties(root: etree._Element) -> tuple[Party, ...]:
    found: dict[tuple[str, str], Party] = {}
    for role, path in (("inventor", "B720/B721"), ("assignee", "B730/B731"), ("agent", "B740/B741")):
        for name in root.iterfind(f"SDOBI/B700/{path}/PARTY-US/NAM"):
            person = " ".join(part for tag in ("FNM", "SNM", "SFX") if (part := plain(name.find(tag))))
            if full := plain(name.find("ONM")) or person:
                found.setdefault((role, full), Party(role=role, name=full))
    return tuple(found.values())


def _citations(root: etree._Element) -> tuple[str, ...]:
    numbers: dict[str, None] = {}
    for document in root.iterfind("SDOBI/B500/B560/B561/PCIT/DOC"):
        if number := plain(document.find("DNUM")):
            numbers[document_number(plain(document.find("CTRY")) or "US", number, plain(document.find("KIND")))] = None
    return tuple(numbers)
