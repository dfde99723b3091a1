"""Where the parts of a printed patent begin: the words that the offices and drafters print before claims, abstract and description."""

import re
import unicodedata
from typing import Literal

from ingest.language import CJK
from ingest.printed.blocks import Block
from ingest.section_kind import kind_of_heading

Part = Literal["claims", "abstract", "description", "title"]
_PARTS: tuple[tuple[Part, str, str], ...] = (
    (
        "claims",
        "en",
        r"(?:the|patent|pending|original|listing of)?\s?claims?(?:\s(?:of the invention|as filed|and declaration))?(?:\s?\(\d+\))?|in the claims",
    ),
    ("claims", "de", r"patentansprüche?|patentanspruch|ansprüche"),
    ("claims", "fr", r"revendications?"),
    ("claims", "es", r"reivindicaciones|reivindicación"),
    ("claims", "it", r"rivendicazioni"),
    ("claims", "zh", r"权利要求书?|權利要求書?|申請專利範圍|申请专利范围"),
    ("claims", "ja", r"特許請求の範囲|請求の範囲|実用新案登録請求の範囲"),
    ("claims", "ko", r"특허청구의?범위|청구범위"),
    ("abstract", "en", r"(?:technical\s)?abstract(?:\sof\sthe\s(?:invention|disclosure))?"),
    ("abstract", "de", r"zusammenfassung"),
    ("abstract", "fr", r"abrégé|abrege|résumé"),
    ("abstract", "zh", r"(?:说明书|说明书的)?摘要|發明摘要|发明摘要|中文摘要"),
    ("abstract", "ja", r"要約書?"),
    ("abstract", "ko", r"요약서?"),
    ("description", "en", r"(?:patent\s)?(?:specification|description)"),
    ("description", "de", r"beschreibung"),
    ("description", "zh", r"说明书(?:正文)?|說明書|發明說明書"),
    ("description", "ja", r"明細書|発明の詳細な説明"),
    ("description", "ko", r"명세서|발명의설명"),
    ("title", "en", r"title(?:\sof\s(?:the\s)?(?:invention|disclosure))?"),
    ("title", "de", r"bezeichnung(?:\sder\serfindung)?"),
    ("title", "fr", r"titre(?:\sde\sl['’]invention)?"),
    ("title", "zh", r"发明名称|实用新型名称|發明名稱|外观设计名称"),
    ("title", "ja", r"発明の名称"),
)
_HEADINGS = tuple((part, language, re.compile(pattern)) for part, language, pattern in _PARTS)
_EAST = re.compile(f"[{CJK}\u3040-\u30ff\uac00-\ud7af]")
_PAGE_HEAD = re.compile(r"(?:[A-Z]{2}\d{5,}[A-Z]\d?)?(.{2,8}?)(?:第?\d{1,4}(?:/\d{1,4})?页?)?(?:共\d{1,4}页)?(?:[A-Z]{2}\d{5,}[A-Z]\d?)?")
"""The head of a page of a Chinese patent: `CN104245143A 权利要求书 1/2页`."""
_TITLE_VALUE = re.compile(r"(?P<label>[^:：】]{3,40})\s*[:：】]\s*(?P<value>\S.{0,500})")
_WORDS = re.compile(r"[^\W\d_]+")
_SMALL = frozenset("a an and as at by for from in into of on or the to with der die das des und von zur zum de la le les du et en pour".split())
_CLAIMING = re.compile(
    r"\b(?:(?:what|that\s+which|which)\W{1,3}(?:(?:I|we|is|1|l)\b\W?\s*)?(?:do\s+)?(?:here(?:in|by)?\s+)?claim(?:ed)?"
    r"|(?:I|we|1)\s+(?:therefore\s+|do\s+|hereby\s+)?claim"
    r"|the\s+(?:invention|discovery)\W+(?:here(?:in)?\W+)?(?:is\s+)?claimed|it\s+is\s+claimed|claims\s+(?:defining\s+the\s+invention\s+)?are"
    r"|embodiments\s+of\s+the\s+invention\s+in\s+which[^:;]{0,100}claimed|wir\s+beanspruchen|ce\s+qui\s+est\s+revendiqué)\b",
    re.IGNORECASE,
)
_WORDS_OF_CLAIMING = (
    r"(?:\s*\b(?:as|and|is|are|to|new|my|our|the|said|invention|desired?|secured?|by|be|of|in|letters|patent|follows|do)\b|[^\w:;]){0,40}?"
)
_COMPLETED = re.compile(
    r"(?P<free>(?:[^:;.]|\.(?!\s+(?-i:[A-Z]))){0,180}?)"
    r"(?:[:—–]+|-+(?=\s*(?:$|1\W))|\b(?:is|are|consists?\s+in)\b\W*(?=$|1\W|(?-i:[A-Z\"“(]))|patent\W{1,3}is\s+(?=the|an?\b))"
    rf"|{_WORDS_OF_CLAIMING}(?:$|,?\s*(?=[1Il]\s?[.)]\s))",
    re.IGNORECASE,
)
_NOT_CLAIMING = re.compile(r"\b(?:not|than|that|neither)\s+(?:do\s+)?$", re.IGNORECASE)
_CLAIMING_PRIORITY = re.compile(r"\b(?:priority|benefit|applications?)\b", re.IGNORECASE)
_OPENING_LENGTH = 700
"""How far into a paragraph, or from its end, the words that open the claims are looked for."""
_SIGNATURE = re.compile(
    r"(?:in\s?(?:testimony|witness)\s+(?:whereof|that)\b|(?:.{0,60}\W)?(?:witness(?:es)?\s*(?:[:.]|$)|l\.\s?s\.\W*$)|witness\s+my\s+hand|attest\s*:"
    r"|and\s+be\s+it\s+remembered|signed\s+(?:by\s+(?:me|us)|at|and\s+sealed|in\s+the\s+presence)\b|in\s+(?:the\s+)?presence\s+of\s*(?:[:—–-]|two\b|$))",
    re.IGNORECASE,
)
_NAME = re.compile(r"(?:[A-Z][A-Z.'’-]*,?\s+){1,5}[A-Z][A-Z.'’-]+\.?(?:\s*\([A-Z. ]{2,6}\))?")
PARAGRAPH_NUMBER = re.compile(r"\s*(?:\[\s*([0-9０-９]{1,5})\s*\]|【\s*([0-9０-９]{3,5})\s*】)\s*")
_ENUMERATION = re.compile(r"^\W*(?:(?:[IVX]{1,4}|\d{1,2}(?:\.\d{1,2})?|[A-Z]|[一二三四五六七八九十]{1,3})[.、)）]\s*|\d{1,2}\s+)?")


