"""Words that leave open what is claimed: examples and preferences, words of degree, trade marks.

A word of degree is no defect where the description says how it is measured (MPEP 2173.05(b)), so it is a note, once a word and claim,
and none where the description defines it.
"""

import re
from collections.abc import Iterator

from assistant.claims.claim_set import ClaimSet
from assistant.claims.finding import Finding
from assistant.claims.rule import Rule

EXEMPLARY = Rule(
    name="exemplary-language",
    severity="warning",
    basis={
        "us": "35 U.S.C. 112(b); MPEP 2173.05(d)",
        "ep": "Art. 84 EPC; Guidelines F-IV, 4.9",
        "cn": "专利法第二十六条第四款；审查指南第二部分第二章3.2.2",
    },
    message={
        "en": "“{quoted}” gives an example or a preference: it is open whether what follows limits the claim.",
        "zh": "“{quoted}”在同一权利要求中引出例示或优选内容，使保护范围不清楚。",
    },
    remedy={"en": "Delete it, or put what follows into a dependent claim.", "zh": "删除该用语，或将其后的内容写入从属权利要求。"},
)
DEGREE = Rule(
    name="term-of-degree",
    severity="note",
    basis={
        "us": "35 U.S.C. 112(b); MPEP 2173.05(b)",
        "ep": "Art. 84 EPC; Guidelines F-IV, 4.6 and 4.7",
        "cn": "专利法第二十六条第四款；审查指南第二部分第二章3.2.2",
    },
    message={
        "en": "“{quoted}” is a word of degree, which the description does not define.",
        "zh": "“{quoted}”含义不确定，说明书未见对其作出界定。",
    },
    remedy={
        "en": "Make sure that the description gives a standard for it, or that it is exact in the art; else give values.",
        "zh": "确认其在所属技术领域有公认的确切含义或说明书给出衡量标准，否则改用确切的数值或表述。",
    },
)
TRADE_MARK = Rule(
    name="trade-mark",
    severity="warning",
    basis={
        "us": "35 U.S.C. 112(b); MPEP 2173.05(u)",
        "ep": "Art. 84 EPC; Guidelines F-IV, 4.8",
        "cn": "专利法第二十六条第四款；审查指南第二部分第二章3.2.2",
    },
    message={
        "en": "“{quoted}” is marked as a trade mark, which names a source and not a thing.",
        "zh": "“{quoted}”为商标或商品名称，其所指的产品可能变化。",
    },
    remedy={"en": "Use the generic name of the thing, or its composition.", "zh": "改用该产品的通用名称或其组成。"},
)
_EXEMPLARY = {
    "en": re.compile(
        r"\b(?:for\s+example|e\.\s?g\.|such\s+as(?!\s+to\b)|for\s+instance|preferably|more\s+preferably"
        r"|in\s+particular(?=\s*,|\s+an?\b)|or\s+the\s+like|and\s+the\s+like|etc\.|and\s+so\s+on)", re.IGNORECASE),
    "zh": re.compile(r"例如|比如|譬如|(?<!最)优选(?:地|的|为|是)?|最好是?|尤其是|特别是|必要时|或类似物|或者?类似|等等"),
}  # fmt: skip
_EXEMPLARY_EP = re.compile(
    r"\b(?:for\s+example|e\.\s?g\.|such\s+as(?!\s+to\b)|for\s+instance|or\s+the\s+like|and\s+the\s+like|etc\.|and\s+so\s+on)", re.IGNORECASE
)
_PREFERENCE_OF_A_THING = re.compile(r"^(?:优选)(?![地的为是]|[\d，,])")
_DEGREE = {
    "en": re.compile(

            r"\b(?:about(?=\s+[\d.])|approximately|roughly|substantially|essentially(?!\s+of\b)"

                r"|relatively(?=\s+(?:high|low|large|small|thin|thick|long|short|wide|narrow|hard|soft|light|heavy"
                r"|fast|slow)\b)|sufficiently|nearly|almost|generally|high(?=-?(?:strength|temperature"
            r"|pressure|speed)\b(?!\s*(?:than|of\b|\d)))"
        r"|thin(?=\s+(?!film|layer)\w)|thick(?=\s+\w)|similar(?!\s+to\b|ly|it))(?![\w-])",
        re.IGNORECASE,
    ),
    "zh": re.compile(
        r"大约|(?<=[^节制条合公特契签])约(?=\s*\d)|左右(?=[，。；、])|接近(?!开关|传感|于零|所述|该)|大致"
        r"|大体上?|基本上|适量|适当|合适的?|较(?:高|低|大|小|厚|薄|强|弱|长|短|多|少|好|快|慢)(?!于)|很(?:宽"
        r"|高|大|小)"),
}  # fmt: skip
_USED_IN_DEFINITIONS = {
    "en":
        r"[“\"'‘](?:the\s+terms?\s+)?{word}[”\"'’,]|\bterms?\s+[“\"'‘]?{word}"
        r"|\bby\s+[“\"'‘]?{word}[”\"'’]?\s*(?:,|it\s+is\s+meant|is\s+meant|we\s+mean)"
        r"|\b{word}[”\"'’]?\s+(?:means|refers\s+to|is\s+defined|is\s+intended\s+to)",
    "zh": r"[“\"‘「]{word}[”\"’」]|{word}(?:是指|指的是|意指|表示|的含义)|术语{word}",
}  # fmt: skip
_MARK = re.compile(r"[A-Za-z\u4e00-\u9fff][\w-]*\s?[®™]")


def check(claims: ClaimSet) -> Iterator[Finding]:
    if claims.language not in ("en", "zh"):
        return
    exemplary = _EXEMPLARY_EP if claims.practice == "ep" and claims.language == "en" else _EXEMPLARY[claims.language]
    defined: dict[str, bool] = {}
    for claim in claims.claims:
        if EXEMPLARY.applies(claims):
            for match in exemplary.finditer(claim.text):
                if not _PREFERENCE_OF_A_THING.match(claim.text[match.start() : match.end() + 1]):
                    yield EXEMPLARY.finding(claims, claim, match.start(), match.end())
        if TRADE_MARK.applies(claims):
            for match in _MARK.finditer(claim.text):
                yield TRADE_MARK.finding(claims, claim, match.start(), match.end())
        if DEGREE.applies(claims):
            seen: set[str] = set()
            for match in _DEGREE[claims.language].finditer(claim.text):
                word = match.group().lower()
                if word not in seen and not _is_defined(claims, word, defined):
                    seen.add(word)
                    yield DEGREE.finding(claims, claim, match.start(), match.end())


def _is_defined(claims: ClaimSet, word: str, defined: dict[str, bool]) -> bool:
    if word not in defined:
        pattern = _USED_IN_DEFINITIONS[claims.language].replace("{word}", re.escape(word))
        defined[word] = re.search(pattern, claims.description, re.IGNORECASE) is not None
    return defined[word]
