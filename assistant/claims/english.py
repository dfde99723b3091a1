"""Definite mentions in English claims, and what a claim introduces.

There is no parser here: a noun phrase runs from its article to the first word that can't be part of one, and where a word may be a verb or a
noun ("the shaft bearings") both readings are kept. What needs no antecedent follows MPEP 2173.05(e): inherent parts and properties ("the outer
surface of said sphere"), superlatives, and words of the art of writing claims ("the group consisting of").
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from assistant.claims.english_words import (
    ABSTRACT,
    DIRECTED,
    DIRECTIONS,
    GENERIC,
    GENES,
    INHERENT,
    IRREGULAR,
    KINDS_WITH_NAMES,
    LABELLED,
    NOT_ADJECTIVES,
    NOT_ADVERBS,
    NOT_NOMINAL,
    NOT_SUPERLATIVE,
    NOUNS_IN_ING,
    PARTICIPLES,
    PARTS,
    SKIPPED,
    STOP,
    TELLING,
    VERBS,
)
from assistant.claims.mention import Mention
from index.terms import terms

_TOKEN = re.compile(r"[A-Za-zÀ-ɏα-ωΑ-Ω0-9]+(?:[-‐‑/.'’][A-Za-zÀ-ɏα-ω0-9]+)*['’]?|[^\sA-Za-z0-9]")
_ARTICLE = re.compile(r"\b(?:the|said)\b(?!\s*[)\]])", re.IGNORECASE)
_ANY_ARTICLE = re.compile(r"\b(?:an?|the|said|at\s+least\s+one|a\s+plurality\s+of|one\s+or\s+more)\b(?!\s*[)\]])", re.IGNORECASE)
_ADJECTIVE = re.compile(r"(?:able|ible|ous|ful|less|ive|ic|ical|ary|^inner|^outer|^upper|^lower|[iuno]al|ular|wise)$")
_THERE = re.compile(r"(?:there|here|where)[a-z]+$")
_SEQUENCE = re.compile("[ACGTUN]{8,}")
_INITIAL = re.compile(r"(?<![A-Za-z])[A-Za-z](?=[a-z])")
_COMPARED = re.compile(r"\s+than\b")
_IN_A_LIST = re.compile(
    r"\b(?:selected|chosen)\s+from\b(?:(?!\bwherein\b|\bwhere\b|\bcomprising\b)[^;:]){0,300}$|\b(?:group|list)\s+consisting\s+of:?[^:]{0,300}$"
)
_INDEX = re.compile(r"[a-z]-?th$|[a-z]{1,2}-th$|\d+(?:st|nd|rd|th)$|[a-z][-+]\d(?:st|nd|rd|th)$")
_LABEL = re.compile(r"\s*[(\[]?(?:[a-zA-Z]|[ivx]{1,4}|\d{1,2})[)\]]")
_SEQUENCE_ID = re.compile(
    r"\s+(?:(?:shown|set\s+forth|depicted|represented|identified|given|described)\s+)?(?:in|by|as|of)\s+(?:SEQ\b|Table|formula|Formula|FIG)"
)
_CODE = re.compile(r"(?=.*\d)(?=.*[A-Z])[A-Za-zα-ω0-9-]{2,}|[IVX]+-[IVX]+|[A-Z]-(?:type|terminal|terminus)")
"""A sign of letters and digits: "the IC3 loop", "the SG33 virus"."""
_ABBREVIATED = re.compile(r"[A-Z].*[A-Z]|[A-Za-z].*\d.*[A-Za-z]|[A-Za-z]{2,}.*\d")
_SIGN_AFTER = re.compile(r"\s+(?:[A-Z]\b|[A-Z0-9][\w-]*\d|[A-Za-z]+[A-Z\d][\w-]*)")
_WELL_KNOWN = re.compile(
    r"\b(?:nervous|immune|respiratory|cardiovascular|digestive|circulatory|vascular|lymphatic|urinary|skeletal|endocrine|musculoskeletal|solar)"
    r"\s+system\b|\b(?:solar|visible|infrared|ultraviolet|electromagnetic|near-infrared)\s+(?:light\s+)?(?:spectrum|range|region)\b"
    r"|\bwild[- ]type\b|\bblood[- ]brain[- ]barrier\b|\bnear[- ]field\b|\bfar[- ]field\b"
    r"|\b(?:room|body)\s+temperature\b|\b(?:oral|nasal|abdominal)\s+cavity\b"
    r"|\bperiodic\s+table\b|\bcell\s+cycle\b"
    r"|\b(?:jugular|femoral|portal|pulmonary|carotid|coronary)\s+(?:vein|artery|arteries)\b|\b(?:power|electric|utility)\s+grid\b",
    re.IGNORECASE,
)
_LIST_OF_DISEASES = re.compile(
    r"\b(?:cancers?|carcinomas?|tumou?rs?|diseases?|disorders?|infections?|inflammation|injury|disturbances?)\s+(?:of|in|to)\s+$"
)
_IDIOM = re.compile(
    r"(?:beginning|start|end|side|form|control|influence|action|guidance|supervision|direction|help|aid|basis|art|field|nature|time|moment)"
    r"(?=\s+(?:of|selected|and|or)\b|\s*[,;.])"
)
_WHOLE = re.compile(r"^(?:entire|full|whole|total|complete)$")
_PREFIX = re.compile(
    r"^(?:di|tri|tetra|poly|mono|micro|nano|photo|oligo|bio|electro|sub|pre|co|hydro|thermo|immuno|semi|multi|super|inter)(?=[a-z]{4})"
)
_MOST_WORDS = 7
_REACH = 10
_LEAST_PREFIX, _LONGEST_PREFIX = 4, 8

ORDINALS = {
    word: number
    for number, words in enumerate(
        "first|1st;second|2nd;third|3rd;fourth|4th;fifth|5th;sixth|6th;seventh|7th;eighth|8th;ninth|9th;tenth"
        "|10th".split(";"), 1)
    for word in words.split("|")
}  # fmt: skip
_COUNTS = {"two": 2, "both": 2, "pair": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8}
_POSTPOSED = re.compile(
    r"^(?:able|apart|separate|similar|parallel|perpendicular|free|remote|present|distinct|distal|proximal"
    r"|downstream|upstream|identical|closer|farther|further|higher|lower"
    r"|greater|larger|smaller|first|last|unique|alone|necessary|required)$|(?:able|ible)$|^(?!variable|cable|table)[a-z]+(?:fferent)$"
)
_FINITE = re.compile(
    r"\s+(?:(?:is|are|was|were|has|have|can|may|comprises?|includes?|being|which|that(?!\s+(?:the|an?|said|each|all|it|they)))\b|of\s)"
)
_NOMINAL = re.compile(r"(?:[tsx]ions?|isons|acy|ments?|ances?|ences?|ities|[ei]ty|ness|ings?|ency|ancy|encies|[yoea]sis|ison|ism|th|ure|age|al)$")
_SUPERLATIVE = re.compile(
    r"^(?:most|least|maximum|minimum|maximal|minimal|optimum|optimal|best|worst|nearest|largest|smallest"
    r"|last|next|previous|first-mentioned|higher|lower-most|greater|lesser|better)$|^[a-z]+most$"
    r"|^[a-z]{2,}(?:[^aeiou]|[aeiou][bcdfghklmnprtvwxy])?(?<!t)(?<!r)est$"
)
_SELF_DEFINED = re.compile(r"\s+(?:to\s+)?(?:which\s+)?(?:they|it)\s+(?:is|are)\s+(?:bonded|attached|bound)\b")
_SELF_DEFINING = re.compile(
    r"\s*(?:which\s+the\b|,?\s*(?:at|in|on|to|from|by|for|during|with|through|over)\s+which\b|where\b|when\b|that\b|why\b)", re.IGNORECASE
)
_OF = re.compile(
    r"\s*(?-i:[A-Zα-ω]\w?\s+)?(?:\([^()]{0,40}\)\s*)?(?:,\s*such\s+as\s[^,;]{1,40},\s*)?"
    r"(?:(?:,\s*and/or|,\s*and|,\s*or|,|and/or|and|or)\s+(?:(?:the|an?|said)\s+)?(?:[a-z-]+\s+){0,2}[a-z-]+\s*){0,3}?,?\s*(?:of|between|among|for|in"
    r"|from|per|to|at|on|along|over|through|within|during|thereof|therebetween"
    r"|corresponding|obtained|required|necessary|needed|given|where|with\s+respect|relative|opposite|near|adjacent|by|[a-z]+[ai]ble)\b",
    re.IGNORECASE,
)
_OF_THE = re.compile(r"\s+of\s+(?:the|said|an?)\b")
_OF_ITSELF = re.compile(
    r"\s*(?-i:[A-Zα-ω]\w?\s+)?(?:\([^()]{0,40}\)\s*)?(?:(?:,\s*and/or|,\s*and|,\s*or|,|and/or|and|or)\s+(?:(?:the|an?|said)\s+)?(?:[a-z-]+\s+){0,2}[a-z-]+\s*){0,3}?,?\s*"
    r"(?:of|between|among|thereof|therebetween|opposite|facing|where|nearest|closest|furthest|farthest)\b",
    re.IGNORECASE,
)
_OF_A_NEW_THING = re.compile(
    r"\s*(?:\([^()]{0,40}\)\s*)?(?:of\s+(?!(?:the|said|its|their|these|those|such|claims?)\b)\w|to\s+be\b|thereof\b)", re.IGNORECASE
)
_REFERENCE = re.compile(
    r"\s*(?:(?:of|in|to|by|with|,|as|according|claimed|defined|recited|set\s+forth)\s*){0,4}(?:any\s+(?:one\s+)?(?:of\s+)?)?(?:the\s+)?claims?\s*\d",
    re.IGNORECASE,
)
_BEFORE_DEFINITE = re.compile(r"\b(?:such|as|being|is|are|of)\s+$", re.IGNORECASE)


@lru_cache(maxsize=100_000)
def stems(word: str) -> tuple[str, ...]:
    """The stems of a word: of each part of a compound, and of the whole without its hyphens."""
    word = re.sub(r"['’]s?$|(?<=[A-Z]{2})s$", "", word)
    word = IRREGULAR.get(word.lower(), word)
    parts = [stem for part in re.split(r"[-‐‑/]", word) if part for stem in (terms(part) or [part.lower()])]
    joined = terms(re.sub(r"[-‐‑/]", "", word))
    return tuple(dict.fromkeys([*parts, *joined]))


class Introduced:
    """What a stretch of claim text introduces: the stems of its words, and which of them an ordinal stands before."""

    def __init__(self, text: str) -> None:
        self._at: dict[str, int] = {}
        self._prefixes: dict[str, int] = {}
        self._ordinals: dict[tuple[int, str], int] = {}
        self._text = text
        self._initials: tuple[str, list[int]] | None = None
        waiting: list[tuple[int, int]] = []
        before, i = "", 0
        for match in _TOKEN.finditer(text):
            word = match.group()
            if not word[0].isalnum():
                if word in ";:":
                    waiting = []
                before = ""
                continue
            i += 1
            if word.lower() in ORDINALS:
                waiting.append((ORDINALS[word.lower()], i))
                continue
            previous, before = before, word
            for stem in stems(previous + word) if previous else ():
                self._at.setdefault(stem, match.start())
            waiting += [(number, i) for number in range(1, _COUNTS.get(word.lower(), 0) + 1)]  # "three sections" introduces the second section
            for stem in stems(word):
                self._at.setdefault(stem, match.start())
                if prefix := _PREFIX.match(stem):
                    self._at.setdefault(stem[prefix.end() :], match.start())  # "a diamine" introduces "the amine"
                for length in range(_LEAST_PREFIX, min(len(stem), _LONGEST_PREFIX) + 1):
                    self._prefixes.setdefault(stem[:length], match.start())
                for number, at in waiting:
                    if i - at <= _REACH:
                        self._ordinals.setdefault((number, stem), match.start())

    def has(self, thing: str, before: int | None = None) -> bool:
        """Whether a word, or its parts, occur in the characters before a place; or an ordinal not more than some words before a word, where a space
        parts the two: `second housing` in "first and second housings"."""
        ordinal, _, word = thing.rpartition(" ")
        parts = stems(word)
        if ordinal:
            return any(self._is(self._ordinals.get((ORDINALS[ordinal], s)), before) for s in parts)
        if 2 <= len(word) <= 6 and word.isalpha() and word.removesuffix("s").isupper() and self._abbreviates(word.removesuffix("s"), before):
            return True
        joined = parts[-1:]
        if "/" in word:
            return any(self.has(part, before) for part in word.split("/") if part)
        if _NOMINAL.search(word) and self._is(self._prefixes.get(word.lower()[: max(_LEAST_PREFIX, min(len(word) - 6, _LONGEST_PREFIX))]), before):
            return True  # "administering" introduces "the administration"
        return any(all(self._is(self._at.get(p), before) for p in some) for some in (parts[:-1] or joined, joined))

    def _abbreviates(self, word: str, before: int | None) -> bool:
        """Whether words follow each other that a word has the first letters of."""
        if self._initials is None:
            starts = list(_INITIAL.finditer(self._text))
            self._initials = "".join(m.group() for m in starts), [m.start() for m in starts]
        letters, places = self._initials
        at = letters.upper().find(word)
        return at >= 0 and (before is None or places[at] < before)

    @staticmethod
    def _is(at: int | None, before: int | None) -> bool:
        return at is not None and (before is None or at < before)


def mentions(text: str) -> Iterator[Mention]:
    """The definite mentions of a claim that need an antecedent, in order."""
    after = 0
    for article in _ARTICLE.finditer(text):
        if article.start() < after or not text[: article.start()].strip():  # "The method" at the start names the subject
            continue
        tokens = _phrase(text, article.end())
        if not tokens:
            continue
        after = tokens[0].start()
        ordinal, whole = _without_lead(tokens)
        words = _without_tail(text, whole)
        if not words or _is_named(text, words, whole[len(words) :]) or _needs_none(text, tokens, words, bool(ordinal)):
            continue
        readings = _readings(text, words)
        phrases = tuple((*words, f"{ordinal} {words[-1]}") if ordinal else words for words in readings)
        yield Mention(article.start(), words[len(readings[0]) - 1].end(), phrases)


def nouns(text: str) -> Iterator[re.Match[str]]:
    """The nouns at the ends of the noun phrases of a claim, where they name a thing: no parts and properties, no participles."""
    for article in _ANY_ARTICLE.finditer(text):
        _, words = _without_lead(_phrase(text, article.end()))
        words = _without_tail(text, words)
        cut = next((i for i in range(1, len(words)) if _may_be_verb(words[i].group().lower())), len(words))
        if words[:cut]:
            head = words[cut - 1]
            word = head.group().lower()
            if not (
                word in INHERENT
                or word in GENERIC
                or word in ABSTRACT
                or _is_participle(word)
                or word in VERBS
                or _is_sign(head.group())
                or _may_be_adjective(word)
            ):
                yield head


def _may_be_adjective(word: str) -> bool:
    return bool(_ADJECTIVE.search(word)) and word not in NOT_NOMINAL and word not in NOT_ADJECTIVES


def _phrase(text: str, start: int) -> list[re.Match[str]]:
    """The words after an article, up to one that can't be part of a noun phrase."""
    found: list[re.Match[str]] = []
    lead = True
    for match in _TOKEN.finditer(text, start, start + 200):
        word = match.group().lower()
        lead = lead and (word in SKIPPED or (word in ORDINALS and not found))
        if _INDEX.match(word) and word not in ORDINALS:
            return []  # "the i-th element", "the 12th frame"
        if not word[0].isalnum() or (not lead and found and (word in STOP or word in ORDINALS or _THERE.match(word))):
            if word in ORDINALS and all(_modifies(m.group().lower()) for m in found):
                found = []  # "the undiffracted second beam"
            else:
                break
        if found and word.endswith("er") and _COMPARED.match(text, match.end()):
            break
        if "\n" in text[(found[-1].end() if found else start) : match.start()]:
            break
        found.append(match)
        if word.endswith(("'s", "’s", "s'", "s’")) or (len(found) >= _MOST_WORDS and not lead):
            break
    return found


