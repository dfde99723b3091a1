"""Front pages as the offices print them, with facts of their own."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.printed.blocks import Block
from ingest.printed.front_page import read_front_page


def page(*lines: str, number: int = 1) -> list[Block]:
    return [Block("paragraph", line, number) for line in lines]


UNITED_STATES = page(
    "US008926509B2",
    "(12) United States Patent Doe et al.",
    "(10) Patent No.: US 8,926,509 B2",
    "(45) Date of Patent: Jan. 6, 2015",
    "(54) SEALED PUMP (10) ASSEMBLY",
    "(75) Inventors: Jane A. Doe, Newton, MA (US); John Roe, Boston, MA (US)",
    "(73) Assignee: Acme Pumps, Inc., Boston, MA (US)",
    "(21) Appl. No.: 12/197,001",
    "(22) Filed: Aug. 22, 2008",
    "Related U.S. Application Data",
    "(60) Provisional application No. 60/957,001, filed on Aug. 24, 2007.",
    "(51) Int. Cl. F04D 29/10 (2006.01) F04D 29/42 (2006.01)",
    "(52) U.S. Cl. CPC F04D 29/106 (2013.01); F04D 29/4293 (2013.01)",
    "(58) Field of Classification Search CPC F04D 29/10",
    "(56) References Cited U.S. PATENT DOCUMENTS 4,123,456 A 10/1978 Smith 2008/0123456 A1 5/2008 Doe OTHER PUBLICATIONS Roe, On pumps, 1999.",
    "Primary Examiner — A. Person",
    "(57) ABSTRACT",
    "A pump (54) comprising a housing (12) and an impeller (14).",
    "20 Claims, 5 Drawing Sheets",
)
TEXT = [*page("U.S. Patent Jan. 6, 2015 Sheet 1 of 5", number=2), *page("SEALED PUMP ASSEMBLY", "BACKGROUND", "Pumps (10) are known.", number=3)]


def test_a_grant_of_the_united_states() -> None:
    found = read_front_page([*UNITED_STATES, *TEXT])
    facts = found.facts
    assert (facts["number"], facts["kind"], facts["title"]) == ("US8926509B2", "B2", "SEALED PUMP (10) ASSEMBLY")
    assert (facts["filing"], facts["publication"], facts["priority"]) == (date(2008, 8, 22), date(2015, 1, 6), date(2007, 8, 24))
    assert [(p.role, p.name) for p in facts["parties"]] == [("inventor", "Jane A. Doe"), ("inventor", "John Roe"), ("assignee", "Acme Pumps, Inc.")]
    symbols = [(c.scheme, c.symbol, c.first) for c in facts["classifications"]]
    assert symbols == [("ipc", "F04D 29/10", True), ("ipc", "F04D 29/42", False), ("cpc", "F04D 29/106", True), ("cpc", "F04D 29/4293", False)]
    assert facts["citations"] == ["US4123456A", "US20080123456A1"]
    assert facts["abstract"] == "A pump (54) comprising a housing (12) and an impeller (14)."
    assert facts["claim_count"] == 20
    assert list(found.rest) == TEXT
    assert any("12/197,001" in line for line in found.lines)
    assert any("On pumps" in line for line in found.lines)
    assert any("A. Person" in line for line in found.lines)


def test_codes_that_stand_in_one_block() -> None:
    text = "(12)发明专利申请 (10)申请公布号 CN 104245143 A (43)申请公布日 2014.12.24 (21)申请号 201380018768.0 (22)申请日 2013.04.05"
    facts = read_front_page(page(text, "(54)发明名称 一种泵 (57)摘要 本发明涉及一种泵(10)，包括壳体(12)。")).facts
    assert (facts["number"], facts["title"], facts["filing"], facts["publication"]) == (
        "CN104245143A",
        "一种泵",
        date(2013, 4, 5),
        date(2014, 12, 24),
    )
    assert facts["abstract"] == "本发明涉及一种泵(10)，包括壳体(12)。"


def test_a_chinese_grant() -> None:
    found = read_front_page(
        [
            *page("(19)中华人民共和国国家知识产权局", "(12)发明专利", "(10)授权公告号 CN 102345678 B", "(45)授权公告日 2016.05.25"),
            *page("(21)申请号 201110123456.7", "(22)申请日 2011.05.12", "(65)同一申请的已公布的文献号 申请公布号 CN 102345678 A"),
            *page("(73)专利权人 甲公司 地址 北京市", "(72)发明人 张三 李四、王五", "(74)专利代理机构 某代理有限公司 11105 代理人 赵六"),
            *page(
                "(51)Int.Cl. F04D 29/10(2006.01)", "(56)对比文件 CN 101234567 A,2008.01.01,全文.", "(54)发明名称", "一种泵", "(57)摘要", "一种泵。"
            ),
            *page("权利要求书1页 说明书3页 附图2页"),
            *page("CN 102345678 B 权 利 要 求 书 1/1 页", number=2),
        ]
    )
    facts = found.facts
    assert (facts["number"], facts["kind"], facts["title"], facts["abstract"]) == ("CN102345678B", "B", "一种泵", "一种泵。")
    assert facts["publication"] == date(2016, 5, 25)
    names = [("assignee", "甲公司"), ("inventor", "张三"), ("inventor", "李四"), ("inventor", "王五"), ("agent", "某代理有限公司")]
    assert [(p.role, p.name) for p in facts["parties"]] == names
    assert facts["citations"] == ["CN101234567A"]
    assert len(found.rest) == 1


def test_a_european_application() -> None:
    found = read_front_page(
        [
            *page("(19) Europäisches Patentamt", "(11) EP 1 667 425 A1", "(12) EUROPEAN PATENT APPLICATION"),
            *page("(43) Date of publication: 07.06.2006 Bulletin 2006/23", "(51) Int Cl.: H04N 1/00 (2006.01)", "(22) Date of filing: 30.11.2005"),
            *page("(84) Designated Contracting States: AT BE", "(30) Priority: 02.12.2004 KR 2004100123"),
            *page("(71) Applicant: ACME CO., LTD. Suwon-si (KR)", "(72) Inventors: • Kim, Jong-Soo Suwon-si (KR) • Lee, Hae Seoul (KR)"),
            *page(
                "(74) Representative: Smith, John Attorneys 80336 München (DE)",
                "(54) Printing apparatus",
                "(57) An apparatus (100) with a drum (110).",
            ),
            *page("Description", "[0001] A printer.", number=2),
        ]
    )
    facts = found.facts
    assert (facts["number"], facts["kind"], facts["publication"], facts["priority"]) == ("EP1667425A1", "A1", date(2006, 6, 7), date(2004, 12, 2))
    names = [("applicant", "ACME CO., LTD."), ("inventor", "Kim, Jong-Soo"), ("inventor", "Lee, Hae"), ("agent", "Smith, John")]
    assert [(p.role, p.name) for p in facts["parties"]] == names
    assert [b.text for b in found.rest] == ["Description", "[0001] A printer."]
    assert "(84) Designated Contracting States: AT BE" in found.lines


def test_a_european_grant_has_its_title_in_three_languages() -> None:
    lines = [
        "(11) EP 1 234 567 B1",
        "(45) Mention of the grant: 12.03.2008",
        "(22) 30.11.2001",
        "(54) Printing apparatus",
        "Druckvorrichtung",
        "Appareil d'impression",
    ]
    facts = read_front_page([*page(*lines), *page("Description", number=2)]).facts
    assert facts["title"] == "Printing apparatus"
    assert facts["other_titles"] == ["Druckvorrichtung", "Appareil d'impression"]


def test_square_brackets_of_the_years_to_2000() -> None:
    lines = [
        "United States Patent [19]",
        "[11] Patent Number: 4,123,456",
        "[45] Date of Patent: Oct. 31, 1978",
        "[54] PUMP",
        "[76] Inventor: Jane Doe, 1 Main St., Boston",
    ]
    facts = read_front_page(page(*lines, "[57] ABSTRACT A pump.")).facts
    assert (facts["number"], facts["publication"], facts["title"], facts["abstract"]) == ("US4123456", date(1978, 10, 31), "PUMP", "A pump.")
    assert [p.name for p in facts["parties"]] == ["Jane Doe"]


def test_a_german_page_prints_its_date_after_the_number() -> None:
    facts = read_front_page(
        page("(10) DE 10 2012 001 234 A1 2013.08.08", "(22) Anmeldetag: 21.01.2012", "(54) Bezeichnung: Pumpe", "(57) Zusammenfassung: Eine Pumpe.")
    ).facts
    assert (facts["number"], facts["publication"], facts["filing"], facts["title"]) == (
        "DE102012001234A1",
        date(2013, 8, 8),
        date(2012, 1, 21),
        "Pumpe",
    )
    assert facts["abstract"] == "Eine Pumpe."


@pytest.mark.parametrize(
    "lines",
    [
        ["A pump (10) has a housing (12).", "The impeller (54) turns."],
        ["(10) is the pump.", "(12) is the housing."],
        ["第一条 为了保护"],
        ["[0001] A pump.", "[0002] A seal."],
    ],
)
def test_reference_signs_are_no_codes(lines: list[str]) -> None:
    found = read_front_page(page(*lines))
    assert found.facts == {} and found.lines == []
    assert [b.text for b in found.rest] == lines


def test_pages_without_numbers_end_where_the_text_begins() -> None:
    blocks = [Block("paragraph", b.text) for b in UNITED_STATES]
    text = [Block("paragraph", "BACKGROUND OF THE INVENTION"), Block("paragraph", "Pumps are known.")]
    found = read_front_page([*blocks, *text])
    assert found.facts["abstract"].endswith("(14).")
    assert list(found.rest) == text


def test_text_before_the_first_code_of_a_block_is_kept() -> None:
    found = read_front_page(page("Some office (10) Patent No.: US 8,926,509 B2 (45) Date of Patent: Jan. 6, 2015 (54) PUMP"))
    assert found.facts["number"] == "US8926509B2"
    assert "Some office" in found.lines


CODED = st.builds(lambda code, text: f"({code}) {text}", st.integers(10, 99), st.text(alphabet="aA1甲(). ,;:•", max_size=30))


@given(st.lists(st.one_of(CODED, st.text(alphabet="aA1甲(). [0]", max_size=30)), max_size=15))
def test_no_page_is_an_error_and_letters_are_not_lost(lines: list[str]) -> None:
    blocks = page(*[line for line in lines if line.strip()])
    found = read_front_page(blocks)
    assert len(found.rest) <= len(blocks)
    if not found.facts:
        assert sum(len(line) for line in found.lines) <= sum(len(b.text) + 8 for b in blocks)
