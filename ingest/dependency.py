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
_LIST_EN = re.compile(rf"claims?\s*({_NUMBER}(?:{_SEPARATOR}{_NUMBER})*)", re.IGNORECASE)
_ALL_EN = re.compile(
    r"\b(?:any|one|either|each)\b[^.;:]{0,30}?\b(?:preceding|previous|prior|foregoing|above)\s+claims?\b"
    r"|\bthe\s+(?:preceding|previous|foregoing)\s+claims?\b|\bclaims?\s+(?:above|hereinbefore)\b",
    re.IGNORECASE,
)
_TRANSITION_EN = re.compile(
    r"\b(?:comprising|comprises|comprise|consisting|consists|including|includes|wherein|whereby|characteri[sz]ed|further|having|which)\b",
    re.IGNORECASE,
)

_DIGITS_ZH = r"[0-9０-９]{1,4}"
_LIST_ZH = re.compile(
    rf"(?:权利要求|權利要求|请求项|請求項)\s*({_DIGITS_ZH}(?:\s*(?:至|到|或者?|和|及|以及|、|，|,|-|~|～|–|—|－)\s*(?:权利要求|權利要求|请求项|請求項)?\s*{_DIGITS_ZH})*)"
)
_ALL_ZH = re.compile(r"(?:前述|以上|上述|前面)(?:的)?(?:权利要求|權利要求|请求项|請求項)\s*(?:中|之)?(?:的)?(?:任|任意|任何)?一?")
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
    return [n for match in _LIST_EN.finditer(text) for n in _expand(match.group(1), False, number)]


def _referenced_zh(text: str, number: int | None) -> list[int]:
    if number is not None and number > 1 and (match := _ALL_ZH.search(text)) and match.start() < 40:
        return list(range(1, number))
    for match in _LIST_ZH.finditer(text):
        before = text[: match.start()]
        if _INDEPENDENT_ZH.match(text) and re.search(r"包括|包含|其特征|由.{0,20}组成|具有|设有", before):
            return []  # a quoted reference inside an independent claim
        if match.start() < 80:
            return _expand(match.group(1), True, number)
    return []


_CATEGORIES_EN = (
    ("use", r"(?:the\s+)?use\s+of\b"),
    ("method", r"(?:an?\s+|the\s+)?(?:[\w-]+\s+){0,8}?(?:method|process|procedure)\b"),
    (
        "composition",
        r"(?:an?\s+|the\s+)?(?:[\w-]+\s+){0,8}?(?:composition|compound|formulation|alloy|mixture|polymer|copolymer|antibody|nucleic\s+acid|peptide|protein|plant)\b",
    ),
)
_CATEGORIES_ZH = (
    ("use", r"用途|应用$"),
    ("method", r"方法|工艺"),
    ("composition", r"组合物|化合物|合金|制剂|聚合物|抗体|药物|涂料|材料$"),
)


def claim_category(text: str) -> str:
    """`method`, `use`, `composition` or `apparatus`, from the words before the transition phrase."""
    if re.search(r"[一-鿿]", text):
        subject = _LIST_ZH.sub("", text)
        subject = re.split(r"其特征|，|,|：|:|包括|包含|。", re.sub(r"^.*?所述的?", "", subject, count=1))[0]
        for category, pattern in _CATEGORIES_ZH:
            if re.search(pattern, subject.strip()):
                return category
        return "apparatus"
    subject = _TRANSITION_EN.split(text.strip(), maxsplit=1)[0][:160]
    head = re.split(r"\b(?:for|of|to|in|according|as|that|configured|with|by)\b", subject, maxsplit=1)[0]
    for category, pattern in _CATEGORIES_EN:
        if re.match(pattern, subject if category == "use" else head, re.IGNORECASE):
            return category
    return "apparatus"
