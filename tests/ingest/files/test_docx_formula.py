import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from ingest.files.docx_formula import MATH, linear

HEAD = f'<m:oMath xmlns:m="{MATH.strip("{}")}">'


def t(text: str) -> str:
    return f"<m:r><m:t>{text}</m:t></m:r>"


def formula(inner: str) -> str:
    return linear(etree.fromstring(f"{HEAD}{inner}</m:oMath>"))


@pytest.mark.parametrize(
    ("inner", "line"),
    [
        (t("x=1"), "x=1"),
        (f"<m:f><m:num>{t('a+b')}</m:num><m:den>{t('c')}</m:den></m:f>", "(a+b)/c"),
        (f"<m:sSup><m:e>{t('x')}</m:e><m:sup>{t('-2')}</m:sup></m:sSup>", "x⁻²"),
        (f"<m:sSub><m:e>{t('T')}</m:e><m:sub>{t('max,y')}</m:sub></m:sSub>", "T_{max,y}"),
        (f"<m:sSubSup><m:e>{t('x')}</m:e><m:sub>{t('i')}</m:sub><m:sup>{t('2')}</m:sup></m:sSubSup>", "xᵢ²"),
        (f"<m:rad><m:radPr/><m:deg/><m:e>{t('a+b')}</m:e></m:rad>", "√(a+b)"),
        (f"<m:rad><m:deg>{t('3')}</m:deg><m:e>{t('a')}</m:e></m:rad>", "a^{1/3}"),
        (f'<m:nary><m:naryPr><m:chr m:val="∑"/></m:naryPr><m:sub>{t("i=1")}</m:sub><m:sup>{t("n")}</m:sup><m:e>{t("x")}</m:e></m:nary>', "∑ᵢ₌₁ⁿx"),
        (f"<m:nary><m:sub/><m:sup/><m:e>{t('x')}</m:e></m:nary>", "∫x"),
        (f"<m:d><m:e>{t('a')}</m:e></m:d>", "(a)"),
        (f'<m:d><m:dPr><m:begChr m:val="["/><m:sepChr m:val=";"/><m:endChr m:val="]"/></m:dPr><m:e>{t("a")}</m:e><m:e>{t("b")}</m:e></m:d>', "[a;b]"),
        (f"<m:m><m:mr><m:e>{t('a')}</m:e><m:e>{t('b')}</m:e></m:mr><m:mr><m:e>{t('c')}</m:e></m:mr></m:m>", "a b; c"),
        (f"<m:func><m:fName>{t('sin')}</m:fName><m:e>{t('x')}</m:e></m:func>", "sinx"),
    ],
)
def test_formulas(inner: str, line: str) -> None:
    assert formula(inner) == line


@given(st.integers(1, 200), st.sampled_from(["f", "sSup", "d", "rad", "nary", "m", "e"]))
def test_nesting_ends_and_loses_no_letter(depth: int, name: str) -> None:
    inner = f"<m:e>{t('q')}</m:e>"
    for _ in range(depth):
        inner = f"<m:e><m:{name}><m:num>{inner}</m:num></m:{name}></m:e>" if name == "f" else f"<m:e><m:{name}>{inner}</m:{name}></m:e>"
    root = etree.fromstring(f"{HEAD}{inner}</m:oMath>", etree.XMLParser(huge_tree=True))
    assert "q" in linear(root)
