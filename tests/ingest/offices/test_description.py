"""The build that descriptions share: parts, headings, paragraphs, and what stands between them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from ingest.offices.description import sections_of


def read(xml: str, **options):
    sections = sections_of([etree.fromstring(xml)], **options)
    return [(s.heading, s.kind, [(p.number, p.text) for p in s.paragraphs]) for s in sections]


def test_paragraphs_stand_under_their_headings():
    assert read(
        "<description><p num='0001'>One.</p><heading>BACKGROUND <b>ART</b></heading><p num='0002'>Two.</p><p num='0003'>Three.</p></description>"
    ) == [("", "description", [("0001", "One.")]), ("BACKGROUND ART", "background", [("0002", "Two."), ("0003", "Three.")])]


def test_parts_have_the_kind_that_the_office_gives_them_and_end_where_they_end():
    xml = """<description><technical-field><p num="1">A.</p></technical-field>
      <summary-of-invention><p num="2">B.</p><advantageous-effects><p num="3">C.</p></advantageous-effects><p num="4">D.</p></summary-of-invention>
      <heading>Odd</heading><p num="5">E.</p></description>"""
    kinds = [(kind, number) for _, kind, paragraphs in read(xml) for number, _ in paragraphs]
    assert kinds == [("field", "1"), ("summary", "2"), ("summary", "3"), ("summary", "4"), ("summary", "5")]


def test_labels_are_the_headings_of_parts():
    xml = "<description><background-art><p num='1'>A.</p></background-art><best-mode><p num='2'>B.</p></best-mode></description>"
    assert read(xml, labels={"background-art": "背景技術"}) == [("背景技術", "background", [("1", "A.")]), ("", "description", [("2", "B.")])]


def test_an_unknown_wrapper_of_paragraphs_is_looked_into():
    assert read("<description><odd><heading>SUMMARY</heading><p num='7'>A.</p></odd><p num='8'>B.</p></description>") == [
        ("SUMMARY", "summary", [("7", "A."), ("8", "B.")])
    ]


def test_text_outside_of_paragraphs_is_a_paragraph():
    xml = "<description>Before <p num='0001'>one</p> between <ul><li>a</li><li>b</li></ul><p num='0002'>two</p> after</description>"
    assert read(xml) == [
        ("", "description", [("0000", "Before"), ("0001", "one"), ("0001a", "between"), ("0001b", "a\nb"), ("0002", "two"), ("0002a", "after")])
    ]


def test_the_repeated_title_and_the_drawings_are_left_out():
    assert read("<description><invention-title>T</invention-title><p num='1'>A.</p><drawings>x</drawings></description>") == [
        ("", "description", [("1", "A.")])
    ]


@pytest.mark.parametrize(
    ("attribute", "number"),
    [
        ("num='0042'", "0042"),
        ("num='n0042'", "0042"),
        ("num='００４２'", "0042"),
        ("num='【0042】'", "0042"),
        ("c:pNumber='0042' xmlns:c='urn:c'", "0042"),
        ("", "0000"),
        ("num=''", "0000"),
    ],
)
def test_numbers_of_paragraphs_however_they_are_written(attribute, number):
    assert read(f"<description><p {attribute}>A.</p></description>") == [("", "description", [(number, "A.")])]


def test_a_paragraph_that_is_a_heading_is_one():
    xml = "<description><p num='1'>背景技术</p><p num='2'>甲。</p></description>"
    assert read(xml, is_heading=lambda text: text == "背景技术") == [("背景技术", "background", [("2", "甲。")])]


def test_several_descriptions_follow_each_other():
    parts = [etree.fromstring(f"<description><p num='1'>{text}</p></description>") for text in "AB"]
    assert [p.number for s in sections_of(parts) for p in s.paragraphs] == ["1", "1a"]


names = st.sampled_from(["p", "heading", "technical-field", "disclosure", "odd", "ul", "b"])
trees = st.recursive(
    st.tuples(names, st.text("abc ", max_size=5), st.text("xyz ", max_size=3), st.just([])),
    lambda inner: st.tuples(names, st.text("abc ", max_size=5), st.text("xyz ", max_size=3), st.lists(inner, max_size=4)),
)


def build(tree) -> etree._Element:
    name, text, tail, parts = tree
    element = etree.Element(name)
    element.text, element.tail = text, tail
    for part in parts:
        add(element, part)
    return element


def add(parent: etree._Element, tree) -> None:
    """With a paragraph after each heading: one that has nothing under it is no section."""
    parent.append(build(tree))
    if tree[0] == "heading":
        etree.SubElement(parent, "p").text = "under it"


@given(st.lists(trees, max_size=5))
def test_no_letter_of_the_text_is_lost_or_moved(parts):
    root = etree.Element("description")
    for part in parts:
        add(root, part)
    found = "".join(s.heading + "".join(p.text for p in s.paragraphs) for s in sections_of([root]))
    assert "".join(found.split()) == "".join("".join(root.itertext()).split())
