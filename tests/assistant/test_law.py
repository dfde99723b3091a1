"""The articles that a question names, and those that answer it."""

from pathlib import Path

import pytest

from assistant import PatentAssistant
from assistant.law import look_up, named, named_articles, only_about_articles
from assistant.law_ranking import ranked
from assistant.legal_words import LEGAL_WORDS, with_legal_words
from assistant.question import understand
from index import Filter
from ingest import Claim, PatentDocument

LAW = """中华人民共和国风筝法
第一章　总则
第一条　为了鼓励放风筝，制定本法。
第二条　本法所称风筝，是指下列物品：
（一）纸做的；
（二）布做的。
气球不是风筝。
第二章　放飞
第三条　放飞风筝应当登记，登记的期限为三年，自登记之日起计算。
第四条　两个以上的人共同制作的风筝，由共有人协商放飞；不能协商的，各自可以单独放飞。
第五条　未经所有人许可放飞他人风筝的，应当赔偿损失。
第六条　本法自2020年1月1日起施行。
"""
RULES = """第一条　根据《中华人民共和国风筝法》，制定本细则。
第二条　风筝的登记费用为五元。
第三条　登记机关收到申请后应当发给证书。
第四条　本细则自2021年1月1日起施行。
"""
ENGLISH = """Balloon Act 2001
Section 1. Balloons
In this Act a balloon is a bag of air.
Section 2. Colours
(1) A balloon is red.
(2) The keeper may allow other colours under this Act.
Section 3. Wind
No balloon flies in a storm.
"""
FENG, XIZE, ACT = "CN风筝法2020", "CN风筝法实施细则2021", "LAW:BalloonAct2001"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("laws")
    for name, text in (("kites.txt", LAW), ("rules.txt", RULES), ("balloons.txt", ENGLISH)):
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def laws(files, tmp_path_factory):
    """An index of three laws and a patent about kites."""
    kite = PatentDocument(number="CN1A", language="zh", titles={"zh": "风筝"}, claims=(Claim(number=1, text="一种风筝，登记的期限为三年。"),))
    with PatentAssistant.open(tmp_path_factory.mktemp("law-index")) as assistant:
        report = assistant.ingest([files, kite])
        assert (report.documents, report.failed) == (4, [])
        yield assistant


@pytest.mark.parametrize(
    ("question", "anchors"),
    [
        ("风筝法第二条怎么规定？", [f"{FENG}#art2"]),
        ("请问《中华人民共和国风筝法》第2条第一款第（二）项说什么？", [f"{FENG}#art2.1.2"]),
        ("风筝法第二条第二款和第三条", [f"{FENG}#art2.2", f"{FENG}#art3"]),
        ("风筝法第二条第九款", [f"{FENG}#art2"]),
        ("风筝法实施细则第二条", [f"{XIZE}#art2"]),
        ("根据细则第2条，多少钱？", [f"{XIZE}#art2"]),
        ("第三条", [f"{FENG}#art3", f"{XIZE}#art3", f"{ACT}#art3"]),
        ("Section 2(2) of the Balloon Act", [f"{ACT}#art2.2"]),
        ("风筝法第九十九条", []),
        ("气球法第二条", []),
        ("美国风筝法第二条", []),
        ("Article 2 of the Submarine Act", []),
        ("What is a kite?", []),
    ],
)
def test_the_articles_that_a_question_names(laws, question, anchors):
    hits = named_articles(laws.index, understand(question))
    assert [hit.anchor for hit in hits] == anchors
    assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))
    for hit in hits:
        assert hit.passage.text == laws.show(hit.anchor)
        assert (hit.passage.section, hit.score) == ("law", 1.0)
        assert hit.passage.tokens > 0
        assert hit.title == laws.index.document(hit.number).title


def test_a_filter_applies_to_named_articles_too(laws):
    question = understand("第三条")
    assert [h.number for h in named_articles(laws.index, question, Filter(languages=("en",)))] == [ACT]
    assert named_articles(laws.index, question, Filter(sections=("claims",))) == []
    assert look_up(laws.index, question, 5, Filter(sections=("claims",))) == []


