"""What prior art is asked for: a document of the index, a place in one, a file with claims, or words; and what can't count against it."""

import io
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import TypedDict, TypeVar

from assistant.errors import NoDateError
from assistant.prior_art.features import claim_chain
from index.errors import NotInIndexError
from index.filter import Filter
from index.hit import DocumentHit, Hit
from index.patent_index import PatentIndex
from ingest.anchor import split_anchor, text_at
from ingest.archives import open_stream
from ingest.claims.dependency import claim_references
from ingest.document import Claim, Dates, PatentDocument
from ingest.errors import ReadError
from ingest.forms import parsed
from ingest.outcome import Failed, Skipped
from ingest.reading import pieces_of_file
from ingest.schemes.scheme import Schemes

STANDARD_INPUT = "-"
_KIND = re.compile(r"(?<=\d)[A-Z]\d?$")
_CLAIM = re.compile(r"c(\d+)")
_SCHEME = re.compile(r"(?:IPC|CPC):")
_YEAR = re.compile(r"(?:US|WO|JP)((?:19|20)\d\d)\d{6,7}(?:[A-Z]\d?)?$")
_UNTIL_PUBLISHED = timedelta(days=549)
_DESCRIBED = 4000
"""Characters of the description that stand in for the abstract and the claims, where a document has neither."""
H = TypeVar("H", Hit, DocumentHit)


@dataclass(frozen=True)
class Asked:
    """`query` is the text to search by; `claims` and `claim` what a view holds references against, `claim` None for the first independent
    one; `document` is None for mere words."""

    name: str
    query: str
    claims: tuple[Claim, ...] = ()
    claim: int | None = None
    document: PatentDocument | None = None
    limit: date | None = None
    """What was published on or after this day is no prior art."""
    ruled_out: dict[str, bool] = field(default_factory=dict)
    """Whether a document can't count, because of its family or its date; as far as known."""

    @property
    def language(self) -> str:
        return self.document.language if self.document else ""


class Options(TypedDict, total=False):
    """What may be asked by instead of a query, and what of it: see `asked_for`."""

    like: str | None
    claims: str | Path | None
    claim: int | None
    prior_art: bool | date


def asked_for(
    index: PatentIndex,
    query: str = "",
    like: str | None = None,
    claims: str | Path | None = None,
    claim: int | None = None,
    prior_art: bool | date = False,
) -> Asked:
    """What is asked by one of a query, a document of the index or a place in it (`like`) and a file (`claims`).

    Raises ValueError where it is not one of them, and NotInIndexError, AnchorError, ReadError, ClaimError and NoDateError.
    """
    if bool(query.strip()) + (like is not None) + (claims is not None) != 1:
        raise ValueError("give one of a query, a document of the index (like) and a file with claims (claims)")
    if like is not None:
        asked = asked_document(index, like, claim)
    elif claims is not None:
        asked = asked_file(claims, claim)
    else:
        asked = asked_words(query)
    if prior_art is False:
        return asked
    return before_priority(asked, prior_art if isinstance(prior_art, date) else None)


def asked_words(query: str) -> Asked:
    """Words, a question, or the text of a claim, which is then claim 1."""
    return Asked(query, query, (Claim(number=1, text=query),))


def asked_document(index: PatentIndex, anchor: str, claim: int | None = None) -> Asked:
    """A document of the index, or a claim of it, or a paragraph, which a view then takes for a claim. Raises NotInIndexError and AnchorError."""
    number, part = split_anchor(anchor)
    document = index.document(number)
    if not part:
        return Asked(document.number, _query(document, claim), document.claims, claim, document)
    name = f"{document.number}#{part}"
    text = text_at(document, name)
    if marked := _CLAIM.fullmatch(part):
        return Asked(name, text, document.claims, claim or int(marked[1]), document)
    return Asked(name, text, (Claim(number=1, text=text),), None, document)


