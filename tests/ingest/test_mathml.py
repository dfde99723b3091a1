"""MathML as a line of text: known formulas, real ones, and whatever an element may hold."""

import re
import time
import unicodedata
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from ingest.mathml import linear, script

INVISIBLE = {chr(code) for code in range(0x2061, 0x2065)}


def line(inside: str) -> str:
    return linear(etree.fromstring(f"<math>{inside}</math>", etree.XMLParser(huge_tree=True)))


@pytest.mark.parametrize(
    ("xml", "text"),
    [
        ("<mi>a</mi><mo>=</mo><mn>2</mn>", "a=2"),
        ("<mfrac><mn>1</mn><mn>2</mn></mfrac>", "1/2"),
        ("<mfrac><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow><mn>2</mn></mfrac>", "(a+b)/2"),
        ("<mfrac><mi>a</mi><mrow><mi>b</mi><mo>\u2062</mo><mi>c</mi></mrow></mfrac>", "a/(bc)"),
        ("<mfrac><mfrac><mi>a</mi><mi>b</mi></mfrac><mi>c</mi></mfrac>", "(a/b)/c"),
        ("<mi>V</mi><mo>=</mo><mfrac><mn>4</mn><mn>3</mn></mfrac><mi>π</mi><msup><mi>r</mi><mn>3</mn></msup>", "V=(4/3)πr³"),
        ("<msup><mrow><mo>(</mo><mi>a</mi><mo>-</mo><mi>b</mi><mo>)</mo></mrow><mn>2</mn></msup>", "(a-b)²"),
        ("<msup><mrow><mi>a</mi><mo>-</mo><mi>b</mi></mrow><mn>2</mn></msup>", "(a-b)²"),
        ("<msup><mrow><mo>(</mo><mi>a</mi><mo>)</mo><mo>(</mo><mi>b</mi><mo>)</mo></mrow><mn>2</mn></msup>", "((a)(b))²"),
        ("<msup><mn>10</mn><mrow><mo>-</mo><mn>3</mn></mrow></msup>", "10⁻³"),
        ("<msup><mi>e</mi><mrow><mo>-</mo><mi>k</mi><mi>t</mi></mrow></msup>", "e^{-kt}"),
        ("<msup><mi>f</mi><mo>′</mo></msup>", "f′"),
        ("<msub><mi>k</mi><mi>off</mi></msub><msub><mi>K</mi><mi>D</mi></msub>", "k_{off}K_D"),
        ("<msubsup><mi>t</mi><mn>1</mn><mn>3</mn></msubsup>", "t₁³"),
        ("<munderover><mo>∑</mo><mrow><mi>i</mi><mo>=</mo><mn>1</mn></mrow><mi>n</mi></munderover><msub><mi>x</mi><mi>i</mi></msub>", "∑ᵢ₌₁ⁿxᵢ"),
        ("<munder><mi>lim</mi><mrow><mi>x</mi><mo>→</mo><mn>0</mn></mrow></munder>", "lim_{x→0}"),
        ("<mover><mi>x</mi><mo>¯</mo></mover><mover><mi>v</mi><mo>→</mo></mover>", "x\u0304v^→"),
        ("<msqrt><mi>a</mi><mo>+</mo><mi>b</mi></msqrt>", "√(a+b)"),
        ("<msqrt><mi>x</mi></msqrt>", "√x"),
        ("<mroot><mi>x</mi><mn>3</mn></mroot>", "x^{1/3}"),
        ("<mfenced><mi>a</mi><mi>b</mi></mfenced>", "(a, b)"),
        ("<mfenced open='{' close='}' separators=''><mi>a</mi><mo>+</mo><mi>b</mi></mfenced>", "{a+b}"),
        ("<mfenced open='|' close='|' separators=';,'><mi>a</mi><mi>b</mi><mi>c</mi></mfenced>", "|a; b, c|"),
        ("<mo>[</mo><mtable><mtr><mtd><mn>1</mn></mtd><mtd><mn>0</mn></mtd></mtr><mtr><mtd><mn>0</mn></mtd></mtr></mtable><mo>]</mo>", "[1 0; 0]"),
        ("<mi>sin</mi><mo>\u2061</mo><mi>x</mi>", "sin x"),
        ("<mn>2</mn><mo>\u2062</mo><mi>a</mi>", "2a"),
        ("<mi>a</mi><mspace width='1em'/><mi>b</mi>", "a b"),
        ("<mstyle><mi>a</mi><mphantom><mi>x</mi></mphantom></mstyle><mpadded><mi>b</mi></mpadded>", "a b"),
        ("<mmultiscripts><mi>T</mi><mi>a</mi><none/><mprescripts/><none/><mn>2</mn></mmultiscripts>", "Tₐ²"),
        ("<semantics><mrow><mi>a</mi></mrow><annotation encoding='TeX'>\\alpha</annotation></semantics>", "a"),
        ("<mtext>if  x\n then</mtext><mi>y</mi>", "if x then y"),
        ("<odd>1<odder>2</odder>3</odd>", "123"),
        ("", ""),
        ("<mfrac/><msup/><mtable/><mfenced/>", "()"),
    ],
)
def test_a_formula_as_it_is_typed(xml, text):
    assert line(xml) == text


