"""How a reference to another claim stands to the claim that it is in: `head`, `part` or `aim` (see `ingest.claims.dependency`).

The subject of a claim is the noun phrase that English, German, French and Chinese claims begin with, and that Japanese ones end in.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

from ingest.claims.category import claim_category, claim_head
from ingest.claims.claim_reference import CLAIM_LIST_ZH, Reference

Relation = Literal["head", "part", "aim"]


class _Words(NamedTuple):
    """The small words of a language: those that lead to a reference ("as claimed in any one of"), those that end the noun phrase at the
    head of a claim, and those of the latter that begin its body."""

    lead: frozenset[str]
    split: frozenset[str]
    body: frozenset[str]


def _words(lead: str, split: str, body: str) -> _Words:
    return _Words(frozenset(lead.split()), frozenset(f"{split} {body} , : ;".split()), frozenset(body.split()))


_WORDS = {
    "en": _words(
        "as claimed recited defined set forth described specified stated disclosed outlined indicated listed mentioned characterized in of to"
        " according accordance conforming with pursuant any one more at least either each all the by per under from on out and or , such"
        " said like",
        "for of to in by from on as according at into when where capable configured adapted",
        "comprising comprises comprise consisting consists including includes include containing contains wherein whereby characterized"
        " characterised that whose having has with which using uses used made produced obtained obtainable prepared manufactured encoding",
    ),
    "de": _words(
        "nach gemäß gemäss gemaess entsprechend laut wie in im von vom der des den dem die einem einer eines irgendeinem jedem jeder"
        " mindestens wenigstens zumindest oder und mehreren beansprucht definiert beschrieben angegeben , aus",
        "zum zur zu für von vom nach gemäß gemäss der die das des dem den eines einer einem ein eine in im an am auf aus bei durch unter über um"
        " als wie bei",
        "mit umfassend umfassende umfasst enthaltend enthaltende aufweisend aufweisende bestehend welche welcher welches wobei dadurch enthält ,",
    ),
    "fr": _words(
        "selon suivant conforme conformément à au aux d' après tel telle tels telles que qu' défini définie définis définies revendiqué revendiquée"
        " décrit décrite dans de la le l' les l'une des une un quelconque quelconques ou et plusieurs moins parmi en , du",
        "de du des d' pour à au aux en dans par sur selon suivant conforme destiné destinée permettant utilisable lisible",
        "avec comprenant comprend consistant contenant comportant comporte caractérisé caractérisée qui dont ayant utilisant obtenu obtenue codant"
        " incluant muni munie équipé équipée",
    ),
}
_NUMERALS = re.compile(r"\([^()]{0,60}\)")
_TOKEN = re.compile(r"[^\W\d_]['’]|qu['’]|[^\W_]+(?:-[^\W_]+)*|[,;:]")
_ARTICLES = frozenset("a an the said at least one or more in ein eine einer zumindest der die das un une le la les l' au moins".split())
_DEFINITE = frozenset("the said der die das le la les l'".split())
_METHOD = re.compile(r"(?:methods?|process(?:es)?|procedures?|verfahrens?|procédés?|méthodes?)$")
_USE = frozenset("use verwendung anwendung gebrauch utilisation".split())  # "Compound X for use according to claim 1" is claimed like compound X
_FOR = frozenset("for zur zum pour".split())
_DEPENDING = re.compile(r"\b(?:depend|append|abhängig|rückbezogen|dépend)", re.IGNORECASE)
_ALTERNATIVE = frozenset("or and oder und ou et , ;".split())
_HEAD_CHARACTERS = 600
_LONGEST_PREAMBLE = 40
_MANY = 20


def relations_of(text: str, references: Sequence[Reference], earlier: Mapping[int, str]) -> list[Relation]:
    """The relation of each reference to the claim `text` that it is in; `earlier` has the texts of other claims by number.

    A run of white space in the text is to be one character.
    """
    if not references:
        return []
    return {"zh": _chinese, "ja": _japanese}.get(references[0].language, _western)(text, references, earlier)


def _others(reference: Reference, earlier: Mapping[int, str]) -> list[str]:
    """The beginnings of the claims referred to (in Japanese, the subject is at the end)."""
    found = (earlier[n] for n in reference.numbers[:_MANY] if n in earlier)
    return [claim[-_HEAD_CHARACTERS:] if reference.language == "ja" else claim[:_HEAD_CHARACTERS] for claim in found]


def _western(text: str, references: Sequence[Reference], earlier: Mapping[int, str]) -> list[Relation]:
    words = _WORDS[references[0].language]
    relations: list[Relation] = []
    end = 0
    for reference in references:
        between = text[end : reference.start]
        tokens = _without_lead(_tokens(between[-_HEAD_CHARACTERS:] if relations else between[: 4 * _HEAD_CHARACTERS]), words)
        others = _others(reference, earlier)
        if relations and (_DEPENDING.search(between[-80:]) or _continues(tokens, words)):
            relation = relations[-1]
        elif not relations and _is_head(tokens, others, reference.language, text, between):
            relation = "head"
        else:
            relation = _part_or_aim(text, between, reference, others)
        relations.append(relation)
        end = reference.end
    return relations


def _tokens(text: str) -> list[str]:
    """The words in lower case, without the numerals of the drawings."""
    return [t.replace("’", "'") for t in _TOKEN.findall(_NUMERALS.sub(" ", text.lower()))]


def _without_lead(tokens: list[str], words: _Words) -> list[str]:
    while tokens and tokens[-1] in words.lead:
        tokens.pop()
    return tokens


def _continues(tokens: list[str], words: _Words) -> bool:
    """Whether only an "or the pump" stands between two references."""
    return not tokens or (len(tokens) <= 8 and tokens[0] in _ALTERNATIVE and not words.split.intersection(tokens[1:]))


def _is_head(tokens: list[str], others: Sequence[str], language: str, text: str, before: str) -> bool:
    words = _WORDS[language]
    definite = bool(tokens) and tokens[0] in _DEFINITE
    tokens = _without_article(tokens)
    if not words.split.intersection(tokens) or (tokens[-1] in _USE and _FOR.intersection(tokens[-4:-1])):
        return True
    noun, rest = _head_noun(tokens, words)
    if others:
        subjects = [_without_article(_tokens(other)) for other in others]
        if any(subject[: len(tokens)] == tokens for subject in subjects):
            return True
        nouns = [_head_noun(subject, words)[0] for subject in subjects]
        body = bool(words.body.intersection(tokens))
        alike = (definite and not body) or (any(_same(noun, n) for n in nouns) and not (body and len(tokens) > _LONGEST_PREAMBLE))
        return alike and not any(_same(word, n) for n in nouns for word in rest)
    category = claim_category(text, language)
    if category == "use" or words.body.intersection(tokens):
        return False
    if definite:
        return True
    if category != "method" and any(_METHOD.search(word) for word in rest):
        return False
    return not _FOR_THE_THING_OF.search(before[-200:])


def _without_article(tokens: list[str]) -> list[str]:
    start = 0
    while start < len(tokens) and tokens[start] in _ARTICLES:
        start += 1
    return tokens[start:]


def _head_noun(tokens: list[str], words: _Words) -> tuple[str, list[str]]:
    """The noun that the tokens begin with a phrase around, and the tokens after that phrase."""
    length = next((i for i, token in enumerate(tokens) if token in words.split), len(tokens))
    phrase = tokens[:length]
    return (phrase[0 if words is _WORDS["fr"] else -1] if phrase else ""), tokens[length:]


def _same(word: str, other: str) -> bool:
    """Whether two nouns are the same but for their endings, or one is the other's last part (Direktdruckverfahren, Verfahrens)."""
    a, b = (w.rstrip("esn") or w for w in (word, other))
    return a == b or (min(len(a), len(b)) >= 5 and (a.endswith(b) or b.endswith(a)))


