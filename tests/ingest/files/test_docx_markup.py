"""Word files: what Word shows arrives, what it does not show does not."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable

import docx
import pytest
from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.text.paragraph import Paragraph

from ingest.errors import ReadError
from ingest.files.docx_markup import prepare
from ingest.files.elements import blocks_of_docx
from ingest.printed.blocks import Block

MATH = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
DRAWING = (
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:v="urn:schemas-microsoft-com:vml"'
)


def saved(document: Document) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def blocks(document: Document) -> list[Block]:
    return blocks_of_docx(saved(document))


def texts(document: Document) -> list[str]:
    return [block.text for block in blocks(document)]


def add_xml(paragraph: Paragraph, xml: str) -> None:
    paragraph._p.append(parse_xml(xml))


def run(text: str, properties: str = "") -> str:
    return f'<w:r {nsdecls("w")}><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def test_superscripts_and_subscripts_are_written_in_unicode() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("H")
    paragraph.add_run("2").font.subscript = True
    paragraph.add_run("O at 10")
    paragraph.add_run("-").font.superscript = True
    paragraph.add_run("3").font.superscript = True
    paragraph.add_run(" mol, v")
    paragraph.add_run("ma").font.subscript = True
    paragraph.add_run("x,y").font.subscript = True
    paragraph.add_run(" of Brand")
    paragraph.add_run("®").font.superscript = True
    assert texts(document) == ["H₂O at 10⁻³ mol, v_{max,y} of Brand®"]


def test_a_run_of_one_blank_stays() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph()
    for text in ("a", " ", "pump"):
        paragraph.add_run(text)
    assert texts(document) == ["a pump"]


def test_tracked_changes_are_accepted() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("A pump ")
    add_xml(paragraph, f'<w:ins {nsdecls("w")} w:id="1" w:author="a">{run("with a seal")}</w:ins>')
    add_xml(paragraph, f'<w:del {nsdecls("w")} w:id="2" w:author="a"><w:r><w:delText>and a leak</w:delText></w:r></w:del>')
    add_xml(paragraph, f'<w:moveFrom {nsdecls("w")} w:id="3" w:author="a">{run(" moved away")}</w:moveFrom>')
    add_xml(paragraph, f'<w:moveTo {nsdecls("w")} w:id="4" w:author="a">{run(" moved here")}</w:moveTo>')
    assert texts(document) == ["A pump with a seal moved here"]


def test_a_deleted_end_of_paragraph_joins_the_paragraphs() -> None:
    document = docx.Document()
    first = document.add_paragraph("A housing")
    first._p.get_or_add_pPr().append(parse_xml(f'<w:rPr {nsdecls("w")}><w:del w:id="1" w:author="a"/></w:rPr>'))
    document.add_paragraph(" and an impeller")
    assert texts(document) == ["A housing and an impeller"]


def test_a_deleted_row_is_gone() -> None:
    document = docx.Document()
    table = document.add_table(2, 2)
    for row, words in zip(table.rows, (("a", "b"), ("c", "d")), strict=True):
        for cell, word in zip(row.cells, words, strict=True):
            cell.text = word
    table.rows[1]._tr.get_or_add_trPr().append(parse_xml(f'<w:del {nsdecls("w")} w:id="1" w:author="a"/>'))
    assert blocks(document) == [Block("table", "a | b")]


def test_hidden_text_is_not_shown() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("seen")
    add_xml(paragraph, run(" unseen", "<w:vanish/>"))
    add_xml(paragraph, run(" shown", '<w:vanish w:val="0"/>'))
    assert texts(document) == ["seen shown"]


@pytest.mark.parametrize(
    "wrapper",
    [
        "<w:sdt {ns}><w:sdtPr/><w:sdtContent>{run}</w:sdtContent></w:sdt>",
        '<w:hyperlink {ns} w:anchor="x">{run}</w:hyperlink>',
        '<w:smartTag {ns} w:element="x">{run}</w:smartTag>',
        '<w:fldSimple {ns} w:instr="REF x">{run}</w:fldSimple>',
        '<w:customXml {ns} w:element="x"><w:sdt><w:sdtContent>{run}</w:sdtContent></w:sdt></w:customXml>',
        "<w:r {ns}><w:ruby><w:rt><w:r><w:t>pinyin</w:t></w:r></w:rt><w:rubyBase>{run}</w:rubyBase></w:ruby></w:r>",
    ],
)
def test_wrapped_runs_are_read(wrapper: str) -> None:
    document = docx.Document()
    add_xml(document.add_paragraph("a "), wrapper.format(ns=nsdecls("w"), run=run("pump")))
    assert texts(document) == ["a pump"]


def test_a_content_control_round_whole_paragraphs() -> None:
    document = docx.Document()
    document.add_paragraph("before")
    body = document.element.body
    body.insert(1, parse_xml(f"<w:sdt {nsdecls('w')}><w:sdtContent><w:p>{run('inside')}</w:p></w:sdtContent></w:sdt>"))
    assert texts(document) == ["before", "inside"]


def test_symbols() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("5 ")
    add_xml(paragraph, f'<w:r {nsdecls("w")}><w:sym w:font="Symbol" w:char="F06D"/></w:r>')
    add_xml(paragraph, f'<w:r {nsdecls("w")}><w:t>m, </w:t><w:sym w:font="Symbol" w:char="F0B3"/><w:noBreakHyphen/><w:sym w:char="zz"/></w:r>')
    assert texts(document) == ["5 μm, ≥-"]


def test_a_formula_stands_where_it_is() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("with ")
    add_xml(
        paragraph,
        f"<m:oMathPara {MATH}><m:oMath><m:r><m:t>V=</m:t></m:r><m:f><m:num><m:r><m:t>a+b</m:t></m:r></m:num>"
        "<m:den><m:r><m:t>c</m:t></m:r></m:den></m:f></m:oMath></m:oMathPara>",
    )
    add_xml(paragraph, run("volts"))
    assert texts(document) == ["with V=(a+b)/c volts"]


def text_box(text: str) -> str:
    return f"<w:txbxContent><w:p>{run(text)}</w:p></w:txbxContent>"


def test_a_text_box_follows_its_paragraph_once() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("the text")
    add_xml(
        paragraph,
        f'<w:r {nsdecls("w")} {DRAWING}><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:anchor><wps:txbx>{text_box("in a box")}'
        f"</wps:txbx></wp:anchor></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>{text_box('in a box')}</v:textbox></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r>",
    )
    add_xml(paragraph, f"<w:r {nsdecls('w')} {DRAWING}><w:pict><v:textbox>{text_box('old box')}</v:textbox></w:pict></w:r>")
    document.add_paragraph("after")
    assert texts(document) == ["the text", "in a box", "old box", "after"]


def numbered(document: Document, levels: str, text: str = "lvlText", start: str = "") -> str:
    """Adds a numbering definition; its id."""
    numbering = document.part.numbering_part.element
    numbering.insert(0, parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="77">{levels}</w:abstractNum>'))
    numbering.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="77"><w:abstractNumId w:val="77"/></w:num>'))
    return "77"


def add_numbered(document: Document, text: str, number: str, level: int = 0) -> None:
    paragraph = document.add_paragraph(text)
    paragraph._p.get_or_add_pPr().append(parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'))


LEVELS = (
    '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="{}"/></w:lvl>'
    '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%2)"/></w:lvl>'
)


@pytest.mark.parametrize(("pattern", "shown"), [("%1.", "1."), ("Claim %1.", "Claim 1."), ("[000%1]", "[0001]"), ("%1", "1."), ("%1、", "1、")])
def test_automatic_numbers_are_in_the_text(pattern: str, shown: str) -> None:
    document = docx.Document()
    number = numbered(document, LEVELS.format(pattern))
    add_numbered(document, "A pump comprising:", number)
    add_numbered(document, "a housing.", number, level=1)
    assert texts(document) == [f"{shown} A pump comprising:", "a) a housing."]


def test_automatic_numbers_go_on_over_a_page_break_and_deleted_paragraphs_have_none() -> None:
    document = docx.Document()
    number = numbered(document, LEVELS.format("%1."))
    add_numbered(document, "A pump", number)
    document.paragraphs[0]._p.append(parse_xml(f"<w:r {nsdecls('w')}><w:lastRenderedPageBreak/><w:t xml:space='preserve'> with a seal.</w:t></w:r>"))
    add_numbered(document, "The pump of claim 1.", number)
    assert texts(document) == ["1. A pump with a seal.", "2. The pump of claim 1."]


def test_a_list_style_lends_its_levels() -> None:
    document = docx.Document()
    numbering = document.part.numbering_part.element
    link = f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{{}}"><w:{{}} w:val="ClaimList"/>{{}}</w:abstractNum>'
    numbering.insert(0, parse_xml(link.format("80", "numStyleLink", "")))
    numbering.insert(0, parse_xml(link.format("81", "styleLink", LEVELS.format("%1."))))
    numbering.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="80"><w:abstractNumId w:val="80"/></w:num>'))
    add_numbered(document, "A pump.", "80")
    assert texts(document) == ["1. A pump."]


def test_headings_by_style_by_outline_level_and_by_what_a_style_is_based_on() -> None:
    document = docx.Document()
    document.add_heading("A Pump", 0)
    document.add_heading("BACKGROUND", 1)
    style = document.styles.add_style("Patent Section", 1)
    style.base_style = document.styles["Heading 2"]
    document.add_paragraph("Summary of it", style=style)
    level = document.add_paragraph("Drawings of it")
    level._p.get_or_add_pPr().append(parse_xml(f'<w:outlineLvl {nsdecls("w")} w:val="1"/>'))
    body = document.add_paragraph("plain", style=style)
    body._p.get_or_add_pPr().append(parse_xml(f'<w:outlineLvl {nsdecls("w")} w:val="9"/>'))
    assert [block.kind for block in blocks(document)][:4] == ["heading"] * 4
    assert blocks(document)[2].text == "Summary of it"


def test_line_breaks_separate_the_lines_of_a_paragraph_and_not_those_of_a_heading() -> None:
    document = docx.Document()
    heading = document.add_heading("A pump", 1)
    heading.add_run().add_break()
    heading.add_run("with a seal")
    paragraph = document.add_paragraph("1. A pump comprising:")
    paragraph.add_run().add_break()
    paragraph.add_run("a housing.")
    assert texts(document) == ["A pump with a seal", "1. A pump comprising:", "a housing."]


def test_what_begins_like_a_bullet_and_single_characters_stay() -> None:
    document = docx.Document()
    for text in ("– 5 °C is cold", "- CH", "• a dot", "x", "e is a number"):
        document.add_paragraph(text)
    assert texts(document) == ["– 5 °C is cold", "- CH", "• a dot", "x", "e is a number"]


def test_tables_merged_cells_and_frames() -> None:
    document = docx.Document()
    table = document.add_table(2, 2)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "both"
    table.cell(1, 0).text, table.cell(1, 1).text = "x", "y"
    table.cell(1, 0).paragraphs[0].add_run("2").font.subscript = True
    frame = document.add_table(1, 1)
    frame.cell(0, 0).text = "in a frame"
    frame.cell(0, 0).add_paragraph("two")
    assert blocks(document) == [Block("table", "both\nx₂ | y"), Block("paragraph", "in a frame"), Block("paragraph", "two")]


def with_notes(document: Document) -> bytes:
    """The file with a part of footnotes, which python-docx does not make."""
    cubed = run("3", '<w:vertAlign w:val="superscript"/>')
    notes = (
        f"<w:footnotes {nsdecls('w')}>"
        '<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:t>---</w:t></w:r></w:p></w:footnote>'
        f'<w:footnote w:id="2"><w:p><w:r><w:footnoteRef/></w:r>{run("The first")}</w:p><w:p>{run("note.")}</w:p></w:footnote>'
        f'<w:footnote w:id="5"><w:p>{run("The second, 10")}{cubed}{run(".")}</w:p></w:footnote>'
        "</w:footnotes>"
    )
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(saved(document))) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            data = old.read(name).decode("utf-8", "surrogateescape")
            if name == "[Content_Types].xml":
                kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
                data = data.replace("</Types>", f'<Override PartName="/word/footnotes.xml" ContentType="{kind}"/></Types>')
            if name == "word/_rels/document.xml.rels":
                kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
                data = data.replace("</Relationships>", f'<Relationship Id="rId99" Type="{kind}" Target="footnotes.xml"/></Relationships>')
            new.writestr(name, data.encode("utf-8", "surrogateescape"))
        new.writestr("word/footnotes.xml", notes)
    return made.getvalue()


def test_notes_are_numbered_and_come_last() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("A pump")
    for identity in ("5", "2", "9"):
        add_xml(paragraph, f'<w:r {nsdecls("w")}><w:footnoteReference w:id="{identity}"/></w:r>')
    document.add_paragraph("The end.")
    found = blocks_of_docx(with_notes(document))
    assert [b.text for b in found] == ["A pump¹²", "The end.", "Notes", "1 The second, 10³.", "2 The first note."]
    assert found[2].kind == "heading"


def test_headers_and_footers_are_not_text() -> None:
    document = docx.Document()
    document.add_paragraph("the text")
    document.sections[0].header.paragraphs[0].text = "Docket 12"
    document.sections[0].footer.paragraphs[0].text = "Page 1"
    assert texts(document) == ["the text"]


def pixel() -> bytes:
    """A PNG image of one pixel."""
    chunks = ((b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)), (b"IDAT", zlib.compress(b"\0\0")), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(struct.pack(">I", len(d)) + n + d + struct.pack(">I", zlib.crc32(n + d)) for n, d in chunks)


def test_images_are_not_carried_along() -> None:
    document = docx.Document()
    document.add_paragraph("the text")
    document.add_picture(io.BytesIO(pixel()))
    with zipfile.ZipFile(io.BytesIO(prepare(saved(document)))) as archive:
        assert not any(name.startswith("word/media") for name in archive.namelist())
    assert texts(document) == ["the text"]


def broken_part(document: Document) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(saved(document))) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            new.writestr(name, b"<w:document" if name == "word/document.xml" else old.read(name))
    return made.getvalue()


def empty_zip(document: Document) -> bytes:
    made = io.BytesIO()
    zipfile.ZipFile(made, "w").close()
    return made.getvalue()


@pytest.mark.parametrize(
    "damage", [broken_part, empty_zip, lambda document: b"PK\x03\x04 no", lambda document: b"", lambda document: saved(document)[:900]]
)
def test_a_broken_file_is_an_error(damage: Callable[[Document], bytes]) -> None:
    document = docx.Document()
    document.add_paragraph("text")
    with pytest.raises(ReadError, match="Word"):
        blocks_of_docx(damage(document))


def test_a_relationship_without_a_type_is_an_error() -> None:
    document = docx.Document()
    document.add_paragraph("text")
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(saved(document))) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, data.replace(b" Type=", b" Kind=", 1) if name == "word/_rels/document.xml.rels" else data)
    with pytest.raises(ReadError, match="Word"):
        blocks_of_docx(made.getvalue())


def test_a_file_without_text_is_an_error() -> None:
    with pytest.raises(ReadError, match="no text"):
        blocks(docx.Document())


def test_a_file_that_unpacks_to_too_much_is_refused() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("word/document.xml", "w", force_zip64=True) as member:
        for _ in range(260):
            member.write(bytes(1 << 20))
    with pytest.raises(ReadError, match="256 MiB"):
        blocks_of_docx(made.getvalue())


def test_deep_nesting_ends() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("a ")
    inner = run("pump")
    for _ in range(80):
        inner = f"<w:smartTag {nsdecls('w')} w:element='x'>{inner}</w:smartTag>"
    add_xml(paragraph, inner)
    assert texts(document) == ["a pump"]
    assert qn("w:p") == paragraph._p.tag