def _without_lead(tokens: list[re.Match[str]]) -> tuple[str, list[re.Match[str]]]:
    """Without quantifiers; and the ordinal that the phrase begins with."""
    while tokens and (tokens[0].group().lower() in SKIPPED or _is_adverb(tokens[0].group().lower())):
        if tokens[0].group().lower() == "individual" and tokens[1:] and _is_adverb(tokens[1].group().lower()):
            return "", []  # "the individual correctly responds"
        tokens = tokens[1:]
    if tokens and tokens[0].group().lower() in ORDINALS:
        return tokens[0].group().lower(), tokens[1:]
    return "", tokens


def _without_tail(text: str, words: list[re.Match[str]]) -> list[re.Match[str]]:
    """Without what follows the noun for sure: an adverb and all after it, a participle before a preposition, numerals and single letters."""
    for i, match in enumerate(words):
        word = match.group().lower()
        if i and _is_adverb(word):
            words = words[:i]
            break
    while len(words) > 1 and (
        _is_sign(words[-1].group()) or _is_participle(words[-1].group().lower()) or _POSTPOSED.search(words[-1].group().lower())
    ):
        words = words[:-1]
    return words


def _is_adverb(word: str) -> bool:
    return word.endswith("ly") and word not in NOT_ADVERBS


