"""The kind of a patent: an invention, a utility model or a design.

Without a language model it is read off the kind code, the number, or what the text says of itself. Kind codes are those of WIPO ST.16, in which
the first letter tells the kind of protection, with the exceptions of the offices.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple

from assistant.tasks.metrics import accuracy, mean
from assistant.tasks.pointing import Checked, cut_to_fit, place_of
from assistant.tasks.reply import read_as
from assistant.tasks.task import DATA_ONLY, DATA_ONLY_ZH, Example, Given, Reply, Task, language_of, marked
from ingest.document import PatentDocument

if TYPE_CHECKING:
    from assistant.patents import PatentAssistant

Kind = Literal["invention", "utility model", "design", "unknown"]
_BY_LETTER: dict[str, Kind] = {
    "A": "invention", "B": "invention", "C": "invention", "U": "utility model", "Y": "utility model", "Z": "utility model", "S": "design",
}  # fmt: skip
_BY_OFFICE: dict[str, dict[str, Kind]] = {
    "CN": {"D": "design"},
    "US": {"E": "invention", "H": "invention", "P": "unknown"},  # reissue, statutory invention registration, plant
    "DE": {"T": "invention", "D": "invention"},  # translations of EP specifications
    "FR": {"A3": "utility model", "A4": "utility model", "B3": "utility model", "B4": "utility model"},  # certificats d'utilité
    "TW": {"M": "utility model", "D": "design", "I": "invention"},
    "EP": {"T": "invention"},
    "RU": {"U": "utility model"},
}
"""Letters, or whole codes, that mean something else at an office, or nothing in ST.16."""
_NUMBER = re.compile(r"([A-Z]{2})([A-Z]{0,2})(\d+)([A-Z]\d?)?")
_IN_NUMBER: dict[tuple[str, str], Kind] = {
    ("US", "D"): "design", ("US", "RE"): "invention", ("US", "H"): "invention", ("US", "PP"): "unknown",
    ("TW", "M"): "utility model", ("TW", "I"): "invention", ("TW", "D"): "design",
}  # fmt: skip
_CN_DIGIT: dict[str, Kind] = {"1": "invention", "2": "utility model", "3": "design"}
_SAID: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("design", re.compile(r"本外观设计|外观设计产品的(?:名称|用途)|\bornamental\s+design\s+for\b", re.IGNORECASE)),
    ("utility model", re.compile(r"本(?:实用新型|實用新型|新型|考案)|\b(?:this|present|the)\s+utility\s+model\b|\bGebrauchsmuster\b", re.IGNORECASE)),
    ("invention", re.compile(r"本发明|本發明|\b(?:the\s+present|this|the)\s+invention\b|本願?発明", re.IGNORECASE)),
)  # fmt: skip


class Told(NamedTuple):
    """What tells the kind: `words` stand in the text, "" where a code or number tells it."""

    kind: Kind
    basis: str
    words: str = ""


def kind_by_code(number: str, code: str = "") -> Told | None:
    """By the kind code of a document, or by its number; None where neither tells."""
    match = _NUMBER.match(number.replace(" ", "").upper())
    office, letters, digits = (match[1], match[2], match[3]) if match else ("", "", "")
    code = (code or (match[4] if match else "") or "").upper()
    if letters and (office, letters) in _IN_NUMBER:
        return Told(_IN_NUMBER[office, letters], f"{office}{letters} before the number")
    if code and office:
        special = _BY_OFFICE.get(office, {})
        kind = special.get(code) or special.get(code[0]) or _BY_LETTER.get(code[0])
        return Told(kind, f"kind code {code} of {office}") if kind else None
    if office == "CN" and len(digits) == 9 and digits[0] in _CN_DIGIT:
        return Told(_CN_DIGIT[digits[0]], f"CN publication numbers that begin with {digits[0]}")
    return None


def kind_by_words(text: str) -> Told | None:
    """By what the text says of itself; None where it says nothing, or several things."""
    found = [(kind, match.group()) for kind, pattern in _SAID if (match := pattern.search(text))]
    if len(found) > 1 and found[-1][0] == "invention":
        found.pop()  # 本发明 and "this invention" stand in utility models, too, where the text was reused
    return Told(found[0][0], "the text says so", found[0][1]) if len(found) == 1 else None


class KindGiven(Given):
    """`document` is a number, and `code` a kind code, where they are known: they tell what the text may not."""

    text: str
    document: str = ""
    code: str = ""


class KindReply(Reply):
    kind: Literal["invention", "utility model", "design", "unknown"]
    words: str


class PatentKind(Checked):
    """`basis` says what tells the kind; `words` are those of the text that do, if any."""

    kind: Kind
    basis: str = ""
    words: str = ""


def told(given: KindGiven) -> Told | None:
    return kind_by_code(given.document, given.code) or kind_by_words(given.text)


def _show(given: KindGiven) -> str:
    return marked("text", given.text)


def _read(reply: str, given: KindGiven) -> PatentKind:
    said = read_as(KindReply, reply)
    at = place_of(said.words, given.text, {}) if said.words.strip() else None
    wrong = [f"“{said.words[:60]}” does not stand in the text"] if said.words.strip() and at is None else []
    return PatentKind(kind=said.kind, basis="the text" if at else "", words=at.quote if at else "", wrong=tuple(wrong))


def _problems(output: PatentKind, given: KindGiven) -> list[str]:
    rule = told(given)
    other = [f"the kind is {rule.kind} and not {output.kind}: {rule.basis}"] if rule and rule.kind != output.kind else []
    return [*output.wrong, *other]


def _offline(given: KindGiven, assistant: "PatentAssistant | None") -> tuple[PatentKind, str]:
    rule = told(given)
    if rule is None:
        return PatentKind(kind="unknown", basis="neither a kind code nor the text tells it"), "rules"
    return PatentKind(kind=rule.kind, basis=rule.basis, words=rule.words), "rules"


def _text(document: PatentDocument) -> str:
    return "\n".join(t for t in (document.title, document.abstract, *(c.text for c in document.claims)) if t.strip())


def _from_document(document: PatentDocument) -> KindGiven:
    text = _text(document) or "\n".join(p.text for s in document.sections for p in s.paragraphs)
    return KindGiven(text=text, document=document.number, code=document.kind, language=language_of(text))


def _examples(document: PatentDocument) -> Iterator[Example[KindGiven]]:
    """The text alone, with the kind that the document's code tells."""
    text, rule = _text(document), kind_by_code(document.number, document.kind)
    if rule is None or rule.kind == "unknown" or not text or ":" in document.number:
        return
    said = kind_by_words(text)
    words = said.words if said and said.kind == rule.kind else ""
    yield Example(KindGiven(text=text, language=language_of(text)), KindReply(kind=rule.kind, words=words), document.number)


