"""A redline: two texts as pieces that are the same, added or removed, by words in Latin script and by dictionary words in Chinese.

The words are compared without the white space before them; a change of white space alone is a piece of its own. Of equally short edits
the one is taken that reads well: an edit starts or ends at a mark where it can, and a stray "the" or "," between two replacements is part of them.
"""

import difflib
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Literal, NamedTuple

from ingest.document import Frozen
from ingest.language import CJK

_LETTER = rf"(?:(?![{CJK}_])\w)"
_TOKEN = re.compile(rf"(\s*)([{CJK}]+|\d{{1,3}}(?:,\d{{3}})+(?!\d)|{_LETTER}+(?:[-‐‑.'’]{_LETTER}+)*|\S)")
_IDEOGRAPH = re.compile(f"[{CJK}]")
_MARK = re.compile(r"\W+")
_SMALL = frozenset(
    """
    a an the said of in on to for by with at from as and or is are be that which wherein its it
    的 所述 该 和 或 与 及 在 于 为 是 中 上 下 有 由 对 将 其 之 以
    """.split()
)
"""Words that are no island of their own between two replacements."""
_ISLAND = 2
_LONG_EDIT = 3
_MOST_COMPARED = 4_000_000
"""Above this product of the numbers of words, blocks that are the same are looked for from rarer words on (difflib's `autojunk`): it is faster."""


class Piece(Frozen):
    """The texts of `same` and `removed` are the old text, those of `same` and `added` the new one, to the letter."""

    kind: Literal["same", "added", "removed"]
    text: str


class Edit(NamedTuple):
    """Characters `old_start` to `old_end` of the old text were replaced by `new_start` to `new_end` of the new one; one of the two may be empty."""

    old_start: int
    old_end: int
    new_start: int
    new_end: int


class _Token(NamedTuple):
    space: str
    word: str


class _Span(NamedTuple):
    """Tokens `i1` to `i2` of the old text have become `j1` to `j2` of the new one."""

    i1: int
    i2: int
    j1: int
    j2: int


def redline(old: str, new: str) -> tuple[Piece, ...]:
    """The pieces from the old text to the new one; of a replacement what was removed comes first."""
    if old == new:
        return (Piece(kind="same", text=old),) if old else ()
    before, after = _tokens(old), _tokens(new)
    spans = _changed([t.word for t in before], [t.word for t in after])
    return tuple(Piece(kind=kind, text=text) for kind, text in _pieces(before, after, spans))


def edits(pieces: Iterable[Piece]) -> list[Edit]:
    """Where a redline changes the old text, and where that is in the new one."""
    found: list[Edit] = []
    old = new = 0
    for piece in pieces:
        length = len(piece.text)
        if piece.kind == "same":
            old, new = old + length, new + length
            continue
        removed, added = (length, 0) if piece.kind == "removed" else (0, length)
        if found and found[-1].old_end == old and found[-1].new_end == new:
            found[-1] = found[-1]._replace(old_end=old + removed, new_end=new + added)
        else:
            found.append(Edit(old, old + removed, new, new + added))
        old, new = old + removed, new + added
    return found


def _tokens(text: str) -> list[_Token]:
    """The words with the white space before them; that at the end has an empty word."""
    found: list[_Token] = []
    end = 0
    for match in _TOKEN.finditer(text):
        space, run = match.groups()
        end = match.end()
        if _IDEOGRAPH.match(run):
            first, *rest = _segmented(run)
            found.append(_Token(space, first))
            found += (_Token("", word) for word in rest)
        else:
            found.append(_Token(space, run))
    if end < len(text):
        found.append(_Token(text[end:], ""))
    return found


@lru_cache(maxsize=20_000)
def _segmented(run: str) -> tuple[str, ...]:
    import rjieba

    return tuple(rjieba.cut(run))


def _changed(before: list[str], after: list[str]) -> list[_Span]:
    """The changed stretches of two lists of words."""
    start = _common(before, after)
    end = _common(before[start:][::-1], after[start:][::-1])
    middle_before, middle_after = before[start : len(before) - end], after[start : len(after) - end]
    spans = [_Span(start + i1, start + i2, start + j1, start + j2) for i1, i2, j1, j2 in _compared(middle_before, middle_after)]
    spans = [part for span in _without_islands(before, spans) for part in _numbers_apart(before, after, span)]
    return [_slid(before, after, span, spans) for span in spans]


def _common(before: Sequence[str], after: Sequence[str]) -> int:
    """How many words are the same at the start."""
    return next((i for i, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), min(len(before), len(after)))


def _compared(before: list[str], after: list[str]) -> Iterator[tuple[int, int, int, int]]:
    many = len(before) * len(after) > _MOST_COMPARED
    codes = difflib.SequenceMatcher(None, before, after, autojunk=many).get_opcodes()
    waiting: _Span | None = None
    for tag, i1, i2, j1, j2 in codes:
        if tag == "equal":
            if waiting:
                yield waiting
            waiting = None
        else:
            waiting = _Span(waiting.i1, i2, waiting.j1, j2) if waiting else _Span(i1, i2, j1, j2)
    if waiting:
        yield waiting


def _without_islands(before: list[str], spans: list[_Span]) -> list[_Span]:
    """Edits joined over what is the same between them, where that says nothing and one of them is a replacement."""
    joined: list[_Span] = []
    for span in spans:
        if joined and _is_island(before[joined[-1].i2 : span.i1], joined[-1], span):
            joined[-1] = _Span(joined[-1].i1, span.i2, joined[-1].j1, span.j2)
        else:
            joined.append(span)
    return joined


