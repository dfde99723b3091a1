"""What an amendment does to the scope of a claim: the words that narrow it and those that broaden it.

A limitation that is put in narrows and one that is taken out broadens; among alternatives it is the reverse. A range that shrinks narrows,
and so does "consisting of" for "comprising" (MPEP 2111.03). Articles, marks, reference signs, references to claims and other ways to say the same
are wording. Where other words take the place of words, only their meaning tells: they are given on both sides.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Literal, NamedTuple

from assistant.claims.pairing import STATUS
from assistant.claims.quantities import Quantity, quantities
from assistant.claims.redline import Edit, Piece, edits
from index.terms import terms
from ingest.claims.claim_parts import claim_parts
from ingest.claims.claim_reference import find_references
from ingest.language import CJK

Scope = Literal["", "narrowed", "broadened", "mixed", "wording"]
_LETTER = rf"(?:(?![{CJK}_])\w)"
_WORD = re.compile(rf"[{CJK}]+|{_LETTER}+(?:[.'’]{_LETTER}+)*")
_WORDING = frozenset(
    """
    a an the said such this that these those which who it its their there is are was were be being been has have having had do does
    comprising comprises comprise comprised including includes include containing contains contain consisting consists consist
    wherein whereby where in of on to for by with at from as and further also additionally respective respectively thereof therein thereto
    therefrom therewith characterized characterised configured adapted arranged operable operative designed claim claims according
    recited claimed defined set forth step steps at least one more
    的 所述 该 一种 一个 其 其中 特征 在于 上述 前述 为 是 和 与 及 以及 并 并且 且 于 在 中 有 包括 包含 含有 具有 还 进一步 根据 权利要求 权利 要求
    所 述 设有 设置 至少 个 之 地 得 用于 被 将 由 所说 步骤
    """.split()
)
_SAME_AS = {"或者": "或", "及/或": "或", "utilizing": "using", "utilising": "using", "utilize": "use", "upon": "when", "if": "when", "can": "may"}
_OR = frozenset(("or", "或", "或者"))
_AND = frozenset(("and", "和", "与", "及", "以及", "、"))
_SOFT = frozenset(
    """
    about approximately substantially generally essentially roughly nearly almost optionally
    约 大约 大致 基本 基本上 大体 大体上 近似 可选 可选地 可选择地 任选 任选地
    """.split()
)
_NEGATIVE = re.compile(
    r"\b(?:not|non|no|never|without|except|excluding|neither|nor|unless|other\s+than|free\s+(?:of|from))\b|[不无非未除]", re.IGNORECASE
)
_EXAMPLE = re.compile(
    r"^\W*(?:(?:and\s+|more\s+)?(?:preferably|for\s+example|e\.g\.|such\s+as|in\s+particular|for\s+instance)\b|优选|例如|比如|尤其|特别是)",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[;；。\n:：]|\b(?:wherein|whereby|characteri[sz]ed)\b|其中|其特征在于", re.IGNORECASE)
_LIST_LEAD = re.compile(
    r"\b(?:selected\s+from|group\s+(?:consisting|comprising|composed)\s+of|(?:at\s+least\s+)?one\s+(?:or\s+more\s+)?of|any\s+(?:one\s+)?of"
    r"|either)\b(?!.*\b(?:wherein|having|which|that\s+(?:is|are))\b)|选自(?!.*(?:之一|中的|组成的|构成的))",
    re.IGNORECASE | re.DOTALL,
)
_SEPARATED_BEFORE = re.compile(r"(?:[,，、;；:：]|\b(?:of|from|either|and|or)|或者?|和|与|及|选自|由)\s*$", re.IGNORECASE)
_SEPARATED_AFTER = re.compile(r"\s*(?:[,，、;；.。]|$|(?:and|or)\b|或|和|与|及|中的|之一|组成|构成)", re.IGNORECASE)
_STARTS_WITH_OR = re.compile(r"\s*[,，、;；]?\s*(?:(?:and/)?or\b|或)", re.IGNORECASE)
_ENDS_WITH_OR = re.compile(r"(?:\bor|或者?)\s*$", re.IGNORECASE)
_OR_WITHIN = re.compile(r"\bor\b|或", re.IGNORECASE)
_OR_FOLLOWS = re.compile(r"[^;；。:：]{0,80}?(?:\bor\b|或)", re.IGNORECASE)
_MOST_WORDS_OF_A_MEMBER = 8
_OPENNESS = {"closed": 0, "partly": 1, "open": 2}
_SIGN = re.compile(r"[(（]\s*(?:[A-Z]{0,2}\d{1,4}[a-zA-Z]{0,2}['’′]{0,2}(?:\s*[,;，；、]\s*|\s*(?:-|–|to|至)\s*)?)+\s*[)）]")


class Effect(NamedTuple):
    """The words that narrow a claim and those that broaden it, in the order of the text."""

    narrowing: tuple[str, ...]
    broadening: tuple[str, ...]

    @property
    def scope(self) -> Scope:
        """`wording` where the words are others and the scope is not: for a claim that was amended at all."""
        if self.narrowing and self.broadening:
            return "mixed"
        return "narrowed" if self.narrowing else "broadened" if self.broadening else "wording"


class _Change(NamedTuple):
    """An edit of which words of content are left: their keys and the text that they stand in, on both sides."""

    edit: Edit
    removed: tuple[str, ...]
    added: tuple[str, ...]
    removed_text: str
    added_text: str


def effect(old: str, new: str, pieces: Iterable[Piece], language: str) -> Effect:
    """What the edits of a redline do to the scope of a claim in English or Chinese."""
    narrowing: list[tuple[int, str]] = []
    broadening: list[tuple[int, str]] = []
    changed = edits(pieces)
    _of_openness(old, new, language, narrowing, broadening)
    taken_old, taken_new = _of_ranges(old, new, changed, narrowing, broadening)
    taken_old += _no_content(old)
    taken_new += _no_content(new)
    changes = _without_moved([_change(old, new, e, taken_old, taken_new) for e in changed])
    for change in changes:
        less, more = _of_words(old, new, change)
        narrowing += ((change.edit.new_start, text) for text in less if text)
        broadening += ((change.edit.new_start, text) for text in more if text)
    return Effect(tuple(text for _, text in sorted(narrowing)), tuple(text for _, text in sorted(broadening)))


def keys(text: str) -> tuple[str, ...]:
    """What the words of a text mean for its scope: stems, without words that limit nothing."""
    found: list[str] = []
    for match in _WORD.finditer(text.lower()):
        found += _keys_of_run(match.group())
    return tuple(found)


@lru_cache(maxsize=50_000)
def _keys_of_run(run: str) -> tuple[str, ...]:
    if run[0] < "㐀":
        words = [run]
    else:
        import rjieba

        words = rjieba.cut(run)
    means = [_SAME_AS.get(w, w) for w in words]
    return tuple(key for word in means if word not in _WORDING for key in terms(word) or [word])


def _no_content(text: str) -> list[tuple[int, int]]:
    """Where a claim names other claims, where reference signs stand, and the status of a US amendment."""
    status = STATUS.match(text)
    return [(r.start, r.end) for r in find_references(text)] + [m.span() for m in _SIGN.finditer(text)] + ([status.span()] if status else [])


def _of_openness(old: str, new: str, language: str, narrowing: list[tuple[int, str]], broadening: list[tuple[int, str]]) -> None:
    before, after = claim_parts(old, language), claim_parts(new, language)
    if not before.openness or not after.openness or before.openness == after.openness:
        return
    into = narrowing if _OPENNESS[after.openness] < _OPENNESS[before.openness] else broadening
    into.append((len(after.preamble), after.transition.strip(" ,:，：") or before.transition.strip(" ,:，：")))


def _of_ranges(
    old: str, new: str, changed: Sequence[Edit], narrowing: list[tuple[int, str]], broadening: list[tuple[int, str]]
) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """The quantities that an edit changes into others of their unit; what they take up on both sides is then dealt with."""
    taken_old: list[tuple[int, int]] = []
    taken_new: list[tuple[int, int]] = []
    ours, theirs = quantities(old), quantities(new)
    for edit in changed:
        before = [q for q in ours if q.start <= edit.old_end and q.end >= edit.old_start]
        after = [q for q in theirs if q.start <= edit.new_end and q.end >= edit.new_start]
        if len(before) != 1 or len(after) != 1 or before[0].unit != after[0].unit or (after[0].start, after[0].end) in taken_new:
            continue
        was, now = before[0], after[0]
        taken_old.append((was.start, was.end))
        taken_new.append((now.start, now.end))
        if (was.low, was.high) == (now.low, now.high):
            continue
        text = new[now.start : now.end]
        if not _within(was, now):
            narrowing.append((now.start, text))
        if not _within(now, was):
            broadening.append((now.start, text))
    return taken_old, taken_new


def _within(inner: Quantity, outer: Quantity) -> bool:
    return outer.low <= inner.low and inner.high <= outer.high


def _change(old: str, new: str, edit: Edit, taken_old: Sequence[tuple[int, int]], taken_new: Sequence[tuple[int, int]]) -> _Change:
    removed = _blanked(old, edit.old_start, edit.old_end, taken_old)
    added = _blanked(new, edit.new_start, edit.new_end, taken_new)
    return _Change(edit, keys(removed), keys(added), _trimmed(removed), _trimmed(added))


def _blanked(text: str, start: int, end: int, taken: Sequence[tuple[int, int]]) -> str:
    """Characters `start` to `end` without those of them that are taken."""
    kept, at = [], start
    for first, last in sorted(taken):
        if first < end and last > start:
            kept.append(text[at : max(at, first)])
            at = max(at, min(last, end))
    return "".join([*kept, text[at:end]])


def _trimmed(text: str) -> str:
    return text.strip(" \n\t,;:.，；：。、")


def _without_moved(changes: Sequence[_Change]) -> list[_Change]:
    """Without the words that are taken out in one place and put in at another."""
    left = list(changes)
    for i, change in enumerate(left):
        if len(change.added) < 2 or change.removed:
            continue
        for k, other in enumerate(left):
            if k != i and not other.added and other.removed == change.added:
                left[i], left[k] = change._replace(added=()), other._replace(removed=())
                break
    return [c for c in left if c.removed or c.added]


def _of_words(old: str, new: str, change: _Change) -> tuple[list[str], list[str]]:
    """What of an edit narrows, and what broadens."""
    removed, added = Counter(change.removed), Counter(change.added)
    if removed == added:
        return [], []
    conjunctions = _of_conjunctions(old, new, change)
    removed_words, added_words = (Counter({k: n for k, n in c.items() if k not in _OR}) for c in (removed, added))
    if removed_words == added_words:
        return conjunctions
    edit = change.edit
    if not removed_words - added_words:
        less, more = _put_in(new, edit.new_start, edit.new_end, change.added_text, tuple((added_words - removed_words).elements()))
        return (less, more)
    if not added_words - removed_words:
        more, less = _put_in(old, edit.old_start, edit.old_end, change.removed_text, tuple((removed_words - added_words).elements()))
        return (less, more)
    return [change.added_text], [change.removed_text]


def _of_conjunctions(old: str, new: str, change: _Change) -> tuple[list[str], list[str]]:
    """ "or" in the place of "and" broadens."""
    before = set(_WORD.findall(old[change.edit.old_start : change.edit.old_end].lower()))
    after = set(_WORD.findall(new[change.edit.new_start : change.edit.new_end].lower()))
    if before & _AND and after & _OR and not after & _AND:
        return [], [change.added_text or "or"]
    if before & _OR and after & _AND and not before & _AND:
        return [change.added_text or new[change.edit.new_start : change.edit.new_end].strip()], []
    return [], []


def _put_in(text: str, start: int, end: int, shown: str, words: tuple[str, ...]) -> tuple[list[str], list[str]]:
    """What words do that are put in: narrow (first) or broaden (second); of words that are taken out it is the reverse."""
    inner = text[start:end]
    if _EXAMPLE.match(inner):
        return [], []
    if all(w in _SOFT_KEYS for w in words):
        return [], [shown]
    if len(words) == 1 and _NEGATIVE.fullmatch(words[0]):
        return [shown], [shown]
    if not _is_alternative(text, start, end, len(words)):
        return [shown], []
    clause = _clause_before(text, start)
    return ([shown], [shown]) if _NEGATIVE.search(clause) else ([], [shown])


_SOFT_KEYS = frozenset(k for word in _SOFT for k in (word, *terms(word)))


def _clause_before(text: str, start: int) -> str:
    return _CLAUSE.split(text[max(0, start - 400) : start])[-1]


def _is_alternative(text: str, start: int, end: int, words: int) -> bool:
    """Whether characters `start` to `end` are a whole member of a list of alternatives, and no part of one."""
    inner, clause, after = text[start:end], _clause_before(text, start), text[end:]
    if words > _MOST_WORDS_OF_A_MEMBER or _CLAUSE.search(inner.strip(" ;；:：\n")):
        return False
    if _STARTS_WITH_OR.match(inner) and _SEPARATED_AFTER.match(after):
        return True
    if _ENDS_WITH_OR.search(inner) and (not clause.strip() or _SEPARATED_BEFORE.search(clause)):
        return True
    stands_alone = (_SEPARATED_BEFORE.search(clause) or _SEPARATED_AFTER.match(inner)) and (
        _SEPARATED_AFTER.match(after) or _SEPARATED_BEFORE.search(inner)
    )
    if not stands_alone:
        return False
    if _LIST_LEAD.search(clause) or _OR_WITHIN.search(inner):
        return True
    following = _CLAUSE.split(after[:200])[0]
    return "," in inner + clause[-1:] and len(inner.split()) <= 4 and bool(_OR_FOLLOWS.match(following)) and following.count(",") <= 3