_FOR_THE_THING_OF = re.compile(
    r"\b(?:for(?:\s+(?:use|co-?operation|engagement|connection|coupling|\w+ing))?|(?:configured|adapted|arranged|designed|operable|programmed)\s+to\s+\w+)"
    r"(?:\s+(?:with|in|on))?\s+(?:the|said)\s+(?:[\w-]+\s+){1,4}of\s*(?:any\s+(?:one\s+)?of\s+)?$",
    re.IGNORECASE,
)
_CUE = re.compile(
    r"(?P<part>\b(?:compris\w+|includ\w+|contain\w+|having|ha[sd]|have|incorporat\w+|consist\w*|employ\w*|us(?:ing|es?|ed)(?!\s+(?:with|in|on)\b)"
    r"|utili[sz]\w+|made|produced|prepared|manufactured|obtain\w+|coated|loaded|treated|applied|equipped|provided|fitted|together|combin\w+|wherein"
    r"|administ\w+)\b)"
    r"|\b(?:(?:configured|adapted|arranged|operable|operative|designed|constructed|intended|suitable|suited|capable|able|programmed|dimensioned|sized"
    r"|shaped|structured|effective|sufficient)\s+(?:to|for|of)|used\s+(?:with|in|on|for|to)"
    r"|for\s+(?:the|said|an?|any|one|use|\w+ing)|to\s+(?:perform|carry|execute|implement|practi[cs]e|conduct|run|reali[sz]e|achieve|effect|receive|hold"
    r"|engage|accommodate|support|control|operate|process|produce|make|form|manufacture|generate|cause|do|be)"
    r"|perform(?:s|ing)?|execut(?:es?|ing)|implement(?:s|ing)?|carr(?:y|ies|ying)\s+out|operat(?:es?|ing)|encod(?:es|ing)|encoded\s+by"
    r"|bind(?:s|ing)?\s+(?:to|the|an?)|hybridi[sz](?:es|ing)|complementary|competes?)\b",
    re.IGNORECASE,
)
_IS_PERFORMED = re.compile(
    r"^[^.;:]{0,30}?\b(?:is|are|be|being)\s+(?:\w+\s+)?(?:perform|carried\s+out|execut|implement|practi[cs]|run\b|reali[sz])", re.IGNORECASE
)


