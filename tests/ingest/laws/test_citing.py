"""Articles that a text cites."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.laws.chinese_numeral import chinese_numeral
from ingest.laws.citing import CitedArticle, cited_articles, without_citations


@pytest.mark.parametrize(
    ("text", "cited"),
    [
        ("专利法第二十六条第四款怎么规定？", [("专利法", "26", ("4",))]),
        ("第26条第4款", [("", "26", ("4",))]),
        ("专利法实施细则第二十条", [("专利法实施细则", "20", ())]),
        ("《专利法》第二十二条第二款和第三款", [("专利法", "22", ("2",)), ("专利法", "22", ("3",))]),
        ("专利法第二十五条第一款第（三）项", [("专利法", "25", ("1", "3"))]),
        ("商标法第二十二、二十三条", [("商标法", "22", ()), ("商标法", "23", ())]),
        ("专利法第二条至第四条", [("专利法", "2", ()), ("专利法", "3", ()), ("专利法", "4", ())]),
        ("专利法第2条；第9条", [("专利法", "2", ()), ("专利法", "9", ())]),
        ("刑法第一百二十条之一", [("刑法", "120a", ())]),
        ("本法第三条", [("", "3", ())]),
        ("Article 26(4) of the Patent Law", [("Patent Law", "26", ("4",))]),
        ("What does 35 U.S.C. § 112(a) require?", [("35 U.S.C.", "112", ("a",))]),
        ("Art. 54(2) EPC", [("EPC", "54", ("2",))]),
        ("Rule 43bis", [("", "43bis", ())]),
        ("Section 2 shows the pump", []),
        ("权利要求1和第二实施例", []),
        ("the article of claim 3", []),
    ],
)
def test_what_is_cited(text, cited):
    assert cited_articles(text) == [CitedArticle(*c) for c in cited]


def test_a_question_without_what_it_cites():
    assert without_citations("专利法第二十六条第四款怎么规定？") == "怎么规定？"
    assert without_citations("请问《专利法》第二条说什么") == "请问说什么"
    assert without_citations("密封圈为什么会漏？") == "密封圈为什么会漏？"


@given(st.integers(1, 3000), st.integers(1, 30))
def test_every_article_and_paragraph(article, paragraph):
    (cited,) = cited_articles(f"专利法第{chinese_numeral(article)}条第{chinese_numeral(paragraph)}款")
    assert cited == ("专利法", str(article), (str(paragraph),))


@given(st.text("第一二三十百条款项之、和至法（）《》Article 26§(4)of the EPC", max_size=60))
def test_any_text_can_be_read(text):
    assert all(c.number for c in cited_articles(text))
    assert isinstance(without_citations(text), str)
