"""Classification symbols: every written form of an IPC or CPC symbol, and the standard one (WIPO ST.8, ST.10/C)."""

import re
import unicodedata
from functools import lru_cache, total_ordering

from ingest.errors import ReadError

_FORM = re.compile(
    r"([A-HY])(?:(\d\d)(?:([A-Z])(?:(\d{4})(\d{6})|\s*(\d{1,4})(?:\s*/\s*(?:(\d{2,6})"
    # what may follow: the version (2006.01), the fields of ST.8 from the version's date on, or its level, position and value
    r"(?:\s*[(\[]\d{4}\.\d\d[)\]]\s*[A-Z]?|\s+\d{8}[\sA-Z][\sA-Z\d]*|(?:\s+[ACFILNS])+)?)?)?)?)?)?",
    re.IGNORECASE | re.ASCII,
)
_LONGEST = 64
"""ST.8 has 50 characters; what is longer is read, and not remembered."""


@total_ordering
class Symbol:
    """A section, class, subclass, main group or subgroup.

    Places are in the order of the scheme: the digits after the stroke count as decimals do, 1/02 before 1/022 before 1/03.

    >>> str(Symbol("A01B0001020000")), str(Symbol("H04W  12/04  (2009.01)")), str(Symbol("A01B1/02"))
    ('A01B 1/02', 'H04W 12/04', 'A01B 1/02')
    """

    __slots__ = ("_text", "cls", "group", "section", "subclass", "subgroup")
    section: str
    cls: str
    subclass: str
    group: str
    subgroup: str
    _text: str

    def __init__(self, text: str) -> None:
        written = text if text.isascii() else unicodedata.normalize("NFKC", text)
        match = _FORM.fullmatch(written.strip())
        if match is None:
            raise ReadError(f"{text[:_LONGEST]!r} is not a classification symbol; write it like H04L 9/08, H04L or A01B0001020000")
        section, cls, subclass, padded_group, padded_subgroup, group, subgroup = match.groups("")
        if padded_group:
            group, subgroup = padded_group, padded_subgroup.rstrip("0").ljust(2, "0")
        self._set(section.upper(), cls, subclass.upper(), group, subgroup)

    def _set(self, section: str, cls: str, subclass: str, group: str, subgroup: str) -> None:
        self.section, self.cls, self.subclass = section, cls, subclass
        self.group = group and str(int(group))
        self.subgroup = (subgroup if subgroup.strip("0") else "00") if group else ""
        head = section + cls + subclass
        self._text = f"{head} {self.group}/{self.subgroup}" if group else head

    @classmethod
    def of_parts(cls, section: str, class_: str, subclass: str, group: str, subgroup: str) -> "Symbol":
        """From the five elements of a bibliographic record; `class_` and `group` may be unpadded, a `subgroup` of one digit has
        lost its last 0. Symbols that were asked for before are not made again. Raises ReadError where they make none."""
        return _of_parts(section, class_, subclass, group, subgroup)

    def __str__(self) -> str:
        return self._text

    def __repr__(self) -> str:
        return f"Symbol({self._text!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Symbol) and self._text == other._text

    def __hash__(self) -> int:
        return hash(self._text)

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, Symbol):
            return NotImplemented
        return self._key() < other._key()

    def _key(self) -> tuple[str, str, str, int, str]:
        return (self.section, self.cls, self.subclass, int(self.group or -1), self.subgroup)

    @property
    def level(self) -> str:
        """`section`, `class`, `subclass`, `main group` or `subgroup`."""
        if self.group:
            return "main group" if self.subgroup == "00" else "subgroup"
        return "subclass" if self.subclass else "class" if self.cls else "section"

    def ancestors(self) -> list["Symbol"]:
        """The places above this one that its symbol tells, outermost first. Dots need the scheme."""
        parts = [part for part in (self.section, self.cls, self.subclass, self.group) if part]
        above = [(*parts[:count], "", "", "", "")[:4] for count in range(1, len(parts) + (self.level == "subgroup"))]
        return [_place(section, cls, subclass, group) for section, cls, subclass, group in above]


def standard(text: str) -> str:
    """The standard form of a written symbol: `A01B0001020000` to `A01B 1/02`, at a tenth of the price of a `Symbol` where it
    was asked for before. Raises ReadError."""
    return _standard(text) if len(text) <= _LONGEST else str(Symbol(text))


@lru_cache(maxsize=1 << 15)
def _standard(text: str) -> str:
    return str(Symbol(text))


@lru_cache(maxsize=1 << 15)
def _of_parts(section: str, class_: str, subclass: str, group: str, subgroup: str) -> Symbol:
    head = f"{section}{class_ and class_.zfill(2)}{subclass}"
    return Symbol(f"{head}{group}/{subgroup.ljust(2, '0')}" if group else head)


@lru_cache(maxsize=1 << 13)
def _place(section: str, cls: str, subclass: str, group: str) -> Symbol:
    """A place above others, of parts that are known to be good."""
    symbol = Symbol.__new__(Symbol)
    symbol._set(section, cls, subclass, group, "00" if group else "")
    return symbol
