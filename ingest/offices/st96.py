"""Publications in WIPO ST.96: `PatentPublication` (V1 to V8), and the JPO's gazettes on it since 2022 (`UnexaminedPatentPublication`,
`RegisteredPatentPublication`, `InternationalPatentPublication`).

ST.96 text may carry amendments: `Ins` and `Del` elements, or, as 37 CFR 1.121 writes them, `[[deleted]]` with what was
added underlined. What was published is the text without the amendment: deletions are read, insertions are not.
"""

import re
import unicodedata
from collections.abc import Iterator

from lxml import etree

from ingest.build import claims_of, classification, distinct, parse_date
from ingest.claims.dependency import Practice, practice_of
from ingest.document import Claim, Classification, Dates, Party, PatentDocument, Source
from ingest.errors import ReadError
from ingest.number import document_number
from ingest.offices.description import sections_of
from ingest.offices.jpo import break_lines
from ingest.offices.st8 import st8_classification
from ingest.xml_text import all_text, children, first, local_name, plain, readable

HEADINGS = {
    "TechnicalField": "技術分野",
    "BackgroundArt": "背景技術",
    "CitationBag": "先行技術文献",
    "PatentCitationBag": "特許文献",
    "NPLCitationBag": "非特許文献",
    "Disclosure": "発明の開示",
    "InventionSummary": "発明の概要",
    "TechnicalProblem": "発明が解決しようとする課題",
    "TechnicalSolution": "課題を解決するための手段",
    "AdvantageousEffects": "発明の効果",
    "DrawingDescription": "図面の簡単な説明",
    "EmbodimentDescription": "発明を実施するための形態",
    "BestMode": "発明を実施するための最良の形態",
    "IndustrialApplicability": "産業上の利用可能性",
}
"""What the JPO prints above the parts of a description."""
_KIND = re.compile(r"\(([A-Z]\d?)\)")
_BRACKETED = re.compile(r"\[\[([^\[\]]{1,2000})\]\]")
_NO_AMENDMENT = re.compile(r"[\d\s.,;:+-]*")
_ROLES = {
    "Applicant": "applicant",
    "Inventor": "inventor",
    "Assignee": "assignee",
    "Grantee": "assignee",
    "RegisteredPractitioner": "agent",
}


def read_st96(root: etree._Element, source: Source) -> PatentDocument:
    """One publication. Raises ReadError where it has no number. A warning tells how many amendments were left out."""
    bibliography = next((child for child in root if local_name(child).endswith("BibliographicData")), None)
    publication = first(bibliography, "PatentPublicationIdentification")
    number = plain(publication, "PublicationNumber")
    if not re.search(r"\d", number):
        raise ReadError("no PatentPublicationIdentification with a PublicationNumber, so the document has no number")
    printed = _KIND.search(unicodedata.normalize("NFKC", plain(bibliography, "PlainLanguageDesignationText")))
    kind = plain(publication, "PatentDocumentKindCode") or (printed[1] if printed else "")
    language = _language(root, "en")
    warnings = _undo_amendments([part for name in ("Abstract", "Claims", "Description") for part in children(root, name)])
    if language == "ja":
        for name in ("Abstract", "Claims", "Description"):
            for part in children(root, name):
                break_lines(part)
    titles = [*children(bibliography, "InventionTitleBag", "InventionTitle"), *children(bibliography, "InventionTitle")]
    country = plain(publication, "IPOfficeCode") or plain(root, "IPOfficeCode") or "WO"
    claims = _claims(root, language, practice_of(country))
    return PatentDocument(
        number=document_number(country, number, kind),
        kind=kind,
        language=language,
        dates=_dates(bibliography, publication),
        titles=_by_language(titles, language),
        abstracts=_by_language([*children(root, "Abstract"), *children(bibliography, "Abstract")], language),
        claims=claims.pop(language, ()),
        translated_claims=claims,
        sections=sections_of(children(root, "Description"), labels=HEADINGS if language == "ja" else None),
        classifications=distinct(_classifications(bibliography)),
        parties=_parties(bibliography),
        citations=_citations(bibliography),
        warnings=warnings,
        source=source,
    )


def _undo_amendments(parts: list[etree._Element]) -> tuple[str, ...]:
    """Take the insertions out and leave the deletions in (in place), and say how many of each there were."""
    inserted = deleted = 0
    for part in parts:
        for block in list(part.iter("{*}Claim", "{*}P", "{*}Heading")):
            text = all_text(block)
            bracketed = [t for t in _BRACKETED.findall(text) if not _NO_AMENDMENT.fullmatch(t)] if "[[" in text else []
            if bracketed:
                deleted += len(bracketed)
                for element in list(block.iter()):
                    if local_name(element) == "U":  # what was added stands underlined beside what was deleted
                        element.tag = "Ins"
                    element.text = _without_brackets(element.text)
                    element.tail = _without_brackets(element.tail) if element is not block else element.tail
        inserted += sum(1 for _ in part.iter("{*}Ins"))
        deleted += sum(1 for _ in part.iter("{*}Del", "{*}DeletedText"))
        etree.strip_elements(part, "{*}Ins", with_tail=False)
    if not inserted and not deleted:
        return ()
    return (f"amendments are marked in the text, which is given as it stood before them: insertions left out: {inserted}, deletions read: {deleted}",)


