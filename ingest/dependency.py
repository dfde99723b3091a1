"""Which claims a claim refers back to, and its category, from the wording alone.

`depends_on` holds every earlier claim that the wording names, as the offices' own `claim-ref` elements do: "The pump
of claim 1", "according to any one of claims 2 through 4", "any preceding claim", 根据权利要求1至3中任一项所述的泵. A list
that is written as a range holds all of its members. One reference is left out: the quoted one in the body of an
independent Chinese claim (一种X，包括如权利要求N所述的Y), which China's Examination Guidelines do not count as a
dependency.
"""

import re

_NUMBER = r"\d{1,4}(?!\d|\.\d|\s*(?:%|°|mm|cm|nm|ml|mg|kg|Hz|percent|degrees))"
_SEPARATOR = (
    r"\s*(?:,?\s*(?:and\s*/\s*or|and|or|to|through|thru|as\s+well\s+as)|-|–|—|~|,|;|/)\s*(?:(?:any\s+(?:one\s+)?of|one\s+of|of|with)\s+)?"
    r"(?:(?:the\s+)?claims?\s*)?"
)
CLAIM_LIST_EN = re.compile(rf"claims?\s*({_NUMBER}(?:{_SEPARATOR}{_NUMBER})*)", re.IGNORECASE)
_ALL_EN = re.compile(
    r"\b(?:any|one|either|each)\b[^.;:]{0,30}?\b(?:preceding|previous|prior|foregoing|above)\s+claims?\b"
    r"|\bthe\s+(?:preceding|previous|foregoing)\s+claims?\b|\bclaims?\s+(?:above|hereinbefore)\b|\b(?:above|afore)-?\s?mentioned\s+claims?\b",
    re.IGNORECASE,
)
_TRANSITION_EN = re.compile(
    r"\b(?:comprising|comprises|comprise|consisting|consists|including|includes|wherein|whereby|characteri[sz]ed|further|having|which)\b",
    re.IGNORECASE,
)

_DIGITS_ZH = r"[0-9０-９]{1,4}"
CLAIM_LIST_ZH = re.compile(
    rf"(?:权利要求|權利要求|请求项|請求項)\s*第?\s*({_DIGITS_ZH}(?:\s*(?:中)?(?:的)?(?:任意一项|任一项|任一|任何一项)?\s*(?:至|到|或者?|和|及|以及|、|，|,|-|~|～|–|—|－)\s*(?:权利要求|權利要求|请求项|請求項)?\s*{_DIGITS_ZH})*)"
)
_ALL_ZH = re.compile(r"(?:前述|以上|上述|前面)(?:的)?(?:任意?一项?|任何一项?|任意)?(?:的)?(?:权利要求|權利要求|请求项|請求項)(?!\s*[0-9０-９])")
_INDEPENDENT_ZH = re.compile(r"^\s*一[种種]")

_TRANSLATE = str.maketrans("０１２３４５６７８９", "0123456789")


def _expand(listing: str, chinese: bool, number: int | None) -> list[int]:
    """`1 to 3 or 5` to `[1, 2, 3, 5]`. A number above the claim's own is another quantity
    (`claims 1 to 3, 90 parts by weight`) where earlier claims stand beside it."""
    ranges = r"至|到|-|~|～|–|—|－" if chinese else r"to|through|thru|-|–|—|~"
    found: list[int] = []
    pieces = re.findall(r"(\d+)(\D*)", listing.translate(_TRANSLATE))
    previous_is_range = False
    for digits, between in pieces:
        value = int(digits)
        if previous_is_range and found and found[-1] < value <= found[-1] + 500:
            found.extend(range(found[-1] + 1, value + 1))
        else:
            found.append(value)
        previous_is_range = bool(re.search(ranges, between, re.IGNORECASE))
    found = [n for n in found if n >= 1 and n != number]
    earlier = [n for n in found if number is None or n < number]
    return earlier or found


def referenced_claims(text: str, number: int | None = None) -> tuple[int, ...]:
    """The numbers of the claims that this claim depends on, ascending; empty for an independent claim.

    `number` is the claim's own number: "any preceding claim" is 1 to number - 1, and a claim never depends on itself.
    """
    read = _referenced_zh if re.search(r"[一-鿿]", text) else _referenced_en
    return tuple(sorted(set(read(text, number))))


def _referenced_en(text: str, number: int | None) -> list[int]:
    if number is not None and number > 1 and (match := _ALL_EN.search(text)) and match.start() < 250:
        return list(range(1, number))
    return [n for match in CLAIM_LIST_EN.finditer(text) for n in _expand(match.group(1), False, number)]


def _referenced_zh(text: str, number: int | None) -> list[int]:
    if number is not None and number > 1 and (match := _ALL_ZH.search(text)) and match.start() < 40:
        return list(range(1, number))
    for match in CLAIM_LIST_ZH.finditer(text):
        before = text[: match.start()]
        if _INDEPENDENT_ZH.match(text) and re.search(r"包括|包含|其特征|由.{0,20}组成|具有|设有", before):
            return []  # a quoted reference inside an independent claim
        if match.start() < 80:
            return _expand(match.group(1), True, number)
    return []


_CATEGORIES_EN = (
    ("use", r"^(?:the\s+)?use$"),
    ("method", r"\b(?:methods?|process(?:es)?|procedures?)$"),
    (
        "composition",
        r"\b(?:compositions?|compounds?|formulations?|alloys?|mixtures?|(?:co)?polymers?|antibod(?:y|ies)|nucleic\s+acids?|peptides?|proteins?)$"
        r"|\bvariety$|^(?:an?\s+)?(?:new\s+and\s+distinct\b.*)?\bplant$",
    ),
)
_CATEGORIES_ZH = (
    ("use", r"用途$|应用$"),
    ("method", r"方法$|工艺$"),
    ("composition", r"(?:组合物|化合物|合金|制剂|聚合物|抗体|药物|涂料|材料)$"),
)
_HEAD_EN = re.compile(
    r"\b(?:for|of|to|in|according|as|that|configured|with|by|from|on|named|using|used|having|which|encoding)\b|[,;:(]", re.IGNORECASE
)


def claim_category(text: str) -> str:
    """`method`, `use`, `composition` or `apparatus`, from the noun that the claim is about."""
    if re.search(r"[一-鿿]", text):
        subject = re.split(r"其特征|其特徵|，|,|：|:|。|\n", text.strip(), maxsplit=1)[0]
        subject = re.split(r"包括|包含(?!于|在)", subject, maxsplit=1)[0] or subject
        head, table = re.split(r"的", subject)[-1].strip(), _CATEGORIES_ZH
    else:
        subject = re.sub(r"^\s*in\s+(?=an?\s)", "", text.strip(), flags=re.IGNORECASE)
        subject = _TRANSITION_EN.split(subject, maxsplit=1)[0][:200]
        head, table = _HEAD_EN.split(subject, maxsplit=1)[0].strip(), _CATEGORIES_EN
    return next((category for category, pattern in table if re.search(pattern, head, re.IGNORECASE)), "apparatus")
