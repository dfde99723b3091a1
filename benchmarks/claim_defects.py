"""Defects put into real claims, for measuring what the checks miss: see `benchmarks/claim_checks.py --injected`.

Each kind of defect is made by plain patterns that know nothing of how the checks read a claim, at one place of a document chosen by a seed, and is
found when the rule for it reports something in the changed claim, at the changed place, that it didn't report before.
"""

import random
import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from assistant.claims.claim_set import claim_set
from assistant.claims.finding import Finding
from assistant.claims.rules import check
from ingest.document import Claim, PatentDocument


class Defect(NamedTuple):
    """A document with a defect in characters `start` to `end` of claim `claim`; the whole claim where both are 0."""

    document: PatentDocument
    claim: int
    start: int = 0
    end: int = 0


Maker = Callable[[PatentDocument, random.Random], Defect | None]
_NEW_EN = "gasket trunnion membrane controller reservoir bracket polymer sensor antenna electrode catalyst camera turbine blade solvent".split()
_NEW_ZH = "垫片 支架 传感器 电极 催化剂 天线 涡轮 摄像头 溶剂 阀门".split()
_AFTER = r"(?=\s*[,;.]|\s+(?:is|are|has|comprises|and|to|from|with|for|in|on|wherein|being|having|by|or|at|so|that|which)\b)"
_DEFINITE_EN = re.compile(rf"\b(?:the|said)\s+((?:[a-z]+\s+)?([a-z]{{4,}})){_AFTER}")
_ORDINAL_EN = re.compile(r"\b(?:the|said)\s+(first|second)\s+[a-z]+")
_DEFINITE_ZH = re.compile(r"(?<![\d项])所述([\u4e00-\u9fff]{2,5})(?=[，。；、的与和])")
_ORDINAL_ZH = re.compile(r"所述(第[一二])[\u4e00-\u9fff]{2,5}(?=[，。；、的与和])")
_REFERENCE = {"en": re.compile(r"\bclaim\s+(\d+)\b(?!\s*(?:,|or|and|to|-)\s*\d)"), "zh": re.compile(r"权利要求(\d+)(?![\d,，、至~～-])(?=所述)")}
_RANGE = re.compile(
    r"(?<![\d.\w])(\d{1,3})(\s*(?:to|-|~|～|至)\s*(?:about\s+)?)(\d{1,3})(?=\s*(?:mm|nm|µm|μm|cm|°\s?C|℃|%|minutes|hours|min|h|份)(?![a-z]))"
)


def makers(language: str) -> dict[str, tuple[str, Maker]]:
    """Name of a kind of defect -> rule that should find it, and what makes it. For claims in English or Chinese."""
    zh = language == "zh"
    kinds: dict[str, tuple[str, Maker]] = {
        "a definite thing that nothing introduces": ("antecedent-basis", _renamed_mention),
        "the introduction taken away": ("antecedent-basis", _removed_introduction),
        "another ordinal": ("antecedent-basis", _other_ordinal),
        "depends on the claim above its parent": ("antecedent-basis", _parent_skipped),
        "depends on a later claim": ("forward-dependency", lambda d, r: _reference(d, r, lambda n, last: n + 1 if n < last else None)),
        "depends on itself": ("self-dependency", lambda d, r: _reference(d, r, lambda n, _: n)),
        "depends on a claim that is not there": ("unknown-claim", lambda d, r: _reference(d, r, lambda _, last: last + 3)),
        "a number dropped": ("numbering", _dropped),
        "the range of the parent widened": ("range-wider-than-parent", lambda d, r: _range(d, r, "wider")),
        "a range reversed": ("range-reversed", lambda d, r: _range(d, r, "reversed")),
        "two dependent claims multiple": ("multiple-on-multiple", _multiple),
        "several claims together": ("not-in-the-alternative", _together),
        "another category": ("category-mismatch", _category),
        "an example": ("exemplary-language", lambda d, r: _inserted(d, r, "例如" if zh else "for example ")),
        "a word of degree": ("term-of-degree", lambda d, r: _inserted(d, r, "大致" if zh else "substantially ")),
        "a trade mark": ("trade-mark", lambda d, r: _inserted(d, r, "特氟龙®" if zh else "Teflon® ")),
        "a reference to a drawing": ("reference-to-drawings", lambda d, r: _ended(d, r, "，如图2所示。" if zh else ", as shown in FIG. 2.")),
        "no full stop": ("no-full-stop", lambda d, r: _ended(d, r, "")),
        "two sentences": ("more-than-one-sentence", _two_sentences),
        "a term of its own": ("term-not-in-description", _new_term),
    }
    if not zh:
        kinds["means for a function"] = ("means-plus-function", lambda d, r: _ended(d, r, ", and means for tightening the same."))
    return kinds


