"""Japanese gazettes: `jp-official-gazette`, the JPO's DTD 1.0 on WIPO ST.36 (2004 to 2021).

Labels such as 【図１】 and 【特許文献１】 are not in the file: the JPO prints them for elements with a number, and so does
this reader. `jp:overflow` repeats lines of the title page that did not fit on it, and is left out.
"""

import re
import unicodedata

from lxml import etree

from ingest.build import claims_of, distinct, parse_date
from ingest.claims.cited import cited_documents
from ingest.document import Dates, Party, PatentDocument, Source
from ingest.errors import ReadError
from ingest.number import document_number
from ingest.offices.description import sections_of
from ingest.offices.st8 import st8_classification
from ingest.xml_text import children, first, local_name, plain, readable

HEADINGS = {
    "technical-field": "技術分野",
    "background-art": "背景技術",
    "citation-list": "先行技術文献",
    "patent-literature": "特許文献",
    "non-patent-literature": "非特許文献",
    "disclosure": "発明の開示",
    "summary-of-invention": "発明の概要",
    "tech-problem": "発明が解決しようとする課題",
    "tech-solution": "課題を解決するための手段",
    "advantageous-effects": "発明の効果",
    "description-of-drawings": "図面の簡単な説明",
    "description-of-embodiments": "発明を実施するための形態",
    "embodiments-example": "実施例",
    "best-mode": "発明を実施するための最良の形態",
    "industrial-applicability": "産業上の利用可能性",
    "reference-signs-list": "符号の説明",
    "reference-to-deposited-biological-material": "受託番号",
    "sequence-list-text": "配列表フリーテキスト",
}
"""What the JPO prints above the parts of a description."""
_LABELS = {"figref": "図", "patcit": "特許文献", "nplcit": "非特許文献", "maths": "数", "chemistry": "化", "tables": "表"}
_WIDE_DIGITS = str.maketrans("0123456789", "０１２３４５６７８９")
_LABELLED = re.compile(r"【|図\s*[0-9０-９]+\w?$")
_KIND = re.compile(r"\(([A-Z]\d?)\)")
_SENTENCE_GOES_ON = re.compile(r"[^\s。．、，；：;:,.）］｝〉》」』】＞>)\]・]\s*$")
_NEW_ITEM = re.compile(r"[\r\n]*(?:[ \t　・●○■□◆◇※＊（［＜【〔「(①-⑳]|$)")
_LINE = 35
"""The lines of a Japanese application have 40 characters; one that is shorter ends on purpose."""


def read_jpo(root: etree._Element, source: Source) -> PatentDocument:
    """One gazette. Raises ReadError where it has no number.

    The kind code is the one that the gazette prints after its name, 公表特許公報(A): for a translation of an international
    application (`kind-of-jp="T"`) it is A as well, and the numbers of both are one series (JP2021509175A).
    """
    bibliography = first(root, "bibliographic-data")
    publication = first(bibliography, "publication-reference", "document-id")
    number = plain(publication, "doc-number")
    if not re.search(r"\d", number):
        raise ReadError("no publication-reference with a doc-number, so the document has no number")
    printed = _KIND.search(unicodedata.normalize("NFKC", plain(publication, "kind")))
    kind = printed[1] if printed else root.get("kind-of-st16") or root.get("kind-of-jp") or ""
    language = (root.get("lang") or "ja").lower()[:2]
    parts = [part for name in ("abstract", "claims", "description") for part in children(root, name)]
    for part in parts:
        print_labels(part)
        break_lines(part)
    title = readable(first(bibliography, "invention-title")).replace("\n", " ")
    abstract = "\n".join(text for part in children(root, "abstract") if (text := readable(part)))
    return PatentDocument(
        number=document_number(plain(publication, "country") or root.get("country") or "JP", number, kind),
        kind=kind,
        language=language,
        dates=_dates(bibliography, publication),
        titles={language: title} if title else {},
        abstracts={language: abstract} if abstract else {},
        claims=claims_of(children(root, "claims", "claim")),
        sections=sections_of(children(root, "description"), labels=HEADINGS),
        classifications=distinct(
            st8_classification(plain(element), "ipc", first_of_all=name == "main-clsf")
            for name in ("main-clsf", "further-clsf")
            for element in children(bibliography, "classification-ipc", name)
        ),
        parties=_parties(bibliography),
        citations=_citations(root),
        source=source,
    )


def print_labels(part: etree._Element) -> None:
    """Put 【図１】 before what the JPO prints it before, on a line of its own (in place)."""
    for element in list(part.iter("{*}figref", "{*}patcit", "{*}nplcit", "{*}maths", "{*}chemistry", "{*}tables")):
        number = (element.get("num") or "").strip().lstrip("0")
        text = (element.text or "").strip()
        if number and not _LABELLED.match(text):
            element.text = f"【{_LABELS[local_name(element)]}{number.translate(_WIDE_DIGITS)}】{text}"
            element.tag = "li"  # a block of its own, whatever it holds


def break_lines(part: etree._Element) -> None:
    """Make the breaks that end a line new lines (in place); those that only wrap a long one go."""
    for element in list(part.iter("{*}br", "{*}Br")):
        previous, parent = element.getprevious(), element.getparent()
        before = (previous.tail if previous is not None else parent.text if parent is not None else "") or ""
        after = element.tail or ""
        if len(before.strip()) < _LINE or not _SENTENCE_GOES_ON.search(before[-4:]) or _NEW_ITEM.match(after[:8]):
            element.tag = "li"
        else:
            element.tag = "b"  # empty, and no break
            element.tail = after.lstrip()
            if previous is not None:
                previous.tail = before.rstrip()
            elif parent is not None:
                parent.text = before.rstrip()


def _dates(bibliography: etree._Element | None, publication: etree._Element | None) -> Dates:
    filing = parse_date(plain(bibliography, "application-reference", "document-id", "date"))
    priorities = [parse_date(plain(claim, "date")) for claim in children(bibliography, "priority-claims", "priority-claim")]
    known = [d for d in [*priorities, filing] if d is not None]
    return Dates(filing=filing, publication=parse_date(plain(publication, "date")), priority=min(known, default=None))


def _parties(bibliography: etree._Element | None) -> tuple[Party, ...]:
    roles = {"applicant": "applicant", "inventor": "inventor", "agent": "agent", "assignee": "assignee", "grantee": "assignee"}
    found: dict[tuple[str, str], Party] = {}
    for parties in children(bibliography, "parties"):
        for element in parties.iter():
            role = roles.get(local_name(element))
            if role:
                books = sorted(children(element, "addressbook"), key=lambda book: book.get("lang", "ja") != "ja")
                name = next((text for book in books if (text := plain(book, "name") or plain(book, "orgname") or plain(book, "last-name"))), "")
                if name:
                    found.setdefault((role, name), Party(role=role, name=name))
    return tuple(found.values())


def _citations(root: etree._Element) -> tuple[str, ...]:
    """The documents that the list of prior art names: 特開２００７−２９０９２２号公報 is JP2007290922A."""
    named = (readable(part) for part in children(root, "description", "citation-list", "patent-literature"))
    return tuple(dict.fromkeys(number for text in named for number in cited_documents(text)))