def part_of(text: str) -> tuple[Part, str] | None:
    """The part that a block begins which is nothing but the name of a part, and the language of the name."""
    if len(text) > 80:
        return None
    plain = unicodedata.normalize("NFKC", text).strip(" \t.:-—–*【】[]").lower()
    if _EAST.search(plain):
        plain = "".join(plain.split())
        page_head = _PAGE_HEAD.fullmatch(plain.upper())
        plain = page_head[1].lower() if page_head else plain
    return next(((part, language) for part, language, pattern in _HEADINGS if pattern.fullmatch(plain)), None)


def labelled_title(text: str) -> str:
    """The title in `Title: A pump` or 发明名称：一种泵; "" where the block is something else."""
    match = _TITLE_VALUE.fullmatch(text.strip("【 "))
    found = part_of(match["label"]) if match else None
    return match["value"].strip() if match and found and found[0] == "title" else ""


def claims_opening(text: str) -> tuple[int, int] | None:
    """Where the words that open the claims stand in a block (`What is claimed is:`), or None.

    The last such words of the block; not `I do not claim`, nor a sentence that goes on about what is claimed.
    """
    found = None
    for start in {0, max(0, len(text) - _OPENING_LENGTH)}:
        for match in _CLAIMING.finditer(text, start, min(len(text), start + _OPENING_LENGTH)):
            completed = _COMPLETED.match(text, match.end())
            denied = _NOT_CLAIMING.search(text[max(0, match.start() - 16) : match.start()])
            if completed and not denied and not _CLAIMING_PRIORITY.search(completed["free"] or ""):
                found = max(found or (0, 0), (match.start(), completed.end()))
    return found


def is_signature(text: str) -> bool:
    """Whether a block begins the signatures below the claims of an old patent."""
    return _SIGNATURE.match(text[:400].lstrip()) is not None


def is_name(text: str) -> bool:
    """Whether a block is nothing but a name in capitals, as below a signature."""
    return len(text) <= 60 and _NAME.fullmatch(text.strip(" ,")) is not None


def is_heading(block: Block) -> bool:
    """Whether a block is a heading of the description: marked as one, or one by its words and its look; none that is numbered [0001]."""
    number = PARAGRAPH_NUMBER.match(block.text)
    if number and len(number[1] or number[2]) >= 4 and number.end() < len(block.text):
        return False
    if block.kind in ("heading", "table"):
        return block.kind == "heading"
    text = block.text.strip()
    return len(text) <= 100 and kind_of_heading(text) is not None and looks_like_heading(text)


def looks_like_heading(text: str) -> bool:
    """Whether a line has the look of a heading: few characters in Chinese; capitals, or a capital on every word that counts."""
    inner = _ENUMERATION.sub("", text, count=1)
    if _EAST.search(inner):
        return len(inner) <= 20 and not re.search("[，。；,;]", inner.rstrip("：:"))
    words = _WORDS.findall(inner)
    if not words or len(words) > 16 or re.search("[,;]$", text):
        return False
    if inner.isupper():
        return True
    weighty = [word for word in words if word.lower() not in _SMALL]
    return text[-1] != "." and words[0][0].isupper() and (len(words) <= 4 or sum(word[0].isupper() for word in weighty) * 3 >= len(weighty) * 2)
