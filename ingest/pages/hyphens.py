"""Words that a printer divided at the end of a line, joined again.

Whether `low-` and `cost` are one word or two is told by the document itself: by which form stands elsewhere in it, within a line.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

DIVIDED = "\x02"
"""The mark of pdfium for a hyphen that divides a word at the end of a line."""
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_STEM = re.compile(r"([^\W\d_]+(?:-[^\W\d_]+){0,9})([-\u00ad\u2010\x02¬.]?)$")
_LETTERS = re.compile(r"[^\W\d_]+")
_PREFIXES = frozenset(
    "after anti auto back cir col com con cor counter cross des dia dif dis equi exo extra fore hydro hyper infra inter intra iso macro meta micro"
    " mis mono multi non out over para per phos photo poly post pre pro pseudo retro semi sub suc sup super sur sym syn tele thermo trans tri"
    " ultra under uni".split()
)
"""What comes before a whole word without a hyphen; those of two letters need no entry."""
_SECONDS = frozenset(
    "actuated assisted available averaged based bearing bonded coated conditioned containing controlled coupled covered dependent driven facing"
    " filled hardened independent loaded mounted operated oriented powered reinforced related resistant sealed sensitive shaped specific treated"
    " wound".split()
)
"""What follows a hyphen, and seldom or never divides a word."""


class LineJoiner:
    """Joins the lines of one document.

    `lines` are all of its lines. `scanned`: they are the work of OCR, which takes a hyphen for a dot or leaves it out.
    """

    def __init__(self, lines: Iterable[str], scanned: bool) -> None:
        self._seen: Counter[str] = Counter()
        self._scanned = scanned
        for line in lines:
            inner = line.split(" ")[1:-1]  # what stands at an end of a line may be half a word
            self._seen.update(word.lower() for token in inner for word in _WORD.findall(token))

    def joined(self, lines: Sequence[str]) -> str:
        """The text of the lines of a paragraph."""
        pieces = [lines[0]]
        for line in lines[1:]:
            cut, between = self._joint(pieces[-1], line)
            pieces[-1] = pieces[-1][: len(pieces[-1]) - cut]
            pieces += (between, line)
        return "".join(pieces)

    def _joint(self, before: str, after: str) -> tuple[int, str]:
        """How many characters go from the end of a line, and what comes between it and the next."""
        if before.endswith(("—", "/")):
            return 0, ""
        stem, head = _STEM.search(before[-80:]), _LETTERS.match(after)
        if stem is None or head is None:
            return (len(DIVIDED), "-") if before.endswith(DIVIDED) else (0, "" if before.endswith("-") else " ")
        mark, first, second = stem.group(2), stem.group(1), head.group()
        if mark in ("", "."):
            lost = self._scanned and second.islower() and self._is_one_word(first.lower(), second)
            return (len(mark), "") if lost else (0, " ")
        return len(mark), "-" if self._is_two_words(first, second, after[head.end() :], before.isupper()) else ""

    def _is_two_words(self, first: str, second: str, rest: str, capitals: bool) -> bool:
        """Of a word divided by a hyphen, with what follows its second part: whether the hyphen is its own."""
        if len(first) == 1 or (second[0].isupper() and not capitals and not self._seen[(first + second).lower()]):
            return True
        first, second = first.lower(), second.lower()
        last = first.rpartition("-")[2]
        for stem in (first, last):
            hyphened, joined = self._seen[f"{stem}-{second}"], self._seen[stem + second]
            if hyphened or joined:
                return hyphened > joined
        if second in _SECONDS or (rest.startswith("-") and self._seen[second]):
            return True
        return last not in _PREFIXES and len(last) > 2 and len(second) > 3 and self._seen[last] > 0 and self._seen[second] > 0

    def _is_one_word(self, first: str, second: str) -> bool:
        """Of two words with no hyphen between them: whether one was lost."""
        return self._seen[first + second] > 0 and not (self._seen[first] and self._seen[second])
