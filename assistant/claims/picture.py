"""The claim tree as a picture: independent claims at the left, what depends on them to the right, as SVG and as PNG.

The width is bounded. Trees stand beside each other where they fit; a tall picture has the claims without dependents of their own in rows, under
one line from the claim that they depend on. The PNG is drawn by pdfium, whose own fonts are Latin: subjects in other scripts are not in it.
"""

import struct
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium
from lxml import etree

from assistant.claims.finding import Severity
from assistant.claims.labels import LABELS
from assistant.claims.tree import Node
from assistant.pages.printable import printable

WIDTH = 960
"""Points, as every measure here."""
_WIDE, _HIGH, _STEP, _ROW, _CELL = 34, 18, 66, 26, 42
_TALL = 640
"""A picture that is higher has claims in rows."""
_GAP, _MARGIN, _TITLE = 28, 6, 20
_COLUMNS = 4
_DRAWN = 3
"""A claim that depends on more than these has no lines to the others: with "any of claims 1 to 20" in each claim, a picture is black with them."""
_LATIN, _EAST, _DIGIT = 6.2, 11.5, 6.12
"""Widths of characters in 11 point: at most, and of a digit in Helvetica."""
_MOST_PIXELS = 12_000_000
_INK, _LINE, _FAINT, _PAPER = "#1f2933", "#52606d", "#9aa5b1", "#ffffff"
_SEVERITY: Mapping[Severity, str] = {"error": "#b42318", "warning": "#b26b00", "note": "#52606d"}
Point = tuple[float, float]


@dataclass
class Picture:
    """Where everything stands: the middle of each claim's left edge, lines as corners, curves as the two ends."""

    width: float = 0
    height: float = 0
    places: dict[int, Point] = field(default_factory=dict)
    titles: dict[int, Point] = field(default_factory=dict)
    lines: list[list[Point]] = field(default_factory=list)
    curves: list[tuple[Point, Point]] = field(default_factory=list)
    column: float = WIDTH


def svg(nodes: Sequence[Node], language: str = "en", marks: Mapping[int, Severity] | None = None) -> str:
    """The tree as an SVG element; a claim's number is a link to `#c` and the number. `marks` are the most severe findings of claims."""
    words, marks = LABELS[language], marks or {}
    picture = layout(nodes)
    root = etree.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "class": "tree",
            "viewBox": f"0 0 {_n(picture.width)} {_n(picture.height)}",
            "width": _n(picture.width),
            "height": _n(picture.height),
        },
    )
    root.set("role", "img")
    root.set("aria-label", words["tree"])
    root.set("font-family", "sans-serif")
    root.set("font-size", "11")
    for corners in picture.lines:
        etree.SubElement(root, "polyline", points=" ".join(f"{_n(x)},{_n(y)}" for x, y in corners), fill="none", stroke=_LINE)
    for (x1, y1), (x2, y2) in picture.curves:
        bulge = _bulge(y1, y2)
        path = f"M{_n(x1)},{_n(y1)}C{_n(x1 + bulge)},{_n(y1)} {_n(x2 + bulge)},{_n(y2)} {_n(x2)},{_n(y2)}"
        etree.SubElement(root, "path", {"d": path, "fill": "none", "stroke": _FAINT, "stroke-dasharray": "3 2"})
    for node in nodes:
        _draw_node(root, node, picture, words, marks)
    drawn: str = etree.tostring(root, encoding="unicode")
    return drawn


