"""A saved web page made ready for `unstructured`: the document on it without what surrounds it, and what it says for machines.

Pages of Google Patents mark the parts with schema.org-like `itemprop`s and Dublin Core `<meta>` elements; FreePatentsOnline
pairs `disp_elm_title` with `disp_elm_text`; other sites often have `<meta name="DC.…">` or `citation_…` (Highwire Press tags).
Where a page has neither, everything on it that is not navigation, advertisement or a form control is its text.

`unstructured` reads the text of blocks and drops forms, figures, formulas without a TeX text and paragraphs of one character, and it
takes a table that only places things on the page for a table: all that is undone here first.
"""

import re
from collections.abc import Iterator

from lxml import etree

from ingest.errors import ReadError
from ingest.files import plain_text
from ingest.files.marks import BREAK, VERBATIM
from ingest.files.web_metadata import marked_parts
from ingest.mathml import linear, script

_CHARSET = re.compile(rb"""<meta[^>]{1,200}?charset\s*=\s*["']?([\w-]{3,20})""", re.IGNORECASE)
_CHARSETS = {"gb2312": "gb18030", "gbk": "gb18030", "iso-8859-1": "cp1252", "latin1": "cp1252", "shift_jis": "cp932", "x-sjis": "cp932"}
_NOT_HTML = dict.fromkeys([*range(9), 11, 12, *range(14, 32), *range(0xFDD0, 0xFDF0), 0xFFFE, 0xFFFF])
_LEFT_OUT = frozenset(
    "script style noscript template nav aside dialog iframe frame object embed audio video canvas svg select option textarea input button"
    " link meta base title head map area datalist progress meter img source track del ix:header noembed noframes xml".split()
)
_DIV = frozenset("main form details summary figure fieldset legend label hgroup address center claim-text claim tables figcaption".split())
_BREAKS = frozenset(("br", "hr"))
_BLOCKS = frozenset("p div ul ol dl li table h1 h2 h3 h4 h5 h6 blockquote pre section article".split())
_TABLE_PARTS = ("thead", "tbody", "tfoot", "tr", "td", "th", "caption", "colgroup", "col")
_ROLES = frozenset("navigation banner contentinfo search dialog alertdialog menu menubar toolbar tablist complementary".split())
_FURNITURE = re.compile(
    r"(?:^|[\s_-])(?:cookies?|consent|gdpr|navbar|navigation|breadcrumbs?|sidebar|toolbar|advert\w*|ads|banner|popup|modal|social|share|sharing"
    r"|login|signin|pagination|skip-?link|sitemap|newsletter|google-src-text|katex-html|mathjax_preview)(?:$|[\s_-])",
    re.IGNORECASE,
)
_FURNITURE_LENGTH = 3000
"""Nothing with more text is thrown away for its name: a site may call its text `banner`."""
_DEPTH = 250
_TEXT_LENGTH = 2_000_000
"""`unstructured` cuts off a longer run of characters without a word."""
_CELL_LENGTH = 1000
"""A cell with more text is a part of the page and not of a table."""


