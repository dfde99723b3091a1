"""A claim chart: a claim, feature by feature, against references that are named or that a search finds before its priority date.

The verdicts and quotations are those of `assistant.prior_art.coverage`, the search and the pairs those of `assistant.prior_art.references`. What
a language model makes of the verdicts is `assistant.claims.chart_reasons`.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from string import ascii_lowercase

from assistant.answer import Statement
from assistant.errors import ClaimError
from assistant.prior_art.asked import Asked, before_priority, limited, published_before, same_family
from assistant.prior_art.coverage import Coverage
from assistant.prior_art.features import Feature
from assistant.prior_art.references import ORDER, Pair, Reference, held_against, pairs, references, wanted_by
from index.filter import Filter
from index.patent_index import PatentIndex
from ingest.document import Frozen, PatentDocument

_NOTES = {
    "en": {
        "late": "{number}: published on {day}, not before {limit}.",
        "earlier": "{number}: published on {day}, not before {limit}, but filed before it: as an earlier application it may still count "
        "(35 U.S.C. 102(a)(2), Article 54(3) EPC, 专利法第22条第2款).",
        "undated": "{number}: its publication date is not known; whether it is from before {limit} was not established.",
        "family": "{number}: of the family of the document whose claim this is.",
        "no priority": "{number}: no priority or filing date is known; whether the references are earlier was not checked.",
        "language": "{number}: in a language in which the features can't be looked for.",
        "nothing": "Nothing that was published before {limit} was found to disclose any feature.",
    },
    "zh": {
        "late": "{number}：公开日为{day}，不早于{limit}。",
        "earlier": "{number}：公开日为{day}，不早于{limit}，但申请日在此之前："
        "仍可能作为在先申请（专利法第22条第2款、35 U.S.C. 102(a)(2)、EPC第54(3)条）。",
        "undated": "{number}：公开日不详，未能确定其是否早于{limit}。",
        "family": "{number}：与该权利要求所属文献为同族。",
        "no priority": "{number}：没有优先权日或申请日，未核对对比文件是否在先。",
        "language": "{number}：所用语言无法与技术特征比对。",
        "nothing": "未检索到{limit}之前公开的、公开了任一技术特征的文献。",
    },
}


class Reason(Frozen):
    """What a language model says of one feature in one reference: `statement` is its reason and what the checker finds of that; `agrees` says
    whether its verdict is that of the chart, None where it gave none."""

    number: str
    label: str
    statement: Statement
    agrees: bool | None


class ClaimChart(Frozen):
    """A claim against references.

    `references` are nearest first; of those that a search found, the k nearest, both of the pair, and for each feature that these don't have
    the best that does. `before` is the day before which these were published, None where references were named. `nearest` is the number of the
    single reference that covers most, "" where none has any feature; `pair` the two that cover most together, where that is more than the
    nearest alone. `left_over` are the labels of the features that no reference has even partly. `notes` say what has to be known about dates,
    families and languages.
    """

    document: str
    claim: int
    language: str
    before: date | None
    features: tuple[Feature, ...]
    references: tuple[Reference, ...]
    nearest: str
    pair: Pair | None
    left_over: tuple[str, ...]
    notes: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()


def claim_chart(
    index: PatentIndex,
    document: PatentDocument,
    claim: int = 0,
    against: Sequence[str | PatentDocument] = (),
    k: int = 5,
    where: Filter | None = None,
    before: date | None = None,
    report_language: str = "",
) -> ClaimChart:
    """The chart of a claim of `document`, which need not be in the index; claim 0 is the first independent one.

    `against` names references: numbers of the index, or documents from anywhere. Where it is empty, the k nearest of those are taken that a
    search within `where` finds from before `before`, by default the priority date of the document; the document and its family are never
    found. `report_language` (en or zh) is that of the notes, by default Chinese for Chinese claims and English for others.

    Raises ClaimError where there is no such claim or two references have one number, NotInIndexError for a reference, and NoDateError where a
    search has no date to go by.
    """
    asked = Asked(document.number, "", document.claims, claim or None, document)
    wanted = wanted_by(index, asked)
    notes_language = report_language or ("zh" if wanted.language.partition("-")[0] == "zh" else "en")
    if notes_language not in _NOTES:
        raise ClaimError(f"{notes_language}: the notes of a chart are written in en or zh")
    named = _named(index, against)
    if named:
        found = held_against(index, wanted, named.values())
    else:
        asked = before_priority(asked, before)
        found = references(index, asked, limited(asked, where or Filter()), wanted)
    nearest = found[0] if found and _worth(found[0].coverages) else None
    pair = _pair(found, nearest)
    shown = found if named else _shown(wanted.features, found, k, pair)
    limit = asked.limit or before or document.dates.priority or document.dates.filing
    return ClaimChart(
        document=document.number,
        claim=int(wanted.features[-1].label.rstrip(ascii_lowercase)),  # the features of the claims that it depends on come first
        language=wanted.language,
        before=asked.limit,
        features=wanted.features,
        references=tuple(shown),
        nearest=nearest.number if nearest else "",
        pair=pair,
        left_over=_missing(wanted.features, shown),
        notes=tuple(_notes(document, limit, shown, named, _NOTES[notes_language])),
    )


def _named(index: PatentIndex, against: Sequence[str | PatentDocument]) -> dict[str, PatentDocument]:
    named: dict[str, PatentDocument] = {}
    for each in against:
        document = each if isinstance(each, PatentDocument) else index.document(each)
        if named.setdefault(document.number, document) != document:
            raise ClaimError(f"{document.number}: two different references have this number; hold the claim against one of them at a time")
    return named


def _pair(found: Sequence[Reference], nearest: Reference | None) -> Pair | None:
    """The pair with the greatest share of those whose verdicts are together better than the nearest reference's alone."""
    if nearest is None:
        return None
    return next((p for p in pairs(found) if _worth(p.coverages) > _worth(nearest.coverages)), None)


