"""The description of a US document, in any XML of the USPTO: paragraphs under headings in reading order, and what stands between them."""

from collections.abc import Callable
from dataclasses import dataclass

from lxml import etree

from ingest.build import SectionBuilder
from ingest.section_kind import kind_of_mark
from ingest.xml_text import readable


@dataclass(frozen=True)
class Layout:
    """What the family calls its elements: paragraphs, headings, and parts that hold them; how it numbers a paragraph."""

    paragraphs: frozenset[str]
    headings: frozenset[str]
    parts: frozenset[str]
    number: Callable[[etree._Element], str]


def add_description(description: etree._Element, builder: SectionBuilder, layout: Layout) -> None:
    """Adds what the element holds. Parts, and processing instructions with `end="lead"`, mark what kind the sections are."""
    mark: str | None = None
    open_parts = [(iter(description), description, mark)]
    builder.loose(description.text)
    while open_parts:
        blocks, part, outer_mark = open_parts[-1]
        for block in blocks:
            tag = block.tag
            if tag in layout.paragraphs:
                builder.paragraph(layout.number(block), readable(block))
            elif tag in layout.headings:
                builder.heading(readable(block).replace("\n", " "))
            elif tag in layout.parts:
                open_parts.append((iter(block), block, mark))
                mark = kind_of_mark(str(tag)) or mark
                builder.mark(mark)
                builder.loose(block.text)
                break
            elif isinstance(tag, str):
                builder.paragraph("", readable(block))
            elif isinstance(block, etree._ProcessingInstruction):
                if kind := kind_of_mark(block.target or ""):
                    mark = kind if 'end="lead"' in (block.text or "") else None
                    builder.mark(mark)
            elif tag is etree.Entity:
                builder.loose(block.text)
            builder.loose(block.tail)
        else:
            open_parts.pop()
            if open_parts:
                mark = outer_mark
                builder.mark(mark)
                builder.loose(part.tail)
