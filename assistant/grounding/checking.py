"""Whether quotations support a statement, checked by code and not by the model that wrote it.

Rules: the quotation stands verbatim in the passage it cites; every number of the statement stands in a quotation, with the same unit;
the claims and documents that it names are those that it cites; a statement negates where its quotations do, and not elsewhere; and the
statement's words are those of the quotations. One word that is not makes it weak, since it may be the one that matters ("the ring is made of
gold"); words of the question may stand elsewhere in the cited passage. Where the languages differ, the words can't be compared, and the
verdict is `unchecked`. An entailment model, where one is configured, decides in the place of the words, in any language.
"""

import logging
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.answer import Verdict
from index.terms import terms
from ingest.anchor import split_anchor
from ingest.claims.dependency import CLAIM_LIST_EN, CLAIM_LIST_ZH, referenced_claims
from ingest.document import Citation
from ingest.language import CJK, detect_language
from ingest.number import MENTION, mentioned_numbers

if TYPE_CHECKING:
    from assistant.grounding.entailment import Entailment

log = logging.getLogger(__name__)
_QUANTITY = re.compile(
    rf"(?:(?<![\w.])[-−–]?\d+(?:[.,]\d+)*|\d+(?:[.,]\d+)*)(?P<unit>\s?(?:[°˚º]\s?[CFK](?![A-Za-z])|[°℃℉˚º%‰]|[A-Za-zµμΩ]+(?:/[A-Za-z0-9]+)?|[{CJK}]{{1,3}}))?"
)
_LISTED = re.compile(r"(?<=\d),(?!\d{3}(?!\d))")
_BLANK = re.compile(f"(?<=[{CJK}，。；：、])\\s+|\\s+(?=[{CJK}，。；：、])")
_NEGATION = re.compile(r"\b(?:not|no|never|without|none|cannot|neither|nor|free\s+of|n't)\b|n't\b|不|没有|無|无(?!线)|未|非(?!常)", re.IGNORECASE)
_UNITS = (
    ("%", "percent", "per cent"), ("°c", "℃", "˚c", "ºc", "° c", "degrees celsius", "摄氏度"), ("°", "˚", "º", "degrees", "degree", "度"),
    ("mm", "millimeter", "millimeters", "millimetre", "millimetres", "毫米"), ("cm", "centimeter", "centimeters", "厘米"),
    ("m", "meter", "meters", "metre", "metres", "米"), ("km", "公里"), ("µm", "μm", "um", "micron", "microns", "微米"), ("nm", "纳米"),
    ("g", "gram", "grams", "克"), ("kg", "kilogram", "kilograms", "千克", "公斤"), ("mg", "毫克"),
    ("l", "liter", "liters", "litre", "litres", "升"), ("ml", "毫升"), ("s", "sec", "second", "seconds", "秒"), ("ms", "毫秒"),
    ("min", "minute", "minutes", "分钟"), ("h", "hr", "hour", "hours", "小时"), ("v", "volt", "volts", "伏"), ("w", "watt", "watts", "瓦"),
    ("kw", "千瓦"), ("a", "ampere", "amperes", "安"), ("hz", "hertz", "赫兹"), ("pa", "pascal", "帕"), ("kpa", "千帕"), ("mpa", "兆帕"),
    ("rpm", "r/min"), ("k", "kelvin"), ("n", "newton", "newtons", "牛"),
    *((each,) for each in "bar psi mol ppm kv mv ma khz mhz ghz db kj j mg/l g/l".split()),
)  # fmt: skip
_UNIT = {spelt.replace(" ", ""): group[0] for group in _UNITS for spelt in group}
_IN_WORD = re.compile(r"[A-Za-z]-?$|第$")
_SIGN = "sign"
WEAK = 0.5
"""The share of the terms and quantities by which a statement answers the question that must stand in its quotations; for `supported`, all."""
RELATIONS = frozenset(
    terms("made make consist comprise include contain form provide use have give serve according also called named known said claim invention patent")
    + terms("组成 构成 制成 包括 包含 具有 含有 提供 采用 使用 利用 为 是 根据 称为 本发明 权利要求 专利 设有 设置")
)
"""Words for being, having and being said, which change no fact."""


@dataclass(frozen=True)
class Check:
    """A verdict, and why it is not `supported`."""

    verdict: Verdict
    reason: str = ""


def normalized(text: str) -> str:
    """For comparing quotations: full and half width, hyphenation at line ends and white space made equal; nothing else."""
    folded = unicodedata.normalize("NFKC", text)
    return " ".join(_BLANK.sub("", re.sub(r"(?<=\w)-[^\S\n]*\n\s*(?=\w)", "", folded)).split())


def quoted_verbatim(citation: Citation, passage: str) -> bool:
    """Whether the quotation stands in the passage."""
    quote = normalized(citation.quote)
    return bool(quote) and quote in normalized(passage)


def check(
    statement: str, citations: Sequence[Citation], passages: Mapping[str, str], entailment: "Entailment | None" = None, question: str = ""
) -> Check:
    """How well the citations support the statement, which answers `question`; `passages` holds the text at each anchor. A checker that fails
    says `unchecked`."""
    try:
        return _check(statement, citations, passages, entailment, question)
    except Exception as error:
        log.warning("the checker failed on a statement: %s: %s", type(error).__name__, error)
        return Check("unchecked", f"the checker failed: {type(error).__name__}")