def _worth(coverages: Sequence[Coverage]) -> int:
    return sum(ORDER[c.verdict] for c in coverages)


def _shown(features: Sequence[Feature], found: Sequence[Reference], k: int, pair: Pair | None) -> list[Reference]:
    """The k nearest, the pair, and what has a feature that these don't have."""
    shown = [*found[:k]]
    if pair:
        shown += [r for r in (pair.first, pair.second) if r not in shown]
    for label in _missing(features, shown):
        if label in _missing(features, shown):
            shown += [r for r in found if label not in _missing(features, [r])][:1]
    return sorted(shown, key=lambda r: r.rank)


def _missing(features: Sequence[Feature], shown: Sequence[Reference]) -> tuple[str, ...]:
    """The labels of the features that none of these references has."""
    had = {c.feature.label for r in shown for c in r.coverages if ORDER[c.verdict]}
    return tuple(f.label for f in features if f.label not in had)


def _notes(
    document: PatentDocument, limit: date | None, shown: Sequence[Reference], named: Mapping[str, PatentDocument], words: Mapping[str, str]
) -> Iterator[str]:
    if not shown:
        yield words["nothing"].format(limit=limit)
    if named and limit is None:
        yield words["no priority"].format(number=document.number)
    for each in shown:
        if all(c.verdict == "unchecked" for c in each.coverages):
            yield words["language"].format(number=each.number)
        if reference := named.get(each.number):
            yield from _of_named(document, limit, reference, words)


def _of_named(document: PatentDocument, limit: date | None, reference: PatentDocument, words: Mapping[str, str]) -> Iterator[str]:
    """What is to be known of the family and the date of a reference that no search has chosen."""
    number, dates = reference.number, reference.dates
    if same_family(document, number, reference.titles.values(), lambda: dates):
        yield words["family"].format(number=number)
    if limit is not None and not published_before(limit, number, dates):
        filed = dates.priority or dates.filing
        what = "undated" if dates.publication is None else "earlier" if filed is not None and filed < limit else "late"
        yield words[what].format(number=number, day=dates.publication, limit=limit)