def is_found(defect: Defect, rule: str, before: tuple[Finding, ...]) -> bool:
    known = {(f.claim, f.quoted, f.message) for f in before if f.rule == rule}
    return any(
        f.rule == rule
        and f.claim == defect.claim
        and (f.claim, f.quoted, f.message) not in known
        and (not defect.end or (f.start < defect.end and f.end > defect.start) or rule in ("more-than-one-sentence", "no-full-stop"))
        for f in check(claim_set(defect.document))
    )


def _changed(document: PatentDocument, claim: Claim, text: str, start: int = 0, end: int = 0) -> Defect:
    """The document with another text of a claim; its dependencies are read anew."""
    claims = tuple(Claim(number=c.number, text=text if c.number == claim.number else c.text, depends_on=None) for c in document.claims)
    return Defect(document.model_copy(update={"claims": claims}), claim.number, start, end)


def _language(document: PatentDocument) -> str:
    return "zh" if document.country == "CN" else "en"


def _all_text(document: PatentDocument) -> str:
    return "\n".join(c.text for c in document.claims).lower()


def _shuffled(document: PatentDocument, choice: random.Random) -> list[Claim]:
    claims = [c for c in document.claims if 40 < len(c.text) < 4000]
    return choice.sample(claims, len(claims))


def _new_noun(document: PatentDocument, choice: random.Random) -> str:
    text = _all_text(document) + "\n".join(p.text for s in document.sections for p in s.paragraphs).lower()
    nouns = [w for w in (_NEW_ZH if _language(document) == "zh" else _NEW_EN) if w not in text]
    return choice.choice(nouns) if nouns else ""


def _renamed_mention(document: PatentDocument, choice: random.Random) -> Defect | None:
    noun = _new_noun(document, choice)
    pattern, group = (_DEFINITE_ZH, 1) if _language(document) == "zh" else (_DEFINITE_EN, 2)
    for claim in _shuffled(document, choice) if noun else ():
        places = [m for m in pattern.finditer(claim.text) if claim.text[: m.start()].strip()]
        if places:
            match = choice.choice(places)
            text = claim.text[: match.start(group)] + noun + claim.text[match.end(group) :]
            return _changed(document, claim, text, match.start(), match.start(group) + len(noun))
    return None


def _removed_introduction(document: PatentDocument, choice: random.Random) -> Defect | None:
    """In an independent claim, where a word stands once before it is first mentioned as known, it becomes "part"."""
    zh = _language(document) == "zh"
    for claim in (c for c in _shuffled(document, choice) if c.independent):
        for match in (_DEFINITE_ZH if zh else _DEFINITE_EN).finditer(claim.text):
            word = match.group(1 if zh else 2)
            before = claim.text[: match.start()]
            if len(re.findall(word if zh else rf"\b{word}s?\b", before, re.IGNORECASE)) != 1:
                continue
            first = re.search(word if zh else rf"\b(an?\s+(?:[a-z]+\s+)?){word}\b", before)
            if first is None or (zh and before[: first.start()].endswith("所述")):
                continue
            new = "部件" if zh else first.group(1) + "part"
            text = before[: first.start()] + new + before[first.end() :] + claim.text[match.start() :]
            start = match.start() + len(new) - (first.end() - first.start())
            return _changed(document, claim, text, start, start + len(match.group()))
    return None


def _other_ordinal(document: PatentDocument, choice: random.Random) -> Defect | None:
    zh = _language(document) == "zh"
    for claim in _shuffled(document, choice):
        places = list((_ORDINAL_ZH if zh else _ORDINAL_EN).finditer(claim.text))
        if places:
            match = choice.choice(places)
            new = "第七" if zh else "seventh"
            return _changed(document, claim, claim.text[: match.start(1)] + new + claim.text[match.end(1) :], match.start(), match.end() + len(new))
    return None


