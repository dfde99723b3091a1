"""Titles of a classification with the references to other places printed in them, in parentheses: "Hand tools (edge trimmers
for lawns A01G 3/06)". A reader searches for what a place holds, and the references say what it does not."""

import re

WRITTEN_SYMBOL = re.compile(
    r"(?<![A-Z0-9])[A-HY]\d\d[A-Z](?:\d{10}|\s?\d{1,4}\s?[/／]\s?\d{2,6})?(?![A-Za-z0-9])"  # "per seB41J" is seen in print
    r"|(?<![A-Za-z0-9])[A-HY]\d\d(?![A-Za-z0-9])"
)
"""A class, subclass or group in running text."""
_PARENTHESIS = re.compile("[()（）]")
_BEFORE_PUNCTUATION = re.compile(r" +(?=[;,；，}])")
_EMPTY_BRACES = re.compile(r" ?\{[ ;,]*\}")


def split_references(title: str, mark: "re.Pattern[str]" = WRITTEN_SYMBOL) -> tuple[str, tuple[str, ...]]:
    """The title without the parentheses in which `mark` is found, and what those hold.

    A parenthesis within another belongs to it; one that is never closed ends with the title, and where one more is closed
    than was opened, that is dropped.
    """
    kept: list[str] = []
    references: list[str] = []
    depth = start = end = 0
    removed = False  # whether the title is read up to `end`, where a reference ends
    for match in _PARENTHESIS.finditer(title):
        here = match.start()
        if match.group() in "(（":
            if depth == 0:
                kept.append(title[end:here])
                start = here
            depth += 1
        elif depth == 1:
            depth, end = 0, here + 1
            removed = mark.search(title, start, end) is not None
            (references if removed else kept).append(title[start + 1 : here] if removed else title[start:end])
        elif depth:
            depth -= 1
        elif removed and here == end:
            end = here + 1
    if depth:
        removed, end = mark.search(title, start) is not None, len(title)
        (references if removed else kept).append(title[start + removed :])
    kept.append(title[end:])
    return tidy_title("".join(kept)), tuple(" ".join(r.split()) for r in references)


def tidy_title(title: str) -> str:
    """A title after something was taken out of it: no double blanks, no empty braces, no blank before a comma."""
    return _BEFORE_PUNCTUATION.sub("", _EMPTY_BRACES.sub("", " ".join(title.split()))).rstrip(" ;；")
