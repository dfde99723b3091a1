"""Classification symbols: every written form of an IPC or CPC symbol, and the standard one (WIPO ST.8, ST.10/C)."""

import re
from functools import total_ordering

from ingest.errors import ReadError

_FORM = re.compile(r"([A-HY])(?:(\d{2})(?:([A-Z])(?:\s*(\d{1,4})(?:\s*/\s*(\d{2,6})?)?|(\d{4})(\d{6}))?)?)?", re.IGNORECASE | re.ASCII)


@total_ordering
class Symbol:
    """A section, class, subclass, main group or subgroup.

    >>> str(Symbol("A01B0001020000")), str(Symbol("H04W  12/04")), str(Symbol("A01B1/02"))
    ('A01B 1/02', 'H04W 12/04', 'A01B 1/02')
    """

    __slots__ = ("cls", "group", "section", "subclass", "subgroup")

    def __init__(self, text: str) -> None:
        match = _FORM.fullmatch(text.strip())
        if match is None:
            raise ReadError(f"{text!r} is not a classification symbol; write it like H04L 9/08, H04L or A01B0001020000")
        section, cls, subclass, group, subgroup, padded_group, padded_subgroup = match.groups()
        self.section = section.upper()
        self.cls = cls or ""
        self.subclass = (subclass or "").upper()
        if padded_group:
            group = padded_group
            subgroup = padded_subgroup.rstrip("0").ljust(2, "0")
        self.group = str(int(group)) if group else ""
        self.subgroup = subgroup or ("00" if self.group else "")

    @classmethod
    def of_parts(cls, section: str, class_: str, subclass: str, group: str, subgroup: str) -> "Symbol":
        """From the five elements of a bibliographic record; `class_` and the groups may be unpadded."""
        return cls(f"{section}{class_.zfill(2)}{subclass}{group}/{subgroup}" if group else f"{section}{class_}{subclass}")

    def __str__(self) -> str:
        head = f"{self.section}{self.cls}{self.subclass}"
        return f"{head} {self.group}/{self.subgroup}" if self.group else head

    def __repr__(self) -> str:
        return f"Symbol({str(self)!r})"

    def _key(self) -> tuple[str, str, str, int, str]:
        return (self.section, self.cls, self.subclass, int(self.group or -1), self.subgroup)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Symbol) and self._key() == other._key()

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, Symbol):
            return NotImplemented
        return self._key() < other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    @property
    def level(self) -> str:
        """`section`, `class`, `subclass`, `main group` or `subgroup`."""
        if self.group:
            return "main group" if set(self.subgroup) == {"0"} else "subgroup"
        return "subclass" if self.subclass else "class" if self.cls else "section"

    def ancestors(self) -> list["Symbol"]:
        """The places above this one that its symbol tells, outermost first. Dots need the scheme."""
        texts = [self.section, self.section + self.cls, self.section + self.cls + self.subclass]
        if self.group:
            texts.append(f"{texts[-1]} {self.group}/00")
        found: list[Symbol] = []
        for text in texts:
            symbol = Symbol(text)
            if symbol != self and symbol not in found:
                found.append(symbol)
        return found
