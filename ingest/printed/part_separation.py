"""The blocks of a printed patent, after its front page, separated into title, abstract, claims, description and signatures."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from ingest.printed.blocks import Block
from ingest.printed.printed_claims import begins_claim, refers_to_claim
from ingest.printed.printed_parts import (
    PARAGRAPH_NUMBER,
    Part,
    claims_opening,
    is_heading,
    is_name,
    is_signature,
    labelled_title,
    looks_like_heading,
    part_of,
)
from ingest.section_kind import kind_of_heading

_BOILERPLATE = re.compile(
    r"(?:in\s+the\s+)?(?:united\s+states|u\.?s\.?)?\s*(?:non-?provisional|provisional|utility)?\s*patent(?:\s+(?:application|specification|document))?"
    r"(?:\s+(?:for|of|draft))?|in\s+the\s+united\s+states\s+patent\s+and\s+trademark\s+office|(?:attorney\s+)?docket\s+n.*|inventors?\s*[:：].*"
    r"|applicants?\s*[:：].*|confidential.*|draft.*|(?:发明|实用新型)?专利(?:申请)?(?:文件|书)?",
    re.IGNORECASE,
)
_LISTED = re.compile(r"\W*(?:\d{1,3}[.)、．）]\s|第[一二三四五六七八九十百\d]+[条章节编部]|(?:figs?|figures?|图)\.?\s?\d)", re.IGNORECASE)
_FIGURE = re.compile(r"\W*(?:figs?|figures?|图)\.?\s?\d.{0,10}", re.IGNORECASE)
_ENDS = (".", "。", "．", ";", "；", ":", "：", ",", "，", "、")
_TITLE_LENGTH = 300
_ABSTRACT_LENGTH, _ABSTRACT_BLOCKS = 3000, 10
_SIGNATURE_LENGTH = 200
_NEAR = 30
"""How many blocks after claim 1 the second claim is looked for, where nothing else says that these are claims."""

State = Literal["front", "title", "abstract", "claims", "description", "signatures"]


@dataclass
class ClaimSet:
    """The blocks of one set of claims; `language` is that of the words above it."""

    language: str
    texts: list[str] = field(default_factory=list)


@dataclass
class Parts:
    """`described` has the headings (True) and paragraphs (False) of the description, and the sets of claims where they stand."""

    title: str = ""
    abstract: Sequence[str] = ()
    described: list[tuple[bool, str] | ClaimSet] = field(default_factory=list)
    front: list[str] = field(default_factory=list)
    signatures: list[str] = field(default_factory=list)


def separate(blocks: Sequence[Block], title: str = "", title_may_come: bool = True) -> Parts:
    """The parts; `title` is the one that is known already, which is not repeated in the description.

    Where there is none, the first lines may be the title, unless `title_may_come` says that they are not.
    """
    return _Separation(blocks, title, title_may_come).finished()


class _Separation:
    def __init__(self, blocks: Sequence[Block], title: str, title_may_come: bool) -> None:
        self.parts = Parts(title=title)
        self._state: State = "front"
        self._claims: ClaimSet | None = None
        self._claims_page = 0
        self._abstracts: list[tuple[int, list[str]]] = []  # where they stand in the description
        self._title_may_come = title_may_come and not title
        opening = _opening(blocks)
        for position, block in enumerate(blocks):
            if (named := part_of(block.text)) is not None:
                self._begin(*named)
            elif position == opening:
                self._open_claims(block)
            else:
                self._add(block, any(is_signature(other.text) for other in blocks[position + 1 : position + 4]))

    def finished(self) -> Parts:
        """The parts, with one abstract: the one before the description, else the last; others stay where they are."""
        own = next((i for i, (at, _) in enumerate(self._abstracts) if not self._told(at)), len(self._abstracts) - 1)
        for i, (at, texts) in reversed(list(enumerate(self._abstracts))):
            if i == own:
                self.parts.abstract = texts
            elif texts:
                self.parts.described[at:at] = [(True, "Abstract"), *((False, text) for text in texts)]
        return self.parts

    def _told(self, end: int | None = None) -> bool:
        """Whether there is a paragraph of the description, before a place in it."""
        return any(isinstance(each, tuple) and not each[0] for each in self.parts.described[:end])

    def _begin(self, part: Part, language: str) -> None:
        if part == "claims":
            if self._state != "claims" or self._claims is None or self._claims.language != language:
                self._claims = ClaimSet(language)
                self.parts.described.append(self._claims)
            self._state, self._title_may_come = "claims", False
        elif part == "title":
            self._state = "title"
        else:
            self._state = "abstract" if part == "abstract" else "description"
            if part == "abstract" and not (self._abstracts and not self._abstracts[-1][1]):
                self._abstracts.append((len(self.parts.described), []))
            self._title_may_come = part == "description" and not self.parts.title

    def _open_claims(self, block: Block) -> None:
        span = claims_opening(block.text)
        before, after = (block.text[: span[0]].strip(), block.text[span[1] :].strip()) if span else ("", block.text)
        if before:
            self._describe(Block(block.kind, before, block.page))
        self._begin("claims", "")
        if after and self._claims is not None:
            self._claims.texts.append(after)

    def _add(self, block: Block, signature_follows: bool) -> None:
        """A block that belongs to the part that is being read, or ends it."""
        if self._state == "claims" and self._claims is not None:
            if not self._claims.texts and (span := claims_opening(block.text)) and not block.text[: span[0]].strip():
                self._claims.texts += [block.text[span[1] :].strip()] if span[1] < len(block.text) else []
                return
            name_above = signature_follows and is_name(block.text)
            if (name_above or is_signature(block.text)) and self._claims_are_complete():
                self._sign(block)
                return
            if not (_ends_part(block, self._claims.texts) or self._is_pages_later(block)):
                self._claims.texts.append(block.text)
                self._claims_page = block.page
                return
            self._state = "description"
        if self._state == "signatures":
            if len(block.text) <= _SIGNATURE_LENGTH and kind_of_heading(block.text) is None:
                self.parts.signatures.append(block.text)
                return
            self._state = "description"
        if self._state == "abstract":
            texts = self._abstracts[-1][1]
            full = sum(map(len, texts)) > _ABSTRACT_LENGTH or len(texts) >= _ABSTRACT_BLOCKS
            if not (full or _ends_part(block, texts)):
                texts.append(block.text)
                return
            self._state = "description"
        self._describe(block)

    def _is_pages_later(self, block: Block) -> bool:
        """Whether pages of drawings lie between the claims and a block, such as one of a search report."""
        return 0 < self._claims_page < block.page - 1 and not _LISTED.match(block.text)

    def _claims_are_complete(self) -> bool:
        """Whether the last claim has its full stop, or a name stands below it."""
        last = self._claims.texts[-1].rstrip() if self._claims and self._claims.texts else "."
        return last.endswith((".", "。", "．")) or is_name(last)

    def _sign(self, block: Block) -> None:
        """The signatures begin, with the names in capitals that stand before."""
        texts = self._claims.texts if self._claims else []
        names = 0
        while len(texts) - names > 1 and is_name(texts[-1 - names]):
            names += 1
        self.parts.signatures += [*texts[len(texts) - names :], block.text]
        del texts[len(texts) - names :]
        self._state = "signatures"

    def _describe(self, block: Block) -> None:
        text = block.text
        if (titled := labelled_title(text)) and not self.parts.title:
            self.parts.title, self._title_may_come = titled, False
        elif self._state == "title":
            self._state = "description"
            if self.parts.title:
                self.parts.described.append((False, text))
            else:
                self.parts.title, self._title_may_come = text, False
        elif block.kind != "table" and self._repeats_title(text):
            return
        elif self._title_may_come and _BOILERPLATE.fullmatch(text.strip()):
            self.parts.front.append(text)
        elif self._title_may_come and _is_title(block):
            self.parts.title, self._title_may_come = text.strip(), False
        else:
            self._title_may_come = False
            self.parts.described.append((is_heading(block), text))

    def _repeats_title(self, text: str) -> bool:
        """Whether the block is the title again, as at the head of the description."""
        return bool(self.parts.title) and not self._told() and _letters(text) == _letters(self.parts.title)


def _letters(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())


def _opening(blocks: Sequence[Block]) -> int | None:
    """The block with the words that open the claims, where no heading does; or the first claim, where no words do."""
    if any(named[0] == "claims" for block in blocks if (named := part_of(block.text))):
        return None
    found = [position for position, block in enumerate(blocks) if claims_opening(block.text)]
    for position in reversed(found):
        span = claims_opening(blocks[position].text)
        after = blocks[position].text[span[1] :].strip() if span else ""
        after = after or (blocks[position + 1].text if position + 1 < len(blocks) else "")
        if begins_claim(after, 1):
            return position
    if found:
        return found[-1]
    for position, block in enumerate(blocks):
        if begins_claim(block.text, 1):
            near = blocks[position + 1 : position + _NEAR]
            if any(begins_claim(other.text, 2) and refers_to_claim(other.text) for other in near):
                return position
    return None


def _ends_part(block: Block, texts: list[str]) -> bool:
    """Whether a block is what follows the claims or the abstract: a heading of the description, a numbered paragraph, a drawing."""
    text = block.text
    number = PARAGRAPH_NUMBER.match(text)
    if number and len(number[1] or number[2]) >= 4:
        return True
    if not texts or not texts[-1].rstrip().endswith((".", "。", "．")):
        return False
    if _FIGURE.fullmatch(text):
        return True
    if _LISTED.match(text) or text[:1].islower():
        return False
    return block.kind == "heading" or (len(text) <= 100 and kind_of_heading(text) is not None and looks_like_heading(text))


def _is_title(block: Block) -> bool:
    """Whether the first lines of a document without labels are its title."""
    text = block.text.strip()
    if len(text) > _TITLE_LENGTH or sum(c.isalpha() for c in text) < 2 or _LISTED.match(text) or PARAGRAPH_NUMBER.match(text):
        return False
    if block.kind == "table" or (is_heading(block) and kind_of_heading(text) is not None):
        return False
    return block.kind == "heading" or text.isupper() or not text.endswith(_ENDS)
