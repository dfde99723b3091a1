"""Running heads go, what they say once stays, and lines of the text that look a little like them are left alone."""

import pytest

from ingest.pages.page import Page, Word
from ingest.pages.page_heads import without_heads


def words(line: str, base: float, left: float = 72.0) -> list[Word]:
    found = []
    for text in line.split():
        found.append(Word(text, left, left + 6.0 * len(text), base, 10.0))
        left += 6.0 * len(text) + 3
    return found


def page(number: int, *heads: tuple[str, float], lines: int = 12) -> Page:
    body = [w for n in range(lines) for w in words(f"Line {n} of page {'abcdefg'[number]} tells what the invention is about and more", 150 + 12 * n)]
    return Page(number, 612, 792, [w for text, base in heads for w in words(text, base)] + body)


def text_over(page: Page) -> str:
    return " ".join(w.text for w in page.words if w.base < 149 or w.base > 400)


@pytest.mark.parametrize(
    "head",
    [
        "US 99,123,456 B2",
        "US 2099/0123456 A1 May 17, 2099",
        "U.S. Patent Sep. 1, 2099 Sheet 3 of 12 US 99,123,456 B2",
        "EP 1 667 425 A1",
        "WO 2099/123456 PCT/EP2098/012345",
        "1,781,541 3",
        "36,836",
    ],
)
def test_the_head_of_a_page_goes_but_for_the_first(head):
    pages, _ = without_heads([page(n, (head, 40), (str(2 * n + 1) + " " + str(2 * n + 2), 60), (str(n), 770)) for n in range(1, 5)])
    assert [text_over(p) for p in pages] == [head, "", "", ""]


@pytest.mark.parametrize("number", ["7", "- 7 -", "Page 7 of 9", "7/9", "第 7 页", "第 7 页 共 9 页"])
def test_page_numbers_go_everywhere(number):
    pages, _ = without_heads([page(1, (number, 780))])
    assert text_over(pages[0]) == ""


def test_a_head_that_comes_again_goes_whatever_it_says():
    pages, _ = without_heads([page(n, (f"Attorney Docket 77-X{n}", 40)) for n in range(1, 5)])
    assert [text_over(p) for p in pages] == ["Attorney Docket 77-X1", "", "", ""]


@pytest.mark.parametrize("line", ["10 20 30", "claim 15", "of 1,200 tests", "Example 3", "2 1 4"])
def test_a_line_of_the_text_stays(line):
    pages, _ = without_heads([page(1), page(2, (line, 130)), page(3)])
    assert text_over(pages[1]) == line


def test_a_chinese_head_tells_the_part_of_the_document():
    parts = [("权 利 要 求 书", "1/2 页"), ("权 利 要 求 书", "2/2 页"), ("说 明 书", "1/1 页")]
    pages, heads = without_heads([page(n, (f"CN 104245143 A {part} {count}", 40), (str(n), 780)) for n, (part, count) in enumerate(parts, start=1)])
    assert [text_over(p) for p in pages] == ["", "", ""]
    assert [(head.number, head.part) for head in heads.values()] == [("CN104245143A", p) for p in ("权利要求书", "权利要求书", "说明书")]