def asked_file(path: str | Path, claim: int | None = None) -> Asked:
    """The document in a file of any format that is ingested; `-` is standard input. A text without headings is one claim.

    Raises ReadError where there is no document in it, or more than one.
    """
    name = "standard input" if str(path) == STANDARD_INPUT else str(path)
    pieces = open_stream(io.BytesIO(sys.stdin.buffer.read()), name) if str(path) == STANDARD_INPUT else pieces_of_file(Path(path))
    outcomes = list(parsed(pieces, Schemes()))
    documents = [o for o in outcomes if isinstance(o, PatentDocument)]
    if len(documents) != 1:
        reasons = [o.reason if isinstance(o, Failed) else f"a {o.what}" for o in outcomes if isinstance(o, Failed | Skipped)]
        found = f"{len(documents)} documents in it; give a file with one" if documents else "; ".join(reasons[:1]) or "no document in it"
        raise ReadError(f"{name}: {found}")
    document = documents[0]
    if not document.claims and document.source.format == "text" and not any(s.heading for s in document.sections):
        text = "\n".join([*document.titles.values(), *(p.text for s in document.sections for p in s.paragraphs)])
        only = Claim(number=1, text=text, depends_on=claim_references(text, 1)[0])
        document = document.model_copy(update={"claims": (only,), "sections": (), "titles": {}})
    return Asked(name, _query(document, claim), document.claims, claim, document)


def _query(document: PatentDocument, claim: int | None) -> str:
    if claim is not None:
        return "\n".join(c.text for c in claim_chain(document.claims, claim, document.number))
    first = claim_chain(document.claims)[-1].text if document.claims else ""
    described = "" if document.abstract or first else "\n".join(p.text for s in document.sections for p in s.paragraphs)[:_DESCRIBED]
    return "\n".join(t for t in (document.title, document.abstract, first, described) if t)


def before_priority(asked: Asked, day: date | None = None) -> Asked:
    """The same, of prior art: published before the earliest priority of the document asked about (its filing, where it claims none), or
    before `day` where one is given. Raises NoDateError where there is none."""
    if day is None and asked.document is not None:
        day = asked.document.dates.priority or asked.document.dates.filing
    if day is None:
        raise NoDateError(f"{asked.name}: no priority or filing date is known; say before which day with --before, such as --before 2015-01-31")
    return replace(asked, limit=day, ruled_out={})


def limited(asked: Asked, where: Filter) -> Filter:
    """The filter with the date limit of what is asked for."""
    days = [day for day in (asked.limit, where.before) if day]
    return where.model_copy(update={"before": min(days)}) if days else where


def others(search: Callable[[int], Sequence[H]], k: int, asked: Asked, index: PatentIndex, schemes: bool = False) -> list[H]:
    """The k best of what `search(depth)` finds, without the document asked about, its family, what is no prior art by its date and, but for
    `schemes`, the entries of classification schemes."""
    depth = k if asked.document is None and asked.limit is None else 2 * k + 32
    while True:
        found = search(depth)
        kept = [hit for hit in found if (schemes or not _SCHEME.match(hit.number)) and not _is_ruled_out(asked, hit, index)]
        if len(kept) >= k or len(found) < depth:
            return [hit.model_copy(update={"rank": rank}) for rank, hit in enumerate(kept[:k], start=1)]
        depth *= 4


def _is_ruled_out(asked: Asked, hit: Hit | DocumentHit, index: PatentIndex) -> bool:
    if hit.number not in asked.ruled_out:

        def dates() -> Dates:
            return _dates(hit.number, index)

        of_family = asked.document is not None and same_family(asked.document, hit.number, [hit.title], dates)
        asked.ruled_out[hit.number] = of_family or (asked.limit is not None and not published_before(asked.limit, hit.number, dates()))
    return asked.ruled_out[hit.number]


def same_family(document: PatentDocument, number: str, titles: Iterable[str], dates: Callable[[], Dates]) -> bool:
    """The same number, with another kind code perhaps, or the same title with the same priority or filing date."""
    if _KIND.sub("", number) == _KIND.sub("", document.number):
        return True
    if not {t.casefold() for t in titles if t} & {t.casefold() for t in document.titles.values()}:
        return False
    own, other = document.dates, dates()
    return bool((own.priority and own.priority == other.priority) or (own.filing and own.filing == other.filing))


def published_before(limit: date, number: str, dates: Dates) -> bool:
    """Whether a document was published before a day. Where its publication date is unknown, it counts as published at the end of the year
    in its number (`US20130040387`), or eighteen months after its filing (Article 93 EPC, 35 U.S.C. 122(b), 专利法 34)."""
    if dates.publication:
        return dates.publication < limit
    if year := _YEAR.match(number):
        return int(year[1]) < limit.year
    return dates.filing is not None and dates.filing + _UNTIL_PUBLISHED < limit


def _dates(number: str, index: PatentIndex) -> Dates:
    try:
        return index.document(number).dates
    except NotInIndexError:  # removed since it was found
        return Dates()