def _draw_node(root: Any, node: Node, picture: Picture, words: Mapping[str, str], marks: Mapping[int, Severity]) -> None:
    x, y = picture.places[node.number]
    first = node.number in picture.titles
    link = etree.SubElement(root, "a", {"href": f"#c{node.number}", "class": node.kind})
    etree.SubElement(link, "title").text = printable(_tooltip(node, words))
    frame = {"x": _n(x), "y": _n(y - _HIGH / 2), "width": _n(_WIDE), "height": _n(_HIGH), "stroke": _INK}
    frame |= {"fill": _INK if first else _PAPER} | ({"stroke-dasharray": "3 2"} if node.kind == "multiple" else {}) | ({} if first else {"rx": "4"})
    etree.SubElement(link, "rect", frame)
    number = etree.SubElement(link, "text", {"x": _n(x + _WIDE / 2), "y": _n(y + 4), "text-anchor": "middle", "fill": _PAPER if first else _INK})
    number.text = str(node.number)
    if severity := marks.get(node.number):
        dot = {"cx": _n(x + _WIDE), "cy": _n(y - _HIGH / 2), "r": "3.5", "fill": _SEVERITY[severity], "class": severity}
        etree.SubElement(link, "circle", dot)
    if first:
        at = picture.titles[node.number]
        title = etree.SubElement(root, "text", {"x": _n(at[0]), "y": _n(at[1]), "fill": _LINE, "class": "subject"})
        title.text = _cut(printable(node.subject), picture.column)


def _tooltip(node: Node, words: Mapping[str, str]) -> str:
    parents = f", {words['depends_on']} {', '.join(map(str, node.parents))}" if node.parents else ""
    return f"{words['claim']} {node.number}{parents}{words['colon']}{node.subject}"


def _cut(text: str, width: float) -> str:
    """The text as far as it fits."""
    if _width(text) <= width:
        return text
    while text and _width(text) + _EAST > width:
        text = text[:-1]
    return text + "…"


def _width(text: str) -> float:
    return sum(_EAST if ord(character) > 0x2E7F else _LATIN for character in text)


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _bulge(y1: float, y2: float) -> float:
    return 12 + min(36.0, abs(y2 - y1) / 4)


def layout(nodes: Sequence[Node]) -> Picture:
    """Each claim under the first that it depends on."""
    below: dict[int, list[int]] = {}
    for node in nodes:
        if node.parents:
            below.setdefault(node.parents[0], []).append(node.number)
    roots = [n.number for n in nodes if not n.parents]
    depth = _depth(nodes)
    columns = max(1, min(_COLUMNS, len(roots), int((WIDTH + _GAP) / (depth * _STEP + _WIDE + _GAP + 12))))
    picture = _placed(roots, below, depth, columns, in_rows=False)
    if picture.height > _TALL:
        picture = _placed(roots, below, depth, columns, in_rows=True)
    numbers = set(picture.places)
    for node in nodes:
        if 1 < len(node.parents) <= _DRAWN:
            x, y = picture.places[node.number]
            for parent in node.parents[1:]:
                if parent in numbers:
                    px, py = picture.places[parent]
                    picture.curves.append(((px + _WIDE, py), (x + _WIDE, y)))
    ends = [x + _WIDE for x, _ in picture.places.values()] + [x + _bulge(y1, y2) for (x, y1), (_, y2) in picture.curves]
    titles = {n.number: picture.titles[n.number][0] + _width(_cut(printable(n.subject), picture.column)) for n in nodes if n.number in picture.titles}
    picture.width = max([*ends, *titles.values()], default=0.0) + _MARGIN
    return picture


def _depth(nodes: Sequence[Node]) -> int:
    """Of the deepest claim below the first that each depends on: the chains of others are not drawn as levels."""
    levels: dict[int, int] = {}
    for node in sorted(nodes, key=lambda n: n.number):
        levels[node.number] = levels[node.parents[0]] + 1 if node.parents else 0
    return max(levels.values(), default=0)