def _check(statement: str, citations: Sequence[Citation], passages: Mapping[str, str], entailment: "Entailment | None", question: str) -> Check:
    if not citations:
        return Check("unsupported", "it cites nothing")
    for citation in citations:
        if not quoted_verbatim(citation, passages.get(citation.anchor, "")):
            return Check("unsupported", f"“{citation.quote[:80]}” does not stand in {citation.anchor}")
    quotes = "\n".join(c.quote for c in citations)
    anchors = [c.anchor for c in citations]
    if wrong := _named_elsewhere(statement, quotes, anchors):
        return Check("unsupported", wrong)
    if wrong := _other_quantity(_unnamed(statement), quotes):
        return Check("unsupported", wrong)
    if bool(_NEGATION.search(statement)) != bool(_NEGATION.search(quotes)):
        if _NEGATION.search(quotes):
            return Check("weak", "the quotation negates and the statement does not")
        return Check("unsupported", "the statement negates and the quotation does not")
    if normalized(statement) in normalized(quotes):
        return Check("supported")  # word for word
    if entailment is not None:
        return _entailed(statement, quotes, entailment)
    if detect_language(statement) != detect_language(quotes):
        return Check("unchecked", "statement and quotation are in different languages")
    asked = set(terms(question))
    held = set(terms(quotes)) | (asked & {t for c in citations for t in terms(passages[c.anchor])})
    bare = normalized(quotes)
    words = [w for w in dict.fromkeys(terms(_without_quantities(_unnamed(statement)))) if w not in RELATIONS]
    lacking = [w for w in words if w not in held and (w.isascii() or w not in bare)]
    if not lacking:
        return Check("supported")
    answering = [w for w in words if w not in asked] or words  # what the statement says beyond the question, besides its quantities
    there = len(answering) - sum(w in lacking for w in answering) + len(quantities(_unnamed(statement)))
    weak = there >= WEAK * (there + sum(w in lacking for w in answering))
    return Check("weak" if weak else "unsupported", f"not in the quotation: {', '.join(lacking[:5])}")


def _entailed(statement: str, quotes: str, entailment: "Entailment") -> Check:
    score = entailment.score(quotes, statement)
    if score.entailed >= 0.5:
        return Check("supported")
    if score.contradicted >= 0.5:
        return Check("unsupported", f"the quotation contradicts it ({score.contradicted:.2f})")
    return Check("weak", f"the quotation entails it at {score.entailed:.2f} only")


def _named_elsewhere(statement: str, quotes: str, anchors: Sequence[str]) -> str:
    """A claim or document that the statement names and that is neither cited nor named in the quotations."""
    cited = {int(m[1]) for a in anchors if (m := re.fullmatch(r"c(\d+)(?:-.+)?", split_anchor(a)[1]))}
    for claim in referenced_claims(MENTION.sub(" ", statement)):
        if claim not in cited and claim not in referenced_claims(quotes):
            return f"it names claim {claim}, which it does not cite"
    documents = [split_anchor(a)[0] for a in anchors]
    for number in mentioned_numbers(statement):
        if not any(d.startswith(number) for d in documents) and number not in mentioned_numbers(quotes):
            return f"it names {number}, which it does not cite"
    return ""


def _unnamed(statement: str) -> str:
    """The statement without the claims and documents that it names, whose numbers are no quantities."""
    return CLAIM_LIST_ZH.sub(" ", CLAIM_LIST_EN.sub(" ", MENTION.sub(" ", statement)))


def _other_quantity(statement: str, quotes: str) -> str:
    """A number of the statement that no quotation has, or has with another unit."""
    held: dict[str, set[str]] = {}
    for value, unit in quantities(quotes):
        held.setdefault(value, set()).add(unit)
    for value, unit in quantities(statement):
        if value not in held:
            return f"{value} does not stand in the quotation"
        if unit not in ("", _SIGN) and not held[value] & {"", unit}:
            return f"{value} has the unit {unit} and in the quotation {', '.join(sorted(held[value] - {_SIGN})) or 'none'}"
    return ""


def quantities(text: str) -> list[tuple[str, str]]:
    """(number, its unit, "" where none of those known follows it); a comma that parts no thousands parts numbers."""
    return [(value, unit) for value, unit, _, _ in _read_quantities(_LISTED.sub(", ", unicodedata.normalize("NFKC", text)))]


def _read_quantities(text: str) -> Iterator[tuple[str, str, int, int]]:
    """(number, unit, start, end of the unit) in a text in form NFKC; of a number inside a word (`hepcidin-25`, `CO2`, 第1) the unit is `_SIGN`."""
    for match in _QUANTITY.finditer(text):
        written = match["unit"] or ""
        value = match.group()[: len(match.group()) - len(written)]
        spelt = next((w for n in range(len(written), 0, -1) if _unit(w := written[:n]) and (n == len(written) or not w.isascii())), "")
        sign = bool(_IN_WORD.search(text[max(0, match.start() - 2) : match.start()])) and value[0] not in "−–"
        number = re.sub("^[−–]", "-", value.replace(",", ""))
        yield number.lstrip("-") if sign else number, _SIGN if sign else _unit(spelt), match.start(), match.start() + len(value) + len(spelt)


def _unit(spelt: str) -> str:
    return _UNIT.get(spelt.lower().replace(" ", ""), "")


def _without_quantities(text: str) -> str:
    """The text without its numbers and their units, but for those inside words (`102B`)."""
    text = unicodedata.normalize("NFKC", text)
    for _, _, start, end in reversed(list(_read_quantities(text))):
        if not re.match(r"[A-Za-z]", text[end : end + 1]) and not re.match(r"[A-Za-z]", text[start - 1 : start] if start else ""):
            text = f"{text[:start]} {text[end:]}"
    return text