def _is_island(between: list[str], left: _Span, right: _Span) -> bool:
    removes = (left.i2 > left.i1, right.i2 > right.i1)
    adds = (left.j2 > left.j1, right.j2 > right.j1)
    if not any(removes) or not any(adds):
        return False  # insertions alone, or deletions alone: the text between them stands
    words = [w for w in between if not _MARK.fullmatch(w)]
    if len(words) <= _ISLAND and all(w.lower() in _SMALL for w in words) and len(between) <= _ISLAND:
        return True
    both = all(removes) and all(adds)
    return both and len(words) <= 1 and min(left.i2 - left.i1, left.j2 - left.j1, right.i2 - right.i1, right.j2 - right.j1) >= _LONG_EDIT


def _numbers_apart(before: list[str], after: list[str], span: _Span) -> list[_Span]:
    """A number for a number at the start of an edit is an edit of its own: "claim [3][1][, wherein …]"."""
    i1, i2, j1, j2 = span
    if i1 < i2 and j1 < j2 and (i2 - i1, j2 - j1) != (1, 1) and before[i1].isdigit() and after[j1].isdigit():
        return [_Span(i1, i1 + 1, j1, j1 + 1), _Span(i1 + 1, i2, j1 + 1, j2)]
    return [span]


def _slid(before: list[str], after: list[str], span: _Span, spans: list[_Span]) -> _Span:
    """An insertion or a deletion, moved to where it reads best among the places that make the same texts: "a rotor[, a stator], and"."""
    if (span.i1 == span.i2) == (span.j1 == span.j2):
        return span
    words, start, end = (after, span.j1, span.j2) if span.i1 == span.i2 else (before, span.i1, span.i2)
    first = max((s.j2 if words is after else s.i2 for s in spans if s.i2 <= span.i1 and s != span), default=0)
    last = min((s.j1 if words is after else s.i1 for s in spans if s.i1 >= span.i2 and s != span), default=len(words))
    best = (_reads(words, start, end), 0)
    for step in (-1, 1):
        shift, i, j = 0, start, end
        while (i > first and words[i - 1] == words[j - 1]) if step < 0 else (j < last and words[i] == words[j]):
            shift, i, j = shift + step, i + step, j + step
            score = _reads(words, i, j)
            if score > best[0]:
                best = (score, shift)
    shift = best[1]
    return _Span(span.i1 + shift, span.i2 + shift, span.j1 + shift, span.j2 + shift)


def _reads(words: list[str], start: int, end: int) -> int:
    """How well an edit reads: best from a mark on, then up to a mark, and not with a lone article at its end."""
    opens = bool(_MARK.fullmatch(words[start]))
    follows = start == 0 or bool(_MARK.fullmatch(words[start - 1]))
    closes = bool(_MARK.fullmatch(words[end - 1]))
    before_mark = end == len(words) or bool(_MARK.fullmatch(words[end]))
    return 3 * (opens and before_mark and not closes) + 3 * (follows and closes and not opens) + opens - 2 * (words[end - 1].lower() in _SMALL)


def _pieces(before: list[_Token], after: list[_Token], spans: list[_Span]) -> Iterator[tuple[Literal["same", "added", "removed"], str]]:
    same: list[str] = []
    removed: list[str] = []
    added: list[str] = []

    def flush() -> Iterator[tuple[Literal["same", "added", "removed"], str]]:
        """What waits, as pieces: the start and the end that the two sides share are the same."""
        head, out, put, tail = _shared("".join(removed), "".join(added))
        removed.clear()
        added.clear()
        same.append(head)
        if out or put:
            if text := "".join(same):
                yield "same", text
            same.clear()
            if out:
                yield "removed", out
            if put:
                yield "added", put
        same.append(tail)

    i = j = 0
    for span in [*spans, _Span(len(before), len(before), len(after), len(after))]:
        for ours, theirs in zip(before[i : span.i1], after[j : span.j1], strict=True):
            if ours.space != theirs.space:
                removed.append(ours.space)
                added.append(theirs.space)
                yield from flush()
            else:
                yield from flush()
                same.append(ours.space)
            same.append(ours.word)
        yield from flush()
        removed += (part for token in before[span.i1 : span.i2] for part in token)
        added += (part for token in after[span.j1 : span.j2] for part in token)
        i, j = span.i2, span.j2
    yield from flush()
    if text := "".join(same):
        yield "same", text


def _shared(removed: str, added: str) -> tuple[str, str, str, str]:
    """What both begin with, the rest of each, and what both end in: white space, and in Chinese characters where nothing is left of one of them."""
    if not removed or not added:
        return "", removed, added, ""
    start = _common(removed, added)
    end = _common(removed[start:][::-1], added[start:][::-1])
    if min(len(removed), len(added)) == start + end and (_borders_in_chinese(removed, start, end) or _borders_in_chinese(added, start, end)):
        return removed[:start], removed[start : len(removed) - end], added[start : len(added) - end], removed[len(removed) - end :]
    space = len(removed[:start]) - len(removed[:start].lstrip())
    return removed[:space], removed[space:], added[space:], ""


def _borders_in_chinese(text: str, start: int, end: int) -> bool:
    """Whether what is left in the middle may be cut out without cutting a word of Latin script or a number."""
    if len(text) == start + end:
        return False
    return not any(
        0 < at < len(text) and text[at - 1].isalnum() and text[at].isalnum() and not (_IDEOGRAPH.match(text[at - 1]) or _IDEOGRAPH.match(text[at]))
        for at in (start, len(text) - end)
    )
