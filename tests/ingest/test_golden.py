"""Every file of every office, all in one table: what the document says against what the bytes say when they are read by other means."""

import html
import html.entities
import re
import unicodedata
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from ingest import PatentDocument, Skipped, read

FOLDERS = {"uspto": 167, "epo": 19, "cnipa": 6, "jpo": 3, "st96": 1}
"""The folders, and how many documents they have."""
NOT_IN_HTML = {"mgr": "μ", "rarw": "←", "crclbar": "⊖", "sym": "⊕", "dbd": "=", "degree": "°"}
"""The characters of the files that HTML has no name for: of ISO's Greek letters, and of the Automated Patent System."""
SIGNS = str.maketrans({"−": "-", "–": "-", **dict.fromkeys(" \t\r\n\u2028^_{}|/()\u2044\u2061\u2062\u2063\u2064")})
CHINESE_HEADINGS = re.compile(r"技术领域|背景技术|发明内容|附图说明|具体实施方式|相关申请的交叉引用|实施例\d*")
ENDS = 24
"""How many characters of the beginning and of the end of each part are compared."""
UNMARKED = {
    "US20010000044A1": 3,  # no claim has a mark
    "US6836979B2": 2,  # claim 16: "one or more of the previous claims"
    "US6838526B1": 1,  # claim 4: "any one of claims 1 and 2 to 3"
    "US20010031492A1": 3,  # claim 5 names itself
    "US7158266B2": 11,  # a medium with a program for the method of claims 34 to 46: of another category
    "US7158686B2": 2,  # a product that performs the method of claim 1: of another category
}
"""How many independent claims a document has where the marks of references in its claims tell another number."""
PICTURED = {"JP2021041306A": 71}
"""A table between two paragraphs, of which the file has a picture alone: its printed number is a paragraph."""
FIELDS = ("number", "dates", "claims", "independent", "paragraphs", "classifications", "ends")


@dataclass(frozen=True)
class Office:
    """Where a root element has what: paths of local names, and how it writes what is no text of its own."""

    number: tuple[str, str, str, str]  # the publication, and in it country, doc-number and kind
    dates: tuple[str, str]  # publication, filing
    titles: str
    abstracts: tuple[str, ...]
    claims: str
    descriptions: tuple[str, ...]
    paragraph: str
    symbols: Callable[[ET.Element], Iterable[str]]
    reference: str = ""  # what stands in a claim that refers to another
    language: Callable[[ET.Element], str] = lambda element: ""  # of titles, abstracts and claims, where a document has several
    without: frozenset[str] = frozenset()  # elements whose text is none of the part: printed numbers, repeated titles
    headings: bool = True  # whether the headings stand in the source


@dataclass
class Summary:
    """`parts` has the whole text of each part: `title`, `abstract`, `claims` and `description`, with a language where there are several."""

    number: str
    dates: tuple[str, str]
    claims: dict[str, int]
    independent: int | None
    paragraphs: int
    classifications: set[str]
    parts: dict[str, str] = field(repr=False)

    @property
    def ends(self) -> dict[str, tuple[str, str]]:
        texts = {name: " ".join(part.split()) for name, part in self.parts.items()}
        return {name: (signs(text[:300])[:ENDS], signs(text[-300:])[-ENDS:]) for name, text in texts.items() if text}


@dataclass(frozen=True)
class Pair:
    where: str
    source: Summary
    found: Summary


def signs(text: str) -> str:
    """What a reader sees, without blanks and without the marks that formulas and scripts add."""
    return text.translate(SIGNS) if text.isascii() else unicodedata.normalize("NFKC", text).translate(SIGNS)


def arrived(written: str, found: str, ahead: int = 400) -> int:
    """How many characters of `written` stand in `found`, in their order. Where they part, both go on at the nearest five characters
    that they have in common; a loss of more than `ahead` may cost what follows it as well."""
    count = at = place = 0
    while at < len(written):
        step = 256
        while step and written[at : at + step] != found[place : place + step]:
            step //= 2
        step = min(step, len(written) - at)
        count, at, place = count + step, at + step, place + step
        if step == 0:
            lost, skipped = ahead, 0
            for skip in range(ahead):  # in the source
                if skip >= lost + skipped:
                    break
                again = found.find(written[at + skip : at + skip + 5], place, place + lost + skipped - skip + 5)
                if again >= 0:
                    lost, skipped = skip, again - place
            at, place = at + lost, place + skipped
    return count