def _is_sign(word: str) -> bool:
    return len(word) == 1 or _SEQUENCE.fullmatch(word) is not None or (any(c.isdigit() for c in word) and not any(c.islower() for c in word))


def _is_participle(word: str) -> bool:
    if word.endswith("ing"):
        return len(word) > 4 and word not in NOUNS_IN_ING
    return word in PARTICIPLES or (len(word) > 4 and word.endswith("ed") and word not in ("speed", "bleed", "weed", "breed"))


def _is_named(text: str, words: list[re.Match[str]], tail: list[re.Match[str]]) -> bool:
    """Whether a proper name says which one is meant: "the biomarkers miR-181a and miR-652", "the NCALD genomic region", "the genus Clostridium",
    "the component a)"."""
    head, end = words[-1].group(), words[-1].end()
    if any(m.group() == "SEQ" for m in words[1:]) or _SEQUENCE_ID.match(text, end):
        return True
    kind = _singular(head) in KINDS_WITH_NAMES
    if len(words) > 1 and words[-2].group().islower() and not head.isupper() and (head.istitle() or _ABBREVIATED.search(head)):
        return True
    if _LABEL.match(text, end) and _singular(head) in LABELLED:
        return True
    if len(words) > 1 and (head.lower() in GENES or (head.isupper() and len(head) >= 5)):
        return True
    if any(_CODE.fullmatch(m.group()) for m in words[:-1]):
        return True
    if tail:
        return any(_ABBREVIATED.search(m.group()) for m in tail) or kind
    return kind and bool(_SIGN_AFTER.match(text, end) or any(_ABBREVIATED.search(m.group()) for m in words[:-1]))