def test_named_articles_come_first_and_once(laws):
    hits = look_up(laws.index, "风筝法第三条规定的登记期限多久？", 5)
    assert hits[0].anchor == f"{FENG}#art3"
    assert [h.anchor for h in named(hits)] == [f"{FENG}#art3"]
    assert len({h.anchor for h in hits}) == len(hits) <= 5
    assert {h.passage.section for h in hits} == {"law"}
    assert [h.rank for h in hits] == list(range(1, len(hits) + 1))
    part, *rest = look_up(laws.index, "风筝法第二条第二款：气球是风筝吗？", 5)
    assert part.anchor == f"{FENG}#art2.2"
    assert f"{FENG}#art2" not in [h.anchor for h in rest]


@pytest.mark.parametrize(
    ("question", "anchor"),
    [
        ("登记一次可以用几年？", f"{FENG}#art3"),
        ("擅自放别人的风筝要赔多少钱？", f"{FENG}#art5"),
        ("几个人一起做的风筝谁来放？", f"{FENG}#art4"),
        ("Which colours may a balloon have?", f"{ACT}#art2"),
    ],
)
def test_the_article_that_answers_is_found(laws, question, anchor):
    assert look_up(laws.index, question, 3)[0].anchor == anchor


@pytest.mark.parametrize(
    ("question", "only"),
    [
        ("商标法第三条怎么规定？", True),
        ("请问《中华人民共和国商标法》第三条的内容是什么", True),
        ("What does Article 3 of the Trade Mark Act say?", True),
        ("哪些文件影响专利法第二十二条所说的创造性？", False),
        ("风筝是什么？", False),
        ("Which pump is new under Article 54 EPC?", False),
    ],
)
def test_a_question_about_articles_alone(question, only):
    assert only_about_articles(understand(question)) is only


def test_no_more_than_k(laws):
    assert len(look_up(laws.index, "登记", 2)) == 2
    assert len(look_up(laws.index, "第三条", 2)) == 2
    assert look_up(laws.index, "？", 3) == []


def test_an_index_without_laws_has_no_articles(patents):
    assert named_articles(patents.index, understand("专利法第二十六条")) == []
    assert look_up(patents.index, "专利法第二十六条怎么规定？") == []


def test_laws_on_the_command_line(files, tmp_path, patent):
    done = patent("ingest", files / "kites.txt", "--index", tmp_path / "index")
    assert done.exit_code == 0, done.stderr
    shown = patent("show", f"{FENG}#art2.2", "--index", tmp_path / "index")
    assert "气球不是风筝。" in shown.stdout
    found = patent("search", "登记", "--where", "section=law country=CN", "--index", tmp_path / "index", "--json")
    assert found.exit_code == 0, found.stderr
    assert f"{FENG}#art3" in found.stdout
    assert patent("show", f"{FENG}#art7", "--index", tmp_path / "index").exit_code != 0


def test_the_words_of_laws_are_added_once():
    assert with_legal_words("密封圈") == "密封圈"
    added = with_legal_words("打官司的时效有几年？").split()[1:]
    assert {"诉讼", "诉讼时效", "期限"} <= set(added)
    assert len(added) == len(set(added))
    assert all(written for written in LEGAL_WORDS.values())


def test_articles_are_ranked_by_their_words():
    texts = {"a": "登记的期限为三年。", "b": "登记的费用为五元。", "c": "风大的时候不得放飞。"}
    even = dict.fromkeys(texts, 1.0)
    assert ranked("登记的费用是多少？", texts, even)[0] == "b"
    assert ranked("登记要多久？", texts, even)[0] == "a"
    assert ranked("？", texts, {"a": 0.1, "b": 0.9, "c": 0.5}) == ["b", "c", "a"]


def test_a_question_about_the_patent_law_of_the_shared_data(data, tmp_path):
    with PatentAssistant.open(tmp_path / "index") as assistant:
        assistant.ingest([data / "law" / "zh"])
        (first, *_) = look_up(assistant.index, "专利法第二十六条第四款怎么规定？")
        assert first.anchor == "CN专利法2020#art26.4"
        assert first.passage.text.startswith("权利要求书应当")
        (first, *_) = look_up(assistant.index, "Article 22(3) of the Chinese Patent Law")
        assert first.anchor == "CN专利法2020#art22.3"
        (first, *_) = look_up(assistant.index, "打专利侵权官司有没有时效，是几年？")
        assert first.anchor == "CN专利法2020#art74"
