"""European patent documents: `ep-patent-document`, the EPO's DTD v1.0 to v1.7 on WIPO ST.36, with the ST.32 tags B100 to B800.

Three official languages stand side by side: titles always, claims in the patents. The root's `id` is the application
number; the document's own is country, `doc-number` and `kind`.
"""

import re
from collections.abc import Container, Iterable, Iterator

from lxml import etree

from ingest.build import claims_of, classification, distinct, parse_date
from ingest.document import Claim, Classification, Dates, Party, PatentDocument, Section, Source
from ingest.errors import ReadError
from ingest.number import document_number
from ingest.offices.description import sections_of
from ingest.offices.st8 import st8_classification
from ingest.xml_text import all_text, children, first, local_name, plain, readable

Claims = tuple[Claim, ...]

_IPC7 = re.compile(r"([A-H])\s?(\d\d)([A-Z])\s*(\d{1,4})\s*/\s*(\d{2,6})")
_CITED = re.compile(r"\s*([A-Z]{2})\s*-\s*([A-Z]\d?)\s*-\s*([A-Z]{0,2}[\d\s/.]*\d)")
_DNUM = re.compile(r"([A-Z]{2})([A-Z]{0,2}[\d/.]*\d)([A-Z]\d?)?")
_PRINTED_CLAIM = re.compile(r"\s*(\d{1,4})\s*[.):]")
_PRINTED_FORMULA = re.compile(r"\(.{1,12}\)")


def read_epo(root: etree._Element, source: Source) -> PatentDocument:
    """One application or patent. Raises ReadError where it has no number.

    The claims of the document's language are `claims`, those of the others `translated_claims`. Where a language has
    further sets, `translated_claims` has them under a private tag of the language and a warning says which they are:
    `en-x-b`, `en-x-c`, … for other contracting states, `en-x-amended` for claims that were amended after the search. The
    list of references that the EPO appends is no part of the description, and goes to `citations`.
    """
    bibliography = first(root, "SDOBI")
    number = root.get("doc-number") or plain(bibliography, "B100", "B110")
    if not re.search(r"\d", number):
        raise ReadError("no doc-number on the root and no B110, so the document has no number")
    kind = root.get("kind") or plain(bibliography, "B100", "B130")
    language = (root.get("lang") or plain(bibliography, "B200", "B260") or plain(bibliography, "B200", "B250")).strip().lower()[:2]
    warnings: list[str] = []
    claims = _claims(root, language, warnings)
    return PatentDocument(
        number=document_number(root.get("country") or plain(bibliography, "B100", "B190") or "EP", number, kind),
        kind=kind.strip(),
        language=language,
        dates=_dates(root, bibliography),
        titles=_titles(bibliography, language),
        abstracts=_abstracts(root, language),
        claims=claims.pop(language, ()),
        translated_claims=claims,
        sections=_sections(root),
        classifications=_classifications(bibliography),
        parties=_parties(bibliography),
        citations=_citations(root, bibliography),
        warnings=tuple(warnings),
        source=source,
    )


def _dates(root: etree._Element, bibliography: etree._Element | None) -> Dates:
    filing = parse_date(plain(bibliography, "B200", "B220", "date"))
    priorities = [parse_date(plain(element)) for element in children(bibliography, "B300", "B320", "date")]
    known = [d for d in [*priorities, filing] if d is not None]
    publication = parse_date(plain(bibliography, "B100", "B140", "date") or root.get("date-publ"))
    return Dates(filing=filing, publication=publication, priority=min(known, default=None))


def _titles(bibliography: etree._Element | None, language: str) -> dict[str, str]:
    """B541 is the language of the B542 after it; B542EP, the title in the language of filing, has none of its own."""
    titles: dict[str, str] = {}
    filed_in = plain(bibliography, "B200", "B250").lower()[:2]
    for group in children(bibliography, "B500", "B540"):
        code = ""
        for element in group:
            name = local_name(element)
            if name == "B541":
                code = plain(element).lower()[:2]
            elif name in ("B542", "B542EP"):
                text = readable(element).replace("\n", " ")
                if text:
                    titles.setdefault((code or language) if name == "B542" else (filed_in or language), text)
    return titles


def _abstracts(root: etree._Element, language: str) -> dict[str, str]:
    abstracts: dict[str, str] = {}
    for element in children(root, "abstract"):
        code = _language(element, language)
        text = readable(element)
        if text:
            abstracts[code] = f"{abstracts[code]}\n{text}" if code in abstracts else text
    return abstracts


def _claims(root: etree._Element, language: str, warnings: list[str]) -> dict[str, Claims]:
    """Every set of claims under its language, or under a tag of its own (`read_epo`), in the order of the document."""
    sets: dict[str, Claims] = {}
    for element in children(root, "claims"):
        code = _language(element, language)
        key = _free_key(code, f"{code}-x-", sets)
        sets[key] = _numbered_claims(element, key, warnings)
        states = " ".join((element.get("claim-type") or "").split())
        if states or key != code:
            warnings.append(f"claims {key}: {states or 'a further set in the same language'}")
    for element in children(root, "amended-claims"):
        code = f"{_language(element, language)}-x-amended"
        key = _free_key(code, f"{code}-", sets)
        sets[key] = _numbered_claims(element, key, warnings)
        warnings.append(f"claims {key}: {readable(first(element, 'heading')) or 'amended claims'}")
    return {key: claims for key, claims in sets.items() if claims}


