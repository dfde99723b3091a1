"""The character notation of the USPTO's Automated Patent System (Greenbook text, 1976 to 2001) as readable text.

A character that ASCII lacks is its name between dots (`.alpha.`, `.ltoreq.`); `.sub.` and `.sup.` lower and raise what follows, up to
the next blank or mark. Source of the names: the table of the USPTO's own reader (USPTO/PatentPublicData, DotCodes, CC0).
"""

import re

from ingest.mathml import script

_NAMES = {
    **dict(zip(
        "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda lamda mu nu xi omicron pi rho sigma tau upsilon phi chi psi omega".split(),
        "αβγδεζηθικλλμνξοπρστυφχψω", strict=True,
    )),
    **dict(zip(
        "ALPHA BETA GAMMA DELTA EPSILON ZETA ETA THETA IOTA KAPPA LAMBDA MU NU XI OMICRON PI RHO SIGMA TAU UPSILON PHI CHI PSI OMEGA".split(),
        "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩ", strict=True,
    )),
    **dict(zip(  # relations and operations
        "times div +- -+ multidot cndot ltoreq gtoreq ltoreg gtoreg lmtoreq notlessthan notgreaterthan gtorsim lmorsim noteq ident notident"
        " apprxeq approxeq about congruent perspectiveto apprch varies infin intg differential gradient increment sqroot cuberoot fourthroot"
        " angle perp parallel vertline thrfore because BECAUSE andgate orgate A-inverted E-backward function sym crclbar".split(),
        "×÷±∓·•≤≥≦≧≤≮≯≳≲≠≡≢≅≈~≅≃≐∝∞∫∂∇∆√∛∜∠⊥∥|∴∵∵∩∪∀∃ƒ⊕⊖", strict=True,
    )),
    **dict(zip(  # bonds, arrows, measures, signs
        "dbd tbd rarw uparw fwdarw dwnarw revreaction reveaction ANG ang degree cent permill Salinity prime dblprime dblquote sctn RTM TM SM"
        " COPYRG COPYRGT AMP LT GT dagger dagger-dbl asterisk-pseud female male music-sharp music-flat music-natural music-natrual".split(),
        "=≡←↑→↓⇌⇌Åå°¢‰‰′″\"§®™℠©©&<>†‡※♀♂♯♭♮♮", strict=True,
    )),
    **dict(zip(  # shapes
        "quadrature box-solid smallcircle largecircle circle circle-solid dottedcircle lhalfcircle rhalfcircle circleincircle circle-w/dot"
        " diamond diamond-solid star-solid tangle-solidup hoarfrost THorizBrace BHorizBrace [ ]".split(),
        "□▪∘◯◯●◌◐◑◎⊙⋄♦★▴⊔⏞⏟[]", strict=True,
    )),
    "0": "Ø", "di-elect cons": "∈", "OR right": "⊂", "English Pound": "£", "ae butted": "æ", "4th root": "∜",
    "left brkt-top": "⌈", "right brkt-top": "⌉", "left brkt-bot": "⌊", "right brkt-bot": "⌋",
    "paren open-st": "(", "paren close-st": ")", "brket open-st": "[", "brket close-st": "]",
    "Iadd": "", "Iaddend": "", "Badd": "", "Baddend": "",  # italics and bold of what a reissue added
}  # fmt: skip
_RAISED = frozenset(("sup", "spsb", "spsp"))
_SCRIPTS = frozenset(("sub", "sup", "sbsb", "sbsp", "spsb", "spsp"))
_DOMAIN = re.compile(r"(?:com|net|org|edu|gov|mil)\b")
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&"))
_SCRIPT = re.compile(
    r"""\.(su[bp]|s[bp]s[bp])\.                                       # lowered, raised, or that twice
    ((?:[^\s.,;:()'"]|\([^().\s]{0,30}\)|(?<=[0-9])\.(?=[0-9]))+)      # up to a blank or a mark, with (n+1) and 0.5 whole
    (\ ?)""",
    re.VERBOSE,
)
_PRIME = re.compile(r"""['"]+(?:[\s,.;:)\]]|\Z)""")
_JOINED = re.compile(rf"""{_PRIME.pattern}|-{{1,2}}[^\s-]|[=≡]\S|/\S|[)\]]""")
_RADICALS = frozenset(
    "H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se Br Kr Rb Sr Y Zr Nb Mo Tc Ru Rh Pd Ag Cd In"
    " Sn Sb Te I Xe Cs Ba La Ce Pr Nd Sm Eu Gd Tb Dy Ho Er Tm Yb Lu Hf Ta W Re Os Ir Pt Au Hg Tl Pb Bi Th Pa U Pu R M X Me Et Ph Bu )".split()
)
_WORDS = frozenset(("He", "Be", "As", "In", "I", "No", "Me"))
_BASE = re.compile(r"(?:([A-Z][a-z]?)|[)\]])\Z")
_COUNT = re.compile(r"[0-9nmxyz]{1,4}\Z")
_GROUP = re.compile(r"((?:[A-Z][a-z]?){1,8})(?![A-Za-z])")
_ELEMENT = re.compile(r"[A-Z][a-z]?")


