"""The parts of a claim: preamble, transition phrase and body, in English, German, French, Chinese and Japanese.

How a transition phrase leaves the claim open to further elements is that of MPEP 2111.03 and of 审查指南, part II, chapter 2, 3.3:
"comprising" is open, "consisting of" closed, "consisting essentially of" between the two. "Characterised in that" is open
(Rule 43(1) EPC asks for the form, not for its scope); "wherein" says nothing.
"""

import re
from dataclasses import dataclass
from typing import Literal

from ingest.claims.category import claim_category, claim_language

Openness = Literal["open", "closed", "partly", ""]
Form = Literal["", "two-part", "jepson"]


@dataclass(frozen=True)
class ClaimParts:
    """Three verbatim slices that cover the claim: `preamble + transition + body` is its text, and white space belongs to the part before it.

    Japanese claims mostly end in their subject (…と、…とを備えるポンプ); then `subject_last` is true, the text is
    `body + transition + preamble`, and further features may stand before the subject (…とを備え、弁が…であるポンプ).
    A claim without a transition phrase is all preamble.
    `form` is `two-part` with a characterising portion and `jepson` with a named improvement.
    """

    preamble: str
    transition: str = ""
    body: str = ""
    openness: Openness = ""
    form: Form = ""
    subject_last: bool = False

    @property
    def text(self) -> str:
        return self.body + self.transition + self.preamble if self.subject_last else self.preamble + self.transition + self.body


_END = r"(?:\s?[:：,，])?"


def _pattern(partly: str, closed: str, opened: str, says_nothing: str) -> re.Pattern[str]:
    return re.compile(rf"(?:(?P<partly>{partly})|(?P<closed>{closed})|(?P<open>{opened})|(?P<none>{says_nothing})){_END}", re.IGNORECASE)


_TRANSITION = {
    "en": _pattern(
        r"\b(?:which\s|that\s)?consist(?:s|ing)?\s(?:essentially|substantially)\sof\b|\bcomposed\sof\b",
        r"(?<!group )(?<!groups )\b(?:which\s|that\s)?consist(?:s|ing)?\sof\b",
        r"\b(?:further\s|additionally\s|also\s|which\s|that\s){0,2}(?:compris(?:es|ing|e)|includ(?:es|ing|e)|contain(?:s|ing)?|having|has)\b",
        r"\b(?:wherein|whereby|in\swhich|in\sthat)\b|(?<=, )where\b",
    ),
    "de": _pattern(
        r"\bim\s[Ww]esentlichen\sbeste(?:hend|ht)\saus\b",
        r"(?<!Gruppe )(?<!Gruppe, )\bbeste(?:hend|ht)\saus\b",
        r"\b(?:(?:des\s)?(?:weiteren|ferner|weiterhin|weiter|außerdem|zusätzlich)\s)?(?:umfass(?:end|t|en|ende)|umfaßt|aufweis(?:end|t|en)|beinhalte(?:nd|t|n)"
        r"|enthalt(?:end|en)|enthält)\b",
        r"\bwobei\b|\bbei\s(?:dem|der|denen|welche[mr])\b|\bin\s(?:dem|der|welche[mr])\b|(?<=, )mit\b",
    ),
    "fr": _pattern(
        r"\b(?:consistant|constituée?s?)\sessentiellement\s(?:en|de|par|d['’])|\bcomposée?s?\s(?:de\b|d['’])",
        r"\b(?:consistant\s(?:en|dans)\b|constituée?s?\s(?:de\b|par\b|d['’]))",
        r"\b(?:compren(?:ant|d|nent)|comport(?:ant|e|ent)|conten(?:ant)|contient|inclu(?:ant|t)|ayant)\b",
        r"\b(?:dans|pour|selon)\s(?:lequel|laquelle|lesquels|lesquelles)\b",
    ),
    "zh": _pattern(
        r"(?:基本上?|主要)由(?=[^。；]{1,300}(?:组成|組成|构成|構成))",
        r"(?:(?<=^)|(?<=[，,：:是其]))仅?由(?=(?:(?!包括|包含)[^。；]){1,300}(?:组成|組成|构成|構成))",
        r"(?:还|還|其|分别|至少|进一步|進一步){0,2}(?:包括有?|包含有?(?!于|在|於)|含有|具有|具备|具備|[设設]有)(?!的)",
        r"(?<=[，,；\n])其中",
    ),
}
_TWO_PART = {
    "en": r"\b(?:being\s|is\s)?characteri[sz]ed\s(?:in\sthat|by)\b(?:\sit\s(?:compris|includ)es)?",
    "de": r"\bdadurch\sgekennzeichnet\s?,\s?da(?:ss|ß)\b|\bgekennzeichnet\sdurch\b",
    "fr": r"\bcaractérisée?s?\s(?:en\sce\s(?:que\b|qu['’])|par\b)",
    "zh": r"其?(?:特征|特徵)(?:在于|在於|是|为|為)(?:\s?[，,：:])?(?:(?:其|还|該?该?方法)?(?:包括有?|包含|含有))?",
}
_JEPSON = {
    "en": r"\b(?:(?:wherein|in\swhich)\s)?the\simprovements?\s(?:(?:which\s|that\s)?compris(?:es|ing|e)|consist(?:s|ing)?\s(?:of|in)|being|is)\b",
    "de": r"\bwobei\sdie\sVerbesserung\b[^.;:]{0,40}?\b(?:umfasst|besteht|umfassend)\b",
    "fr": r"\b(?:l['’]amélioration|le\sperfectionnement)\s(?:comprenant|consistant|étant)\b",
    "zh": r"其?改[进進](?:之[处處])?(?:在于|在於|是)",
}
_MARKS = re.compile("haracteri|mprovement|ekennzeichnet|erbesserung|aractéris|amélioration|perfectionnement|特[征徵]|改[进進]")
_FORMS: dict[str, tuple[tuple[Form, re.Pattern[str]], ...]] = {
    language: (("jepson", re.compile(_JEPSON[language] + _END, re.IGNORECASE)), ("two-part", re.compile(_TWO_PART[language] + _END, re.IGNORECASE)))
    for language in _JEPSON
}
_LISTED = re.compile(
    r"\s?(?:(?:at\sleast\s)?(?:the\s)?(?:following\s)?(?:acts?|steps?)(?:\sof)?|(?:die|folgende)\s(?:folgenden\s)?(?:Verfahrens)?[Ss]chritte"
    r"|les\sétapes(?:\s(?:suivantes|de|consistant\sà))?)?\s?[:：]?\s*$"
)
_AFTER_A_COMMA = re.compile(r"[,，]\s?(?:(?:said|the|das|die|der|le|la|whose)\s(?:[\w-]+\s){1,4})?$", re.IGNORECASE)
_MAIN = re.compile(r"compris|consist|umfass|umfaßt|besteh|compren|constitu", re.IGNORECASE)
_FIRST_CHARACTERS = 4000

