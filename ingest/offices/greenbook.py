"""USPTO Greenbook: the text format of the Automated Patent System, grants of 1976 to 2001.

A patent is a run of logical groups, each a line with the four letters of its name (`PATN`, `INVT`, `CLMS`), and of fields, whose
names stand in the first four columns and whose values begin in the sixth; lines that begin with blanks continue a field. Source:
USPTO, Patent Full-Text / APS (Green Book) documentation, 1997.

The format has no kind codes. They are those that the databases use for grants before 2001: A (utility), S (design), E (reissue),
P (plant), H (statutory invention registration), and I4 for defensive publications (the table of B130 in the USPTO's ST.32 DTD).
The office printed no paragraph numbers either: paragraphs are counted.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from ingest.build import SectionBuilder, classification, distinct, parse_date
from ingest.document import Claim, Classification, Dates, Party, PatentDocument, Section, Source
from ingest.errors import ReadError
from ingest.number import document_number
from ingest.offices.aps_notation import readable_aps
from ingest.offices.uspto import column_symbol
from ingest.section_kind import kind_of_mark

_GROUPS = frozenset(
    "PATN INVT ASSG PRIR REIS RLAP CLAS UREF FREF OREF LREP PCTA ABST GOVT PARN BSUM DRWD DETD CLMS DCLM".split(),
)
_DESCRIPTION = ("PARN", "GOVT", "BSUM", "DRWD", "DETD")
_OF_TEXT = frozenset((*_DESCRIPTION, "ABST", "CLMS", "DCLM", "OREF"))
_FIELD = re.compile(r"([A-Z][A-Z0-9]{2,3})(?: |$)")
_TEXT_FIELD = re.compile(r"(PA[0-9CLR]|TBL[0-9]?|EQU[0-9]?|FNT|NUM|STM|FRM)(?: |$)")
_KINDS = {"": "A", "D": "S", "RE": "E", "PP": "P", "H": "H", "T": "I4"}
_WKU = re.compile(r"(D|RE|PP|H|T|)0*([0-9]{1,8})\Z")
_DIVIDED_MARK = re.compile(r"(?<=\.su[bp])\n *(?=\.)")
_RULE = re.compile(r"\s*[_=-]{8}[\s_=-]*\Z")
_CELL = re.compile(r"\S+(?: \S+)*")
_PRINTED = re.compile(r"(\[?)\s*([0-9]{1,4})\s*\.(?![0-9])\s*")
_CLAIM_NUMBER = re.compile(r"[^0-9]{0,3}([0-9]{1,4})(?![0-9])")
_OLD_COUNTRIES = {  # before 1978 (WIPO ST.3, ICIREPAT), and what the office wrote for the United Kingdom
    "DT": "DE", "DL": "DD", "EN": "GB", "UK": "GB", "JA": "JP", "SW": "SE", "OE": "AT", "SF": "FI", "EI": "IE", "FL": "LI", "PO": "PL", "KS": "KR",
}  # fmt: skip
_AGENT_FIELDS = ("FRM", "FR2", "AAT", "AGT", "ATT", "NAM")


@dataclass(slots=True)
class _Field:
    """`lines`: the value as it stands, without the first five columns."""

    name: str
    lines: list[str]

    @property
    def value(self) -> str:
        return readable_aps(" ".join(" ".join(self.lines).split()))


@dataclass(slots=True)
class _Group:
    name: str
    fields: list[_Field] = field(default_factory=list)

    def values(self, *names: str) -> Iterator[str]:
        return (value for f in self.fields if f.name in names and (value := f.value))

    def value(self, name: str) -> str:
        return next(self.values(name), "")


def read_greenbook(record: bytes, source: Source) -> PatentDocument:
    """One patent, from its `PATN` line on. Raises ReadError where it has no number that can be read (field WKU)."""
    groups = _groups(_decoded(record))
    patent = next((g for g in groups if g.name == "PATN"), None)
    if patent is None:
        raise ReadError("no PATN group, so this is no Greenbook patent; a record begins with a line PATN")
    number, kind = _number(patent.value("WKU"))
    title = patent.value("TTL")
    abstract = "\n".join(_lines(g for g in groups if g.name == "ABST"))
    return PatentDocument(
        number=number,
        kind=kind,
        language="en",
        dates=_dates(patent, groups),
        titles={"en": title} if title else {},
        abstracts={"en": abstract} if abstract else {},
        claims=_claims(g for g in groups if g.name in ("CLMS", "DCLM")),
        sections=_sections(groups),
        classifications=_classifications(groups),
        parties=_parties(groups),
        citations=_citations(groups),
        source=source,
    )


def _decoded(record: bytes) -> str:
    try:
        return record.decode("utf-8")
    except UnicodeDecodeError:
        return record.decode("latin-1")


def _groups(text: str) -> list[_Group]:
    """The groups in order. No line is lost: what is not of the format continues the field before it."""
    groups: list[_Group] = []
    for raw in text.split("\n"):
        line = raw.rstrip()
        if not line or (not groups and line.startswith("HHHHHT")):
            continue
        if line in _GROUPS or not groups:
            groups.append(_Group(line if line in _GROUPS else "PATN"))
            if line in _GROUPS:
                continue
        group = groups[-1]
        of_text = group.name in _OF_TEXT
        match = (_TEXT_FIELD if of_text else _FIELD).match(line)
        if match:
            group.fields.append(_Field(match[1], [line[5:]]))
        elif group.fields:
            group.fields[-1].lines.append(line[5:] if line[:5].isspace() else line)
        else:  # a field that has lost its name
            group.fields.append(_Field("PAC" if of_text and line.isupper() else "PAR", [line.strip()]))
    return groups


def _number(wku: str) -> tuple[str, str]:
    """`039327094` to `US3932709A` and `A`: eight characters and a check digit."""
    match = _WKU.match((wku[:8] if len(wku) >= 9 else wku).replace(" ", "").upper())
    if match is None:
        raise ReadError(f"field WKU of the group PATN is {wku[:40]!r}, which is no patent number; it should be like 039327094 or D02681420")
    kind = _KINDS[match[1]]
    return document_number("US", match[1] + match[2], kind), kind


def _dates(patent: _Group, groups: list[_Group]) -> Dates:
    filing = parse_date(patent.value("APD"))
    earlier = [parse_date(day) for g in groups if g.name in ("PRIR", "RLAP", "REIS") for day in g.values("APD")]
    earlier += [parse_date(day) for g in groups if g.name == "PCTA" for day in g.values("PD3")]  # the international filing
    known = [day for day in (*earlier, filing) if day is not None]
    return Dates(filing=filing, publication=parse_date(patent.value("ISD")), priority=min(known, default=None))


def _lines(groups: Iterable[_Group]) -> Iterator[str]:
    return (text for group in groups for f in group.fields if (text := _text(f)))


def _text(f: _Field) -> str:
    return _table(f.lines) if f.name.startswith(("TBL", "EQU")) else f.value


def _table(lines: list[str]) -> str:
    """The lines of a table, each cell in its column: names of characters are longer than the characters that they stand for.
    Rules and the blanks at the left are left out."""
    lines = [line for line in _DIVIDED_MARK.sub("", "\n".join(lines)).split("\n") if not _RULE.match(line)]
    margin = min((len(line) - len(line.lstrip()) for line in lines[1:]), default=0)  # the first, the caption, stands in the middle
    lines[:1] = [line.strip() for line in lines[:1]]
    return "\n".join(_row(line if i == 0 else line[margin:]) for i, line in enumerate(lines))


def _row(line: str) -> str:
    if "." not in line and "&" not in line:
        return line.rstrip()
    written = ""
    for cell in _CELL.finditer(line):
        written = f"{written} ".ljust(cell.start()) if written else " " * cell.start()
        written += readable_aps(cell[0], in_table=True)
    return written


def _sections(groups: list[_Group]) -> tuple[Section, ...]:
    builder = SectionBuilder()
    count = 0
    for group in groups:
        if group.name in _DESCRIPTION:
            builder.mark(kind_of_mark(group.name))
            for f in group.fields:
                text = _text(f)
                if f.name == "PAC":
                    builder.heading(text)
                elif text:
                    count += 1
                    builder.paragraph(f"{count:04}", text)
    return builder.build()


def _claims(groups: Iterable[_Group]) -> tuple[Claim, ...]:
    """The claims: each begins with a field NUM and repeats its number in its first paragraph. A claim without NUM, as designs have
    it, is the next."""
    parts: list[tuple[int, list[str]]] = []
    for group in groups:
        fresh = True
        for f in group.fields:
            if f.name == "NUM":
                printed = _CLAIM_NUMBER.match(f.value)
                parts.append((int(printed[1]) if printed else 0, []))
                fresh = False
            elif f.name != "STM" and (text := _text(f)):
                if fresh:
                    parts.append((0, []))
                    fresh = False
                parts[-1][1].append(text)
    claims: dict[int, Claim] = {}
    for number, lines in parts:
        if not lines:
            continue
        repeated = _PRINTED.match(lines[0])
        if repeated and number in (0, int(repeated[2])):
            number = int(repeated[2])
            lines[0] = repeated[1] + lines[0][repeated.end() :]
        if number < 1 or number in claims:
            number = max(claims, default=0) + 1
        if text := "\n".join(line for line in lines if line):
            claims[number] = Claim(number=number, text=text)
    return tuple(claims.values())


def _classifications(groups: list[_Group]) -> tuple[Classification, ...]:
    """The IPC. Designs have a Locarno class in the same field, which is no symbol of it."""
    written = [line for g in groups if g.name == "CLAS" for f in g.fields if f.name == "ICL" for line in f.lines]
    return distinct(classification(column_symbol(line), "ipc", first=i == 0) for i, line in enumerate(written))


def _parties(groups: list[_Group]) -> tuple[Party, ...]:
    roles = {"INVT": ("inventor", ("NAM",)), "ASSG": ("assignee", ("NAM",)), "LREP": ("agent", _AGENT_FIELDS)}
    found: dict[tuple[str, str], Party] = {}
    for group in groups:
        role, names = roles.get(group.name, ("", ()))
        for value in group.values(*names):
            last, _, first = value.partition(";")
            name = f"{first.strip()} {last.strip()}".strip()
            found.setdefault((role, name), Party(role=role, name=name))
    return tuple(p for p in found.values() if p.name)


def _citations(groups: list[_Group]) -> tuple[str, ...]:
    """The patents cited: those of the US with the kind code that they have in this collection, others without."""
    numbers: dict[str, None] = {}
    for group in groups:
        if group.name not in ("UREF", "FREF") or not (number := group.value("PNO")):
            continue
        country = _country(group.value("CNT")) if group.name == "FREF" else "US"
        number = re.sub(r"[^0-9A-Z]", "", number.upper())
        match = _WKU.match(number) if country == "US" else None
        cited = document_number(country, number.removeprefix(country), _KINDS[match[1]] if match else "")
        if len(cited) > 2:
            numbers[cited] = None
    return tuple(numbers)


def _country(code: str) -> str:
    """`JPX` to `JP`, `GB2` to `GB`, `DTX` to `DE`."""
    return _OLD_COUNTRIES.get(code[:2].upper(), code[:2].upper())
