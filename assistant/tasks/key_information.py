"""The technical problem, the technical means and the effect of an invention (解决问题, 技术手段, 实施效果), as phrases with their places."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict

from assistant.entities.entity import Pair
from assistant.entities.place import located
from assistant.entities.tokens import normalised
from assistant.errors import AssistantError
from assistant.tasks.metrics import overlap_scores, set_scores
from assistant.tasks.parts import Part, abstract_part, claim_part, language_of_document, most_that_fit, paragraph_parts, parts_of_text, shown
from assistant.tasks.reply import read_as
from assistant.tasks.task import DATA_ONLY, DATA_ONLY_ZH, Example, Given, Output, Reply, Task, marked
from ingest.claims.claim_parts import claim_parts
from ingest.document import PatentDocument
from ingest.sentences import sentence_spans

if TYPE_CHECKING:
    from assistant.patents import PatentAssistant

Kind = Literal["problem", "means", "effect"]
KINDS: tuple[Kind, ...] = ("problem", "means", "effect")
MOST = {"problem": 2, "means": 8, "effect": 3}
"""Phrases of each kind that the rules give."""
HEADINGS: dict[Kind, re.Pattern[str]] = {
    "problem": re.compile(r"problems?\s+(?:to\s+be\s+solved|underlying)|technical\s+problems?\b|要解决的(?:技术)?问题", re.IGNORECASE),
    "means": re.compile(r"solutions?\s+to\s+(?:the\s+)?problems?|technical\s+solution|means\s+(?:for|to)\s+solv\w+|技术方案", re.IGNORECASE),
    "effect": re.compile(
        r"(?:advantageous|beneficial)\s+effects?|^effects?\s+of\s+(?:the\s+)?(?:present\s+)?invention|有益效果|技术效果", re.IGNORECASE
    ),
}
_INVENTION = r"(?:present\s+|instant\s+)?(?:invention|disclosure|application|technology)"
_CUES: dict[str, dict[str, tuple[str, ...]]] = {
    "en": {
        "problem": (
            rf"\b(?:objects?|aims?|purposes?|goals?|objectives?)\s+of\s+(?:the|this)\s+{_INVENTION}\s+(?:(?:is|are|was)\s+)?(?:therefore\s+|thus\s+)?(?P<phrase>to\s.+)",
            r"\b(?:problems?|drawbacks?|disadvantages?)\s+(?:to\s+be\s+solved\s+)?(?:(?:is|are)\s+(?:that\s+)?|that\s|of\s)(?P<phrase>.+)",
            r"\b(?P<phrase>(?:there\s+(?:is|exists|remains)|it\s+would\s+be\s+(?:desirable|advantageous|beneficial))\s.*(?:need|demand|desirable|advantageous|beneficial).+)",
            r"\bin\s+order\s+to\s+(?P<phrase>(?:solve|overcome|address|avoid|prevent|reduce|eliminate|remedy|mitigate)\s[^,;]+)",
            r"\b(?:to|which)\s+(?P<phrase>(?:solves?|overcomes?|address(?:es)?|remed(?:y|ies))\s+(?:the|these|this|at\s+least|one|such)\s[^,;]+)",
            r"^(?P<phrase>.*\b(?:however|disadvantage\w*|drawbacks?|shortcomings?|problem(?:s|atic)?|difficult\w*|insufficient\w*|cannot|fails?\s+to"
            r"|suffers?|unreliable|undesirabl[ey]|unsatisfactory|laborious|expensive|costly)\b.*)",
        ),
        "effect": (
            rf"^(?P<phrase>.*\b(?:according\s+to|by(?:\s+(?:using|means\s+of))?|with|in)\s+(?:\w+\s+){{0,8}}(?:the|this)\s+{_INVENTION}\b.*\b(?:can|possible|enabl\w+|provides?)\b.*)",
            rf"^(?P<phrase>.*\b(?:the|this)\s+{_INVENTION}\s+(?:\w+\s+){{0,6}}(?:can|enables?|allows?|makes?\s+it\s+possible|improves?|reduces?)\b.*)",
            r"^(?P<phrase>.*\b(?:makes?\s+it\s+possible|making\s+it\s+possible|it\s+(?:is|becomes)\s+possible\s+to|can\s+be\s+(?:reduced|improved|increased"
            r"|suppressed|prevented|enhanced)|advantages?|beneficial|advantageous(?:ly)?)\b.*)",
            r"\b(?:whereby|thereby|as\s+a\s+result(?!\s+of)|consequently|so\s+that)\b,?\s+(?P<phrase>.+)",
            r"^(?P<phrase>.*\b(?:improv|reduc|increas|prevent|avoid|enabl|enhanc|suppress|lower)(?:es|s|ing)\b.*)",
        ),
    },
    "zh": {
        "problem": (
            r"(?:所?要解决的(?:主要)?(?:技术)?问题|(?:目的|任务)(?:之一)?)(?:就?是|在于|为)[：:，,]?(?!这样|通过)(?P<phrase>.*)",
            r"(?:为了?|以|旨在|用于|能够|从而|可以?)(?P<phrase>(?:解决|克服|避免)[^，,。；]*?(?:问题|不足|缺陷|缺点|难题))",
            r"(?P<phrase>(?:解决|克服)了?[^，,。；]*(?:问题|不足|缺陷|缺点|难题))",
            r"(?:存在|具有)(?:如下|以下|着)?(?P<phrase>[^。；]*(?:问题|不足|缺陷|缺点))",
            r"(?:针对|鉴于)(?P<phrase>[^。；，]*(?:问题|不足|缺陷|缺点))",
            r"(?:然而|但是?|不过)[，,]?(?P<phrase>.+)",
        ),
        "effect": (
            r"(?:有益|技术|积极|良好)(?:的)?效果(?:主要)?(?:是|在于|为|如下|包括)?(?:[：:，,]|$)\s*(?P<phrase>.*)",
            r"(?:与现有技术相比|相比于?现有技术|相对于现有技术)[，,]?(?P<phrase>.+)",
            r"(?:优点|优势)(?:(?:是|在于|为|如下)[：:，,]?|[：:，,]|$)(?P<phrase>.*)",
            r"(?:从而|进而|由此|因此|因而)[，,]?(?:达到了?|实现了?)?(?P<phrase>.+)",
            r"(?P<phrase>[^，,；;：:]*(?:提高|提升|降低|减少|减小|避免|防止|增强|改善|节省|节约|延长|简化|缩短|保证|确保).+)",
        ),
    },
}
_RULES: dict[str, dict[str, tuple[re.Pattern[str], ...]]] = {
    language: {kind: tuple(re.compile(p, re.IGNORECASE | re.DOTALL) for p in patterns) for kind, patterns in kinds.items()}
    for language, kinds in _CUES.items()
}
_WHERE: dict[str, tuple[str, ...]] = {"problem": ("summary", "background", "abstract"), "effect": ("summary", "abstract")}
"""The kinds of parts that the rules look in; in the others only where these give nothing."""
_EMPTY = re.compile(
    r"(?:(?:为了)?(?:解决|克服|达到|实现)了?)?(?:本发明|本申请|本实用新型|现有技术|相关技术|上述|以上|所述|该|前述)?(?:的|中的|存在的)*(?:技术)?(?:问题|缺陷|不足|目的|缺点)?"
    r"|(?:以下|如下|下列)?(?:步骤|部分|特征|有益效果|优点)?(?:是|为|如下)?|(?:the\s+)?(?:following\s+)?steps(?:\s+of)?|and|or|以及|和|或",
    re.IGNORECASE,
)
_LINK = re.compile(r"(?:(?:以及|并且|而且)|(?:and|or)\b)\s*", re.IGNORECASE)
_LAST_LINK = re.compile(r"(?:以及|\s(?:and|or))$", re.IGNORECASE)
_EDGE = " \t\n，,。；;：:．、"
_SHORTEST = {"en": 8, "zh": 4}
_LONGEST = 1000
"""Characters of a phrase, and of a sentence; what is longer is a table or a sequence."""


class KeyInformationGiven(Given):
    """`parts` may also be given as one text, a paragraph a line."""

    parts: Annotated[tuple[Part, ...], BeforeValidator(parts_of_text)]


class KeyInformationReply(Reply):
    problem: list[str]
    means: list[str]
    effect: list[str]


class Phrase(BaseModel):
    """`text` as it stands at `start` to `end` of the text at `anchor`; a phrase that stands nowhere has no anchor."""

    model_config = ConfigDict(frozen=True)

    text: str
    anchor: str = ""
    start: int | None = None
    end: int | None = None


class KeyInformation(Output):
    problem: tuple[Phrase, ...]
    means: tuple[Phrase, ...]
    effect: tuple[Phrase, ...]

    def of(self, kind: Kind) -> tuple[Phrase, ...]:
        return {"problem": self.problem, "means": self.means, "effect": self.effect}[kind]


def _show(given: KeyInformationGiven) -> str:
    return marked("document", shown(given.parts))


def _read(reply: str, given: KeyInformationGiven) -> KeyInformation:
    said: KeyInformationReply = read_as(KeyInformationReply, reply)
    return KeyInformation(problem=placed(said.problem, given.parts), means=placed(said.means, given.parts), effect=placed(said.effect, given.parts))


def placed(phrases: Sequence[str], parts: Sequence[Part]) -> tuple[Phrase, ...]:
    """Each phrase once, at the first place where it stands, as it stands there."""
    found = {phrase: Phrase(text=phrase) for phrase in dict.fromkeys(p.strip() for p in phrases) if phrase}
    for part in parts:
        missing = [phrase for phrase, place in found.items() if not place.anchor]
        for entity in reversed(located([Pair(phrase, phrase) for phrase in missing], part.text).found):
            found[entity.type] = Phrase(text=entity.text, anchor=part.id, start=entity.start, end=entity.end)
    return tuple(found.values())


def _problems(output: KeyInformation, given: KeyInformationGiven) -> list[str]:
    found = []
    for kind in KINDS:
        if not output.of(kind):
            found.append(f"{kind}: no phrase is given")
        found += [f'{kind}: "{phrase.text}" does not stand in the text word for word' for phrase in output.of(kind) if not phrase.anchor]
    return found


def _from_document(document: PatentDocument) -> KeyInformationGiven:
    """The abstract, the independent claims and the description."""
    claims = [claim_part(document, claim) for claim in document.claims if claim.independent]
    parts = [*abstract_part(document), *claims, *paragraph_parts(document)]
    if not parts:
        raise AssistantError(f"{document.number}: the document has no abstract, claims or description to find key information in")
    return KeyInformationGiven(parts=tuple(parts), language=language_of_document(document))


def _shorten(given: KeyInformationGiven, fits: Callable[[KeyInformationGiven], bool]) -> tuple[KeyInformationGiven, list[str]] | None:
    fitting = most_that_fit(given.parts, lambda parts: fits(given.model_copy(update={"parts": parts})))
    return (given.model_copy(update={"parts": fitting[0]}), fitting[1]) if fitting else None


def _offline(given: KeyInformationGiven, assistant: "PatentAssistant | None") -> tuple[KeyInformation, str]:
    by_kind = {kind: by_rules(given.parts, kind, given.language) for kind in KINDS}
    return KeyInformation(problem=by_kind["problem"], means=by_kind["means"], effect=by_kind["effect"]), "rules"


def by_rules(parts: Sequence[Part], kind: Kind, language: str) -> tuple[Phrase, ...]:
    """Phrases of one kind: those under a heading of their own, else by the words that lead to them; the means are the characterising
    portion of the first claim."""
    headed = [part for part in parts if part.heading and HEADINGS[kind].search(part.heading.rpartition(" / ")[2])]
    if headed and kind != "means":
        return tuple(_phrase(part, start, end) for part in headed for start, end in sentence_spans(part.text))[: MOST[kind]]
    return _means(parts, headed) if kind == "means" else _cued(parts, kind, language)


def _means(parts: Sequence[Part], headed: Sequence[Part]) -> tuple[Phrase, ...]:
    claim = next((part for part in parts if part.kind == "claims"), None)
    if claim is None:
        return tuple(_phrase(part, start, end) for part in headed for start, end in sentence_spans(part.text))[: MOST["means"]]
    said = claim_parts(claim.text)
    offset = len(said.preamble) + len(said.transition) if said.body and not said.subject_last else 0
    phrases = [_phrase(claim, offset + start, offset + end) for start, end in sentence_spans(said.body or claim.text)]
    return tuple(phrase for phrase in phrases if not _EMPTY.fullmatch(phrase.text))[: MOST["means"]]


def _cued(parts: Sequence[Part], kind: Kind, language: str) -> tuple[Phrase, ...]:
    """By the rank of their rule; among equals the last effect first, since effects close a summary. A cue at the end of a sentence leads to
    the next one."""
    first = [part for part in parts if part.kind in _WHERE[kind]]
    rest = [part for part in parts if part.kind not in (*_WHERE[kind], "claims", "drawings", "cross_reference")]
    return _cued_in(first, kind, language) or _cued_in(rest, kind, language)


def _cued_in(where: Sequence[Part], kind: Kind, language: str) -> tuple[Phrase, ...]:
    spans = [(part, start, end) for part in where for start, end in sentence_spans(part.text) if end - start <= _LONGEST]
    found: list[tuple[int, int, Phrase]] = []
    for place, (part, start, end) in enumerate(spans):
        for rank, rule in enumerate(_RULES[language][kind]):
            if match := rule.search(part.text[start:end]):
                phrase = _phrase(part, start + match.start("phrase"), start + match.end("phrase"))
                if not phrase.text and place + 1 < len(spans):
                    phrase = _phrase(*spans[place + 1])
                if len(phrase.text) >= _SHORTEST[language] and not _EMPTY.fullmatch(phrase.text):
                    found.append((rank, -place if kind == "effect" else place, phrase))
                    break
    kept: dict[str, Phrase] = {}
    for _, _, phrase in sorted(found, key=lambda f: f[:2]):
        kept.setdefault(_folded(phrase.text), phrase)
    return tuple(list(kept.values())[: MOST[kind]])


def _folded(text: str) -> str:
    return "".join(normalised(text).split())


def _phrase(part: Part, start: int, end: int) -> Phrase:
    """Without the punctuation around it, and the words that link it to what comes before and after."""
    text = part.text[start:end].rstrip(_EDGE + ".")
    text = _LAST_LINK.sub("", text).rstrip(_EDGE)
    begin = len(text) - len(text.lstrip(_EDGE))
    link = _LINK.match(text, begin)
    begin = link.end() if link else begin
    return Phrase(text=text[begin:], anchor=part.id, start=start + begin, end=start + len(text))


def _examples(document: PatentDocument) -> Iterator[Example[KeyInformationGiven]]:
    """Of documents whose description has a heading for the problem and one for the effect: the sentences there, and those of the means."""
    if document.language not in ("en", "zh"):
        return
    given = _from_document(document)
    headed = {kind: [p for p in given.parts if p.heading and HEADINGS[kind].search(p.heading.rpartition(" / ")[2])] for kind in KINDS}
    if headed["problem"] and headed["effect"]:
        texts = {kind: [phrase.text for phrase in by_rules(given.parts, kind, given.language)] for kind in KINDS}
        yield Example(given, KeyInformationReply(problem=texts["problem"], means=texts["means"], effect=texts["effect"]), document.number)


def _metric(predicted: Sequence[KeyInformation], right: Sequence[KeyInformation]) -> dict[str, float]:
    """For each kind precision, recall and F1 of phrases that are the same, and of their words (`problem_words_f1`)."""
    scores: dict[str, float] = {}
    for kind in KINDS:
        said, wanted = [[p.text for p in o.of(kind)] for o in predicted], [[p.text for p in o.of(kind)] for o in right]
        exact = set_scores(
            [{(i, _folded(text)) for text in texts} for i, texts in enumerate(said)],
            [{(i, _folded(text)) for text in texts} for i, texts in enumerate(wanted)],
        )
        scores |= {f"{kind}_{name}": value for name, value in exact.items()}
        scores |= {f"{kind}_words_{name}": value for name, value in overlap_scores(said, wanted).items()}
    return scores


TASK = Task(
    name="key_information",
    summary="The technical problem, means and effect, as phrases with their places.",
    given=KeyInformationGiven,
    reply=KeyInformationReply,
    instructions={
        "en": "You find the key information of patents: the technical problem that is solved, the technical means, and the effect that they have. "
        "Copy short phrases out of the document word for word; change and add nothing. One to three phrases each are enough for the problem and "
        'the effect. A kind that the document does not give is an empty list. The reply has the form {"problem": ["…"], "means": ["…"], '
        f'"effect": ["…"]}}. {DATA_ONLY}',
        "zh": "你提取专利的关键信息：解决问题（problem）、技术手段（means）、实施效果（effect）。从文中逐字摘录简短的短语，不得改写或添加。"
        "解决问题和实施效果各摘录一至三条即可；文中没有的用空列表。"
        f'回答的格式为 {{"problem": ["…"], "means": ["…"], "effect": ["…"]}}。{DATA_ONLY_ZH}',
    },
    show=_show,
    read=_read,
    metric=_metric,
    examples=_examples,
    problems=_problems,
    from_document=_from_document,
    shorten=_shorten,
    offline=_offline,
)