def _metric(predicted: Sequence[PatentKind], right: Sequence[PatentKind]) -> dict[str, float]:
    """Accuracy over all, the share that is not unknown, and the accuracy of that."""
    known = [(p.kind, r.kind) for p, r in zip(predicted, right, strict=True) if p.kind != "unknown"]
    return {
        "accuracy": accuracy([p.kind for p in predicted], [r.kind for r in right]),
        "answered": len(known) / len(right) if right else 0.0,
        "accuracy_answered": mean(float(p == r) for p, r in known),
    }


def _shorten(given: KindGiven, fits: Callable[[KindGiven], bool]) -> tuple[KindGiven, list[str]] | None:
    cut = cut_to_fit(given.text, lambda text: fits(given.model_copy(update={"text": text})))
    return (given.model_copy(update={"text": cut[0]}), [f"the text from “{cut[1]}” on"]) if cut else None


TASK = Task(
    name="patent_kind",
    summary="The kind of a patent: invention, utility model or design.",
    given=KindGiven,
    reply=KindReply,
    instructions={
        "en": "You tell the kinds of patents. Is the text from a patent for an invention, a utility model (the shape or structure of a product; "
        'never a method or a substance) or a design (the look of a product)? Where the text does not tell, the kind is "unknown". "words" are the '
        'words of the text that tell it, copied exactly, or "". '
        f'The reply has the form {{"kind": "invention", "words": "…"}}, with "invention", "utility model", "design" or "unknown". {DATA_ONLY}',
        "zh": "你判断专利的类型。该文本出自发明专利（invention）、实用新型（utility model，产品的形状、构造或其结合，不包括方法和物质）"
        "还是外观设计（design，产品的外观）？文本不能说明类型时为unknown。“words”是文本中说明类型的词语，须原样照抄，没有时为空。"
        f'回答的格式为 {{"kind": "invention", "words": "…"}}，kind为"invention"、"utility model"、"design"或"unknown"。{DATA_ONLY_ZH}',
    },
    show=_show,
    read=_read,
    metric=_metric,
    examples=_examples,
    problems=_problems,
    from_document=_from_document,
    shorten=_shorten,
    offline=_offline,
    settled=lambda given: told(given) is not None,
)
