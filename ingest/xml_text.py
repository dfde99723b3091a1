"""XML as the readable text that a person sees on the page.

Superscripts and subscripts become Unicode where it has them (10⁻³, H₂O) and `^x`, `_{max}` elsewhere; tables become
lines of cells; formulas keep their symbols in order; a page's line breaks inside a sentence are closed.
"""

import re
from collections.abc import Iterator

from lxml import etree

from ingest.errors import ReadError
from ingest.language import CJK
from ingest.mathml import linear, script

_LINE = "\0"
"""Where a block begins or ends, until the lines are put together; no character of XML."""
_NEXT_CELL = "\1"
_BLOCK = frozenset(
    "claim-text p row li dt dd table tables thead tbody tgroup ul ol dl ClaimText title"  # Red Book, ST.36, CNIPA
    " P Row Table TableGroup TableHead TableBody LI"  # ST.96
    " PARA CLMSTEP TABLE TGROUP THEAD TBODY ROW DT DD paragraph list-item".split()  # Red Book of 2001 to 2004: PATDOC, PAP
)
_SILENT = frozenset("img Image Figure drawings colspec chemistry-file".split())
_CELL = frozenset("entry td th Entry ENTRY".split())
_SUP = frozenset("sup sup2 superscript Sup SP".split())
_SUB = frozenset("sub sub2 subscript Sub SB".split())
_BREAK = frozenset(("br", "Br"))
_MATH = frozenset(("math",))
_STRUCTURE = {name: kind for kind, names in enumerate((_BLOCK, _SILENT, _CELL, _SUP, _SUB, _BREAK, _MATH), start=1) for name in names}
_INLINE = 0
_BLOCK_KIND, _SILENT_KIND, _CELL_KIND, _SUP_KIND, _SUB_KIND, _BREAK_KIND, _MATH_KIND = range(1, 8)
_TOO_DEEP = 8
_DEPTH = 200
"""Below this depth of markup, the text in its order: no page is so deep, and a hostile one must not exhaust the stack."""
_EAST = rf"{CJK}\u3040-\u30ff"
_WIDE = r"\u3000-\u303f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uffe6“”‘’…—《》"
_BETWEEN_CJK = re.compile(f" (?<=[{_EAST}] )(?=[{_EAST}{_WIDE}])| (?<=[{_WIDE}] )(?=[{_EAST}])")
_ILLEGAL = bytes(c for c in range(32) if c not in b"\t\n\r")
_STRAY_AMPERSAND = re.compile(rb"&(?!(?:[A-Za-z_:][\w.:-]*|#[0-9]+|#x[0-9A-Fa-f]+);)")


def parse_xml(data: bytes, warnings: list[str] | None = None) -> etree._Element:
    """The root element. No entity of the document is expanded, nothing outside of it is read.

    A stray `&` is read as the character, control characters are dropped; where `warnings` is given, it is told. Raises
    ReadError with the line where the XML breaks off.
    """
    data = data.lstrip()
    try:
        return _parse(data)
    except etree.XMLSyntaxError as error:
        problem = f"at line {error.lineno or 0} of the record: {str(error.msg).partition(', line ')[0]}"
    mended = _STRAY_AMPERSAND.sub(b"&amp;", data.translate(None, _ILLEGAL))
    if mended == data:
        raise ReadError(f"not well-formed XML {problem}")
    try:
        root = _parse(mended)
    except etree.XMLSyntaxError as error:
        raise ReadError(f"not well-formed XML {problem}") from error
    if warnings is not None:
        warnings.append(f"mended: not well-formed XML {problem}; every stray & was read as the character, control characters were dropped")
    return root


def _parse(data: bytes) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True, huge_tree=True, remove_comments=True)
    return etree.fromstring(data, parser)


def local_name(element: etree._Element) -> str:
    """The tag without its namespace; "" for a processing instruction or an entity."""
    tag = element.tag
    return (tag.rpartition("}")[2] if tag[0] == "{" else tag) if isinstance(tag, str) else ""