def _parent_skipped(document: PatentDocument, choice: random.Random) -> Defect | None:
    """A claim that speaks of what only its parent introduces comes to depend on the claim above the parent."""
    zh = _language(document) == "zh"
    texts = {c.number: c for c in document.claims}
    for claim in _shuffled(document, choice):
        if len(claim.depends_on) != 1 or claim.depends_on[0] not in texts:
            continue
        parent = texts[claim.depends_on[0]]
        reference = _REFERENCE["zh" if zh else "en"].search(claim.text)
        if len(parent.depends_on) != 1 or reference is None or int(reference.group(1)) != parent.number:
            continue
        above = _ancestors(document, parent.depends_on[0])
        for match in (_DEFINITE_ZH if zh else _DEFINITE_EN).finditer(claim.text, reference.end()):
            word = match.group(1 if zh else 2).lower()
            own = claim.text[: match.start()].lower()
            if word in parent.text.lower() and word not in own and not any(word in texts[n].text.lower() for n in above if n in texts):
                new = str(parent.depends_on[0])
                shift = len(new) - len(reference.group(1))
                text = claim.text[: reference.start(1)] + new + claim.text[reference.end(1) :]
                return _changed(document, claim, text, match.start() + shift, match.end() + shift)
    return None


def _ancestors(document: PatentDocument, number: int) -> set[int]:
    by_number = {c.number: c for c in document.claims}
    found: set[int] = set()
    waiting = [number]
    while waiting:
        current = waiting.pop()
        if current not in found and current in by_number:
            found.add(current)
            waiting += [*by_number[current].depends_on, *by_number[current].mentions]
    return found


def _reference(document: PatentDocument, choice: random.Random, other: Callable[[int, int], int | None]) -> Defect | None:
    last = max(c.number for c in document.claims)
    for claim in _shuffled(document, choice):
        match = _REFERENCE[_language(document)].search(claim.text, 0, 150)
        number = other(claim.number, last)
        if match and number and len(claim.depends_on) == 1:
            return _changed(document, claim, claim.text[: match.start(1)] + str(number) + claim.text[match.end(1) :])
    return None


def _dropped(document: PatentDocument, choice: random.Random) -> Defect | None:
    if len(document.claims) < 4:
        return None
    at = choice.randrange(1, len(document.claims) - 1)
    rest = tuple(Claim(number=c.number, text=c.text, depends_on=None) for i, c in enumerate(document.claims) if i != at)
    return Defect(document.model_copy(update={"claims": rest}), document.claims[at + 1].number)


def _range(document: PatentDocument, choice: random.Random, kind: str) -> Defect | None:
    """A range with its bounds exchanged; or another dependent claim at the end, with the words and the unit of a range, and wider bounds."""
    zh = _language(document) == "zh"
    for claim in _shuffled(document, choice):
        for match in _RANGE.finditer(claim.text):
            low, high = int(match.group(1)), int(match.group(3))
            if not 0 < low < high:
                continue
            if kind == "reversed":
                text = claim.text[: match.start()] + f"{high}{match.group(2)}{low}" + claim.text[match.end() :]
                return _changed(document, claim, text, match.start(), match.end() + 2)
            clause = re.split(r"[,;:，；：。、\n(（]", claim.text[: match.start()])[-1].strip()
            unit = re.match(r"\s*[^\s\d,;，；。.]{1,7}(?:\s?C\b)?", claim.text[match.end() :])
            if not 3 < len(clause) < 60 or unit is None:
                continue
            number = max(c.number for c in document.claims) + 1
            wide = f"{clause}{' ' if not zh else ''}{low}{match.group(2)}{high + 9}{unit.group()}"
            text = f"根据权利要求{claim.number}所述的产品，其特征在于，{wide}。" if zh else f"The subject of claim {claim.number}, wherein {wide}."
            claims = (*document.claims, Claim(number=number, text=text, depends_on=None))
            return Defect(document.model_copy(update={"claims": claims}), number)
    return None


def _multiple(document: PatentDocument, choice: random.Random) -> Defect | None:
    """The first two claims that depend on one claim, and are fourth or later, depend on any of those before them."""
    zh = _language(document) == "zh"
    texts: dict[int, str] = {}
    for claim in document.claims:
        match = _REFERENCE["zh" if zh else "en"].search(claim.text, 0, 80)
        if claim.number >= 4 and match and len(claim.depends_on) == 1 and len(texts) < 2:
            new = f"权利要求1至{claim.number - 1}中任一项" if zh else f"any one of claims 1 to {claim.number - 1}"
            texts[claim.number] = claim.text[: match.start()] + new + claim.text[match.end() :]
    if len(texts) < 2:
        return None
    claims = tuple(Claim(number=c.number, text=texts.get(c.number, c.text), depends_on=None) for c in document.claims)
    return Defect(document.model_copy(update={"claims": claims}), max(texts))


