"""Words that an amendment puts into claims and that the application as filed does not have: 35 U.S.C. 132(a), Art. 123(2) EPC, 专利法第33条.

What was filed is the description with the title and the claims; in the United States the abstract, too (in Europe and China it is no
part of the disclosure: Art. 85 EPC; 审查指南, part II, chapter 8, 5.2.1). Other forms of a word, its parts written apart and common words of
the same meaning are the same word. A number has to be there as such.

A flag says that a word is not there, which an examiner has to look at; that the words are there does not say that their combination was disclosed.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import log

from assistant.claims.english import stems
from assistant.claims.pairing import STATUS
from index.terms import terms
from ingest.claims.claim_reference import find_references
from ingest.document import Citation, Claim, Frozen, PatentDocument
from ingest.sentences import sentences

BASIS = {
    "us": "35 U.S.C. 132(a), 112(a); MPEP 608.04, 2163.06",
    "ep": "Art. 123(2) EPC; Guidelines H-IV, 2.1",
    "cn": "专利法第三十三条；审查指南第二部分第八章5.2.1",
    "jp": "特許法第17条の2第3項",
}
_MESSAGE = {"en": "“{text}” is not in the application as filed.", "zh": "申请文件的原始记载中没有“{text}”。"}
_WORD = re.compile(r"(?=\d*[A-Za-zÀ-ɏα-ωΑ-Ω])[A-Za-zÀ-ɏα-ωΑ-Ω0-9₀-₉]+(?:[-‐‑'’][A-Za-zÀ-ɏα-ω0-9]+)*")
_NUMBER = re.compile(
    r"(?<![A-Za-z0-9_.-])[-−]?(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    r"(?:\s?(?:[%％‰℃°º]\s?[CF]?|[µμunmckMG]?(?:m|g|[lL]|Pa|Hz|V|W|A|s|mol|M|J|N)|min|h|rpm|ppm|wt|bar|inch(?:es)?|days?|hours?|minutes?|seconds?)"
    r"(?![A-Za-z]))?(?!\d|-?[A-Za-z])"
)
_PLAIN_NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")
_SIGN = re.compile(r"[(（][\s\dA-Za-z'’,;、，至to-]{1,40}[)）]")
_BESIDE = re.compile(r"[\s-]+")
_MOST_WORDS = 6
_SHORTEST = 3
_NO_MATTER = frozenset(
    """
    a an the said and or of in on at to by for from with without within into onto upon through over under between among during before after above
    below not no nor but if when while where wherein whereby which whose who that this these those such as than then thereof therein thereto
    thereby therefrom therewith therebetween thereon thereafter thereupon is are was were be been being am has have having had do does done can
    could may might shall should will would must it its their them they he she his her one two three four five six seven eight nine ten first
    second third fourth fifth sixth seventh eighth ninth tenth each every all any some both either neither other another same different more most
    less least only also further furthermore additional additionally respective respectively corresponding corresponds correspond accordance
    according based claim claims claimed recited recite set forth comprising comprises comprise comprised including includes include included
    containing contains contain contained consisting consists consist having plurality multiple group selected characterized characterised
    configured configuration adapted arranged operable operative operatively responsive predetermined preselected specified given particular
    certain least plural method apparatus system device article means step steps improvement use using used thing things item items about
    approximately substantially generally essentially so up out off per via there here previously subsequent subsequently prior following
    followed respect relative once until whether because due instead rather not non non-transitory invention embodiment aforesaid aforementioned
    hereinafter herein latter former way manner being wherein's determination determining determine determined causing cause causes enabling
    enable performing perform performed providing provide provided need needed order along around response associated associating indicates
    indicate indicated indicating maintain maintaining maintained individual individually unit units type types kind kinds case cases number numbers
    value values entire whole various separate separated separately state states condition conditions receive receives receiving manner term terms
    result results resulting purpose object objects facilitate facilitates allow allows allowing permitting permit obtain obtained obtaining
    therefore together apart across toward towards beyond behind beside besides back forth still already further again furthermost
    located disposed positioned placed present presence existing exist occurs occur occurring able capable capability suitable
    appropriate desired required necessary possible optional common shared mutual mutually initial final original actual current
    currently next last mean means meaning extent amount amounts degree degrees range ranges ranging minimum maximum outside inside
    opposite opposing opposed adjacent intermediate central overall full partial complete single double triple multiple numerous ensure ensures
    ensuring conjunction arrangement arrangements activity activities manifested
    support supports supporting supported await awaiting instance
    """.split()
)
_SAME = [
    frozenset(stem for word in group.split() for stem in terms(word))
    for group in (
        "attach fasten secure affix fix mount connect couple join link",
        "obtain acquire receive get gather collect",
        "transmit send convey communicate deliver",
        "compute calculate determine derive",
        "create generate produce form make",
        "show display present",
        "store save record",
        "begin start initiate commence",
        "end stop terminate cease finish",
        "remove eliminate delete",
        "big large",
        "position location place locate",
        "portion part section",
        "contain hold house",
        "surround enclose encircle encompass",
        "adjacent neighbouring neighboring next near proximate",
        "processor cpu microprocessor",
        "computer-readable machine-readable",
        "storage memory",
        "permit allow enable",
        "prevent inhibit avoid",
        "increase raise enhance",
        "decrease reduce lower",
        "identical same equal",
        "exceed surpass",
        "utilize employ use",
        "select choose pick",
        "modify alter change",
        "rotate turn revolve",
        "aperture opening hole",
    )
]
_CHINESE_NO_MATTER = re.compile(
    r"权利|要求|特征|所述|任一|任意|其中|根据|包括|包含|用途|方法|步骤|一种|一个|多个|若干|分别|以及|至少|进一步|相应|对应|预定|预设|设置|设有|具有|用于|上述|前述|以下|以上|之间|构成|组成|形成|进行"
    r"|通过|使得|从而|并且|或者|为了|能够|可以|以便|该|所$|选|在于|少于|多于|大于|小于|等于|定义|部位|具体|获取|得到|满足|情况|条件|数量|数值|内容|信息|第[一二三四五六七八九十]"
)
_CHINESE_TAGS = ("n", "v", "a", "b", "i", "l", "j", "z", "x", "en")
_GENERIC_END = re.compile(r"(?:装置|机构|单元|模块|构件|部件|组件|元件|系统|设备|[件部体器性化])$")


class AddedMatter(Frozen):
    """Characters `start` to `end` of a claim of the new set are new, and the application as filed does not have them; `nearest` is what of it comes
    nearest."""

    claim: int
    start: int
    end: int
    text: str
    nearest: Citation | None
    message: str
    basis: str


@dataclass(frozen=True)
class Filed:
    """An application as filed, and what else is known not to be new (`besides`: the claims before the amendment)."""

    document: PatentDocument
    language: str
    practice: str
    report_language: str
    besides: tuple[str, ...] = ()

    @cached_property
    def places(self) -> list[tuple[str, str]]:
        """(anchor, text) of the paragraphs, the claims and what else counts as disclosed."""
        number = self.document.number
        found = [(f"{number}#{s.part(p.number)}", p.text) for s in self.document.sections for p in s.paragraphs]
        found += [(f"{number}#c{c.number}", c.text) for c in self.document.claims]
        texts = [("title", self.document.titles)] + ([("abs", self.document.abstracts)] if self.practice == "us" else [])
        found += [(f"{number}#{name}", by_language[self.language]) for name, by_language in texts if self.language in by_language]
        return found

    @cached_property
    def _texts(self) -> list[str]:
        return [*(text for _, text in self.places), *self.besides]

    @cached_property
    def _terms(self) -> list[frozenset[str]]:
        return [frozenset(terms(text)) for text in self._texts]

    @cached_property
    def _vocabulary(self) -> frozenset[str]:
        return frozenset().union(*self._terms)

    @cached_property
    def _beginnings(self) -> frozenset[str]:
        return frozenset(stem[:length] for stem in self._vocabulary for length in range(4, min(len(stem), 12) + 1))

    @cached_property
    def _plain(self) -> str:
        return re.sub(r"\s", "", unicodedata.normalize("NFKC", "\n".join(self._texts)).lower())

    @cached_property
    def _numbers(self) -> frozenset[float]:
        return frozenset(_value(n) for text in self._texts for n in _PLAIN_NUMBER.findall(unicodedata.normalize("NFKC", text)))

    @cached_property
    def _counts(self) -> Counter[str]:
        return Counter(t for found in self._terms[: len(self.places)] for t in found)

    def has_word(self, word: str) -> bool:
        """Whether an English word, another form of it or one that means the same was filed."""
        parts = stems(word)
        if "-" in word and parts[-1] in self._vocabulary:
            return True
        return all(self._has_stem(stem) for stem in (parts[:-1] if "-" in word else parts[:1]))

    def _has_stem(self, stem: str) -> bool:
        if stem in self._vocabulary or len(stem) < _SHORTEST or stem in _NO_MATTER:
            return True
        if len(stem) >= 4 and stem[: max(5, len(stem) - 3)] in self._beginnings:
            return True  # "rotational" for "rotation", "grip" for "gripper"
        if any(stem in group and not group.isdisjoint(self._vocabulary) for group in _SAME):
            return True
        return self._is_made_of(stem)

    def _is_made_of(self, stem: str) -> bool:
        """Whether the word is written as two ("workpiece", "work piece"), or without its prefix."""
        root = re.sub(r"^(?:non|un|re|pre|de|dis|in|im|sub|inter|multi|co|micro|nano)", "", stem)
        return (len(root) > 3 and root in self._vocabulary) or any(
            stem[:i] in self._vocabulary and stem[i:] in self._vocabulary for i in range(3, len(stem) - 2)
        )

    def has_chinese(self, word: str) -> bool:
        """Whether a Chinese word was filed, or is made of parts that were."""
        plain = unicodedata.normalize("NFKC", word).lower()
        if plain in self._plain:
            return True
        root = _GENERIC_END.sub("", plain)
        if len(root) > 1 and root in self._plain:
            return True
        return len(plain) > 3 and any(plain[:i] in self._plain and plain[i:] in self._plain for i in range(2, len(plain) - 1))

    def has_number(self, number: str) -> bool:
        return _value(number) in self._numbers

    def nearest(self, phrase: str, clause: str) -> Citation | None:
        """The sentence of the application that has most of the words of a phrase and of the clause around it; None where none has any."""
        own, around = set(terms(phrase)), set(terms(clause))
        total = len(self.places) + 1
        weigh = {t: log(total / n) * (2 if t in own else 1) for t in own | around if (n := self._counts[t])}
        if not weigh:
            return None
        best = max(range(len(self.places)), key=lambda i: sum(weigh[t] for t in weigh if t in self._terms[i]))
        anchor, text = self.places[best]
        quote = max(sentences(text), key=lambda q: sum(weigh.get(t, 0.0) for t in set(terms(q))), default=text)
        return Citation(anchor=anchor, quote=quote.strip()) if quote.strip() else None


def added_matter(claim: Claim, added: Sequence[tuple[int, int]], filed: Filed) -> Iterator[AddedMatter]:
    """The phrases among the added characters of a claim that were not filed, in order."""
    found = [*(_chinese if filed.language == "zh" else _english)(claim.text, added, filed), *_numbers(claim.text, added, filed)]
    for start, end in sorted(_apart(found)):
        text = claim.text[start:end]
        yield AddedMatter(
            claim=claim.number,
            start=start,
            end=end,
            text=text,
            nearest=filed.nearest(text, _clause(claim.text, start, end)),
            message=_MESSAGE[filed.report_language].format(text=text),
            basis=BASIS.get(filed.practice, BASIS["us"]),
        )


def _english(text: str, added: Sequence[tuple[int, int]], filed: Filed) -> Iterator[tuple[int, int]]:
    """Each unknown word with the words of content beside it that are new, too."""
    passed = _passed(text)
    words = [m for m in _WORD.finditer(text) if _overlaps(m.span(), added) and not _overlaps(m.span(), passed)]
    run: list[re.Match[str]] = []
    for match in [*words, None]:
        if match and run and not _BESIDE.fullmatch(text[run[-1].end() : match.start()]):
            yield from _phrase(run, filed)
            run = []
        if match is None or not _is_content(match.group()):
            yield from _phrase(run, filed)
            run = []
        else:
            run.append(match)


def _phrase(run: Sequence[re.Match[str]], filed: Filed) -> Iterator[tuple[int, int]]:
    unknown = [i for i, m in enumerate(run) if not filed.has_word(m.group())]
    if unknown:
        last = min(len(run) - 1, unknown[0] + _MOST_WORDS - 1)
        yield run[unknown[0]].start(), run[max(last, unknown[-1])].end()


def _is_content(word: str) -> bool:
    plain = word.lower()
    return len(plain) >= _SHORTEST and plain not in _NO_MATTER and not plain.endswith("ly") and bool(terms(plain)) and not _NUMBER.fullmatch(word)


def _chinese(text: str, added: Sequence[tuple[int, int]], filed: Filed) -> Iterator[tuple[int, int]]:
    import rjieba

    passed = _passed(text)
    at = 0
    for word, tag in rjieba.tag(text):
        start, at = at, at + len(word)
        if not _overlaps((start, at), added) or _overlaps((start, at), passed) or not tag.startswith(_CHINESE_TAGS):
            continue
        if (
            (len(word) > 1 or tag == "n")
            and not _CHINESE_NO_MATTER.search(word)
            and any(c.isalpha() for c in word)
            and not any(c.isdigit() for c in word)
            and not filed.has_chinese(word)
        ):
            yield start, at


def _numbers(text: str, added: Sequence[tuple[int, int]], filed: Filed) -> Iterator[tuple[int, int]]:
    passed = _passed(text)
    for match in _NUMBER.finditer(text):
        if _overlaps(match.span(1), added) and not _overlaps(match.span(1), passed) and not filed.has_number(match.group(1)):
            yield match.start(1), match.end()


def _passed(text: str) -> list[tuple[int, int]]:
    """What in a claim is no matter: its status, what names other claims, reference signs."""
    status = STATUS.match(text)
    return (
        [(r.start, r.end) for r in find_references(text)]
        + [m.span() for m in _SIGN.finditer(text) if any(c.isdigit() for c in m.group())]
        + ([status.span()] if status else [])
    )


def _apart(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans that touch are one."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def _overlaps(span: tuple[int, int], others: Sequence[tuple[int, int]]) -> bool:
    return any(start < span[1] and end > span[0] for start, end in others)


def _clause(text: str, start: int, end: int) -> str:
    """What stands between the marks before and after a phrase."""
    before = max(text.rfind(mark, 0, start) for mark in ";；,，\n:：") + 1
    after = min((i for mark in ";；,，\n。" if (i := text.find(mark, end)) >= 0), default=len(text))
    return text[before:after]


def _value(number: str) -> float:
    return float(number.replace(",", ""))