def _needs_none(text: str, tokens: list[re.Match[str]], words: list[re.Match[str]], ordinal: bool) -> bool:
    first, head = words[0].group().lower(), words[-1].group().lower()
    following = text[words[-1].end() : words[-1].end() + 60]
    if _is_sign(words[-1].group()) or words[0].group()[0].isdigit() or (first in GENERIC and len(words) > 1):
        return True
    if head in GENERIC and (head not in TELLING or (len(words) == 1 and not ordinal)):
        return True
    if head in DIRECTIONS and first in DIRECTED:
        return True
    if _WELL_KNOWN.search(text, words[0].start(), words[-1].end() + 10) or _LIST_OF_DISEASES.search(text[: tokens[0].start() - 4][-60:]):
        return True
    if _IDIOM.match(text, words[0].start()) or _IN_A_LIST.search(text[max(0, tokens[0].start() - 320) : tokens[0].start()]):
        return True
    if _WHOLE.match(tokens[0].group().lower()) and _is_inherent(head):
        return True
    if words[0].group()[0].isupper() and not words[0].group().isupper():
        return True  # a name: "the Internet Protocol"
    if tokens[0].group().lower() in ("least", "most") or (head == "application" and _OF_THE.match(following)):
        return True
    if (_SUPERLATIVE.match(first) and first not in NOT_SUPERLATIVE) or _REFERENCE.match(following):
        return True
    if head in ABSTRACT and _SELF_DEFINING.match(following):
        return True
    if _SELF_DEFINED.match(following):
        return True
    if re.search(r"\bof\s+which\s+$", text[: words[0].start() - 4]):
        return True  # "portions of which the interiors …"
    if _OF_A_NEW_THING.match(following) and not ordinal:
        return True
    possessive = head.endswith(("'s", "’s"))
    inherent = _is_inherent(head) or (bool(_NOMINAL.search(head)) and head not in NOT_NOMINAL)
    of = _OF_ITSELF if _singular(head) in PARTS or head in PARTS else _OF
    return inherent and not possessive and not ordinal and bool(of.match(following))