def _together(document: PatentDocument, choice: random.Random) -> Defect | None:
    zh = _language(document) == "zh"
    for claim in _shuffled(document, choice):
        match = _REFERENCE["zh" if zh else "en"].search(claim.text, 0, 80)
        if claim.number >= 3 and match and claim.depends_on == (1,):
            return _changed(document, claim, claim.text[: match.start()] + ("权利要求1和2" if zh else "claims 1 and 2") + claim.text[match.end() :])
    return None


def _category(document: PatentDocument, choice: random.Random) -> Defect | None:
    pattern = (
        re.compile(r"所述的?([^，。；]{2,30}?)(?=，|其特征)")
        if _language(document) == "zh"
        else re.compile(r"^(?:The|An?)\s+([\w\s-]{3,60}?)(?=,?\s+(?:of|according|as))")
    )
    for claim in _shuffled(document, choice):
        match = pattern.search(claim.text)
        if match is None or claim.independent:
            continue
        if _language(document) == "zh":
            new = "装置" if match.group(1).endswith(("方法", "工艺")) else "方法"
        else:
            new = "apparatus" if re.search("method|process", match.group(1)) else "method"
        return _changed(document, claim, claim.text[: match.start(1)] + new + claim.text[match.end(1) :])
    return None


def _inserted(document: PatentDocument, choice: random.Random, word: str) -> Defect | None:
    pattern = (
        re.compile(r"(?<=[，、])(?=[\u4e00-\u9fff])")
        if _language(document) == "zh"
        else re.compile(r"(?<=,\s)(?=an?\s[a-z])|(?<=\sis\s)(?=[a-z]{4})")
    )
    for claim in _shuffled(document, choice):
        places = [m.start() for m in pattern.finditer(claim.text, 30)] if word.strip() not in claim.text else []
        if places:
            at = choice.choice(places)
            return _changed(document, claim, claim.text[:at] + word + claim.text[at:], at, at + len(word))
    return None


def _ended(document: PatentDocument, choice: random.Random, end: str) -> Defect | None:
    for claim in _shuffled(document, choice):
        text = claim.text.rstrip()
        if text.endswith((".", "。")):
            return _changed(document, claim, text[:-1] + end, len(text) - 2, len(text) + len(end))
    return None


def _two_sentences(document: PatentDocument, choice: random.Random) -> Defect | None:
    zh = _language(document) == "zh"
    for claim in _shuffled(document, choice):
        match = re.search(r"；(?=[\u4e00-\u9fff]{6})" if zh else r"[;,]\s+(?:wherein\s+)?(?=the\s+[a-z]+\s+[a-z]+)", claim.text)
        if match:
            rest = claim.text[match.end() :]
            return _changed(document, claim, claim.text[: match.start()] + ("。" if zh else ". ") + rest[:1].upper() + rest[1:], 0, len(claim.text))
    return None


def _new_term(document: PatentDocument, choice: random.Random) -> Defect | None:
    """A thing introduced under a name that the description does not have."""
    noun = _new_noun(document, choice)
    if not document.sections or not noun:
        return None
    zh = _language(document) == "zh"
    for claim in _shuffled(document, choice):
        match = re.search(r"(?<=包括)[\u4e00-\u9fff]{2,4}(?=[，、；和])" if zh else rf"(?<=\ba\s)[a-z]{{4,}}{_AFTER}", claim.text)
        if match:
            return _changed(document, claim, claim.text[: match.start()] + noun + claim.text[match.end() :], match.start(), match.start() + len(noun))
    return None


def made(document: PatentDocument, seed: int) -> Iterator[tuple[str, str, Defect]]:
    """(kind, rule, defect) of all kinds of defects that can be made in a document, one each."""
    for kind, (rule, maker) in makers(_language(document)).items():
        defect = maker(document, random.Random(f"{seed} {document.number} {kind}"))
        if defect is not None:
            yield kind, rule, defect