def test_any_prefix_will_do():
    source = '<m:math xmlns:m="http://www.w3.org/1998/Math/MathML"><m:msup><m:mi>x</m:mi><m:mn>2</m:mn></m:msup></m:math>'
    assert linear(etree.fromstring(source)) == "x²"


def test_instructions_are_no_part_of_a_formula():
    assert line("<?page 3?><msup><?page 3?><mi>x</mi><?page 4?><mn>2</mn></msup>") == "x²"


@pytest.mark.parametrize(
    ("text", "raised", "lowered"),
    [("2", "²", "₂"), ("-3", "⁻³", "₋₃"), ("２", "²", "₂"), ("x", "^x", "ₓ"), ("max", "^{max}", "ₘₐₓ"), ("Dq", "^{Dq}", "_{Dq}"), ("", "", "")],
)
def test_scripts_are_unicode_where_it_has_them(text, raised, lowered):
    assert script(text, True) == raised
    assert script(text, False) == lowered


ARRANGEMENTS = "mrow mfrac msub msup msubsup munder mover munderover msqrt mroot mfenced mstyle mtr mtd mtable mmultiscripts unheard-of".split()
leaves = st.builds(
    lambda tag, text: (tag, text, []), st.sampled_from(["mi", "mn", "mo", "mtext"]), st.text("abxyΔ∑αβ0123+-=()[]{}\u2062 <&", max_size=4)
)
trees = st.recursive(leaves, lambda inner: st.builds(lambda tag, parts: (tag, "", parts), st.sampled_from(ARRANGEMENTS), st.lists(inner, max_size=4)))


def build(tree) -> etree._Element:
    tag, text, parts = tree
    element = etree.Element(tag)
    element.text = text
    element.extend(build(part) for part in parts)
    return element


def visible(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).replace("−", "-")
    return "".join(c for c in text if not c.isspace() and c not in INVISIBLE)


@given(trees)
def test_every_visible_character_arrives_in_its_order(tree):
    element = build(tree)
    rest = iter(visible(linear(element)))
    written = visible("".join(element.itertext()))
    assert all(any(c == found for found in rest) for c in written), linear(element)


@given(trees)
def test_a_formula_is_one_line_without_double_blanks(tree):
    text = linear(build(tree))
    assert text == " ".join(text.split())


def test_brackets_added_are_brackets_closed():
    assert (
        line("<msup><mrow><mi>a</mi><mo>+</mo><mfrac><mi>b</mi><mrow><mi>c</mi><mo>+</mo><mn>1</mn></mrow></mfrac></mrow><mi>Q</mi></msup>")
        == "(a+b/(c+1))^Q"
    )


def test_depth_does_not_exhaust_the_stack():
    for tag in ("mrow", "msup", "mfenced", "mfrac", "mtable", "odd"):
        element = innermost = etree.Element("math")
        for _ in range(4_000):
            innermost = etree.SubElement(innermost, tag)
        innermost.text = "x"
        assert "x" in linear(element)


def test_a_long_formula_takes_time_in_proportion():
    started = time.process_time()
    text = line("<mi>ab</mi><mfrac><mi>x</mi><mi>y</mi></mfrac>" * 20_000)
    assert text.count("(x/y)") == 20_000
    assert time.process_time() - started < 25


def test_the_formulas_of_real_documents(data):
    """Against the text of the same elements by ElementTree, and some of them as a reader would type them."""
    files = ["epo/v1-4-B1.xml", "epo/v1-0-B1.xml", "epo/v1-1-B1.xml", "st96/PatentPublication_Example.xml"]
    found = []
    for name in files:
        source = (data / name).read_bytes()
        written = ["".join(e.itertext()) for e in ET.fromstring(source).iter() if e.tag.rpartition("}")[2] == "math"]
        lines = [linear(e) for e in etree.fromstring(source).iter("{*}math")]
        assert len(lines) == len(written) > 0
        for text, raw in zip(lines, written, strict=True):
            assert re.sub(r"[\^_{}|/(),;]", "", visible(text)) == re.sub(r"[\^_{}|/(),;]", "", visible(raw)), name
        found += lines
    assert "V=(4/3)(D/2)³." in found
    assert "Δ γ=(3/4)(E₁E₂t₁³t₂³/(E₁t₁³+E₂t₂³))(y²/L⁴)," in found
    assert "|u₁+u₂|²=A²+B²+2 ABcos{(ω₂-ω₁)t+(φ₀₂-φ₀₁)}" in found