def _readings(text: str, words: list[re.Match[str]]) -> tuple[tuple[str, ...], ...]:
    """The phrase up to each word that may be a verb or a participle, and whole; two words also written as one."""
    names = [m.group() for m in words]
    # where a verb follows, the last word is a noun: "the drive shafts are"
    last = len(names) - (1 if _FINITE.match(text, words[-1].end()) and not _is_participle(names[-1].lower()) else 0)
    cuts = [
        i
        for i in range(1, last)
        if names[i] in VERBS or ((_may_be_verb(names[i].lower()) or _is_plural(names[i - 1].lower())) and not _modifies(names[i - 1].lower()))
    ]
    ends = [*cuts, len(names)]
    ends += [end - 1 for end in ends if end > 1 and _is_inherent(names[end - 1].lower())]  # "the particle size" is a particle's
    readings = [tuple(names[:end]) for end in ends]
    return (*readings, ("".join(names),)) if len(names) == 2 else tuple(readings)


def _is_inherent(word: str) -> bool:
    return word in INHERENT or _singular(word) in INHERENT


def _modifies(word: str) -> bool:
    return _is_participle(word) or _may_be_adjective(word)


def _singular(word: str) -> str:
    return word.lower() if word.endswith(("us", "ss", "is")) else word.lower().removesuffix("s")


def _may_be_verb(word: str) -> bool:
    if word in VERBS or word in PARTICIPLES or word in NOUNS_IN_ING:
        return True
    return _is_participle(word) or _is_plural(word)


def _is_plural(word: str) -> bool:
    """A plural seldom stands before another noun: what follows is a verb ("the cells open"). So may the plural itself be."""
    return word.endswith("s") and not word.endswith(("ss", "us", "is", "'s")) and len(word) > 3 and word != "means"
