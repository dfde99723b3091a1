"""The description of a US document, whatever its family calls the elements."""

import pytest
from lxml import etree

from ingest.build import SectionBuilder
from ingest.offices.us_description import Layout, add_description

LAYOUT = Layout(
    paragraphs=frozenset(("para",)),
    headings=frozenset(("head",)),
    parts=frozenset(("part", "DRWDESC", "BRFSUM")),
    number=lambda paragraph: paragraph.get("n") or "",
)


def sections(xml: str):
    parser = etree.XMLParser(resolve_entities=False)
    builder = SectionBuilder()
    add_description(etree.fromstring(f"<!DOCTYPE d SYSTEM 'd.dtd'><d>{xml}</d>", parser), builder, LAYOUT)
    return [(s.kind, s.heading, [(p.number, p.text) for p in s.paragraphs]) for s in builder.build()]


def test_paragraphs_under_headings_in_order():
    assert sections('<para n="1">A</para><head>SUMMARY</head><para n="2">B</para><para n="3">C</para>') == [
        ("description", "", [("1", "A")]),
        ("summary", "SUMMARY", [("2", "B"), ("3", "C")]),
    ]


@pytest.mark.parametrize(
    "xml",
    [
        '<DRWDESC><para n="1">A</para></DRWDESC><para n="2">B</para>',
        '<?DRWDESC end="lead"?><para n="1">A</para><?DRWDESC end="tail"?><part><para n="2">B</para></part>',
    ],
)
def test_a_part_or_an_instruction_marks_what_is_in_it(xml):
    assert sections(xml)[0] == ("drawings", "", [("1", "A"), ("2", "B")] if "tail" in xml or "</DRWDESC>" in xml else [])


def test_the_mark_around_a_part_holds_again_after_it():
    found = sections('<BRFSUM><para n="1">A</para><DRWDESC><para n="2">B</para></DRWDESC><para n="3">C</para></BRFSUM>')
    assert [(kind, [number for number, _ in paragraphs]) for kind, _, paragraphs in found] == [
        ("summary", ["1"]),
        ("drawings", ["2"]),
        ("summary", ["3"]),
    ]


def test_what_stands_between_the_paragraphs_is_not_lost():
    found = sections('a<part>b<para n="1">c</para>d</part>e<other>f<b>g</b></other>h&deg;i<?pi x?>j')
    assert [text for _, _, paragraphs in found for _, text in paragraphs] == ["a", "b", "c", "d", "e", "fg", "h", "&deg;", "i", "j"]


def test_blanks_make_no_paragraphs():
    assert sections(" \n<part> \t<para> </para>\n</part>\n") == []
