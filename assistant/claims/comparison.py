"""The comparison of two sets of claims: an application's with the grant's, or amended claims with those before.

Which claim has become which (`assistant.claims.pairing`), a redline of each (`redline`), what an amendment does to the scope
(`effect`), of which other claims it took up the features, and which new words the application as filed does not have (`added_matter`).
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from assistant.claims.added_matter import AddedMatter, Filed, added_matter
from assistant.claims.claim_set import ClaimSet, claim_set
from assistant.claims.effect import Effect, Scope, effect, keys
from assistant.claims.pairing import STATUS, pairs
from assistant.claims.redline import Piece, redline
from assistant.errors import ClaimError
from ingest.document import Claim, Frozen, PatentDocument

_READ = ("en", "zh")
_TAKEN = 0.8
_FEWEST_WORDS = 2
_SAME_TEXT = {"en": "claim {0}", "zh": "权利要求{0}"}


class ClaimChange(Frozen):
    """What has become of one claim. `old` is None for a claim that was added, `new` for one that was removed.

    `renumbered` claims have other numbers, of their own or in their references, and the same words. `effect` says what the words of the claim itself
    do (what a claim that it depends on loses or gains is said there), `narrowing` and `broadening` are these words. `taken_from` are old claims
    whose features this claim has taken up.
    """

    old: int | None
    new: int | None
    change: Literal["same", "renumbered", "amended", "added", "removed"]
    effect: Scope = ""
    redline: tuple[Piece, ...] = ()
    narrowing: tuple[str, ...] = ()
    broadening: tuple[str, ...] = ()
    taken_from: tuple[int, ...] = ()
    added_matter: tuple[AddedMatter, ...] = ()


class ClaimComparison(Frozen):
    """`old` and `new` are the numbers of the documents, `language` that of the claims. `filed` is the document whose disclosure counted as filed, ""
    where there was none; `unchecked` says what was not looked at. Changes are in the order of the new claims, a removed one after its predecessor.
    """

    old: str
    new: str
    language: str
    changes: tuple[ClaimChange, ...]
    filed: str = ""
    unchecked: tuple[str, ...] = ()


def compare(old: PatentDocument, new: PatentDocument, filed: PatentDocument | None = None, report_language: str = "") -> ClaimComparison:
    """How the claims of one document differ from those of another.

    `filed` is the application as filed; without it, that is `old` where it is an application. Raises ClaimError where one of the documents has
    no claims, or they have none in the same language.
    """
    before, after = _claim_sets(old, new, report_language)
    disclosed, unchecked = _disclosed(old, filed, before, after)
    found = pairs(before, after)
    merged = _merged(before, after, found)
    changes = [_changed(before, after, claim, found, merged, disclosed) for claim in after.claims]
    return ClaimComparison(
        old=old.number,
        new=new.number,
        language=after.language,
        changes=tuple(_with_removed(changes, before, set(found.values()))),
        filed=disclosed.document.number if disclosed else "",
        unchecked=unchecked,
    )


def _claim_sets(old: PatentDocument, new: PatentDocument, report_language: str) -> tuple[ClaimSet, ClaimSet]:
    """The claims of both in one language: that of the new document where the old one has it, else another that both have."""
    for document in (old, new):
        if not document.claims:
            raise ClaimError(f"{document.number}: there are no claims to compare")
    own = claim_set(new, "", report_language)
    first = claim_set(old, "", own.report_language)
    if first.language == own.language:
        return first, own
    for language in dict.fromkeys((own.language, first.language, *new.translated_claims)):
        before, after = claim_set(old, language, own.report_language), claim_set(new, language, own.report_language)
        if before.language == after.language == language:
            return before, after
    raise ClaimError(
        f"the claims of {old.number} are in {first.language}, those of {new.number} in {own.language}: compare claims that are in one language"
    )


def _disclosed(old: PatentDocument, filed: PatentDocument | None, before: ClaimSet, after: ClaimSet) -> tuple[Filed | None, tuple[str, ...]]:
    """The application as filed, if there is one whose description can be read; and what is not checked, in words."""
    zh = after.report_language == "zh"
    if after.language not in _READ:
        return None, (
            "未判断修改对保护范围的影响，也未检查修改是否超范围：只适用于英文和中文。"
            if zh
            else "What the amendments do to the scope, and whether they add matter, is read in English and Chinese alone.",
        )
    filed = filed or (old if _is_application(old) else None)
    if filed is None:
        return None, (
            f"未检查修改是否超范围：{old.number}不是申请文本，请指定原始申请文件。"
            if zh
            else f"Added matter was not checked: {old.number} is no application; name the application as filed.",
        )
    if not any(s.paragraphs for s in filed.sections) or (filed.language and filed.language != after.language):
        return None, (
            f"未检查修改是否超范围：{filed.number}没有与权利要求同语种的说明书。"
            if zh
            else f"Added matter was not checked: {filed.number} has no description in the language of the claims.",
        )
    besides = () if filed.number == old.number else tuple(c.text for c in before.claims)
    return Filed(filed, after.language, after.practice, after.report_language, besides), ()


def _is_application(document: PatentDocument) -> bool:
    """By its kind code; a US patent from before 2001 has the kind A, too, and an application there has the year in its number."""
    if document.country == "US":
        return re.fullmatch(r"US(?:19|20)\d{2}\d{6,7}(?:A\d?)?", document.number) is not None
    return document.kind.startswith("A")


def _changed(
    before: ClaimSet, after: ClaimSet, claim: Claim, found: Mapping[int, int], merged: Mapping[int, tuple[int, ...]], filed: Filed | None
) -> ClaimChange:
    if claim.number not in found:
        whole_claim = (Piece(kind="added", text=claim.text),)
        return ClaimChange(old=None, new=claim.number, change="added", redline=whole_claim, added_matter=_not_filed(claim, whole_claim, filed))
    was = before.by_number[found[claim.number]]
    pieces = redline(was.text, claim.text)
    moved = _dependency(before, after, was, claim, found, merged)
    if _without_references(before, was) == _without_references(after, claim) and not (moved.narrowing or moved.broadening):
        same = was.number == claim.number and _plain(was.text) == _plain(claim.text)
        return ClaimChange(old=was.number, new=claim.number, change="same" if same else "renumbered", redline=pieces)
    words = effect(was.text, claim.text, pieces, after.language) if after.language in _READ else None
    if words and claim.independent and not was.independent:
        words = _without_known(words, before, was)
    scope = Effect(words.narrowing + moved.narrowing, words.broadening + moved.broadening) if words else None
    return ClaimChange(
        old=was.number,
        new=claim.number,
        change="amended",
        effect=scope.scope if scope else "",
        redline=pieces,
        narrowing=scope.narrowing if scope else (),
        broadening=scope.broadening if scope else (),
        taken_from=merged.get(claim.number, ()),
        added_matter=_not_filed(claim, pieces, filed),
    )


def _not_filed(claim: Claim, pieces: Iterable[Piece], filed: Filed | None) -> tuple[AddedMatter, ...]:
    if filed is None:
        return ()
    spans, at = [], 0
    for piece in pieces:
        if piece.kind == "added":
            spans.append((at, at + len(piece.text)))
        if piece.kind != "removed":
            at += len(piece.text)
    return tuple(added_matter(claim, spans, filed))


def _plain(text: str) -> str:
    return " ".join(STATUS.sub("", text).split())


def _without_references(claims: ClaimSet, claim: Claim) -> str:
    """The text with a mark where it names other claims."""
    text = claim.text
    for reference, _ in reversed(claims.references(claim)):
        text = f"{text[: reference.start]}#{text[reference.end :]}"
    return _plain(text)


def _dependency(
    before: ClaimSet, after: ClaimSet, was: Claim, claim: Claim, found: Mapping[int, int], merged: Mapping[int, tuple[int, ...]]
) -> Effect:
    """What it does to a claim that it depends on others than before: not where they are those that its parents have become."""
    parents, now = set(was.depends_on), set(claim.depends_on)
    become = {o: n for n, o in found.items()}
    taken = {o: n for n, olds in merged.items() for o in olds if o not in become}
    images = {become.get(p, taken.get(p)) for p in parents}
    known = {i for i in images if i is not None}
    if now == known or not now:
        return Effect((), ())
    text = tuple(_SAME_TEXT.get(after.language, _SAME_TEXT["en"]).format(n) for n in sorted(now - known)) or ("#",)
    if not parents or (now < known):
        lost = tuple(_SAME_TEXT.get(after.language, _SAME_TEXT["en"]).format(n) for n in sorted(now))
        return Effect(lost, ())
    if known and known < now:
        return Effect((), text)
    if known and all(known & _ancestors(after, n) for n in now):
        return Effect(text, ())
    above = {become.get(a, taken.get(a)) for p in parents for a in _ancestors(before, p)}
    if now <= above:
        return Effect((), text)
    return Effect(text, text)


def _ancestors(claims: ClaimSet, number: int) -> set[int]:
    """All claims that a claim depends on, through others, too."""
    found: set[int] = set()
    waiting = [number]
    while waiting:
        claim = claims.by_number.get(waiting.pop())
        for parent in claim.depends_on if claim else ():
            if parent not in found:
                found.add(parent)
                waiting.append(parent)
    return found


def _without_known(words: Effect, before: ClaimSet, was: Claim) -> Effect:
    """Of a dependent claim that has become independent: what it already had through the claims that it depended on narrows nothing."""
    had = Counter(k for n in _ancestors(before, was.number) for k in keys(before.by_number[n].text)) if was.depends_on else Counter[str]()
    return Effect(tuple(t for t in words.narrowing if any(k not in had for k in keys(t))), words.broadening)


def _merged(before: ClaimSet, after: ClaimSet, found: Mapping[int, int]) -> dict[int, tuple[int, ...]]:
    """For each new claim the old ones whose own words it has taken up, and which are not there any more as they were."""
    words = {c.number: frozenset(keys(c.text)) for c in before.claims}
    bodies = {c.number: _body(before, c, words) for c in before.claims if not c.independent}
    kept = {o for n, o in found.items() if _without_references(before, before.by_number[o]) == _without_references(after, after.by_number[n])}
    result: dict[int, tuple[int, ...]] = {}
    for claim in after.claims:
        was = before.by_number.get(found.get(claim.number, 0))
        own = Counter(keys(_without_references(after, claim)))
        gained = own - Counter(keys(_without_references(before, was))) if was else own
        taken = []
        for number, body in bodies.items():
            if number in kept or (was and number == was.number):
                continue
            if sum(body.values()) >= _FEWEST_WORDS and _share(body, own) >= _TAKEN and _share(body, gained) >= _TAKEN:
                taken.append(number)
        if taken and was:
            below = [n for n in taken if was.number in _ancestors(before, n)]  # of claims that say the same, those that depended on this one
            chosen = below or taken
            result[claim.number] = tuple(n for n in chosen if not any(m in _ancestors(before, n) and bodies[m] == bodies[n] for m in chosen))
    return result


def _body(claims: ClaimSet, claim: Claim, words: Mapping[int, frozenset[str]]) -> Counter[str]:
    """What a dependent claim adds to those that it depends on, by their `words`; where that is next to nothing, its words without its head."""
    references = claims.references(claim)
    start = references[0][0].end if references and references[0][0].start < len(claim.text) // 2 else 0
    head = Counter(keys(claim.text[: references[0][0].start])) if references else Counter[str]()
    own = Counter(keys(claim.text[start:]))
    if claims.language == "zh":  # 根据权利要求1所述的水泵，其特征在于: the subject follows the reference
        cut = re.search(r"其?特征在于|其中|[，,]", claim.text[start:])
        own = Counter(keys(claim.text[start + cut.end() :])) if cut else own
    known = frozenset[str]().union(*(words.get(p, frozenset()) for p in claim.depends_on))
    fresh = Counter({k: n for k, n in own.items() if k not in known})
    return fresh if sum(fresh.values()) >= _FEWEST_WORDS else own - head


def _share(part: Counter[str], whole: Counter[str]) -> float:
    return sum((part & whole).values()) / max(1, sum(part.values()))


def _with_removed(changes: Sequence[ClaimChange], before: ClaimSet, kept: set[int]) -> list[ClaimChange]:
    """The changes with the claims that were removed, each after the change of the one before it in the old set."""
    result = list(changes)
    for claim in before.claims:
        if claim.number in kept:
            continue
        removed = ClaimChange(old=claim.number, new=None, change="removed", redline=(Piece(kind="removed", text=claim.text),))
        place = max((i + 1 for i, c in enumerate(result) if c.old is not None and c.old < claim.number), default=0)
        result.insert(place, removed)
    return result
