"""Tokens of a text for tagging: runs of letters, runs of digits, and every other character, Chinese ones among them, by itself."""

import re
import unicodedata
from functools import cache

from ingest.sentences import sentence_spans

LONGEST = 256
"""Tokens of a piece; a sentence with more is cut behind the last comma or bracket before, or there where it has none."""
_TOKEN = re.compile(r"[^\W\d_\u2e80-\uffff]+|\d+|\S")
_PAUSE = frozenset("，,、；;：:）)")
_DASHES = frozenset("‐‑‒–—−－﹣")


Piece = list[tuple[int, int]]
"""A sentence, or a part of a long one: its tokens' (start, end) in the text."""


def pieces(text: str) -> list[Piece]:
    """The tokens of a text, sentence by sentence; pieces without a token are left out."""
    found = []
    for start, end in sentence_spans(text):
        spans = [match.span() for match in _TOKEN.finditer(text, start, end)]
        while len(spans) > LONGEST:
            cut = next((i + 1 for i in range(LONGEST - 1, LONGEST // 2, -1) if text[spans[i][0]] in _PAUSE), LONGEST)
            found.append(spans[:cut])
            spans = spans[cut:]
        if spans:
            found.append(spans)
    return found


def normalised(token: str) -> str:
    """Half width, small letters, one kind of hyphen; the number of characters may change."""
    return "".join(map(_normal, token))


@cache
def _normal(character: str) -> str:
    if character in _DASHES:
        return "-"
    return unicodedata.normalize("NFKC", character).lower()


def shape(token: str) -> str:
    """Capitals, small letters and digits of a token: `Xx` for `Film`, `X` for `RF`, `d` for `20`; other characters as they are."""
    kinds = ["X" if c.isupper() else "x" if c.islower() else "d" if c.isdigit() else c for c in token[:12]]
    return "".join(kind for i, kind in enumerate(kinds) if i == 0 or kind != kinds[i - 1])
