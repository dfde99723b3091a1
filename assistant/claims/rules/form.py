"""Form: consecutive numbers, one sentence with one full stop at its end, references to drawings, and the number of claims that fees are due for."""

import itertools
import re
from collections.abc import Iterator

from assistant.claims.claim_set import ClaimSet
from assistant.claims.finding import Finding
from assistant.claims.rule import Rule
from ingest.document import Claim
from ingest.sentences import sentence_spans

NUMBERING = Rule(
    name="numbering",
    severity="error",
    basis={"us": "37 CFR 1.75(f), 1.121(c), 1.126; MPEP 608.01(j)", "ep": "Rule 43(5) EPC", "cn": "实施细则第二十二条第二款"},
    message={
        "en": "Claim {claim} is not numbered consecutively: claim {expected} is expected here.",
        "zh": "权利要求{claim}的编号不连续：此处应为权利要求{expected}。",
    },
    remedy={
        "en": "Number the claims consecutively from 1; list a cancelled claim with its number and its status.",
        "zh": "用阿拉伯数字从1起连续编号。",
    },
)
SENTENCES = Rule(
    name="more-than-one-sentence",
    severity="warning",
    basis={"us": "MPEP 608.01(m)", "cn": "审查指南第二部分第二章3.3"},
    message={"en": "Claim {claim} has another sentence after its first.", "zh": "权利要求{claim}在结尾之前使用了句号，包含不止一个句子。"},
    remedy={
        "en": "Write the claim as one sentence, with semicolons or commas between its parts.",
        "zh": "每项权利要求只在结尾处使用句号，各部分之间用分号或逗号。",
    },
)
FULL_STOP = Rule(
    name="no-full-stop",
    severity="note",
    basis={"us": "MPEP 608.01(m)", "cn": "审查指南第二部分第二章3.3"},
    message={"en": "Claim {claim} does not end with a full stop.", "zh": "权利要求{claim}结尾没有句号。"},
    remedy={"en": "End the claim with a full stop; make sure that nothing of it is missing.", "zh": "在结尾处加句号，并确认权利要求没有缺失内容。"},
)
DRAWINGS = Rule(
    name="reference-to-drawings",
    severity="warning",
    basis={"us": "MPEP 2173.05(s)", "ep": "Rule 43(6) EPC; Guidelines F-IV, 4.17", "cn": "实施细则第二十二条第三款"},
    message={
        "en": "“{quoted}” leaves to the description or the drawings what the claim has to say itself.",
        "zh": "“{quoted}”引用了说明书或附图，权利要求除绝对必要外不得使用此类用语。",
    },
    remedy={"en": "State the feature in words.", "zh": "用文字写明相应的技术特征。"},
)
FEES = Rule(
    name="claims-fees",
    severity="note",
    basis={"us": "35 U.S.C. 41(a)(2); 37 CFR 1.16(h)-(j)", "ep": "Rule 45(1) EPC; Rule 162 EPC", "cn": "实施细则第一百一十条第一款第（一）项"},
    message={
        "en": "There are {count} {what}, {excess} more than the {free} that no additional fee is due for.",
        "zh": "共有{count}项{what}，比免缴附加费的{free}项多{excess}项。",
    },
    remedy={"en": "Pay the fees for the claims above that number, or reduce the claims.", "zh": "缴纳超项部分的附加费，或减少权利要求的项数。"},
)
_FREE = {"us": 20, "ep": 15, "cn": 10}
_FREE_INDEPENDENT_US = 3
_COUNTED = {"claims": {"en": "claims", "zh": "权利要求"}, "independent": {"en": "independent claims", "zh": "独立权利要求"}}
_PAGE_HEADER = re.compile(r"\s*CN\s?\d{7,}\s?[A-Z]?\s*(?:权利要求书|说明书(?:附图)?|说明书摘要)?\s*\d+\s*/\s*\d+\s*页?[^。；]{0,60}$")
"""The header of the page that follows, which a text extracted from a PDF file has at the end of a claim."""
_CANCELLED = re.compile(r"\((?:cancell?ed|withdrawn|deleted)\)\W*$", re.IGNORECASE)
_LAST_MARK = re.compile(r"[.。．](?:[\s\"”’')\]]*)$|[.。．]\s*[(（][^()（）]{0,40}[)）]\s*$")
_AFTER_A_CLAIM_NUMBER = re.compile(r"\bclaims?\s+\d+\.\s+(?=[A-Z][a-z]+\s[a-z])")
"""A sentence that ends with the number of a claim: elsewhere a number and a full stop are read as one of a list."""
_SENTENCE_START = re.compile(r"[A-Z][a-z]+\s|[\u4e00-\u9fff]{2}")
_LIST_ITEM = re.compile(r"(?:^|[\s(])(?:SEQ|Seq|ID|Nos?|Figs?|Eq|[a-zA-Z]|\d{1,2}|[ivx]{1,4})[.)]?$")
_DRAWINGS = re.compile(
    r"\b(?:as\s+)?(?:(?:substantially|generally|essentially)\s+)?(?:hereinbefore\s+"
    r"|herein\s+)?(?:as\s+)?(?:shown|described|illustrated|depicted|represented|disclosed|set\s+forth)\s+"
    r"(?:in|by|with\s+reference\s+to)\s+(?:the\s+)?(?:accompanying\s+|attached\s+)?(?:FIGS?\b\.?"
    r"|figures?\b|drawings?\b|description\b|specification\b)(?:\s*\d+[A-Za-z]?)?"
    r"|\bsubstantially\s+as\s+(?:herein(?:before)?\s+)?(?:described|shown)\b"
    r"|如(?:说明书)?附?图\s*\d*[^，。；]{0,8}?所示|如说明书[^，。；]{0,15}所述",
    re.IGNORECASE,
)


