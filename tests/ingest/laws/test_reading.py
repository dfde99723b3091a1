"""Laws as documents, and texts that are none."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest import Failed, PatentDocument, Source, read
from ingest.anchor import covers, text_at, within_article
from ingest.errors import AnchorError, ReadError
from ingest.laws.reading import law_of_blocks
from ingest.passages import cut
from ingest.printed.blocks import Block

PATENT = """一种风筝
技术领域
本发明涉及风筝。
背景技术
第一条规则是风筝要轻。
权利要求书
1. 一种风筝，其特征在于轻。
"""
CONTRACT = """风筝买卖合同
第一条　甲方卖风筝给乙方，按照本合同交付。
第二条　乙方向甲方付款，依照法律规定开票。
第三条　本合同自签字之日起生效，双方各执一份。
第四条　本合同的争议由甲方所在地法院管辖。
"""


def articles(document):
    return {p.number: (s.heading, p.text) for s in document.sections for p in s.paragraphs}


def test_a_chinese_law_is_cut_at_its_articles(chinese):
    assert chinese.number == "CN风筝法2021"
    assert chinese.country == "CN"
    assert (chinese.language, chinese.titles) == ("zh", {"zh": "中华人民共和国风筝法（2021年修正）"})
    assert chinese.dates.publication == date(2021, 6, 1)
    assert {s.kind for s in chinese.sections} == {"law"}
    found = articles(chinese)
    assert list(found) == ["0", "1", "2", "3", "3a", "4", "annex1"]
    assert found["0"][1].startswith("（2001年3月5日通过")
    assert found["2"] == ("第一章 总则", "本法所称风筝，是指下列物品：\n（一）纸做的；\n（二）布做的。\n气球不是风筝。")
    assert found["3"][0] == "第二章 放飞 / 第一节 白天"
    assert found["3a"][1] == "风大的时候不得放飞。"
    assert found["4"] == ("第二章 放飞 / 第二节 夜间", "夜间放飞依照第三条办理。")
    assert found["annex1"] == ("附件一风筝的颜色", "红的和绿的。")


def test_an_english_law_is_cut_at_its_sections(english):
    assert (english.number, english.language, english.titles) == ("LAW:KiteAct1999", "en", {"en": "Kite Act 1999"})
    found = articles(english)
    assert list(found) == ["0", "1", "2", "2A", "3"]
    assert found["1"] == ("PART I General", "Definitions\nIn this Act a kite flies.")
    assert found["3"][0] == "PART I General / CHAPTER II - Appeals"


@pytest.mark.parametrize(
    ("head", "number"),
    [
        ("35 U.S.C. - Patents", "US35USCPatents"),
        ("European Patent Convention", "EPEuropeanPatentConvention"),
        ("Regulations under the Patent Cooperation Treaty", "WORegulationsUnderPatentCooperationTreaty"),
    ],
)
def test_the_number_begins_with_the_country_that_the_title_names(law, head, number):
    text = f"{head}\n" + "\n".join(f"§ {n} What is number {n}\nThis title says something about number {n}." for n in (101, 102, 103, 112))
    document = law(text)
    assert document.number == number
    assert list(articles(document)) == ["101", "102", "103", "112"]


def test_articles_begin_a_line_as_rules_too(law):
    text = "Implementing Rules 2003\n" + "\n".join(f"Rule {n}\nUnder these Rules, item {n} is kept." for n in range(40, 46))
    assert text_at(law(text), "LAW:ImplementingRules2003#art43") == "Under these Rules, item 43 is kept."


def test_a_law_without_a_title_is_called_after_what_it_says(law, chinese_text):
    body = chinese_text[chinese_text.index("第一章　总　　则") :]
    document = law(body.replace("制定本法", "保护风筝和风筝的颜色，制定本法"), "kites_2021.txt")
    assert document.number == "CN风筝法2021"
    assert "no line of the law is its title" in document.warnings[-1]
    rules = "第一条　根据《中华人民共和国风筝法》，制定本细则。\n第二条　本细则所称风筝会飞得很高。\n第三条　本细则自2022年1月2日起施行。"
    document = law(rules, "rules.txt")
    assert (document.number, document.dates.publication) == ("CN风筝法实施细则2022", date(2022, 1, 2))
    document = law(rules.replace("根据《中华人民共和国风筝法》，", "").replace("细则", "办法"), "kite_measures.txt")
    assert document.number == "CNKiteMeasures2022"
    assert "after its file's name" in document.warnings[-1]


def test_the_code_of_a_web_page_after_the_law_is_left_out_with_a_warning(law, chinese_text):
    document = law(chinese_text.split("附件一")[0] + 'end-->\n$(function() {\nvar a = "b";\n});\n版权所有\n')
    assert articles(document)["4"][1] == "夜间放飞依照第三条办理。"
    assert document.warnings == ("5 lines after the last article, from 'end-->' on, are a web page's and were left out",)


def test_a_wrapped_reference_and_a_table_of_contents_are_no_articles(law):
    contents = "\n".join(f"Article {n} Kites" for n in range(1, 6))
    body = "\n".join(f"Article {n} Kites\nThis Convention has a rule number {n} about the flying of kites over land." for n in range(1, 6))
    document = law(f"Kite Convention\nContents\n{contents}\n{body}\nArticle 2 shall apply.")
    assert list(articles(document)) == ["1", "2", "3", "4", "5"]
    assert articles(document)["5"][1].endswith("Article 2 shall apply.")


def test_an_article_is_one_passage_with_its_chapter(chinese):
    passages = cut(chinese, lambda texts: [len(t) for t in texts], 256)
    assert [p.anchor for p in passages][1:4] == ["CN风筝法2021#art1", "CN风筝法2021#art2", "CN风筝法2021#art3"]
    assert {p.section for p in passages} == {"law"}
    assert passages[2].heading == "第一章 总则"


@pytest.mark.parametrize(
    ("part", "text"),
    [
        ("art1", "为了保护放风筝的人，制定本法。"),
        ("art2.1", "本法所称风筝，是指下列物品：\n（一）纸做的；\n（二）布做的。"),
        ("art2.1.2", "（二）布做的。"),
        ("art2.2", "气球不是风筝。"),
        ("art3.2", "依照第二条第一款规定登记的，不收费。"),
        ("art3a", "风大的时候不得放飞。"),
    ],
)
def test_an_anchor_names_an_article_or_a_part_of_it(chinese, part, text):
    assert text_at(chinese, f"CN风筝法2021#{part}") == text


def test_what_holds_what(chinese):
    assert covers("CN风筝法2021#art2", "CN风筝法2021#art2.1", chinese)
    assert not covers("CN风筝法2021#art2.1", "CN风筝法2021#art2", chinese)
    assert not covers("CN风筝法2021#art3", "CN风筝法2021#art2.1", chinese)
    assert within_article(chinese, "CN风筝法2021#art2", "气球") == "CN风筝法2021#art2.2"
    assert within_article(chinese, "CN风筝法2021#art2", "不在里面") == "CN风筝法2021#art2"


@pytest.mark.parametrize("part", ["art5", "art2.3", "art2.1.3", "p2", "art", "art2-3"])
def test_an_anchor_that_the_law_does_not_have_is_an_error_of_one_line(chinese, part):
    with pytest.raises(AnchorError) as error:
        text_at(chinese, f"CN风筝法2021#{part}")
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    "text", [PATENT, CONTRACT, "", "第一条\n第二条\n第三条", "Section 1. Parties\nA.\nSection 2. Term\nB.\nSection 3. Law\nThis Agreement ends."]
)
def test_what_is_no_law(law, text):
    assert law(text) is None


def test_articles_in_a_small_part_of_a_text_do_not_make_it_a_law(law, chinese_text):
    assert law("风筝是中国古老的玩具。" * 100 + "\n" + chinese_text) is None


def test_a_patent_that_lists_rules_is_no_law(law):
    rules = "\n".join(f"Rule {n}: the packet is dropped under these rules when the counter is {n}." for n in range(1, 9))
    assert law(f"BACKGROUND\nRouters have rules.\nSUMMARY\n{rules}\nWhat is claimed is:\n1. A router.") is None
    assert law(f"Router and rules\n{rules}") is None


def test_a_law_without_articles_is_one_clear_error(law):
    with pytest.raises(ReadError, match="no line that begins with an article"):
        law("中华人民共和国风筝法\n第一章　总则\n第二章　放飞\n第三章　附则")


def test_two_laws_in_one_file_are_one_clear_error(law, chinese_text):
    body = "\n".join(f"第{n}条　本规定的内容之一，是关于风筝的事情，写得足够长，以便不是目录的一行，还要再长一些才行。" for n in "一二三四五")
    with pytest.raises(ReadError, match="two laws"):
        law(f"风筝规定\n{body}\n气球规定\n{body}")


def test_a_law_is_read_from_a_file(tmp_path, chinese_text, chinese):
    path = tmp_path / "kites.txt"
    path.write_text(chinese_text, encoding="gb18030")
    (document,) = read(path)
    assert isinstance(document, PatentDocument)
    assert document.number == chinese.number
    assert list(articles(document)) == list(articles(chinese))
    html = "".join(f"<p>{line}</p>" for line in chinese_text.split("\n"))
    (tmp_path / "kites.html").write_text(f"<html><head><title>风筝</title></head><body>{html}</body></html>", encoding="utf-8")
    (page,) = read(tmp_path / "kites.html")
    assert isinstance(page, PatentDocument)
    assert page.number == chinese.number
    (tmp_path / "none.txt").write_text("中华人民共和国风筝法\n第一章　总则\n第二章　放飞\n", encoding="utf-8")
    (failed,) = read(tmp_path / "none.txt")
    assert isinstance(failed, Failed)
    assert "begins with an article" in failed.reason


@given(
    st.lists(
        st.one_of(st.text(max_size=40), st.sampled_from(["第一条 本法", "第二条", "Article 1", "§ 2", "第一章 总则", "Rule 3", "{}", "附件"])),
        max_size=30,
    )
)
def test_any_lines_are_a_law_or_none_and_lose_no_article(lines):
    blocks = [Block("paragraph", line) for line in lines if line.strip()]
    try:
        document = law_of_blocks(blocks, Source(), "any.txt")
    except ReadError:
        return
    assert document is None or sum(len(s.paragraphs) for s in document.sections) >= 3


def test_the_laws_of_the_shared_data(data):
    found = {d.number: d for d in read(data / "law" / "zh") if isinstance(d, PatentDocument)}
    assert {n: len(articles(d)) for n, d in found.items()} == {
        "CN专利法2020": 82,
        "CN专利法实施细则2023": 149,
        "CN关于审理专利授权确权行政案件的规定2020": 33,
    }
    law = found["CN专利法2020"]
    assert list(articles(law)) == [str(n) for n in range(1, 83)]
    assert text_at(law, "CN专利法2020#art26.4").startswith("权利要求书应当")
    assert text_at(law, "CN专利法2020#art25.1.3").startswith("（三）")
    assert articles(law)["82"][1].endswith("起施行。")
