"""XML as the readable text that a person sees on the page.

Superscripts and subscripts become Unicode where it has them (10⁻³, H₂O) and `^x`, `_{max}` elsewhere; tables become
lines of cells; formulas keep their symbols in order; a page's line breaks inside a sentence are closed.
"""

import re
from collections.abc import Iterator

from lxml import etree

from ingest.errors import ReadError
from ingest.language import CJK

_SUPERSCRIPT = str.maketrans("0123456789+-−–=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁼⁽⁾ⁿⁱ")
_SUBSCRIPT = str.maketrans("0123456789+-−–=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ")
_BLOCK = {"claim-text", "p", "row", "li", "dt", "dd", "table", "tables", "thead", "tbody", "tgroup", "ul", "ol", "dl", "ClaimText", "title"}
_SILENT = {"img", "Image", "Figure", "drawings", "colspec", "chemistry-file"}
_CELL = {"entry", "td", "th"}
_SPACES = re.compile(r"[^\S\n]+")
_BETWEEN_CJK = re.compile(f"(?<=[{CJK}，。；：、？！（）“”《》])\\s+(?=[{CJK}，。；：、？！（）“”《》])")


def parse_xml(data: bytes) -> etree._Element:
    """The root element. No entity of the document is expanded, nothing outside of it is read.

    Raises ReadError with the line where the XML breaks off.
    """
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True, huge_tree=True, remove_comments=True)
    try:
        return etree.fromstring(data.lstrip(), parser)
    except etree.XMLSyntaxError as error:
        line = error.lineno or 0
        raise ReadError(f"not well-formed XML at line {line} of the record: {error.msg}") from error


def local_name(element: etree._Element) -> str:
    """The tag without its namespace; "" for a processing instruction or an entity."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


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
    return tidy("".join(pieces))


def tidy(text: str) -> str:
    """White space as in print: one blank between words, none between Chinese characters, no empty lines."""
    lines = (_SPACES.sub(" ", line).strip(" |") for line in text.split("\n"))
    return "\n".join(line for line in (_BETWEEN_CJK.sub("", line) for line in lines) if line)


def _walk(element: etree._Element, pieces: list[str]) -> None:
    name = local_name(element)
    if name in _SILENT:
        return
    if name in _BLOCK:
        pieces.append("\n")
    if name in ("sup", "sub", "sup2", "sub2"):
        pieces.append(_script(element, name[:3]))
        return
    if element.text:
        pieces.append(_inline(element.text))
    for child in element:
        if isinstance(child.tag, str):
            child_name = local_name(child)
            if child_name == "br":
                pieces.append(" ")
            elif child_name == "maths" or child_name == "math":
                pieces.append(" " + " ".join(all_text(child).split()) + " ")
            else:
                _walk(child, pieces)
                if child_name in _CELL:
                    pieces.append(" | ")
        elif child.tag is etree.Entity:
            pieces.append(child.text or "")
        if child.tail:
            pieces.append(_inline(child.tail))
    if name in _BLOCK:
        pieces.append("\n")


def _inline(text: str) -> str:
    """Line breaks of the file are blanks of the text."""
    return text.replace("\n", " ").replace("\r", " ").replace("\t", " ")


def _script(element: etree._Element, name: str) -> str:
    text = " ".join(all_text(element).split())
    table = _SUPERSCRIPT if name == "sup" else _SUBSCRIPT
    if text and all(ord(c) in table for c in text):
        return text.translate(table)
    mark = "^" if name == "sup" else "_"
    return f"{mark}{text}" if len(text) == 1 else f"{mark}{{{text}}}" if text else ""