def _part_or_aim(text: str, before: str, reference: Reference, others: Sequence[str]) -> Relation:
    """By the last cue before the thing referred to: "comprising", "using" and the like make a part, "for …ing" and "configured to" an aim.
    What is claimed as a method is done with whatever it names."""
    if reference.language != "en" or claim_category(text, "en") in ("method", "use") or re.match(r"\s*the\b", before, re.IGNORECASE):
        return "part"
    if _IS_PERFORMED.search(text[reference.end : reference.end + 80]):
        return "aim"
    before = before[-400:]
    nouns = [_head_noun(_without_article(_tokens(other)), _WORDS["en"])[0].rstrip("esn") for other in others]
    thing = max((before.lower().rfind(noun) for noun in nouns if len(noun) > 2), default=-1)  # "the active material for a battery of claim 1"
    before = before[:thing] if thing > 0 and _CUE.search(before, 0, thing) else before
    parts = [bool(cue.group("part")) for cue in _CUE.finditer(before)]
    near = [bool(cue.group("part")) for cue in _CUE.finditer(before, max(before.rfind(mark) for mark in ",;:") + 1)]
    is_part = near[-1] if near else any(parts) or not parts
    return "part" if is_part else "aim"


_LEAD_ZH = re.compile(r"^\s*(?:一\s*[种種])?\s*(?:[根依][据據]|据|如|按照|按|依照|基[于於]|由|以)?\s*$")
_AFTER_ZH = re.compile(
    r"^\s*[项項]?\s*中?的?\s*(?:任意一[项項]|任一[项項]?|任何一[项項]|任意一[个個]|之一|其中之一|其中一[项項]|一[项項])?\s*(?:[权權]利要求|[请請]求[项項])?"
    r"\s*中?(?:步[骤驟][^所述]{0,4})?[或和]?(?:所?述|所示|所[记記][载載]|所揭示|所描述|所定[义義]|所要求保[护護]|[记記][载載]|要求保[护護])?[的之]?\s*(?:一\s*[种種]\s*)?"
)
_SUBJECT_END_ZH = re.compile(r"其特[征徵]|[，,。；;：:\n]|其中")
_BODY_ZH = re.compile(r"包括|包含|含有|其特[征徵]|由|具有|[设設]有|[采採]用|使用|利用|通[过過]|用于|用於|[与與]")
_PRODUCT_ZH = re.compile(r"^所|(?:制得|制[备備]|生[产產]|得到|[获獲]得|加工|制作|制成)(?:得到|而成|出)?的")
_OTHER_THING_ZH = re.compile(r"(?:在.*中|[的之])(?:用途|[应應]用|使用)$")


