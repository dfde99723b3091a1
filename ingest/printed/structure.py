"""A patent from the blocks of its pages: what was printed, written in Word, saved from a web site or typed, with no markup of an office.

What each block is, is told from what the offices and drafters print: INID codes on the front page (`front_page`), the head of old
letters patent (`letters_patent`), the words that open claims and abstract (`printed_parts`), the numbers of claims (`printed_claims`)
and of paragraphs. Nothing is thrown away but those words and numbers and the lines that became fields: lines of a front page that
say something else come first in a section `Front page`, signatures last in a section `Signatures`.
"""

import hashlib
import re
from collections.abc import Iterable
from pathlib import PurePath

from pydantic import ValidationError

from ingest.build import SectionBuilder
from ingest.document import Claim, Dates, PatentDocument, Section, Source
from ingest.errors import ReadError, first_problem
from ingest.language import CJK
from ingest.printed.blocks import Block
from ingest.printed.front_page import FrontPage, read_front_page
from ingest.printed.hints import Hints
from ingest.printed.latin_language import language_of
from ingest.printed.letters_patent import read_letters_patent
from ingest.printed.part_separation import ClaimSet, Parts, separate
from ingest.printed.printed_claims import claims_of_text
from ingest.printed.printed_number import printed_number
from ingest.printed.printed_paragraphs import Numbering

FRONT_PAGE, SIGNATURES = "Front page", "Signatures"
_NOT_IN_NUMBER = re.compile(rf"[^0-9A-Za-z{CJK}._-]+")
_STEM_LENGTH = 100
_LOOK_FOR_NUMBER = 10


def document_of_blocks(
    blocks: Iterable[Block], source: Source, name: str, hints: Hints | None = None, warnings: Iterable[str] = ()
) -> PatentDocument:
    """The document that the blocks of one file are.

    `name` is the file's name, from which a document without a publication number gets one; `hints` are facts known from
    elsewhere, which take precedence over the front page; `warnings` are those of whoever made the blocks. Raises ReadError
    where there are no words.
    """
    given = [block for block in blocks if block.text.strip()]
    if not any(c.isalpha() for block in given for c in block.text):
        raise ReadError("no words in the file; if its pages are images, it has to be read by OCR")
    told = list(warnings)
    page = _first_page(given)
    told += page.doubts
    facts = Hints(**{**page.facts, **(hints or {})})
    parts = separate(page.rest, facts.get("title", ""), title_may_come=not page.facts)
    number, kind = _number(facts, given, source, name, told)
    if not number.startswith("FILE:"):
        _compare_with_name(number, name, told)
    described = [each[1] for each in parts.described if isinstance(each, tuple)]
    language = facts.get("language") or language_of(" ".join(described)) or language_of(" ".join(block.text for block in given)) or "en"
    claims = _ClaimSets(parts, language, told)
    count = facts.get("claim_count", 0)
    if count and claims.own and count != len(claims.own):
        told.append(f"the front page says {count} claims; {len(claims.own)} were found")
    if not claims.own:
        told.append("no claims were found: no heading opens any, nor do words such as `What is claimed is`")
    abstract = facts.get("abstract", "")
    repeated = "\n".join(parts.abstract)
    try:
        return PatentDocument(
            number=number,
            kind=kind,
            language=language,
            dates=Dates(filing=facts.get("filing"), publication=facts.get("publication"), priority=facts.get("priority") or facts.get("filing")),
            titles=_titles(facts.get("title") or parts.title, facts.get("other_titles", []), language),
            abstracts={language: abstract or repeated} if abstract or repeated else {},
            claims=claims.own,
            translated_claims=claims.translated,
            sections=_sections(page, parts, claims, repeated if abstract and _letters(repeated) != _letters(abstract) else ""),
            classifications=tuple(facts.get("classifications", ())),
            parties=tuple(facts.get("parties", ())),
            citations=tuple(facts.get("citations", ())),
            warnings=tuple(told),
            source=source,
        )
    except ValidationError as error:
        raise ReadError(f"the names of parts of a patent, and no text in them ({first_problem(error)})") from error


def _first_page(blocks: list[Block]) -> FrontPage:
    page = read_front_page(blocks)
    return page if page.facts else read_letters_patent(blocks)


def _letters(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())


