"""The words of a page and their places, as a text layer or OCR gives them."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Word:
    """A word and its place, in points from the top left corner of the page as it is seen.

    `base` is the line that it stands on, `size` the height of its letters from ascender to descender.
    """

    text: str
    left: float
    right: float
    base: float
    size: float
    bold: bool = False


@dataclass(slots=True)
class Page:
    """The words of a page, in the order of its source; `number` counts from 1, the size is in points.

    `scanned`: an image covers most of it, so that its text, if any, is the work of OCR; `drawn`: it has an image, or many lines, and
    may be a drawing. `unreadable` counts the words whose characters are in a private encoding, `sideways` those that run in another
    direction than the rest; neither are among `words`.
    """

    number: int
    width: float
    height: float
    words: list[Word] = field(default_factory=list)
    scanned: bool = False
    drawn: bool = False
    unreadable: int = 0
    sideways: int = 0
