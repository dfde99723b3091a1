"""Terms of the lexical index: words and stems in Latin script, dictionary words and their parts in Chinese.

The same analysis makes the terms of passages and of queries.
"""

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

from ingest.language import CJK

if TYPE_CHECKING:
    from collections.abc import Iterator

_RUN = re.compile(f"[{CJK}]+|[a-zÀ-ɏα-ω0-9]+(?:[.'’][0-9]+)?")
_HYPHEN = re.compile(r"(?<=[a-z])[-‐‑]\n?(?=[a-z])")
_ENGLISH_STOP = frozenset(
    """
    a an and are as at be been being but by can could did do does for from had has have how if in into is it its may might of on or shall
    should so such than that the their them then there these they this those to was were what when where which while who whose why will
    with would you your said wherein thereof therein thereby whereby according further also least one more any each other
    """.split()
)
_CHINESE_STOP = frozenset(
    """
    的 了 和 与 及 或 在 是 为 于 以 其 所述 所 该 一种 中 上 下 之 由 对 将 从 到 并 且 而 有 被 把 等 个 这 那 也 都 就 又 用 使 使得 可以 能够
    什么 怎么 如何 哪些 哪个 哪种 哪 何 多少 怎样 为什么 是否 吗 呢 请问 通过 进行 以及 其中 包括 根据 一个 时 后 前 采用 用于 具有 可 本 此
    """.split()
)


@lru_cache(maxsize=1)
def _stemmer():  # type: ignore[no-untyped-def]
    import Stemmer

    return Stemmer.Stemmer("english")


@lru_cache(maxsize=1)
def _segment():  # type: ignore[no-untyped-def]
    import rjieba

    return rjieba.cut_for_search


@lru_cache(maxsize=200_000)
def _stem(word: str) -> str:
    return str(_stemmer().stemWord(word))


def _pieces(text: str) -> "Iterator[tuple[str, bool]]":
    """(term, whether it is a stop word) in the order of the text."""
    text = _HYPHEN.sub(" ", unicodedata.normalize("NFKC", text).lower())
    for match in _RUN.finditer(text):
        run = match.group()
        if run[0] >= "㐀" and not run[0].isascii():
            for word in _segment()(run):
                yield word, word in _CHINESE_STOP
        elif run in _ENGLISH_STOP:
            yield run, True
        else:
            yield _stem(run), False


def terms(text: str) -> list[str]:
    """The terms of a text, stop words left out, repeats kept.

    >>> terms("The sealing rings, 0.5 mm")
    ['seal', 'ring', '0.5', 'mm']
    """
    return [term for term, stop in _pieces(text) if not stop]