def _placed(roots: Sequence[int], below: Mapping[int, Sequence[int]], depth: int, columns: int, in_rows: bool) -> Picture:
    """The trees one under the other, in columns of about the same height."""
    picture = Picture(column=WIDTH / columns - _GAP)
    step = min(_STEP, (picture.column - _WIDE) / depth) if depth else _STEP
    heights = [_tree(Picture(column=picture.column), root, below, step, 0, 0, in_rows) for root in roots]
    column, y = 0, float(_MARGIN)
    target = sum(heights) / columns
    for root, height in zip(roots, heights, strict=True):
        if column + 1 < columns and y > _MARGIN and y + height / 2 > target:
            column, y = column + 1, float(_MARGIN)
        y = _tree(picture, root, below, step, _MARGIN + column * (picture.column + _GAP), y, in_rows)
        picture.height = max(picture.height, y)
    return picture


@dataclass(frozen=True)
class _Row:
    """Claims beside each other at a level of the tree, and whether they stand in the row of the claim above."""

    numbers: tuple[int, ...]
    level: int
    parent: int = 0
    beside: bool = False


def _tree(picture: Picture, root: int, below: Mapping[int, Sequence[int]], step: float, left: float, top: float, in_rows: bool) -> float:
    """Draws one tree below its title; returns where it ends. A chain too deep for boxes beside each other goes down a row with each."""
    picture.titles[root] = (left, top + 11)
    y = top + _TITLE - _ROW / 2
    beside = step >= _WIDE + 16
    waiting = [_Row((root,), 0)]
    while waiting:
        row = waiting.pop()
        y += 0 if row.beside else _ROW
        x = left + row.level * step
        for i, number in enumerate(row.numbers):
            picture.places[number] = (x + i * _CELL, y)
        if row.parent:
            picture.lines += _joins(picture.places, row, beside)
        most = max(1, int((picture.column - (row.level + 1) * step - _WIDE) / _CELL) + 1) if in_rows else 1
        for number in row.numbers[:1] if len(row.numbers) == 1 else ():
            rows = list(_rows(below.get(number, ()), below, most))
            made = [_Row(numbers, row.level + 1, number, beside and i == 0) for i, numbers in enumerate(rows)]
            waiting += reversed(made)
    return y + _ROW / 2 + 10


def _rows(numbers: Sequence[int], below: Mapping[int, Sequence[int]], most: int) -> Iterator[tuple[int, ...]]:
    """In their order, those with dependents of their own alone, the others together, at most `most`."""
    row: list[int] = []
    for number in numbers:
        if row and (number in below or row[-1] in below or len(row) == most):
            yield tuple(row)
            row = []
        row.append(number)
    if row:
        yield tuple(row)


def _joins(places: Mapping[int, Point], row: _Row, beside: bool) -> Iterator[list[Point]]:
    """The lines from a claim to a row that depends on it: into the left edge of one, over the heads of several."""
    px, py = places[row.parent]
    trunk = (px + _WIDE + 8, py) if beside else (px + 4, py + _HIGH / 2)
    start = [(px + _WIDE, py), trunk] if beside else [trunk]
    x, y = places[row.numbers[0]]
    if len(row.numbers) == 1:
        yield [*start, (trunk[0], y), (x, y)]
        return
    bar = y - _HIGH / 2 - 4
    yield [*start, (trunk[0], bar), (places[row.numbers[-1]][0] + _WIDE / 2, bar)]
    for number in row.numbers:
        middle = places[number][0] + _WIDE / 2
        yield [(middle, bar), (middle, y - _HIGH / 2)]


