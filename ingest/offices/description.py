"""The description of a document: paragraphs under headings in reading order, with nothing lost that stands between them.

For the XML of ST.36 (EPO, JPO, CNIPA) and ST.96, which name the same build differently.
"""

import unicodedata
from collections.abc import Callable, Iterable, Mapping

from lxml import etree

from ingest.build import SectionBuilder
from ingest.document import Section
from ingest.section_kind import kind_of_mark
from ingest.xml_text import local_name, readable

PARAGRAPHS = frozenset(("p", "P", "Paragraphs"))
HEADINGS = frozenset(("heading", "Heading"))
_LEFT_OUT = frozenset("invention-title InventionTitle drawings Drawings".split())
_DEPTH = 20
"""How deep parts are looked for in parts: below, a part is one paragraph."""


def sections_of(
    descriptions: Iterable[etree._Element],
    is_heading: Callable[[str], bool] = lambda text: False,
    labels: Mapping[str, str] | None = None,
) -> tuple[Section, ...]:
    """The sections of the descriptions, one after the other.

    `is_heading` tells the paragraphs that are nothing but a heading; `labels` has the headings that the office prints for
    the elements that are parts. The title, which documents repeat here, is left out.
    """
    builder = SectionBuilder()
    for description in descriptions:
        _add(description, builder, None, is_heading, labels or {}, 0)
    return builder.build()


def _add(
    parent: etree._Element, builder: SectionBuilder, kind: str | None, is_heading: Callable[[str], bool], labels: Mapping[str, str], depth: int
) -> None:
    builder.loose(parent.text)
    for child in parent:
        name = local_name(child)
        if name in PARAGRAPHS:
            text = readable(child)
            if is_heading(text):
                builder.heading(text)
            else:
                builder.paragraph(_number(child), text)
        elif name in HEADINGS:
            builder.heading(readable(child).replace("\n", " "))
        elif name and name not in _LEFT_OUT:
            part = kind_of_mark(name)
            if depth < _DEPTH and (part or any(local_name(c) in PARAGRAPHS or local_name(c) in HEADINGS for c in child)):
                builder.mark(part or kind)
                if name in labels:
                    builder.heading(labels[name])
                _add(child, builder, part or kind, is_heading, labels, depth + 1)
                builder.mark(kind)
            else:
                builder.paragraph("", readable(child))
        elif child.tag is etree.Entity:
            builder.loose(child.text)
        builder.loose(child.tail)


def _number(paragraph: etree._Element) -> str:
    """`0042` from `num="0042"`, `num="n0042"` (CNIPA), `pNumber="００４２"` (ST.96)."""
    number = str(paragraph.get("num") or next((value for key, value in paragraph.items() if str(key).endswith("}pNumber")), ""))
    if not number.isascii():
        number = unicodedata.normalize("NFKC", number)
    return number[1:] if number[:1] == "n" and number[1:2].isdigit() else number
