"""MathML as text on one line: `V=(4/3)(D/2)³`, `∑ᵢ₌₁ⁿxᵢ`, `√(a+b)`.

Presentation MathML 2 and 3 (W3C) under any namespace, as the EPO, the USPTO and ST.96 embed it. What the page shows is
kept in the order of the source; parentheses stand where a line needs them and two dimensions do not.
"""

import unicodedata

from lxml import etree

SUPERSCRIPT = str.maketrans("0123456789０１２３４５６７８９+-−–=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁼⁽⁾ⁿⁱ")
SUBSCRIPT = str.maketrans("0123456789０１２３４５６７８９+-−–=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₀₁₂₃₄₅₆₇₈₉₊₋₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ")
_INVISIBLE = dict.fromkeys(range(0x2061, 0x2065))
_PRIMES = frozenset("'′″‴*†")
_OPEN, _CLOSE = "([{⟨〈|‖", ")]}⟩〉|‖"
_TOKENS = frozenset("mi mn mo mtext ms ci cn csymbol".split())
_DEPTH = 60
"""Below this depth, the text in its order: no formula is so deep, and a hostile one must not exhaust the stack."""
_ATOM, _PRODUCT, _FRACTION, _SUM = range(4)
"""How tightly the parts of a piece hold together; what holds less tightly needs parentheses."""

_Piece = tuple[str, int]


def linear(element: etree._Element) -> str:
    """The formula as a reader would type it. Raises nothing, however deep or odd the element is."""
    return " ".join(_piece(element, 0)[0].split())


def script(text: str, superscript: bool) -> str:
    """A superscript or subscript: in Unicode where it has every character (`⁻³`), else `^x`, `_{max}`."""
    table = SUPERSCRIPT if superscript else SUBSCRIPT
    if text and all(ord(c) in table for c in text):
        return text.translate(table)
    mark = "^" if superscript else "_"
    return f"{mark}{text}" if len(text) == 1 else f"{mark}{{{text}}}" if text else ""


def _piece(element: etree._Element, depth: int) -> _Piece:
    tag = element.tag
    if not isinstance(tag, str):
        return (element.text or "" if tag is etree.Entity else "", _ATOM)
    name = _name(element)
    if name in _TOKENS or depth >= _DEPTH:
        text = "".join(str(t) for t in element.itertext()).translate(_INVISIBLE)
        text = " ".join(text.split())
        return (text, _SUM if " " in text or depth >= _DEPTH else _ATOM)
    if name == "mspace" or name == "mphantom":  # blank on the page
        return (" ", _ATOM)
    if name in ("annotation", "annotation-xml", "none"):  # the same in another notation, or no mark at all
        return ("", _ATOM)
    if name == "mtable":
        return ("; ".join(row for child in element if (row := _piece(child, depth + 1)[0].strip())), _SUM)
    if name in ("mtr", "mlabeledtr"):
        return (" ".join(cell for child in element if (cell := _piece(child, depth + 1)[0].strip())), _SUM)
    if name == "mfenced":
        return _fenced(element, depth)
    if name in _ARRANGED and not (element.text or "").strip() and not any((child.tail or "").strip() for child in element):
        parts = [c for c in element if not isinstance(c, etree._ProcessingInstruction) and _name(c) != "mprescripts"]
        return _arranged(name, [_piece(part, depth + 1) for part in parts])
    if name == "msqrt":
        text, level = _row(element, depth)
        return (f"√{_enclosed(text, level, _ATOM)}", _PRODUCT)
    return _row(element, depth)