def children(element: etree._Element | None, *path: str) -> Iterator[etree._Element]:
    """The descendants along a path of local names, whatever their namespaces."""
    if element is None:
        return
    head, *rest = path
    for child in element:
        if local_name(child) == head:
            if rest:
                yield from children(child, *rest)
            else:
                yield child


def first(element: etree._Element | None, *path: str) -> etree._Element | None:
    return next(children(element, *path), None)


def plain(element: etree._Element | None, *path: str) -> str:
    """The text of the first such descendant on one line, or ""."""
    found = first(element, *path) if path else element
    return " ".join(all_text(found).split()) if found is not None else ""


def all_text(element: etree._Element) -> str:
    """The characters of an element, in order, as they are."""
    return "".join(str(piece) for piece in element.itertext()) if isinstance(element.tag, str) else element.text or ""


def readable(element: etree._Element | None) -> str:
    """The text of an element as it reads on the page; a line for each block in it."""
    if element is None:
        return ""
    pieces: list[str] = []
    _walk(element, pieces)
    return _lines([_row(line) if _NEXT_CELL in line else line for line in "".join(pieces).split(_LINE)])


def tidy(text: str) -> str:
    """White space as in print: one blank between words, none between Chinese or Japanese characters, no empty lines."""
    return _lines(text.split("\n"))


def _row(line: str) -> str:
    """The cells of a row of a table."""
    cells = [" ".join(cell.split()) for cell in line.split(_NEXT_CELL)]
    filled = [i for i, cell in enumerate(cells) if cell]
    return " | ".join(cells[filled[0] : filled[-1] + 1]) if filled else ""


def _lines(lines: list[str]) -> str:
    tidied = []
    for line in lines:
        line = " ".join(line.split())
        if line:
            tidied.append(line if line.isascii() else _BETWEEN_CJK.sub("", line))
    return "\n".join(tidied)


def _walk(element: etree._Element, pieces: list[str], depth: int = 0) -> None:
    kind = _kind(element.tag) if depth < _DEPTH else _TOO_DEEP
    if kind == _INLINE:
        _walk_inside(element, pieces, depth)
    elif kind == _BLOCK_KIND:
        pieces.append(_LINE)
        _walk_inside(element, pieces, depth)
        pieces.append(_LINE)
    elif kind == _CELL_KIND:
        _walk_inside(element, pieces, depth)
        pieces.append(_NEXT_CELL)
    elif kind in (_SUP_KIND, _SUB_KIND):
        pieces.append(_script(element, kind == _SUP_KIND))
    elif kind == _BREAK_KIND:
        pieces.append(" ")
    elif kind == _MATH_KIND:
        pieces.append(f" {linear(element)} ")
    elif kind == _TOO_DEEP:
        pieces.append(all_text(element))


def _walk_inside(element: etree._Element, pieces: list[str], depth: int) -> None:
    if element.text:
        pieces.append(element.text)
    for child in element:
        tag = child.tag
        if isinstance(tag, str):
            if len(child) == 0 and _KINDS.get(tag) == _INLINE:
                if child.text:
                    pieces.append(child.text)
            else:
                _walk(child, pieces, depth + 1)
        elif tag is etree.Entity:
            pieces.append(child.text or "")
        if child.tail:
            pieces.append(child.tail)


_KINDS: dict[str, int] = {}


def _kind(tag: object) -> int:
    """What the element is on the page, by its local name; remembered for each tag."""
    if not isinstance(tag, str):
        return _SILENT_KIND
    kind = _KINDS.get(tag)
    if kind is None:
        kind = _STRUCTURE.get(tag.rpartition("}")[2], _INLINE)
        if len(_KINDS) < 10_000:  # a hostile file may name its elements without end
            _KINDS[tag] = kind
    return kind


def _script(element: etree._Element, superscript: bool) -> str:
    text = all_text(element)
    return f"{' ' * text[:1].isspace()}{script(' '.join(text.split()), superscript)}{' ' * text[-1:].isspace()}"
