"""Cleaning a text: characters and lines that are no text. What is cut is counted by kind."""

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field

from ingest.language import CJK

_WIDE = {wide: wide - 0xFEE0 for wide in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
"""Digits and Latin letters of full width, as older Chinese files have them; punctuation stays as it is."""
_NONE = {ord(c): None for c in "\u00ad\u200b\u200c\u200d\u2060\ufeff"}
_BLANK = {ord(c): " " for c in "\t\u00a0\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f"}
_LINES = {ord(c): "\n" for c in "\r\x0b\x0c\x85\u2028\u2029"}
_CONTROL = {c: None for c in (*range(0x09), *range(0x0E, 0x20), *range(0x7F, 0xA0)) if c != 0x85}
_TRANSLATED = {**_WIDE, **_NONE, **_CONTROL, **_BLANK, **_LINES}
_SURROGATE = re.compile("[\ud800-\udfff]")
_BETWEEN_CJK = re.compile(f"(?<=[{CJK}，。；：、（）]) +(?=[{CJK}，。；：、（）])")
_BLANKS = re.compile(" {2,}")

_PAGE_HEADS = re.compile(
    r"(?:CN\s?\d{6,12}\s?[A-Z]?\s?)?(?:权\s?利\s?要\s?求\s?书|说\s?明\s?书(?:\s?附\s?图)?|说\s?明\s?书\s?摘\s?要)\s?\d{1,3}\s?[/／]\s?\d{1,3}\s?页?(?:\s?CN\s?\d{6,12}\s?[A-Z]?)?"
    r"|CN\s?\d{6,12}\s?[A-Z]?\s?\d{0,3}"
    r"|第\s?\d{1,4}\s?页(?:\s?[/／,，]?\s?共\s?\d{1,4}\s?页)?"
    r"|[-–—]\s?\d{1,4}\s?[-–—]"
    r"|(?:page\s)?\d{1,4}\s?(?:of|/)\s?\d{1,4}"
    r"|page\s\d{1,4}"
    r"|U\.?\s?S\.?\s+patent\s.{0,40}?sheet\s\d{1,3}\sof\s\d{1,3}.{0,30}"
    r"|(?:US|EP|WO)\s?[\d,/ ]{6,14}\s?[AB]\d(?:\s?\d{1,4})?"
    r"|\d{1,4}",
    re.IGNORECASE,
)
_BOILERPLATE = re.compile(
    r"lorem ipsum|(?:enable|turn on|requires|disabled) javascript|javascript is (?:disabled|required)|(?:uses?|accept|our|cookie) (?:cookies|policy)"
    r"|privacy policy|terms of (?:use|service)|all rights reserved|subscribe to our|sign up (?:for|now|today)|click here|log ?in to (?:your|see|view)"
    r"|版权所有|点击(?:这里|此处|查看)|请(?:先)?登录|注册账号|扫码关注|关注.{0,6}公众号",
    re.IGNORECASE,
)
_CODE = re.compile(r"\s*(?:function\s*\w*\(|var \w+\s*=|<\?|</?div|<script)|.*[{}]\s*", re.IGNORECASE)
_LINE_OF_WEB = 200
_RESIDUES = frozenset("Ala Arg Asn Asp Cys Gln Glu Gly His Ile Leu Lys Met Phe Pro Ser Thr Trp Tyr Val Xaa Asx Glx".split())
_NUCLEOTIDES = frozenset("acgtun")
_AMINO_ACIDS = frozenset("ACDEFGHIKLMNPQRSTVWXY")
_TAG = re.compile(r"<\d{3}>")
_FIGURES = re.compile(r"[\d\s]+")
_NUMBERS = re.compile(r"[\d.,%+\-–−×/()\s|<>=~±*]+")
_ROWS = 12
"""Rows of figures at the beginning of a table that are kept; the rest tells no language."""
CUT_ROWS = "[…]"


@dataclass
class Cleaned:
    """`cut`: lines by kind (`page head`, `boilerplate`, `sequence`, `rows of figures`); `characters`: those of the kinds and of all."""

    text: str
    cut: Counter[str] = field(default_factory=Counter)
    characters: Counter[str] = field(default_factory=Counter)

    def share(self, kind: str) -> float:
        """Of the characters of the text before it was cut."""
        return self.characters[kind] / self.characters["all"] if self.characters["all"] else 0.0


def clean(text: str, web: bool = False) -> Cleaned:
    """The text in NFC, without control characters, running heads, sequence listings and long tables of figures; one empty line at most between
    two others. `web`: boilerplate of web pages is cut as well. What comes out stays as it is when it is cleaned again."""
    text = unicodedata.normalize("NFC", _SURROGATE.sub("\ufffd", text).replace("\r\n", "\n").translate(_TRANSLATED))
    cleaned = Cleaned("")
    kept: list[str] = []
    figures = 0
    for raw in text.split("\n"):
        line = _tidy(raw)
        cleaned.characters["all"] += len(line)
        kind = _kind(line, web)
        figures = figures + 1 if line and _is_row_of_figures(line) else figures if not line or line == CUT_ROWS else 0
        if not kind and line and figures > _ROWS:
            kind = "rows of figures"
        if kind:
            cleaned.cut[kind] += 1
            cleaned.characters[kind] += len(line)
            if kind == "rows of figures" and _last(kept) != CUT_ROWS:
                kept.append(CUT_ROWS)
        elif line:
            if not (line == CUT_ROWS and _last(kept) == CUT_ROWS):
                kept.append(line)
        elif kept and kept[-1]:
            kept.append("")
    cleaned.text = "\n".join(kept).strip()
    return cleaned


def _last(lines: list[str]) -> str:
    return next((line for line in reversed(lines) if line), "")


def _tidy(line: str) -> str:
    line = _BLANKS.sub(" ", line).strip()
    return line if line.isascii() else _BETWEEN_CJK.sub("", line)


def _kind(line: str, web: bool) -> str:
    if not line:
        return ""
    if len(line) < 100 and _PAGE_HEADS.fullmatch(line):
        return "page head"
    if _is_sequence(line):
        return "sequence"
    if web and len(line) < _LINE_OF_WEB and (_CODE.fullmatch(line) or _BOILERPLATE.search(line)):
        return "boilerplate"
    return ""


def _is_sequence(line: str) -> bool:
    """A line of a sequence listing (WIPO ST.25), or residues: no regular expression for all, which could take for ever."""
    if _TAG.match(line):
        return len(line) < 250
    words = [w for w in line.split() if not w.isdigit()]
    if len(words) >= 5 and _RESIDUES.issuperset(words):
        return True
    letters = _FIGURES.sub("", line)
    return (len(letters) >= 20 and _NUCLEOTIDES.issuperset(letters.lower())) or (len(letters) >= 30 and _AMINO_ACIDS.issuperset(letters))


def _is_row_of_figures(line: str) -> bool:
    return len(_NUMBERS.sub("", line)) * 3 < len(line) and any(c.isdigit() for c in line)