def squeezed(symbol: str) -> str:
    """`G06F 17/60` of `G06F017/60`, without the blank: section to subclass, group, subgroup."""
    match = re.match(r"\s*([A-HY]\d\d[A-Z])\s*0*(\d{1,4})\s*/\s*(\d+)", symbol)
    return f"{match[1]}{match[2]}/{match[3].ljust(2, '0')}" if match else ""


def column(symbol: str) -> str:
    """`G06F 1516`, `A61B  512`: the group stands in three columns after the subclass."""
    match = re.fullmatch(r"([A-H]\d\d[A-Z])([ \d]{3})(\d+)\s*", symbol)
    return f"{match[1]} {match[2].strip()}/{match[3]}" if match else symbol


def parts_of(element: ET.Element, names: str) -> str:
    return "{}{}{} {}/{}".format(*((element.findtext(name) or "").strip() for name in names.split()))


def american_symbols(root: ET.Element) -> Iterator[str]:
    names = "section class subclass main-group subgroup"
    for name in ("classifications-ipcr/classification-ipcr", "classifications-cpc/*/classification-cpc"):
        yield from (parts_of(e, names) for e in root.findall(f"./*/{name}"))
    yield from (column(e.text or "") for e in root.findall("./*/classification-ipc/*"))


def european_symbols(root: ET.Element) -> Iterator[str]:
    for tag in ("classification-ipcr", "classification-cpc"):
        yield from (text_of(e) for e in root.findall(f"SDOBI/B500//{tag}/text"))
    for tag in ("B511", "B512", "B513", "B514"):
        yield from (re.sub(r"\A\s*\d?\s*([A-H])\s+", r"\1", text_of(e)) for e in root.findall(f"SDOBI/B500/B510/{tag}"))


def texts_at(*paths: str) -> Callable[[ET.Element], Iterator[str]]:
    return lambda root: (text_of(e) for path in paths for e in root.findall(path))


def columns_at(path: str) -> Callable[[ET.Element], Iterator[str]]:
    return lambda root: (column(text_of(e)) for e in root.findall(path))