def png(nodes: Sequence[Node], marks: Mapping[int, Severity] | None = None, scale: float = 2.0) -> bytes:
    """The tree as a PNG of `scale` pixels a point, or fewer where that would be too large. The type is Helvetica, which pdfium has with it."""
    picture, marks = layout(nodes), marks or {}
    scale = min(scale, (_MOST_PIXELS / (picture.width * picture.height or 1)) ** 0.5)
    document = pypdfium2.PdfDocument.new()
    try:
        page = document.new_page(picture.width, picture.height)
        _draw_page(page, document, nodes, picture, marks)
        pixels = page.render(scale=scale, rev_byteorder=True).to_numpy()[:, :, :3]
    finally:
        document.close()
    height, width = pixels.shape[:2]
    rows = b"".join(b"\0" + pixels[i].tobytes() for i in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    dots = struct.pack(">IIB", round(scale * 72 / 0.0254), round(scale * 72 / 0.0254), 1)
    chunks = ((b"IHDR", header), (b"pHYs", dots), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(struct.pack(">I", len(d)) + n + d + struct.pack(">I", zlib.crc32(n + d)) for n, d in chunks)


def _draw_page(page: Any, document: Any, nodes: Sequence[Node], picture: Picture, marks: Mapping[int, Severity]) -> None:
    def up(point: Point) -> Point:
        return point[0], picture.height - point[1]

    for corners in picture.lines:
        shape = pdfium.FPDFPageObj_CreateNewPath(*up(corners[0]))
        for corner in corners[1:]:
            pdfium.FPDFPath_LineTo(shape, *up(corner))
        _insert(page, shape, stroke=_LINE)
    for (x1, y1), (x2, y2) in picture.curves:
        shape = pdfium.FPDFPageObj_CreateNewPath(*up((x1, y1)))
        bulge = _bulge(y1, y2)
        pdfium.FPDFPath_BezierTo(shape, *up((x1 + bulge, y1)), *up((x2 + bulge, y2)), *up((x2, y2)))
        _insert(page, shape, stroke=_FAINT, dashed=True)
    for node in nodes:
        x, y = picture.places[node.number]
        first = node.number in picture.titles
        shape = pdfium.FPDFPageObj_CreateNewRect(*up((x, y + _HIGH / 2)), _WIDE, _HIGH)
        _insert(page, shape, stroke=_INK, fill=_INK if first else _PAPER, dashed=node.kind == "multiple")
        number = str(node.number)
        _write(page, document, number, up((x + _WIDE / 2 - len(number) * _DIGIT / 2, y + 4)), _PAPER if first else _INK)
        if first and node.subject.isascii():
            _write(page, document, _cut(printable(node.subject), picture.column), up(picture.titles[node.number]), _LINE)
        if severity := marks.get(node.number):
            dot = pdfium.FPDFPageObj_CreateNewRect(*up((x + _WIDE - 3, y - _HIGH / 2 + 3)), 6, 6)
            _insert(page, dot, fill=_SEVERITY[severity])
    pdfium.FPDFPage_GenerateContent(page)


def _insert(page: Any, shape: Any, stroke: str = "", fill: str = "", dashed: bool = False) -> None:
    if stroke:
        pdfium.FPDFPageObj_SetStrokeColor(shape, *_rgb(stroke), 255)
        pdfium.FPDFPageObj_SetStrokeWidth(shape, 1.0)
    if fill:
        pdfium.FPDFPageObj_SetFillColor(shape, *_rgb(fill), 255)
    if dashed:
        pdfium.FPDFPageObj_SetDashArray(shape, (pdfium.c_float * 2)(3.0, 2.0), 2, 0.0)
    pdfium.FPDFPath_SetDrawMode(shape, pdfium.FPDF_FILLMODE_WINDING if fill else pdfium.FPDF_FILLMODE_NONE, bool(stroke))
    pdfium.FPDFPage_InsertObject(page, shape)


def _write(page: Any, document: Any, written: str, at: Point, colour: str) -> None:
    text = pdfium.FPDFPageObj_NewTextObj(document, b"Helvetica", 11.0)
    pdfium.FPDFText_SetText(text, (pdfium.FPDF_WCHAR * (len(written) + 1))(*map(ord, written), 0))
    pdfium.FPDFPageObj_Transform(text, 1, 0, 0, 1, *at)
    pdfium.FPDFPageObj_SetFillColor(text, *_rgb(colour), 255)
    pdfium.FPDFPage_InsertObject(page, text)


def _rgb(colour: str) -> tuple[int, int, int]:
    red, green, blue = bytes.fromhex(colour[1:])
    return red, green, blue
