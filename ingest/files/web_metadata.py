"""What a saved web page says of its patent for machines, and which of its elements are the parts of the patent.

Google Patents names the facts and the parts by `itemprop` (HTML microdata); it and other sites have Dublin Core `<meta name="DC.…">`
and Highwire Press `<meta name="citation_…">`; FreePatentsOnline puts a `disp_elm_title` before each `disp_elm_text`.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date

from lxml import etree

from ingest.build import classification, distinct, parse_date
from ingest.document import Party
from ingest.number import document_number
from ingest.printed.hints import Hints

_NUMBER = re.compile(r"\b(US|EP|CN|WO|JP|KR|DE|FR|GB|TW|CA|AU|RU|ES|IT|CH|AT|NL|SE)[\s-]?((?:RE|PP|D|H)?\d[\d,./]{3,13}\d)[\s-]?([A-Z]\d?)?\b")
_UNITED_STATES = re.compile(r"United States Patent(?: Application)?\W{1,3}((?:RE|PP|D|H)?\d[\d,/]{4,12}\d)", re.IGNORECASE)
_PARAGRAPH = re.compile(r"p?-?(\d{4,5})", re.IGNORECASE)
_BEGINS_WITH_NUMBER = re.compile(r"\s*(?:\d|[\[【])")
_PARTS = ("abstract", "description", "claims")
_ROLES = (("inventor", ("inventor",)), ("assignee", ("assigneeOriginal", "assigneeCurrent", "assigneeSearch")), ("applicant", ("applicant",)))


def hints_of(root: etree._Element) -> Hints:
    """The facts that the page states; empty where it states none."""
    metas = [
        ((m.get("name") or m.get("property") or "").lower(), " ".join((m.get("content") or "").split()), (m.get("scheme") or "").lower())
        for m in root.iter("meta")
    ]
    found = Hints()
    title = _first(c for n, c, _ in metas if n in ("dc.title", "citation_title")) or _first(_items(root, "title"))
    if title:
        found["title"] = title
    number, kind = _number(root, metas)
    if number:
        found["number"] = number
    if kind:
        found["kind"] = kind
    _add_dates(root, metas, found)
    parties = _parties(root, metas)
    if parties:
        found["parties"] = parties
    symbols = [_first(_items(item, "Code")) for item in _elements(root, "cpcs", "classifications") if _is_leaf(item)]
    if kept := distinct(classification(symbol, "cpc", first=i == 0) for i, symbol in enumerate(symbols) if symbol):
        found["classifications"] = list(kept)
    cited = [
        _first(_items(row, "publicationNumber"))
        for row in _elements(root, "backwardReferencesOrig", "backwardReferencesFamily", "backwardReferences")
    ]
    cited += [document_number("", c.replace(":", "")) for n, c, s in metas if n == "dc.relation" and s == "references"]
    if numbers := [n for n in dict.fromkeys(cited) if re.fullmatch(r"[A-Z]{2}\w{3,20}", n)]:
        found["citations"] = numbers
    _add_labelled({label: _words(text) for label, text in _labelled(root) if label not in _PARTS}, found)
    for name, element in _marked(root):
        language = next((e.get("lang") for e in element.iter() if e.get("lang")), None)
        if name == "claims" and language:
            found["language"] = language.lower()[:2]
    return found


def marked_parts(root: etree._Element) -> list[etree._Element]:
    """The abstract, the description and the claims under headings, where the page marks them; else nothing."""
    parts: list[etree._Element] = []
    marked = dict(_marked(root))
    if not {"description", "claims"} & marked.keys():
        return []
    for name in _PARTS:
        if name in marked:
            heading = root.makeelement("h2", {})
            heading.text = name.capitalize()
            parts += [heading, _numbered(marked[name], name)]
    return parts


def _marked(root: etree._Element) -> Iterator[tuple[str, etree._Element]]:
    for name in _PARTS:
        for section in _elements(root, name):
            if section.tag in ("section", "div", "article"):
                content = next(_elements(section, "content"), section)
                yield name, content
                break
    for label, text in _labelled(root):
        if label in _PARTS:
            yield label, text


def _labelled(root: etree._Element) -> Iterator[tuple[str, etree._Element]]:
    """The pairs of label and text of FreePatentsOnline."""
    for title in root.iter("div", "h2", "h3"):
        text = title.getnext()
        if text is not None and "disp_elm_title" in (title.get("class") or ""):
            yield _words(title).strip(" :").lower(), text


def _numbered(part: etree._Element, name: str) -> etree._Element:
    """The part with the numbers that its elements carry, where its text does not have them."""
    if name == "claims":
        for claim in part.iter():
            number = (claim.get("num") or "").lstrip("0")
            if number.isdigit() and "claim" in (claim.get("class") or "claim"):
                _put_before(claim, f"{number}. ")
    elif name == "description":
        for paragraph in part.iter("div", "p", "li"):
            if match := _PARAGRAPH.fullmatch(paragraph.get("num") or ""):
                _put_before(paragraph, f"[{match[1]}] ")
    for heading in [h for h in part if h.tag in ("h1", "h2") and _words(h).lower().startswith(name)]:
        part.remove(heading)
    return part


def _put_before(element: etree._Element, number: str) -> None:
    text = _words(element)[:40]
    if not text or _BEGINS_WITH_NUMBER.match(text):
        return
    target = element
    while not (target.text or "").strip() and len(target) and target[0].tag in ("div", "p", "span", "claim-text"):
        target = target[0]
    target.text = number + (target.text or "").lstrip()


def _elements(root: etree._Element, *names: str) -> Iterator[etree._Element]:
    return (e for e in root.iter() if (e.get("itemprop") or "") in names)


def _items(root: etree._Element, *names: str) -> Iterator[str]:
    for element in _elements(root, *names):
        yield " ".join((element.get("content") or element.get("datetime") or _words(element)).split())


def _words(element: etree._Element) -> str:
    return " ".join("".join(str(t) for t in element.itertext()).split())


def _first(texts: Iterable[str]) -> str:
    return next((text for text in texts if text), "")


def _is_leaf(item: etree._Element) -> bool:
    leaves = list(_items(item, "Leaf"))
    return not leaves or leaves[0] == "true"


def _number(root: etree._Element, metas: list[tuple[str, str, str]]) -> tuple[str, str]:
    """The number with its kind code, and the kind code, of this document and not of one that it cites."""
    own = next((e for e in _elements(root, "publicationNumber") if next(e.iterancestors("tr", "li"), None) is None), None)
    texts = [_words(own)] if own is not None else []
    texts += [c.replace(":", " ") for n, c, _ in metas if n in ("citation_patent_publication_number", "citation_patent_number", "dc.identifier")]
    heads = [_words(title) for title in root.iter("title", "h1")]
    kind = _first(_items(root, "kindCode"))
    found = [m for m in map(_NUMBER.search, [*texts, *heads]) if m]
    if found:
        best = next((m for m in found if m[3] and m[2] == found[0][2]), found[0])
        kind = best[3] or kind
        return document_number(best[1], best[2], kind), kind
    if match := next((m for m in map(_UNITED_STATES.search, heads) if m), None):
        return document_number("US", match[1], kind), kind
    return "", kind


def _add_dates(root: etree._Element, metas: list[tuple[str, str, str]], found: Hints) -> None:
    said = {s: c for n, c, s in metas if n == "dc.date"}
    filing = parse_date(_first(_items(root, "filingDate")) or said.get("datesubmitted"))
    publication = parse_date(_first(_items(root, "publicationDate")) or said.get("issue") or said.get("published"))
    priority = parse_date(_first(_items(root, "priorityDate")))
    if filing:
        found["filing"] = filing
    if publication:
        found["publication"] = publication
    if priority:
        found["priority"] = priority


def _add_labelled(said: dict[str, str], found: Hints) -> None:
    """What the labels of FreePatentsOnline say."""
    if not said:
        return
    if title := said.get("title"):
        found["title"] = title
    kind = said.get("kind code", "")
    said_number = said.get("document type and number", "")
    if match := _UNITED_STATES.search(said_number):
        found["number"], found["kind"] = document_number("US", match[1], kind), kind
    elif match := _NUMBER.search(said_number):
        found["number"], found["kind"] = document_number(match[1], match[2], match[3] or kind), match[3] or kind
    if filing := _american_date(said.get("filing date", "")):
        found["filing"] = filing
    if publication := _american_date(said.get("publication date", "")):
        found["publication"] = publication


def _american_date(text: str) -> date | None:
    match = re.match(r"(\d\d)/(\d\d)/(\d{4})", text)
    return parse_date(f"{match[3]}{match[1]}{match[2]}") if match else None


def _parties(root: etree._Element, metas: list[tuple[str, str, str]]) -> list[Party]:
    found: dict[tuple[str, str], Party] = {}
    for role, names in _ROLES:
        said = [name for name in _items(root, names[0]) if name] or [name for other in names[1:] for name in _items(root, other) if name]
        said = said or [c for n, c, s in metas if (n == "dc.contributor" and s == role) or (n == "citation_inventor" and role == "inventor")]
        for name in said:
            found.setdefault((role, name), Party(role=role, name=name))
    return list(found.values())