RED_BOOK = Office(
    number=("./*/publication-reference/document-id", "country", "doc-number", "kind"),
    dates=("./*/publication-reference/document-id/date", "./*/application-reference/document-id/date"),
    titles="./*/invention-title",
    abstracts=("abstract",),
    claims="claims/claim",
    descriptions=("description", "us-sequence-list-doc"),
    paragraph="p",
    symbols=american_symbols,
    reference="claim-ref",
)
REPEATED_TITLE = frozenset(("invention-title", "InventionTitle"))
OFFICES = {
    "us-patent-grant": RED_BOOK,
    "us-patent-application": RED_BOOK,
    "PATDOC": Office(
        number=("SDOBI/B100", "B190", "B110/DNUM", "B130"),
        dates=("SDOBI/B100/B140", "SDOBI/B200/B220"),
        titles="SDOBI/B500/B540",
        abstracts=("SDOAB/BTEXT/PARA",),
        claims="SDOCL/CL/CLM",
        descriptions=("SDODE",),
        paragraph="PARA",
        symbols=columns_at("SDOBI/B500/B510/*"),
        reference="CLREF",
    ),
    "patent-application-publication": Office(
        number=("./*/document-id", "country-code", "doc-number", "kind-code"),
        dates=("./*/document-id/document-date", "./*/domestic-filing-data/filing-date"),
        titles="./*/technical-information/title-of-invention",
        abstracts=("subdoc-abstract/paragraph",),
        claims="subdoc-claims/claim",
        descriptions=("subdoc-description", "sequence-cwu"),
        paragraph="paragraph",
        symbols=texts_at("./*/technical-information/classification-ipc//ipc"),
        reference="dependent-claim-reference",
        without=frozenset(("number",)),
    ),
    "ep-patent-document": Office(
        number=("SDOBI/B100", "B190", "B110", "B130"),
        dates=("SDOBI/B100/B140/date", "SDOBI/B200/B220/date"),
        titles="SDOBI/B500/B540/B542",
        abstracts=("abstract",),
        claims="claims/claim",
        descriptions=("description",),
        paragraph="p",
        symbols=european_symbols,
        language=lambda element: element.get("lang", ""),
    ),
    "cn-patent-document": Office(
        number=("./*/cn-publication-reference/document-id", "country", "doc-number", "kind"),
        dates=("./*/cn-publication-reference/document-id/date", "./*/application-reference/document-id/date"),
        titles="cn-bibliographic-data/invention-title",
        abstracts=("cn-bibliographic-data/abstract",),
        claims="application-body/claims/claim",
        descriptions=("application-body/description",),
        paragraph="p",
        symbols=texts_at("./*/classifications-ipcr/classification-ipcr/text"),
        without=REPEATED_TITLE,
    ),
    "PatentDocumentAndRelated": Office(
        number=("./*/PublicationReference[@dataFormat='standard']/DocumentID", "WIPOST3Code", "DocNumber", "Kind"),
        dates=("./*/PublicationReference/DocumentID/Date", "./*/ApplicationReference/DocumentID/Date"),
        titles="BibliographicData/InventionTitle",
        abstracts=("BibliographicData/Abstract", "Abstract"),
        claims="Claims/Claim",
        descriptions=("Description",),
        paragraph="Paragraphs",
        symbols=lambda root: (parts_of(e, "Section MainClass Subclass MainGroup Subgroup") for e in root.iter("ClassificationIPCR")),
        without=REPEATED_TITLE,
    ),
    "jp-official-gazette": Office(
        number=("./*/publication-reference/document-id", "country", "doc-number", "kind"),
        dates=("./*/publication-reference/document-id/date", "./*/application-reference/document-id/date"),
        titles="bibliographic-data/invention-title",
        abstracts=("abstract",),
        claims="claims/claim",
        descriptions=("description",),
        paragraph="p",
        symbols=texts_at("./*/classification-ipc/main-clsf", "./*/classification-ipc/further-clsf"),
        without=REPEATED_TITLE,
        headings=False,
    ),
    "PatentPublication": Office(
        number=("./*/PatentPublicationIdentification", "IPOfficeCode", "PublicationNumber", "PatentDocumentKindCode"),
        dates=("./*/PatentPublicationIdentification/PublicationDate", "./*/ApplicationIdentification/FilingDate"),
        titles="BibliographicData//InventionTitle",
        abstracts=("Abstract",),
        claims="Claims/Claim",
        descriptions=("Description",),
        paragraph="P",
        symbols=lambda root: [
            *(parts_of(e, "Section Class Subclass MainGroup Subgroup") for e in root.iter("IPCRClassification")),
            *(parts_of(e, "CPCSection Class Subclass MainGroup Subgroup") for e in root.iter("CPCClassification")),
        ],
        reference="ClaimReference",
        without=frozenset(("ClaimNumber", "ClaimTypeCategory")),
    ),
}


def tree(record: str) -> ET.Element:
    """The record by ElementTree, without namespaces: entities as HTML has them, and what is never closed taken as empty."""
    text = re.sub(r"<!--.*?-->", "", record.lstrip("\ufeff \r\n"), flags=re.DOTALL)
    text = re.sub(r"<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>", "", text, count=1, flags=re.DOTALL)
    text = re.sub(r"&(?!(?:lt|gt|amp|quot|apos|#\w+);)(\w+;)?", lambda m: character(m[1][:-1]) if m[1] else "&amp;", text)
    closed = set(re.findall(r"</([\w.:-]+)", text))
    opened = {name for name in re.findall(r"<([A-Za-z][\w.:-]*)", text) if name not in closed}
    for name in opened:
        text = re.sub(rf"<({re.escape(name)}(?:\s[^<>]*?)?)/?>", r"<\1/>", text)
    root = ET.fromstring(text)
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
    return root


def character(entity: str) -> str:
    return NOT_IN_HTML.get(entity) or html.entities.html5[f"{entity};"]


def text_of(element: ET.Element, without: frozenset[str] = frozenset()) -> str:
    """The characters between the tags, but for those in elements that are left out."""
    if not without:
        return "".join(element.itertext())
    inner = (("" if child.tag in without else text_of(child, without)) + (child.tail or "") for child in element)
    return (element.text or "") + "".join(inner)


def unnumbered(claim: str) -> str:
    return re.sub(r"\A\s*\d+\s*[.)、．]\s*", "", claim)


def paragraphs_of(part: ET.Element, tag: str) -> Iterator[ET.Element]:
    for child in part:
        if child.tag == tag:
            yield child
        else:
            yield from paragraphs_of(child, tag)


