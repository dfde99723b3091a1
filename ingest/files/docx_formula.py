"""Formulas of Word (Office MathML, ISO/IEC 29500-1 part 22) as text on one line, in the manner of `ingest.mathml`."""

from lxml import etree

from ingest.mathml import script

MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_DEPTH = 40
"""Below this depth, the text in its order."""


def linear(formula: etree._Element) -> str:
    """The formula as a reader would type it. Raises nothing, however deep or odd it is."""
    return " ".join(_formula(formula, 0).split())


def _formula(element: etree._Element, depth: int) -> str:
    name = _local(element)
    if name == "t" or depth > _DEPTH:
        return "".join(str(t) for t in element.itertext())
    if name.endswith("Pr"):
        return ""
    pieces = [(_local(child), _formula(child, depth + 1)) for child in element]
    part = dict(pieces)
    if name == "f":
        return f"{_grouped(part.get('num', ''))}/{_grouped(part.get('den', ''))}"
    if name in ("sSup", "sSub", "sSubSup"):
        return part.get("e", "") + script(part.get("sub", ""), False) + script(part.get("sup", ""), True)
    if name == "nary":
        sign = _mark(element, "naryPr", "chr", "∫")
        return sign + script(part.get("sub", ""), False) + script(part.get("sup", ""), True) + part.get("e", "")
    if name == "rad":
        degree = part.get("deg", "").strip()
        return f"{_grouped(part.get('e', ''))}^{{1/{degree}}}" if degree else f"√{_grouped(part.get('e', ''))}"
    if name == "d":
        inside = _mark(element, "dPr", "sepChr", "|").join(text for kind, text in pieces if kind == "e")
        return f"{_mark(element, 'dPr', 'begChr', '(')}{inside}{_mark(element, 'dPr', 'endChr', ')')}"
    between = "; " if name in ("eqArr", "m") else " " if name == "mr" else ""
    return between.join(text for _, text in pieces if text)


def _local(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else "Pr"


def _mark(element: etree._Element, properties: str, name: str, usual: str) -> str:
    """A character that the properties of a formula name."""
    mark = element.find(f"{MATH}{properties}/{MATH}{name}")
    return usual if mark is None else str(mark.get(f"{MATH}val") or "")


def _grouped(text: str) -> str:
    return text if len(text) < 2 or text.isalnum() else f"({text})"