def _chinese(text: str, references: Sequence[Reference], earlier: Mapping[int, str]) -> list[Relation]:
    relations: list[Relation] = []
    end = 0
    for reference in references:
        before = text[end : reference.start]
        if relations and re.fullmatch(r"[^，,。；;：:]{0,30}?(?:或者?|和|及|以及|、|，)?\s*(?:[根依][据據]|如|按照)?\s*", before):
            relation = relations[-1]
        else:
            following = text[reference.end : reference.end + 200]
            relation = "head" if not relations and _is_chinese_head(before, following, _others(reference, earlier)) else "part"
        relations.append(relation)
        end = reference.end
    return relations


def _is_chinese_head(before: str, following: str, others: Sequence[str]) -> bool:
    subject = _SUBJECT_END_ZH.split(_AFTER_ZH.sub("", following, count=1), maxsplit=1)[0].strip()
    if not _LEAD_ZH.match(before):  # 所述的泵，根据权利要求1，其特征在于
        lead = re.search(r"[，,]\s*(?:[根依][据據]|如|按照|按)?\s*$", before)
        return bool(lead) and not subject and not _BODY_ZH.search(before)
    if _PRODUCT_ZH.search(subject):
        return False
    if others:
        return any(_same_subject(subject, other) for other in others)
    return not _OTHER_THING_ZH.search(subject) and not (re.match(r"\s*一\s*[种種]", before) and re.search("[的之]", subject))


def _chinese_subject(text: str) -> str:
    """What a claim is about, without 一种 and without its own reference."""
    subject = _SUBJECT_END_ZH.split(text.strip(), maxsplit=1)[0]
    reference = CLAIM_LIST_ZH.search(subject)
    if reference and _LEAD_ZH.match(subject[: reference.start()]):
        subject = _AFTER_ZH.sub("", subject[reference.end() :], count=1)
    return re.sub(r"^一\s*[种種]", "", subject).strip()


def _same_subject(subject: str, claim: str) -> bool:
    """泵 is what 离心泵 is; 泵的制造方法 and 泵的用途 are not what 泵 is, although they begin with it."""
    other = _chinese_subject(claim)
    if not subject or other.endswith(subject):
        return True
    category = claim_category(subject, "zh")
    if category != claim_category(other, "zh") and ("use" in (category, claim_category(other, "zh")) or re.search("[的之]", subject)):
        return False
    if not re.search("[的之]", subject):
        return category != "use"
    return other not in subject


_AFTER_JA = re.compile(
    r"^\s*(?:の|に)?(?:うち)?(?:の)?(?:いずれか|何れか|いずれも)?(?:の)?(?:[一１1]つ?)?(?:項|つ)?(?:の|に)?(?:記載|係る|記載された|定義された|従う|よる)?(?:の|、)?\s*"
)
_NOT_A_NOUN = re.compile(
    r"を|により|によって|に(?:用い|使用|適|係)|から(?:なる|成る)|備え|有する|含[むみ]|用い[たる]|得られ|した|する|され[たる]|れる"
)


def _japanese(text: str, references: Sequence[Reference], earlier: Mapping[int, str]) -> list[Relation]:
    relations: list[Relation] = []
    bounds = [*(r.start for r in references[1:]), len(text)]
    for reference, bound in zip(reversed(references), reversed(bounds), strict=True):
        following = _AFTER_JA.sub("", text[reference.end : min(bound, reference.end + 400)], count=1)
        alternative = re.fullmatch(r"([^、。]{0,60}?)(?:、|又は|または|若しくは|もしくは|及び|および|と)*(?:前記)?\s*", following)
        if relations and alternative and not _NOT_A_NOUN.search(alternative.group(1)):
            relations.append(relations[-1])
        else:
            relations.append("head" if _is_japanese_head(following, text, _others(reference, earlier)) else "part")
    return relations[::-1]


def _is_japanese_head(following: str, text: str, others: Sequence[str]) -> bool:
    """Whether the thing named after the reference is what the claim ends in: "…請求項１に記載のポンプ。", or "請求項１に記載のポンプにおいて、…"."""
    ending = claim_head(text, "ja")
    topic = re.match(r"([^、。]{1,80}?)(?:において|に於いて|であって|は)、", following)
    subject = topic.group(1) if topic else following.rstrip("。. \n")
    if not subject or not ending.endswith(subject):
        return False
    endings = [claim_head(other, "ja") for other in others]
    if any(e.endswith(subject) for e in endings):
        return True
    if _NOT_A_NOUN.search(subject):
        return False
    owners = [subject[: m.start()] for m in re.finditer("の", subject)]
    return not any(e.endswith(owner) for e in endings for owner in owners if owner)
