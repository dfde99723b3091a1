"""Claims out of printed text: where each begins, by its number, or in old patents without numbers by its wording.

A number begins a claim where it is the next one and stands at the beginning of a line or after the end of a sentence; so the `2.`
of a step inside a claim is none, as the claim's own second follows after a full stop. Claims that were canceled together
(`2-5. (canceled)`) are one, with the first of their numbers.
"""

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

from ingest.document import Claim
from ingest.language import CJK

_DIGITS = "0-9０-９"
_BEGINNING = re.compile(
    rf"^[^\w\n]{{0,3}}(?:(?:claim|anspruch|revendication|请求项|权利要求|請求項)\s*)?[\[【(]?(?P<n>[{_DIGITS}]{{1,3}})(?:\s?\.?\s?(?:[-–—]|to\b)\s?(?P<to>\d{{1,3}}))?\s?"
    rf"(?P<mark>[\]】)）]|[.．、:：,，]|[-–—](?=\s))[.．:：]?\s*(?![{_DIGITS}])(?=\S)"
    rf"|^【請求項\s*(?P<n2>[{_DIGITS}]{{1,3}})】\s*(?=\S)"
    rf"|(?<=[.。])[^\S\n]*(?P<n3>\d{{1,3}})\s?(?P<mark3>[.．、)])\s*(?-i:(?=[A-Z{CJK}]))",
    re.MULTILINE | re.IGNORECASE,
)
_ENDS = (".", "。", "．", "!", "?", ".”", '."', ".)")
_OPENER = re.compile(rf"\((?:[A-Z]|cancel|withdrawn|original|currently|previously|new|deleted)|[A-Z{CJK}\u3040-\u30ff\uac00-\ud7af“\"(ÄÖÜÉÀ]")
_REFERENCE = re.compile(
    r"\b(?:of|to|in|by|with|under)\s+(?:any\s+(?:one\s+)?of\s+)?(?:the\s+)?claims?\s+\d|权利要求\s*\d|請求項\s*[0-9０-９]|請求項\d|anspruch\s+\d|ansprüche\s+\d"
    r"|revendications?\s+\d",
    re.IGNORECASE,
)
_END_OF_CLAIMS = re.compile(r"(?:\s*\*){2,}\s*$")
_MISREAD_ONE = re.compile(r"[lI|]\s?[.)]\s+(?=[A-Z])")
_GAP = 10
"""No more numbers than these can be missing at one place."""


class _Start(NamedTuple):
    number: int
    last: int
    """The same number, or that at the end of a range: `2-5. (canceled)`."""
    begin: int
    """Where the number stands."""
    end: int
    """Where the text after it begins."""
    on_line: bool
    bracket: bool
    """Whether a bracket follows the number, and not a full stop."""


class Found(NamedTuple):
    """What was found: the claims, the text before the first one, and what was wrong."""

    claims: tuple[Claim, ...]
    before: str
    warnings: tuple[str, ...]


def claims_of_text(blocks: Sequence[str]) -> Found:
    """The claims in the blocks of text after the words that open them, a line of a claim for each block in it."""
    text = _END_OF_CLAIMS.sub("", "\n".join(block for block in blocks if block.strip()))
    if not text.strip():
        return Found((), "", ())
    starts = _chain(_starts(text), text)
    if not starts:
        return _unnumbered([line for line in text.split("\n") if line.strip()])
    before, warnings = text[: starts[0].begin].strip(), _gaps(starts)
    claims = [_claim(start.number, text[start.end : after]) for start, after in zip(starts, [s.begin for s in starts[1:]] + [len(text)], strict=True)]
    if starts[0].number == 2 and before:
        claims.insert(0, _claim(1, _MISREAD_ONE.sub("", before, count=1)))
        before, warnings = "", [w for w in warnings if not w.startswith("claim 1 ")]
    return Found(tuple(c for c in claims if c is not None), before, tuple(warnings))


def begins_claim(text: str, number: int) -> bool:
    """Whether a block begins with this number as a claim does."""
    return any(start.number == number and start.begin == 0 for start in _starts(text[:80]))


def refers_to_claim(text: str) -> bool:
    """Whether a text names a claim as dependent claims do."""
    return _REFERENCE.search(text[:300]) is not None


def _starts(text: str) -> list[_Start]:
    found = []
    for match in _BEGINNING.finditer(text):
        digits = match["n"] or match["n2"] or match["n3"]
        bracket = (match["mark"] or match["mark3"] or "】") in ")）]】"
        number = int(unicodedata.normalize("NFKC", digits))
        last = int(match["to"] or number)
        if last >= number:
            found.append(_Start(number, last, match.start(), match.end(), match["n3"] is None, bracket))
    return found


def _chain(starts: list[_Start], text: str) -> list[_Start]:
    """The starts that are those of claims: 1, 2, 3 and so on, where each follows a whole sentence if any of its number does."""
    whole = [_whole(text, start) for start in starts]
    last = {start.number: position for position, start in enumerate(starts) if whole[position]}
    chain: list[_Start] = []
    for position, start in enumerate(starts):
        expected = chain[-1].last + 1 if chain else 1
        if chain and start.bracket != chain[0].bracket:
            continue  # the steps of a claim are numbered in another way
        if start.number == expected or (not chain and start.begin == 0 and whole[position]):
            better = last.get(start.number, -1) > position
            if whole[position] or (start.on_line and not better and _may_begin(text, start)):
                chain.append(start)
        elif expected < start.number <= expected + _GAP and whole[position] and start.on_line and (chain or start.number == 2):
            better = any(last.get(n, -1) > position for n in range(expected, start.number))
            if not better:
                chain.append(start)
    return chain


def _may_begin(text: str, start: _Start) -> bool:
    """Whether a claim may begin here although a mark is missing: the full stop before it, or the capital."""
    return _OPENER.match(text, start.end) is not None or text[max(0, start.begin - 20) : start.begin].rstrip().endswith(_ENDS)


def _whole(text: str, start: _Start) -> bool:
    """Whether what stands before a start is complete, and what follows begins like a claim."""
    before = text[max(0, start.begin - 20) : start.begin].rstrip()
    complete = not before or before.endswith(_ENDS) or (start.number == 1 and not before.endswith((",", ";", "，", "；")))
    return complete and _OPENER.match(text, start.end) is not None


def _gaps(starts: list[_Start]) -> list[str]:
    warnings = []
    expected = 1
    for start in starts:
        if start.number > expected:
            missing = f"claim {expected} is" if start.number == expected + 1 else f"claims {expected} to {start.number - 1} are"
            warnings.append(f"{missing} missing: no such number before claim {start.number}")
        expected = start.last + 1
    return warnings


def _claim(number: int, text: str) -> Claim | None:
    lines = [" ".join(line.split()) for line in text.split("\n")]
    text = "\n".join(line for line in lines if line)
    return Claim(number=number, text=text) if text else None


def _unnumbered(lines: list[str]) -> Found:
    """A claim for each line that begins like one after a whole sentence."""
    texts: list[list[str]] = []
    for line in lines:
        if texts and not (texts[-1][-1].rstrip().endswith(_ENDS) and _OPENER.match(line)):
            texts[-1].append(line)
        else:
            texts.append([line])
    claims = [_claim(number, "\n".join(text)) for number, text in enumerate(texts, start=1)]
    warnings = ("the claims have no numbers in the source; they were counted",) if len(texts) > 1 else ()
    return Found(tuple(c for c in claims if c is not None), "", warnings)