def check(claims: ClaimSet) -> Iterator[Finding]:
    expected = 1
    for claim in claims.claims:
        cancelled = any(expected <= number < claim.number for number in claims.cancelled)  # "2-20. (canceled)" may stand as claim 2
        if claim.number != expected and not cancelled and NUMBERING.applies(claims):
            yield NUMBERING.finding(claims, claim, 0, 0, expected=expected)
        expected = claim.number + 1
        if claims.language not in ("en", "zh"):
            continue
        if DRAWINGS.applies(claims):
            for match in _DRAWINGS.finditer(claim.text):
                yield DRAWINGS.finding(claims, claim, match.start(), match.end())
        if SENTENCES.applies(claims):
            yield from _sentences(claims, claim)
    yield from _fees(claims)


def _sentences(claims: ClaimSet, claim: Claim) -> Iterator[Finding]:
    text = _PAGE_HEADER.sub("", claim.text).rstrip()
    if not _LAST_MARK.search(text) and not _CANCELLED.search(text):
        yield FULL_STOP.finding(claims, claim, max(0, len(text) - 1), len(text))
    if match := _AFTER_A_CLAIM_NUMBER.search(text):
        yield SENTENCES.finding(claims, claim, match.end(), len(text))
        return
    spans = sentence_spans(text)
    for (start, end), (following, last) in itertools.pairwise(spans):
        ended = text[start:end].rstrip("\"”’') ）")
        if ended.endswith("。" if claims.language == "zh" else ".") and _is_sentence(text[following:last]) and not _LIST_ITEM.search(ended[:-1][-8:]):
            yield SENTENCES.finding(claims, claim, following, last)
            return


def _is_sentence(text: str) -> bool:
    return bool(_SENTENCE_START.match(text)) and len(text) > 3


def _fees(claims: ClaimSet) -> Iterator[Finding]:
    if not FEES.applies(claims):
        return
    language, free = claims.report_language, _FREE[claims.practice]
    counted = sum(max(1, len(c.depends_on)) for c in claims.claims) if claims.practice == "us" else len(claims.claims)
    if counted > free:
        yield FEES.finding_on_set(claims, count=counted, what=_COUNTED["claims"][language], free=free, excess=counted - free)
    independent = sum(c.independent for c in claims.claims)
    if claims.practice == "us" and independent > _FREE_INDEPENDENT_US:
        excess = independent - _FREE_INDEPENDENT_US
        yield FEES.finding_on_set(claims, count=independent, what=_COUNTED["independent"][language], free=_FREE_INDEPENDENT_US, excess=excess)
