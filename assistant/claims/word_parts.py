"""What python-docx does not offer and the report needs: tables of a fixed width, tracked changes, links inside the file, fonts for Chinese, and the
same bytes for the same content. WordprocessingML is ECMA-376, part 1, chapter 17."""

import io
import zipfile
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from docx.enum.text import WD_UNDERLINE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from assistant.pages.printable import printable

LATIN, EAST, EAST_HEADING = "Arial", "SimSun", "SimHei"
_UNDERLINE = {"error": WD_UNDERLINE.SINGLE, "warning": WD_UNDERLINE.WAVY, "note": WD_UNDERLINE.DOTTED}
_COLOUR = {"error": "B42318", "warning": "B26B00", "note": "52606D"}
_INK, _RULE = "1F2933", "B8C0C8"
_GREEN, _YELLOW, _RED, _GREY = "CFE8D5", "F7EBC0", "F6D9D6", "F3F5F7"
SHADE = {
    "present": _GREEN,
    "partly": _YELLOW,
    "absent": _RED,
    "supported": _GREEN,
    "weak": _YELLOW,
    "unsupported": _RED,
    "unchecked": _GREY,
    "head": _GREY,
}
_LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The first date that a zip archive can have."""
Filling = str | Callable[[Any], None]
"""What a cell has: a text, or what writes into its paragraph."""


def write(paragraph: Any, text: str, faint: bool = False, bold: bool = False) -> Any:
    """A run with the text; characters that XML can't hold are U+FFFD."""
    run = paragraph.add_run(printable(text))
    if faint:
        run.font.color.rgb = RGBColor.from_string(_COLOUR["note"])
        run.font.size = Pt(8)
    if bold:
        run.bold = True
    return run


def underline(run: Any, severity: str) -> None:
    run.font.underline = _UNDERLINE[severity]
    run._r.rPr.find(qn("w:u")).set(qn("w:color"), _COLOUR[severity])


def table(document: Any, widths: Sequence[float], rows: Sequence[Sequence[Filling]], head: bool = True, shades: Sequence[Sequence[str]] = ()) -> None:
    """A table with columns of `widths` centimetres; the first row is repeated on each page where it is a `head`. `shades` are, by row and column,
    names of `SHADE` or ""."""
    made = document.add_table(rows=len(rows), cols=len(widths), style="Table Grid")
    made.autofit = False
    for column, width in zip(made.columns, widths, strict=True):
        column.width = Cm(width)
    for index, (row, contents) in enumerate(zip(made.rows, rows, strict=True)):
        if head and index == 0:
            row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
        colours = ["head"] * len(widths) if head and index == 0 else shades[index] if shades else [""] * len(widths)
        for cell, content, width, colour in zip(row.cells, contents, widths, colours, strict=True):
            cell.width = Cm(width)
            if colour:
                _shade(cell, SHADE[colour])
            paragraph = cell.paragraphs[0]
            if callable(content):
                content(paragraph)
            else:
                write(paragraph, content, bold=head and index == 0)
    between = document.add_paragraph()  # without one, two tables are one
    between.paragraph_format.space_after = Pt(0)
    between.paragraph_format.line_spacing = Pt(5)


def _shade(cell: Any, colour: str) -> None:
    cell._tc.get_or_add_tcPr().append(_shading(colour))


def shade_run(run: Any) -> None:
    """Marks a quotation within its paragraph."""
    run._r.get_or_add_rPr().append(_shading(_YELLOW))


def _shading(colour: str) -> Any:
    shading = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", colour)):
        shading.set(qn(f"w:{name}"), value)
    return shading


def track(paragraph: Any, kind: str, text: str, identifier: int, author: str, day: date | None) -> None:
    """The text as an insertion (`added`), a deletion (`removed`) or as it is, for Word to accept or reject."""
    run = write(paragraph, text)
    if kind == "same":
        return
    change = OxmlElement("w:ins" if kind == "added" else "w:del")
    change.set(qn("w:id"), str(identifier))
    change.set(qn("w:author"), printable(author))
    if day:
        change.set(qn("w:date"), f"{day.isoformat()}T00:00:00Z")
    paragraph._p.replace(run._r, change)
    change.append(run._r)
    if kind == "removed":
        for written in run._r.findall(qn("w:t")):
            written.tag = qn("w:delText")


def bookmark(paragraph: Any, name: str, identifier: int) -> None:
    """A place to link to, at the start of the paragraph."""
    for tag, place in (("w:bookmarkEnd", 0), ("w:bookmarkStart", 0)):
        mark = OxmlElement(tag)
        mark.set(qn("w:id"), str(identifier))
        if tag == "w:bookmarkStart":
            mark.set(qn("w:name"), name)
        paragraph._p.insert(place + (1 if paragraph._p.pPr is not None else 0), mark)


def link(paragraph: Any, text: str, name: str) -> None:
    """The text as a link to a bookmark."""
    run = write(paragraph, text)
    run.font.color.rgb = RGBColor.from_string("1A4F8B")
    hyperlink = OxmlElement("w:hyperlink")
    hyperlink.set(qn("w:anchor"), name)
    paragraph._p.replace(run._r, hyperlink)
    hyperlink.append(run._r)


def comment(document: Any, runs: Sequence[Any], text: str, author: str) -> None:
    """A comment without the time at which the file was made."""
    made = document.add_comment(runs, printable(text), author=author, initials="")
    made._comment_elm.attrib.pop(qn("w:date"), None)


def set_fonts(document: Any, language: str) -> None:
    """Named fonts in place of those of the theme, for Chinese too, in every style that names one; and the language of the text."""
    defaults = document.styles.element.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    for properties in (defaults, *document.styles.element.iter(qn("w:rPr"))):
        if (fonts := properties.find(qn("w:rFonts"))) is not None:
            heading = any("major" in value for value in fonts.attrib.values())
            fonts.attrib.clear()
            for name, font in (("ascii", LATIN), ("hAnsi", LATIN), ("cs", LATIN), ("eastAsia", EAST_HEADING if heading else EAST)):
                fonts.set(qn(f"w:{name}"), font)
    spoken = defaults.find(qn("w:lang"))
    spoken.set(qn("w:val"), "zh-CN" if language == "zh" else "en-US")
    spoken.set(qn("w:eastAsia"), "zh-CN")


def set_styles(document: Any) -> None:
    """A4, small type, ink instead of the colours of the theme, faint table lines."""
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(2)
    for name, size, before, after in (("Normal", 9, 0, 2), ("Title", 15, 0, 6), ("Heading 1", 13, 14, 4), ("Heading 2", 10.5, 8, 0)):
        style = document.styles[name]
        style.font.size = Pt(size)
        style.font.color.rgb = RGBColor.from_string(_INK)
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
    for border in document.styles["Table Grid"].element.find(f".//{qn('w:tblBorders')}"):
        border.set(qn("w:color"), _RULE)


def saved(document: Any, title: str) -> bytes:
    """The file, with no time in it."""
    properties = document.core_properties
    for child in list(properties._element):
        properties._element.remove(child)
    properties.title = printable(title)[:255]
    properties.author = "patent-assistant"
    file = io.BytesIO()
    document.save(file)
    packed = io.BytesIO()
    with zipfile.ZipFile(file) as made, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in made.namelist():
            entry = zipfile.ZipInfo(name, _LONG_AGO)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, made.read(name))
    return packed.getvalue()
