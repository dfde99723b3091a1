"""The claims that a claim takes its terms from, by every path of references.

A reference to several claims is in the alternative, if it has no "and": each of them is a path of its own ("the pump of claim 1 or 2"). Several
references in one claim add up: "the method of claim 3, wherein the pump of claim 1 …" has what claim 3 and what claim 1 introduce.
"""

import re
from collections.abc import Callable

from assistant.claims.claim_set import ClaimSet, Path
from ingest.document import Claim

_TOGETHER = re.compile(r"\d\s*(?:,\s*)?(?:and|&)\s*(?:of\s+)?(?:claims?\s*)?\d|\d\s*(?:和|与|及|以及)\s*(?:权利要求)?\s*\d", re.IGNORECASE)
_UNREAD = re.compile(r"\bclaim(?:s|ed)?\b|^\s*(?:The|An?)\s+[\w\s-]{1,40}\bof\s+\d|权利要\d|[权權][^，。]{0,2}要求|要求\s*\d", re.IGNORECASE)
_PREAMBLE = 100


class Ancestry:
    """The references of all claims of a set."""

    def __init__(self, claims: ClaimSet) -> None:
        self._groups: dict[int, tuple[Path, ...]] = {}
        self._unknown: set[int] = set()
        self._all: dict[int, list[int]] = {}
        for claim in claims.claims:
            groups, known = _groups(claims, claim)
            self._groups[claim.number] = groups
            if not known or any(n in self._unknown for group in groups for n in group):
                self._unknown.add(claim.number)

    def is_known(self, claim: Claim) -> bool:
        """Whether all its ancestors are there and come before it. Where one is not, what is introduced above the claim can't be known."""
        return claim.number not in self._unknown

    def path_without(self, claim: Claim, has: Callable[[int], bool]) -> Path | None:
        """A path of ancestors, the independent claim first, on which no claim has something; None where each path has one.

        An independent claim has one path, without ancestors: `()`. Asks for earlier claims alone.
        """
        lacking: dict[int, Path | None] = {}
        for number in self._ancestors(claim.number):
            above = None if has(number) else self._above(number, lacking)
            lacking[number] = None if above is None else (*above, number)
        return self._above(claim.number, lacking)

    def _above(self, number: int, lacking: dict[int, Path | None]) -> Path | None:
        path: Path | None = ()
        for group in self._groups[number]:
            found = next((p for n in group if (p := lacking[n]) is not None), None)
            if found is None:
                return None
            path = path or found
        return path

    def _ancestors(self, number: int) -> list[int]:
        """All ancestors, ascending, so that each comes after its own parents."""
        if number not in self._all:
            self._all[number] = sorted({n for group in self._groups[number] for p in group for n in (*self._ancestors(p), p)})
        return self._all[number]


def _groups(claims: ClaimSet, claim: Claim) -> tuple[tuple[Path, ...], bool]:
    """The claims named, a tuple for each reference in which they stand in the alternative; and whether all of them are known."""
    named = {*claim.depends_on, *claim.mentions} - {claim.number}
    groups: list[Path] = []
    for reference, _ in claims.references(claim):
        numbers = tuple(n for n in reference.numbers if n in named)
        if _TOGETHER.search(claim.text, reference.start, reference.end):
            groups += [(n,) for n in numbers]
        elif numbers:
            groups.append(numbers)
    groups += [(n,) for n in sorted(named.difference(*groups))]
    known = all(n in claims.by_number and n < claim.number for n in named) and claim.number not in claim.depends_on
    if not named and _UNREAD.search(claim.text, 0, _PREAMBLE):
        known = False
    return tuple(groups), known