def _number(facts: Hints, blocks: list[Block], source: Source, name: str, told: list[str]) -> tuple[str, str]:
    """The publication number and its kind code; for a document without one, a number made from the file's name."""
    if facts.get("number"):
        return facts["number"], facts.get("kind", "")
    for block in blocks[:_LOOK_FOR_NUMBER]:
        found = printed_number(block.text) if len(block.text) < 40 else None
        if found and found.kind and found.end == len(block.text.strip()) and found.number.endswith(_letters(block.text).upper()[-6:]):
            return found.number, found.kind
    stem = _NOT_IN_NUMBER.sub("-", PurePath(name).stem)[:_STEM_LENGTH].strip("-") or "document"
    number = f"FILE:{stem}-{hashlib.sha256((source.path or name).encode('utf-8', 'replace')).hexdigest()[:6]}"
    told.append(f"no publication number in the file; it is kept as {number}")
    return number, ""


def _compare_with_name(number: str, name: str, told: list[str]) -> None:
    """A scan's number may be misread; many files are named by it."""
    named = [digits.lstrip("0") for digits in re.findall(r"\d{4,}", name)]
    if named and not any(digits and digits in number for digits in named):
        told.append(f"the number {number} was read off the page, but the file is named {name}: check which is right")


def _titles(title: str, others: list[str], language: str) -> dict[str, str]:
    """The titles by language; those in other languages are in the two that are left of the EPO's three."""
    titles = {language: title} if title else {}
    left = [other for other in ("en", "de", "fr") if other != language]
    for other in others:
        guess = language_of(other)
        guess = guess if guess in left else next(iter(left), "")
        if guess:
            titles[guess] = other
            left.remove(guess)
    return titles


class _ClaimSets:
    """The sets of claims: the document's own, those in other languages, and, by their position, what is none."""

    def __init__(self, parts: Parts, language: str, told: list[str]) -> None:
        self.own: tuple[Claim, ...] = ()
        self.translated: dict[str, tuple[Claim, ...]] = {}
        self.left: dict[int, list[str]] = {}
        sets = {i: each for i, each in enumerate(parts.described) if isinstance(each, ClaimSet) and any(t.strip() for t in each.texts)}
        languages = {i: language_of(" ".join(each.texts)) or each.language or language for i, each in sets.items()}
        own = next((i for i in sets if languages[i] == language), next(iter(sets), None))
        for i, each in sets.items():
            found = claims_of_text(each.texts)
            self.left[i] = [found.before] if found.before else []
            if i == own:
                self.own = found.claims
            elif languages[i] != languages[own if own is not None else i] and languages[i] not in self.translated:
                self.translated[languages[i]] = found.claims
            elif found.claims and self.own and found.claims[0].number == self.own[-1].number + 1:
                self.own = (*self.own, *found.claims)
            else:
                self.left[i] = each.texts
                told.append("a second set of claims in the same language is kept as a section of the description")
                continue
            told += [warning if i == own else f"{warning} (claims in {languages[i]})" for warning in found.warnings]


def _settle_last_heading(parts: Parts) -> None:
    """A heading that nothing follows is kept as a paragraph."""
    for position, each in reversed(list(enumerate(parts.described))):
        if isinstance(each, tuple):
            parts.described[position] = (False, each[1])
            return


def _sections(page: FrontPage, parts: Parts, claims: _ClaimSets, second_abstract: str) -> tuple[Section, ...]:
    builder = SectionBuilder()
    for heading, lines in ((FRONT_PAGE, [*page.lines, *parts.front]), ("Abstract", [second_abstract])):
        if any(lines):
            builder.heading(heading)
            for line in lines:
                builder.paragraph("", line)
    if any(page.lines) or parts.front or second_abstract:
        builder.mark("description")  # what follows is under no heading
    _settle_last_heading(parts)
    numbering = Numbering(each[1] for each in parts.described if isinstance(each, tuple) and not each[0])
    for position, each in enumerate(parts.described):
        if isinstance(each, ClaimSet):
            for text in claims.left.get(position, ()):
                for line in text.split("\n"):
                    builder.paragraph("", line)
        elif each[0]:
            builder.heading(each[1])
        else:
            for number, text in numbering.split(each[1]):
                builder.paragraph(number, text)
    if parts.signatures:
        builder.heading(SIGNATURES)
        for line in parts.signatures:
            builder.paragraph("", line)
    return builder.build()