def key(country: str, number: str, kind: str) -> str:
    """The zeros before a number are padding, but in the years that Japanese numbers begin with."""
    unpadded = number if country == "JP" else re.sub(r"^([A-Z]*)0+", r"\1", number)
    return f"{country or 'US'}{unpadded}{kind}"


def day(text: str | None) -> str:
    digits = re.sub(r"\D", "", text or "")
    return f"{digits[:4]}-{digits[4:6]}-{digits[6:8]}"


def of_xml(root: ET.Element) -> Summary:
    office = OFFICES[root.tag]
    publication = root.find(office.number[0])
    assert publication is not None
    country, number, kind = (text_of(e).strip() if (e := publication.find(path)) is not None else "" for path in office.number[1:])
    if printed := re.search(r"\(([A-Z]\d?)\)", unicodedata.normalize("NFKC", kind)):
        kind = printed[1]
    parts: dict[str, str] = {}
    claims: dict[str, int] = {}
    languages = iter([text_of(e) for e in root.findall("SDOBI/B500/B540/B541")])
    for title in root.findall(office.titles):
        append(parts, "title", next(languages, ""), text_of(title))
    for path in office.abstracts:
        for abstract in root.findall(path):
            append(parts, "abstract", office.language(abstract), text_of(abstract))
    above, _, tag = office.claims.rpartition("/")
    independent = 0
    for group in root.findall(above):
        for claim in group.findall(tag):
            text = unnumbered(text_of(claim, office.without))
            append(parts, "claims", office.language(group), text)
            claims[office.language(group)] = claims.get(office.language(group), 0) + 1
            independent += not any(True for _ in claim.iter(office.reference))
    paragraphs = 0
    for path in office.descriptions:
        for description in root.findall(path):
            append(parts, "description", "", text_of(description, office.without))
            texts = (text_of(p, office.without).strip() for p in paragraphs_of(description, office.paragraph))
            paragraphs += sum(bool(text) and not CHINESE_HEADINGS.fullmatch(text) for text in texts)
    number = key(country, number, kind)
    return Summary(
        number=number,
        dates=(day(text_at(root, office.dates[0])), day(text_at(root, office.dates[1]))),
        claims=claims,
        independent=UNMARKED.get(number, independent) if office.reference else None,
        paragraphs=PICTURED.get(number, paragraphs),
        classifications={squeezed(symbol) for symbol in office.symbols(root)} - {""},
        parts=parts,
    )


def text_at(root: ET.Element, path: str) -> str:
    element = root.find(path)
    return text_of(element) if element is not None else ""


def append(parts: dict[str, str], name: str, language: str, text: str) -> None:
    name = f"{name} {language}".strip()
    parts[name] = f"{parts.get(name, '')}\n{text}"


def of_greenbook(text: str) -> Summary:
    """The fields of the Automated Patent System: a line for each, those that go on are indented."""
    groups: list[tuple[str, list[tuple[str, str]]]] = []
    for line in text.splitlines():
        if re.fullmatch(r"[A-Z]{4}\s*", line):
            groups.append((line.strip(), []))
        elif line[:4].strip():
            groups[-1][1].append((line[:4].strip(), line[5:].rstrip()))
        elif line.strip():
            name, value = groups[-1][1][-1]
            groups[-1][1][-1] = (name, f"{value} {line[5:].rstrip()}")
    patent = dict(groups[0][1])
    told = ("PARN", "GOVT", "BSUM", "DRWD", "DETD")
    claims = [aps(value) for group, fields in groups if group == "CLMS" for name, value in fields if name not in ("NUM", "STM")]
    return Summary(
        number=key("US", patent["WKU"][:8], "A"),
        dates=(day(patent["ISD"]), day(patent["APD"])),
        claims={"": int(patent["NCL"])},
        independent=None,
        paragraphs=sum(name != "PAC" for group, fields in groups if group in told for name, _ in fields),
        classifications={squeezed(column(value)) for group, fields in groups if group == "CLAS" for name, value in fields if name == "ICL"} - {""},
        parts={
            "title": patent["TTL"],
            "abstract": "\n".join(aps(value) for group, fields in groups if group == "ABST" for _, value in fields),
            "claims": "\n".join(map(unnumbered, claims)),
            "description": "\n".join(aps(value) for group, fields in groups if group in told for _, value in fields),
        },
    )