def _name(element: etree._Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


_ARRANGED = frozenset("mfrac msub msup msubsup munder mover munderover mmultiscripts mroot".split())


def _arranged(name: str, parts: list[_Piece]) -> _Piece:
    """A base with what stands above, below or beside it."""
    if not parts:
        return ("", _ATOM)
    (base, level), rest = parts[0], [text.strip() for text, _ in parts[1:]]
    if name == "mfrac":
        below = "".join(_enclosed(text.strip(), of, _ATOM) for text, of in parts[1:])
        return (f"{_enclosed(base.strip(), level, _PRODUCT)}/{below}", _FRACTION)
    base = _enclosed(base.strip(), level, _ATOM)
    if name == "mroot":
        return (f"{base}^{{1/{''.join(rest)}}}", _ATOM)
    raised_first = name in ("msup", "mover")
    for position, text in enumerate(rest):
        raised = raised_first or position % 2 == 1
        base += _accent(text) if name in ("mover", "munderover") and raised else _raised(text) if raised else script(text, False)
    return (base, _ATOM)


def _raised(text: str) -> str:
    return text if text and all(c in _PRIMES for c in text) else script(text, True)


def _accent(text: str) -> str:
    """`¯` over x is x̄; what Unicode does not put over a letter is a superscript."""
    mark = unicodedata.normalize("NFKC", text) if len(text) == 1 else ""
    return mark[1] if len(mark) == 2 and mark[0] == " " else script(text, True)


def _fenced(element: etree._Element, depth: int) -> _Piece:
    start, end = element.get("open", "("), element.get("close", ")")
    separators = "".join(element.get("separators", ",").split())
    inside = ""
    for position, child in enumerate(element):
        if position and separators:
            inside += separators[min(position, len(separators)) - 1] + " "
        inside += _piece(child, depth + 1)[0]
    stray = " ".join(t for t in [element.text, *(child.tail for child in element)] if t and t.strip())
    return (f"{start.strip()}{inside.strip()}{stray}{end.strip()}", _ATOM if start and end else _SUM)


def _row(element: etree._Element, depth: int) -> _Piece:
    """The parts of an element side by side, with a blank between words and parentheses round a fraction next to a factor."""
    pieces: list[tuple[str, int, bool, bool]] = []  # text, level, an operator, a word
    _add_stray(element.text, pieces)
    for child in element:
        text, level = _piece(child, depth + 1)
        if text:
            name = _name(child)
            operator = name == "mo" or (name == "mspace" and not text.strip())
            pieces.append((text, level, operator, name in ("mi", "mtext") and len(text) > 1))
        _add_stray(child.tail, pieces)
    if len(pieces) == 1:
        return pieces[0][:2]
    line = ""
    for position, (text, level, operator, word) in enumerate(pieces):
        before = pieces[position - 1] if position else None
        after = pieces[position + 1] if position + 1 < len(pieces) else None
        if level == _FRACTION and ((before and not before[2]) or (after and not after[2])):
            text = f"({text})"
        if before and (word or before[3]) and line[-1:].isalnum() and text[:1].isalnum() and not operator:
            line += " "
        line += text
    return (line, _level(line, [p for p in pieces if p[0].strip()]))


def _add_stray(text: str | None, pieces: list[tuple[str, int, bool, bool]]) -> None:
    if text and (stray := " ".join(text.translate(_INVISIBLE).split())):
        pieces.append((stray, _SUM, False, len(stray) > 1))


def _level(line: str, pieces: list[tuple[str, int, bool, bool]]) -> int:
    if len(pieces) == 1:
        return pieces[0][1]
    if pieces and pieces[0][2] and pieces[-1][2] and _one_bracket(line.strip()):
        return _ATOM
    signs = [p for p in pieces if (p[2] and p[0] not in _OPEN + _CLOSE) or p[1] == _SUM]
    return _SUM if signs else _PRODUCT


def _one_bracket(text: str) -> bool:
    """Whether the first character is a bracket that the last one closes."""
    if text[:1] not in _OPEN[:5] or text[-1:] not in _CLOSE[:5]:
        return False
    open_now = 0
    for position, c in enumerate(text):
        open_now += (c in _OPEN[:5]) - (c in _CLOSE[:5])
        if open_now == 0:
            return position == len(text) - 1
    return False


def _enclosed(text: str, level: int, loosest: int) -> str:
    """The text in parentheses where it holds together less tightly than it must."""
    return text if level <= loosest or not text else f"({text})"
