"""The category of a claim, from the noun that it is about, in English, German, French, Chinese and Japanese.

The categories are those of Rule 43(2) EPC, with compositions of matter (35 U.S.C. 101) apart from other products.
"""

import re

_KANA = re.compile("[ぁ-ゖァ-ヺ]")
_HAN = re.compile("[一-鿿]")
_SMALL_WORDS = {
    word: language
    for language, words in {
        "en": "the of a an and or to for with by is are wherein said comprising which that claim claims according use at having from as",
        "de": "der die das dem den des ein eine einer eines einem und oder zum zur mit von nach wobei dass daß gemäß für ist dadurch umfassend auf"
        " anspruch ansprüche ansprüchen patentanspruch verfahren vorrichtung verwendung",
        "fr": "le la les une et ou du selon dans lequel laquelle pour comprenant est que qui caractérisé caractérisée revendication revendications"
        " procédé dispositif utilisation par sur",
    }.items()
    for word in words.split()
}
_WORD = re.compile(r"[^\W\d_]+")

_HEAD_EN = re.compile(
    r"\b(?:for|of|to|in|according|as|that|configured|with|by|from|on|named|using|used|having|which|encoding|comprising|comprises?|consisting"
    r"|consists|including|includes|wherein|whereby|characteri[sz]ed|further)\b|[,;:(]",
    re.IGNORECASE,
)
_HEAD_DE = re.compile(
    r"\b(?:zum|zur|zu|für|mit|von|vom|nach|gemäß|gemäss|entsprechend|de[rmns]|die|das|eine[mrs]|in|im|an|am|auf|aus|bei|durch|unter|über|um|als|wie"
    r"|umfassend\w*|bestehend\w*|enthaltend\w*|aufweisend\w*|welche\w*|wobei|dadurch|umfasst|(?:patent)?anspr[uü]ch\w*)\b|[,;:(]",
    re.IGNORECASE,
)
_HEAD_FR = re.compile(
    r"\b(?:de|du|des|pour|à|aux?|en|dans|avec|par|sur|selon|suivant|comprenant|consistant|contenant|comportant|caractérisée?s?|qui|dont|ayant"
    r"|destinée?s?|permettant|utilisée?s?|lisible|codant|conforme)\b|\bd['’]|[,;:(]",
    re.IGNORECASE,
)
_ARTICLE = {
    "en": re.compile(r"^(?:(?:in\s+)?(?:an?|the|at\s+least\s+one|one\s+or\s+more)\s+)", re.IGNORECASE),
    "de": re.compile(r"^(?:(?:zumindest|mindestens|wenigstens)\s+)?(?:ein(?:e[mnrs]?)?|der|die|das)\s+", re.IGNORECASE),
    "fr": re.compile(r"^(?:(?:l['’])?au\s+moins\s+)?(?:une?\s+|les?\s+|la\s+|des\s+|l['’])", re.IGNORECASE),
}
_SPLIT = {"en": _HEAD_EN, "de": _HEAD_DE, "fr": _HEAD_FR}

_CATEGORIES = {
    language: tuple((category, re.compile(pattern, re.IGNORECASE)) for category, pattern in patterns)
    for language, patterns in {
        "en": (
            ("use", r"^use$"),
            ("method", r"\b(?:methods?|process(?:es)?|procedures?)$"),
            (
                "composition",
                r"\b(?:compositions?|compounds?|formulations?|alloys?|mixtures?|(?:co)?polymers?|antibod(?:y|ies)|nucleic\s+acids?|peptides?|proteins?)$"
                r"|\bvariety$|^(?:new\s+and\s+distinct\b.*)?\bplant$",
            ),
        ),
        "de": (
            ("use", r"^(?:die\s+)?(?:verwendung|anwendung|gebrauch)$"),
            ("method", r"(?:verfahren|methoden?|prozess|prozeß)s?$"),
            (
                "composition",
                r"(?:zusammensetzung(?:en)?|\bverbindung(?:en)?|formulierung(?:en)?|legierung(?:en)?|mischung(?:en)?|gemische?|polymere?|antikörper"
                r"|nukleinsäuren?|peptide?|proteine?|zubereitung(?:en)?)$",
            ),
        ),
        "fr": (
            ("use", r"^(?:utilisation|emploi|usage)\b"),
            ("method", r"^(?:nouveau\s+)?(?:procédé|méthode|processus)s?\b"),
            (
                "composition",
                r"^(?:nouve\w+\s+)?(?:compositions?|composés?|formulations?|alliages?|mélanges?|(?:co)?polymères?|anticorps|acides?\s+nucléiques?"
                r"|peptides?|protéines?)\b",
            ),
        ),
        "zh": (
            ("use", r"(?:用途|应用|應用)$"),
            ("method", r"(?:方法|工艺|工藝)$"),
            ("composition", r"(?:组合物|組合物|组成物|組成物|化合物|合金|制剂|製劑|聚合物|抗体|抗體|药物|藥物|涂料|塗料|材料)$"),
        ),
        "ja": (
            ("use", r"(?:使用|用途)$"),
            ("method", r"(?:方法|製法|工法|プロセス)$"),
            ("composition", r"(?:組成物|化合物|合金|混合物|製剤|重合体|ポリマー|抗体|ペプチド|タンパク質|核酸|材料)$"),
        ),
    }.items()
}
_SUBJECT_ZH = re.compile(r"其特征|其特徵|[，,：:。\n]")
_BODY_ZH = re.compile(r"包括|包含(?!于|在|於)")


def claim_language(text: str) -> str:
    """`zh`, `ja`, `en`, `de` or `fr`: by the script, and in Latin script by the small words of the first lines."""
    if not text.isascii():
        if _KANA.search(text):
            return "ja"
        if _HAN.search(text):
            return "zh"
    counts = {"en": 0, "de": 0, "fr": 0}
    for word in _WORD.findall(text[:300].lower()):
        if word in _SMALL_WORDS:
            counts[_SMALL_WORDS[word]] += 1
    return max(counts, key=lambda language: counts[language])


def claim_head(text: str, language: str = "") -> str:
    """The noun phrase that a claim is about, without its article: `labyrinth shaft seal` of "A labyrinth shaft seal for a gearbox"."""
    language = language or claim_language(text)
    if language == "ja":
        return re.sub(r"[。.\s]+$", "", text[-300:])
    if language == "zh":
        subject = _SUBJECT_ZH.split(text.strip(), maxsplit=1)[0]
        return re.split("[的之]", _BODY_ZH.split(subject, maxsplit=1)[0] or subject)[-1].strip()
    start = _ARTICLE[language].sub("", text[:600].strip()[:300], count=1)
    return _SPLIT[language].split(start, maxsplit=1)[0].strip()


def claim_category(text: str, language: str = "") -> str:
    """`method`, `use`, `composition` or `apparatus` (any other product), from the noun that the claim is about."""
    language = language or claim_language(text)
    head = claim_head(text, language)
    return next((category for category, pattern in _CATEGORIES[language] if pattern.search(head)), "apparatus")