_SUBJECT_FIRST_JA = re.compile(r"(?:において|に於いて|であって)、")
_SUBJECT_LAST_JA = re.compile(
    r"(?:(?:を(?:更に|さらに)?(?:備え(?:る|た|ている|てなる)|具備(?:する|した)|有(?:する|している)|含(?:む|んでいる|んでなる|有する)|設けた)"
    r"|(?P<closed>(?:のみ)?から(?:なる|成る|構成される)))(?:(?:こと|点)を特徴とする)?|(?:こと|点)?を特徴とする)、?"
)
_MIDDLE_JA = re.compile(r"(?:(?<=[と、])|(?<=[と、]\s))を(?:備え|具備し|有し|含み)、")
_PARTLY_JA = re.compile(r"(?:実質的に|本質的に)[^、。]{0,60}$")
_SUBJECT_JA = re.compile(r"(?:[^。、]|請求項[0-9０-９]{1,4}、|[0-9０-９]{1,4}、(?=[0-9０-９]))+[。.]?\s*")
_LONGEST_SUBJECT = 150


def claim_parts(text: str, language: str = "") -> ClaimParts:
    """The parts of one claim; `language` is `en`, `de`, `fr`, `zh` or `ja`, and read off the text where it is not given."""
    language = language or claim_language(text)
    if language == "ja":
        return _japanese(text)
    start = text[:_FIRST_CHARACTERS]
    for form, pattern in _FORMS[language] if _MARKS.search(start) else ():
        marked = pattern.search(start)
        if marked:
            return _cut(text, marked, _openness_of(marked.group(), start[marked.end() :], language), form)
    found = _main_transition(start, language)
    if found is None:
        return ClaimParts(preamble=text)
    return _cut(text, found, _openness(found), "")


def _cut(text: str, transition: re.Match[str], openness: Openness, form: Form) -> ClaimParts:
    return ClaimParts(text[: transition.start()], transition.group(), text[transition.end() :], openness, form)


def _openness(transition: re.Match[str]) -> Openness:
    if transition.lastgroup in ("partly", "closed", "open"):
        return transition.lastgroup  # type: ignore[return-value]
    return ""


def _openness_of(phrase: str, following: str, language: str) -> Openness:
    """A characterising portion is open unless it begins with a word that closes it."""
    own = _TRANSITION[language].search(phrase) or _TRANSITION[language].match(following.lstrip())
    return (_openness(own) if own else "") or "open"


def _main_transition(text: str, language: str) -> re.Match[str] | None:
    """The one that ends the preamble: in the first line, before any "wherein", and there the one that opens a list, or stands after a comma;
    a method of treating a patient *having* cancer is not open at that word."""
    first_line = re.search(r"[\n;；]", text)
    for region in [text[: first_line.start()], text] if first_line else [text]:
        found: list[re.Match[str]] = []
        for match in _TRANSITION[language].finditer(region):
            if match.lastgroup == "none":
                found = found or [match]
                break
            found.append(match)
        if not found:
            continue
        if language == "zh":
            return found[0]
        lists = [m for m in found if m.group().endswith((":", "：")) or (first_line and region is not text and _LISTED.match(region, m.end()))]
        apart = [m for m in found if _MAIN.search(m.group()) and _AFTER_A_COMMA.search(region[max(0, m.start() - 60) : m.start()])]
        method = claim_category(text, language) == "method"
        main = [m for m in found if not method or m.lastgroup == "none" or _MAIN.search(m.group())]
        return (lists or apart or main or found)[0]
    return None


def _japanese(text: str) -> ClaimParts:
    last = None
    for match in _SUBJECT_LAST_JA.finditer(text):
        last = match
    if last and len(text) - last.end() <= _LONGEST_SUBJECT and _SUBJECT_JA.fullmatch(text, last.end()):
        form: Form = "two-part" if "特徴" in last.group() else ""
        openness: Openness = "open"
        if last.group("closed"):
            openness = "partly" if _PARTLY_JA.search(text[max(0, last.start() - 80) : last.start()]) else "closed"
        return ClaimParts(text[last.end() :], last.group(), text[: last.start()], openness, form, subject_last=True)
    topic = _SUBJECT_FIRST_JA.search(text, 0, _FIRST_CHARACTERS)
    if topic and "請求項" in text[: topic.start()]:
        return _cut(text, topic, "", "")
    middle = _MIDDLE_JA.search(text)
    if middle:
        return ClaimParts(text[middle.end() :], middle.group(), text[: middle.start()], "open", "", subject_last=True)
    return _cut(text, topic, "", "") if topic else ClaimParts(preamble=text)