def parse_page(data: bytes) -> etree._Element:
    """The root of the page. Raises ReadError where there is none."""
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=True)
    try:
        root = etree.fromstring(_text(data).translate(_NOT_HTML).encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError as error:
        raise ReadError(f"a web page that can't be read: {error.msg}") from error
    if root is None:
        raise ReadError("a web page with nothing on it")
    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > _DEPTH:
            raise ReadError(f"a web page with more than {_DEPTH} elements in one another; save its text alone")
    return root


def _text(data: bytes) -> str:
    try:
        return plain_text.unicode(data)
    except UnicodeDecodeError:
        declared = _CHARSET.search(data[:8192])
        name = declared[1].decode("ascii", "replace").lower() if declared else ""
        try:
            return data.decode(_CHARSETS.get(name, name), "replace") if name and "utf" not in name else plain_text.decode(data)
        except LookupError:
            return plain_text.decode(data)


def main_part(root: etree._Element) -> str:
    """HTML with the text of the document in plain blocks; `root` is taken apart."""
    body = root.find("body")
    body = root if body is None else body
    if parts := marked_parts(root):
        for child in list(body):
            body.remove(child)
        body.text = None
        body.extend(parts)
    for element in list(body.iter()):
        if element is not body:
            _simplify(element)
    for element in reversed(list(body.iter("sup", "sub", "math"))):
        _write(element)
    _settle_tables(body)
    _protect(body)
    return str(etree.tostring(body, method="html", encoding="unicode"))


def _simplify(element: etree._Element) -> None:
    """Empties what is not the document, and gives what is unusual a usual name."""
    tag = str(element.tag).lower()
    if tag in _LEFT_OUT or _is_furniture(element, tag):
        _empty(element)
        element.tag = "div" if tag in ("nav", "aside", "header", "footer", "dialog", "div", "section") else "span"
    elif tag in _BREAKS:
        element.tag, element.text = "span", BREAK
    elif tag == "pre":
        text = "".join(str(t) for t in element.itertext())
        _empty(element)
        element.tag, element.text = "div", BREAK.join(paragraph for _, paragraph in plain_text.paragraphs(text))
    elif tag in _DIV:
        element.tag = "div"
    elif tag == "heading":
        element.tag = "h3"


def _empty(element: etree._Element) -> None:
    tail = element.tail
    element.clear()
    element.tail = tail


def _is_furniture(element: etree._Element, tag: str) -> bool:
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    suspect = (
        (element.get("role") or "").lower() in _ROLES
        or (tag in ("header", "footer") and next(element.iterancestors("article", "main", "section"), None) is None)
        or (not names.isspace() and tag not in ("body", "article", "main") and _FURNITURE.search(names) is not None)
    )
    return suspect and sum(len(str(t)) for t in element.itertext()) < _FURNITURE_LENGTH


def _write(element: etree._Element) -> None:
    """Superscripts, subscripts and formulas as characters."""
    if element.tag == "math":
        text = linear(element) or " ".join((element.get("alttext") or "").split())
        text = f" {text} " if text else ""
    else:
        text = "".join(str(t) for t in element.itertext())
        inner = text.strip()
        if any(c.isalnum() or c in "+-−–=()" for c in inner):  # ® and the like are raised in themselves
            before, _, after = text.partition(inner)
            text = before + script(" ".join(inner.replace(BREAK, " ").split()), element.tag == "sup") + after
    _empty(element)
    element.tag, element.text = "span", text


def _settle_tables(body: etree._Element) -> None:
    """Turns tables that only place things into blocks, and each cell of the others into one text."""
    parts = [(part, next(part.iterancestors("table"), None)) for part in body.iter(*_TABLE_PARTS)]
    placing = {table for table in body.iter("table") if _places_things(table)}
    for part, table in parts:
        if table is None or table in placing:
            part.tag = "div"
        elif part.tag in ("td", "th", "caption"):
            text = " ".join("".join(_with_blanks(part)).replace(BREAK, " ").split())
            _empty(part)
            part.text = text
    for table in placing:
        table.tag = "div"


def _places_things(table: etree._Element) -> bool:
    rows = [r for child in table for r in ([child] if child.tag == "tr" else child if child.tag in ("thead", "tbody", "tfoot") else [])]
    cells = [cell for row in rows if row.tag == "tr" for cell in row if cell.tag in ("td", "th")]
    if len(cells) < 2 or next((t for cell in cells for t in cell.iter("table", "h1", "h2", "h3", "ul", "ol")), None) is not None:
        return True
    sizes = [_size(cell) for cell in cells]
    if max(sizes) > _CELL_LENGTH:
        return True
    return sum(sizes) + sum(_size(child) for child in table if child.tag == "caption") != _size(table)  # text between the cells


def _size(element: etree._Element) -> int:
    return sum(len("".join(str(t).split())) for t in element.itertext())


def _with_blanks(element: etree._Element) -> Iterator[str]:
    """The text, with blanks where blocks begin and end."""
    yield element.text or ""
    for child in element:
        blank = " " if child.tag in _BLOCKS else ""
        yield blank
        yield from _with_blanks(child)
        yield blank
        yield child.tail or ""


def _protect(body: etree._Element) -> None:
    """Marks what `unstructured` would take for a bullet, or for too little."""
    for element in body.iter():
        if element.text:
            element.text = _protected(element.text)
        if element.tail:
            element.tail = _protected(element.tail)


def _protected(text: str) -> str:
    if len(text) > _TEXT_LENGTH:
        raise ReadError("a web page with more than two million characters without a break; save its text alone")
    inner = text.strip()
    if not inner or (len(inner) > 1 and inner[0].isalnum()):
        return text
    before, _, after = text.partition(inner)
    return f"{before}{VERBATIM}{inner}{after}"