def aps(text: str) -> str:
    """`.sup.2`, `.alpha.`: marks and characters between full stops."""
    text = re.sub(r"\.su[bp] ?\.", "", html.unescape(text))
    return re.sub(r"\.([A-Za-z]{2,8})\.", lambda m: NOT_IN_HTML.get(m[1]) or html.entities.html5.get(f"{m[1]};", m[0]), text)


def of_document(document: PatentDocument, office: Office | None) -> Summary:
    several = bool(document.translated_claims) or len(document.titles) > 1
    sets = {document.language: document.claims, **document.translated_claims}
    parts: dict[str, str] = {}
    for name, texts in (("title", document.titles), ("abstract", document.abstracts)):
        for language, text in texts.items():
            append(parts, name, language if several else "", text)
    for language, claims in sets.items():
        for claim in claims:
            append(parts, "claims", language if several else "", claim.text)
    for section in document.sections:
        if office is None or office.headings:
            append(parts, "description", "", section.heading)
        for paragraph in section.paragraphs:
            append(parts, "description", "", paragraph.text)
    return Summary(
        number=document.number,
        dates=(str(document.dates.publication), str(document.dates.filing)),
        claims={language if several else "": len(claims) for language, claims in sets.items() if claims},
        independent=sum(claim.independent for claim in document.claims) if office and office.reference else None,
        paragraphs=sum(len(section.paragraphs) for section in document.sections),
        classifications={c.symbol.replace(" ", "") for c in document.classifications},
        parts=parts,
    )


def pairs_of(path: Path) -> Iterator[Pair]:
    """The records of a file beside what was read of them; no record may be left out, and none may fail."""
    data = path.read_bytes()
    starts = [m.start() for m in re.finditer(rb"<\?xml\s", data)] or [0]
    starts[0] = 0
    outcomes = list(read(path))
    assert len(outcomes) == len(starts), path.name
    for outcome, start, end in zip(outcomes, starts, [*starts[1:], len(data)], strict=True):
        record = data[start:end].decode()
        if record.startswith("PATN"):
            office, source = None, of_greenbook(record)
        else:
            root = tree(record)
            office = OFFICES.get(root.tag)
            if office is None:
                assert isinstance(outcome, Skipped), (path.name, root.tag)
                continue
            source = of_xml(root)
        assert isinstance(outcome, PatentDocument), (path.name, outcome)
        found = of_document(outcome, office)
        yield Pair(f"{path.name} {found.number}", source, found)


@pytest.fixture(scope="module")
def pairs(data: Path) -> dict[str, list[Pair]]:
    files = {name: [path for path in sorted((data / name).rglob("*")) if path.is_file()] for name in FOLDERS}
    return {name: [pair for path in paths for pair in pairs_of(path)] for name, paths in files.items()}


@pytest.mark.parametrize("name", FIELDS)
def test_every_document_says_what_its_source_says(pairs, name):
    several = [pair for folder in pairs.values() for pair in folder]
    assert [(p.where, s, f) for p in several if (s := getattr(p.source, name)) != (f := getattr(p.found, name))] == []


def test_every_document_is_there(pairs):
    assert {folder: len(found) for folder, found in pairs.items()} == FOLDERS


def test_the_text_of_every_document_arrives_in_order(pairs):
    """The title, abstract, claims and description: 99.9 % of the characters of each document, 99.999 % of all together."""
    lacking, characters, found = [], 0, 0
    for pair in (pair for folder in pairs.values() for pair in folder):
        written = {name: signs(text) for name, text in pair.source.parts.items()}
        total = sum(map(len, written.values()))
        count = sum(arrived(text, signs(pair.found.parts.get(name, ""))) for name, text in written.items())
        characters, found = characters + total, found + count
        if count < 0.999 * total:
            lacking.append((pair.where, count, total))
    assert lacking == []
    assert found >= 0.99999 * characters > 8_000_000


def test_the_measure_of_what_arrived_tells_a_loss(pairs):
    text = signs(pairs["st96"][0].source.parts["description"])
    assert arrived(text, text) == len(text) > 10_000
    assert arrived(text, f"{text[:5000]}[0042]{text[5000:]}") == len(text)
    for cut, slip in ((1, 0), (20, 0), (200, 500), (1000, len(text))):
        assert len(text) - cut - slip <= arrived(text, text[:5000] + text[5000 + cut :]) <= len(text) - cut
    assert arrived(text, text[6000:] + text[:6000]) < 0.9 * len(text)
    assert arrived(text, "") == 0