def _free_key(key: str, stem: str, taken: Container[str]) -> str:
    """`key`, or the stem with b, c, … z, zb, zc, … for the second set and those after it."""
    count = 0
    while key in taken:
        key = stem + "z" * (count // 25) + "bcdefghijklmnopqrstuvwxyz"[count % 25]
        count += 1
    return key


def _numbered_claims(group: etree._Element, key: str, warnings: list[str]) -> Claims:
    """Where the applicant numbered the claims wrongly, `num` is empty and the number stands in the text: it is kept, since
    other claims refer to it, and the second claim of a number comes after the last."""
    elements = list(children(group, "claim"))
    if any(not (element.get("num") or "").strip("0 ") for element in elements):
        printed = [_printed_number(element) for element in elements]
        free = max(printed, default=0) + 1
        used: set[int] = set()
        for element, number in zip(elements, printed, strict=True):
            if number < 1 or number in used:
                warnings.append(
                    f"claims {key}: the claim after claim {max(used, default=0)} is numbered {number or 'not at all'}; it is claim {free} here"
                )
                number, free = free, free + 1
            used.add(number)
            element.set("num", str(number))
    return claims_of(elements, "ep")


def _printed_number(claim: etree._Element) -> int:
    digits = re.sub(r"\D", "", claim.get("num") or "")[:5]
    match = None if digits.strip("0") else _PRINTED_CLAIM.match(all_text(claim)[:40])
    return int(match[1] if match else digits or 0)


def _sections(root: etree._Element) -> tuple[Section, ...]:
    """The description, and after it what the applicant stated about amended claims."""
    descriptions = list(children(root, "description"))
    for description in descriptions:
        for formula in description.iter("maths", "chemistry"):
            number = " ".join((formula.get("num") or "").split())
            if _PRINTED_FORMULA.fullmatch(number):  # `(5)` is printed beside the formula; `0005` is not
                formula.tail = f" {number} {formula.tail or ''}"
    statements = [*children(root, "amended-claims", "amended-claims-statement"), *children(root, "amended-claims-statement")]
    return sections_of([*descriptions, *(part for statement in statements for part in children(statement, "claims-statement"))])


def _classifications(bibliography: etree._Element | None) -> tuple[Classification, ...]:
    found: list[Classification | None] = []
    for group in children(bibliography, "B500", "B510"):
        for element in group:
            match = _IPC7.search(plain(element))
            if match and (name := local_name(element)) in ("B511", "B512", "B513", "B514", "B515", "B517EP"):
                section, head, subclass, group_number, subgroup = match.groups()
                symbol = f"{section}{head}{subclass} {group_number}/{subgroup}"
                found.append(classification(symbol, "ipc", first=name == "B511", inventive=name in ("B511", "B512")))
    for name, tag, scheme in (("B510EP", "classification-ipcr", "ipc"), ("B520EP", "classification-cpc", "cpc")):
        for group in children(bibliography, "B500", name):
            found.extend(_st8(element, scheme, position == 0) for position, element in enumerate(group.iter(tag)))
    return distinct(found)


def _st8(element: etree._Element, scheme: str, first_of_all: bool) -> Classification | None:
    """The 50 columns of ST.8, or an element for each part."""
    text = plain(element, "text")
    if not text:
        parts = [
            plain(element, name) for name in ("section", "class", "subclass", "main-group", "subgroup", "symbol-position", "classification-value")
        ]
        text = "{}{}{} {}/{} {}{}".format(*parts)
    return st8_classification(text, scheme, first_of_all)


def _parties(bibliography: etree._Element | None) -> tuple[Party, ...]:
    roles = (("applicant", "B710", "B711"), ("assignee", "B730", "B731"), ("inventor", "B720", "B721"), ("agent", "B740", "B741"))
    found: dict[tuple[str, str], Party] = {}
    for role, group, name in roles:
        for element in children(bibliography, "B700", group, name):
            printed = ", ".join(part for part in (plain(element, "snm"), plain(element, "fnm")) if part) or plain(element, "onm")
            printed = re.split(r"(?:^|[\s,]+)c/o\s", printed, maxsplit=1)[0]
            if printed:
                found.setdefault((role, printed), Party(role=role, name=printed))
    return tuple(found.values())


def _citations(root: etree._Element, bibliography: etree._Element | None) -> tuple[str, ...]:
    """What the title page cites, then what the search report and the description do."""
    title_page = (_CITED.match(plain(element)) for element in children(bibliography, "B500", "B560", "B561", "text"))
    numbers = [_cited(match[1], match[3], match[2]) for match in title_page if match]
    for name in ("search-report-data", "description", "ep-reference-list"):
        for part in children(root, name):
            numbers.extend(_references(part.iter("patcit")))
    return tuple(dict.fromkeys(numbers))


def _references(elements: Iterable[etree._Element]) -> Iterator[str]:
    for element in elements:
        identity = first(element, "document-id")
        match = _DNUM.fullmatch(re.sub(r"\s", "", element.get("dnum") or "").upper())
        if identity is not None and re.search(r"\d", plain(identity, "doc-number")):
            yield _cited(plain(identity, "country"), plain(identity, "doc-number"), plain(identity, "kind"))
        elif match:
            yield _cited(match[1], match[2], match[3] or "")


def _cited(country: str, number: str, kind: str) -> str:
    """A number as its own document has it: `US-A1- 2008 197 955` is US20080197955A1, `WO-A-03/008444` is WO03008444A."""
    digits = re.sub(r"[\s/.,-]", "", number)
    if country == "WO":  # begins with a year of two digits, which may be 00
        return f"WO{digits}{kind}"
    if country == "US" and kind.startswith("A") and re.fullmatch(r"20[0-9]{8}", digits):
        digits = f"{digits[:4]}0{digits[4:]}"
    return document_number(country, digits, kind)


def _language(element: etree._Element, otherwise: str) -> str:
    return (element.get("lang") or otherwise).strip().lower()[:2]
