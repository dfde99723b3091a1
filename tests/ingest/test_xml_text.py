"""XML as a person reads it on the page."""

import pytest
from lxml import etree

from ingest.errors import ReadError
from ingest.xml_text import children, first, parse_xml, plain, readable, tidy


@pytest.mark.parametrize(
    ("xml", "text"),
    [
        ("<p>10<sup>-3</sup> m<sup>2</sup></p>", "10⁻³ m²"),
        ("<p>H<sub>2</sub>O and CO<sub>2</sub></p>", "H₂O and CO₂"),
        ("<p>k<sub>off</sub> and K<sub>D</sub></p>", "k_{off} and K_D"),
        ("<p>x<sup>AB</sup> y<sup>Q</sup></p>", "x^{AB} y^Q"),
        ("<p>a\n   line\tbreak</p>", "a line break"),
        ("<p>one<br/>two</p>", "one two"),
        ("<p>the <b>10</b> <i>pump</i>, and</p>", "the 10 pump, and"),
        (
            "<claim><claim-text>A pump:<claim-text>a seal; and</claim-text><claim-text>a shaft.</claim-text></claim-text></claim>",
            "A pump:\na seal; and\na shaft.",
        ),
        ("<p>before <!-- page 10 --> after</p>", "before after"),
        ("<p>前一行<br/>后一行 <!-- SIPO <DP n='10'> --> 再一行</p>", "前一行后一行再一行"),
        ("<p>see <img file='a.tif'/> here</p>", "see here"),
        (
            "<tables><table><tgroup><colspec/><tbody><row><entry>Name</entry><entry>Value</entry></row><row><entry>a</entry><entry>1</entry></row>"
            "</tbody></tgroup></table></tables>",
            "Name | Value\na | 1",
        ),
        ("<p>if <maths><math><mrow><mi>a</mi><mo>=</mo><mn>2</mn></mrow></math></maths> then</p>", "if a=2 then"),
        ("<p>list<ul><li>one</li><li>two</li></ul>end</p>", "list\none\ntwo\nend"),
        ("<p>kept<?PI dropped?> too</p>", "kept too"),
        ("<p/>", ""),
    ],
)
def test_the_text_as_it_reads_on_the_page(xml, text):
    assert readable(parse_xml(xml.encode())) == text


def test_nothing_is_nothing():
    assert readable(None) == ""
    assert plain(None) == ""
    assert list(children(None, "a")) == []


def test_names_are_found_in_any_namespace():
    root = parse_xml(b'<r xmlns:b="urn:x"><b:a><b:n> one  two </b:n></b:a><a><n>three</n></a></r>')
    assert [plain(e) for e in children(root, "a", "n")] == ["one two", "three"]
    assert plain(root, "a", "n") == "one two"
    assert first(root, "missing") is None


def test_white_space_between_chinese_characters_is_of_the_page_and_not_of_the_text():
    assert tidy("一种 泵，  包括 a seal 和\n\n 叶轮") == "一种泵，包括 a seal 和\n叶轮"


def test_broken_xml_is_an_error_that_names_the_line():
    with pytest.raises(ReadError, match="line 3"):
        parse_xml(b"<?xml version='1.0'?>\n<a>\n<b></a>")
    with pytest.raises(ReadError):
        parse_xml(b"")


def test_no_entity_is_expanded_and_no_file_is_read():
    source = b'<!DOCTYPE p [<!ENTITY inner "expanded"><!ENTITY outer SYSTEM "file:///etc/passwd">]><p>a &inner; b &outer; c</p>'
    text = readable(parse_xml(source))
    assert "root:" not in text
    assert "expanded" not in text
    assert text.startswith("a ")
    assert text.endswith(" c")


def test_the_characters_of_references_are_text():
    assert readable(parse_xml(b"<p>5 &lt; 6 &amp; &#x3b1;&#945;</p>")) == "5 < 6 & αα"
    assert isinstance(parse_xml(b"<p/>"), etree._Element)