def readable_aps(text: str, in_table: bool = False) -> str:
    """`10.sup.-3 H.sub.2 O, 90.degree. C.` to `10⁻³ H₂O, 90° C.`; marks that are not known stay as they are.

    In a table a blank after `.sub.2` may end a cell, and is kept.
    """
    if "&" in text:
        for reference, character in _ENTITIES:
            text = text.replace(reference, character)
    if "." not in text:
        return text
    text = _characters(text)
    return _SCRIPT.sub(_write_in_table if in_table else _write_script, text) if ".s" in text else text


def _characters(text: str) -> str:
    """The names between dots to characters."""
    pieces = text.split(".")
    out = [pieces[0]]
    last = len(pieces) - 1
    i = 1
    while i <= last:
        piece = pieces[i]
        if i < last and (character := _NAMES.get(piece)) is not None and _is_name(pieces, i):
            out.append(character + pieces[i + 1])
            i += 2
        else:
            out.append("." + piece)
            i += 1
    return "".join(out)


def _is_name(pieces: list[str], i: int) -> bool:
    """Not what is lowered (x.sub.xi. at the end of a sentence), not www.angle.com, and for the slashed zero not 2.0.1."""
    before, after = pieces[i - 1], pieces[i + 1]
    if pieces[i] == "0" and (before[-1:].isalnum() or after[:1].isalnum()):
        return False
    return before not in _SCRIPTS and not _DOMAIN.match(after)


def _write_script(match: "re.Match[str]") -> str:
    kind, content, blank = match.groups()
    written = script(content, kind in _RAISED)
    return written if not blank or _goes_on(match) else f"{written} "


def _write_in_table(match: "re.Match[str]") -> str:
    """Cells were put together without a blank: (CH.sub.2).sub.3COO.sup..crclbar."""
    kind, content, blank = match.groups()
    end = next((i for i in range(1, len(content)) if content[i].isupper() and not content[i - 1].isalpha()), len(content))
    prime = blank and _PRIME.match(match.string, match.end())
    return script(content[:end], kind in _RAISED) + content[end:] + ("" if prime else blank)


def _goes_on(match: "re.Match[str]") -> bool:
    """Whether the blank only ends what is lowered: before a prime, a hyphen or a bracket (r.sub.1 ', C.sub.1 -C.sub.6), and
    inside of a chemical formula (H.sub.2 O), but not before the next word."""
    text, start, end = match.string, match.start(), match.end()
    if _JOINED.match(text, end):
        return True
    base = _BASE.search(text[max(0, start - 2) : start])
    group = _GROUP.match(text, end)
    if base is None or group is None or not _COUNT.match(match[2]) or not _RADICALS.issuperset(base.groups(")")):
        return False
    return _RADICALS.issuperset(_ELEMENT.findall(group[1])) and (group[1] not in _WORDS or text.startswith(".sub.", group.end()))