def _without_brackets(text: str | None) -> str | None:
    return text.replace("[[", "").replace("]]", "") if text else text


def _language(element: etree._Element, otherwise: str) -> str:
    code = next((value for key, value in element.items() if str(key).rpartition("}")[2] == "languageCode"), "")
    return str(code).strip().lower()[:2] or otherwise


def _by_language(elements: list[etree._Element], language: str) -> dict[str, str]:
    """The first text in each language."""
    texts: dict[str, str] = {}
    for element in elements:
        text = readable(element)
        if text:
            texts.setdefault(_language(element, language), text)
    return texts


def _claims(root: etree._Element, language: str, practice: Practice | None) -> dict[str, tuple[Claim, ...]]:
    """The claims of each language; beside its text a claim has its number, its type and the like as elements."""
    claims: dict[str, tuple[Claim, ...]] = {}
    for group in children(root, "Claims"):
        for claim in children(group, "Claim"):
            claim.set("num", re.sub(r"\D", "", plain(claim, "ClaimNumber"))[:5])
            for element in list(claim):
                if local_name(element).endswith(("Number", "Category", "Code", "Indicator")):
                    element.tail = None
                    claim.remove(element)
        read = claims_of(children(group, "Claim"), practice)
        if read:
            claims.setdefault(_language(group, language), read)
    return claims


def _dates(bibliography: etree._Element | None, publication: etree._Element | None) -> Dates:
    filing = parse_date(plain(bibliography, "ApplicationIdentification", "FilingDate"))
    earlier = [plain(element) for element in children(bibliography, "PriorityClaimBag", "PriorityClaim", "FilingDate")]
    for related in children(bibliography, "RelatedDocumentBag"):
        for element in related.iter("{*}ParentDocument", "{*}ProvisionalApplication", "{*}USProvisionalApplication"):
            earlier.extend(plain(date) for date in element.iter("{*}FilingDate"))
    known = [d for d in [*map(parse_date, earlier), filing] if d is not None]
    return Dates(filing=filing, publication=parse_date(plain(publication, "PublicationDate")), priority=min(known, default=None))


def _classifications(bibliography: etree._Element | None) -> Iterator[Classification | None]:
    for bag in children(bibliography, "PatentClassificationBag"):
        for name, scheme in (("IPCRClassification", "ipc"), ("CPCClassification", "cpc")):
            for position, element in enumerate(bag.iter(f"{{*}}{name}")):
                yield _split_symbol(element, scheme, position == 0)
    for bag in [*children(bibliography, "PatentClassificationBag"), *([] if bibliography is None else [bibliography])]:
        for name in ("MainClassification", "FurtherClassification"):
            for element in children(bag, "IPCClassification", name):
                yield st8_classification(plain(element), "ipc", first_of_all=name == "MainClassification")


def _split_symbol(element: etree._Element, scheme: str, first_of_all: bool) -> Classification | None:
    section = plain(element, "Section") or plain(element, "CPCSection")
    position = plain(element, "SymbolPositionCode")
    value = plain(element, "IPCClassificationValueCode") or plain(element, "CPCClassificationValueCode")
    subclass, subgroup = f"{section}{plain(element, 'Class').zfill(2)}{plain(element, 'Subclass')}", plain(element, "Subgroup").ljust(2, "0")
    return classification(
        f"{subclass} {plain(element, 'MainGroup')}/{subgroup}",
        scheme,
        first=position == "F" or (not position and first_of_all),
        inventive=value in ("", "I"),
    )


def _parties(bibliography: etree._Element | None) -> tuple[Party, ...]:
    found: dict[tuple[str, str], Party] = {}
    for bag in bibliography if bibliography is not None else ():
        if local_name(bag).endswith("PartyBag"):
            for element in bag.iter():
                role = _ROLES.get(local_name(element), "")
                name = next((text for each in element.iter("{*}Name") if (text := _name(each))), "") if role else ""
                if name:
                    found.setdefault((role, name), Party(role=role, name=name))
    return tuple(found.values())


def _name(element: etree._Element) -> str:
    person = next(element.iter("{*}PersonStructuredName"), None)
    if person is None:
        return plain(element)
    return " ".join(part for part in (plain(person, name) for name in ("FirstName", "MiddleName", "LastName")) if part) or plain(person)


def _citations(bibliography: etree._Element | None) -> tuple[str, ...]:
    found = []
    for citation in children(bibliography, "ReferenceCitationBag", "ReferenceCitation", "PatentCitation", "CitedPatentDocumentIdentification"):
        number = plain(citation, "DocumentNumber")
        if re.search(r"\d", number):
            found.append(document_number(plain(citation, "IPOfficeCode"), number, plain(citation, "PatentDocumentKindCode")))
    return tuple(dict.fromkeys(found))
