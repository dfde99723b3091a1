"""Words with their places come out as lines in the order in which a person reads them."""

from ingest.pages.page import Page, Word
from ingest.pages.page_columns import columns_of, gutter_of, rows_of

WIDTHS = (7, 3, 9, 5, 6, 8, 4, 2)


def line(text: str, left: float, base: float, right: float | None = None, size: float = 10.0) -> list[Word]:
    """Words spread from left to right, or with plain blanks."""
    texts = text.split()
    blank = 3.0 if right is None else (right - left - 5.0 * sum(map(len, texts))) / max(1, len(texts) - 1)
    words = []
    for word in texts:
        words.append(Word(word, left, left + 5.0 * len(word), base, size))
        left += 5.0 * len(word) + blank
    return words


def filler(n: int) -> str:
    """A line of eight words of ever other lengths, that says where it stands."""
    return " ".join(f"{n}" + "x" * (WIDTHS[(i * 3 + n * 5) % 8] - 1) for i in range(7))


def two_columns(rows: int = 20, gutter: float = 24.0) -> list[Word]:
    return [
        w
        for n in range(rows)
        for column in (0, 1)
        for w in line(filler(10 + n), 60 + column * (230 + gutter), 100 + 12 * n, 290 + column * (230 + gutter))
    ]


def read(words: list[Word], scanned: bool = False) -> list[str]:
    page = Page(1, 612, 792, words, scanned)
    return [row.text for column in columns_of(page, gutter_of(page)) for row in column.lines]


def test_the_left_column_comes_before_the_right_one():
    rows = [filler(10 + n) for n in range(20)]
    assert read(two_columns()) == rows + rows


def test_the_order_of_the_words_in_the_source_is_of_no_account():
    words = two_columns()
    assert read(words[::-1]) == read(words[7:] + words[:7]) == read(words)


def test_a_title_over_both_columns_comes_first_and_a_line_across_divides_them():
    title, across = "A title that goes across both columns", "A line that goes across both columns too and which is just as long as they are wide"
    below = [Word(w.text, w.left, w.right, w.base + 270, w.size) for w in two_columns(8)]
    rows, few = [filler(10 + n) for n in range(20)], [filler(10 + n) for n in range(8)]
    words = line(title, 210, 80) + two_columns() + line(across, 60, 348) + below
    assert read(words) == [title, *rows, *rows, across, *few, *few]


def test_the_numbers_of_lines_go_and_other_numbers_stay():
    numbers = [Word(str(n), 301, 311, 100 + 12 * (n - 1), 8) for n in (5, 10, 15, 20)]
    assert read(two_columns() + numbers) == read(two_columns())
    assert sum("7" in row.split() for row in read([*two_columns(), Word("7", 303, 308, 160, 8)])) == 1
    left = [Word(str(n), 40, 50, 100 + 12 * (n - 1), 8) for n in (5, 10, 15)]
    single = [w for n in range(18) for w in line(f"{filler(n)} {filler(n + 1)}", 72, 100 + 12 * n, 540)]
    assert read(single + left) == read(single)


def test_one_column_is_one_column():
    single = Page(1, 612, 792, [w for n in range(18) for w in line(f"{filler(n)} {filler(n + 1)}", 72, 100 + 12 * n, 540)])
    assert gutter_of(single) is None
    assert gutter_of(single, (290.0, 314.0)) is None


def test_a_page_with_little_text_has_the_columns_of_the_page_before():
    page = Page(2, 612, 792, [w for n in range(3) for w in line(filler(n), 60, 100 + 12 * n, 290)] + line("An end.", 314, 100))
    assert gutter_of(page, (290.0, 314.0)) == (290.0, 314.0)
    assert gutter_of(page, (190.0, 214.0)) is None


def test_a_subscript_belongs_to_its_line():
    words = [*line("a line of H", 72, 100), Word("2", 136, 139, 102.5, 6.5), *line("O and more", 139, 100), *line("the next line", 72, 112)]
    assert [row.text for row in rows_of(words, scanned=False)] == ["a line of H 2 O and more", "the next line"]
