"""A Word file (Office Open XML, ISO/IEC 29500) made ready for `unstructured`, which reads the plain runs of a paragraph and no more.

What Word shows and `unstructured` would drop is turned into plain runs: inserted text, content controls, formulas, symbols,
superscripts and subscripts (in Unicode), notes (at the end, under a heading), text boxes (after their paragraph), tables of one
cell (as the paragraphs in it). What Word does not show is removed: deleted text, hidden text, headers and footers, the second copy of a
drawing. The breaks that Word's own page layout put inside paragraphs are removed too, so that a claim stays in one piece.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from copy import deepcopy
from itertools import groupby
from typing import TYPE_CHECKING

from lxml import etree

from ingest.errors import ReadError
from ingest.files.docx_formula import linear
from ingest.files.marks import HEADING, VERBATIM
from ingest.mathml import script

if TYPE_CHECKING:
    from docx.document import Document

SIZE_LIMIT = 256 << 20
"""A file whose parts unpack to more bytes is not read."""
NOTES = "Notes"
"""The heading of footnotes and endnotes."""
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_TRANSPARENT = [f"{_W}{name}" for name in "ins moveTo sdtContent sdt smartTag customXml fldSimple hyperlink bdo dir".split()] + [f"{_M}oMathPara"]
_REMOVED = [f"{_W}{name}" for name in "del moveFrom lastRenderedPageBreak headerReference footerReference sdtPr sdtEndPr softHyphen".split()]
_KEPT_PARTS = ("/styles", "/numbering", "/settings")
_HEADING_STYLE = re.compile(r"heading \d|title|subtitle", re.IGNORECASE)
_SYMBOL_FONT = dict(zip(range(0x61, 0x7B), "αβχδεφγηιϕκλμνοπθρστυϖωξψζ", strict=True)) | dict(
    zip(range(0x41, 0x5B), "ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ", strict=True)
)
_SYMBOL_FONT |= {0xB0: "°", 0xB1: "±", 0xB2: "″", 0xA2: "′", 0xA3: "≤", 0xB3: "≥", 0xB4: "×", 0xB7: "•", 0xB8: "÷", 0xB9: "≠", 0xBB: "≈"}
_SYMBOL_FONT |= {0xA5: "∞", 0xAB: "↔", 0xAC: "←", 0xAD: "↑", 0xAE: "→", 0xAF: "↓", 0xB6: "∂", 0xC5: "⊕", 0xCE: "∈", 0xD0: "∠", 0xD6: "√"}
_SYMBOL_FONT |= {0xD7: "·", 0xE5: "∑", 0xF2: "∫", 0x2D: "−", 0x40: "≅", 0x5E: "⊥", 0x7E: "∼", 0x22: "∀"}


def prepare(data: bytes) -> bytes:
    """The file with every paragraph in plain runs. Raises ReadError where it is not a Word document."""
    document = _open(data)
    part, body = document.part, document.element.body
    _add_notes(body, _notes(document))
    for relationship in list(part.rels.values()):
        if not relationship.reltype.endswith(_KEPT_PARTS):
            del part.rels[relationship.rId]
    _share_list_styles(document)
    _accept_changes(body)
    _one_copy_of_drawings(body)
    _write_formulas(body)
    _write_symbols(body)
    _write_scripts(body)
    _lift_text_boxes(body)
    _unwrap_single_cells(body)
    _mark_paragraphs(body, _heading_styles(document))
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def _open(data: bytes) -> "Document":
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(member.file_size for member in archive.infolist()) > SIZE_LIMIT:
                raise ReadError("a Word file that unpacks to over 256 MiB; remove its images")
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise ReadError(f"not a Word file that can be opened: {error}; save it again as .docx") from error
    try:
        import docx
    except ImportError as error:
        raise ReadError("reading Word files needs the package python-docx; install it with: pip install 'unstructured[docx]'") from error
    try:
        return docx.Document(io.BytesIO(data))
    except Exception as error:  # python-docx raises whatever its parts raise: KeyError, ValueError, lxml's, zlib's errors
        reason = " ".join(f"{type(error).__name__}: {error}".split())[:200]
        raise ReadError(f"not a Word document ({reason}); open it in Word and save it again as .docx") from error


def _value(element: etree._Element | None, *path: str) -> str | None:
    """The `w:val` of a descendant, "" where it has none, None where there is no such descendant."""
    for name in path:
        element = element.find(f"{_W}{name}") if element is not None else None
    return None if element is None else str(element.get(f"{_W}val") or "")


def _on(element: etree._Element | None, *path: str) -> bool:
    """Whether a property is switched on."""
    value = _value(element, *path)
    return value is not None and value not in ("0", "false", "off", "none")


def _unwrap(element: etree._Element) -> None:
    """Puts the children in the place of their parent."""
    parent = element.getparent()
    if parent is not None:
        position = parent.index(element)
        parent[position : position + 1] = list(element)


def _remove(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _run(like: etree._Element, text: str) -> etree._Element:
    run = like.makeelement(f"{_W}r", {})
    piece = etree.SubElement(run, f"{_W}t")
    piece.text = text
    piece.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return run


# Notes


def _notes(document: "Document") -> dict[tuple[str, str], etree._Element]:
    """The footnotes and endnotes by (kind, id)."""
    found = {}
    for relationship in document.part.rels.values():
        kind = relationship.reltype.rpartition("/")[2]
        if kind in ("footnotes", "endnotes") and not relationship.is_external:
            parser = etree.XMLParser(resolve_entities=False, no_network=True)
            try:
                root = etree.fromstring(relationship.target_part.blob, parser)
            except etree.XMLSyntaxError as error:
                raise ReadError(f"a Word file whose {kind} are broken: {error.msg}; save it again as .docx") from error
            for note in root:
                if note.get(f"{_W}type") is None:  # the others are the lines that separate notes from the text
                    found[kind[:-1], str(note.get(f"{_W}id"))] = note
    return found


def _add_notes(body: etree._Element, notes: dict[tuple[str, str], etree._Element]) -> None:
    """Numbers the marks of the notes in the order of the text, and puts the notes at the end."""
    added: list[etree._Element] = []
    for mark in list(body.iter(f"{_W}footnoteReference", f"{_W}endnoteReference")):
        note = notes.get((etree.QName(mark).localname.removesuffix("Reference"), str(mark.get(f"{_W}id"))))
        run = mark.getparent()
        if note is None or run is None:
            continue
        number = str(len(added) + 1)
        run.replace(mark, _run(body, script(number, True))[0])
        for position, paragraph in enumerate(deepcopy(list(note))):
            if position == 0:
                paragraph.insert(1 if paragraph.find(f"{_W}pPr") is not None else 0, _run(body, f"{number} "))
                added.append(paragraph)
            else:
                added[-1].extend(child for child in [_run(body, " "), *paragraph] if child.tag != f"{_W}pPr")
    if added:
        heading = body.makeelement(f"{_W}p", {})
        heading.append(_run(body, HEADING + NOTES))
        end = len(body) - 1 if len(body) and body[-1].tag == f"{_W}sectPr" else len(body)
        body[end:end] = [heading, *added]


# Markup that is not shown, or shown without the markup


def _accept_changes(body: etree._Element) -> None:
    for mark in list(body.iterfind(f".//{_W}p/{_W}pPr/{_W}rPr/{_W}del")):  # the end of the paragraph was deleted
        paragraph = next(mark.iterancestors(f"{_W}p"))
        following = paragraph.getnext()
        if following is not None and following.tag == f"{_W}p":
            start = 1 if following.find(f"{_W}pPr") is not None else 0
            following[start:start] = [child for child in paragraph if child.tag != f"{_W}pPr"]
            _remove(paragraph)
    for mark in list(body.iterfind(f".//{_W}tr/{_W}trPr/{_W}del")):
        _remove(next(mark.iterancestors(f"{_W}tr")))
    for element in list(body.iter(*_REMOVED)):
        _remove(element)
    for run in [r for r in body.iter(f"{_W}r") if _on(r, "rPr", "vanish")]:
        _remove(run)
    for ruby in list(body.iter(f"{_W}ruby")):  # the word, without the pronunciation above it
        base, parent = ruby.find(f"{_W}rubyBase"), ruby.getparent()
        if base is not None and parent is not None:
            parent.replace(ruby, _run(body, "".join(t.text or "" for t in base.iter(f"{_W}t")))[0])
    for element in list(body.iter(*_TRANSPARENT)):
        _unwrap(element)


def _one_copy_of_drawings(body: etree._Element) -> None:
    """A drawing that is stored twice, for new and for old versions of Word."""
    for both in list(body.iter(f"{_MC}AlternateContent")):
        choice = both.find(f"{_MC}Choice")
        fallback = both.find(f"{_MC}Fallback")
        chosen = choice if choice is not None and next(choice.iter(f"{_W}t", f"{_M}t"), None) is not None else fallback
        parent = both.getparent()
        if parent is not None:
            position = parent.index(both)
            parent[position : position + 1] = list(chosen) if chosen is not None else []


def _lift_text_boxes(body: etree._Element) -> None:
    last: dict[etree._Element, etree._Element] = {}
    for box in list(body.iter(f"{_W}txbxContent")):
        paragraph = next(box.iterancestors(f"{_W}p"), None)
        if paragraph is None:
            continue
        after = last.get(paragraph, paragraph)
        for child in list(box):
            after.addnext(child)
            after = child
        last[paragraph] = after
        _remove(box)


def _unwrap_single_cells(body: etree._Element) -> None:
    """Tables of one cell are frames; outermost first, as the tables in them move out with their contents."""
    for table in list(body.iter(f"{_W}tbl")):
        cells = [cell for row in table.iterfind(f"{_W}tr") for cell in row.iterfind(f"{_W}tc")]
        parent = table.getparent()
        if len(cells) == 1 and parent is not None:
            position = parent.index(table)
            parent[position : position + 1] = [child for child in cells[0] if child.tag in (f"{_W}p", f"{_W}tbl")]


# What is drawn, as characters


def _write_symbols(body: etree._Element) -> None:
    for symbol in list(body.iter(f"{_W}sym")):
        try:
            code = int(str(symbol.get(f"{_W}char") or ""), 16)
            font = str(symbol.get(f"{_W}font") or "")
            character = _SYMBOL_FONT.get(code & 0xFF, chr(code)) if font == "Symbol" else chr(code)
            if (parent := symbol.getparent()) is not None:
                parent.replace(symbol, _run(body, character)[0])
        except (ValueError, OverflowError):  # no such character
            _remove(symbol)


def _write_scripts(body: etree._Element) -> None:
    for paragraph in list(body.iter(f"{_W}p")):
        for raised, run_group in groupby(list(paragraph.iterchildren(f"{_W}r")), _raised):
            if raised is None:
                continue
            pieces = [t for run in run_group for t in run.iterchildren(f"{_W}t") if t.text]
            text = "".join(t.text or "" for t in pieces)
            inner = text.strip()
            if not any(c.isalnum() or c in "+-−–=()" for c in inner):
                continue  # ® and the like are raised in themselves
            for piece in pieces:
                piece.text = ""
            before, _, after = text.partition(inner)
            pieces[0].text = before + script(" ".join(inner.split()), raised) + after


def _raised(run: etree._Element) -> bool | None:
    value = _value(run, "rPr", "vertAlign")
    return None if value not in ("superscript", "subscript") else value == "superscript"


def _write_formulas(body: etree._Element) -> None:
    for formula in list(body.iter(f"{_M}oMath")):
        parent = formula.getparent()
        if parent is not None and next(formula.iterancestors(f"{_M}oMath"), None) is None:
            parent.replace(formula, _run(body, f" {linear(formula)} "))


# Structure


def _share_list_styles(document: "Document") -> None:
    """Gives a list that is defined by a list style the levels of that style."""
    numbering = next((r.target_part for r in document.part.rels.values() if r.reltype.endswith("/numbering") and not r.is_external), None)
    root = getattr(numbering, "element", None)
    if root is None:
        return
    lists = list(root.iterfind(f"{_W}abstractNum"))
    styles = {_value(each, "styleLink"): each for each in lists if _value(each, "styleLink")}
    for each in lists:
        link = _value(each, "numStyleLink")
        if link and each.find(f"{_W}lvl") is None and link in styles:
            each.extend(deepcopy(level) for level in styles[link].iterfind(f"{_W}lvl"))


def _heading_styles(document: "Document") -> set[str]:
    """The ids of the paragraph styles that are headings: by name, by outline level, or because they are based on one."""
    parents: dict[str, str] = {}
    headings: set[str] = set()
    for style in document.styles.element.iterfind(f"{_W}style"):
        identity = str(style.get(f"{_W}styleId") or "")
        parents[identity] = _value(style, "basedOn") or ""
        level = _value(style, "pPr", "outlineLvl")
        if level == "9":
            parents[identity] = ""  # body text, whatever it is based on
        elif level or _HEADING_STYLE.fullmatch(_value(style, "name") or ""):
            headings.add(identity)
    return {identity for identity in parents if any(ancestor in headings for ancestor in _chain(identity, parents))}


def _chain(identity: str, parents: dict[str, str]) -> Iterator[str]:
    for _ in range(20):
        yield identity
        identity = parents.get(identity, "")


def _mark_paragraphs(body: etree._Element, headings: set[str]) -> None:
    """Puts a mark before the text of each paragraph: what follows is a heading, or to be left as it is."""
    for paragraph in body.iter(f"{_W}p"):
        if not any(t.text and not t.text.isspace() for run in paragraph.iterchildren(f"{_W}r") for t in run.iterchildren(f"{_W}t")):
            continue
        level = _value(paragraph, "pPr", "outlineLvl")
        is_heading = level not in (None, "9") or (level is None and _value(paragraph, "pPr", "pStyle") in headings)
        properties = paragraph.find(f"{_W}pPr")
        paragraph.insert(0 if properties is None else 1, _run(body, HEADING if is_heading else VERBATIM))
