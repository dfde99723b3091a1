"""Word files, web pages and plain text as blocks, through the partitioners of `unstructured`.

`unstructured` says what each piece is (a title, an item of a list, a table) and, in Word files, which number Word shows before a
paragraph of a numbered list. It reads the plain text of a paragraph and leaves out more than a patent can spare: superscripts
and subscripts, formulas, inserted text, notes, text boxes, bullets and dashes that begin a paragraph, paragraphs of one character,
whatever a page holds in a form. So `docx_markup` and `web_page` put all that into plain text first. Of plain text, only the kind of
short paragraphs is asked for: the paragraphs themselves are found better, and four times faster, by `plain_text`.
"""

import io
import re
from collections.abc import Iterable, Iterator
from typing import Any, Literal

from lxml import etree

from ingest.errors import ReadError
from ingest.files import plain_text
from ingest.files.docx_markup import prepare
from ingest.files.marks import BREAK, HEADING, VERBATIM
from ingest.files.offline import partitioner
from ingest.files.web_metadata import hints_of
from ingest.files.web_page import main_part, parse_page
from ingest.language import CJK
from ingest.printed.blocks import Block
from ingest.printed.hints import Hints
from ingest.xml_text import tidy

_MARKS = re.compile(f"[{VERBATIM}{HEADING}]")
_BARE_NUMBER = re.compile(rf"^(\d{{1,4}}) (?={VERBATIM})")
"""The number of a list that Word numbers 1, 2, 3 without any mark."""
Kind = Literal["heading", "paragraph", "item", "table"]
_KINDS: dict[str, Kind] = {"Title": "heading", "ListItem": "item", "Table": "table"}
_LEFT_OUT = ("Header", "Footer", "PageBreak", "Image")
_EAST = re.compile(f"[{CJK}]")
_HEADING_LENGTH = 120
"""A longer paragraph of a plain text is no heading, whatever it looks like."""
_SHORT_LIMIT = 20_000
"""A text with more short paragraphs is no patent: the rest of them are paragraphs."""


def blocks_of_docx(data: bytes) -> list[Block]:
    """A Word document. Raises ReadError where it can't be opened or has no text."""
    partition = partitioner("docx")
    try:
        elements = partition(file=io.BytesIO(prepare(data)), languages=[""])
    except ReadError:
        raise
    except Exception as error:  # what python-docx and `unstructured` raise on a damaged file is no error of theirs, nor of one kind
        reason = " ".join(f"{type(error).__name__}: {error}".split())[:200]
        raise ReadError(f"a damaged Word file ({reason}); open it in Word and save it again as .docx") from error
    for element in elements:
        element.text = _BARE_NUMBER.sub(r"\1. ", element.text, count=1)
    return _blocks(elements, "the Word file")


def blocks_of_html(data: bytes) -> list[Block]:
    """A web page without what surrounds its text. Raises ReadError where it has none."""
    return _blocks(partitioner("html")(text=main_part(parse_page(data)), languages=[""]), "the web page")


def hints_of_html(data: bytes) -> Hints:
    """What a web page says of its document for machines. Raises ReadError where there is no page."""
    return hints_of(parse_page(data))


def blocks_of_text(data: bytes) -> list[Block]:
    """Plain text. Raises ReadError where the bytes are no text, or blank."""
    found = plain_text.paragraphs(plain_text.decode(data))
    if not found:
        raise ReadError("no text in the file")
    kinds = _kinds([text for _, text in found])
    return [Block(kind, text, page) for (page, text), kind in zip(found, kinds, strict=True)]


def _blocks(elements: Iterable[Any], what: str) -> list[Block]:
    found = [block for element in elements if element.category not in _LEFT_OUT for block in _of_element(element)]
    if not found:
        raise ReadError(f"{what} has no text; save it from the program that shows its text")
    return found


def _of_element(element: Any) -> Iterator[Block]:
    kind: Kind = _KINDS.get(element.category, "paragraph")
    if kind == "table":
        if text := "\n".join(_rows(element)):
            yield Block("table", text)
        return
    text = element.text
    if HEADING in text:
        kind = "heading"
    text = _MARKS.sub("", text)
    lines = [line for line in (tidy(line) for line in re.split(f"[\n{BREAK}]", text)) if line]
    if kind == "heading":
        lines = [" ".join(lines)] if lines else []
    for line in lines:
        yield Block(kind, line)


def _rows(element: Any) -> Iterator[str]:
    """The rows of a table, their cells separated by ` | `."""
    html = element.metadata.text_as_html
    if not html:  # a table that `unstructured` finds too large to lay out
        yield _cell(element.text)
        return
    table = etree.fromstring(html, etree.HTMLParser(huge_tree=True))
    for row in table.iter("caption", "tr"):
        cells = [row] if row.tag == "caption" else [cell for cell in row if cell.tag in ("td", "th")]
        line = " | ".join(_cell("".join(str(t) for t in cell.itertext())) for cell in cells).strip(" |")
        if line:
            yield line


def _cell(text: str) -> str:
    return tidy(" ".join(_MARKS.sub("", text).replace(BREAK, " ").split()))


def _kinds(paragraphs: list[str]) -> list[Kind]:
    """What each paragraph of a plain text is."""
    short = list(dict.fromkeys(text for text in paragraphs if len(text) <= _HEADING_LENGTH))[:_SHORT_LIMIT]
    text = "\n\n".join(line if line[0].isalnum() else f"{VERBATIM}{line}" for line in short)
    elements = partitioner("text")(text=text, paragraph_grouper=False, languages=[""]) if short else []
    kinds: dict[str, Kind] = {}
    for line, element in zip(short, elements, strict=True):
        kind: Kind = _KINDS.get(element.category, "paragraph")
        kinds[line] = "paragraph" if kind == "heading" and not _stands_alone(line) else kind
    return [kinds.get(paragraph, "paragraph") for paragraph in paragraphs]


def _stands_alone(line: str) -> bool:
    """Whether a line may be a heading: `unstructured` takes any few words for a title, the middle of a sentence too."""
    letters = [c for c in line if c.isalpha()]
    if _EAST.search(line):
        return len(line) <= 25 and not re.search("[，。；：,;]", line)
    return len(letters) > 1 and not letters[0].islower() and line[-1] not in ",;，；、。" and (line[-1] != "." or line.isupper())
