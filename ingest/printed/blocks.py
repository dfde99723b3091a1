"""Blocks: what a page, a Word file or a web page is made of, in reading order, before it is known what part of a patent each is."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Block:
    """A heading, a paragraph, an item of a list or a table (cells separated by ` | `, a line for each row).

    `text` has no line breaks but those of a table and of a list; words that were divided at the end of a printed line are joined.
    `page` counts from 1; 0 where the source has no pages.
    """

    kind: Literal["heading", "paragraph", "item", "table"]
    text: str
    page: int = 0
